"""The appraisal of one sheet: self and appraised side by side, line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from blocs.enums import DeadlineKind
from blocs.models import Deadline
from blocs.standing import Standing
from blocs.views.frame import person
from emulation import clock
from emulation.access import Verdict, require
from emulation.forms import given_reason
from emulation.vietnamese import format_date
from emulation.workflow import Blocker, Offer
from scoring.enums import PointStage, SheetStatus
from scoring.forms.appraisal import REASON_PHRASES, REOPEN_PHRASES, ExplanationDueForm, FinishForm
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import (
    can_appraise,
    can_dispute,
    can_return,
    can_settle,
    oversight_of,
)
from scoring.rules.rubric import RubricRules
from scoring.selectors.appraisal import disputes_of, unasked
from scoring.selectors.appraisal_content import AppraisalContent, appraisal_of, papers_of
from scoring.selectors.rubrics import rules_from_lines
from scoring.selectors.sheet_history import history_of
from scoring.selectors.sheets import lines_of
from scoring.services.appraisal import (
    LinesChanged,
    accept_rest,
    appraise_lines,
    finish_appraisal,
    reopen_appraisal,
    start_appraisal,
)
from scoring.services.approval import approvable
from scoring.services.explanations import request_explanation
from scoring.services.sheet_review import confirm_review
from scoring.services.sheet_workflow import SHEET_WORKFLOW
from scoring.views.appraisal_pages import (
    appraisal_frame,
    due_words,
    handed_in_words,
    one_person_words,
    open_appraisal,
    outcome_words,
    put_refusal,
    refused,
)
from scoring.views.appraisal_rows import NOTHING_TYPED, Typed, posted_drafts, section_view
from scoring.views.moved_lines import basis_words, criterion_number, moved_note

S = SheetStatus
EDITABLE = (S.SUBMITTED, S.APPRAISING, S.APPRAISED, S.APPROVED)
FINISHED = (S.APPRAISED, S.APPROVED)
DAYS_TO_EXPLAIN = 5


@require_safe
def appraise(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show a sheet side by side: to its appraisers with fields, to other readers without."""
    sheet, standing = open_appraisal(request, sheet_id)
    return _page(request, sheet, standing)


def _page(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    typed: Typed = NOTHING_TYPED,
    *,
    due_form: ExplanationDueForm | None = None,
    finish_form: FinishForm | None = None,
    status: int = 200,
) -> HttpResponse:
    own = sheet.membership.unit_id in standing.units
    verdict = can_appraise(standing, sheet)
    editable = bool(verdict) and sheet.stage in EDITABLE
    stage = PointStage.FINAL if sheet.stage is S.APPROVED else PointStage.APPRAISED
    papers = papers_of(sheet, standing)
    content = appraisal_of(sheet, stage=stage, papers=papers)
    title = f"Thẩm định bảng chấm điểm của {sheet.membership.unit_name}"
    context = {
        **appraisal_frame(request, sheet, standing, title),
        **_words(sheet, standing, own=own),
        **_deeds(sheet, standing, content, verdict, due_form, finish_form),
        "content": content,
        "has_papers": bool(papers),
        "basis": basis_words(sheet),
        "moved": moved_note(sheet, [line.row for line in content.lines]),
        "sections": [
            section_view(section, sheet.pk, typed, editable=editable)
            for section in content.sections
        ],
        "editable": editable,
        "is_final": stage is PointStage.FINAL,
        "needs_reopen_reason": sheet.stage in FINISHED,
        "reopen_reason": typed.data.get("reason", ""),
        "errors": typed.summary,
        "phrases": REASON_PHRASES,
        **_disputes(sheet, standing),
        "entries": history_of(
            sheet, content.rules, SHEET_WORKFLOW.transitions, stages=tuple(PointStage)
        ),
    }
    return render(request, "scoring/appraise.html", context, status=status)


def _words(sheet: ScoreSheet, standing: Standing, *, own: bool) -> dict[str, Any]:
    oversight = oversight_of(standing, sheet)
    face = sheet.stage.face
    return {
        "own": own,
        "face": face,
        "handed_in": handed_in_words(sheet),
        "outcome": outcome_words(sheet),
        "due": due_words(sheet),
        "one_person": one_person_words(sheet, oversight),
        "nobody": "" if oversight.unit_id is not None else standing_gap(standing, sheet),
    }


def _disputes(sheet: ScoreSheet, standing: Standing) -> dict[str, Any]:
    disputes = list(disputes_of(sheet))
    for each in disputes:
        each.sheet = sheet
    open_ones = [each for each in disputes if each.resolved_at is None]
    settles = bool(open_ones) and bool(can_settle(standing, open_ones[0]))
    return {"disputes": disputes, "settles": settles}


def standing_gap(standing: Standing, sheet: ScoreSheet) -> str:
    """Return why nobody acts on the sheet: no head, or nobody to stand in for it."""
    return can_appraise(standing, sheet).reason


# ---------------------------------------------------------------- what can be done now


def _deeds(
    sheet: ScoreSheet,
    standing: Standing,
    content: AppraisalContent,
    verdict: Verdict,
    due_form: ExplanationDueForm | None,
    finish_form: FinishForm | None,
) -> dict[str, Any]:
    """Return the page's buttons: what the sheet's status asks for, for whoever may."""
    to_ask = unasked(sheet, [line.row for line in content.differing])
    appraises = sheet.stage is S.APPRAISING and bool(verdict)
    asks = appraises and not content.left and bool(to_ask)
    return {
        "start": _offer("start_appraisal", verdict) if sheet.stage is S.SUBMITTED else None,
        "due_form": (due_form or ExplanationDueForm(initial=_due_day(sheet))) if asks else None,
        "to_ask": [line.criterion.code for line in to_ask],
        "finish": _offer("finish_appraisal", verdict, _left(content)) if appraises else None,
        "finish_form": (finish_form or FinishForm()) if asks else None,
        "approve": _approve_offer(sheet, standing),
        "reopen": _reopen_offer(sheet, standing, verdict),
        "reopen_phrases": REOPEN_PHRASES,
        "can_return": can_return(standing, sheet) and sheet.submitted_at is not None,
        "can_dispute": can_dispute(standing, sheet),
        "has_explanations": any(line.explanation for line in content.lines),
        "explains_now": sheet.stage is S.EXPLANATION_REQUESTED,
    }


def _offer(name: str, verdict: Verdict, blockers: tuple[Blocker, ...] = ()) -> Offer:
    return Offer(SHEET_WORKFLOW.named(name), verdict, blockers)


def _left(content: AppraisalContent) -> tuple[Blocker, ...]:
    codes = tuple(line.row.criterion.code for line in content.lines if line.needs_judging)
    unseen = tuple(line.row.criterion.code for line in content.lines if line.row.review)
    told = (
        (f"Còn {len(codes)} tiêu chí chưa thẩm định:", codes),
        (f"Còn {len(unseen)} tiêu chí cần xem lại theo bảng chấm điểm mới:", unseen),
    )
    return tuple(Blocker(text, names=names) for text, names in told if names)


def _approve_offer(sheet: ScoreSheet, standing: Standing) -> Offer | None:
    if sheet.stage is not S.APPRAISED or sheet.membership.unit_id in standing.units:
        return None
    return _offer("approve", approvable(standing, sheet))


def _reopen_offer(sheet: ScoreSheet, standing: Standing, verdict: Verdict) -> Offer | None:
    if sheet.stage not in FINISHED:
        return None
    allowed = verdict or can_return(standing, sheet)
    return _offer("reopen_appraisal", allowed) if allowed else None


def _due_day(sheet: ScoreSheet) -> dict[str, dt.date]:
    """Return the day the explanation round ends by default: the year's deadline, else five days."""
    today = clock.today()
    set_day = (
        Deadline.objects.filter(
            bloc_year_id=sheet.bloc_year_id, kind=DeadlineKind.EXPLANATION, due_on__gte=today
        )
        .values_list("due_on", flat=True)
        .first()
    )
    return {"due_on": set_day or today + dt.timedelta(days=DAYS_TO_EXPLAIN)}


# ---------------------------------------------------------------- deeds


@require_POST
def appraise_start(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Take a submitted sheet into appraisal."""
    sheet, _ = open_appraisal(request, sheet_id)
    start_appraisal(actor=person(request), sheet=sheet)
    messages.success(
        request,
        "Đã bắt đầu thẩm định. Giữ hoặc sửa số liệu từng tiêu chí, xong thì hoàn thành thẩm định.",
    )
    return redirect("appraise", sheet_id)


@require_POST
def appraise_save(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Save the lines the appraiser touched, and keep the rest of a section if asked to.

    What cannot be saved is shown again as typed; a line changed by somebody else meanwhile comes
    back with both versions (409).
    """
    user = person(request)
    sheet, standing = open_appraisal(request, sheet_id)
    require(can_appraise(standing, sheet))
    data = request.POST
    drafts = posted_drafts(_leaves(sheet), data)
    seen = criterion_number(data.get("reviewed", ""))
    try:
        saved = appraise_lines(
            actor=user, sheet=sheet, lines=drafts, reason=data.get("reason", "")[:2000]
        )
        kept = _keep_rest(request, saved)
        if seen:
            confirm_review(actor=user, sheet=saved, criteria=[seen])
    except LinesChanged as changed:
        typed = Typed(data, clashes={each.criterion_id: each for each in changed.clashes})
        return _page(request, *open_appraisal(request, sheet_id), typed, status=409)
    except ValidationError as error:
        typed = Typed(data, errors=refused(error))
        return _page(request, *open_appraisal(request, sheet_id), typed)
    messages.success(request, _saved_words(len(drafts) + kept, sheet, saved))
    return redirect(_back_to(sheet_id, data))


def _keep_rest(request: HttpRequest, sheet: ScoreSheet) -> int:
    """Keep the unit's figures on the rest of the section whose button was pressed."""
    section = request.POST.get("keep_rest", "")
    if not (section.isdecimal() and len(section) < 19):
        return 0
    return accept_rest(actor=person(request), sheet=sheet, section_id=int(section))


def _leaves(sheet: ScoreSheet) -> Mapping[int, Any]:
    rows = list(lines_of(sheet))
    rules: RubricRules = rules_from_lines(sheet.rubric, rows)
    return {row.criterion_id: rules.places[row.criterion.code].leaf for row in rows}


def _saved_words(count: int, before: ScoreSheet, after: ScoreSheet) -> str:
    if not count:
        return "Không có thay đổi nào cần lưu."
    said = f"Đã lưu thẩm định {count} tiêu chí."
    if before.stage in FINISHED and after.stage is S.APPRAISING:
        return f"{said} Bảng chấm điểm trở lại bước thẩm định và phải được duyệt lại."
    return said


def _back_to(sheet_id: int, data: Mapping[str, str]) -> str:
    """Return the page at the line or section whose button was pressed."""
    page = reverse("appraise", args=[sheet_id])
    for name, anchor in (("keep", "dong"), ("keep_rest", "phan")):
        pressed = data.get(name, "")
        if pressed.isdecimal() and len(pressed) < 19:
            return f"{page}#{anchor}-{pressed}"
    return page


@require_POST
def explanation_request(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Ask the unit about the lines that differ."""
    sheet, standing = open_appraisal(request, sheet_id)
    form = ExplanationDueForm(request.POST)
    if form.is_valid():
        due_on: dt.date = form.cleaned_data["due_on"]
        try:
            request_explanation(actor=person(request), sheet=sheet, due_on=due_on)
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(
                request,
                f"Đã mời {sheet.membership.unit_name} giải trình đến hết ngày "
                f"{format_date(due_on)}. Quá hạn, tiêu chí không trả lời được coi là không có "
                "ý kiến.",
            )
            return redirect("explanations", sheet_id)
    require(can_appraise(standing, sheet))
    return _page(request, sheet, standing, due_form=form)


@require_POST
def appraise_finish(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Hand the sheet over for approval."""
    sheet, standing = open_appraisal(request, sheet_id)
    form = FinishForm(request.POST)
    try:
        finish_appraisal(actor=person(request), sheet=sheet, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        form.is_valid()
        form.errors.clear()
        put_refusal(form, error)
        return _page(request, sheet, standing, finish_form=form)
    messages.success(
        request,
        f"Đã hoàn thành thẩm định bảng chấm điểm của {sheet.membership.unit_name}. "
        "Lãnh đạo có thẩm quyền xem và duyệt.",
    )
    return redirect("appraise", sheet_id)


@require_POST
def appraise_reopen(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Send a finished or approved sheet back to its appraisers."""
    sheet, standing = open_appraisal(request, sheet_id)
    try:
        reopen_appraisal(actor=person(request), sheet=sheet, reason=given_reason(request.POST))
    except ValidationError as error:
        return _page(request, sheet, standing, Typed(errors=refused(error)))
    messages.success(
        request, "Đã mở lại thẩm định. Điểm chính thức hết hiệu lực cho đến khi được duyệt lại."
    )
    return redirect("appraise", sheet_id)
