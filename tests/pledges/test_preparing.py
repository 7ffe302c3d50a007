"""While a year is prepared, one button sends the year and its pledge for comments."""

from __future__ import annotations

import pytest
from django.urls import reverse

from blocs.enums import YearStatus
from pledges.enums import PledgeStatus
from tests.factories import World, make_world
from tests.pledges.builders import drafted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = make_world(3, status=YearStatus.DRAFT)
    drafted(made)
    return made


def sending(client, user, world: World) -> str:
    client.force_login(user)
    return str(client.get(reverse("pledge", args=[world.bloc_year.pk])).content.decode())


def form_to(url: str) -> str:
    return f'<form class="offer" method="post" action="{url}">'


def test_the_pledge_s_page_sends_the_year_along(client, world):
    take = reverse("take_step", args=[world.bloc_year.pk])
    page = sending(client, world.secretary, world)
    assert form_to(take) in page
    assert 'value="consult"' in page
    assert "Gửi dự thảo lấy ý kiến" not in page
    client.post(take, {"transition": "consult"})
    world.bloc_year.refresh_from_db()
    assert world.bloc_year.status == YearStatus.CONSULTING
    assert world.bloc_year.pledge.status == PledgeStatus.CONSULTING


def test_where_the_year_is_not_ready_the_pledge_goes_alone(client, world):
    world.bloc_year.memberships.exclude(unit=world.units[0]).delete()
    page = sending(client, world.secretary, world)
    assert form_to(reverse("pledge_take", args=[world.bloc_year.pk])) in page
    assert "Gửi dự thảo lấy ý kiến" in page


def test_the_board_and_the_members_are_offered_neither(client, world):
    for user in (world.board_officer, world.officers[2]):
        page = sending(client, user, world)
        assert "lấy ý kiến</button>" not in page
        assert "Gửi lấy ý kiến</button>" not in page


def test_a_pledge_redrafted_later_is_sent_alone(client, world):
    world.set_status(YearStatus.CONSULTING)
    page = sending(client, world.secretary, world)
    assert form_to(reverse("pledge_take", args=[world.bloc_year.pk])) in page
