"""The appraisal of one sheet: self and appraised side by side, line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from blocs.standing import Standing
from blocs.views.frame import person
from emulation import clock
from emulation.access import require
from emulation.forms import given_reason
from emulation.vietnamese import format_date
from scoring.enums import SheetStatus
from scoring.forms.appraisal import ExplanationDueForm, FinishForm
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import can_appraise
from scoring.selectors.appraisal_content import AppraisalContent, appraisal_of
from scoring.services.appraisal import (
    FINISHED,
    LinesChanged,
    accept_rest,
    appraise_lines,
    finish_appraisal,
    reopen_appraisal,
    start_appraisal,
)
from scoring.services.explanations import request_explanation
from scoring.services.sheet_review import confirm_review
from scoring.views.appraisal_context import appraisal_context
from scoring.views.appraisal_pages import open_appraisal, put_refusal, refused
from scoring.views.appraisal_pieces import pieces, wants_pieces
from scoring.views.appraisal_rows import NOTHING_TYPED, Typed, posted_drafts
from scoring.views.moved_lines import criterion_number


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
    context = appraisal_context(
        request, sheet, standing, typed, due_form=due_form, finish_form=finish_form
    )
    return render(request, "scoring/appraise.html", context, status=status)


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
    back with both versions (409). The page's script posts one line at a time and is answered in
    pieces.
    """
    sheet, standing = open_appraisal(request, sheet_id)
    require(can_appraise(standing, sheet))
    before = appraisal_of(sheet)
    try:
        count, saved = _save(request, sheet, before)
    except LinesChanged as changed:
        clashes = {each.criterion_id: each for each in changed.clashes}
        return _refused(request, sheet_id, before, Typed(request.POST, clashes=clashes), 409)
    except ValidationError as error:
        return _refused(request, sheet_id, before, Typed(request.POST, errors=refused(error)), 200)
    words = _saved_words(count, sheet, saved, brief=wants_pieces(request))
    if wants_pieces(request):
        return pieces(request, *open_appraisal(request, sheet_id), before, words=words)
    messages.success(request, words)
    return redirect(_back_to(sheet_id, request.POST))


def _save(
    request: HttpRequest, sheet: ScoreSheet, before: AppraisalContent
) -> tuple[int, ScoreSheet]:
    """Do what was posted; return how many lines it was about, and the sheet."""
    user, data = person(request), request.POST
    leaves = {line.row.criterion_id: line.place.leaf for line in before.lines}
    drafts = posted_drafts(leaves, data)
    reason = data.get("reason", "")[:2000]
    saved = appraise_lines(actor=user, sheet=sheet, lines=drafts, reason=reason)
    kept = _keep_rest(request, saved)
    if seen := criterion_number(data.get("reviewed", "")):
        confirm_review(actor=user, sheet=saved, criteria=[seen])
    return len(drafts) + kept, saved


def _keep_rest(request: HttpRequest, sheet: ScoreSheet) -> int:
    """Keep the unit's figures on the rest of the section whose button was pressed."""
    section = request.POST.get("keep_rest", "")
    if not (section.isdecimal() and len(section) < 19):
        return 0
    return accept_rest(actor=person(request), sheet=sheet, section_id=int(section))


def _refused(
    request: HttpRequest, sheet_id: int, before: AppraisalContent, typed: Typed, status: int
) -> HttpResponse:
    """Show what was not saved as it was typed, on the page or in its pieces."""
    sheet, standing = open_appraisal(request, sheet_id)
    if wants_pieces(request):
        return pieces(request, sheet, standing, before, typed)
    return _page(request, sheet, standing, typed, status=status)


def _saved_words(count: int, before: ScoreSheet, after: ScoreSheet, *, brief: bool) -> str:
    if not count:
        return "Không có thay đổi nào cần lưu."
    at = f"{clock.local_time(clock.now()):%H:%M:%S}"
    said = f"Đã lưu {at}." if brief else f"Đã lưu thẩm định {count} tiêu chí."
    if before.stage in FINISHED and after.stage is SheetStatus.APPRAISING:
        return f"{said} Bảng chấm điểm trở lại bước thẩm định và phải được duyệt lại."
    return said


def _back_to(sheet_id: int, data: Mapping[str, str]) -> str:
    """Return the page at the line or section whose button was pressed."""
    page = reverse("appraise", args=[sheet_id])
    for name, anchor in (("keep", "dong"), ("only", "dong"), ("keep_rest", "phan")):
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
        given = request.POST.get("reason", "")
        finished = finish_appraisal(actor=person(request), sheet=sheet, reason=given)
    except ValidationError as error:
        form.is_valid()
        form.errors.clear()
        put_refusal(form, error)
        return _page(request, sheet, standing, finish_form=form)
    messages.success(request, _finished_words(sheet, finished))
    return redirect("appraise", sheet_id)


def _finished_words(before: ScoreSheet, after: ScoreSheet) -> str:
    unit = before.membership.unit_name
    if after.stage is SheetStatus.SECOND_ROUND:
        return (
            f"Đã hoàn thành vòng một bảng chấm điểm của {unit}. Một người khác thẩm định vòng hai."
        )
    done = f"Đã hoàn thành thẩm định bảng chấm điểm của {unit}."
    return f"{done} Lãnh đạo có thẩm quyền xem và duyệt."


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
