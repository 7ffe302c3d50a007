"""Lines judged: points follow inputs, reasons, history, versions; finishing and approving."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from emulation.access import Conflict, Refused
from emulation.models import User
from scoring.models import PointChange, SheetTransition
from scoring.services.appraisal import (
    AppraisalDraft,
    LinesChanged,
    accept_rest,
    appraise_lines,
    finish_appraisal,
    reopen_appraisal,
)
from scoring.services.approval import approve_sheet, approve_sheets, plan_approvals
from scoring.services.sheets import return_sheet
from tests.factories import make_person
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    cut,
    days,
    submitted_scene,
)

pytestmark = pytest.mark.django_db
D = Decimal


# ---------------------------------------------------------------- lines


def test_the_input_is_corrected_and_the_points_follow() -> None:
    scene = submitted_scene()
    cut(scene)
    line = scene.line("A2")
    assert line.appraised_input == {"kind": "count", "n": 6}
    assert (line.self_points, line.appraised_points) == (D("8.50"), D("7.00"))
    assert line.appraised_by == scene.secretary
    assert scene.sheet().status == "appraising"
    change = PointChange.objects.get(line=line, stage="appraised")
    assert (change.old_points, change.new_points) == (None, D("7.00"))
    assert change.reason
    assert change.actor == scene.secretary
    assert "Thư ký Khối" in change.acting_as


def test_the_total_waits_for_every_line_and_then_differs_by_the_cut() -> None:
    scene = submitted_scene()
    cut(scene)
    assert scene.total("appraised") is None
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    assert (scene.total("self"), scene.total("appraised")) == (D("96.50"), D("95.00"))


@pytest.mark.parametrize("fields", [{"n": "6"}, {"n": "0"}])
def test_a_cut_and_a_raise_need_a_reason(fields: dict[str, str]) -> None:
    scene = submitted_scene()
    line = scene.line("A2")
    drafts = {line.criterion_id: AppraisalDraft(line.version, raw=fields, reason="  ")}
    with pytest.raises(ValidationError) as refused:
        appraise_lines(actor=scene.secretary, sheet=line.sheet, lines=drafts)
    assert list(refused.value.message_dict) == [f"{line.criterion_id}-reason"]
    assert scene.line("A2").appraised_input is None


def test_keeping_needs_no_reason_and_is_recorded() -> None:
    scene = submitted_scene()
    line = scene.line("A3")
    drafts = {line.criterion_id: AppraisalDraft(line.version, accept=True)}
    appraise_lines(actor=scene.secretary, sheet=line.sheet, lines=drafts)
    assert scene.line("A3").appraised_input == line.self_input
    assert PointChange.objects.filter(line=line, stage="appraised").count() == 1


def test_points_are_typed_only_where_the_rubric_says_so() -> None:
    scene = submitted_scene()
    line = scene.line("A2")
    drafts = {line.criterion_id: AppraisalDraft(line.version, raw={"points": "5"}, reason="x")}
    with pytest.raises(ValidationError):
        appraise_lines(actor=scene.secretary, sheet=line.sheet, lines=drafts)
    cut(scene, "A4", points="40,5")
    assert scene.line("A4").appraised_points == D("40.50")


def test_a_blank_bonus_can_be_granted_by_the_appraiser() -> None:
    scene = submitted_scene()
    cut(scene, "P2", passed="1")
    assert scene.line("P2").appraised_points == 3


def test_all_lines_or_none() -> None:
    scene = submitted_scene()
    good, bad = scene.line("A2"), scene.line("A4")
    drafts = {
        good.criterion_id: AppraisalDraft(good.version, raw={"n": "6"}, reason="Có sổ"),
        bad.criterion_id: AppraisalDraft(bad.version, raw={"points": "51"}, reason="Có sổ"),
    }
    with pytest.raises(ValidationError):
        appraise_lines(actor=scene.secretary, sheet=good.sheet, lines=drafts)
    assert scene.line("A2").appraised_input is None
    assert scene.sheet().status == "submitted"


def test_a_stale_version_is_told_both_versions_and_changes_nothing() -> None:
    scene = submitted_scene()
    line = scene.line("A2")
    cut(scene)
    drafts = {line.criterion_id: AppraisalDraft(line.version, raw={"n": "9"}, reason="Khác")}
    with pytest.raises(LinesChanged) as clash:
        appraise_lines(actor=make_second(scene), sheet=line.sheet, lines=drafts)
    assert clash.value.clashes[0].shown == "6 lỗi"
    assert scene.line("A2").appraised_input == {"kind": "count", "n": 6}


def make_second(scene: Scene) -> User:
    return make_person(scene.world.units[0])


def test_a_double_press_clashes_with_nothing() -> None:
    scene = submitted_scene()
    line = scene.line("A1")
    drafts = {line.criterion_id: AppraisalDraft(line.version, accept=True)}
    for _ in range(2):
        appraise_lines(actor=scene.secretary, sheet=line.sheet, lines=drafts)
    assert PointChange.objects.filter(line=line, stage="appraised").count() == 1


def test_versions_of_other_lines_do_not_clash() -> None:
    scene = submitted_scene()
    other = scene.line("A1")
    cut(scene)
    drafts = {other.criterion_id: AppraisalDraft(other.version, accept=True)}
    appraise_lines(actor=scene.secretary, sheet=other.sheet, lines=drafts)
    assert scene.line("A1").appraised_points == D("22.50")


def test_accepting_the_rest_of_a_section_leaves_judged_lines_and_other_sections_alone() -> None:
    scene = submitted_scene()
    cut(scene)
    section = scene.line("A1").criterion.section_id
    kept = accept_rest(actor=scene.secretary, sheet=scene.sheet(), section_id=section)
    assert kept == 3
    assert scene.line("A2").appraised_points == 7
    assert scene.line("P1").appraised_input is None


def test_foreign_criteria_are_refused() -> None:
    scene = submitted_scene()
    with pytest.raises(Conflict):
        appraise_lines(
            actor=scene.secretary,
            sheet=scene.sheet(),
            lines={10**9: AppraisalDraft(1, accept=True)},
        )


def test_a_draft_sheet_is_not_appraised() -> None:
    scene = submitted_scene()
    return_sheet(actor=scene.secretary, sheet=scene.sheet(), reason="Thiếu", due_on=days(3))
    with pytest.raises((Refused, Conflict)):
        cut(scene)


def test_the_list_of_changes_is_never_rewritten() -> None:
    scene = submitted_scene()
    cut(scene)
    cut(scene, n="8")
    points = [
        change.new_points
        for change in PointChange.objects.filter(line=scene.line("A2"), stage="appraised").order_by(
            "pk"
        )
    ]
    assert points == [D("7.00"), D("6.00")]


# ---------------------------------------------------------------- finish, approve, reopen


def test_finishing_names_what_is_left() -> None:
    scene = submitted_scene()
    cut(scene)
    with pytest.raises(Conflict) as refused:
        finish_appraisal(actor=scene.secretary, sheet=scene.sheet())
    assert "A1, A3, A4, P1" in refused.value.details[0]


def test_finishing_without_asking_needs_a_reason() -> None:
    scene = submitted_scene()
    cut(scene)
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    with pytest.raises(ValidationError):
        finish_appraisal(actor=scene.secretary, sheet=scene.sheet())
    finish_appraisal(actor=scene.secretary, sheet=scene.sheet(), reason="Đơn vị đã đồng ý")
    row = SheetTransition.objects.filter(sheet=scene.sheets[2]).latest("pk")
    assert (row.transition, row.reason) == ("finish_appraisal", "Đơn vị đã đồng ý")


def test_approval_makes_the_appraised_points_final() -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene)
    approve_all(scene)
    line, sheet = scene.line("A2"), scene.sheet()
    assert (line.final_input, line.final_points) == (line.appraised_input, D("7.00"))
    assert scene.total("final") == D("95.00")
    assert sheet.approved_by == scene.head
    assert sheet.approved_at is not None
    with pytest.raises(Conflict):
        approve_sheet(actor=scene.head, sheet=sheet)


def test_an_edit_after_approval_puts_the_sheet_back() -> None:
    scene = submitted_scene()
    appraise_all(scene)
    approve_all(scene)
    cut(scene)
    sheet = scene.sheet()
    assert sheet.status == "appraising"
    assert sheet.approved_at is sheet.approved_by is sheet.appraised_at is None
    assert scene.line("A1").final_points is None
    assert scene.total("final") is None
    row = SheetTransition.objects.filter(sheet=sheet).latest("pk")
    assert row.transition == "reopen_appraisal"
    assert "A2: Văn phòng" in row.reason


def test_an_edit_after_approval_back_to_the_units_figures_needs_a_reason() -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene)
    approve_all(scene)
    line = scene.line("A2")
    drafts = {line.criterion_id: AppraisalDraft(line.version, accept=True)}
    with pytest.raises(ValidationError):
        appraise_lines(actor=scene.secretary, sheet=line.sheet, lines=drafts)
    assert scene.sheet().status == "approved"
    appraise_lines(
        actor=scene.secretary, sheet=line.sheet, lines=drafts, reason="Đơn vị bổ sung sổ"
    )
    assert scene.sheet().status == "appraising"


def test_keeping_what_is_kept_reopens_nothing() -> None:
    scene = submitted_scene()
    appraise_all(scene)
    approve_all(scene)
    line = scene.line("A1")
    drafts = {line.criterion_id: AppraisalDraft(line.version, accept=True)}
    appraise_lines(actor=scene.secretary, sheet=line.sheet, lines=drafts)
    assert scene.sheet().status == "approved"


def test_reopening_needs_a_reason_and_the_head_may() -> None:
    scene = submitted_scene()
    appraise_all(scene)
    with pytest.raises(ValidationError):
        reopen_appraisal(actor=scene.head, sheet=scene.sheet(), reason=" ")
    reopen_appraisal(actor=scene.head, sheet=scene.sheet(), reason="Xem lại A2")
    assert scene.sheet().status == "appraising"


def test_several_sheets_are_approved_and_the_others_told_why() -> None:
    scene = submitted_scene()
    appraise_all(scene, (0, 2))
    year, ids = scene.world.bloc_year, [sheet.pk for sheet in scene.sheets]
    plan = plan_approvals(user=scene.head, bloc_year=year, sheet_ids=ids)
    assert [sheet.pk for sheet in plan.sheets] == [scene.sheets[2].pk]
    reasons = {each.sheet.pk: each.reason for each in plan.left}
    assert "chính đơn vị mình" in reasons[scene.sheets[0].pk]
    assert "chưa thẩm định xong" in reasons[scene.sheets[1].pk]
    assert scene.sheet().status == "appraised"
    done = approve_sheets(actor=scene.head, bloc_year=year, sheet_ids=ids)
    assert done.names == [scene.world.memberships[2].unit_name]
    assert [scene.sheet(unit).status for unit in (0, 2)] == ["appraised", "approved"]


def test_sheets_of_another_year_are_left_out() -> None:
    scene, other = submitted_scene(), submitted_scene()
    appraise_all(other)
    done = approve_sheets(
        actor=scene.head, bloc_year=scene.world.bloc_year, sheet_ids=[other.sheets[2].pk]
    )
    assert done.sheets == done.left == ()
    assert other.sheet().status == "appraised"
