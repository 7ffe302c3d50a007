"""Boards, their units and their people, as far as a person manages or belongs to them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from blocs.enums import PostRole
from blocs.models import BlocYear, Board, Post, Unit, UnitName
from blocs.selectors.standing import held_on, inheritances
from emulation import clock
from emulation.models import User
from emulation.vietnamese import fold


def boards_of(user: User) -> QuerySet[Board]:
    """Return the boards in which the person holds a post today."""
    posts = Post.objects.filter(held_on(clock.today()), user=user, board__isnull=False)
    return Board.objects.filter(pk__in=posts.values("board_id")).order_by("sorting", "pk")


def works_for_board(user: User, board_id: int) -> bool:
    """Return whether the person is an officer today of that board, or of the one after it."""
    posts = Post.objects.filter(held_on(clock.today()), user=user)
    return posts.filter(Q(board_id=board_id) | Q(board__forebears=board_id)).exists()


def units_managed_by(user: User) -> QuerySet[Unit]:
    """Return every unit of the person's boards and of the boards before them, in Vietnamese order.

    Dissolved ones too.
    """
    boards = boards_of(user).values("pk")
    return Unit.objects.filter(Q(board__in=boards) | Q(board__heir__in=boards)).order_by(
        "sorting", "pk"
    )


def units_visible_to(user: User) -> QuerySet[Unit]:
    """Return the units whose page the person may open.

    The board's, his or her own, and those that ended and that his or her own came after.
    """
    posts = Post.objects.filter(held_on(clock.today()), user=user)
    own = posts.filter(unit__isnull=False).values("unit_id")
    boards = posts.filter(board__isnull=False).values("board_id")
    before = inheritances().filter(successor__in=own).order_by()
    return Unit.objects.filter(
        Q(board_id__in=boards)
        | Q(board__heir_id__in=boards)
        | Q(pk__in=own)
        | Q(pk__in=before.values("predecessor_id"))
    ).order_by("sorting", "pk")


def search_units(units: QuerySet[Unit], text: str = "", kind: str = "") -> QuerySet[Unit]:
    """Return the units whose name, of today or earlier, contains ``text``, diacritics aside."""
    if text.strip():
        plain = fold(text)
        named = [row.unit_id for row in _names_like(units, plain)]
        units = units.filter(Q(folded__contains=plain) | Q(pk__in=named))
    return units.filter(kind=kind) if kind else units


# What a running unit may lack, by the word in the address: a leader, an officer, one of the two.
LACKING = {
    "lanh-dao": (PostRole.LEADER,),
    "can-bo": (PostRole.OFFICER,),
    "mot-trong-hai": (PostRole.LEADER, PostRole.OFFICER),
}


def units_lacking(units: QuerySet[Unit], what: str) -> QuerySet[Unit]:
    """Return the running units in which nobody holds today what ``LACKING`` calls ``what``."""
    held = Post.objects.filter(held_on(clock.today()), unit=OuterRef("pk"))
    lacks = Q()
    for role in LACKING[what]:
        lacks |= Q(~Exists(held.filter(role=role)))
    return units.filter(lacks, ended_on__isnull=True)


def units_in(units: QuerySet[Unit], bloc_year: BlocYear) -> QuerySet[Unit]:
    """Return the units that are on the year's list and have not left it."""
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today())
    members = bloc_year.memberships.filter(running).order_by()
    return units.filter(pk__in=members.values("unit_id"))


def _names_like(units: QuerySet[Unit], plain: str) -> list[UnitName]:
    """Earlier names have no folded column: there are few, they are compared here."""
    earlier = UnitName.objects.filter(unit__in=units, ends_on__isnull=False).order_by("pk")
    return [row for row in earlier if plain in fold(row.name)]


def with_people_counts(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Return the units with ``people``: how many posts are held there today."""
    today = clock.today()
    held = Q(posts__starts_on__lte=today, posts__closed_at__isnull=True) & (
        Q(posts__ends_on__isnull=True) | Q(posts__ends_on__gte=today)
    )
    return units.annotate(people=Count("posts", filter=held))


def name_on(unit: Unit, day: dt.date) -> str:
    """Return the name the unit carried on ``day``; today's name where none is recorded."""
    row = (
        UnitName.objects.filter(unit=unit)
        .filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        .order_by("pk")
        .first()
    )
    return row.name if row else unit.name


def name_in_year(unit: Unit, year: int) -> str:
    """Return the name for a year's papers: that of its last day, or of today if it still runs."""
    return name_on(unit, min(clock.today(), dt.date(year, 12, 31)))


def people_known_to(board_id: int) -> QuerySet[User]:
    """Return who ever held a post in the board or its units, or in the boards before it."""
    own = Q(board_id=board_id) | Q(unit__board_id=board_id)
    before = Q(board__heir_id=board_id) | Q(unit__board__heir_id=board_id)
    posts = Post.objects.filter(own | before)
    return User.objects.filter(pk__in=posts.values("user_id")).order_by("sorting", "pk")


def has_any_post(user: User) -> bool:
    """Return whether the person holds or ever held a post anywhere."""
    return Post.objects.filter(user=user).exists()
