"""The board's register of units: list, one unit with its people and names, posts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.enums import UnitKind
from blocs.forms.units import UnitForm
from blocs.models import BlocYear, Membership, Unit, UnitName
from blocs.permissions import manages_board
from blocs.selectors.units import (
    LACKING,
    boards_of,
    search_units,
    units_in,
    units_lacking,
    units_managed_by,
    units_visible_to,
    with_people_counts,
)
from blocs.selectors.years import bloc_years_visible_to
from blocs.services.units import create_unit
from blocs.views.answers import number_in, page_of
from blocs.views.form_page import Done, FormPage, form_page
from blocs.views.frame import Crumb, person
from blocs.views.staff import staff_of
from blocs.views.unit_structure import structure_of
from emulation.access import allow_if, require
from emulation.models import User

LACKING_WORDS = (
    ("lanh-dao", "Chưa có lãnh đạo"),
    ("can-bo", "Chưa có cán bộ đầu mối"),
    ("mot-trong-hai", "Chưa có lãnh đạo hoặc cán bộ đầu mối"),
)
BOARD_ONLY = "Danh sách đơn vị do cán bộ Ban Thi đua - Khen thưởng quản lý."


@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show the units of the person's boards: searched, filtered, paged."""
    user = person(request)
    boards = boards_of(user)
    require(allow_if(boards.exists(), BOARD_ONLY))
    q = request.GET.get("q", "")[:200]
    kind = request.GET.get("loai", "")
    kind = kind if kind in UnitKind.values else ""
    units = search_units(units_managed_by(user), q, kind)
    lacking = request.GET.get("thieu", "")
    if lacking in LACKING:
        units = units_lacking(units, lacking)
    if bloc_year := _bloc_year_asked(request, user):
        units = units_in(units, bloc_year)
    context = {
        "title": "Đơn vị",
        "crumbs": [],
        "page": page_of(request, with_people_counts(units)),
        "q": q,
        "kind": kind,
        "kinds": UnitKind.choices,
        "lacking": lacking if lacking in LACKING else "",
        "lackings": LACKING_WORDS,
        "bloc_year": bloc_year,
    }
    return render(request, "blocs/unit_list.html", context)


def _bloc_year_asked(request: HttpRequest, user: User) -> BlocYear | None:
    key = number_in(request.GET.get("khoi"))
    return bloc_years_visible_to(user).filter(pk=key).first() if key else None


def unit_crumbs(user: User, *more: Crumb) -> list[Crumb]:
    """Return the crumbs of a unit's pages; the list of all units is the board's."""
    above: list[Crumb] = [("Đơn vị", reverse("unit_list"))] if boards_of(user).exists() else []
    return [*above, *more]


@require_http_methods(["GET", "POST"])
def unit_add(request: HttpRequest) -> HttpResponse:
    """Create a unit; board officers only."""
    user = person(request)
    boards = boards_of(user)
    require(allow_if(boards.exists(), BOARD_ONLY))
    form = UnitForm(request.POST or None, boards=boards)
    page = FormPage(
        title="Thêm đơn vị",
        crumbs=unit_crumbs(user, ("Thêm đơn vị", None)),
        back=reverse("unit_list"),
        submit="Lưu đơn vị",
        after="Đơn vị có trong danh sách ngay; sau đó ghi lãnh đạo và cán bộ đầu mối.",
    )

    def create(data: dict[str, Any]) -> Done:
        made = create_unit(actor=user, **data)
        said = f"Đã thêm {made.name}. Tiếp theo: ghi lãnh đạo và cán bộ."
        return Done(said, reverse("unit", args=[made.pk]))

    return form_page(request, page, form, create)


def get_unit_for_user(user: User, unit_id: int) -> Unit:
    """Return a unit of the person's board, or his or her own; Http404 otherwise."""
    unit = units_visible_to(user).select_related("board").filter(pk=unit_id).first()
    if unit is None:
        raise Http404
    return unit


@require_GET
def unit_page(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show a unit: its people, its posts of before, its names, its blocs."""
    user = person(request)
    unit = get_unit_for_user(user, unit_id)
    memberships = Membership.objects.filter(unit=unit).select_related("bloc_year")
    context = {
        **structure_of(user, unit),
        "title": unit.name,
        "crumbs": unit_crumbs(user, (unit.name, None)),
        "unit": unit,
        "staff": staff_of(user, unit),
        "names": UnitName.objects.filter(unit=unit).order_by("-pk"),
        "memberships": memberships.order_by("-year", "pk"),
        "manage": manages_board(user, unit.board_id),
    }
    return render(request, "blocs/unit.html", context)
