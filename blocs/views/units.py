"""The board's register of units: list, one unit with its people and names, posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.enums import UnitKind
from blocs.forms.units import (
    AppointForm,
    DissolveForm,
    EndPostForm,
    NewPersonForm,
    RenameForm,
    UnitForm,
)
from blocs.models import Membership, Post, Unit, UnitName
from blocs.permissions import manages_board
from blocs.selectors.units import (
    boards_of,
    search_units,
    units_managed_by,
    units_visible_to,
    with_people_counts,
)
from blocs.services.people import appoint, create_person, end_post
from blocs.services.units import create_unit, dissolve_unit, rename_unit
from blocs.views.answers import accepted, page_of
from blocs.views.frame import person
from emulation import clock
from emulation.access import allow_if, require
from emulation.models import User

BOARD_ONLY = "Danh sách đơn vị do cán bộ Ban Thi đua - Khen thưởng quản lý."


@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show the units of the person's boards: searched, filtered by kind, paged."""
    user = person(request)
    boards = boards_of(user)
    require(allow_if(boards.exists(), BOARD_ONLY))
    q = request.GET.get("q", "")[:200]
    kind = request.GET.get("loai", "")
    kind = kind if kind in UnitKind.values else ""
    units = search_units(units_managed_by(user), q, kind)
    context = {
        "title": "Đơn vị",
        "crumbs": [],
        "page": page_of(request, with_people_counts(units)),
        "q": q,
        "kind": kind,
        "kinds": UnitKind.choices,
    }
    return render(request, "blocs/unit_list.html", context)


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("Đơn vị", reverse("unit_list")), *more]


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    unit: Unit | None,
    title: str,
    submit: str,
    after: str,
) -> HttpResponse:
    back = reverse("unit", args=[unit.pk]) if unit else reverse("unit_list")
    above: list[tuple[str, str | None]] = [(unit.name, back)] if unit else []
    context: dict[str, Any] = {
        "title": title,
        "crumbs": _crumbs(*above, (title, None)),
        "form": form,
        "submit": submit,
        "after": after,
        "back": back,
    }
    return render(request, "blocs/plain_form.html", context)


@require_http_methods(["GET", "POST"])
def unit_add(request: HttpRequest) -> HttpResponse:
    """Create a unit; board officers only."""
    user = person(request)
    boards = boards_of(user)
    require(allow_if(boards.exists(), BOARD_ONLY))
    form = UnitForm(request.POST or None, boards=boards)
    made: list[Unit] = []

    def create() -> None:
        made.append(create_unit(actor=user, **form.cleaned_data))

    if accepted(request, form, create):
        messages.success(request, f"Đã thêm {made[0].name}. Tiếp theo: ghi lãnh đạo và cán bộ.")
        return redirect("unit", made[0].pk)
    return _form_page(
        request,
        form,
        unit=None,
        title="Thêm đơn vị",
        submit="Lưu đơn vị",
        after="Đơn vị có trong danh sách ngay; sau đó ghi lãnh đạo và cán bộ đầu mối.",
    )


def get_unit_for_user(user: User, unit_id: int) -> Unit:
    """Return a unit of the person's board, or his or her own; Http404 otherwise."""
    unit = units_visible_to(user).select_related("board").filter(pk=unit_id).first()
    if unit is None:
        raise Http404
    return unit


def get_unit_to_manage(user: User, unit_id: int) -> Unit:
    """Return a visible unit; Refused unless an officer of its board."""
    unit = get_unit_for_user(user, unit_id)
    require(manages_board(user, unit.board_id))
    return unit


@require_GET
def unit_page(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show a unit: its people, its posts of before, its names, its blocs."""
    user = person(request)
    unit = get_unit_for_user(user, unit_id)
    today = clock.today()
    posts = list(
        Post.objects.filter(unit=unit)
        .select_related("user")
        .order_by("role", "user__sorting", "pk")
    )
    memberships = Membership.objects.filter(unit=unit).select_related("bloc_year")
    manage = manages_board(user, unit.board_id)
    crumbs = _crumbs((unit.name, None)) if manage else [(unit.name, None)]
    context = {
        "title": unit.name,
        "crumbs": crumbs,
        "unit": unit,
        "current": [post for post in posts if post.is_current(today)],
        "coming": [post for post in posts if post.starts_on > today],
        "former": [post for post in posts if post.ends_on and post.ends_on < today],
        "names": UnitName.objects.filter(unit=unit).order_by("-pk"),
        "memberships": memberships.order_by("-year", "pk"),
        "manage": manage,
    }
    return render(request, "blocs/unit.html", context)


@require_http_methods(["GET", "POST"])
def unit_rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give the unit another name from a day on."""
    user = person(request)
    unit = get_unit_to_manage(user, unit_id)
    form = RenameForm(request.POST or None)

    def rename() -> None:
        rename_unit(actor=user, unit=unit, **form.cleaned_data)

    if accepted(request, form, rename):
        messages.success(request, "Đã đổi tên đơn vị. Văn bản của các năm trước giữ tên khi đó.")
        return redirect("unit", unit.pk)
    return _form_page(
        request,
        form,
        unit=unit,
        title="Đổi tên đơn vị",
        submit="Đổi tên đơn vị",
        after="Năm thi đua đang chuẩn bị dùng tên mới; năm đã bắt đầu giữ tên cũ.",
    )


@require_http_methods(["GET", "POST"])
def unit_dissolve(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Record that the unit was dissolved or merged."""
    user = person(request)
    unit = get_unit_to_manage(user, unit_id)
    form = DissolveForm(request.POST or None)

    def dissolve() -> None:
        dissolve_unit(actor=user, unit=unit, **form.cleaned_data)

    if accepted(request, form, dissolve):
        messages.success(request, "Đã ghi đơn vị giải thể. Số liệu các năm vẫn được lưu.")
        return redirect("unit", unit.pk)
    return _form_page(
        request,
        form,
        unit=unit,
        title="Ghi đơn vị giải thể, sáp nhập",
        submit="Ghi đơn vị giải thể",
        after="Nếu đang là Trưởng khối, Phó Trưởng khối thứ nhất điều hành thay.",
    )


@require_http_methods(["GET", "POST"])
def post_add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give somebody the board knows a post in the unit."""
    user = person(request)
    unit = get_unit_to_manage(user, unit_id)
    form = AppointForm(request.POST or None, board_id=unit.board_id)

    def give() -> None:
        appoint(actor=user, unit=unit, **form.cleaned_data)

    if accepted(request, form, give):
        messages.success(request, f"Đã ghi chức vụ của {form.cleaned_data['user']}.")
        return redirect("unit", unit.pk)
    return _form_page(
        request,
        form,
        unit=unit,
        title="Ghi chức vụ cho người đã có",
        submit="Ghi chức vụ",
        after="Người này làm được việc của đơn vị từ ngày bắt đầu.",
    )


@require_http_methods(["GET", "POST"])
def person_add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Register a new person with a first post in the unit."""
    user = person(request)
    unit = get_unit_to_manage(user, unit_id)
    form = NewPersonForm(request.POST or None)

    if accepted(request, form, lambda: _register(user, unit, form.cleaned_data)):
        messages.success(request, f"Đã thêm {form.cleaned_data['full_name']} vào {unit.name}.")
        return redirect("unit", unit.pk)
    return _form_page(
        request,
        form,
        unit=unit,
        title="Thêm người mới",
        submit="Thêm người mới",
        after="Nếu có mật khẩu ban đầu, người này đăng nhập được từ ngày bắt đầu chức vụ.",
    )


@transaction.atomic
def _register(user: User, unit: Unit, data: dict[str, Any]) -> None:
    account = {name: data[name] for name in ("username", "full_name", "phone", "email")}
    new = create_person(actor=user, password=data["password"] or None, **account)
    appoint(
        actor=user,
        user=new,
        unit=unit,
        role=data["role"],
        title=data["title"],
        starts_on=data["starts_on"],
    )


@require_http_methods(["GET", "POST"])
def post_end(request: HttpRequest, unit_id: int, post_id: int) -> HttpResponse:
    """End a post with its last day."""
    user = person(request)
    unit = get_unit_to_manage(user, unit_id)
    post = Post.objects.filter(unit=unit, pk=post_id).select_related("user").first()
    if post is None:
        raise Http404
    form = EndPostForm(request.POST or None)

    def end() -> None:
        end_post(actor=user, post=post, **form.cleaned_data)

    if accepted(request, form, end):
        messages.success(request, f"Đã ghi {post.user.full_name} thôi giữ chức vụ.")
        return redirect("unit", unit.pk)
    return _form_page(
        request,
        form,
        unit=unit,
        title=f"Ghi {post.user.full_name} thôi giữ chức vụ",
        submit="Ghi thôi giữ chức vụ",
        after="Số liệu của đơn vị vẫn được lưu; người này không còn mở được việc của đơn vị.",
    )
