"""Edge cases 32 and 33: a unit too short in its bloc, a bloc with too few units."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from blocs.enums import YearStatus
from blocs.models import BlocYear, BlocYearTransition
from blocs.services.steps import YEAR_WORKFLOW, take_step
from blocs.services.years import copy_bloc_year, edit_bloc_year
from emulation.workflow import Blocker
from pledges.models import Pledge, PledgeItem
from scoring.enums import GroundEffect
from scoring.rules.grounds import Ground
from scoring.rules.tenure import member_since, months_between
from scoring.selectors.ranking import live_ranking
from scoring.services.standing_decisions import (
    exclude_member,
    override_ground,
    revoke_standing_decision,
    set_ground_rule,
)
from tests.factories import World, make_world
from tests.scoring.results.builders import Points, make_rubric, make_sheet, tabled_world

pytestmark = pytest.mark.django_db

YEAR = 2026


def blockers(world: World, step: str, by: object = None) -> list[Blocker]:
    """What stands before the step for the head."""
    offer = YEAR_WORKFLOW.offer(by or world.head_leader, world.bloc_year, step)
    return list(offer.blockers)


def said(found: list[Blocker], text: str) -> Blocker:
    """The one blocker that says it."""
    [match] = [each for each in found if text in each.text]
    return match


# ---------------------------------------------------------------- months


@pytest.mark.parametrize(
    ("first", "months"),
    [
        (dt.date(YEAR, 1, 1), 12),
        (dt.date(YEAR, 7, 1), 6),
        (dt.date(YEAR, 7, 2), 5),
        (dt.date(YEAR, 12, 1), 1),
        (dt.date(YEAR, 12, 31), 0),
        (dt.date(YEAR + 1, 3, 1), 0),
    ],
)
def test_months_are_whole_ones_to_the_end_of_the_period(first: dt.date, months: int) -> None:
    assert months_between(first, dt.date(YEAR, 12, 31)) == months


def test_the_later_of_joining_and_founding_counts() -> None:
    joined, founded = dt.date(YEAR, 3, 1), dt.date(YEAR, 8, 1)
    assert member_since(joined, founded) == founded
    assert member_since(founded, joined) == founded
    assert member_since(None, joined) == joined
    assert member_since(None, None) is None


# ---------------------------------------------------------------- case 32


def appraised(*, minimum: int | None = 6) -> World:
    """Three approved sheets before tabling; the third unit joined on 1 September."""
    world = make_world(3, status=YearStatus.APPRAISING, year=YEAR, min_member_months=minimum)
    rubric = make_rubric(world)
    for place, points in enumerate(("95.00", "90.00", "85.00")):
        make_sheet(rubric, world.memberships[place], world.officers[place], Points(points))
    third = world.memberships[2]
    third.starts_on = dt.date(YEAR, 9, 1)
    third.save(update_fields=["starts_on"])
    return world


def test_32_a_unit_too_short_in_the_bloc_is_named_before_the_meeting() -> None:
    world = appraised()
    found = said(blockers(world, "table"), "1 đơn vị ở trong Khối chưa đủ 6 tháng")
    assert (found.hard, found.names) == (False, (f"{world.units[2].name} (4 tháng)",))
    assert "hội nghị quyết định có xét hay không" in found.effect
    with pytest.raises(ValidationError) as caught:
        take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="table")
    assert "reason" in caught.value.message_dict
    take_step(
        actor=world.head_leader,
        bloc_year=world.bloc_year,
        name="table",
        reason="Hội nghị sẽ quyết định",
    )
    last = BlocYearTransition.objects.filter(bloc_year=world.bloc_year).order_by("-pk").first()
    assert last is not None
    assert last.reason == "Hội nghị sẽ quyết định"


def test_32_the_unit_keeps_its_place_with_the_ground_beside_it() -> None:
    world = appraised()
    row = live_ranking(world.bloc_year).ranking.row(world.memberships[2].pk)
    text = "Thời gian tham gia khối chưa đủ: ở trong Khối 4 tháng, chưa đủ 6 tháng"
    assert (row.rank, row.notes, row.needs_decision) == (3, (text,), (text,))


def test_32_a_founding_day_counts_where_it_is_later() -> None:
    world = appraised()
    unit = world.units[2]
    unit.established_on = dt.date(YEAR, 11, 1)
    unit.save(update_fields=["established_on"])
    found = said(blockers(world, "table"), "chưa đủ 6 tháng")
    assert found.names == (f"{unit.name} (2 tháng)",)


def test_32_a_school_year_ends_when_it_ends() -> None:
    world = appraised()
    third = world.memberships[2]
    third.scored_to = dt.date(YEAR + 1, 8, 31)
    third.save(update_fields=["scored_to"])
    assert blockers(world, "table") == []


@pytest.mark.parametrize("minimum", [None, 4])
def test_32_no_minimum_or_a_lower_one_holds_nobody_up(minimum: int | None) -> None:
    assert blockers(appraised(minimum=minimum), "table") == []


def test_32_a_decision_either_way_settles_it_and_taking_it_back_asks_again() -> None:
    world = appraised()
    third, by = world.memberships[2], world.board_officer
    kept = override_ground(
        actor=by, membership=third, ground=Ground.TOO_SHORT.value, reason="Mới sáp nhập"
    )
    assert blockers(world, "table") == []
    row = live_ranking(world.bloc_year).ranking.row(third.pk)
    assert (row.rank, row.needs_decision) == (3, ())
    assert row.notes[0].endswith("(vẫn xét: Mới sáp nhập)")
    revoke_standing_decision(actor=by, decision=kept, reason="Ghi nhầm")
    assert blockers(world, "table") != []
    exclude_member(
        actor=by,
        membership=third,
        ground=Ground.TOO_SHORT.value,
        effect=GroundEffect.EXCLUDED,
        reason="Hội nghị không xét",
    )
    assert blockers(world, "table") == []
    ranking = live_ranking(world.bloc_year).ranking
    assert [each.key for each in ranking.excluded] == [third.pk]


def test_32_the_board_may_give_the_ground_another_effect() -> None:
    world = appraised()
    set_ground_rule(
        actor=world.board_officer,
        bloc_year=world.bloc_year,
        ground=Ground.TOO_SHORT.value,
        effect=GroundEffect.EXCLUDED,
    )
    ranking = live_ranking(world.bloc_year).ranking
    assert [each.key for each in ranking.excluded] == [world.memberships[2].pk]
    assert blockers(world, "table") == []


def test_32_the_page_of_grounds_offers_both_decisions(client: Client) -> None:
    world = appraised()
    client.force_login(world.board_officer)
    page = client.get(reverse("standing_decision_list", args=[world.bloc_year.pk]))
    text = page.content.decode()
    third = world.memberships[2].pk
    assert "ở trong Khối 4 tháng, chưa đủ 6 tháng" in text
    assert reverse("override_ground", args=[world.bloc_year.pk, third]) in text
    ranking = client.get(reverse("ranking", args=[world.bloc_year.pk])).content.decode()
    assert "cần quyết định" in ranking


def test_32_a_settled_table_is_not_reopened_by_the_setting() -> None:
    world = tabled_world([Points("95.00"), Points("90.00")])
    assert [row.rank for row in live_ranking(world.bloc_year).ranking.ranked] == [1, 2]


# ---------------------------------------------------------------- case 33


def prepared(members: int, *, minimum: int | None = 3) -> World:
    """A year in preparation with a pledge of one item."""
    world = make_world(members, year=YEAR, min_members=minimum)
    pledge = Pledge.objects.create(bloc_year=world.bloc_year, title="Giao ước thi đua")
    PledgeItem.objects.create(pledge=pledge, position=1, text="Hoàn thành nhiệm vụ")
    return world


def test_33_a_bloc_with_too_few_units_is_passed_with_a_reason_only() -> None:
    world = prepared(2)
    found = said(blockers(world, "consult"), "Khối có 2 đơn vị, ít hơn mức tối thiểu 3")
    assert (found.hard, found.names) == (False, tuple(unit.name for unit in world.units))
    assert found.effect.endswith(".")
    with pytest.raises(ValidationError):
        take_step(actor=world.secretary, bloc_year=world.bloc_year, name="consult")
    take_step(
        actor=world.secretary,
        bloc_year=world.bloc_year,
        name="consult",
        reason="Theo quyết định phân chia khối",
    )
    assert BlocYear.objects.get(pk=world.bloc_year.pk).step is YearStatus.CONSULTING


def test_33_it_is_said_again_before_the_year_runs() -> None:
    world = prepared(2)
    world.set_status(YearStatus.SIGNING)
    assert said(blockers(world, "start_running"), "ít hơn mức tối thiểu 3").hard is False


@pytest.mark.parametrize(("members", "minimum"), [(3, 3), (2, 2), (2, None)])
def test_33_enough_units_or_no_minimum_say_nothing(members: int, minimum: int | None) -> None:
    assert blockers(prepared(members, minimum=minimum), "consult") == []


def test_33_one_unit_alone_is_no_bloc_whatever_the_minimum() -> None:
    [found] = blockers(prepared(1), "consult", by=None)
    assert found.hard
    assert "ít nhất 2 đơn vị" in found.text


# ---------------------------------------------------------------- the settings


def edited(world: World, **minimums: int | None) -> BlocYear:
    year = world.bloc_year
    return edit_bloc_year(
        actor=world.secretary,
        bloc_year=year,
        name=year.name,
        declared_count=None,
        issuing_style=year.issuing_style,
        quorum_percent=year.quorum_percent,
        appeal_days=year.appeal_days,
        min_members=minimums.get("min_members"),
        min_member_months=minimums.get("min_member_months"),
    )


def test_the_minimums_are_set_left_out_and_copied() -> None:
    world = make_world(3, year=YEAR)
    assert (world.bloc_year.min_members, world.bloc_year.min_member_months) == (3, 6)
    year = edited(world, min_members=5)
    year.refresh_from_db()
    assert (year.min_members, year.min_member_months) == (5, None)
    copied = copy_bloc_year(
        actor=world.board_officer,
        source=year,
        year=YEAR + 1,
        name="Khối năm sau",
        unit_ids=[unit.pk for unit in world.units],
    )
    assert (copied.min_members, copied.min_member_months) == (5, None)


def test_the_page_of_settings_reads_a_blank_as_no_minimum(client: Client) -> None:
    world = make_world(3, year=YEAR)
    client.force_login(world.secretary)
    url = reverse("year_edit", args=[world.bloc_year.pk])
    page = client.get(url).content.decode()
    assert "Số đơn vị tối thiểu của Khối" in page
    values = {
        "name": "Khối",
        "issuing_style": "state",
        "quorum_percent": "66,67",
        "appeal_days": "15",
        "min_members": "4",
        "min_member_months": "",
    }
    assert client.post(url, values).status_code == 302
    world.bloc_year.refresh_from_db()
    assert (world.bloc_year.min_members, world.bloc_year.min_member_months) == (4, None)
    refused = client.post(url, {**values, "min_members": "0"})
    assert refused.status_code == 200
    assert "chỗ cần sửa" in refused.content.decode()
