"""The appraisal: lines corrected or kept by those who act on the sheet, then finished.

The appraiser corrects the input and the points follow; a correction that changes points needs a
reason. Nobody overwrites another's work unseen: the version stands on the line.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.workflow import REASON_MAX_LENGTH, Acting
from scoring.enums import PointStage, SheetStatus
from scoring.models import PointChange, ScoreLine, ScoreSheet
from scoring.permissions.appraisal import can_appraise, can_lead_appraisal, can_make_second_round
from scoring.selectors.appraisal import cut, unappraised, unasked
from scoring.selectors.shares import Shares, shares_of
from scoring.selectors.sheet_lines import lines_of
from scoring.services.appraisal_work import (
    AppraisalDraft,
    LinesChanged,
    Work,
    apply_draft,
    check_inputs,
    check_reasons,
    check_second_reasons,
    check_shares,
    check_versions,
    chosen_lines,
    record_new_reasons,
)
from scoring.services.sheet_lock import locked_sheet
from scoring.services.sheet_workflow import (
    BACK_TO_FIRST_ROUND,
    FINISH_FIRST_ROUND,
    SHEET_WORKFLOW,
    acting_on,
    finishing_of,
    forget_first_round,
)
from scoring.services.totals import void_final

__all__ = [
    "AppraisalDraft",
    "LinesChanged",
    "accept_rest",
    "appraise_lines",
    "back_to_first_round",
    "finish_appraisal",
    "reopen_appraisal",
    "start_appraisal",
    "take_back",
]

FINISHED = (SheetStatus.APPRAISED, SheetStatus.APPROVED)
IN_WORK = (SheetStatus.APPRAISING, SheetStatus.SECOND_ROUND)
TO_APPRAISE = (SheetStatus.SUBMITTED, *IN_WORK)
OPEN = (*TO_APPRAISE, *FINISHED)
MARKS = (
    *("first_round_at", "first_round_by"),
    *("appraised_at", "appraised_by", "approved_at", "approved_by"),
)
RESUBMITTED = "Đơn vị sửa số liệu sau khi bảng được trả lại, cần thẩm định lại."


# ---------------------------------------------------------------- start


def start_appraisal(*, actor: User, sheet: ScoreSheet) -> ScoreSheet:
    """Take a submitted sheet into appraisal.

    Effects, in order: gateway (status, permission, record); lines that the unit changed since
    they were appraised (a sheet returned and sent again) lose their appraisal, with history.
    Raises Conflict, Refused.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_appraise(standing, sheet))
        _start(actor, sheet, acting_on(standing, sheet))
    return sheet


def _start(actor: User, sheet: ScoreSheet, acting: Acting) -> None:
    SHEET_WORKFLOW.take("start_appraisal", sheet, actor=actor)
    if not ScoreLine.objects.filter(sheet=sheet, appraised_by__isnull=False).exists():
        return
    work, stale = Work.on(actor, sheet, acting), _changed_since_appraised(sheet)
    for line in work.lines:
        if line.pk in stale:
            line.appraised_input = line.appraised_points = line.appraised_by = None
            line.appraised_reason = ""
    work.save(dict.fromkeys(stale, RESUBMITTED))


def _changed_since_appraised(sheet: ScoreSheet) -> set[int]:
    """Return the appraised lines whose own input changed after their last appraisal."""
    stale: set[int] = set()
    changes = PointChange.objects.filter(line__sheet=sheet, line__appraised_by__isnull=False)
    for change in changes.order_by("pk"):
        if change.stage == PointStage.APPRAISED:
            stale.discard(change.line_id)
        elif change.old_input != change.new_input:
            stale.add(change.line_id)
    return stale


# ---------------------------------------------------------------- lines


def appraise_lines(
    *,
    actor: User,
    sheet: ScoreSheet,
    lines: Mapping[int, AppraisalDraft],
    reason: str = "",
) -> ScoreSheet:
    """Save an appraiser's lines, by criterion id; all of them or none.

    Effects, in order: locks the sheet; checks permission, moment, whose line each is and its
    version; starts the appraisal of a submitted sheet; inputs and reasons of the lines that
    changed, the points that follow, a PointChange each; the appraised total; a finished or
    approved sheet goes back to appraising with ``reason`` (else the lines' own reasons) and loses
    its final points.

    Raises LinesChanged (stale version), Conflict (moment), Refused (also for a line that another
    department judges, naming it), and ValidationError with keys
    ``<criterion id>-<field>``, ``<criterion id>-reason``, ``reason``.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_appraise(standing, sheet))
        _check_open(sheet)
        if lines:
            _appraise(_open_work(actor, standing, sheet), lines, reason)
    return sheet


def accept_rest(*, actor: User, sheet: ScoreSheet, section_id: int | None = None) -> int:
    """Keep the unit's own figures on every line not yet appraised, of one section or of all.

    Where departments appraise, on those that the person judges. Effects as of
    :func:`appraise_lines`. Returns how many lines were kept.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_appraise(standing, sheet))
        _check_open(sheet)
        work = _open_work(actor, standing, sheet)
        rest = [
            line
            for line in unappraised(work.lines)
            if (section_id is None or line.criterion.section_id == section_id)
            and work.shares.is_mine(line.criterion)
        ]
        kept = {line.criterion_id: AppraisalDraft(line.version, accept=True) for line in rest}
        _appraise(work, kept, "")
    return len(rest)


def _check_open(sheet: ScoreSheet) -> None:
    if sheet.stage in OPEN:
        return
    if sheet.stage is SheetStatus.EXPLANATION_REQUESTED:
        raise Conflict(
            "Đơn vị đang giải trình nên chưa sửa thẩm định được. "
            "Đề nghị kết thúc giải trình trước khi sửa tiếp."
        )
    raise Conflict("Bảng chấm điểm đang ở đơn vị nên không thẩm định được.")


def _open_work(actor: User, standing: Standing, sheet: ScoreSheet) -> Work:
    acting = acting_on(standing, sheet)
    if sheet.stage is SheetStatus.SUBMITTED:
        _start(actor, sheet, acting)
    return Work.on(actor, sheet, acting, shares_of(standing, sheet))


def _appraise(work: Work, drafts: Mapping[int, AppraisalDraft], reason: str) -> None:
    chosen = chosen_lines(work.lines, drafts)
    check_shares(work, chosen)
    check_inputs(work, chosen)
    check_versions(work, chosen)
    earlier = {line.pk: line.appraised_reason for line, _ in chosen}
    touched = [line for line, draft in chosen if apply_draft(work, line, draft)]
    work.put_points()
    check_reasons(touched)
    if work.sheet.is_in_second_round:
        check_second_reasons(work, touched, earlier)
    if not touched:
        return
    changes = work.save({line.pk: line.appraised_reason for line in touched})
    record_new_reasons(work, touched, changes)
    if changes:
        _reopen(work, touched, reason)


def _reopen(work: Work, touched: list[ScoreLine], reason: str) -> None:
    """Put a finished or approved sheet back to appraising once a line of it has changed."""
    if work.sheet.stage in FINISHED:
        own = "; ".join(
            f"{line.criterion.code}: {line.appraised_reason}"
            for line in touched
            if line.appraised_reason
        )
        take_back(actor=work.actor, sheet=work.sheet, reason=reason.strip() or own)


def take_back(*, actor: User, sheet: ScoreSheet, reason: str) -> None:
    """Put a finished or approved sheet back to appraising, inside the caller's transaction.

    Effects, in order: gateway; who finished and approved is cleared; final points are void.
    """
    for name in MARKS:
        setattr(sheet, name, None)
    SHEET_WORKFLOW.take(
        "reopen_appraisal",
        sheet,
        actor=actor,
        reason=reason[:REASON_MAX_LENGTH],
        also=MARKS,
    )
    void_final(sheet)


def reopen_appraisal(*, actor: User, sheet: ScoreSheet, reason: str) -> ScoreSheet:
    """Send a finished or approved sheet back to its appraisers, with a reason.

    Effects as of :func:`take_back`. Raises Conflict, Refused, ValidationError.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        take_back(actor=actor, sheet=sheet, reason=reason.strip())
    return sheet


# ---------------------------------------------------------------- finish


def finish_appraisal(*, actor: User, sheet: ScoreSheet, reason: str = "") -> ScoreSheet:
    """Hand an appraised sheet over for approval, or after the first of two rounds to the second.

    Effects, in order: locks; permission; every line has to be appraised (Conflict naming them,
    and the departments that owe them); lines that were cut and about which the unit was not asked
    need a ``reason`` (ValidationError), but not after a first round; gateway; who finished and
    when.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_lead_appraisal(standing, sheet))
        lines = list(lines_of(sheet).select_related("explanation"))
        _check_complete(lines, shares_of(standing, sheet))
        step = finishing_of(sheet)
        if step is FINISH_FIRST_ROUND:
            also = ["first_round_at", "first_round_by"]
            sheet.first_round_at, sheet.first_round_by = clock.now(), actor
        else:
            _check_asked(sheet, lines, reason)
            also = ["appraised_at", "appraised_by"]
            sheet.appraised_at, sheet.appraised_by = clock.now(), actor
        SHEET_WORKFLOW.take(step.name, sheet, actor=actor, reason=reason, also=also)
    return sheet


def back_to_first_round(*, actor: User, sheet: ScoreSheet, reason: str) -> ScoreSheet:
    """Send a sheet from the second round back to the first, with a reason.

    Effects, in order: locks; permission; gateway; who finished the first round is cleared. What
    the second round corrected stays, with its history. Raises Conflict, Refused, ValidationError.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        require(can_make_second_round(standing_in(actor, sheet.bloc_year), sheet))
        SHEET_WORKFLOW.take(
            BACK_TO_FIRST_ROUND.name, sheet, actor=actor, reason=reason[:REASON_MAX_LENGTH]
        )
        forget_first_round(sheet)
    return sheet


def _check_complete(lines: list[ScoreLine], shares: Shares) -> None:
    left = shares.owing(lines)
    if left:
        number = sum(len(codes) for codes in left.values())
        raise Conflict(
            f"Còn {number} tiêu chí chưa thẩm định nên chưa hoàn thành được.", _owed_words(left)
        )
    unseen = [line.criterion.code for line in lines if line.review]
    if unseen:
        raise Conflict(
            f"Còn {len(unseen)} tiêu chí cần xem lại theo bảng chấm điểm mới.",
            [f"Tiêu chí {', '.join(unseen)}."],
        )


def _owed_words(left: Mapping[str, list[str]]) -> list[str]:
    """Return which lines are left, a sentence for each of those that owe them."""
    return [
        f"{who}: tiêu chí {', '.join(codes)}." if who else f"Tiêu chí {', '.join(codes)}."
        for who, codes in left.items()
    ]


def _check_asked(sheet: ScoreSheet, lines: list[ScoreLine], reason: str) -> None:
    codes = [line.criterion.code for line in unasked(sheet, cut(lines))]
    if codes and not reason.strip():
        raise ValidationError(
            {
                "reason": f"Đơn vị chưa được mời giải trình tiêu chí {', '.join(codes)}. Đề nghị "
                "mời giải trình, hoặc ghi lý do hoàn thành thẩm định mà không mời."
            }
        )
