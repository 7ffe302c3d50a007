"""The unit's self-score: the list of sheets, the sheet, what was received, returning."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import require
from emulation.vietnamese import join_names
from scoring.enums import SheetStatus
from scoring.exports.sheet_paper import sheet_paper
from scoring.forms.self_score import read_drafts
from scoring.forms.sheet import ReturnForm
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import can_return
from scoring.permissions.sheet import can_import_scores, can_open_sheets
from scoring.selectors.receipts import NO_RECEIPT, received_of
from scoring.selectors.sheet_content import content_of
from scoring.selectors.sheets import get_readable_sheet_for_user, get_sheet_for_user
from scoring.services.sheet_opening import open_sheets
from scoring.services.sheet_review import confirm_review
from scoring.services.sheet_workflow import RETURN_TO_UNIT
from scoring.services.sheets import (
    Saving,
    return_sheet,
    save_page,
)
from scoring.views.moved_lines import criterion_number
from scoring.views.sheet_check import put_errors
from scoring.views.sheet_list_rows import sheet_list_rows, waiting_sentence
from scoring.views.sheet_page import (
    TAB,
    all_entries,
    grand_total,
    paper_words,
    parts_of_total,
    sheet_context,
    sheet_frame,
    sheet_title,
    status_of,
)
from scoring.views.sheet_rows import Typed

WHOLE_HISTORY = 2000
EVIDENCE_DEEDS = {"thay": "evidence_replace", "chung": "evidence_share"}

# ---------------------------------------------------------------- all sheets of the year


@require_GET
def sheet_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show every unit's state and progress; content stays with those who may read it."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    rows = sheet_list_rows(user, bloc_year, standing, request.GET.get("q", ""))
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title="Tự chấm điểm"),
        "rows": rows,
        "q": request.GET.get("q", ""),
        "waiting": waiting_sentence(rows),
        "can_open": can_open_sheets(standing, bloc_year),
        "can_import": can_import_scores(standing, bloc_year),
        "has_sheets": any(row.sheet_id for row in rows),
        "without": sum(1 for row in rows if not row.sheet_id),
    }
    return render(request, "scoring/sheet_list.html", context)


@require_POST
def sheet_open(request: HttpRequest, year_id: int) -> HttpResponse:
    """Open a sheet for every member that has none."""
    user = person(request)
    bloc_year, _ = get_bloc_year_for_user(user, year_id)
    opened = open_sheets(actor=user, bloc_year=bloc_year)
    names = join_names([sheet.membership.unit_name for sheet in opened])
    said = f"Đã mở bảng tự chấm điểm cho {names}." if opened else "Mọi đơn vị đã có bảng chấm điểm."
    messages.success(request, said)
    return redirect("sheet_list", year_id)


# ---------------------------------------------------------------- the sheet


@require_GET
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show a sheet: to its unit for filling in, to others for reading once they may."""
    found, standing = get_readable_sheet_for_user(person(request), sheet_id)
    return render(request, "scoring/sheet.html", sheet_context(request, found, standing))


@require_POST
def sheet_save(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Save what was typed; show again, as typed, what could not be saved."""
    saving, refused = save_typed(request, sheet_id)
    if refused is not None:
        return refused
    if saving.saved or not request.POST.get("next"):
        messages.success(request, _said(saving))
    if saving.gone:
        text = f"{saving.gone} tiêu chí vừa nhập không còn trong bảng chấm điểm mới nên không lưu."
        messages.warning(request, text)
    _confirm_reviewed(request, saving.sheet)
    return _onwards(request, sheet_id)


def _confirm_reviewed(request: HttpRequest, found: ScoreSheet) -> None:
    """Take off the mark of the line whose button "Đã xem lại" was pressed."""
    seen = criterion_number(request.POST.get("reviewed", ""))
    if seen:
        confirm_review(actor=person(request), sheet=found, criteria=[seen])


def save_typed(request: HttpRequest, sheet_id: int) -> tuple[Saving, HttpResponse | None]:
    """Save the lines that a POST carries; also return the page to show if some were refused."""
    user = person(request)
    saving = save_page(actor=user, sheet_id=sheet_id, lines=read_drafts(request.POST))
    if saving.is_whole:
        return saving, None
    left = {key: saving.drafts[key] for key in (*saving.errors, *saving.clashes)}
    typed = Typed(left, saving.errors, saving.clashes)
    found, standing = get_sheet_for_user(user, sheet_id)
    context = sheet_context(request, found, standing, typed)
    status = 409 if saving.clashes else 200
    return saving, render(request, "scoring/sheet.html", context, status=status)


def _said(saving: Saving) -> str:
    if not saving.saved:
        return "Không có thay đổi nào cần lưu."
    return f"Đã lưu {len(saving.saved)} tiêu chí. Có thể nhập tiếp hoặc kiểm tra và nộp."


def _onwards(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Go where the button leads: the check page, evidence of a line, a deed on it, or back."""
    wanted = request.POST.get("next", "")
    if wanted == "check":
        return redirect("sheet_check", sheet_id)
    if wanted.isascii() and wanted.isdigit():
        return redirect("evidence_add", sheet_id, int(wanted[:18]))
    deed, _, key = wanted.partition("-")
    if deed in EVIDENCE_DEEDS and criterion_number(key):
        return redirect(EVIDENCE_DEEDS[deed], sheet_id, criterion_number(key))
    return redirect("sheet", sheet_id)


@require_GET
def sheet_history(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show the whole history of a sheet."""
    found, standing = get_readable_sheet_for_user(person(request), sheet_id)
    title = f"Lịch sử bảng chấm điểm của {found.membership.unit_name}"
    context = {
        **sheet_frame(request, found, standing, title, below=True),
        "entries": all_entries(found, standing, WHOLE_HISTORY),
    }
    return render(request, "scoring/sheet_history.html", context)


@require_GET
def sheet_docx(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Download the bảng tự chấm điểm as a Word file."""
    found, _ = get_readable_sheet_for_user(person(request), sheet_id)
    return sheet_paper(found)


# ---------------------------------------------------------------- received


@require_GET
def sheet_receipt(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show that a sheet was received: number, time, what comes next."""
    found, standing = get_readable_sheet_for_user(person(request), sheet_id)
    received = received_of(found)
    if received is None:
        return redirect("sheet", sheet_id)
    own = found.membership.unit_id in standing.units
    content = content_of(found) if found.stage is SheetStatus.SUBMITTED else None
    context = {
        **sheet_frame(request, found, standing, "Đã nhận bảng tự chấm điểm", below=True),
        "sheet": found,
        "own": own,
        "receipt": received.receipt,
        "matches": received.matches,
        "no_receipt": NO_RECEIPT,
        "on_paper": paper_words(found),
        "total": grand_total(content) if content else "",
        "parts": parts_of_total(content) if content else "",
        "number": received.number,
        "status": status_of(found, own=own),
    }
    return render(request, "scoring/sheet_receipt.html", context)


# ---------------------------------------------------------------- sending back


@require_http_methods(["GET", "POST"])
def sheet_return(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Send a sheet back to its unit, with a reason and a new day."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    require(can_return(standing, found))
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return_sheet(
                actor=user, sheet=found, reason=form.given, due_on=form.cleaned_data["due_on"]
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(
                request,
                f"Đã trả bảng chấm điểm cho {found.membership.unit_name}. Đơn vị sửa và nộp lại.",
            )
            return redirect("sheet_list", found.bloc_year_id)
    title = f"Trả lại bảng chấm điểm của {found.membership.unit_name}"
    context = {
        **sheet_frame(request, found, standing, title, below=True),
        "form": form,
        "sheet": found,
        "label": RETURN_TO_UNIT.label,
        "what_next": RETURN_TO_UNIT.what_next,
        "sheet_title": sheet_title(found),
    }
    return render(request, "scoring/sheet_return.html", context)
