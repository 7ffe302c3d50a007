"""The explanation round: what the unit is asked, what it says, what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from blocs.standing import Standing
from blocs.views.frame import person
from emulation import clock
from emulation.access import Verdict, require
from emulation.vietnamese import format_moment
from emulation.workflow import Blocker, Offer
from scoring.enums import SheetStatus
from scoring.forms.appraisal import ACCEPT, CORRECT, AnswerForm
from scoring.forms.line_inputs import LineField, line_fields, shown_texts, typed_texts
from scoring.models import Explanation, ScoreSheet
from scoring.permissions.appraisal import (
    can_lead_appraisal,
    oversight_of,
)
from scoring.permissions.explanations import (
    ONE_ANSWERS,
    can_answer,
    can_dispute,
    can_explain,
)
from scoring.rules.inputs import describe, from_json
from scoring.rules.numbers import InputError
from scoring.selectors.appraisal import explanations_of, is_open
from scoring.selectors.appraisal_content import AppraisalLine, appraisal_of, papers_of
from scoring.selectors.asked import AskedCut, asked_cuts, conclusion_of
from scoring.selectors.staffing import Staffing, staffing_of
from scoring.services.explanations import (
    Statement,
    answer_explanation,
    close_explanations,
    explain_lines,
)
from scoring.services.sheet_workflow import CLOSE_EXPLANATION, CLOSE_IN_SECOND_ROUND
from scoring.views.appraisal_pages import (
    appraisal_frame,
    due_words,
    open_appraisal,
    put_refusal,
    refused,
    sheet_crumb,
)
from scoring.views.appraisal_rows import NOTHING_TYPED, LineView, line_view, signed

AGREES, ARGUES = "agree", "argue"


@dataclass(frozen=True, slots=True)
class Said:
    """What was posted and not saved: by the unit, or as an answer to one explanation."""

    data: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    answered: int | None = None
    answer_form: AnswerForm | None = None
    field_errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the round: the line, what was said, the forms for whoever may speak now."""

    view: LineView
    explanation: Explanation
    cut: CutView
    choice: str
    text: str
    text_error: str
    answerable: Verdict | None
    answer_form: AnswerForm | None
    fields: tuple[LineField, ...]
    is_open: bool

    @property
    def agrees(self) -> bool:
        """Whether "đồng ý" is chosen."""
        return self.choice == AGREES

    @property
    def argues(self) -> bool:
        """Whether "không đồng ý" is chosen."""
        return self.choice == ARGUES

    @property
    def key(self) -> str:
        """The name under which the unit's word on this line is posted."""
        return f"l{self.view.line_id}"


@dataclass(frozen=True, slots=True)
class CutView:
    """What the unit was asked about, in words, and what the answer made of it."""

    shown: str
    reason: str
    who: str
    conclusion: str


def _cut_view(line: AppraisalLine, row: Explanation, cut: AskedCut | None) -> CutView:
    conclusion = conclusion_of(row, line.row, cut)
    if cut is not None and cut.answer is not None:
        conclusion = f"{conclusion}: {_worth(line, *cut.answer)}"
    if cut is None:
        judge = line.row.appraised_by
        shown = _worth(line, line.row.appraised_input, line.points)
        return CutView(
            shown, line.row.appraised_reason, judge.full_name if judge else "", conclusion
        )
    return CutView(_worth(line, cut.document, cut.points), cut.reason, cut.who, conclusion)


def _worth(line: AppraisalLine, document: Any, points: Decimal | None) -> str:
    """Return an appraised input in words with its points; the points alone where it is unread."""
    kind = line.place.section.kind
    worth = f"{signed(points, kind)} điểm"
    try:
        return f"{describe(line.place.leaf, from_json(line.place.leaf, document))}, {worth}"
    except InputError:
        return worth


@require_safe
def explanations(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show the round: to the unit to answer, to its appraisers to reply, to others to read."""
    sheet, standing = open_appraisal(request, sheet_id)
    return _page(request, sheet, standing, Said())


def _page(request: HttpRequest, sheet: ScoreSheet, standing: Standing, said: Said) -> HttpResponse:
    own = sheet.membership.unit_id in standing.units
    staffing = staffing_of(standing, sheet.bloc_year_id)
    asked = _asked(sheet, standing, staffing, said)
    speaks = can_explain(standing, sheet)
    title = f"Giải trình điểm thẩm định của {sheet.membership.unit_name}"
    unspoken = sum(1 for each in asked if each.explanation.agrees is None)
    context = {
        **appraisal_frame(request, sheet, standing, title, below=[sheet_crumb(sheet)]),
        "asked": asked,
        "own": own,
        "speaks": speaks,
        "shows_form": own and bool(speaks),
        "unspoken": unspoken,
        "waiting": sum(1 for each in asked if is_open(each.explanation)),
        "due": _round_words(sheet, asked),
        "is_over": not _deadline_runs(sheet),
        "can_dispute": can_dispute(standing, sheet),
        "close": _close_offer(sheet, standing, asked, own=own),
        "errors": [(_target(key), text) for key, text in said.errors.items()],
        "one_answers": _one_answers(standing, sheet, staffing),
    }
    return render(request, "scoring/explanations.html", context)


def _round_words(sheet: ScoreSheet, asked: list[Asked]) -> str:
    """Return when the unit was told and until when it may speak, counted from the notice."""
    due = due_words(sheet)
    if not asked or sheet.explanation_due_on is None:
        return due
    told = max(each.explanation.asked_at for each in asked)
    days = (sheet.explanation_due_on - clock.local_date(told)).days
    counted = f"{days} ngày kể từ ngày thông báo" if days > 0 else "trong ngày thông báo"
    return f"Thông báo lúc {format_moment(told)}. {due.removesuffix('.')}, {counted}."


def _target(key: str) -> str:
    return f"gt-l{key}" if key else ""


def _one_answers(standing: Standing, sheet: ScoreSheet, staffing: Staffing) -> str:
    if sheet.is_in_second_round:
        return ""
    return ONE_ANSWERS if len(oversight_of(standing, sheet, staffing).people) == 1 else ""


def _asked(sheet: ScoreSheet, standing: Standing, staffing: Staffing, said: Said) -> list[Asked]:
    content = appraisal_of(sheet, papers=papers_of(sheet, standing))
    rows = {row.line_id: row for row in explanations_of(sheet)}
    cuts = asked_cuts(rows) if rows else {}
    return [
        _one(line, rows[line.row.pk], cuts.get(line.row.pk), sheet, standing, staffing, said)
        for line in content.lines
        if line.row.pk in rows
    ]


def _one(
    line: AppraisalLine,
    row: Explanation,
    cut: AskedCut | None,
    sheet: ScoreSheet,
    standing: Standing,
    staffing: Staffing,
    said: Said,
) -> Asked:
    key = f"l{line.row.pk}"
    typed = key in said.data
    stored = {None: "", True: AGREES, False: ARGUES}[row.agrees]
    argues = row.agrees is False and not row.answer
    answerable = can_answer(standing, sheet, row, staffing) if argues else None
    form = fields = None
    if answerable:
        form, fields = _answer_fields(line, row, said)
    return Asked(
        view=line_view(line, sheet.pk, NOTHING_TYPED, editable=False),
        explanation=row,
        cut=_cut_view(line, row, cut),
        choice=said.data.get(key, "") if typed else stored,
        text=said.data.get(f"{key}-text", "") if typed else row.text,
        text_error=said.errors.get(f"{line.row.pk}-text", ""),
        answerable=answerable,
        answer_form=form,
        fields=tuple(fields or ()),
        is_open=said.answered == row.pk and _corrects(said.answer_form),
    )


def _corrects(form: AnswerForm | None) -> bool:
    return form is not None and form["decision"].value() == CORRECT


def _answer_fields(
    line: AppraisalLine, row: Explanation, said: Said
) -> tuple[AnswerForm, list[LineField]]:
    """Return the answer's form and the line's fields, as typed where they were refused."""
    leaf, prefix = line.place.leaf, f"c{line.row.criterion_id}"
    if said.answered != row.pk or said.answer_form is None:
        texts = shown_texts(leaf, line.row.appraised_input)
        form = AnswerForm(prefix=f"e{row.pk}")
        return form, line_fields(leaf, prefix, texts)
    errors = {f"{prefix}-{key}": text for key, text in said.field_errors.items()}
    texts = typed_texts(leaf, prefix, said.data)
    return said.answer_form, line_fields(leaf, prefix, texts, errors)


def _close_offer(
    sheet: ScoreSheet, standing: Standing, asked: list[Asked], *, own: bool
) -> Offer | None:
    if own or sheet.stage is not SheetStatus.EXPLANATION_REQUESTED:
        return None
    verdict = can_lead_appraisal(standing, sheet)
    step = CLOSE_IN_SECOND_ROUND if sheet.is_in_second_round else CLOSE_EXPLANATION
    return Offer(step, verdict, _unsettled(asked, sheet))


def _unsettled(asked: list[Asked], sheet: ScoreSheet) -> tuple[Blocker, ...]:
    """Return what keeps the round open: lines to answer; lines unspoken before the deadline."""
    to_answer = tuple(
        each.view.code
        for each in asked
        if each.explanation.agrees is False and not each.explanation.answer
    )
    blockers = []
    if to_answer:
        blockers.append(Blocker("Còn ý kiến giải trình chưa trả lời:", names=to_answer))
    unspoken = tuple(each.view.code for each in asked if each.explanation.agrees is None)
    if unspoken and _deadline_runs(sheet):
        blockers.append(Blocker("Đơn vị còn hạn và chưa trả lời:", names=unspoken))
    return tuple(blockers)


def _deadline_runs(sheet: ScoreSheet) -> bool:
    due_on = sheet.explanation_due_on
    return due_on is not None and clock.today() <= due_on


# ---------------------------------------------------------------- deeds


@require_POST
def explanations_send(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Record what the unit says of the lines it answered."""
    sheet, standing = open_appraisal(request, sheet_id)
    require(can_explain(standing, sheet))
    statements = _statements(sheet, request.POST)
    try:
        explain_lines(actor=person(request), sheet=sheet, statements=statements)
    except ValidationError as error:
        return _page(request, sheet, standing, Said(request.POST, refused(error)))
    if not statements:
        messages.warning(request, "Chưa chọn đồng ý hay không đồng ý ở tiêu chí nào.")
        return redirect("explanations", sheet_id)
    messages.success(
        request,
        f"Đã gửi ý kiến về {len(statements)} tiêu chí. Khối trả lời các tiêu chí đơn vị không "
        "đồng ý; trong thời hạn và khi chưa được trả lời, đơn vị còn sửa được.",
    )
    return redirect("explanations", sheet_id)


def _statements(sheet: ScoreSheet, data: Mapping[str, str]) -> dict[int, Statement]:
    """Return the unit's words by line id; lines on which nothing was chosen are left out."""
    statements: dict[int, Statement] = {}
    for row in explanations_of(sheet):
        choice = data.get(f"l{row.line_id}", "")
        if choice in (AGREES, ARGUES) and not row.answer:
            text = data.get(f"l{row.line_id}-text", "")
            statements[row.line_id] = Statement(choice == AGREES, text)
    return statements


@require_POST
def explanation_answer(request: HttpRequest, sheet_id: int, explanation_id: int) -> HttpResponse:
    """Answer one explanation, keeping or correcting the points."""
    sheet, standing = open_appraisal(request, sheet_id)
    row = explanations_of(sheet).filter(pk=explanation_id).first()
    if row is None:
        raise Http404
    require(can_answer(standing, sheet, row))
    form = AnswerForm(request.POST, prefix=f"e{row.pk}")
    wrong: dict[str, str] = {}
    if form.is_valid():
        try:
            answer_explanation(
                actor=person(request), explanation=row, **_decision(sheet, row, form, request.POST)
            )
        except ValidationError as error:
            wrong = refused(error)
            put_refusal(form, error)
        else:
            code = row.line.criterion.code
            messages.success(request, f"Đã trả lời giải trình tiêu chí {code}.")
            return redirect("explanations", sheet_id)
    words = f"{row.line.criterion.code}: {_wrong_words(form)}"
    said = Said(request.POST, {str(row.line_id): words}, row.pk, form, wrong)
    return _page(request, sheet, standing, said)


def _wrong_words(form: AnswerForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _decision(
    sheet: ScoreSheet, row: Explanation, form: AnswerForm, data: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the answer does to the points, as the service takes it."""
    decision = form.cleaned_data["decision"]
    chosen: dict[str, Any] = {"answer": form.cleaned_data["answer"]}
    if decision == ACCEPT:
        chosen["accept"] = True
    elif decision == CORRECT:
        content = appraisal_of(sheet)
        line = next(each for each in content.lines if each.row.pk == row.line_id)
        chosen["raw"] = typed_texts(line.place.leaf, f"c{line.row.criterion_id}", data)
    return chosen


@require_POST
def explanations_close(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Close the round."""
    sheet, _ = open_appraisal(request, sheet_id)
    close_explanations(actor=person(request), sheet=sheet)
    messages.success(request, "Đã kết thúc giải trình. Kiểm tra lần cuối rồi hoàn thành thẩm định.")
    return redirect("appraise", sheet_id)
