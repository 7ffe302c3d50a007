"""A board brings in its register: fetch the workbook, upload it, read what it does, confirm."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.exports.register import current_register, empty_register
from blocs.forms.imports import ImportForm
from blocs.models import Board, BoardImport
from blocs.selectors.imports import imports_of, register_counts
from blocs.selectors.units import boards_of
from blocs.services.imports import ImportPlan, confirm_import, plan_of, upload_register
from blocs.services.imports.planning import Difference
from blocs.views.answers import accepted, number_in, page_of
from blocs.views.differences import EMPTY, ShownChange, ShownDifference, in_file
from blocs.views.frame import Crumb, person
from emulation import clock
from emulation.access import allow_if, require
from emulation.files import download_response
from emulation.models import User
from emulation.office.responses import xlsx_response
from emulation.plans import PlanMoved

BOARD_ONLY = "Danh sách của Hội đồng do cán bộ Ban Thi đua - Khen thưởng nhập."
TITLE = "Nhập từ Excel"
DIFFERENCES_PER_PAGE = 100


def _board_for(request: HttpRequest, user: User) -> tuple[Board, list[Board]]:
    """Return the board asked for and all that the person works for; Refused where there is none.

    With several boards the address says which (``hoi-dong``), else the first; Http404 for another.
    """
    boards = list(boards_of(user).filter(ended_on__isnull=True))
    require(allow_if(bool(boards), BOARD_ONLY))
    if "hoi-dong" not in request.GET:
        return boards[0], boards
    wanted = number_in(request.GET["hoi-dong"])
    board = next((each for each in boards if each.pk == wanted), None)
    if board is None:
        raise Http404
    return board, boards


def get_import_for_user(user: User, import_id: int) -> BoardImport:
    """Return an upload of one of the person's boards; Http404 otherwise."""
    found = BoardImport.objects.filter(board__in=boards_of(user), pk=import_id)
    board_import = found.select_related("board", "file", "uploaded_by", "applied_by").first()
    if board_import is None:
        raise Http404
    return board_import


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [("Đơn vị", reverse("unit_list")), *more]


@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Offer the workbook, empty or filled; take it back; list what was brought in before."""
    user = person(request)
    board, boards = _board_for(request, user)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*sent)
    made: list[BoardImport] = []

    def upload() -> None:
        uploaded = form.cleaned_data["uploaded"]
        made.append(upload_register(actor=user, board=board, uploaded=uploaded))

    if accepted(request, form, upload):
        return redirect("import_preview", made[0].pk)
    context = {
        "title": TITLE,
        "crumbs": _crumbs((TITLE, None)),
        "board": board,
        "boards": boards,
        "form": form,
        "counts": register_counts(board),
        "page": page_of(request, imports_of(board)),
    }
    return render(request, "blocs/import_page.html", context)


@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """Hand out the empty workbook."""
    _board_for(request, person(request))
    return xlsx_response(empty_register(), "Mẫu nhập danh sách")


@require_GET
def import_current(request: HttpRequest) -> HttpResponse:
    """Hand out the workbook with what stands in the board now."""
    board, _ = _board_for(request, person(request))
    name = f"Danh sách {board.name} {clock.today():%d-%m-%Y}"
    return xlsx_response(current_register(board), name)


@require_GET
def import_preview(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show what an upload would do; once applied, what was written."""
    board_import = get_import_for_user(person(request), import_id)
    if board_import.applied_at is not None:
        return _receipt(request, board_import)
    return _preview(request, board_import, plan_of(board_import))


def _preview(
    request: HttpRequest, board_import: BoardImport, plan: ImportPlan, *, moved: bool = False
) -> HttpResponse:
    pages = Paginator(plan.differences, DIFFERENCES_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        **_frame(board_import),
        "plan": plan,
        "moved": moved,
        "page": page,
        "differences": [_shown(each) for each in page.object_list],
    }
    return render(request, "blocs/import_preview.html", context)


def _shown(each: Difference) -> ShownDifference:
    return ShownDifference(
        label=each.label,
        where=in_file(each.sheet, each.row),
        word="mới" if each.is_new else "thay đổi",
        tone="good" if each.is_new else "active",
        changes=tuple(
            ShownChange(
                change.column,
                change.before or ("" if each.is_new else EMPTY),
                change.after or EMPTY,
            )
            for change in each.details
        ),
        otherwise="Từ đầu năm",
    )


def _receipt(request: HttpRequest, board_import: BoardImport) -> HttpResponse:
    return render(request, "blocs/import_receipt.html", _frame(board_import))


def _frame(board_import: BoardImport) -> dict[str, Any]:
    back = f"{reverse('import_page')}?hoi-dong={board_import.board_id}"
    name = board_import.file.original_name
    applied = board_import.applied_at is not None
    return {
        "title": f"{'Đã nhập' if applied else 'Xem trước'} “{name}”",
        "crumbs": _crumbs((TITLE, back), (name, None)),
        "board_import": board_import,
        "back": back,
    }


@require_POST
def import_confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    """Write what was seen; where the register moved meanwhile, show it anew."""
    user = person(request)
    board_import = get_import_for_user(user, import_id)
    seen = request.POST.get("seen", "")
    try:
        confirm_import(actor=user, board_import=board_import, seen=seen)
    except PlanMoved:
        return _preview(request, board_import, plan_of(board_import), moved=True)
    return redirect("import_preview", import_id)


@require_GET
def import_file(request: HttpRequest, import_id: int) -> FileResponse:
    """Hand out an uploaded workbook as it came."""
    return download_response(get_import_for_user(person(request), import_id).file)
