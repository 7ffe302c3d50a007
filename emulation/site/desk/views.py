"""The desk's page and its workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from blocs.models import Board
from blocs.selectors.board_deadlines import boards_answered_by
from blocs.selectors.progress import years_open
from blocs.views.blocs import BOARD_ONLY
from blocs.views.frame import person
from emulation import clock
from emulation.access import allow_if, require
from emulation.office import xlsx_response
from emulation.site.desk.export import desk_workbook
from emulation.site.desk.gather import desk_rows
from emulation.site.desk.listing import (
    DUTY,
    LATE,
    STEPS,
    Wanted,
    columns,
    figures_of,
    in_step,
    matching,
    step_counts,
)
from emulation.site.desk.rows import DeskRow


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request shows: the boards, the year and its neighbours, the rows before and after."""

    boards: list[Board]
    wanted: Wanted
    year: int
    open_years: Mapping[int, int]
    all_rows: list[DeskRow]
    facets: list[DeskRow]
    rows: list[DeskRow]

    @property
    def shown_boards(self) -> list[Board]:
        """The boards at work, and those before them that still have blocs in this year."""
        named = {row.board for row in self.all_rows}
        return [each for each in self.boards if each.heir_id is None or each.name in named]

    @property
    def known_years(self) -> list[int]:
        """The years one may turn to, the newest first."""
        return sorted({*self.open_years, *_near(), self.year}, reverse=True)


@require_GET
def board_desk(request: HttpRequest) -> HttpResponse:
    """Show every bloc of the person's boards in one year: step, lateness, the board's duties."""
    seen = _seen(request)
    wanted, figures = seen.wanted, figures_of(seen.rows)
    context = {
        "title": f"Toàn tỉnh năm {seen.year}",
        "crumbs": [("Việc cần làm", reverse("home")), ("Toàn tỉnh", None)],
        "seen": seen,
        "wanted": wanted,
        "figures": figures,
        "steps": step_counts(seen.facets, wanted),
        "step_labels": STEPS.items(),
        "columns": columns(wanted),
        "many_boards": len(seen.boards) > 1,
        "own_query": wanted.query(),
        "late_query": wanted.query(only=LATE),
        "duty_query": wanted.query(only=DUTY),
        "all_duties": figures_of(seen.all_rows).duties,
        "all_duties_query": Wanted(year=seen.year, only=DUTY).query(),
        "clear_query": Wanted(year=seen.year).query(),
        "other_years": _other_years(seen),
        "deadline_pages": [
            (each.name, reverse("board_deadlines", args=[each.pk, seen.year]))
            for each in seen.shown_boards
        ],
    }
    return render(request, "site/desk.html", context)


@require_GET
def board_desk_xlsx(request: HttpRequest) -> HttpResponse:
    """Return exactly what the desk shows, same filters and order, as a workbook."""
    seen = _seen(request)
    names = ", ".join(board.name for board in seen.shown_boards)
    content = desk_workbook(seen.rows, names, seen.year, seen.wanted)
    return xlsx_response(content, f"Toàn tỉnh năm {seen.year}")


def _seen(request: HttpRequest) -> Seen:
    boards = list(boards_answered_by(person(request)))
    require(allow_if(bool(boards), BOARD_ONLY))
    open_years = years_open(boards)
    newest = next((year for year, count in open_years.items() if count), None)
    wanted = Wanted.read(request.GET)
    year = wanted.year if wanted.year in {*open_years, *_near()} else None
    year = year or newest or clock.today().year
    wanted = replace(wanted, year=year)
    is_current = year >= min(newest or year, clock.today().year)
    rows = desk_rows(boards, year, is_current=is_current)
    facets = matching(rows, wanted)
    return Seen(boards, wanted, year, open_years, rows, facets, in_step(facets, wanted))


def _near() -> set[int]:
    """This year and the next may be asked for before any bloc has begun them."""
    return {clock.today().year, clock.today().year + 1}


def _other_years(seen: Seen) -> list[tuple[int, int, str]]:
    """Return the other years in which blocs are still open: year, how many, address."""
    return [
        (year, count, Wanted(year=year).query())
        for year, count in seen.open_years.items()
        if count and year != seen.year
    ]
