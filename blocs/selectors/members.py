"""Members of a bloc-year, and the people to call in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from blocs.models import BlocYear, Membership, Post
from blocs.selectors.standing import held_on
from emulation import clock


def belongs_on(day: dt.date) -> Q:
    """Return the condition that a membership holds on ``day``; open ends count."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
    return begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def stands_on(day: dt.date) -> Q:
    """Return the condition that a membership's unit has not been dissolved by ``day``."""
    return Q(unit__ended_on__isnull=True) | Q(unit__ended_on__gt=day)


def has_left(membership: Membership) -> bool:
    """Return whether the unit's last day in the bloc has passed, or it has been dissolved."""
    today, gone = clock.today(), membership.unit.ended_on
    left = membership.ends_on is not None and membership.ends_on < today
    return left or (gone is not None and gone <= today)


def all_members(bloc_year: BlocYear) -> QuerySet[Membership]:
    """Return every membership of the year, those that ended too, in Vietnamese order."""
    return (
        Membership.objects.filter(bloc_year=bloc_year)
        .select_related("unit")
        .order_by("sorting", "pk")
    )


def members_on(bloc_year: BlocYear, day: dt.date) -> QuerySet[Membership]:
    """Return the memberships that hold on ``day``, of units not dissolved, in Vietnamese order."""
    return all_members(bloc_year).filter(belongs_on(day), stands_on(day))


def members_not_ended(bloc_year: BlocYear) -> QuerySet[Membership]:
    """Return the memberships whose last day has not passed, of units not dissolved."""
    today = clock.today()
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return all_members(bloc_year).filter(running, stands_on(today))


def count_mismatch(bloc_year: BlocYear, listed: int) -> str:
    """Return the warning that the declared number of members differs from the list, or "".

    The difference is shown, never repaired: papers and lists of real blocs disagree.
    """
    declared = bloc_year.declared_count
    if declared is None or declared == listed:
        return ""
    return (
        f"Văn bản ghi {declared} đơn vị, danh sách có {listed} đơn vị. "
        "Đề nghị đối chiếu với quyết định phân chia khối."
    )


def people_of(unit_ids: Iterable[int]) -> dict[int, list[Post]]:
    """Return the posts held today in each unit, leaders first: one query."""
    posts = (
        Post.objects.filter(held_on(clock.today()), unit_id__in=list(unit_ids))
        .select_related("user")
        .order_by("role", "user__sorting", "pk")
    )
    found: dict[int, list[Post]] = {}
    for post in posts:
        found.setdefault(post.unit_id or 0, []).append(post)
    return found
