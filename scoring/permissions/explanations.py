"""Who may explain what was cut on a score sheet, answer it, dispute and settle it."""

from __future__ import annotations

from blocs.enums import YearStatus
from blocs.standing import Standing
from emulation import clock
from emulation.access import ALLOWED, Verdict, allow_if, refuse
from emulation.vietnamese import format_date
from scoring.enums import SheetStatus
from scoring.models import Dispute, Explanation, ScoreLine, ScoreSheet
from scoring.permissions.appraisal import (
    DISPUTABLE,
    before_adoption,
    before_tabling,
    is_approver,
    is_clerk,
    is_overseer,
    oversight_of,
)
from scoring.permissions.sheet import can_fill_sheet
from scoring.selectors.shares import shares_of
from scoring.selectors.sheets import may_read_content
from scoring.selectors.staffing import Staffing, staffing_of

ONE_ANSWERS = (
    "Đơn vị thẩm định chỉ có một người nên người thẩm định cũng là người trả lời giải trình."
)
_EXPLAINABLE = SheetStatus.EXPLANATION_REQUESTED

# ---------------------------------------------------------------- explanation


def can_explain(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Agree or argue about cut lines: the unit's own people, until the end of the deadline."""
    return (
        allow_if(
            sheet.membership.unit_id in standing.units, "Việc giải trình do chính đơn vị thực hiện."
        )
        and before_tabling(sheet)
        and allow_if(
            sheet.stage == _EXPLAINABLE, "Bảng chấm điểm không ở bước chờ đơn vị giải trình."
        )
        and _in_time(sheet)
    )


def _in_time(sheet: ScoreSheet) -> Verdict:
    due_on = sheet.explanation_due_on
    if due_on is None or clock.today() <= due_on:
        return ALLOWED
    return refuse(
        f"Hạn giải trình đã hết ngày {format_date(due_on)}; tiêu chí chưa trả lời được coi là "
        "không có ý kiến và giữ điểm thẩm định."
    )


def can_add_evidence(standing: Standing, sheet: ScoreSheet, line: ScoreLine) -> Verdict:
    """Attach papers to a line: while the sheet is with its unit, and in the explanation round to
    the lines the unit is asked about.
    """
    edits = can_fill_sheet(standing, sheet)
    if edits or not can_explain(standing, sheet):
        return edits
    asked = Explanation.objects.filter(line=line, answer="")
    return allow_if(
        asked.exists(), "Trong thời gian giải trình chỉ thêm minh chứng cho tiêu chí được hỏi."
    )


def can_answer(
    standing: Standing,
    sheet: ScoreSheet,
    explanation: Explanation,
    staffing: Staffing | None = None,
) -> Verdict:
    """Answer an argued line: another person than the one who cut it, where there is one.

    Where departments appraise, those who judge the line, or whoever approves the sheet.
    """
    return (
        is_overseer(standing, sheet, staffing)
        and may_read_content(standing, sheet)
        and before_tabling(sheet)
        and allow_if(
            sheet.stage == _EXPLAINABLE, "Bảng chấm điểm không ở bước chờ đơn vị giải trình."
        )
        and _answers_own_line(standing, sheet, explanation, staffing)
        and _another_answers(standing, sheet, explanation, staffing)
    )


def _answers_own_line(
    standing: Standing, sheet: ScoreSheet, explanation: Explanation, staffing: Staffing | None
) -> Verdict:
    shares, criterion = shares_of(standing, sheet, staffing), explanation.line.criterion
    if shares.is_mine(criterion) or is_approver(standing, sheet, staffing):
        return ALLOWED
    return refuse(f"{shares.owner(criterion)} thẩm định và trả lời tiêu chí {criterion.code}.")


def _another_answers(
    standing: Standing, sheet: ScoreSheet, explanation: Explanation, staffing: Staffing | None
) -> Verdict:
    if explanation.answer or explanation.line.appraised_by_id != standing.user_id:
        return ALLOWED
    others = _who_answers(standing, sheet, explanation, staffing) - {standing.user_id}
    return allow_if(
        not others,
        "Đồng chí đã thẩm định tiêu chí này; người trả lời giải trình phải là người khác "
        f"({_others_in_words(standing, sheet)}).",
    )


def _others_in_words(standing: Standing, sheet: ScoreSheet) -> str:
    if sheet.membership.unit_id == standing.head:
        return "lãnh đạo hoặc cán bộ khác của đơn vị thay Trưởng khối"
    return "Trưởng khối, hoặc người thẩm định khác của bảng này"


def _who_answers(
    standing: Standing, sheet: ScoreSheet, explanation: Explanation, staffing: Staffing | None
) -> frozenset[int]:
    oversight = oversight_of(standing, sheet, staffing)
    shares = shares_of(standing, sheet, staffing)
    if shares.is_split:
        return oversight.approvers | shares.judges(explanation.line.criterion)
    if not sheet.is_in_second_round:
        return oversight.people
    staffing = staffing or staffing_of(standing, sheet.bloc_year_id)
    return oversight.people | staffing.second_readers(standing, sheet.membership.unit_id)


# ---------------------------------------------------------------- disputes


def can_dispute(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Put a result before the meeting: the unit's own people, once the appraisal is finished."""
    return (
        allow_if(
            sheet.membership.unit_id in standing.units,
            "Việc nêu ý kiến không thống nhất do chính đơn vị thực hiện.",
        )
        and before_adoption(sheet)
        and allow_if(
            sheet.stage in DISPUTABLE, "Bảng chấm điểm chưa thẩm định xong nên chưa có kết quả."
        )
    )


def can_settle(standing: Standing, dispute: Dispute, staffing: Staffing | None = None) -> Verdict:
    """Record what the meeting resolved on a dispute: whoever approves the sheet, or that unit's
    officers, at the meeting.
    """
    sheet = dispute.sheet
    return (
        (is_approver(standing, sheet, staffing) or is_clerk(standing, sheet))
        and may_read_content(standing, sheet)
        and allow_if(
            sheet.bloc_year.step.reached(YearStatus.MEETING),
            "Nội dung này do hội nghị kết luận, sau khi bảng tổng hợp được trình ra hội nghị.",
        )
        and before_adoption(sheet)
    )
