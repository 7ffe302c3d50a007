"""Who may appraise, approve and read the appraisal of a score sheet.

The head unit acts on every sheet but its own, its stand-in on the head's: leaders approve; the
year's setting says who appraises (the head's officers and those it named, the deputies' officers,
the sheet's cross-checkers, or for each criterion its department), and nobody touches a sheet of a
unit where he or she has a post. Whose line is whose says ``scoring.selectors.shares``.
Each predicate looks at the year's step; the sheet's own status is looked at by the workflow.
``staffing`` may be handed in where many sheets are asked about at once.
"""

from __future__ import annotations

from blocs.enums import AppraisalRounds, AppraisedBy, YearStatus
from blocs.models import BlocYear
from blocs.standing import NO_STAND_IN, Standing, appraiser_of, no_conflict, overseer_of
from emulation.access import ALLOWED, Verdict, allow_if, refuse
from scoring.enums import SheetStatus
from scoring.models import ScoreSheet
from scoring.selectors.overview import Sight
from scoring.selectors.sheets import (
    checks_sheet,
    is_of_department,
    may_read_content,
    reads_again,
)
from scoring.selectors.staffing import Oversight, Staffing, staffing_of

NOT_YET = "Khối chưa đến bước tự chấm điểm, thẩm định."
TABLED = (
    "Bảng tổng hợp đã trình hội nghị nên không sửa thẩm định được nữa. "
    "Điểm đang có ý kiến khác nhau do hội nghị kết luận."
)
ADOPTED = "Kết quả đã được hội nghị thông qua nên không thay đổi được nữa."
ONE_DOES_BOTH = "Đơn vị chỉ có một người nên một người vừa thẩm định vừa duyệt."

SECOND_BY = (
    "Vòng hai do cán bộ tổ thư ký (bảng của Trưởng khối: cán bộ đơn vị thay Trưởng khối) hoặc "
    "người của Phó Trưởng khối thực hiện."
)
SAME_PERSON = (
    "Đồng chí đã hoàn thành vòng một của bảng này; vòng hai do người khác trong tổ thư ký hoặc của "
    "Phó Trưởng khối thực hiện."
)

DISPUTABLE = (SheetStatus.APPRAISED, SheetStatus.APPROVED)
_HANDED_IN = tuple(
    status
    for status in SheetStatus
    if status not in (SheetStatus.NOT_STARTED, SheetStatus.DRAFTING)
)


# ---------------------------------------------------------------- moments


def _before(sheet: ScoreSheet, last: YearStatus, too_late: str) -> Verdict:
    step = sheet.bloc_year.step
    if not step.reached(YearStatus.SELF_SCORING):
        return refuse(NOT_YET)
    return allow_if(not step.reached(last), too_late)


def before_tabling(sheet: ScoreSheet) -> Verdict:
    """Appraisal, explanation and return end when the head tables the table."""
    return _before(sheet, YearStatus.MEETING, TABLED)


def before_adoption(sheet: ScoreSheet) -> Verdict:
    """Approval and disputes end when the meeting has adopted the result."""
    return _before(sheet, YearStatus.ADOPTED, ADOPTED)


def is_handed_in(sheet: ScoreSheet) -> Verdict:
    """Others look at a sheet only while it is out of the unit's hands."""
    return allow_if(sheet.stage in _HANDED_IN, "Đơn vị chưa nộp bảng tự chấm điểm.")


# ---------------------------------------------------------------- roles


def oversight_of(
    standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None
) -> Oversight:
    """Return who acts on the sheet; two queries unless ``staffing`` is handed in."""
    staffing = staffing or staffing_of(standing, sheet.bloc_year_id)
    return staffing.oversight(standing, sheet.membership.unit_id)


def has_overseer(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Somebody has to act on the sheet: the head, or a stand-in for the head's own."""
    unit_id = sheet.membership.unit_id
    if overseer_of(standing, unit_id) is not None:
        return ALLOWED
    if standing.head is None:
        return refuse("Khối chưa có Trưởng khối của năm này.")
    return refuse(NO_STAND_IN)


def is_appraiser(
    standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None
) -> Verdict:
    """Whoever appraises by the year's setting; never on the sheet of one's own unit."""
    unit_id = sheet.membership.unit_id
    return (
        no_conflict(standing, unit_id)
        and has_overseer(standing, sheet)
        and _appraises(standing, sheet, staffing)
    )


def _appraises(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None) -> Verdict:
    if standing.appraised_by == AppraisedBy.CROSS_CHECK:
        return allow_if(checks_sheet(standing, sheet), _who_appraises(standing, sheet))
    if is_of_department(standing, sheet):
        return ALLOWED
    return _appraises_the_rest(standing, sheet, staffing)


def _appraises_the_rest(
    standing: Standing, sheet: ScoreSheet, staffing: Staffing | None
) -> Verdict:
    """Officers of the unit that appraises; its leaders only where it has no officer."""
    unit = appraiser_of(standing, sheet.membership.unit_id, standing.appraised_by)
    if unit in standing.serves or (unit == standing.head and standing.is_named_secretary):
        return ALLOWED
    if unit not in standing.leads:
        return refuse(_who_appraises(standing, sheet))
    people = oversight_of(standing, sheet, staffing).appraisers
    return allow_if(
        standing.user_id in people,
        "Cán bộ làm thư ký thực hiện việc này; lãnh đạo duyệt sau khi thẩm định xong.",
    )


def _who_appraises(standing: Standing, sheet: ScoreSheet) -> str:
    if standing.appraised_by == AppraisedBy.CROSS_CHECK:
        return "Bảng chấm điểm do người được phân công kiểm tra chéo bảng này thẩm định."
    if standing.appraised_by == AppraisedBy.DEPARTMENTS:
        return "Bảng chấm điểm do người của các bộ phận và tổ thư ký của Khối thẩm định."
    unit_id = sheet.membership.unit_id
    if unit_id == standing.head:
        return "Bảng chấm điểm của Trưởng khối do cán bộ đơn vị thay Trưởng khối thẩm định."
    if appraiser_of(standing, unit_id, standing.appraised_by) != standing.head:
        return "Bảng chấm điểm do cán bộ đơn vị Phó Trưởng khối thẩm định."
    return "Bảng chấm điểm do tổ thư ký của Khối thẩm định."


def leads_appraisal(
    standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None
) -> Verdict:
    """Whoever speaks for the appraisal as a whole: starts rounds, finishes, returns the sheet.

    Everybody who appraises; where departments do, only whoever judges the lines of none.
    """
    appraises = is_appraiser(standing, sheet, staffing)
    if not appraises or standing.appraised_by != AppraisedBy.DEPARTMENTS:
        return appraises
    return allow_if(
        bool(_appraises_the_rest(standing, sheet, staffing)), _who_leads(standing, sheet)
    )


def _who_leads(standing: Standing, sheet: ScoreSheet) -> str:
    stands_in = sheet.membership.unit_id == standing.head
    who = "đơn vị thay Trưởng khối" if stands_in else "tổ thư ký của Khối"
    return f"Bộ phận thẩm định tiêu chí của mình; việc chung của bảng chấm điểm do {who} thực hiện."


def is_clerk(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Officers of the unit that approves, and for the head also those it named: they read the
    appraisal and record what the meeting resolved, whoever appraises.
    """
    unit_id = sheet.membership.unit_id
    overseer = overseer_of(standing, unit_id)
    serves = overseer is not None and overseer in standing.serves
    named = overseer == standing.head and standing.is_named_secretary
    return no_conflict(standing, unit_id) and allow_if(
        serves or named, "Việc này do đơn vị Trưởng khối hoặc đơn vị thay Trưởng khối thực hiện."
    )


def is_approver(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None) -> Verdict:
    """Leaders of the acting unit; where it has one person only, that person."""
    unit_id = sheet.membership.unit_id
    return (
        no_conflict(standing, unit_id)
        and has_overseer(standing, sheet)
        and _approves(standing, sheet, staffing)
    )


def _approves(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None) -> Verdict:
    overseer = overseer_of(standing, sheet.membership.unit_id)
    if overseer in standing.leads:
        return ALLOWED
    if overseer in standing.serves:
        people = oversight_of(standing, sheet, staffing).approvers
        if standing.user_id in people:
            return ALLOWED
    if sheet.membership.unit_id == standing.head:
        return refuse("Bảng chấm điểm của Trưởng khối do lãnh đạo đơn vị thay Trưởng khối duyệt.")
    return refuse("Bảng chấm điểm do lãnh đạo đơn vị Trưởng khối duyệt.")


def is_overseer(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None) -> Verdict:
    """Whoever appraises or approves the sheet, in either round."""
    acts = is_approver(standing, sheet, staffing) or is_appraiser(standing, sheet, staffing)
    if acts or standing.appraisal_rounds == AppraisalRounds.ONE:
        return acts
    return acts if not is_second_reader(standing, sheet) else ALLOWED


def is_second_reader(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Who may make the second round: officers of whoever approves, for the head also those it
    named; people of a deputy. Never on the sheet of one's own unit. No query.
    """
    unit_id = sheet.membership.unit_id
    overseer = overseer_of(standing, unit_id)
    named = overseer == standing.head and standing.is_named_secretary
    return (
        no_conflict(standing, unit_id)
        and has_overseer(standing, sheet)
        and allow_if(
            overseer in standing.serves or named or reads_again(standing, unit_id), SECOND_BY
        )
    )


# ---------------------------------------------------------------- appraisal and approval


def can_appraise(
    standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None
) -> Verdict:
    """Whoever appraises by the year's setting judges and finishes: until the table is tabled.

    While a second round runs, whoever makes that.
    """
    if sheet.is_in_second_round:
        return can_make_second_round(standing, sheet)
    return (
        is_appraiser(standing, sheet, staffing)
        and may_read_content(standing, sheet)
        and before_tabling(sheet)
    )


def can_lead_appraisal(
    standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None
) -> Verdict:
    """Ask the unit, close its round, finish: as ``can_appraise``, for the sheet as a whole."""
    if sheet.is_in_second_round:
        return can_make_second_round(standing, sheet)
    return (
        leads_appraisal(standing, sheet, staffing)
        and may_read_content(standing, sheet)
        and before_tabling(sheet)
    )


def has_rounds(sheet: ScoreSheet, rounds: int) -> Verdict:
    """Refuse what belongs to a year with another number of rounds."""
    said = AppraisalRounds(sheet.bloc_year.appraisal_rounds).label.lower()
    why = f"Năm này thẩm định {said}. Đề nghị tải lại trang."
    return allow_if(sheet.bloc_year.appraisal_rounds == rounds, why)


def can_ask_unit(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Ask the unit about what was cut: whoever leads the appraisal, in its last round."""
    last = sheet.is_in_second_round or sheet.bloc_year.appraisal_rounds == AppraisalRounds.ONE
    return allow_if(
        last, "Năm này thẩm định hai vòng; đơn vị được mời giải trình trong vòng hai."
    ) and can_lead_appraisal(standing, sheet)


def can_make_second_round(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Look at everything again and finish: another person than the one who finished before."""
    return (
        is_second_reader(standing, sheet)
        and allow_if(sheet.first_round_by_id != standing.user_id, SAME_PERSON)
        and may_read_content(standing, sheet)
        and before_tabling(sheet)
    )


def can_approve(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None) -> Verdict:
    """Leaders of the head, or of its stand-in: not whoever appraised, unless there is nobody else.

    A sheet that went to the meeting with a dispute may still be approved there.
    """
    return (
        is_approver(standing, sheet, staffing)
        and may_read_content(standing, sheet)
        and before_adoption(sheet)
        and _four_eyes(standing, sheet, staffing)
    )


def _four_eyes(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None) -> Verdict:
    if standing.user_id not in (sheet.appraised_by_id, sheet.first_round_by_id):
        return ALLOWED
    return allow_if(
        oversight_of(standing, sheet, staffing).is_alone,
        "Đồng chí đã thẩm định bảng này; người duyệt phải là người khác của đơn vị.",
    )


def can_return(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None) -> Verdict:
    """Whoever appraises or approves a sheet returns it, with a reason, until it is tabled.

    Where departments appraise, none of them returns the lines of the others; while a second round
    runs, whoever makes it does, and not who finished the first.
    """
    return (
        (is_approver(standing, sheet, staffing) or _leads_now(standing, sheet, staffing))
        and may_read_content(standing, sheet)
        and before_tabling(sheet)
    )


def _leads_now(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None) -> Verdict:
    if sheet.is_in_second_round:
        return can_make_second_round(standing, sheet)
    return leads_appraisal(standing, sheet, staffing)


def can_read_appraisal(
    standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None
) -> Verdict:
    """Read appraised points and reasons: whoever acts on the sheet, the board, and the unit itself
    from the explanation round on.
    """
    unit_id = sheet.membership.unit_id
    if unit_id in standing.units:
        return allow_if(
            is_shown_to_unit(sheet) or _has_published_result(sheet),
            "Kết quả thẩm định mở cho đơn vị từ khi được mời giải trình hoặc khi thẩm định xong.",
        )
    if standing.is_board or (standing.is_of_next_head and _has_published_result(sheet)):
        return is_handed_in(sheet) and may_read_content(standing, sheet)
    return (
        (is_overseer(standing, sheet, staffing) or is_clerk(standing, sheet))
        and is_handed_in(sheet)
        and may_read_content(standing, sheet)
    )


def _has_published_result(sheet: ScoreSheet) -> bool:
    return sheet.bloc_year.published_at is not None


def sight_of(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None) -> Sight:
    """Return what a person sees of a sheet in the overview and the table.

    Points go to whoever may read the sheet; once the table is tabled, totals and sections of
    every sheet go to every member, but its lines still only to those who act on it.
    """
    lines = bool(can_read_appraisal(standing, sheet, staffing))
    is_tabled = sheet.bloc_year.step.reached(YearStatus.MEETING) and standing.sees_inside
    handed_in = sheet.stage in _HANDED_IN
    return Sight(
        own=bool(may_read_content(standing, sheet)) or (is_tabled and handed_in),
        appraised=lines or (is_tabled and handed_in),
        lines=lines,
    )


def can_read_summary(standing: Standing, bloc_year: BlocYear) -> Verdict:
    """Open the table of units by sections: the head's people, whoever stands in, the board; every
    member once it is tabled.
    """
    appraises = standing.appraised_by == AppraisedBy.DEPUTY and standing.is_of_deputy
    stands_in = appraises or standing.stand_in in standing.units
    acts = standing.is_board or standing.is_secretary or stands_in
    if acts or bloc_year.step.reached(YearStatus.MEETING):
        return allow_if(standing.sees_inside, "Bảng tổng hợp chỉ mở cho thành viên của Khối.")
    return refuse(
        "Bảng tổng hợp điểm mở cho các đơn vị thành viên khi Trưởng khối trình ra hội nghị."
    )


def is_shown_to_unit(sheet: ScoreSheet) -> bool:
    """Tell whether the unit sees its appraised lines: from the explanation round on."""
    if sheet.stage not in _HANDED_IN:
        return False
    return sheet.explanation_due_on is not None or sheet.stage in DISPUTABLE
