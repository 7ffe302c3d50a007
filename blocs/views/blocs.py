"""Blocs: the list of their years, a bloc over the years, a new bloc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blocs.enums import YearStatus
from blocs.forms.years import BlocForm
from blocs.models import Bloc, BlocYear, HeadTerm
from blocs.permissions import can_change_structure, can_create_year
from blocs.selectors.names import head_names
from blocs.selectors.standing import in_rank, known_posts
from blocs.selectors.structure import changes_of_bloc
from blocs.selectors.units import boards_of
from blocs.selectors.years import (
    YearFilter,
    bloc_years_visible_to,
    blocs_visible_to,
    filter_years,
    with_member_counts,
)
from blocs.services.years import create_bloc, create_bloc_year
from blocs.views.answers import accepted, number_in, page_of
from blocs.views.frame import person
from emulation import clock
from emulation.access import allow_if, require
from emulation.enums import Face
from emulation.models import User

BOARD_ONLY = "Việc này do cán bộ Ban Thi đua - Khen thưởng thực hiện."


@dataclass(frozen=True, slots=True)
class YearRow:
    """A bloc-year as the list shows it."""

    name: str
    url: str
    year: int
    face: Face
    listed: int
    declared: int | None
    head: str
    is_example: bool

    @property
    def mismatch(self) -> bool:
        """Whether the declared number of members differs from the list."""
        return self.declared is not None and self.declared != self.listed

    @property
    def mismatch_words(self) -> str:
        """What the paper says, beside the number listed."""
        return f"văn bản ghi {self.declared}"


def year_rows(years: Sequence[BlocYear]) -> list[YearRow]:
    """Return rows for bloc-years read by ``with_member_counts``: three queries for all."""
    heads = head_names(years)
    return [
        YearRow(
            name=each.name,
            url=reverse("bloc_year", args=[each.pk]),
            year=each.year,
            face=each.step.face,
            listed=getattr(each, "listed", 0),
            declared=each.declared_count,
            head=heads[each.pk],
            is_example=each.is_example,
        )
        for each in years
    ]


@require_GET
def bloc_list(request: HttpRequest) -> HttpResponse:
    """Show the bloc-years the person may open: searched, filtered, paged."""
    user = person(request)
    visible = bloc_years_visible_to(user)
    boards = boards_of(user)
    wanted = _wanted(request)
    page = page_of(request, with_member_counts(filter_years(visible, wanted)))
    is_board = boards.exists()
    without_years = Bloc.objects.filter(board__in=boards, years__isnull=True, ended_on__isnull=True)
    context = {
        "title": "Khối thi đua",
        "crumbs": [],
        "page": page,
        "rows": year_rows(list(page.object_list)),
        "is_board": is_board,
        "has_post": bool(known_posts(user)),
        "wanted": wanted,
        "years": visible.order_by("-year").values_list("year", flat=True).distinct(),
        "steps": YearStatus.choices,
        "without_years": without_years.order_by("sorting", "pk") if is_board else (),
    }
    return render(request, "blocs/bloc_list.html", context)


def _wanted(request: HttpRequest) -> YearFilter:
    status = request.GET.get("buoc", "")
    return YearFilter(
        text=request.GET.get("q", "")[:200],
        year=number_in(request.GET.get("nam")),
        status=status if status in YearStatus.values else "",
        without_head=request.GET.get("truong-khoi") == "chua-co",
    )


@require_http_methods(["GET", "POST"])
def bloc_create(request: HttpRequest) -> HttpResponse:
    """Create a bloc and its first year; board officers only."""
    user = person(request)
    boards = boards_of(user)
    require(allow_if(boards.exists(), BOARD_ONLY))
    form = BlocForm(request.POST or None, boards=boards, initial={"year": clock.today().year})
    made: list[BlocYear] = []
    if accepted(request, form, lambda: made.append(_found(user, form.cleaned_data))):
        messages.success(
            request,
            f"Đã lập {made[0]}. Tiếp theo: chọn đơn vị thành viên, rồi ghi Trưởng khối.",
        )
        return redirect("member_add", made[0].pk)
    crumbs = [("Khối thi đua", reverse("bloc_list")), ("Lập khối mới", None)]
    context = {"title": "Lập khối mới", "crumbs": crumbs, "form": form}
    return render(request, "blocs/bloc_create.html", context)


@transaction.atomic
def _found(user: User, data: dict[str, Any]) -> BlocYear:
    bloc = create_bloc(actor=user, board=data["board"], name=data["name"], kind=data["kind"])
    fields = ("year", "name", "issuing_style", "declared_count", "note")
    return create_bloc_year(actor=user, bloc=bloc, **{name: data[name] for name in fields})


def get_bloc_for_user(user: User, bloc_id: int) -> Bloc:
    """Return the bloc; Http404 unless a year of it, or its board, is the person's."""
    bloc = blocs_visible_to(user).select_related("board", "successor").filter(pk=bloc_id).first()
    if bloc is None:
        raise Http404
    return bloc


@require_GET
def bloc_page(request: HttpRequest, bloc_id: int) -> HttpResponse:
    """Show a bloc over the years: its years, and who led it."""
    user = person(request)
    bloc = get_bloc_for_user(user, bloc_id)
    years = with_member_counts(bloc_years_visible_to(user).filter(bloc=bloc))
    rows = year_rows(list(years))
    following = rows[0].year + 1 if rows else None
    verdict = can_create_year(user, bloc, following or 0)
    context = {
        "title": bloc.name,
        "crumbs": [("Khối thi đua", reverse("bloc_list")), (bloc.name, None)],
        "bloc": bloc,
        "rows": rows,
        "terms": terms_by_year(bloc),
        "following": following,
        "verdict": verdict,
        "changes": list(changes_of_bloc(bloc)),
        "restructure": can_change_structure(user, bloc.board_id) and not bloc.ended_on,
    }
    return render(request, "blocs/bloc.html", context)


def terms_by_year(bloc: Bloc) -> list[HeadTerm]:
    """Return every term of the bloc, ended ones too, the newest year first: one query."""
    return in_rank(HeadTerm.objects.filter(bloc=bloc).select_related("unit").order_by("pk"))
