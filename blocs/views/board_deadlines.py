"""Common deadlines of a province: the table, and the guided page that sets them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.enums import DeadlineKind
from blocs.forms.meetings import BoardDeadlinesForm
from blocs.forms.years import FIRST_YEAR, LAST_YEAR
from blocs.models import BlocYear, Board
from blocs.selectors.board_deadlines import (
    CommonRow,
    board_deadline_history,
    boards_answered_by,
    common_rows,
    years_of_board,
)
from blocs.selectors.deadlines import common_dates
from blocs.services.board_deadlines import plan_board_deadlines, set_board_deadlines
from blocs.views.blocs import BOARD_ONLY
from blocs.views.frame import Crumb, person
from blocs.views.guided import GuidedPage, guided
from emulation import clock
from emulation.access import allow_if, require
from emulation.models import User
from emulation.plans import Plan
from emulation.vietnamese import remaining


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A kind of deadline as the page shows it."""

    row: CommonRow
    left: str
    tone: str


@require_GET
def board_deadlines(request: HttpRequest, board_id: int, year: int) -> HttpResponse:
    """Show the common days of the province for one year, and the blocs that differ."""
    user = person(request)
    board = get_board_for_user(user, board_id, year)
    blocs = list(years_of_board(board, year))
    context = {
        "title": f"Thời hạn chung năm {year}",
        "crumbs": _crumbs(board, year),
        "board": board,
        "year": year,
        "years": _years(board, year),
        "rows": [_shown(row) for row in common_rows(board, blocs, year)],
        "count": len(blocs),
        "entries": board_deadline_history(board, blocs, year),
    }
    return render(request, "blocs/board_deadlines.html", context)


def get_board_for_user(user: User, board_id: int, year: int) -> Board:
    """Return the board if the person is its officer today, or of the board after it.

    Refused for who is an officer of no board; Http404 for another's board, an impossible year.
    """
    boards = boards_answered_by(user)
    require(allow_if(boards.exists(), BOARD_ONLY))
    board = boards.filter(pk=board_id).first()
    if board is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return board


def _crumbs(board: Board, year: int, *, deeper: bool = False) -> list[Crumb]:
    here = reverse("board_deadlines", args=[board.pk, year]) if deeper else None
    return [("Khối thi đua", reverse("bloc_list")), (f"Thời hạn chung năm {year}", here)]


def _years(board: Board, year: int) -> list[int]:
    """Return the years one may turn to: those with blocs, this one, and the next to come."""
    known = BlocYear.objects.filter(board=board).order_by("year").values_list("year", flat=True)
    return sorted({*known.distinct(), year, clock.today().year, clock.today().year + 1})


def _shown(row: CommonRow) -> ShownRow:
    if row.due_on is None:
        return ShownRow(row, "", "quiet")
    left = remaining(row.due_on, clock.today())
    if left.state == "overdue":
        return ShownRow(row, "đã qua", "quiet")
    return ShownRow(row, left.text, "active" if left.state == "later" else "warning")


@require_http_methods(["GET", "POST"])
def board_deadline_set(request: HttpRequest, board_id: int, year: int) -> HttpResponse:
    """Set the common days on one form, read what changes in each bloc, confirm."""
    user = person(request)
    board = get_board_for_user(user, board_id, year)
    form = BoardDeadlinesForm(request.POST or None, initial=common_dates(board.pk, year))

    def plan(data: dict[str, Any]) -> Plan:
        return plan_board_deadlines(actor=user, board=board, year=year, dates=_dates(data))

    def deed(data: dict[str, Any], seen: str) -> object:
        return set_board_deadlines(
            actor=user, board=board, year=year, dates=_dates(data), seen=seen
        )

    response = guided(request, _page(board, year), form, plan_of=plan, deed=deed)
    if response is not None:
        return response
    messages.success(request, f"Đã ghi thời hạn chung năm {year}. Các khối thấy hạn mới ngay.")
    return redirect("board_deadlines", board.pk, year)


def _dates(data: dict[str, Any]) -> dict[str, dt.date | None]:
    return {kind.value: data[kind.value] for kind in DeadlineKind}


def _page(board: Board, year: int) -> GuidedPage:
    return GuidedPage(
        title=f"Đặt thời hạn chung năm {year}",
        crumbs=[*_crumbs(board, year, deeper=True), ("Đặt thời hạn chung", None)],
        back=reverse("board_deadlines", args=[board.pk, year]),
        confirm="Ghi thời hạn chung",
        after="Các khối thấy hạn mới ngay; Khối nào cần ngày khác thì Ban đặt riêng, có lý do.",
        lede="Hạn chung áp dụng cho mọi khối của tỉnh trong năm. Để trống nếu không đặt chung: "
        "khi đó Thư ký Khối tự đặt.",
        submit="Xem ảnh hưởng tới từng khối",
    )
