"""A board's blocs of one year as its desk needs them: years, members, heads, meetings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from blocs.enums import MeetingKind, YearStatus
from blocs.models import Bloc, BlocYear, Board, HeadTerm, Meeting, Membership
from blocs.standing import Heads, heads_from
from emulation import clock


@dataclass(frozen=True, slots=True)
class Member:
    """A unit that is still a member, under the name it has that year."""

    pk: int
    unit_id: int
    name: str
    folded: str
    is_ranking: bool


@dataclass(slots=True)
class Led:
    """Which units lead a bloc-year, and what the head is called today."""

    heads: Heads = field(default_factory=Heads)
    name: str = ""


def years_open(boards: Collection[Board]) -> dict[int, int]:
    """Return for each year of these boards how many blocs have not closed it, newest first."""
    still = Count("pk", filter=~Q(status=YearStatus.CLOSED))
    rows = BlocYear.objects.filter(board__in=boards).values("year").annotate(still=still)
    return dict(rows.order_by("-year").values_list("year", "still"))


def desk_years(boards: Collection[Board], year: int) -> list[BlocYear]:
    """Return the bloc-years of that year with ``meeting_on``, when results are or were adopted."""
    meeting = Meeting.objects.filter(bloc_year=OuterRef("pk"), kind=MeetingKind.YEAR_END)
    newest = meeting.order_by("-held_on", "-pk").values("held_on")[:1]
    rows = BlocYear.objects.filter(board__in=boards, year=year).select_related("board", "bloc")
    return list(rows.annotate(meeting_on=Subquery(newest)).order_by("sorting", "pk"))


def blocs_without_year(boards: Collection[Board], year: int) -> QuerySet[Bloc]:
    """Return the running blocs that have not begun that year and are not past it."""
    later = BlocYear.objects.filter(year__gte=year).order_by().values("bloc_id")
    running = Bloc.objects.filter(
        board__in=boards, board__ended_on__isnull=True, ended_on__isnull=True
    )
    return running.exclude(pk__in=later).select_related("board").order_by("sorting", "pk")


def members_by_year(year_ids: Collection[int]) -> dict[int, list[Member]]:
    """Return the members that have not left, in Vietnamese order, by bloc-year: one query."""
    today = clock.today()
    rows = Membership.objects.filter(bloc_year__in=year_ids).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    )
    columns = ("bloc_year_id", "pk", "unit_id", "unit_name", "folded", "is_ranking")
    found: dict[int, list[Member]] = {key: [] for key in year_ids}
    for year_id, *values in rows.order_by("sorting", "pk").values_list(*columns):
        found[year_id].append(Member(*values))
    return found


def leaders_by_year(bloc_years: Sequence[BlocYear]) -> dict[int, Led]:
    """Return who leads each bloc-year with the head's name today: one query."""
    terms = HeadTerm.objects.filter(
        bloc__in={each.bloc_id for each in bloc_years},
        year__in={each.year for each in bloc_years},
    )
    found: dict[tuple[int, int], list[HeadTerm]] = {}
    for term in terms.select_related("unit").order_by("kind", "position", "pk"):
        found.setdefault((term.bloc_id, term.year), []).append(term)
    today = clock.today()
    return {each.pk: _led(found.get((each.bloc_id, each.year), []), today) for each in bloc_years}


def _led(terms: Sequence[HeadTerm], today: dt.date) -> Led:
    heads = heads_from(terms, today)
    names = {term.unit_id: term.unit.name for term in terms}
    return Led(heads, names.get(heads.head or 0, ""))
