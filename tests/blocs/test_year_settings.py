"""Two people edit a year's settings: nobody's words are lost, nobody overwrites unseen."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from blocs.enums import YearStatus
from blocs.services.years import EDITABLE, YearChanged, edit_bloc_year, settings_seen
from tests.factories import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(3, status=YearStatus.RUNNING)


def seen_on(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert found
    return found[1]


def typed(seen: str, **changes: str) -> dict[str, str]:
    values = {
        "name": "Khối",
        "issuing_style": "state",
        "quorum_percent": "66,67",
        "appeal_days": "15",
        "min_members": "3",
        "min_member_months": "6",
        "seen": seen,
    }
    return {**values, **changes}


def test_the_second_to_save_sees_both_versions_and_loses_nothing(as_user, world):
    url = f"/nam/{world.bloc_year.pk}/sua/"
    seen = seen_on(as_user(world.secretary).get(url).content.decode())
    first = typed(seen, note="Ghi chú của Ban", quorum_percent="75")
    assert as_user(world.board_officer).post(url, first).status_code == 302
    response = as_user(world.secretary).post(url, typed(seen, name="Tên của thư ký"))
    page = response.content.decode()
    assert response.status_code == 409
    for said in ("Ghi chú của Ban", "Tên của thư ký", "75", "66,67"):
        assert said in page
    world.bloc_year.refresh_from_db()
    assert world.bloc_year.quorum_percent == Decimal(75)
    again = typed(seen_on(page), name="Tên của thư ký", quorum_percent="75")
    assert as_user(world.secretary).post(url, again).status_code == 302
    world.bloc_year.refresh_from_db()
    assert world.bloc_year.name == "Tên của thư ký"


def test_the_same_words_sent_twice_are_saved_once(as_user, world):
    url = f"/nam/{world.bloc_year.pk}/sua/"
    client = as_user(world.secretary)
    values = typed(seen_on(client.get(url).content.decode()), name="Tên mới")
    assert client.post(url, values).status_code == 302
    assert client.post(url, values).status_code == 302


@pytest.mark.parametrize("name", EDITABLE)
def test_every_setting_counts_as_a_change(world, name):
    before = settings_seen(world.bloc_year)
    setattr(world.bloc_year, name, "khác")
    assert settings_seen(world.bloc_year) != before


def test_a_stale_page_is_refused_by_the_service(world):
    values = {name: getattr(world.bloc_year, name) for name in EDITABLE}
    with pytest.raises(YearChanged):
        edit_bloc_year(actor=world.secretary, bloc_year=world.bloc_year, seen="khác", **values)
