"""Points relative to the unit that exceeds its target most: open until tabled, then for all."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from blocs.enums import MeetingKind, YearStatus
from blocs.models import Meeting
from blocs.services.steps import take_step
from emulation import clock
from scoring.effects import year_effects
from scoring.enums import PointStage, SheetStatus
from scoring.invariants import totals_equal_their_lines
from scoring.models import PointChange, StageTotal
from scoring.rules.grounds import Ground
from scoring.services.appraisal import accept_rest, finish_appraisal, start_appraisal
from scoring.services.approval import approve_sheet
from scoring.services.disputes import raise_dispute, settle_dispute
from scoring.services.standing_decisions import exclude_member, revoke_standing_decision
from tests.factories import World
from tests.scoring.builders import DOCUMENT, FULL, hand_in, line_of, make_scoring_world, sheet_of

pytestmark = pytest.mark.django_db

TARGETS = (("110", "100"), ("300", "200"), ("240", "200"))  # exceeded by 10, 50, 20 per cent


def document() -> dict[str, Any]:
    copied = copy.deepcopy(DOCUMENT)
    copied["sections"][1]["criteria"][1]["relative"] = True
    return copied


@pytest.fixture
def world() -> World:
    world = make_scoring_world(4, document=document())
    for place, (actual, target) in enumerate(TARGETS):
        hand_in(world, place, {**FULL, "B2": {"actual": actual, "target": target}})
    hand_in(world, 3, {**FULL, "B2": {"actual": "50", "target": "100"}})
    return world


def final(world: World, place: int) -> Decimal | None:
    return line_of(sheet_of(world, place), "B2").final_points


def total(world: World, place: int, stage: PointStage) -> Decimal | None:
    return StageTotal.objects.get(sheet=sheet_of(world, place), stage=stage).total


def approve_all(world: World) -> None:
    for place in range(4):
        seat = 1 if place == 0 else 0
        officer, leader = world.officers[seat], world.leaders[seat]
        sheet = sheet_of(world, place)
        start_appraisal(actor=officer, sheet=sheet)
        accept_rest(actor=officer, sheet=sheet)
        finish_appraisal(actor=officer, sheet=sheet)
        approve_sheet(actor=leader, sheet=sheet)


def table(world: World) -> None:
    world.set_status(YearStatus.APPRAISING)
    take_step(
        actor=world.head_leader, bloc_year=world.bloc_year, name="table", reason="Đủ điều kiện"
    )
    world.bloc_year.refresh_from_db()


def test_open_points_hold_nobody_up_until_the_table_is_tabled(world: World) -> None:
    assert [total(world, at, PointStage.SELF) for at in range(3)] == [None] * 3
    assert total(world, 3, PointStage.SELF) == Decimal("92.50")
    approve_all(world)
    assert {sheet_of(world, at).stage for at in range(4)} == {SheetStatus.APPROVED}
    assert [total(world, at, PointStage.FINAL) for at in range(3)] == [None] * 3
    table(world)
    assert [final(world, at) for at in range(4)] == [
        Decimal("6.00"),
        Decimal("10.00"),
        Decimal("7.00"),
        Decimal("2.50"),
    ]
    assert total(world, 1, PointStage.FINAL) == Decimal("100.00")
    assert list(totals_equal_their_lines()) == []


def test_an_excluded_leader_lifts_the_others_and_comes_back(world: World) -> None:
    approve_all(world)
    table(world)
    decision = exclude_member(
        actor=world.head_leader,
        membership=world.memberships[1],
        ground=Ground.UNDER_INSPECTION.value,
        effect="excluded",
        reason="Đang thanh tra",
    )
    assert [final(world, at) for at in (0, 2)] == [Decimal("7.50"), Decimal("10.00")]
    change = PointChange.objects.filter(line=line_of(sheet_of(world, 0), "B2")).first()
    assert change is not None
    assert (change.old_points, change.new_points) == (Decimal("6.00"), Decimal("7.50"))
    revoke_standing_decision(actor=world.head_leader, decision=decision, reason="Đã kết luận")
    assert [final(world, at) for at in (0, 2)] == [Decimal("6.00"), Decimal("7.00")]


def test_a_settled_dispute_moves_every_sheet(world: World) -> None:
    approve_all(world)
    table(world)
    sheet = sheet_of(world, 1)
    dispute = raise_dispute(
        actor=world.officers[1], sheet=sheet, text="Số liệu", line=line_of(sheet, "B2")
    )
    meeting = Meeting.objects.create(
        bloc_year=world.bloc_year,
        kind=MeetingKind.YEAR_END,
        held_on=clock.today(),
        recorded_by=world.secretary,
    )
    settle_dispute(
        actor=world.head_leader,
        dispute=dispute,
        resolution="Lấy số đã kiểm tra",
        meeting=meeting,
        raw={"actual": "240", "target": "200"},
    )
    assert [final(world, at) for at in range(3)] == [
        Decimal("7.50"),
        Decimal("10.00"),
        Decimal("10.00"),
    ]


def test_going_back_opens_the_points_again(world: World) -> None:
    approve_all(world)
    table(world)
    year = world.set_status(YearStatus.APPRAISING)
    transition = type("Step", (), {"name": "back_to_appraising"})
    year_effects(year, transition, world.head_leader, "Tính lại")  # type: ignore[arg-type]
    assert final(world, 0) is None
    assert total(world, 0, PointStage.FINAL) is None


def test_the_unit_reads_not_yet_and_nobody_elses_figures(world: World, client: Client) -> None:
    client.force_login(world.officers[0])
    page = client.get(f"/phieu/{sheet_of(world, 0).pk}/").content.decode()
    assert "chưa tính" in page
    assert "300" not in page.split("B2", 1)[1][:3000]
