"""The rows of the desk: every bloc of the boards in one year, begun or not."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from blocs.models import Bloc, Board
from blocs.selectors.progress import blocs_without_year
from emulation.site.desk.duties import duties_for
from emulation.site.desk.facts import YearFacts, year_facts
from emulation.site.desk.lateness import late_units, nearest_deadline
from emulation.site.desk.rows import DeskRow, Duty
from emulation.site.desk.waiting import waiting_for
from emulation.vietnamese import fold

NOT_BEGUN = "none"


def desk_rows(boards: Sequence[Board], year: int, *, is_current: bool) -> list[DeskRow]:
    """Return a row for each bloc-year, then for each bloc that has not begun the year.

    The latter only where the year ``is_current``: that a bloc had no year long ago is no news.
    """
    rows = [_row(facts) for facts in year_facts(boards, year)]
    waiting = blocs_without_year(boards, year) if is_current else ()
    return [*rows, *(_without_year(bloc, year) for bloc in waiting)]


def _row(facts: YearFacts) -> DeskRow:
    year, led = facts.bloc_year, facts.led
    return DeskRow(
        name=year.name,
        url=reverse("bloc_year", args=[year.pk]),
        sorting=year.sorting,
        searched=" | ".join(
            [year.folded, year.board.folded, *(member.folded for member in facts.members)]
        ),
        board=year.board.name,
        step=year.status,
        place=year.step.place,
        face=year.step.face,
        head=_head_in_year(facts) or led.name,
        head_note="điều hành thay Trưởng khối" if led.heads.is_acting else "",
        waiting=waiting_for(facts),
        nearest=nearest_deadline(facts),
        late=late_units(facts),
        duties=duties_for(facts),
        is_example=year.is_example,
    )


def _head_in_year(facts: YearFacts) -> str:
    """Return the head under the name it has as a member that year, "" where it is none."""
    head = facts.led.heads.head
    return next((member.name for member in facts.members if member.unit_id == head), "")


def _without_year(bloc: Bloc, year: int) -> DeskRow:
    begin = Duty(f"Lập năm {year}", reverse("year_new", args=[bloc.pk]))
    return DeskRow(
        name=bloc.name,
        url=reverse("bloc", args=[bloc.pk]),
        sorting=bloc.sorting,
        searched=f"{bloc.folded} | {fold(bloc.board.name)}",
        board=bloc.board.name,
        step=NOT_BEGUN,
        place=-1,
        duties=(begin,),
        is_example=bloc.is_example,
    )
