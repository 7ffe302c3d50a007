"""Sheets moved to a later version in mid-scoring: in every state, and no value is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import YearStatus
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.plans import PlanMoved
from scoring.blockers import CHECKS
from scoring.invariants import (
    approved_sheets_have_final_totals,
    logs_agree,
    totals_equal_their_lines,
)
from scoring.models import PointChange, ScoreLine, SheetMove
from scoring.selectors.sheet_lines import dropped_lines, lines_of
from scoring.services.appraisal import accept_rest, finish_appraisal, start_appraisal
from scoring.services.evidence import add_evidence
from scoring.services.sheet_moving import move_sheets, plan_move
from scoring.services.sheet_review import confirm_review
from scoring.services.sheets import LineDraft, save_lines
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    fill,
    make_scene,
    submitted_scene,
)
from tests.scoring.versions.builders import D, add, alter, drop, entered, history, next_version

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=7)


def move(scene: Scene, rubric, **options):
    options.setdefault("due_on", clock.today() + LATER)
    return move_sheets(actor=scene.head, rubric=rubric, **options)


def sound() -> bool:
    return not [
        *totals_equal_their_lines(), *approved_sheets_have_final_totals(), *logs_agree()
    ]  # fmt: skip


def codes_to_review(scene: Scene, unit: int = 2) -> set[str]:
    lines = lines_of(scene.sheet(unit)).exclude(review="")
    return set(lines.values_list("criterion__code", flat=True))


# ---------------------------------------------------------------- with the unit


def test_a_draft_moves_and_keeps_everything() -> None:
    scene = make_scene()
    officer, sheet = scene.world.officers[2], scene.sheet()
    fill(officer, sheet)
    line = scene.line("A1")
    paper = add_evidence(actor=officer, line=line, number="1/BC", issued_on=clock.today())
    before, rows = entered(sheet.pk), history(sheet.pk)
    rubric = next_version(
        scene.world, alter("A2", per=D(1)), alter("A3", kind="passfail", levels=[]), drop("P1"),
        add("P3", "P"), alter("A4", code="A9"),
    )  # fmt: skip
    move(scene, rubric)
    sheet = scene.sheet()
    assert (sheet.rubric, sheet.status) == (rubric, "drafting")
    assert entered(sheet.pk) == before
    assert history(sheet.pk) >= rows
    paper.refresh_from_db()
    assert paper.line_id == line.pk
    assert codes_to_review(scene) == {"A2", "A3", "P3"}
    kept = ScoreLine.objects.get(sheet=sheet, criterion__code="A3")
    assert (kept.self_input, kept.kept_input["words"]) == (None, "Tốt")
    assert [each.criterion.code for each in dropped_lines(sheet)] == ["P1"]
    assert ScoreLine.objects.get(sheet=sheet, criterion__code="A9").self_points == D("48.50")
    moved = PointChange.objects.filter(line__sheet=sheet, reason="Chuyển sang bảng chấm điểm lần 2")
    assert {each.line.criterion.code for each in moved} == {"A2", "A3"}
    assert SheetMove.objects.get(sheet=sheet).counts == {
        "moved": 7, "review": 3, "unread": 1, "added": 1, "dropped": 1, "outcome": "moved",
    }  # fmt: skip
    assert sound()


def test_a_sheet_not_started_just_moves() -> None:
    scene = make_scene()
    rubric = next_version(scene.world, add("P3", "P"))
    move(scene, rubric)
    assert scene.sheet().status == "not_started"
    assert scene.sheet().rubric == rubric
    assert sound()


def test_an_untouched_sheet_has_nothing_to_look_at_again() -> None:
    scene = make_scene()
    rubric = next_version(scene.world, alter("A2", per=D(1)), drop("P1"), add("P3", "P"))
    plan = plan_move(actor=scene.head, rubric=rubric, due_on=None)
    said = {each.text for each in plan.effects if each.about == scene.world.units[2].name}
    assert said == {"Chuyển sang lần 2; đơn vị chưa nhập gì nên không có dòng phải xem lại."}
    move(scene, rubric)
    assert codes_to_review(scene) == set()
    assert scene.line("P3").criterion.rubric == rubric


def test_a_dropped_criterion_that_comes_back_brings_its_line_along() -> None:
    scene = make_scene()
    fill(scene.world.officers[2], scene.sheet())
    line = scene.line("P1")
    source = line.criterion
    move(scene, next_version(scene.world, drop("P1")))
    move(scene, next_version(scene.world, add("P1", "P", kind="count", per=D(2), max_points=D(4))))
    line.refresh_from_db()
    assert line.criterion != source
    assert line.self_input == {"kind": "count", "n": 1}
    assert line.self_points == D(2)
    assert ScoreLine.objects.filter(sheet=line.sheet, criterion__code="P1").count() == 1
    assert sound()


# ---------------------------------------------------------------- handed in and beyond


def test_a_submitted_sheet_that_lacks_an_input_goes_back_to_its_unit() -> None:
    scene = submitted_scene()
    rubric = next_version(scene.world, add("A8", "A"), alter("A4", max_points=D(48.5)))
    with pytest.raises(ValidationError) as caught:
        move(scene, rubric, due_on=None)
    assert "due_on" in caught.value.message_dict
    with pytest.raises(ValidationError):
        move(scene, rubric, due_on=clock.today() - LATER)
    first = scene.sheet().first_submitted_at
    move(scene, rubric)
    sheet = scene.sheet()
    assert (sheet.status, sheet.submitted_at) == ("drafting", None)
    assert (sheet.first_submitted_at, sheet.returned_due_on) == (first, clock.today() + LATER)
    last = sheet.transitions.order_by("-pk").first()
    assert (last.transition, last.reason) == ("move_return", "Chuyển sang bảng chấm điểm lần 2")
    assert last.acting_as.startswith("Trưởng khối")
    assert sound()


def test_a_submitted_sheet_with_readable_changes_stays_submitted() -> None:
    scene = submitted_scene()
    move(scene, next_version(scene.world, alter("A2", per=D(1))), due_on=None)
    assert scene.sheet().status == "submitted"
    assert scene.line("A2").self_points == D(7)
    assert scene.total("self") == D("95.00")
    assert sound()


def test_an_approved_sheet_without_a_change_keeps_its_approval() -> None:
    scene = submitted_scene()
    appraise_all(scene)
    approve_all(scene)
    approved = scene.sheet().approved_at
    move(scene, next_version(scene.world, alter("A2", note="Làm rõ", checker="Văn phòng")))
    sheet = scene.sheet()
    assert (sheet.status, sheet.approved_at) == ("approved", approved)
    assert scene.total("final") == D("96.50")
    assert sound()


@pytest.mark.parametrize(
    "change", [alter("A2", per=D(1)), alter("A4", title="Điểm khác"), drop("P2")]
)
def test_an_approval_that_no_longer_holds_is_dropped(change) -> None:
    scene = submitted_scene()
    appraise_all(scene)
    approve_all(scene)
    before = entered(scene.sheet().pk)
    judged = ScoreLine.objects.filter(sheet=scene.sheet(), appraised_input__isnull=False).count()
    move(scene, next_version(scene.world, change))
    sheet = scene.sheet()
    assert (sheet.status, sheet.approved_at, sheet.appraised_at) == ("appraising", None, None)
    assert scene.total("final") is None
    assert entered(sheet.pk) == before
    assert ScoreLine.objects.filter(sheet=sheet, appraised_input__isnull=False).count() == judged
    assert sound()


def test_an_appraised_sheet_goes_back_and_is_finished_once_looked_at() -> None:
    scene = submitted_scene()
    appraise_all(scene)
    move(scene, next_version(scene.world, alter("A2", per=D(1))))
    sheet = scene.sheet()
    assert sheet.status == "appraising"
    with pytest.raises(Conflict, match="cần xem lại"):
        finish_appraisal(actor=scene.secretary, sheet=sheet, reason="Đã rõ")
    confirm_review(actor=scene.secretary, sheet=sheet, criteria=[scene.line("A2").criterion_id])
    finish_appraisal(actor=scene.secretary, sheet=sheet, reason="Đã rõ")
    assert scene.sheet().status == "appraised"


def test_an_appraising_sheet_stays_where_it_is() -> None:
    scene = submitted_scene()
    start_appraisal(actor=scene.secretary, sheet=scene.sheet())
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    move(scene, next_version(scene.world, alter("A2", per=D(1))))
    assert scene.sheet().status == "appraising"
    assert scene.line("A2").appraised_points == D(7)
    assert sound()


# ---------------------------------------------------------------- the mark


def test_the_mark_goes_when_the_line_is_saved_or_confirmed() -> None:
    scene = make_scene()
    officer = scene.world.officers[2]
    fill(officer, scene.sheet())
    rubric = next_version(scene.world, alter("A2", per=D(1)), alter("A4", title="Khác"))
    move(scene, rubric)
    line = scene.line("A2")
    drafts = {line.criterion_id: LineDraft(raw={"n": "4"}, version=line.version)}
    save_lines(actor=officer, sheet=scene.sheet(), lines=drafts)
    assert codes_to_review(scene) == {"A4"}
    other = scene.world.officers[3]
    with pytest.raises(Refused):
        confirm_review(actor=other, sheet=scene.sheet(), criteria=[scene.line("A4").criterion_id])
    confirm_review(actor=officer, sheet=scene.sheet(), criteria=[scene.line("A4").criterion_id])
    assert codes_to_review(scene) == set()


def test_a_page_opened_before_the_move_saves_to_the_new_criteria() -> None:
    scene = make_scene()
    officer, sheet = scene.world.officers[2], scene.sheet()
    fill(officer, sheet)
    old = {code: scene.line(code) for code in ("A2", "A4", "P1")}
    rubric = next_version(scene.world, alter("A2", per=D(1)), alter("A4", code="A9"), drop("P1"))
    move(scene, rubric)
    raws = {"A2": {"n": "1"}, "A4": {"points": "40"}, "P1": {"n": "2"}}
    drafts = {
        line.criterion_id: LineDraft(raw=raws[code], version=line.version)
        for code, line in old.items()
    }
    saving = save_lines(actor=officer, sheet=scene.sheet(), lines=drafts)
    assert (saving.saved, saving.gone) == (["A9"], 1)
    assert [clash.code for clash in saving.clashes.values()] == ["A2"]


# ---------------------------------------------------------------- who, when, what was read


def test_only_a_leader_of_the_head_moves() -> None:
    scene = make_scene()
    rubric = next_version(scene.world, alter("A2", per=D(1)))
    for actor in (scene.secretary, scene.world.officers[2], scene.world.deputy_leader):
        with pytest.raises(Refused):
            move_sheets(actor=actor, rubric=rubric)
    with pytest.raises(Refused):
        plan_move(actor=scene.world.officers[2], rubric=rubric)
    plan = plan_move(actor=scene.secretary, rubric=rubric)
    assert plan.obstacles


def test_all_sheets_move_together_the_heads_own_among_them() -> None:
    scene = make_scene()
    rubric = next_version(scene.world, alter("A2", per=D(1)))
    assert len(move(scene, rubric)) == 4
    assert scene.sheet(0).rubric == rubric
    with pytest.raises(Conflict):
        move(scene, rubric)


def test_nothing_moves_to_a_draft_or_after_tabling() -> None:
    scene = make_scene()
    first = scene.sheet().rubric
    rubric = next_version(scene.world)
    with pytest.raises(Refused):
        move(scene, first)
    scene.world.set_status(YearStatus.MEETING)
    with pytest.raises(Refused):
        move(scene, rubric)


def test_a_plan_that_moved_is_not_carried_out() -> None:
    scene = submitted_scene()
    rubric = next_version(scene.world, alter("A2", per=D(1)))
    seen = plan_move(actor=scene.head, rubric=rubric).fingerprint
    appraise_all(scene)
    with pytest.raises(PlanMoved):
        move(scene, rubric, due_on=None, seen=seen)
    seen = plan_move(actor=scene.head, rubric=rubric).fingerprint
    move(scene, rubric, due_on=None, seen=seen)
    assert SheetMove.objects.count() == 4


def test_mixed_versions_keep_the_table_from_the_meeting() -> None:
    scene = submitted_scene()
    rubric = next_version(scene.world, alter("A2", per=D(1)))
    mixed = CHECKS["table"][0]
    (blocker,) = mixed(scene.world.bloc_year)
    assert blocker.hard
    assert len(blocker.names) == 4
    move(scene, rubric, due_on=None)
    assert list(mixed(scene.world.bloc_year)) == []
