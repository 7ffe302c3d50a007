"""Evidence of a line: attached, handed out, taken off. Files leave only through their sheet."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.views.frame import person
from emulation.access import require
from emulation.files import download_response
from emulation.models import User
from scoring.enums import SheetStatus
from scoring.forms.sheet import EvidenceForm
from scoring.models import ScoreLine, ScoreSheet
from scoring.permissions.appraisal import can_add_evidence
from scoring.permissions.sheet import can_edit_sheet
from scoring.selectors.sheet_content import citation, evidence_title
from scoring.selectors.sheets import (
    evidence_of,
    get_evidence_for_user,
    get_line,
    get_sheet_for_user,
)
from scoring.services.evidence import add_files, remove_evidence
from scoring.views.self_score import save_typed
from scoring.views.sheet_page import sheet_frame
from scoring.views.sheet_rows import anchor_of


@require_GET
def evidence(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponseBase:
    """Hand out one file to whoever may read the sheet's content now."""
    found = get_evidence_for_user(person(request), sheet_id, evidence_id)
    if found.file is None:
        raise Http404
    return download_response(found.file)


@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, sheet_id: int, criterion_id: int) -> HttpResponse:
    """Attach files to a line, or cite a paper kept elsewhere."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    line = get_line(found, criterion_id)
    require(can_add_evidence(standing, found, line))
    back = _back(found, criterion_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _added(user, line, form):
        messages.success(request, f"Đã thêm minh chứng cho tiêu chí {line.criterion.code}.")
        return redirect(back)
    title = f"Minh chứng cho tiêu chí {line.criterion.code}"
    context = {
        **sheet_frame(request, found, standing, title, below=True),
        "form": form,
        "line": line,
        "back": back,
        "standing_evidence": [
            (evidence_title(each), citation(each)) for each in evidence_of(found).filter(line=line)
        ],
    }
    return render(request, "scoring/evidence_add.html", context)


def _back(sheet: ScoreSheet, criterion_id: int) -> str:
    """Return the page the line stands on: the sheet, or the round in which the unit is asked."""
    if sheet.stage is SheetStatus.EXPLANATION_REQUESTED:
        return reverse("explanations", args=[sheet.pk])
    return f"{reverse('sheet', args=[sheet.pk])}#{anchor_of(criterion_id)}"


def _added(user: User, line: ScoreLine, form: EvidenceForm) -> bool:
    """Add each file with the citation, or the citation alone; nothing if anything is refused."""
    try:
        add_files(actor=user, line=line, files=form.cleaned_data["file"], **form.citation())
    except ValidationError as error:
        for name, texts in error.message_dict.items():
            form.add_error(name if name in form.fields else None, texts)
    return not form.errors


@require_POST
def evidence_remove(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponse:
    """Take evidence off its line; the row and the file are kept.

    The button stands in the sheet's form: what was typed there is saved first.
    """
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    require(can_edit_sheet(standing, found))
    each = get_evidence_for_user(user, sheet_id, evidence_id)
    _, refused = save_typed(request, found)
    if refused is not None:
        return refused
    removed = remove_evidence(actor=user, evidence=each)
    messages.success(
        request,
        f"Đã gỡ “{evidence_title(removed)}”. Nếu bắt buộc có minh chứng, tiêu chí tính 0 điểm.",
    )
    criterion_id = removed.line.criterion_id
    return redirect(f"{reverse('sheet', args=[sheet_id])}#{anchor_of(criterion_id)}")
