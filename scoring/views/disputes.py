"""Disputes: a unit puts a result before the meeting; the meeting's resolution is recorded."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import require
from scoring.enums import PointStage, SheetStatus
from scoring.forms.appraisal import DisputeForm, ResolutionForm
from scoring.forms.line_inputs import LineField, line_fields, shown_texts, typed_texts
from scoring.models import Dispute, ScoreLine, ScoreSheet
from scoring.permissions.explanations import can_dispute, can_settle
from scoring.selectors.appraisal_content import AppraisalLine, appraisal_of
from scoring.selectors.disputes import get_dispute_for_user, meetings_of
from scoring.services.disputes import raise_dispute, settle_dispute
from scoring.views.appraisal_pages import (
    appraisal_frame,
    open_appraisal,
    put_refusal,
    refused,
    sheet_crumb,
)
from scoring.views.appraisal_rows import NOTHING_TYPED, line_view


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_raise(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Put a criterion, or the sheet as a whole, before the meeting."""
    sheet, standing = open_appraisal(request, sheet_id)
    require(can_dispute(standing, sheet))
    content = appraisal_of(sheet)
    lines = {str(line.row.pk): line.row for line in content.lines}
    choices = [
        (str(line.row.pk), f"{line.place.leaf.code}. {line.place.leaf.title}")
        for line in content.lines
    ]
    initial = {"line": request.GET.get("line", "")}
    form = DisputeForm(request.POST or None, lines=choices, initial=initial)
    if request.method == "POST" and form.is_valid() and _raised(request, sheet, form, lines):
        return redirect("appraise", sheet_id)
    title = "Nêu nội dung không thống nhất"
    context = {
        **appraisal_frame(request, sheet, standing, title, below=[sheet_crumb(sheet)]),
        "form": form,
        "back_url": reverse("appraise", args=[sheet_id]),
    }
    return render(request, "scoring/appraise_dispute.html", context)


def _raised(
    request: HttpRequest, sheet: ScoreSheet, form: DisputeForm, lines: Mapping[str, ScoreLine]
) -> bool:
    """Raise the dispute and say so; False where the service refused what was typed."""
    try:
        raise_dispute(
            actor=person(request),
            sheet=sheet,
            line=lines.get(form.cleaned_data["line"]),
            text=form.cleaned_data["text"],
        )
    except ValidationError as error:
        put_refusal(form, error)
        return False
    messages.success(
        request,
        "Đã ghi nội dung không thống nhất. Nội dung này được đưa ra hội nghị bình xét để kết luận.",
    )
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_settle(request: HttpRequest, sheet_id: int, dispute_id: int) -> HttpResponse:
    """Record what the meeting resolved, with corrected figures if it resolved so."""
    dispute, sheet, standing = get_dispute_for_user(person(request), sheet_id, dispute_id)
    require(can_settle(standing, dispute))
    form = ResolutionForm(request.POST or None, meetings=meetings_of(sheet.bloc_year))
    wrong: dict[str, str] = {}
    line = _disputed(sheet, dispute)
    if request.method == "POST" and form.is_valid():
        wrong = _settled(request, dispute, form, line)
        if not wrong:
            return redirect("appraise", sheet_id)
    return _settle_page(request, sheet, standing, dispute, form, line, wrong)


def _disputed(sheet: ScoreSheet, dispute: Dispute) -> AppraisalLine | None:
    if dispute.line_id is None:
        return None
    is_final = sheet.stage is SheetStatus.APPROVED
    content = appraisal_of(sheet, stage=PointStage.FINAL if is_final else PointStage.APPRAISED)
    return next((each for each in content.lines if each.row.pk == dispute.line_id), None)


def _prefix(line: AppraisalLine) -> str:
    return f"c{line.row.criterion_id}"


def _settled(
    request: HttpRequest, dispute: Dispute, form: ResolutionForm, line: AppraisalLine | None
) -> dict[str, str]:
    """Settle the dispute and say so; return what the service refused."""
    raw = None
    if line is not None and form.cleaned_data["corrects"]:
        raw = typed_texts(line.place.leaf, _prefix(line), request.POST)
    try:
        settle_dispute(
            actor=person(request),
            dispute=dispute,
            resolution=form.cleaned_data["resolution"],
            meeting=form.cleaned_data["meeting"],
            raw=raw,
        )
    except ValidationError as error:
        put_refusal(form, error)
        return refused(error)
    messages.success(request, "Đã ghi kết luận của hội nghị. Việc duyệt điểm giữ nguyên.")
    return {}


def _settle_page(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    dispute: Dispute,
    form: ResolutionForm,
    line: AppraisalLine | None,
    wrong: Mapping[str, str],
) -> HttpResponse:
    title = f"Ghi kết luận của hội nghị về {sheet.membership.unit_name}"
    if line is None:
        del form.fields["corrects"]
    context = {
        **appraisal_frame(request, sheet, standing, title, below=[sheet_crumb(sheet)]),
        "dispute": dispute,
        "form": form,
        "line": line_view(line, sheet.pk, NOTHING_TYPED, editable=False) if line else None,
        "fields": _fields(request, line, wrong) if line else (),
        "back_url": reverse("appraise", args=[sheet.pk]),
    }
    return render(request, "scoring/appraise_settle.html", context)


def _fields(request: HttpRequest, line: AppraisalLine, wrong: Mapping[str, str]) -> list[LineField]:
    leaf, prefix = line.place.leaf, _prefix(line)
    document = line.row.final_input or line.row.appraised_input
    texts = shown_texts(leaf, document)
    if request.method == "POST":
        texts = typed_texts(leaf, prefix, request.POST)
    errors = {f"{prefix}-{key}": text for key, text in wrong.items()}
    return line_fields(leaf, prefix, texts, errors)
