"""Handing in, lateness, returning: the server's clock decides, nothing is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import Deadline, DeadlineExtension
from emulation import clock
from emulation.access import Conflict, Refused
from scoring.enums import PointStage, SheetStatus
from scoring.models import PointChange, ScoreLine, ScoreSheet, StageTotal
from scoring.selectors.sheet_content import missing_items
from scoring.selectors.sheets import due_of
from scoring.services.rubrics import copy_rubric, issue_rubric
from scoring.services.sheet_opening import open_sheets
from scoring.services.sheets import return_sheet, submit_sheet
from scoring.services.totals import recompute
from tests.factories import UnitFactory, World, make_membership, make_world
from tests.scoring.builders import (
    DOCUMENT,
    FULL,
    a_pdf,
    fill,
    hand_in,
    line_of,
    make_rubric,
    make_scoring_world,
    save,
    sheet_of,
)

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 12, 20)


@pytest.fixture
def world() -> World:
    with clock.at(on(1)):
        return make_scoring_world(due_on=DUE)


def on(day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 12, day, hour, minute, tzinfo=clock.VIETNAM)


def late_in(world: World, moment: dt.datetime) -> ScoreSheet:
    with clock.at(moment):
        return hand_in(world, 2)


@pytest.mark.parametrize(
    ("moment", "days", "minus"),
    [
        (on(20, 23, 59), 0, "0.00"),
        (on(21, 0, 0), 1, "1.00"),
        (on(21, 23, 59), 1, "1.00"),
        (on(22, 0, 0), 2, "2.00"),
        (on(31, 12, 0), 11, "5.00"),
    ],
)
def test_lateness_is_days_begun_by_the_servers_clock(world, moment, days, minus) -> None:
    sheet = late_in(world, moment)
    assert (sheet.status, sheet.days_late) == (SheetStatus.SUBMITTED, days)
    assert sheet.first_submitted_at == moment
    line = line_of(sheet, "F1")
    assert (line.self_points, line.self_input) == (Decimal(minus), None)
    total = StageTotal.objects.get(sheet=sheet, stage=PointStage.SELF)
    assert total.total == Decimal(100) - Decimal(minus)
    changed = PointChange.objects.filter(line=line, reason="Nộp bảng tự chấm điểm")
    assert changed.exists() == (days > 0)


def test_an_extension_counts_for_its_unit(world: World) -> None:
    DeadlineExtension.objects.create(
        deadline=Deadline.objects.get(kind=DeadlineKind.SELF_SCORE, bloc_year=world.bloc_year),
        membership=world.memberships[2],
        due_on=DUE + dt.timedelta(days=3),
        reason="Sáp nhập",
        actor=world.board_officer,
        acting_as="Ban",
    )
    assert late_in(world, on(23)).days_late == 0
    assert due_of(sheet_of(world, 1)) == DUE


def test_a_strict_deadline_refuses_the_first_submission_only() -> None:
    with clock.at(on(1)):
        strict = make_scoring_world(document=DOCUMENT | {"late_policy": "refuse"}, due_on=DUE)
    with clock.at(on(19)):
        hand_in(strict, 2)
        fill(strict, 1)
        hand_in(strict, 0)
        sheet = return_sheet(
            actor=strict.head_leader, sheet=sheet_of(strict, 2), reason="Sửa", due_on=DUE
        )
    with clock.at(on(22)):
        submit = {"approving_leader": "Giám đốc", "confirm_blanks": True}
        with pytest.raises(Conflict) as refused:
            submit_sheet(actor=strict.officers[1], sheet=sheet_of(strict, 1), **submit)
        assert "không nhận sau hạn" in refused.value.details[0]
        again = submit_sheet(actor=strict.officers[2], sheet=sheet, **submit)
    assert again.days_late == 0


def test_a_base_line_without_input_blocks(world: World) -> None:
    answers = {code: raw for code, raw in FULL.items() if code not in {"A2", "B3a"}}
    sheet = fill(world, 2, answers)
    with pytest.raises(Conflict) as refused:
        submit_sheet(
            actor=world.officers[2], sheet=sheet, approving_leader="A", confirm_blanks=True
        )
    assert refused.value.details == ("Còn 2 tiêu chí chưa chấm: A2, B3a",)


def test_missing_evidence_does_not_block_but_counts_nothing(world: World) -> None:
    with clock.at(on(5)):
        save(world.officers[2], sheet_of(world, 2))
        sheet = submit_sheet(
            actor=world.officers[2],
            sheet=sheet_of(world, 2),
            approving_leader="Giám đốc",
            confirm_blanks=True,
        )
    total = StageTotal.objects.get(sheet=sheet, stage=PointStage.SELF)
    assert total.total == Decimal("75.00")
    lacks = [(item.code, item.lack.value) for item in missing_items(sheet)]
    assert lacks == [("A1", "thiếu minh chứng, tính 0 điểm")]


def test_blanks_are_confirmed_together(world: World) -> None:
    sheet = fill(world, 2)
    with pytest.raises(ValidationError) as refused:
        submit_sheet(
            actor=world.officers[2], sheet=sheet, approving_leader="A", confirm_blanks=False
        )
    assert "E1, E2, F2" in refused.value.message_dict["confirm_blanks"][0]
    assert sheet_of(world, 2).status == SheetStatus.DRAFTING
    save(world.officers[2], sheet, {"E1": {"n": "0"}, "E2": {"passed": "0"}, "F2": {"n": "0"}})
    done = submit_sheet(
        actor=world.officers[2], sheet=sheet, approving_leader="A", confirm_blanks=False
    )
    assert not done.blanks_confirmed


def test_an_officer_names_the_leader_and_a_leader_is_one(world: World) -> None:
    sheet = fill(world, 2)
    with pytest.raises(ValidationError, match="lãnh đạo đơn vị đồng ý nộp"):
        submit_sheet(actor=world.officers[2], sheet=sheet, confirm_blanks=True)
    done = submit_sheet(actor=world.leaders[2], sheet=sheet, confirm_blanks=True)
    assert done.approving_leader == world.leaders[2].full_name
    assert done.submitted_by == world.leaders[2]


def test_after_handing_in_nothing_of_the_unit_changes(world: World) -> None:
    sheet = hand_in(world, 2)
    officer, line = world.officers[2], line_of(sheet, "A2")
    from scoring.services.evidence import add_evidence, remove_evidence

    evidence = line_of(sheet, "A1").evidence.get()
    deeds = [
        lambda: save(officer, sheet, {"A2": {"n": "9"}}),
        lambda: add_evidence(actor=officer, line=line, uploaded=a_pdf()),
        lambda: remove_evidence(actor=officer, evidence=evidence),
        lambda: submit_sheet(actor=officer, sheet=sheet, approving_leader="A", confirm_blanks=True),
    ]
    for deed in deeds:
        with pytest.raises(Refused, match="đã nộp nên không sửa"):
            deed()
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 0}


# ---------------------------------------------------------------- sending back


def returned(world: World, **values) -> ScoreSheet:
    with clock.at(on(22)):
        defaults = {"actor": world.secretary, "reason": "Thiếu số liệu", "due_on": on(25).date()}
        return return_sheet(sheet=sheet_of(world, 2), **(defaults | values))


def test_a_returned_sheet_keeps_its_first_moment(world: World) -> None:
    first = late_in(world, on(21))
    with clock.at(on(21)):
        hand_in(world, 0)
    sheet = returned(world)
    assert (sheet.status, sheet.submitted_at) == (SheetStatus.DRAFTING, None)
    assert (due_of(sheet), sheet.days_late) == (on(25).date(), 1)
    with clock.at(on(24)):
        save(world.officers[2], sheet, {"E2": {"passed": "1"}})
        again = submit_sheet(
            actor=world.officers[2], sheet=sheet, approving_leader="A", confirm_blanks=True
        )
    assert again.first_submitted_at == first.first_submitted_at
    assert (again.days_late, again.submitted_at) == (1, on(24))
    total = StageTotal.objects.get(sheet=sheet, stage=PointStage.SELF)
    assert total.total == Decimal("102.00")


def test_returning_takes_an_approval_back(world: World) -> None:
    with clock.at(on(20)):
        hand_in(world, 0)
        sheet = hand_in(world, 2)
        for line in ScoreLine.objects.filter(sheet=sheet).order_by("pk"):
            line.appraised_input = line.self_input
            line.final_points = line.self_points
            line.save()
        recompute(sheet, PointStage.FINAL)
        sheet.status, sheet.approved_at = SheetStatus.APPROVED, clock.now()
        sheet.approved_by = world.head_leader
        sheet.save()
    returned(world, actor=world.head_leader)
    sheet = sheet_of(world, 2)
    assert (sheet.approved_at, sheet.approved_by) == (None, None)
    assert StageTotal.objects.get(sheet=sheet, stage=PointStage.FINAL).total is None
    assert not ScoreLine.objects.filter(sheet=sheet, final_points__isnull=False).exists()


@pytest.mark.parametrize("who", ["officer", "leader", "member", "board_officer", "deputy_leader"])
def test_only_those_who_act_on_a_sheet_return_it(who: str) -> None:
    world = make_scoring_world(4)
    hand_in(world, 0)
    hand_in(world, 2)
    own = {"officer": world.officers[2], "leader": world.leaders[2], "member": world.officers[3]}
    actor = own.get(who) or getattr(world, who)
    with pytest.raises(Refused):
        return_sheet(actor=actor, sheet=sheet_of(world, 2), reason="x", due_on=clock.today())


def test_the_head_does_not_return_its_own(world: World) -> None:
    sheet = hand_in(world, 0)
    for actor in (world.head_leader, world.secretary):
        with pytest.raises(Refused, match="chính đơn vị mình"):
            return_sheet(actor=actor, sheet=sheet, reason="x", due_on=clock.today())
    hand_in(world, 1)
    done = return_sheet(
        actor=world.deputy_leader, sheet=sheet, reason="Thiếu minh chứng", due_on=clock.today()
    )
    row = done.transitions.get(transition="return_to_unit")
    assert (row.acting_for, row.reason) == (world.units[1], "Thiếu minh chứng")
    assert row.acting_as.startswith("Phó Trưởng khối")


def test_returning_needs_a_reason_a_day_to_come_and_an_untabled_year(world: World) -> None:
    late_in(world, on(19))
    with clock.at(on(19)):
        hand_in(world, 0)
    with pytest.raises(ValidationError, match="ghi lý do"):
        returned(world, reason="  ")
    with pytest.raises(ValidationError, match="phải từ hôm nay"):
        returned(world, due_on=on(21).date())
    world.set_status(YearStatus.MEETING)
    with pytest.raises(Refused, match="đã trình hội nghị"):
        returned(world)


# ---------------------------------------------------------------- opening


def test_sheets_need_an_issued_table_and_the_step() -> None:
    world = make_world(3, status=YearStatus.SELF_SCORING)
    with pytest.raises(Conflict, match="Chưa ban hành"):
        open_sheets(actor=world.head_leader, bloc_year=world.bloc_year)
    world.set_status(YearStatus.RUNNING)
    make_rubric(world)
    with pytest.raises(Refused, match="chưa mở tự chấm"):
        open_sheets(actor=world.head_leader, bloc_year=world.bloc_year)


def test_a_later_member_gets_its_sheet_and_a_new_version_moves_nobody(world: World) -> None:
    pinned = sheet_of(world, 2).rubric
    newer = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=pinned)
    issue_rubric(actor=world.head_leader, rubric=newer)
    unit = UnitFactory(board=world.board)
    member = make_membership(world.bloc_year, unit)
    guest = make_membership(world.bloc_year, UnitFactory(board=world.board), is_ranking=False)
    [opened] = open_sheets(actor=world.secretary, bloc_year=world.bloc_year)
    assert (opened.membership, opened.rubric) == (member, newer)
    assert not ScoreSheet.objects.filter(membership=guest).exists()
    assert sheet_of(world, 2).rubric == pinned
    assert opened.lines.count() == sheet_of(world, 2).lines.count() == 13
    assert [row.transition for row in opened.transitions.all()] == ["create"]


def test_points_finer_than_a_hundredth_never_reach_the_table(world: World) -> None:
    line = line_of(sheet_of(world, 2), "A2")
    line.self_points = Decimal("1.005")
    with pytest.raises(ValidationError, match="chưa được làm tròn"):
        ScoreLine.objects.bulk_update([line], ["self_points"])


def test_a_refused_deed_leaves_no_trace(world: World) -> None:
    sheet = fill(world, 2)
    before = list(sheet.lines.order_by("pk").values())
    with pytest.raises(ValidationError), transaction.atomic():
        submit_sheet(actor=world.officers[2], sheet=sheet, confirm_blanks=True)
    assert list(sheet.lines.order_by("pk").values()) == before
    assert connection.in_atomic_block
