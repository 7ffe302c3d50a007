"""Boards: founded by the administrator, their own page, their record, their mergers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from blocs.forms.boards import BoardForm, BoardFoundForm, MergeForm, merger_of
from blocs.models import Board
from blocs.permissions import (
    board_works,
    can_appoint,
    can_edit_board,
    can_rename_province,
    is_administrator,
    manages_board,
)
from blocs.selectors.boards import (
    board_counts,
    boards_of_units,
    boards_overseen_by,
    changes_seen_by,
    officers_of,
    twins_of,
    working_boards,
)
from blocs.services.board_mergers import merge_boards, plan_merger
from blocs.services.boards import edit_board, found_board
from blocs.services.invitations import invite
from blocs.views.answers import accepted, page_of
from blocs.views.frame import Crumb, person
from blocs.views.guided import GuidedPage, guided
from blocs.views.invitations import secret
from emulation.access import Refused, all_of, any_of, require
from emulation.models import User
from emulation.vietnamese import format_date

SHOWN_CHANGES = 5
MERGING = (
    "Dùng khi hai hay nhiều tỉnh, thành phố hợp nhất. Đơn vị, khối, năm thi đua đang mở và cán bộ "
    "chuyển sang Hội đồng tiếp tục hoạt động; các năm đã kết thúc giữ nguyên tên cũ."
)
BOARD_ONLY = "Trang của Hội đồng dành cho cán bộ Ban Thi đua - Khen thưởng."


def get_board_for_user(user: User, board_id: int) -> Board:
    """Return a board the person oversees; Refused to people of its units, Http404 to others."""
    board = boards_overseen_by(user).filter(pk=board_id).first()
    if board is not None:
        return board
    if boards_of_units(user).filter(pk=board_id).exists():
        raise Refused(BOARD_ONLY)
    raise Http404


# ---------------------------------------------------------------- founding


@secret
@require_http_methods(["GET", "POST"])
def board_found(request: HttpRequest) -> HttpResponse:
    """Make a board and its first officer; by the administrator."""
    user = person(request)
    require(is_administrator(user))
    form = BoardFoundForm(request.POST or None)
    made: list[tuple[Board, User]] = []

    def found() -> None:
        title = form.cleaned_data["title"]
        made.append(found_board(actor=user, facts=form.facts, officer=form.officer, title=title))

    if accepted(request, form, found):
        return _founded(request, user, *made[0])
    context = {"title": "Lập Hội đồng", "crumbs": [("Lập Hội đồng", None)], "form": form}
    return render(request, "blocs/board_found.html", context)


def _founded(request: HttpRequest, user: User, board: Board, officer: User) -> HttpResponse:
    """Show the first officer's invitation: its code is known at this moment only."""
    issued = invite(actor=user, people=[officer]).issued
    code = issued[0].code if issued else ""
    context = {
        "title": f"Đã lập Hội đồng {board.place}",
        "crumbs": [
            (f"Hội đồng {board.place}", reverse("board", args=[board.pk])),
            ("Lời mời", None),
        ],
        "board": board,
        "officer": officer,
        "code": code,
        "link": request.build_absolute_uri(reverse("invitation", args=[code])) if code else "",
        "enter": request.build_absolute_uri(reverse("invitation_enter")),
        "until": issued[0].invitation.expires_at if issued else None,
    }
    return render(request, "blocs/board_founded.html", context)


# ---------------------------------------------------------------- the board's page


@require_safe
def board_page(request: HttpRequest, board_id: int) -> HttpResponse:
    """Show a board: its data, its officers, the boards before it, what changed."""
    user = person(request)
    board = get_board_for_user(user, board_id)
    changes = changes_seen_by(user, board)
    context = {
        "title": f"Hội đồng {board.place}",
        "crumbs": [(f"Hội đồng {board.place}", None)],
        "board": board,
        "count": board_counts([board])[0],
        "officers": officers_of(board),
        "names": board.names.order_by("-pk"),
        "forebears": board.forebears.order_by("sorting", "pk"),
        "twins": twins_of(board),
        "changes": changes[:SHOWN_CHANGES],
        "changes_count": changes.count(),
        "may_staff": all_of(can_appoint(user, board=board), board_works(board)),
        "may_edit": any_of(can_edit_board(user, board), can_rename_province(user, board)),
        "works_here": bool(manages_board(user, board.pk)),
    }
    return render(request, "blocs/board.html", context)


@require_http_methods(["GET", "POST"])
def board_edit(request: HttpRequest, board_id: int) -> HttpResponse:
    """Change the board's data and names."""
    user = person(request)
    board = get_board_for_user(user, board_id)
    edits, renames = can_edit_board(user, board), can_rename_province(user, board)
    require(any_of(renames, edits))
    form = BoardForm(
        request.POST or None,
        board=board,
        renames=bool(renames),
        edits=bool(edits),
        initial={
            name: getattr(board, name) for name in ("name", "council_name", "office_name", "phone")
        },
    )

    def save() -> None:
        edit_board(
            actor=user, board=board, facts=form.facts, from_day=form.cleaned_data["from_day"]
        )

    if accepted(request, form, save):
        messages.success(request, "Đã lưu thông tin của Hội đồng.")
        return redirect("board", board.pk)
    back = reverse("board", args=[board.pk])
    context = {
        "title": "Sửa thông tin Hội đồng",
        "crumbs": [(f"Hội đồng {board.place}", back), ("Sửa thông tin", None)],
        "form": form,
        "submit": "Lưu thông tin Hội đồng",
        "after": "Tên Hội đồng được in trên văn bản của các khối.",
        "back": back,
    }
    return render(request, "blocs/plain_form.html", context)


@require_safe
def structure_record(request: HttpRequest, board_id: int) -> HttpResponse:
    """Show every recorded change of the board's structure, with its effects."""
    user = person(request)
    board = get_board_for_user(user, board_id)
    crumbs: list[Crumb] = [
        (f"Hội đồng {board.place}", reverse("board", args=[board.pk])),
        ("Thay đổi tổ chức", None),
    ]
    context = {
        "title": "Thay đổi tổ chức",
        "crumbs": crumbs,
        "board": board,
        "page": page_of(request, changes_seen_by(user, board)),
        "forebears": board.forebears.order_by("sorting", "pk"),
    }
    return render(request, "blocs/board_changes.html", context)


# ---------------------------------------------------------------- mergers


@require_http_methods(["GET", "POST"])
def boards_merge(request: HttpRequest) -> HttpResponse:
    """Merge boards into an existing one: fill in, read the effects, confirm."""
    user = person(request)
    require(is_administrator(user))
    if working_boards().count() < 2:
        return render(request, "blocs/boards_merge_none.html", _merge_frame())
    form = MergeForm(request.POST or None)
    page = GuidedPage(
        title="Hợp nhất Hội đồng",
        crumbs=_merge_frame()["crumbs"],
        back=reverse("home"),
        confirm="Ghi hợp nhất Hội đồng",
        after="Cán bộ của các Hội đồng cũ làm việc tại Hội đồng mới từ lúc này; không hoàn tác.",
        lede=MERGING,
    )
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda data: plan_merger(actor=user, merger=merger_of(data)),
        deed=lambda data, seen: merge_boards(actor=user, merger=merger_of(data), seen=seen),
    )
    return answer or _merged(request, form.cleaned_data)


def _merge_frame() -> dict[str, Any]:
    return {"title": "Hợp nhất Hội đồng", "crumbs": [("Hợp nhất Hội đồng", None)]}


def _merged(request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    heir: Board = data["heir"]
    twins = len(twins_of(heir))
    more = f" Còn {twins} cặp đơn vị từng trùng tên: cán bộ rà soát để sáp nhập." if twins else ""
    messages.success(
        request, f"Đã hợp nhất vào Hội đồng {heir.place} từ ngày {format_date(data['day'])}.{more}"
    )
    return redirect("board", heir.pk)
