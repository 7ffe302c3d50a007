"""Boards: who may open their page, how many they hold, what they were called in a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from blocs.enums import ChangeKind
from blocs.models import Bloc, Board, BoardName, Post, StructureChange, Unit, UnitName
from blocs.selectors.standing import held_on
from blocs.selectors.units import boards_of, works_for_board
from emulation import clock
from emulation.models import User
from emulation.vietnamese import fold


def boards_overseen_by(user: User) -> QuerySet[Board]:
    """Return the boards whose page the person may open: officers their own and those before it.

    The administrator every one: names and officers stand there, no bloc's inside.
    """
    boards = Board.objects.select_related("heir").order_by("sorting", "pk")
    if user.is_superuser:
        return boards
    mine = boards_of(user).order_by().values("pk")
    return boards.filter(Q(pk__in=mine) | Q(heir__in=mine))


def boards_of_units(user: User) -> QuerySet[Board]:
    """Return the boards in whose units the person holds a post today."""
    posts = Post.objects.filter(held_on(clock.today()), user=user, unit__isnull=False)
    return Board.objects.filter(pk__in=posts.order_by().values("unit__board_id"))


def working_boards() -> QuerySet[Board]:
    """Return the boards that were not merged into another, in Vietnamese order."""
    return Board.objects.filter(ended_on__isnull=True).order_by("sorting", "pk")


@dataclass(frozen=True, slots=True)
class BoardCount:
    """A board with how many it holds today; ``absent`` people have never come in."""

    board: Board
    units: int = 0
    blocs: int = 0
    people: int = 0
    absent: int = 0
    officers: int = 0
    absent_officers: int = 0

    @property
    def is_new(self) -> bool:
        """Whether nobody of the board has come in yet."""
        return self.absent_officers == self.officers


def board_counts(boards: Sequence[Board]) -> list[BoardCount]:
    """Return the counts of boards: three queries for all of them."""
    units = _running(Unit.objects.filter(board__in=boards))
    blocs = _running(Bloc.objects.filter(board__in=boards))
    posts = Post.objects.filter(held_on(clock.today())).annotate(
        place=Coalesce("board_id", "unit__board_id")
    )
    here = posts.filter(place__in=[board.pk for board in boards]).order_by()
    counted: list[Any] = list(here.values("place").annotate(**_head_counts()))
    people: dict[int, dict[str, int]] = {row.pop("place"): row for row in counted}
    return [
        BoardCount(
            board,
            units=units.get(board.pk, 0),
            blocs=blocs.get(board.pk, 0),
            **people.get(board.pk, {}),
        )
        for board in boards
    ]


def _running(rows: QuerySet[Unit] | QuerySet[Bloc]) -> dict[int, int]:
    counted = rows.filter(ended_on__isnull=True).order_by().values_list("board_id")
    return dict(counted.annotate(Count("pk")))


def _head_counts() -> dict[str, Count]:
    absent, officer = Q(user__last_login__isnull=True), Q(board__isnull=False)
    return {
        "people": Count("user", distinct=True),
        "absent": Count("user", distinct=True, filter=absent),
        "officers": Count("user", distinct=True, filter=officer),
        "absent_officers": Count("user", distinct=True, filter=officer & absent),
    }


def officers_of(board: Board) -> list[Post]:
    """Return the posts held at the board today, and those that begin later: one query."""
    today = clock.today()
    known = Post.objects.filter(held_on(today) | Q(starts_on__gt=today, closed_at__isnull=True))
    return list(
        known.filter(board=board).select_related("user").order_by("user__sorting", "starts_on")
    )


def changes_seen_by(user: User, board: Board) -> QuerySet[StructureChange]:
    """Return the board's record of changes in its structure, the newest first.

    An administrator who is not its officer reads the mergers of boards only.
    """
    changes = StructureChange.objects.filter(board=board)
    if not works_for_board(user, board.pk):
        changes = changes.filter(kind=ChangeKind.BOARDS_MERGED)
    return changes.select_related("unit", "bloc", "actor").order_by("-at", "-pk")


def council_in_year(board: Board, year: int) -> str:
    """Return what the Council was called in that year's papers: on its last day, or today."""
    row = board_name_on(board, min(clock.today(), dt.date(year, 12, 31)))
    return row.council_name if row else board.council_name


def board_name_on(board: Board, day: dt.date) -> BoardName | None:
    """Return the names the board carried on ``day``, or None where none is recorded."""
    return (
        BoardName.objects.filter(board=board)
        .filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        .order_by(F("starts_on").desc(nulls_last=True), "pk")
        .first()
    )


def twins_of(board: Board) -> list[tuple[Unit, Unit]]:
    """Return pairs of running units that bore one name before boards merged: three queries.

    "Sở Tài chính" of both stands twice until the units are merged too; the one that was renamed
    stands second.
    """
    merged = StructureChange.objects.filter(board=board, kind=ChangeKind.BOARDS_MERGED)
    running = Unit.objects.filter(board=board, ended_on__isnull=True)
    renamed = running.filter(pk__in=merged.filter(unit__isnull=False).values("unit_id"))
    units = {unit.pk: unit for unit in renamed.order_by("sorting", "pk")}
    names = UnitName.objects.filter(unit__in=units, ends_on__isnull=False).order_by("pk")
    before = [(fold(row.name), row.unit_id) for row in names]
    others = running.filter(folded__in=[name for name, _ in before]).order_by("sorting", "pk")
    by_name = {unit.folded: unit for unit in others}
    found = {(by_name[name].pk, key): by_name[name] for name, key in before if name in by_name}
    return [(other, units[key]) for (_, key), other in found.items() if other.pk != key]
