"""The score sheet as a state machine: every transition, who takes it, what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from blocs.enums import AppraisalRounds, AppraisedBy
from blocs.permissions import is_head
from blocs.selectors.standing import standing_in
from blocs.standing import Standing, appraiser_of, overseer_of, second_readers_of
from emulation import clock
from emulation.access import Verdict, all_of, any_of
from emulation.models import User
from emulation.vietnamese import format_date
from emulation.workflow import Acting, Blocker, Transition, Workflow
from scoring.enums import LatePolicy, SheetStatus
from scoring.models import ScoreSheet, SheetTransition
from scoring.permissions.appraisal import (
    before_tabling,
    can_appraise,
    can_approve,
    can_ask_unit,
    can_lead_appraisal,
    can_make_second_round,
    can_return,
    has_rounds,
    leads_appraisal,
)
from scoring.permissions.rubric import rubric_is_open
from scoring.permissions.sheet import can_edit_sheet, can_enter_on_paper, can_submit
from scoring.selectors.sheet_content import MissingItem, missing_items
from scoring.selectors.sheets import checks_sheet, first_due_of, is_of_department, paper_of

S = SheetStatus

START = Transition(
    "start",
    (S.NOT_STARTED,),
    S.DRAFTING,
    "Bắt đầu tự chấm điểm",
    "Đơn vị nhập từng tiêu chí, có thể lưu nhiều lần trước khi nộp.",
)
SUBMIT = Transition(
    "submit",
    (S.DRAFTING,),
    S.SUBMITTED,
    "Nộp bảng tự chấm điểm",
    "Sau khi nộp, đơn vị không sửa được; Khối thẩm định từng tiêu chí theo minh chứng.",
)
HANDED_IN = (
    *(S.SUBMITTED, S.APPRAISING, S.SECOND_ROUND),
    *(S.EXPLANATION_REQUESTED, S.APPRAISED, S.APPROVED),
)
RETURN_TO_UNIT = Transition(
    "return_to_unit",
    HANDED_IN,
    S.DRAFTING,
    "Trả lại đơn vị",
    "Đơn vị sửa bảng tự chấm điểm và nộp lại trước hạn mới.",
    needs_reason=True,
)
START_APPRAISAL = Transition(
    "start_appraisal",
    (S.SUBMITTED,),
    S.APPRAISING,
    "Bắt đầu thẩm định",
    "Người thẩm định xem minh chứng và chấm từng tiêu chí.",
)
REQUEST_EXPLANATION = Transition(
    "request_explanation",
    (S.APPRAISING, S.SECOND_ROUND),
    S.EXPLANATION_REQUESTED,
    "Gửi đơn vị giải trình",
    "Đơn vị trả lời các tiêu chí có chênh lệch trong thời hạn; quá hạn coi như không có ý kiến.",
)
CLOSE_EXPLANATION = Transition(
    "close_explanation",
    (S.EXPLANATION_REQUESTED,),
    S.APPRAISING,
    "Kết thúc giải trình",
    "Tiêu chí đơn vị không trả lời giữ nguyên điểm thẩm định, ghi “không có ý kiến”.",
)
CLOSE_IN_SECOND_ROUND = Transition(
    "close_in_second_round",
    (S.EXPLANATION_REQUESTED,),
    S.SECOND_ROUND,
    CLOSE_EXPLANATION.label,
    CLOSE_EXPLANATION.what_next,
)
FINISH_FIRST_ROUND = Transition(
    "finish_first_round",
    (S.APPRAISING,),
    S.SECOND_ROUND,
    "Hoàn thành vòng một",
    "Một người khác thẩm định vòng hai; sau đó đơn vị mới được mời giải trình và bảng mới được "
    "trình duyệt.",
)
BACK_TO_FIRST_ROUND = Transition(
    "back_to_first_round",
    (S.SECOND_ROUND,),
    S.APPRAISING,
    "Trả về vòng một",
    "Người thẩm định vòng một sửa rồi hoàn thành lại; vòng hai làm lại từ đầu.",
    needs_reason=True,
)
FINISH_SECOND_ROUND = Transition(
    "finish_second_round",
    (S.SECOND_ROUND,),
    S.APPRAISED,
    "Hoàn thành thẩm định vòng hai",
    "Tiêu chí không sửa được coi là đã xác nhận. Bảng chấm điểm chuyển đến người có thẩm quyền "
    "để duyệt.",
)
FINISH_APPRAISAL = Transition(
    "finish_appraisal",
    (S.APPRAISING,),
    S.APPRAISED,
    "Hoàn thành thẩm định",
    "Bảng chấm điểm chuyển đến người có thẩm quyền để duyệt.",
)
APPROVE = Transition(
    "approve",
    (S.APPRAISED,),
    S.APPROVED,
    "Duyệt điểm",
    "Điểm thẩm định trở thành điểm chính thức, đưa vào bảng tổng hợp của Khối.",
)
REOPEN_APPRAISAL = Transition(
    "reopen_appraisal",
    (S.APPRAISED, S.APPROVED),
    S.APPRAISING,
    "Mở lại thẩm định",
    "Điểm chính thức bị hủy cho đến khi được duyệt lại.",
    needs_reason=True,
)
MOVE_BACK = Transition(
    "move_back",
    (S.SECOND_ROUND, S.APPRAISED, S.APPROVED),
    S.APPRAISING,
    "Thẩm định lại theo bảng chấm điểm mới",
    "Người thẩm định xem lại các tiêu chí thay đổi rồi hoàn thành thẩm định.",
)
MOVE_RETURN = Transition(
    "move_return",
    HANDED_IN,
    S.DRAFTING,
    "Trả lại đơn vị để bổ sung theo bảng chấm điểm mới",
    "Đơn vị nhập các tiêu chí mới, xem lại các tiêu chí thay đổi rồi nộp lại trước hạn mới.",
)


def _can_be_moved(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Put back by a later version of the table: the head, on every sheet by the same rule."""
    return all_of(is_head(standing), rubric_is_open(sheet.bloc_year))


def _can_start(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Begin a sheet: the unit's own people, or the secretary entering what came on paper."""
    return any_of(can_enter_on_paper(standing, sheet), can_edit_sheet(standing, sheet))


def _can_reopen(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Take a finished or approved sheet back: whoever appraises or approves it, until the table is
    tabled; the meeting settles by resolution and drops no approval.
    """
    return all_of(
        any_of(can_appraise(standing, sheet), can_approve(standing, sheet)),
        before_tabling(sheet),
    )


def _can_finish_alone(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Finish where one round is enough."""
    return all_of(has_rounds(sheet, AppraisalRounds.ONE), can_lead_appraisal(standing, sheet))


def _can_finish_first(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Finish the first of two rounds."""
    return all_of(has_rounds(sheet, AppraisalRounds.TWO), can_lead_appraisal(standing, sheet))


BY: dict[str, Callable[[Standing, ScoreSheet], Verdict]] = {
    START.name: _can_start,
    SUBMIT.name: can_submit,
    RETURN_TO_UNIT.name: can_return,
    START_APPRAISAL.name: can_appraise,
    REQUEST_EXPLANATION.name: can_ask_unit,
    CLOSE_EXPLANATION.name: can_lead_appraisal,
    CLOSE_IN_SECOND_ROUND.name: can_make_second_round,
    FINISH_FIRST_ROUND.name: _can_finish_first,
    BACK_TO_FIRST_ROUND.name: can_make_second_round,
    FINISH_SECOND_ROUND.name: can_make_second_round,
    FINISH_APPRAISAL.name: _can_finish_alone,
    APPROVE.name: can_approve,
    REOPEN_APPRAISAL.name: _can_reopen,
    MOVE_BACK.name: _can_be_moved,
    MOVE_RETURN.name: _can_be_moved,
}


def _permitted(user: User, sheet: ScoreSheet, transition: Transition) -> Verdict:
    return BY[transition.name](standing_in(user, sheet.bloc_year), sheet)


def acting_on(standing: Standing, sheet: ScoreSheet) -> Acting:
    """Return on whose behalf a person acts on a sheet: the unit itself, or whoever appraises it."""
    unit_id = sheet.membership.unit_id
    if unit_id in standing.units:
        return standing.acting_member(unit_id)
    if sheet.is_in_second_round:
        acting = _acting_in_second_round(standing, unit_id)
        return Acting(acting.unit_id, f"{acting.label}, thẩm định vòng hai")
    if standing.appraised_by == AppraisedBy.CROSS_CHECK and checks_sheet(standing, sheet):
        return standing.acting_for(min(standing.own_members), "Tổ kiểm tra chéo")
    if is_of_department(standing, sheet) and not leads_appraisal(standing, sheet):
        return standing.acting_for(min(standing.own_members), "Bộ phận chuyên môn")
    appraiser = appraiser_of(standing, unit_id, standing.appraised_by)
    if appraiser != standing.head and appraiser in standing.units and standing.deputies:
        return standing.acting_for(appraiser, "Phó Trưởng khối")
    return _acting_overseer(standing, unit_id)


def _acting_in_second_round(standing: Standing, unit_id: int) -> Acting:
    own = [each for each in second_readers_of(standing, unit_id) if each in standing.units]
    if own and overseer_of(standing, unit_id) not in standing.serves:
        return standing.acting_for(own[0], "Phó Trưởng khối")
    return _acting_overseer(standing, unit_id)


def _acting_overseer(standing: Standing, unit_id: int) -> Acting:
    """Return on whose behalf a sheet is approved: the head, or whoever stands in for it."""
    if unit_id != standing.head:
        return standing.acting_head
    capacity = "Phó Trưởng khối" if standing.deputies else "Đơn vị thay Trưởng khối"
    return standing.acting_for(overseer_of(standing, unit_id), capacity)


def forget_first_round(sheet: ScoreSheet) -> None:
    """Clear who finished a first round, once the step that undoes it was taken: before, the
    gateway asks who that was.
    """
    if sheet.first_round_at is not None:
        sheet.first_round_at = sheet.first_round_by = None
        sheet.save(update_fields=["first_round_at", "first_round_by"])


def finishing_of(sheet: ScoreSheet) -> Transition:
    """Return how the round that a sheet is in is finished."""
    if sheet.is_in_second_round:
        return FINISH_SECOND_ROUND
    twice = sheet.bloc_year.appraisal_rounds == AppraisalRounds.TWO
    return FINISH_FIRST_ROUND if twice else FINISH_APPRAISAL


def _acting(user: User, sheet: ScoreSheet, transition: Transition) -> Acting:
    standing = standing_in(user, sheet.bloc_year)
    if transition in (MOVE_BACK, MOVE_RETURN):
        return standing.acting_head
    if transition is APPROVE:
        return _acting_overseer(standing, sheet.membership.unit_id)
    return acting_on(standing, sheet)


def _blockers(sheet: ScoreSheet, transition: Transition) -> Iterable[Blocker]:
    if transition is not SUBMIT:
        return
    yield from submission_blockers(sheet, missing_items(sheet))


def submission_blockers(sheet: ScoreSheet, missing: Iterable[MissingItem]) -> Iterable[Blocker]:
    """Yield what keeps a unit from handing in: base lines unscored, and a strict deadline.

    The deadline is that of the first submission; a sheet once received may always come back, and a
    paper was received on its day.
    """
    unscored = tuple(item.code for item in missing if item.blocks)
    if unscored:
        yield Blocker(f"Còn {len(unscored)} tiêu chí chưa chấm:", names=unscored)
    if sheet.rubric.late_policy != LatePolicy.REFUSE:
        return
    due_on, paper = first_due_of(sheet), paper_of(sheet)
    received = sheet.first_submitted_at or clock.now()
    if paper and sheet.first_submitted_at is None:
        received = clock.end_of(paper.received_on)
    if due_on and clock.is_late(received, due_on):
        yield Blocker(
            f"Hạn nộp {format_date(due_on)} đã qua và bảng chấm điểm quy định không nhận sau hạn. "
            "Đề nghị đơn vị báo Trưởng khối xem xét gia hạn."
        )


SHEET_WORKFLOW = Workflow(
    subject="sheet",
    record=SheetTransition,
    transitions=(
        START,
        SUBMIT,
        RETURN_TO_UNIT,
        START_APPRAISAL,
        REQUEST_EXPLANATION,
        CLOSE_EXPLANATION,
        CLOSE_IN_SECOND_ROUND,
        FINISH_FIRST_ROUND,
        BACK_TO_FIRST_ROUND,
        FINISH_SECOND_ROUND,
        FINISH_APPRAISAL,
        APPROVE,
        REOPEN_APPRAISAL,
        MOVE_BACK,
        MOVE_RETURN,
    ),
    permitted=_permitted,
    acting=_acting,
    blockers=_blockers,
)
