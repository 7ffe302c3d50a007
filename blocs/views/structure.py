"""Guided pages of changes in the structure of units: merged, split, dissolved, renamed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.forms.structure import DissolutionForm, MergerForm, SplitForm, UnitNameForm
from blocs.models import Unit
from blocs.permissions import can_change_structure
from blocs.selectors.structure import (
    proposed_years,
    roles_of,
    running_units,
    years_to_join,
)
from blocs.selectors.units import boards_of, search_units, units_managed_by
from blocs.services.structure.endings import dissolve_unit, plan_dissolution
from blocs.services.structure.mergers import merge_units, plan_merger
from blocs.services.structure.names import plan_unit_name, rename_unit
from blocs.services.structure.records import require_running
from blocs.services.structure.splits import plan_split, split_unit
from blocs.views.answers import number_in, page_of
from blocs.views.frame import Crumb, person
from blocs.views.guided import GuidedPage, guided
from blocs.views.units import BOARD_ONLY, get_unit_for_user
from emulation.access import allow_if, require
from emulation.models import User
from emulation.vietnamese import join_names

MOST_UNITS = 20
PICKING = "Chọn đơn vị"
RECORDED = "Lý do và các ảnh hưởng đã xác nhận được lưu tại trang đơn vị."


def get_unit_to_change(user: User, unit_id: int) -> Unit:
    """Return a running unit whose structure the person may change.

    Http404 unless visible; Refused unless an officer of its board without a post in it; Conflict
    where it has ended already.
    """
    unit = get_unit_for_user(user, unit_id)
    require(can_change_structure(user, unit.board_id, [unit.pk]))
    require_running([unit])
    return unit


def _page(unit: Unit, title: str, **words: str) -> GuidedPage:
    back = reverse("unit", args=[unit.pk])
    crumbs: list[Crumb] = [("Đơn vị", reverse("unit_list")), (unit.name, back), (title, None)]
    return GuidedPage(title=title, crumbs=crumbs, back=back, **words)


# ---------------------------------------------------------------- one unit


@require_http_methods(["GET", "POST"])
def unit_rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give the unit another name from a day on."""
    user = person(request)
    unit = get_unit_to_rename(user, unit_id)
    form = UnitNameForm(request.POST or None)
    page = _page(
        unit,
        "Đổi tên đơn vị",
        confirm="Ghi đổi tên đơn vị",
        lede="Dùng khi cơ quan có thẩm quyền đổi tên mà đơn vị vẫn là một. Trang sau nêu năm nào "
        "dùng tên mới, năm nào giữ tên cũ.",
        after=RECORDED,
    )
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda data: plan_unit_name(unit, data["name"], form.ground),
        deed=lambda data, seen: rename_unit(
            actor=user, unit=unit, name=data["name"], ground=form.ground, seen=seen
        ),
    )
    if answer:
        return answer
    messages.success(request, "Đã đổi tên đơn vị. Văn bản của các năm trước giữ tên khi đó.")
    return redirect("unit", unit.pk)


def get_unit_to_rename(user: User, unit_id: int) -> Unit:
    """Return a running unit of the person's board; a name favours nobody, so its own may."""
    unit = get_unit_for_user(user, unit_id)
    require(can_change_structure(user, unit.board_id))
    require_running([unit])
    return unit


@require_http_methods(["GET", "POST"])
def unit_dissolve(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Record that the unit was dissolved, with nobody after it."""
    user = person(request)
    unit = get_unit_to_change(user, unit_id)
    form = DissolutionForm(request.POST or None)
    page = _page(
        unit,
        "Giải thể đơn vị",
        confirm="Ghi giải thể đơn vị",
        lede="Dùng khi đơn vị giải thể mà không có đơn vị kế thừa. Nếu nhập vào đơn vị khác, đề "
        "nghị dùng “Sáp nhập”.",
        after=RECORDED,
    )
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda _: plan_dissolution(unit, form.ground),
        deed=lambda _, seen: dissolve_unit(actor=user, unit=unit, ground=form.ground, seen=seen),
    )
    if answer:
        return answer
    messages.success(request, "Đã ghi đơn vị giải thể. Số liệu các năm vẫn được lưu.")
    return redirect("unit", unit.pk)


@require_http_methods(["GET", "POST"])
def unit_split(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Found new units out of one, which ends or goes on."""
    user = person(request)
    unit = get_unit_to_change(user, unit_id)
    years = years_to_join(unit.board_id)
    joined = proposed_years([unit], years)
    form = SplitForm(request.POST or None, unit=unit, bloc_years=years, joined=joined)
    page = _page(
        unit,
        "Chia, tách đơn vị",
        confirm="Ghi chia, tách đơn vị",
        lede="Dùng khi từ đơn vị này lập ra các đơn vị mới. Đơn vị gốc kết thúc (chia) hoặc vẫn "
        "hoạt động (tách).",
        after=RECORDED,
    )
    made: list[Unit] = []
    answer = guided(
        request,
        page,
        form,
        plan_of=lambda _: plan_split(form.split),
        deed=lambda _, seen: made.extend(split_unit(actor=user, split=form.split, seen=seen)),
    )
    if answer:
        return answer
    names = join_names([each.name for each in made])
    messages.success(request, f"Đã lập {names}. Tiếp theo: ghi lãnh đạo và cán bộ đầu mối.")
    return redirect("unit", made[0].pk)


# ---------------------------------------------------------------- several units


@require_http_methods(["GET", "POST"])
def unit_merge(request: HttpRequest) -> HttpResponse:
    """Choose the units, fill in what stands after them, read the effects, confirm.

    The units stand in the address (``don-vi``), so that nothing is lost on the way.
    """
    user = person(request)
    require(allow_if(boards_of(user).exists(), BOARD_ONLY))
    units = _chosen_units(user, request.GET)
    enough = len(units) > 1
    if request.method == "GET" and ("tim" in request.GET or not enough):
        return _pick(request, user, units)
    if not enough:
        raise Http404
    require(can_change_structure(user, units[0].board_id, [unit.pk for unit in units]))
    return _merge(request, user, units)


def _chosen_units(user: User, query: QueryDict) -> list[Unit]:
    """Return the running units named in the address; Http404 for one that is not the board's."""
    keys = {number_in(text) for text in query.getlist("don-vi")}
    if len(keys) > MOST_UNITS:
        raise Http404
    found = units_managed_by(user).filter(pk__in=[key for key in keys if key])
    units = list(found.select_related("board"))
    if len(units) != len(keys) or len({unit.board_id for unit in units}) > 1:
        raise Http404
    require_running(units)
    return units


def _pick(request: HttpRequest, user: User, units: Sequence[Unit]) -> HttpResponse:
    """Show the board's units to choose from; what is chosen stays while one searches."""
    q = request.GET.get("q", "")[:200]
    known = running_units(user).exclude(pk__in=[unit.pk for unit in units])
    if units:
        known = known.filter(board_id=units[0].board_id)
    too_few = "tiep" in request.GET
    context: dict[str, Any] = {
        "title": "Sáp nhập đơn vị",
        "crumbs": [("Đơn vị", reverse("unit_list")), ("Sáp nhập đơn vị", None)],
        "units": units,
        "page": page_of(request, search_units(known, q)),
        "q": q,
        "steps": [PICKING, "Khai thông tin", "Đọc ảnh hưởng, xác nhận"],
        "step": 1,
        "too_few": too_few and len(units) < 2,
        "back": reverse("unit", args=[units[0].pk]) if units else reverse("unit_list"),
    }
    return render(request, "blocs/unit_merge_pick.html", context)


def _merge(request: HttpRequest, user: User, units: Sequence[Unit]) -> HttpResponse:
    years = years_to_join(units[0].board_id)
    form = MergerForm(
        request.POST or None,
        units=units,
        bloc_years=years,
        joined=proposed_years(units, years),
        roles=roles_of(units),
    )
    made: list[Unit] = []
    answer = guided(
        request,
        _merger_page(units),
        form,
        plan_of=lambda _: plan_merger(form.merger),
        deed=lambda _, seen: made.append(merge_units(actor=user, merger=form.merger, seen=seen)),
    )
    if answer:
        return answer
    messages.success(request, f"Đã ghi sáp nhập. {made[0].name} là đơn vị kế thừa.")
    return redirect("unit", made[0].pk)


def _merger_page(units: Sequence[Unit]) -> GuidedPage:
    query = QueryDict(mutable=True)
    query.setlist("don-vi", [str(unit.pk) for unit in units])
    query["tim"] = "1"
    back = f"{reverse('unit_merge')}?{query.urlencode()}"
    names = join_names([unit.name for unit in units])
    return GuidedPage(
        title="Sáp nhập đơn vị",
        crumbs=[
            ("Đơn vị", reverse("unit_list")),
            ("Chọn đơn vị sáp nhập", back),
            ("Sáp nhập đơn vị", None),
        ],
        back=back,
        back_label="Chọn lại đơn vị",
        before=[PICKING],
        confirm="Ghi sáp nhập đơn vị",
        after=RECORDED,
        lede=f"Ghi việc sáp nhập {names} theo quyết định của cấp có thẩm quyền, để các năm trước "
        "giữ tên khi đó và đơn vị sau sáp nhập tiếp tục trong khối.",
    )
