"""The explanation round: the unit is asked about lines that were cut, once, and is answered.

Silence ends on the deadline: the appraised points stand and "không có ý kiến" is recorded when
the appraiser closes the round.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from emulation.vietnamese import format_date
from emulation.workflow import REASON_MAX_LENGTH, Acting
from scoring.enums import PointStage
from scoring.models import Explanation, PointChange, ScoreLine, ScoreSheet
from scoring.permissions.appraisal import can_ask_unit, can_lead_appraisal
from scoring.permissions.explanations import can_answer, can_explain
from scoring.rules.numbers import InputError
from scoring.selectors.appraisal import (
    cut,
    explanation_on,
    explanations_of,
    unappraised,
    unasked,
)
from scoring.selectors.asked import EARLIER_ROUND
from scoring.selectors.sheet_lines import lines_of
from scoring.services.appraisal_work import (
    AppraisalDraft,
    Work,
    apply_draft,
    check_inputs,
    read_input,
)
from scoring.services.sheet_lock import locked_sheet
from scoring.services.sheet_workflow import (
    CLOSE_EXPLANATION,
    CLOSE_IN_SECOND_ROUND,
    SHEET_WORKFLOW,
    acting_on,
)

TEXT_LENGTH = 10_000
SILENT = "Đơn vị không có ý kiến trong thời hạn giải trình; giữ điểm thẩm định."


# ---------------------------------------------------------------- asking


def request_explanation(*, actor: User, sheet: ScoreSheet, due_on: dt.date) -> ScoreSheet:
    """Ask the unit about every line that was cut, until ``due_on`` inclusive.

    Effects, in order: locks; permission; everything has to be appraised, since there is one round
    (Conflict); an Explanation per cut line not yet asked about; gateway with the deadline.
    Raises Conflict, Refused, ValidationError (a day that has passed).
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_ask_unit(standing, sheet))
        _check_due(due_on)
        lines = _lines_to_ask(sheet)
        sheet.explanation_due_on = due_on
        SHEET_WORKFLOW.take("request_explanation", sheet, actor=actor, also=["explanation_due_on"])
        _ask(actor, acting_on(standing, sheet), lines)
    return sheet


def _check_due(due_on: dt.date) -> None:
    if due_on < clock.today():
        raise ValidationError(
            {"due_on": f"Hạn giải trình {format_date(due_on)} đã qua. Đề nghị chọn ngày khác."}
        )


def _lines_to_ask(sheet: ScoreSheet) -> list[ScoreLine]:
    lines = list(lines_of(sheet).select_related("explanation"))
    left = [line.criterion.code for line in unappraised(lines)]
    if left:
        raise Conflict(
            f"Còn {len(left)} tiêu chí chưa thẩm định. Đơn vị được mời giải trình một lần, sau khi "
            "mọi tiêu chí đã thẩm định.",
            [f"Tiêu chí {', '.join(left)}."],
        )
    asked = unasked(sheet, cut(lines))
    if not asked:
        raise Conflict(
            "Đơn vị đã được mời giải trình mọi tiêu chí bị giảm điểm, hoặc không có tiêu chí nào "
            "bị giảm điểm. Đề nghị tải lại trang thẩm định để xem bước tiếp theo."
        )
    return asked


def _ask(actor: User, acting: Acting, lines: list[ScoreLine]) -> None:
    """Ask anew; what was said before the sheet was returned goes to the history of points."""
    earlier = [line for line in lines if explanation_on(line) is not None]
    PointChange.objects.bulk_create(_earlier_round(actor, acting, line) for line in earlier)
    now = clock.now()
    for line in earlier:
        Explanation.objects.filter(line=line).update(
            asked_at=now,
            agrees=None,
            text="",
            explained_by=None,
            explained_at=None,
            is_silent=False,
            answer="",
            answered_by=None,
            answered_at=None,
        )
    fresh = [line for line in lines if explanation_on(line) is None]
    Explanation.objects.bulk_create(Explanation(line=line, asked_at=now) for line in fresh)


def _earlier_round(actor: User, acting: Acting, line: ScoreLine) -> PointChange:
    before = line.explanation
    said = before.text or ("đồng ý" if before.agrees else "không có ý kiến")
    answer = f" Trả lời: {before.answer}" if before.answer else ""
    return _unchanged(line, f"{EARLIER_ROUND} {said}.{answer}", actor=actor, acting=acting)


def _unchanged(line: ScoreLine, reason: str, *, actor: User, acting: Acting) -> PointChange:
    """Return a history row that says something about a line without changing its points."""
    return PointChange(
        line=line,
        stage=PointStage.APPRAISED,
        old_input=line.appraised_input,
        new_input=line.appraised_input,
        old_points=line.appraised_points,
        new_points=line.appraised_points,
        reason=reason[:5000],
        actor=actor,
        acting_for_id=acting.unit_id,
        acting_as=acting.label,
        at=clock.now(),
    )


# ---------------------------------------------------------------- the unit speaks


@dataclass(frozen=True, slots=True)
class Statement:
    """What the unit says of a line: it agrees, or it argues with ``text``."""

    agrees: bool
    text: str = ""


def explain_line(*, actor: User, line: ScoreLine, agrees: bool, text: str) -> Explanation:
    """Record what the unit says of one line; see :func:`explain_lines`."""
    statements = {line.pk: Statement(agrees, text)}
    return explain_lines(actor=actor, sheet=line.sheet, statements=statements)[0]


def explain_lines(
    *, actor: User, sheet: ScoreSheet, statements: Mapping[int, Statement]
) -> list[Explanation]:
    """Record what the unit says of lines it was asked about, by line id; all or none.

    It may say it again until it has been answered or the deadline has passed. Effects, in order:
    locks the sheet; permission and deadline; who spoke and when. Raises Conflict (not asked,
    already answered), Refused, ValidationError with keys ``<line id>-text``.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        require(can_explain(standing_in(actor, sheet.bloc_year), sheet))
        rows = {row.line_id: row for row in explanations_of(sheet)}
        changed = _to_write(rows, statements)
        for row in changed:
            row.explained_by, row.explained_at = actor, clock.now()
            row.save(update_fields=["agrees", "text", "explained_by", "explained_at"])
        if changed:
            announce("sheet.explain", sheet, actor)
    return [rows[line_id] for line_id in statements]


def _to_write(
    rows: Mapping[int, Explanation], statements: Mapping[int, Statement]
) -> list[Explanation]:
    errors: dict[str, str] = {}
    changed: list[Explanation] = []
    for line_id, said in statements.items():
        row = rows.get(line_id)
        if row is None:
            raise Conflict("Đơn vị không được mời giải trình tiêu chí này. Đề nghị tải lại trang.")
        text = said.text.strip()
        if (row.agrees, row.text) == (said.agrees, text):
            continue
        problem = _text_problem(row.line.criterion.code, text, needed=not said.agrees)
        if problem:
            errors[f"{line_id}-text"] = problem
        elif row.answer:
            raise Conflict(f"Tiêu chí {row.line.criterion.code} đã được trả lời giải trình.")
        row.agrees, row.text = said.agrees, text
        changed.append(row)
    if errors:
        raise ValidationError(dict(errors))
    return changed


def _text_problem(code: str, text: str, *, needed: bool) -> str:
    if needed and not text:
        return f"{code}: đơn vị không đồng ý thì đề nghị ghi nội dung giải trình."
    if len(text) > TEXT_LENGTH:
        return (
            f"{code}: nội dung dài {len(text)} ký tự; tối đa {TEXT_LENGTH} ký tự. "
            "Đề nghị viết gọn lại."
        )
    return ""


# ---------------------------------------------------------------- the answer


def answer_explanation(
    *,
    actor: User,
    explanation: Explanation,
    answer: str,
    raw: Mapping[str, str] | None = None,
    accept: bool = False,
) -> Explanation:
    """Answer what the unit argued: keep the appraised input, take ``raw``, or the unit's own.

    Effects, in order: locks the sheet; permission (another person than the one who cut, where
    there is one); answer, who and when; a corrected input with its points, PointChange and total.
    Raises Conflict (nothing argued, already answered), Refused, ValidationError with keys
    ``answer`` and the names of the line's fields.
    """
    with transaction.atomic():
        sheet = locked_sheet(explanation.line.sheet)
        row = explanations_of(sheet).get(pk=explanation.pk)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_answer(standing, sheet, row))
        _check_answerable(row)
        row.answer = _checked_answer(answer)
        row.answered_by, row.answered_at = actor, clock.now()
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        if accept or raw is not None:
            _correct(actor, standing, sheet, row, {} if raw is None else raw, accept=accept)
        announce("sheet.answer", sheet, actor)
    return row


def _check_answerable(row: Explanation) -> None:
    if row.answer:
        raise Conflict("Ý kiến giải trình này đã được trả lời. Đề nghị tải lại trang.")
    if row.agrees is not False:
        raise Conflict("Đơn vị chưa nêu ý kiến khác về tiêu chí này nên chưa có gì để trả lời.")


def _checked_answer(answer: str) -> str:
    text = answer.strip()
    if not text:
        raise ValidationError({"answer": "Đề nghị ghi nội dung trả lời đơn vị."})
    if len(text) > TEXT_LENGTH:
        raise ValidationError(
            {
                "answer": f"Trả lời dài {len(text)} ký tự; tối đa {TEXT_LENGTH} ký tự. "
                "Đề nghị viết gọn lại."
            }
        )
    return text


def _correct(
    actor: User,
    standing: Standing,
    sheet: ScoreSheet,
    row: Explanation,
    raw: Mapping[str, str],
    *,
    accept: bool,
) -> None:
    work = Work.on(actor, sheet, acting_on(standing, sheet))
    line = next(each for each in work.lines if each.pk == row.line_id)
    if not accept:
        _check_typed(work, line, raw)
    draft = AppraisalDraft(line.version, accept, raw, reason="" if accept else row.answer[:5000])
    check_inputs(work, [(line, draft)])
    if apply_draft(work, line, draft):
        work.save({line.pk: row.answer[:5000]})


def _check_typed(work: Work, line: ScoreLine, raw: Mapping[str, str]) -> None:
    """Raise ValidationError keyed by field where the corrected input cannot be read."""
    try:
        read_input(work.place(line), raw)
    except InputError as error:
        raise ValidationError({error.field or "answer": error.message}) from error


# ---------------------------------------------------------------- closing


def close_explanations(*, actor: User, sheet: ScoreSheet) -> ScoreSheet:
    """Close the round: after the deadline, or as soon as nothing is open any more.

    Effects, in order: locks; permission; what the unit argued has to be answered and what it left
    unsaid has to be past the deadline (Conflict); lines it left unsaid are marked "không có ý
    kiến", with history; gateway. Raises Conflict, Refused.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_lead_appraisal(standing, sheet))
        rows = list(explanations_of(sheet))
        _check_answered(rows)
        silent = [row for row in rows if row.agrees is None and not row.is_silent]
        _check_silence(sheet, silent)
        _note_silence(actor, acting_on(standing, sheet), silent)
        codes = ", ".join(row.line.criterion.code for row in silent)
        reason = f"Không có ý kiến: {codes}." if codes else ""
        step = CLOSE_IN_SECOND_ROUND if sheet.is_in_second_round else CLOSE_EXPLANATION
        SHEET_WORKFLOW.take(step.name, sheet, actor=actor, reason=reason[:REASON_MAX_LENGTH])
    return sheet


def _check_answered(rows: list[Explanation]) -> None:
    waiting = [row.line.criterion.code for row in rows if row.agrees is False and not row.answer]
    if waiting:
        raise Conflict(
            f"Còn {len(waiting)} ý kiến giải trình chưa được trả lời.",
            [f"Tiêu chí {', '.join(waiting)}."],
        )


def _check_silence(sheet: ScoreSheet, silent: list[Explanation]) -> None:
    due_on = sheet.explanation_due_on
    if silent and due_on is not None and not clock.is_late(clock.now(), due_on):
        raise Conflict(
            f"Đơn vị còn hạn giải trình đến hết ngày {format_date(due_on)}.",
            [f"Chưa trả lời: {', '.join(row.line.criterion.code for row in silent)}."],
        )


def _note_silence(actor: User, acting: Acting, silent: list[Explanation]) -> None:
    Explanation.objects.filter(pk__in=[row.pk for row in silent]).update(is_silent=True)
    PointChange.objects.bulk_create(
        _unchanged(row.line, SILENT, actor=actor, acting=acting) for row in silent
    )
