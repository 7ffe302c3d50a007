"""A bloc's next year (“Lập năm mới”), copied from any earlier one after review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.enums import DeadlineKind
from blocs.forms.years import CopyYearForm, FirstYearForm
from blocs.models import Bloc, BlocYear, HeadTerm, Unit
from blocs.permissions import can_create_year
from blocs.selectors.deadlines import common_dates, dates_to_copy, deadlines_of
from blocs.selectors.members import all_members
from blocs.selectors.standing import in_rank
from blocs.selectors.years import bloc_years_visible_to
from blocs.services.years import copy_bloc_year, create_bloc_year
from blocs.views.answers import accepted, number_in
from blocs.views.blocs import get_bloc_for_user
from blocs.views.frame import person
from emulation import clock
from emulation.access import require
from emulation.models import User

NOT_COPIED = (
    "Trưởng khối, Phó Trưởng khối và tổ thư ký: lấy theo kết quả bầu hoặc thông báo của Hội đồng",
    "Giao ước, ý kiến góp ý và chữ ký",
    "Bản đăng ký, chỉ tiêu, báo cáo sơ kết và tổng kết",
    "Bảng chấm điểm, bảng tự chấm điểm, điểm và minh chứng",
    "Hội nghị, biên bản, văn bản của Khối và hoạt động chung",
    "Xếp hạng, đề nghị khen thưởng và quyết định của Hội đồng",
)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit that may be ticked: whether it was a member of the copied year."""

    unit_id: int
    name: str
    note: str
    ticked: bool


@require_http_methods(["GET", "POST"])
def year_new(request: HttpRequest, bloc_id: int) -> HttpResponse:
    """Create a year of the bloc: from an earlier year, or its first."""
    user = person(request)
    bloc = get_bloc_for_user(user, bloc_id)
    earlier = bloc_years_visible_to(user).filter(bloc=bloc)
    source = _source(request, earlier)
    if source is None:
        return _first(request, user, bloc)
    return _copy(request, user, source, earlier)


def _source(request: HttpRequest, earlier: QuerySet[BlocYear]) -> BlocYear | None:
    asked = request.GET.get("nguon")
    if not asked:
        return earlier.select_related("bloc").first()
    found = earlier.select_related("bloc").filter(pk=number_in(asked) or 0).first()
    if found is None:
        raise Http404
    return found


def _first(request: HttpRequest, user: User, bloc: Bloc) -> HttpResponse:
    require(can_create_year(user, bloc, 0))
    form = FirstYearForm(
        request.POST or None, initial={"name": bloc.name, "year": clock.today().year}
    )
    made: list[BlocYear] = []

    def create() -> None:
        made.append(create_bloc_year(actor=user, bloc=bloc, **form.cleaned_data))

    if accepted(request, form, create):
        messages.success(request, f"Đã lập {made[0]}. Tiếp theo: chọn đơn vị thành viên.")
        return redirect("member_add", made[0].pk)
    return render(request, "blocs/year_first.html", {**_crumbs(bloc), "form": form})


def _copy(
    request: HttpRequest, user: User, source: BlocYear, earlier: QuerySet[BlocYear]
) -> HttpResponse:
    latest = max(earlier.values_list("year", flat=True))
    require(can_create_year(user, source.bloc, _year_asked(request, latest + 1)))
    rows = _unit_rows(source)
    form = CopyYearForm(
        request.POST or None,
        units=[(row.unit_id, row.name) for row in rows],
        initial={
            "year": latest + 1,
            "name": source.name,
            "unit_ids": [row.unit_id for row in rows if row.ticked],
        },
    )
    made: list[BlocYear] = []

    def create() -> None:
        data: dict[str, Any] = form.cleaned_data
        if not data["unit_ids"]:
            raise ValidationError({"unit_ids": "Đề nghị chọn ít nhất một đơn vị thành viên."})
        made.append(copy_bloc_year(actor=user, source=source, **data))

    if accepted(request, form, create):
        return _created(request, made[0])
    context = {**_crumbs(source.bloc), **_copied(source, latest + 1), "form": form}
    return render(
        request,
        "blocs/year_copy.html",
        {**context, **_sides(rows, form), "source": source, "earlier": earlier},
    )


def _year_asked(request: HttpRequest, proposed: int) -> int:
    return number_in(request.POST.get("year")) or proposed


def _created(request: HttpRequest, bloc_year: BlocYear) -> HttpResponse:
    messages.success(
        request,
        f"Đã lập {bloc_year}. Tiếp theo: rà soát thành viên, thời hạn và dự thảo giao ước.",
    )
    return redirect("bloc_year", bloc_year.pk)


def _crumbs(bloc: Bloc) -> dict[str, Any]:
    crumbs = [
        ("Khối thi đua", reverse("bloc_list")),
        (bloc.name, reverse("bloc", args=[bloc.pk])),
        ("Lập năm mới", None),
    ]
    return {"title": "Lập năm mới", "crumbs": crumbs, "bloc": bloc}


def _copied(source: BlocYear, year: int) -> dict[str, Any]:
    """Return what is copied and what is not, in words the page lists."""
    before = {row.kind: row.due_on for row in deadlines_of(source)}
    common = common_dates(source.bloc.board_id, year)
    deadlines = [
        (DeadlineKind(kind).label, before.get(kind), day, kind in common)
        for kind, day in sorted(
            dates_to_copy(source, source.bloc.board_id, year).items(), key=lambda pair: pair[1]
        )
    ]
    elected = HeadTerm.objects.filter(bloc_id=source.bloc_id, year=year, ended_on__isnull=True)
    return {
        "deadlines": deadlines,
        "not_copied": NOT_COPIED,
        "new_year": year,
        "terms": in_rank(elected.select_related("unit").order_by("pk")),
    }


def _unit_rows(source: BlocYear) -> list[UnitRow]:
    """Return the source's members, then the board's other units; dissolved ones are left out."""
    members = list(all_members(source))
    left = {row.unit_id for row in members if row.ends_on}
    mine = [
        UnitRow(row.unit_id, row.unit.name, _member_note(row), row.unit_id not in left)
        for row in members
        if row.unit.ended_on is None
    ]
    others = Unit.objects.filter(board_id=source.bloc.board_id, ended_on__isnull=True)
    others = others.exclude(pk__in=[row.unit_id for row in members]).order_by("sorting", "pk")
    return mine + [UnitRow(unit.pk, unit.name, "", ticked=False) for unit in others]


def _member_note(row: Any) -> str:
    if row.ends_on:
        return "đã rời khối"
    return f"năm trước ghi là “{row.unit_name}”" if row.unit_name != row.unit.name else ""


def _sides(rows: list[UnitRow], form: CopyYearForm) -> dict[str, Any]:
    """Return the two lists of the page, ticked as proposed or as the person left them."""
    chosen = form.chosen
    shown = [UnitRow(row.unit_id, row.name, row.note, row.unit_id in chosen) for row in rows]
    known = {row.unit_id for row in rows if row.ticked or row.note}
    return {
        "members": [row for row in shown if row.unit_id in known],
        "others": [row for row in shown if row.unit_id not in known],
    }
