"""Guided pages of changes in blocs: a member moves or leaves, a bloc is renamed or ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.forms.structure import BlocEndForm, BlocNameForm, LeavingForm, MoveForm
from blocs.models import Bloc, BlocYear, Membership
from blocs.permissions import can_change_structure, can_end_membership, is_board
from blocs.selectors.structure import blocs_after, years_to_move_to
from blocs.services.structure.blocs import end_bloc, plan_bloc_end
from blocs.services.structure.moves import (
    end_membership,
    move_member,
    plan_leaving,
    plan_move,
)
from blocs.services.structure.names import ended_bloc, plan_bloc_name, rename_bloc
from blocs.views.blocs import get_bloc_for_user
from blocs.views.frame import Crumb, get_bloc_year_for_user, person
from blocs.views.guided import GuidedPage, guided
from blocs.views.members import get_membership
from emulation.access import Conflict, require
from emulation.models import User

# ---------------------------------------------------------------- members


def _member_page(bloc_year: BlocYear, title: str, **words: str) -> GuidedPage:
    back = reverse("member_list", args=[bloc_year.pk])
    crumbs: list[Crumb] = [
        ("Khối thi đua", reverse("bloc_list")),
        (str(bloc_year), reverse("bloc_year", args=[bloc_year.pk])),
        ("Đơn vị thành viên, Trưởng khối", back),
        (title, None),
    ]
    return GuidedPage(title=title, crumbs=crumbs, back=back, **words)


@require_http_methods(["GET", "POST"])
def member_move(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Move a member to another bloc of the same year."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(is_board(standing))
    row = get_membership(bloc_year, membership_id)
    require(can_change_structure(user, bloc_year.board_id, [row.unit_id]))
    form = MoveForm(request.POST or None, bloc_years=years_to_move_to(row))
    page = _member_page(
        bloc_year,
        f"Chuyển {row.unit_name} sang khối khác",
        confirm="Ghi chuyển khối",
        lede="Dùng khi đơn vị đổi khối giữa năm theo quyết định phân chia khối. Đơn vị chỉ được "
        "xếp hạng tại một khối: nơi là thành viên vào hạn nộp bảng tự chấm điểm.",
        after="Lý do và các ảnh hưởng đã xác nhận được lưu tại trang đơn vị.",
    )
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda data: plan_move(row, data["to"], form.ground),
        deed=lambda data, seen: move_member(
            actor=user, membership=row, to=data["to"], ground=form.ground, seen=seen
        ),
    )
    if answer:
        return answer
    to = form.cleaned_data["to"]
    messages.success(request, f"Đã chuyển {row.unit_name} sang {to}.")
    return redirect("member_list", to.pk)


@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Record that a unit left the bloc."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    row = get_membership(bloc_year, membership_id)
    require(can_end_membership(standing, bloc_year, row.unit_id))
    form = LeavingForm(request.POST or None)
    page = _member_page(
        bloc_year,
        f"Ghi {row.unit_name} rời khối",
        confirm="Ghi đơn vị rời khối",
        lede="Dùng khi đơn vị thôi là thành viên mà không chuyển sang khối khác. Số liệu của đơn "
        "vị trong năm vẫn được lưu.",
        after="Lý do và các ảnh hưởng đã xác nhận được lưu tại trang đơn vị.",
    )
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda data: plan_leaving(row, data["ends_on"], standing),
        deed=lambda _, seen: _end(user, row, form, seen),
    )
    if answer:
        return answer
    messages.success(request, f"Đã ghi {row.unit_name} rời khối. Số liệu của đơn vị vẫn được lưu.")
    return redirect("member_list", bloc_year.pk)


def _end(user: User, row: Membership, form: LeavingForm, seen: str) -> None:
    data = form.cleaned_data
    end_membership(
        actor=user,
        membership=row,
        ends_on=data["ends_on"],
        reason=form.given,
        basis=data["basis"],
        seen=seen,
    )


# ---------------------------------------------------------------- blocs


def get_bloc_to_change(user: User, bloc_id: int) -> Bloc:
    """Return a running bloc; Http404 unless visible, Refused unless an officer of its board."""
    bloc = get_bloc_for_user(user, bloc_id)
    require(can_change_structure(user, bloc.board_id))
    if ended := ended_bloc(bloc):
        raise Conflict("Khối không còn hoạt động nên không thay đổi được nữa.", ended)
    return bloc


def _bloc_page(bloc: Bloc, title: str, **words: str) -> GuidedPage:
    back = reverse("bloc", args=[bloc.pk])
    crumbs: list[Crumb] = [
        ("Khối thi đua", reverse("bloc_list")),
        (bloc.name, back),
        (title, None),
    ]
    after = "Lý do và các ảnh hưởng đã xác nhận được lưu tại trang của khối."
    return GuidedPage(title=title, crumbs=crumbs, back=back, after=after, **words)


@require_http_methods(["GET", "POST"])
def bloc_rename(request: HttpRequest, bloc_id: int) -> HttpResponse:
    """Give the bloc another name; years begun keep theirs."""
    user = person(request)
    bloc = get_bloc_to_change(user, bloc_id)
    form = BlocNameForm(request.POST or None)
    page = _bloc_page(
        bloc,
        "Đổi tên khối",
        confirm="Ghi đổi tên khối",
        lede="Dùng khi quyết định phân chia khối đặt tên khác mà khối vẫn là một. Năm đang chuẩn "
        "bị dùng tên mới, năm đã bắt đầu giữ tên cũ.",
    )
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda data: plan_bloc_name(bloc, data["name"], form.ground),
        deed=lambda data, seen: rename_bloc(
            actor=user, bloc=bloc, name=data["name"], ground=form.ground, seen=seen
        ),
    )
    if answer:
        return answer
    messages.success(request, "Đã đổi tên khối. Các năm đã bắt đầu giữ tên khi đó.")
    return redirect("bloc", bloc.pk)


@require_http_methods(["GET", "POST"])
def bloc_end(request: HttpRequest, bloc_id: int) -> HttpResponse:
    """End the bloc, with or without another after it."""
    user = person(request)
    bloc = get_bloc_to_change(user, bloc_id)
    form = BlocEndForm(request.POST or None, blocs=blocs_after(bloc))
    page = _bloc_page(
        bloc,
        "Kết thúc khối",
        confirm="Ghi kết thúc khối",
        lede="Dùng khi khối thôi hoạt động, ví dụ sau khi phân chia lại. Chỉ kết thúc được khi các "
        "năm đã bắt đầu đều đã kết thúc; các năm đã qua vẫn xem được.",
    )
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda data: plan_bloc_end(bloc, form.ground, data["successor"]),
        deed=lambda data, seen: end_bloc(
            actor=user, bloc=bloc, ground=form.ground, successor=data["successor"], seen=seen
        ),
    )
    if answer:
        return answer
    messages.success(request, "Đã ghi kết thúc khối. Các năm đã qua vẫn xem được.")
    return redirect("bloc", bloc.pk)
