"""Lines saved by the unit: partial, exact, never overwriting another's work unseen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import YearStatus
from emulation.access import Refused
from scoring.enums import PointStage, SheetStatus
from scoring.models import PointChange, ScoreLine, SheetTransition, StageTotal
from scoring.rules.entries import CountInput
from scoring.services.evidence import add_evidence
from scoring.services.sheets import save_lines
from tests.factories import World
from tests.scoring.builders import (
    DOCUMENT,
    FULL,
    a_pdf,
    draft,
    fill,
    line_of,
    make_scoring_world,
    save,
    sheet_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_scoring_world()


def self_total(sheet) -> StageTotal:
    return StageTotal.objects.get(sheet=sheet, stage=PointStage.SELF)


def test_a_full_sheet_comes_to_its_total(world: World) -> None:
    sheet = fill(world, 2)
    total = self_total(sheet)
    assert (total.base, total.total, total.missing) == (Decimal("100.00"), None, 3)
    assert total.sections == {
        "A": "50.00", "B": "30.00", "C": "20.00", "E": "0.00", "F": "0.00",
    }  # fmt: skip


def test_the_first_save_starts_the_sheet_once(world: World) -> None:
    sheet = sheet_of(world, 2)
    save(world.officers[2], sheet, {"A2": {"n": "3"}})
    save(world.leaders[2], sheet, {"A4": {"points": "7,5"}})
    assert sheet_of(world, 2).status == SheetStatus.DRAFTING
    taken = SheetTransition.objects.filter(sheet=sheet).order_by("pk")
    assert [row.transition for row in taken] == ["create", "start"]
    assert line_of(sheet, "A2").self_points == Decimal("8.50")


@pytest.mark.parametrize("typed", ["7,5", "7.5", " 7,50 ", "７,５"])
def test_comma_and_point_mean_the_same(world: World, typed: str) -> None:
    sheet = sheet_of(world, 2)
    assert save(world.officers[2], sheet, {"A4": {"points": typed}}).is_whole
    assert line_of(sheet, "A4").self_points == Decimal("7.50")


@pytest.mark.parametrize(
    ("code", "field", "typed"),
    [
        ("A4", "points", "-1"),
        ("A4", "points", "8,5"),
        ("A4", "points", "7,25"),
        ("A4", "points", "bảy"),
        ("A4", "points", "=1+1"),
        ("A4", "points", "<script>alert(1)</script>"),
        ("A4", "points", "1" * 10_000),
        ("A2", "n", "1,5"),
        ("A2", "n", "-1"),
        ("A2", "n", "10000"),
        ("A3", "level", "3"),
        ("A3", "level", "-1"),
        ("A3", "level", "xuất sắc"),
        ("B1", "passed", "có thể"),
        ("B2", "target", "0"),
        ("A1", "percent", "95"),
    ],
)
def test_what_cannot_be_read_is_named_and_left(world, code, field, typed) -> None:
    sheet = sheet_of(world, 2)
    raw = {field: typed}
    if code == "B2":
        raw["actual"] = "5"
    if code == "A1":
        raw["numerator"] = "5"
    good = draft(sheet, "C1", level="1")
    saving = save_lines(
        actor=world.officers[2], sheet=sheet, lines={**draft(sheet, code, **raw), **good}
    )
    [(criterion, errors)] = saving.errors.items()
    assert criterion == line_of(sheet, code).criterion_id
    assert list(errors) == [field]
    assert errors[field].endswith(".")
    assert saving.saved == ["C1"]
    assert line_of(sheet, code).self_input is None
    assert line_of(sheet, "C1").self_points == Decimal("10.00")


def test_a_long_note_is_refused_beside_its_field(world: World) -> None:
    sheet = sheet_of(world, 2)
    lines = draft(sheet, "A2", n="1", note="x" * 10_000)
    saving = save_lines(actor=world.officers[2], sheet=sheet, lines=lines)
    assert "tối đa 5000" in next(iter(saving.errors.values()))["note"]
    assert line_of(sheet, "A2").self_input is None


def test_not_applicable_only_where_allowed(world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    allowed = save_lines(actor=officer, sheet=sheet, lines=draft(sheet, "B3b", na=True))
    refused = save_lines(actor=officer, sheet=sheet, lines=draft(sheet, "A2", na=True))
    assert allowed.is_whole
    assert line_of(sheet, "B3b").self_points == Decimal("4.00")
    assert "not_applicable" in next(iter(refused.errors.values()))


def test_blank_is_not_zero(world: World) -> None:
    sheet = fill(world, 2)
    save(world.officers[2], sheet, {"A2": {"n": ""}})
    assert line_of(sheet, "A2").self_points is None
    total = self_total(sheet)
    assert total.total is None
    assert total.missing == 4


def test_every_change_is_in_the_history(world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    save(officer, sheet, {"A2": {"n": "3"}})
    save(world.leaders[2], sheet, {"A2": {"n": "4"}})
    save(world.leaders[2], sheet, {"A2": {"n": "4"}})
    first, second = PointChange.objects.filter(line=line_of(sheet, "A2")).order_by("pk")
    assert (first.old_input, first.old_points) == (None, None)
    assert (first.new_points, second.old_points) == (Decimal("8.50"), Decimal("8.50"))
    assert second.new_input == {"kind": "count", "n": 4}
    assert (second.actor, second.acting_for) == (world.leaders[2], world.units[2])
    assert second.acting_as.startswith("Lãnh đạo đơn vị")


def test_a_stale_save_shows_both_and_loses_nothing(world: World) -> None:
    sheet = sheet_of(world, 2)
    seen = line_of(sheet, "A2").version
    save(world.leaders[2], sheet, {"A2": {"n": "3"}})
    stale = draft(sheet, "A2", n="5", version=seen, note="đếm lại")
    fresh = draft(sheet, "C1", level="0")
    saving = save_lines(actor=world.officers[2], sheet=sheet, lines={**stale, **fresh})
    [clash] = saving.clashes.values()
    assert (clash.code, clash.entered) == ("A2", CountInput(3))
    assert clash.author == world.leaders[2].full_name
    assert clash.version == line_of(sheet, "A2").version
    assert saving.saved == ["C1"]
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 3}


def test_the_same_save_twice_is_no_clash(world: World) -> None:
    sheet = sheet_of(world, 2)
    lines = draft(sheet, "A2", n="5")
    save_lines(actor=world.officers[2], sheet=sheet, lines=lines)
    again = save_lines(actor=world.officers[2], sheet=sheet, lines=lines)
    assert again.is_whole
    assert not again.saved
    assert PointChange.objects.filter(line=line_of(sheet, "A2")).count() == 1


def test_the_automatic_line_takes_no_input(world: World) -> None:
    sheet = sheet_of(world, 2)
    save_lines(actor=world.officers[2], sheet=sheet, lines=draft(sheet, "F1", n="3"))
    assert line_of(sheet, "F1").self_input is None


def test_missing_evidence_counts_nothing_until_it_comes(world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    save(officer, sheet, {"A1": FULL["A1"], "E1": {"n": "1"}})
    assert line_of(sheet, "A1").self_points == Decimal("0.00")
    assert line_of(sheet, "E1").self_points == Decimal("0.00")
    add_evidence(actor=officer, line=line_of(sheet, "A1"), uploaded=a_pdf())
    assert line_of(sheet, "A1").self_points == Decimal("25.00")
    change = PointChange.objects.filter(line=line_of(sheet, "A1")).order_by("pk").last()
    assert (change.old_points, change.new_points) == (Decimal("0.00"), Decimal("25.00"))
    assert change.reason == "Thêm minh chứng"


@pytest.mark.parametrize("who", ["secretary", "head_leader"])
def test_the_secretary_enters_what_came_on_paper_and_nothing_else(world: World, who: str) -> None:
    sheet = sheet_of(world, 2)
    save(getattr(world, who), sheet, {"A2": {"n": "1"}})
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 1}
    own = sheet_of(world, 1)
    save(world.officers[1], own, {"A2": {"n": "2"}})
    with pytest.raises(Refused):
        save(getattr(world, who), own, {"A2": {"n": "1"}})
    assert line_of(own, "A2").self_input == {"kind": "count", "n": 2}


@pytest.mark.parametrize("who", ["deputy_officer", "board_officer"])
def test_nobody_else_edits(world: World, who: str) -> None:
    sheet = sheet_of(world, 2)
    with pytest.raises(Refused, match="chính đơn vị"):
        save(getattr(world, who), sheet, {"A2": {"n": "1"}})
    assert not ScoreLine.objects.filter(sheet=sheet, self_input__isnull=False).exists()


@pytest.mark.parametrize(
    ("status", "reason"),
    [(YearStatus.RUNNING, "chưa mở tự chấm"), (YearStatus.MEETING, "đã trình hội nghị")],
)
def test_only_while_scoring_is_on(world: World, status: str, reason: str) -> None:
    world.set_status(status)
    with pytest.raises(Refused, match=reason):
        save(world.officers[2], sheet_of(world, 2), {"A2": {"n": "1"}})


def long_document(criteria: int) -> dict:
    rows = [
        {"code": f"A{n}", "title": f"Tiêu chí {n}", "max": 1, "kind": "count", "per": 1}
        for n in range(1, criteria + 1)
    ]
    section = {"code": "A", "kind": "BASE", "title": "A", "max": criteria, "criteria": rows}
    return {**DOCUMENT, "scale_max": criteria, "tie_breaks": ["share"], "sections": [section]}


@pytest.mark.parametrize("criteria", [12, 60])
def test_a_save_takes_ten_queries_whatever_its_size(criteria: int) -> None:
    world = make_scoring_world(document=long_document(criteria))
    sheet, officer = sheet_of(world, 2), world.officers[2]
    save(officer, sheet, {f"A{n}": {"n": "0"} for n in range(1, criteria + 1)})
    lines = {}
    for n in range(1, criteria + 1):
        lines |= draft(sheet, f"A{n}", n="1", note="ghi chú")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        saving = save_lines(actor=officer, sheet=sheet, lines=lines)
    assert len(saving.saved) == criteria
    work = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(work) == 8, work
    assert len(queries) <= 10
