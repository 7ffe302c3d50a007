"""Evidence of a line: attached, shared with other lines, replaced, taken off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import Conflict, require
from emulation.files import ALLOWED_TEXT, MEGABYTE
from emulation.models import User
from emulation.vietnamese import format_moment, format_number
from scoring.enums import SheetStatus
from scoring.forms.sheet import MOST_FILES, CitationForm, EvidenceForm, ReplaceForm
from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.permissions.evidence import can_share_evidence, lines_taking_evidence
from scoring.permissions.explanations import can_add_evidence
from scoring.permissions.sheet import can_fill_sheet
from scoring.selectors.evidence_room import get_line, removed_evidence, room_left
from scoring.selectors.predecessors import predecessors_evidence
from scoring.selectors.sheet_content import citation, evidence_title
from scoring.selectors.sheet_lines import evidence_of, get_evidence_for_user
from scoring.selectors.sheets import get_sheet_for_user
from scoring.selectors.twins import NO_TWINS, twins_of
from scoring.services.evidence import (
    GONE,
    add_files,
    link_predecessors_evidence,
    remove_evidence,
    replace_evidence,
    share_evidence,
)
from scoring.views.evidence_cells import EvidenceCell, evidence_cell
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


@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, sheet_id: int, criterion_id: int) -> HttpResponse:
    """Attach files to a line, or cite a paper kept elsewhere.

    A script that sends files one by one asks for JSON: ``{"added": true}``, or what is wrong, by
    field, with status 422.
    """
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    line = get_line(found, criterion_id)
    require(can_add_evidence(standing, found, line))
    form = EvidenceForm(request.POST or None, request.FILES or None)
    added = request.method == "POST" and form.is_valid() and _added(user, line, form)
    if request.method == "POST" and request.headers.get("Accept") == "application/json":
        return _told(request, line, form, added=added)
    if added:
        _say_added(request, line, f"Đã thêm minh chứng cho tiêu chí {line.criterion.code}.")
        return redirect(_back(found, criterion_id))
    title = f"Minh chứng cho tiêu chí {line.criterion.code}"
    context = {
        **sheet_frame(request, found, standing, title, below=True),
        **_line_papers(found, standing, line),
        "form": form,
        "line": line,
        "wants": _wants(line),
        "back": _back(found, criterion_id),
        "limits": _limits(found),
        "most_files": MOST_FILES,
    }
    return render(request, "scoring/evidence_add.html", context)


def _wants(line: ScoreLine) -> str:
    """Return what papers the line has to have to count, as a sentence; nothing where none."""
    if line.criterion.decision_required:
        return (
            "Tiêu chí này phải có số và ngày của quyết định công nhận: ghi ở mục 2. "
            "Thiếu thì tính 0 điểm."
        )
    if line.criterion.evidence_required:
        return (
            "Tiêu chí này bắt buộc có minh chứng: chọn tệp, hoặc ghi số và ngày của văn bản. "
            "Thiếu thì tính 0 điểm."
        )
    return ""


def _told(
    request: HttpRequest, line: ScoreLine, form: EvidenceForm, *, added: bool
) -> JsonResponse:
    """Answer the script; with the last of the files it says how many it has sent in all."""
    sent = request.POST.get("told", "")
    if added and sent.isascii() and sent.isdigit() and len(sent) < 4:
        said = f"Đã thêm {sent} tệp minh chứng cho tiêu chí {line.criterion.code}."
        _say_added(request, line, said)
    return JsonResponse({"added": added, "errors": form.errors}, status=200 if added else 422)


def _say_added(request: HttpRequest, line: ScoreLine, said: str) -> None:
    """Say what was added, and what the line still lacks before it counts."""
    decided = evidence_of(line.sheet).filter(line=line).exclude(number="")
    if line.criterion.decision_required and not decided.filter(issued_on__isnull=False).exists():
        messages.warning(request, f"{said} Chưa có số, ngày quyết định nên còn tính 0 điểm.")
    else:
        messages.success(request, said)


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be uploaded, said beforehand; sizes in bytes for the script, in words for people."""

    kinds: str
    each: int
    left: int
    each_words: str
    left_words: str
    whole_words: str


def _limits(sheet: ScoreSheet) -> Limits:
    left = room_left(sheet)
    return Limits(
        kinds=ALLOWED_TEXT,
        each=settings.UPLOAD_MAX_BYTES,
        left=left,
        each_words=f"{settings.UPLOAD_MAX_BYTES // MEGABYTE} MB",
        left_words=f"{format_number(Decimal(left * 10 // MEGABYTE) / 10)} MB",
        whole_words=f"{settings.SHEET_UPLOAD_MAX_BYTES // MEGABYTE} MB",
    )


def _line_papers(sheet: ScoreSheet, standing: Standing, line: ScoreLine) -> dict[str, Any]:
    """Return what stands on the line, on other lines, with predecessors, and what was taken off."""
    evidence = list(evidence_of(sheet))
    here = [each for each in evidence if each.line_id == line.pk]
    twins = twins_of(standing, sheet, evidence)
    return {
        "papers": [evidence_cell(each, sheet.pk, twins.get(each.pk, NO_TWINS)) for each in here],
        "editable": bool(can_fill_sheet(standing, sheet)),
        "others": _on_other_lines(evidence, here, sheet.pk),
        "predecessors": _predecessors(sheet, line),
        "removed": [_removed(each) for each in removed_evidence(line)],
    }


def _on_other_lines(
    evidence: list[Evidence], here: list[Evidence], sheet_id: int
) -> list[tuple[str, EvidenceCell, str]]:
    """Return what other lines carry and this one does not, each content once."""
    known = {_content(each) for each in here}
    others = []
    for each in sorted(evidence, key=lambda each: each.line.criterion.code):
        if _content(each) not in known:
            known.add(_content(each))
            cell = evidence_cell(each, sheet_id)
            url = reverse("evidence_share", args=[sheet_id, each.pk])
            others.append((each.line.criterion.code, cell, url))
    return others


def _content(each: Evidence) -> object:
    return each.file.sha256 if each.file else (each.number, each.issued_on)


@dataclass(frozen=True, slots=True)
class Removed:
    """Evidence that stands no more: what it was, who took it off and when, what came instead."""

    title: str
    detail: str
    how: str


def _removed(each: Evidence) -> Removed:
    new = getattr(each, "replaced_by", None)
    by = each.removed_by.full_name if each.removed_by else ""
    when = format_moment(each.removed_at) if each.removed_at else ""
    deed = f"thay bằng “{evidence_title(new)}”" if new else "gỡ"
    file = each.file.original_name if each.file and each.title else ""
    return Removed(evidence_title(each), file, f"{by} {deed} lúc {when}")


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
        _put_errors(form, error)
    return not form.errors


def _put_errors(form: CitationForm, error: ValidationError) -> None:
    """Show a service's refusal at the field it names, or above the form."""
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


@require_http_methods(["GET", "POST"])
def evidence_share(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponse:
    """Use a piece of evidence for further criteria of the sheet: the same file, not a copy."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    require(can_share_evidence(standing, found))
    source = _standing_evidence(found, evidence_id)
    lines = _takers(found, standing, source)
    error = ""
    if request.method == "POST":
        chosen = [
            line for line in lines if f"{line.criterion_id}" in request.POST.getlist("tieu-chi")
        ]
        error = _shared(request, user, source, chosen)
        if not error:
            return redirect(_back(found, chosen[0].criterion_id))
    title = "Dùng minh chứng cho tiêu chí khác"
    context = {
        **sheet_frame(request, found, standing, title, below=True),
        "paper": evidence_cell(source, sheet_id),
        "code": source.line.criterion.code,
        "lines": [(line.criterion_id, line.criterion.code, line.criterion.title) for line in lines],
        "chosen": {int(key) for key in request.POST.getlist("tieu-chi") if key.isdecimal()},
        "errors": [("tieu-chi", error)] if error else [],
        "back": _back(found, source.line.criterion_id),
    }
    return render(request, "scoring/evidence_share.html", context)


def _standing_evidence(sheet: ScoreSheet, evidence_id: int) -> Evidence:
    """Return evidence of the sheet; Conflict where another tab took it off, Http404 otherwise."""
    found = evidence_of(sheet).filter(pk=evidence_id).first()
    if found is not None:
        return found
    if Evidence.objects.filter(pk=evidence_id, line__sheet=sheet).exists():
        raise Conflict(GONE)
    raise Http404


def _takers(sheet: ScoreSheet, standing: Standing, source: Evidence) -> list[ScoreLine]:
    """Return the lines that may take the evidence: not its own, and in the round those asked."""
    asked = lines_taking_evidence(standing, sheet)
    return [line for line in asked if line.pk != source.line_id]


def _shared(request: HttpRequest, user: User, source: Evidence, lines: list[ScoreLine]) -> str:
    """Share the evidence; return what is wrong, empty where nothing is."""
    if not lines:
        return "Chưa chọn tiêu chí nào. Đề nghị đánh dấu ít nhất một tiêu chí."
    try:
        share_evidence(actor=user, source=source, lines=lines)
    except ValidationError as error:
        return " ".join(error.messages)
    codes = ", ".join(line.criterion.code for line in lines)
    messages.success(
        request, f"Đã dùng “{evidence_title(source)}” cho tiêu chí {codes}. Tệp chỉ có một."
    )
    return ""


@require_http_methods(["GET", "POST"])
def evidence_replace(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponse:
    """Put a new file or a corrected citation in the place of a piece of evidence."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    require(can_fill_sheet(standing, found))
    old = _standing_evidence(found, evidence_id)
    stored = {name: getattr(old, name) for name in ReplaceForm.base_fields if name != "file"}
    form = ReplaceForm(request.POST or None, request.FILES or None, initial=stored)
    back = _back(found, old.line.criterion_id)
    if request.method == "POST" and form.is_valid() and _replaced(user, old, form):
        messages.success(
            request,
            f"Đã thay “{evidence_title(old)}” ở tiêu chí {old.line.criterion.code}. Bản trước được "
            "lưu lại cùng tên người thay và thời điểm.",
        )
        return redirect(back)
    context = {
        **sheet_frame(request, found, standing, "Thay minh chứng", below=True),
        "form": form,
        "paper": evidence_cell(old, sheet_id),
        "line": old.line,
        "limits": _limits(found),
        "back": back,
    }
    return render(request, "scoring/evidence_replace.html", context)


def _replaced(user: User, old: Evidence, form: ReplaceForm) -> bool:
    try:
        replace_evidence(
            actor=user, evidence=old, uploaded=form.cleaned_data["file"], **form.citation()
        )
    except ValidationError as error:
        _put_errors(form, error)
    return not form.errors


@require_POST
def evidence_remove(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponse:
    """Take evidence off its line; the row and the file are kept.

    The button stands in the sheet's form: what was typed there is saved first.
    """
    user = person(request)
    each = get_evidence_for_user(user, sheet_id, evidence_id)
    _, refused = save_typed(request, sheet_id)
    if refused is not None:
        return refused
    removed = remove_evidence(actor=user, evidence=each)
    messages.success(
        request,
        f"Đã gỡ “{evidence_title(removed)}”. Nếu bắt buộc có minh chứng, tiêu chí tính 0 điểm.",
    )
    criterion_id = removed.line.criterion_id
    return redirect(f"{reverse('sheet', args=[sheet_id])}#{anchor_of(criterion_id)}")
