"""“Phân công kiểm tra chéo”: all assignments of a year, dealt by the tool, changed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import require
from emulation.plans import PlanMoved
from scoring.forms.appraisers import DealForm
from scoring.permissions.cross_check import can_open_dealing
from scoring.rules.dealing import Check
from scoring.services.dealing import Assigned, DealPlan, DealWish, deal_cross_checks, plan_dealing
from scoring.views.appraisal_pages import TAB, overview_crumb

TITLE = "Phân công kiểm tra chéo"
ASKED = "per_sheet"
USUAL = 2


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet in the table: who checks it, who is proposed, what is missing, where to change it."""

    unit: str
    running: tuple[str, ...]
    proposed: tuple[str, ...]
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class LoadLine:
    """How many sheets a unit's people check, and how many of them are new."""

    unit: str
    count: int
    new: int


@require_http_methods(["GET", "HEAD", "POST"])
def cross_check_deal(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show who checks whom; propose a dealing, and write it once it is confirmed."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    require(can_open_dealing(standing))
    stands = plan_dealing(user=user, bloc_year=bloc_year)
    data = request.POST if request.method == "POST" else request.GET
    usual = stands.proposed_units(bloc_year, standing)
    form = _form(stands, usual, data if ASKED in data else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, bloc_year, standing, stands, form)
    wish = DealWish(**form.cleaned_data)
    moved = False
    if request.method == "POST":
        try:
            done = deal_cross_checks(
                actor=user, bloc_year=bloc_year, wish=wish, seen=data.get("seen", "")
            )
        except PlanMoved:
            moved = True
        else:
            messages.success(request, _done_words(done, wish))
            return redirect("cross_check_deal", year_id)
    plan = plan_dealing(user=user, bloc_year=bloc_year, wish=wish)
    return _page(request, bloc_year, standing, plan, form, wish=wish, moved=moved)


def _form(plan: DealPlan, usual: Iterable[int], data: Any) -> DealForm:
    named = sorted(((unit, plan.units[unit]) for unit in plan.pool.senders), key=_in_order(plan))
    senders = list(usual)
    initial = {"per_sheet": min(USUAL, max(1, len(senders) - 1)), "number": 1, "units": senders}
    return DealForm(data, units=named, initial=initial)


def _in_order(plan: DealPlan) -> Any:
    """Return the key that puts units in the order of the year's list, others last."""
    order = {row.sheet.membership.unit_id: place for place, row in enumerate(plan.rows)}
    return lambda pair: order.get(pair[0], len(order))


def _page(
    request: HttpRequest,
    bloc_year: BlocYear,
    standing: Standing,
    plan: DealPlan,
    form: DealForm,
    *,
    wish: DealWish | None = None,
    moved: bool = False,
) -> HttpResponse:
    dealing = plan.dealing
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title=TITLE, crumbs=_crumbs(bloc_year)),
        "form": form,
        "chosen": {str(each) for each in form["units"].value() or []},
        "wish": wish,
        "moved": moved,
        "new": len(plan.checks),
        "fingerprint": plan.fingerprint,
        "lines": [_sheet_line(plan, row) for row in plan.rows],
        "load": _load(plan),
        "spread": dealing.spread if dealing else 0,
        "pairs": [
            (plan.units.get(each.one, ""), plan.units.get(each.other, ""), each.why)
            for each in (dealing.pairs if dealing else ())
        ],
        "without": sum(1 for row in plan.rows if not row.running and not row.left_out),
    }
    return render(request, "scoring/cross_check_deal.html", context, status=409 if moved else 200)


def _crumbs(bloc_year: BlocYear) -> list[tuple[str, str | None]]:
    return [overview_crumb(bloc_year)]


def _sheet_line(plan: DealPlan, row: Assigned) -> SheetLine:
    sent_by = {check.checker: check.unit for check in plan.pool.given}
    note = row.left_out
    if row.lacking:
        note = f"Còn thiếu {row.lacking} đơn vị: không còn ai kiểm tra được bảng này."
    return SheetLine(
        unit=row.sheet.membership.unit_name,
        running=tuple(
            _named(check.checker.full_name, plan.units.get(sent_by.get(check.checker_id, 0), ""))
            for check in row.running
        ),
        proposed=tuple(_who(plan, check) for check in row.proposed),
        note=note,
        url=reverse("cross_checks", args=[row.sheet.pk]) if row.may_change else "",
    )


def _who(plan: DealPlan, check: Check) -> str:
    return _named(plan.pool.people[check.checker], plan.units[check.unit])


def _named(name: str, unit: str) -> str:
    return f"{name} – {unit}" if unit else name


def _load(plan: DealPlan) -> list[LoadLine]:
    given = [check.unit for check in plan.pool.given]
    new = [check.unit for check in plan.checks]
    units = sorted({*plan.pool.senders, *given}, key=lambda unit: _in_order(plan)((unit, "")))
    return [
        LoadLine(plan.units[unit], given.count(unit) + new.count(unit), new.count(unit))
        for unit in units
    ]


def _done_words(done: DealPlan, wish: DealWish) -> str:
    sheets = sum(1 for row in done.rows if row.proposed)
    return (
        f"Đã phân công {len(done.checks)} lượt kiểm tra cho {sheets} bảng chấm điểm, theo cách "
        f"chia số {wish.number}. Muốn đổi từng người, mở bảng của đơn vị."
    )
