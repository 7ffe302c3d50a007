"""Who may open which page of the results when; what the pages show and hide; how much they ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import YearStatus
from blocs.services.steps import take_step
from emulation.models import User
from scoring.models import Nomination
from scoring.services.decisions import record_council_decision
from scoring.services.nominations import confirm_nominations
from scoring.services.publication import publish_results
from tests.factories import (
    World,
    make_person,
    make_user,
    make_world,
)
from tests.scoring.results.builders import Points, adopt, tabled_world, thai_binh

pytestmark = pytest.mark.django_db

S = YearStatus


def url(name: str, world: World, *more: Any) -> str:
    return reverse(name, args=[world.bloc_year.pk, *more])


def get(user: User, address: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(address)


def decided(world: World, *, publish: bool = False) -> World:
    """Walk from the meeting to the Council's decision, the second proposal cut."""
    adopt(world)
    confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
    take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="submit")
    proposed = Nomination.objects.filter(bloc_year=world.bloc_year, award__isnull=False).order_by(
        "membership__pk"
    )
    for number, nomination in enumerate(proposed):
        cut = number == 1
        record_council_decision(
            actor=world.board_officer,
            nomination=nomination,
            outcome="rejected" if cut else "approved",
            reason="Không đủ điều kiện BIMAT" if cut else "",
        )
    take_step(actor=world.board_officer, bloc_year=world.bloc_year, name="decide")
    if publish:
        publish_results(actor=world.board_officer, bloc_year=world.bloc_year)
    world.bloc_year.refresh_from_db()
    return world


# ---------------------------------------------------------------- who sees the ranking when


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("secretary", S.SELF_SCORING, 200),
        ("head", S.APPRAISING, 200),
        ("board", S.APPRAISING, 200),
        ("member", S.APPRAISING, 403),
        ("deputy", S.APPRAISING, 403),
        ("member", S.MEETING, 200),
        ("deputy", S.MEETING, 200),
        ("outsider", S.MEETING, 404),
        ("other_board", S.MEETING, 404),
        ("admin", S.MEETING, 404),
    ],
)
def test_who_sees_the_ranking_when(who: str, status: str, code: int) -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")], status=status)
    people = {
        "secretary": world.secretary,
        "head": world.head_leader,
        "board": world.board_officer,
        "member": world.officers[2],
        "deputy": world.deputy_leader,
        "outsider": make_world(2).officers[0],
        "other_board": make_world(2).board_officer,
        "admin": make_user(is_superuser=True, is_staff=True),
    }
    assert get(people[who], url("ranking", world)).status_code == code


def test_head_sees_others_points_only_after_handing_in() -> None:
    world = tabled_world([None, Points("90.00"), Points("85.00")], status=S.APPRAISING)
    from scoring.models import Rubric, ScoreSheet

    ScoreSheet.objects.create(
        board=world.board,
        bloc_year=world.bloc_year,
        membership=world.memberships[0],
        rubric=Rubric.objects.get(),
    )
    refused = get(world.head_leader, url("ranking", world))
    assert refused.status_code == 403
    assert "chưa nộp bảng tự chấm điểm" in refused.content.decode()
    assert get(world.board_officer, url("ranking", world)).status_code == 200


def test_after_publication_the_board_s_units_see_the_page_and_nobody_else() -> None:
    world = decided(thai_binh(), publish=True)
    neighbour = make_person(type(world.units[0]).objects.create(board=world.board, name="Sở Khác"))
    page = get(neighbour, url("ranking", world))
    assert page.status_code == 200
    assert "Không khen thưởng" in page.content.decode()
    assert get(neighbour, url("ranking_xlsx", world)).status_code == 200
    assert get(neighbour, url("decision_list", world)).status_code == 404
    assert get(make_world(2).officers[0], url("ranking", world)).status_code == 404
    assert get(make_world(2).board_officer, url("ranking", world)).status_code == 404
    assert get(make_user(is_superuser=True), url("ranking", world)).status_code == 404


def test_the_council_s_decision_is_hidden_until_published() -> None:
    world = decided(thai_binh())
    member = world.officers[2]
    for name in ("ranking", "nomination_list", "standing_decision_list", "quota_list"):
        text = get(member, url(name, world)).content.decode()
        for leak in ("BIMAT", "Không khen thưởng", "Được khen thưởng", "Không được khen thưởng"):
            assert leak not in text, (name, leak)
    assert get(member, url("decision_list", world)).status_code == 403
    assert "BIMAT" in get(world.board_officer, url("decision_list", world)).content.decode()
    publish_results(actor=world.board_officer, bloc_year=world.bloc_year)
    assert "Không khen thưởng" in get(member, url("ranking", world)).content.decode()


# ---------------------------------------------------------------- what the page shows


def test_the_table_carries_unit_and_rank_and_says_why() -> None:
    world = thai_binh()
    adopt(world)
    text = get(world.officers[2], url("ranking", world)).content.decode()
    for unit, rank in zip(world.units, (1, 2, 3, 3), strict=False):
        assert f'data-unit="{unit.name}" data-rank="{rank}"' in text
    assert text.count("<summary>Vì sao?</summary>") == 4
    assert text.count("(đồng hạng)") >= 2
    assert "Bản tin không nêu kết quả" in text
    for label in (
        "Cờ thi đua của Chính phủ",
        "Cờ thi đua của UBND tỉnh",
        "Bằng khen của UBND tỉnh",
    ):
        assert label in text
    assert "bản số 1" in text


def test_older_tables_stay_readable() -> None:
    world = thai_binh()
    adopt(world)
    take_step(
        actor=world.head_leader, bloc_year=world.bloc_year, name="back_to_meeting", reason="Sửa"
    )
    adopt(world)
    first = get(world.officers[1], url("ranking_snapshot", world, 1))
    assert first.status_code == 200
    assert "Đã có bản mới hơn" in first.content.decode()
    assert get(world.officers[1], url("ranking_snapshot", world, 3)).status_code == 404


def test_hostile_text_is_escaped() -> None:
    world = tabled_world([Points("95.00"), Points("90.00")])
    member = world.memberships[1]
    member.unit_name = "<script>alert(1)</script>"
    member.save()
    adopt(world)
    text = get(world.officers[0], url("ranking", world)).content.decode()
    assert "<script>alert" not in text


# ---------------------------------------------------------------- queries


def count(user: User, address: str) -> int:
    client = Client()
    client.force_login(user)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("state", ["live", "adopted", "published"])
def test_the_ranking_takes_at_most_eight_queries(state: str) -> None:
    found = []
    for units in (3, 30):
        world = tabled_world([Points(f"{95 - n}.00") for n in range(units)])
        if state != "live":
            adopt(world)
        if state == "published":
            confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
            take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="submit")
            for nomination in Nomination.objects.filter(
                bloc_year=world.bloc_year, award__isnull=False
            ):
                record_council_decision(
                    actor=world.board_officer, nomination=nomination, outcome="approved"
                )
            take_step(actor=world.board_officer, bloc_year=world.bloc_year, name="decide")
            publish_results(actor=world.board_officer, bloc_year=world.bloc_year)
        found.append(count(world.officers[1], url("ranking", world)))
    assert found[0] == found[1] <= 8


@pytest.mark.parametrize(
    "name",
    [
        "nomination_list",
        "decision_list",
        "quota_list",
        "standing_decision_list",
        "ballot_list",
        "ranking_xlsx",
        "ranking_docx",
    ],
)
def test_lists_ask_the_same_at_3_and_30_units(name: str) -> None:
    found = []
    for units in (3, 30):
        world = tabled_world([Points(f"{95 - n}.00") for n in range(units)])
        adopt(world)
        confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
        take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="submit")
        found.append(count(world.board_officer, url(name, world)))
    assert found[0] == found[1]


def test_reading_writes_nothing() -> None:
    world = decided(thai_binh(), publish=True)
    client = Client()
    client.force_login(world.board_officer)
    names = (
        "ranking",
        "ballot_list",
        "quota_list",
        "standing_decision_list",
        "nomination_list",
        "decision_list",
        "appeal_list",
        "ranking_xlsx",
        "ranking_docx",
    )
    for name in names:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name, world)).status_code == 200, name
        sqls = [each["sql"] for each in queries if "django_session" not in each["sql"]]
        assert not [sql for sql in sqls if sql.startswith(("INSERT", "UPDATE", "DELETE"))], name
