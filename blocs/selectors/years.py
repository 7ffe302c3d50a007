"""Bloc-years a person may open. The one door to everything inside a bloc."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from blocs.enums import TermKind
from blocs.models import Bloc, BlocYear, HeadTerm, Membership, Post, SecretariatMember
from blocs.selectors.standing import held_on, succeeded_by
from emulation import clock
from emulation.models import User
from emulation.vietnamese import fold


def bloc_years_visible_to(user: User) -> QuerySet[BlocYear]:
    """Return the bloc-years whose inside ``user`` may read, newest first.

    Officers of its board, or of the board that stands in its place; people with a post today in
    a member (the named secretaries among them), in a unit that holds a term of that year, or in
    the head of a later year (handover: the new head reads the whole dossier), in a unit that came
    after a member which has ended (merger: it reads what that member left). Nobody else: an
    administrator sees none, and published results have a page of their own. The same people for
    whom ``Standing.sees_inside`` holds.
    """
    posts = Post.objects.filter(held_on(clock.today()), user=user)
    boards = posts.filter(board__isnull=False).values("board_id")
    units = posts.filter(unit__isnull=False).values("unit_id")
    members = Membership.objects.filter(bloc_year=OuterRef("pk"), unit_id__in=units)
    terms = HeadTerm.objects.filter(
        Q(year=OuterRef("year")) | Q(year__gt=OuterRef("year"), kind=TermKind.HEAD),
        bloc_id=OuterRef("bloc_id"),
        unit_id__in=units,
        ended_on__isnull=True,
    )
    left = Membership.objects.filter(succeeded_by(units), bloc_year=OuterRef("pk"))
    return BlocYear.objects.filter(
        Q(board_id__in=boards)
        | Q(board__heir_id__in=boards)
        | Exists(members)
        | Exists(terms)
        | Exists(left)
    ).order_by("-year", "sorting", "pk")


def years_served_by(user: User) -> QuerySet[BlocYear]:
    """Return the bloc-years in which ``user`` may do the head's work: a term or a naming.

    Wider than ``Standing.is_secretary``, which settles who acts; for "Việc cần làm".
    """
    units = Post.objects.filter(held_on(clock.today()), user=user, unit__isnull=False).values(
        "unit_id"
    )
    terms = HeadTerm.objects.filter(
        bloc_id=OuterRef("bloc_id"),
        year=OuterRef("year"),
        unit_id__in=units,
        ended_on__isnull=True,
    )
    named = SecretariatMember.objects.filter(
        bloc_year=OuterRef("pk"), user=user, ended_at__isnull=True
    )
    served = BlocYear.objects.filter(Exists(terms) | Exists(named))
    return served.order_by("-year", "sorting", "pk")


@dataclass(frozen=True, slots=True)
class YearFilter:
    """What the list of bloc-years is narrowed to; empty values do not narrow."""

    text: str = ""
    year: int | None = None
    status: str = ""
    without_head: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.text.strip() or self.year or self.status or self.without_head)


def filter_years(years: QuerySet[BlocYear], wanted: YearFilter) -> QuerySet[BlocYear]:
    """Return the bloc-years that fit; names are compared without diacritics."""
    if wanted.text.strip():
        years = years.filter(folded__contains=fold(wanted.text))
    if wanted.year:
        years = years.filter(year=wanted.year)
    if wanted.status:
        years = years.filter(status=wanted.status)
    return years.filter(~_led()) if wanted.without_head else years


def _led() -> Exists:
    """The condition that a unit not dissolved leads the bloc that year, or acts as its head."""
    today = clock.today()
    running = HeadTerm.objects.filter(
        Q(unit__ended_on__isnull=True) | Q(unit__ended_on__gt=today),
        bloc_id=OuterRef("bloc_id"),
        year=OuterRef("year"),
        ended_on__isnull=True,
        kind=TermKind.HEAD,
    )
    return Exists(running)


def with_member_counts(years: QuerySet[BlocYear]) -> QuerySet[BlocYear]:
    """Return the bloc-years with ``listed``: how many members have neither left nor dissolved."""
    today = clock.today()
    still = Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today)
    stands = Q(memberships__unit__ended_on__isnull=True) | Q(memberships__unit__ended_on__gt=today)
    return years.annotate(listed=Count("memberships", filter=still & stands))


def blocs_visible_to(user: User) -> QuerySet[Bloc]:
    """Return the blocs of the person's boards and those of which a year is visible."""
    posts = Post.objects.filter(held_on(clock.today()), user=user, board__isnull=False)
    boards = posts.values("board_id")
    years = bloc_years_visible_to(user).order_by().values("bloc_id")
    return Bloc.objects.filter(
        Q(board_id__in=boards) | Q(board__heir_id__in=boards) | Q(pk__in=years)
    ).order_by("sorting", "pk")
