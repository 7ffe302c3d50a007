"""Evidence of a line: attached, handed out, taken off. Files leave only through their sheet."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.views.frame import person
from emulation.access import require
from emulation.files import download_response
from emulation.models import User
from scoring.enums import SheetStatus
from scoring.forms.sheet import EvidenceForm
from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.permissions.appraisal import can_add_evidence
from scoring.permissions.sheet import can_fill_sheet
from scoring.selectors.predecessors import predecessors_evidence
from scoring.selectors.sheet_content import citation, evidence_title
from scoring.selectors.sheets import (
    evidence_of,
    get_evidence_for_user,
    get_line,
    get_sheet_for_user,
)
from scoring.services.evidence import (
    add_files,
    link_predecessors_evidence,
    remove_evidence,
)
from scoring.views.self_score import save_typed
from scoring.views.sheet_page import sheet_frame
from scoring.views.sheet_rows import anchor_of


@dataclass(frozen=True, slots=True)
class Offered:
    """A predecessor's evidence, offered for linking."""

    title: str
    detail: str
    file: str
    criterion: str
    url: str
    is_linked: bool


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
        "predecessors": _predecessors(found, line),
    }
    return render(request, "scoring/evidence_add.html", context)


def _predecessors(sheet: ScoreSheet, line: ScoreLine) -> list[tuple[str, list[Offered]]]:
    """Return what units that this one came after attached, by unit and year, for linking."""
    here: set[str | None] = set(
        evidence_of(sheet).filter(line=line).values_list("file__sha256", flat=True)
    )
    groups: dict[str, list[Offered]] = {}
    for each in predecessors_evidence(sheet):
        membership = each.line.sheet.membership
        name = f"{membership.unit_name}, năm {membership.year}"
        groups.setdefault(name, []).append(_offered(each, line, here))
    return list(groups.items())


def _offered(each: Evidence, line: ScoreLine, here: set[str | None]) -> Offered:
    criterion = each.line.criterion
    assert each.file is not None  # noqa: S101 - the selector asks for files only
    return Offered(
        title=evidence_title(each),
        detail=citation(each),
        file=f"{each.file.original_name}, {filesizeformat(each.file.size)}",
        criterion=f"{criterion.code}. {criterion.title}",
        url=reverse("evidence_link", args=[line.sheet_id, line.criterion_id, each.pk]),
        is_linked=each.file.sha256 in here,
    )


@require_POST
def evidence_link(
    request: HttpRequest, sheet_id: int, criterion_id: int, evidence_id: int
) -> HttpResponse:
    """Refer on a line to a predecessor's file; another unit's file is not there."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    line = get_line(found, criterion_id)
    require(can_add_evidence(standing, found, line))
    source = get_object_or_404(predecessors_evidence(found), pk=evidence_id)
    try:
        linked = link_predecessors_evidence(actor=user, line=line, source=source)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            f"Đã dẫn “{evidence_title(linked)}” của đơn vị tiền thân vào tiêu chí "
            f"{line.criterion.code}. Tệp chỉ có một, không sao chép.",
        )
    return redirect("evidence_add", sheet_id, criterion_id)


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
    require(can_fill_sheet(standing, found))
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
