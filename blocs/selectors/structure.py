"""What a change of structure concerns, and who came after whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import (
    Bloc,
    BlocYear,
    Deadline,
    HeadTerm,
    Membership,
    Post,
    SecretariatMember,
    StructureChange,
    Succession,
    Unit,
)
from blocs.selectors.units import boards_of, units_visible_to
from emulation import clock
from emulation.models import User

# ---------------------------------------------------------------- who acts


def board_capacity(user: User, board_id: int) -> str:
    """Return in what capacity the person acts for the board: its office and its name."""
    mine = boards_of(user).filter(Q(pk=board_id) | Q(forebears=board_id)).first()
    return f"{mine.office_name} – {mine.name}" if mine else ""


# ---------------------------------------------------------------- what is concerned


def open_memberships(units: Iterable[Unit]) -> list[Membership]:
    """Return the units' memberships in years not closed, the oldest year first."""
    rows = Membership.objects.filter(unit__in=list(units)).exclude(
        bloc_year__status=YearStatus.CLOSED
    )
    return list(
        rows.select_related("bloc_year", "unit").order_by("year", "bloc_year", "sorting", "pk")
    )


def ranking_days(bloc_year_ids: Iterable[int]) -> dict[int, dt.date]:
    """Return the self-score deadline of each bloc-year that has one: one query."""
    rows = Deadline.objects.filter(
        bloc_year_id__in=set(bloc_year_ids), kind=DeadlineKind.SELF_SCORE
    )
    return dict(rows.order_by("pk").values_list("bloc_year_id", "due_on"))


def hangs_on(membership: Membership) -> bool:
    """Return whether anything refers to the membership, so that it is not taken off its list."""
    relations = Membership._meta.related_objects  # noqa: SLF001 - Django's documented API
    return any(
        each.related_model._default_manager.filter(**{each.field.name: membership}).exists()  # noqa: SLF001
        for each in relations
    )


def listed_counts(bloc_year_ids: Iterable[int]) -> dict[int, int]:
    """Return how many members each bloc-year lists today, by its key: one query."""
    today = clock.today()
    still = Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today)
    stands = Q(memberships__unit__ended_on__isnull=True) | Q(memberships__unit__ended_on__gt=today)
    years = BlocYear.objects.filter(pk__in=set(bloc_year_ids))
    counted = years.annotate(listed=Count("memberships", filter=still & stands))
    return dict(counted.order_by("pk").values_list("pk", "listed"))


def open_years(board_id: int) -> QuerySet[BlocYear]:
    """Return the board's bloc-years whose list of members may still change, oldest first."""
    before = [each for each in YearStatus if not each.reached(YearStatus.MEETING)]
    years = BlocYear.objects.filter(
        board_id=board_id, status__in=before, bloc__ended_on__isnull=True
    )
    return years.select_related("bloc").order_by("year", "sorting", "pk")


def running_terms(units: Iterable[Unit]) -> list[HeadTerm]:
    """Return the terms that the units hold now, of years not closed or not created yet."""
    terms = HeadTerm.objects.filter(unit__in=list(units), ended_on__isnull=True)
    rows = list(terms.select_related("bloc", "unit").order_by("year", "bloc", "kind", "pk"))
    closed = set(
        BlocYear.objects.filter(
            bloc_id__in={row.bloc_id for row in rows}, status=YearStatus.CLOSED
        ).values_list("bloc_id", "year")
    )
    return [row for row in rows if (row.bloc_id, row.year) not in closed]


def posts_reaching(units: Iterable[Unit], day: dt.date) -> list[Post]:
    """Return the units' posts that still give access on ``day`` or later, leaders first."""
    posts = Post.objects.filter(unit__in=list(units), closed_at__isnull=True).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    )
    return list(
        posts.select_related("user", "unit").order_by(
            "unit__sorting", "role", "user__sorting", "pk"
        )
    )


def secretaries_among(user_ids: Iterable[int]) -> list[SecretariatMember]:
    """Return the namings to a secretariat that these people hold, in years not closed."""
    rows = SecretariatMember.objects.filter(user_id__in=set(user_ids), ended_at__isnull=True)
    rows = rows.exclude(bloc_year__status=YearStatus.CLOSED)
    return list(rows.select_related("user", "bloc_year").order_by("bloc_year", "named_at", "pk"))


def running_units(user: User) -> QuerySet[Unit]:
    """Return the units of the person's boards that have not ended, in Vietnamese order."""
    boards = boards_of(user).values("pk")
    return Unit.objects.filter(board__in=boards, ended_on__isnull=True).order_by("sorting", "pk")


def namesakes(bloc: Bloc, folded: str) -> list[Bloc]:
    """Return the board's other running blocs whose name reads the same, diacritics aside."""
    others = Bloc.objects.filter(board_id=bloc.board_id, folded=folded, ended_on__isnull=True)
    return list(others.exclude(pk=bloc.pk).order_by("pk"))


# ---------------------------------------------------------------- lineage


@dataclass(frozen=True, slots=True)
class Kin:
    """A unit before or after another; ``linked`` says whether the reader may open its page."""

    unit: Unit
    change: StructureChange
    linked: bool


def lineage_of(user: User, unit: Unit) -> tuple[list[Kin], list[Kin]]:
    """Return the units before and those after it, the latest change first: two queries."""
    rows = list(
        Succession.objects.filter(Q(predecessor=unit) | Q(successor=unit))
        .select_related("change", "predecessor", "successor")
        .order_by("-change__effective_on", "pk")
    )
    keys = {each for row in rows for each in (row.predecessor_id, row.successor_id)}
    seen = set(units_visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    before = [_kin(row, row.predecessor, seen) for row in rows if row.successor_id == unit.pk]
    after = [_kin(row, row.successor, seen) for row in rows if row.predecessor_id == unit.pk]
    return before, after


def _kin(row: Succession, unit: Unit, seen: set[int]) -> Kin:
    return Kin(unit, row.change, unit.pk in seen)


def changes_of_unit(unit: Unit) -> QuerySet[StructureChange]:
    """Return the recorded changes that concern the unit, newest first."""
    concerned = Q(unit=unit) | Q(successions__predecessor=unit) | Q(successions__successor=unit)
    changes = StructureChange.objects.filter(concerned).distinct()
    return changes.select_related("actor").order_by("-at", "-pk")


def changes_of_bloc(bloc: Bloc) -> QuerySet[StructureChange]:
    """Return the recorded changes that concern the bloc, newest first."""
    changes = StructureChange.objects.filter(bloc=bloc)
    return changes.select_related("actor").order_by("-at", "-pk")


# ---------------------------------------------------------------- what a page proposes


def years_to_join(board_id: int) -> list[BlocYear]:
    """Return the bloc-years that a unit founded now may join: of this year on, list still open."""
    return list(open_years(board_id).filter(year__gte=clock.today().year))


def proposed_years(units: Iterable[Unit], offered: Iterable[BlocYear]) -> set[int]:
    """Return, of the years offered, the one bloc a year in which most of the units are members."""
    rows = Membership.objects.filter(
        unit__in=list(units), bloc_year__in=list(offered), ends_on__isnull=True
    )
    counted = rows.order_by().values("year", "bloc_year").annotate(units=Count("pk"))
    best: dict[int, tuple[int, int]] = {}
    for row in counted.order_by("year", "-units", "bloc_year__sorting", "bloc_year"):
        best.setdefault(row["year"], (row["units"], row["bloc_year"]))
    return {key for _, key in best.values()}


def roles_of(units: Iterable[Unit]) -> list[str]:
    """Return the roles that the units hold now, in words."""
    return [
        f"{term.unit.name}: {term.get_kind_display()}, {term.bloc.name} năm {term.year}"
        for term in running_terms(units)
    ]


def blocs_after(bloc: Bloc) -> QuerySet[Bloc]:
    """Return the board's other running blocs, in Vietnamese order."""
    others = Bloc.objects.filter(board_id=bloc.board_id, ended_on__isnull=True)
    return others.exclude(pk=bloc.pk).order_by("sorting", "pk")


def years_to_move_to(membership: Membership) -> QuerySet[BlocYear]:
    """Return the board's other bloc-years of the same year that the unit is no member of."""
    bloc_year = membership.bloc_year
    known = Membership.objects.filter(unit=membership.unit_id).values("bloc_year_id")
    return open_years(bloc_year.board_id).filter(year=bloc_year.year).exclude(pk__in=known)
