"""Posts held today, and a person's standing in a bloc-year."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from blocs.enums import PostRole, TermKind, YearStatus
from blocs.models import BlocYear, HeadTerm, Membership, Post, SecretariatMember
from blocs.standing import Standing
from emulation import clock
from emulation.models import User


def held_on(day: dt.date) -> Q:
    """Return the condition that a post (or any dated row) holds on ``day``."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def posts_today(user: User) -> QuerySet[Post]:
    """Return the posts the person holds today, with unit and board."""
    return (
        Post.objects.filter(held_on(clock.today()), user=user)
        .select_related("unit", "board")
        .order_by("pk")
    )


def terms_of(bloc_id: int, year: int) -> QuerySet[HeadTerm]:
    """Return the running terms of a bloc's year: head, deputies in order, stand-in."""
    return (
        HeadTerm.objects.filter(bloc_id=bloc_id, year=year, ended_on__isnull=True)
        .select_related("unit")
        .order_by("kind", "position", "pk")
    )


def standing_in(user: User, bloc_year: BlocYear) -> Standing:
    """Return what ``user`` is in ``bloc_year``: two queries."""
    posts = list(
        posts_today(user).annotate(
            in_bloc=Exists(
                Membership.objects.filter(bloc_year=bloc_year, unit=OuterRef("unit_id"))
            ),
            named=Exists(
                SecretariatMember.objects.filter(
                    bloc_year=bloc_year, user=user, ended_at__isnull=True
                )
            ),
        )
    )
    terms = list(
        HeadTerm.objects.filter(
            bloc_id=bloc_year.bloc_id,
            year__in=[bloc_year.year, bloc_year.year + 1],
            ended_on__isnull=True,
        ).order_by("kind", "position", "pk")
    )
    return _assemble(user, bloc_year, posts, terms)


def _assemble(
    user: User, bloc_year: BlocYear, posts: list[Post], terms: list[HeadTerm]
) -> Standing:
    now = [term for term in terms if term.year == bloc_year.year]
    following = {
        term.unit_id
        for term in terms
        if term.year == bloc_year.year + 1 and term.kind == TermKind.HEAD
    }
    by_role = {
        role: frozenset(post.unit_id for post in posts if post.role == role and post.unit_id)
        for role in (PostRole.LEADER, PostRole.OFFICER)
    }
    units = by_role[PostRole.LEADER] | by_role[PostRole.OFFICER]
    acts = bloc_year.status != YearStatus.CLOSED
    return Standing(
        user_id=user.pk,
        person=user.full_name,
        is_board=any(post.board_id == bloc_year.board_id for post in posts if post.board_id),
        board_name=next((post.board.name for post in posts if post.board), ""),
        leads=by_role[PostRole.LEADER],
        serves=by_role[PostRole.OFFICER],
        own_members=frozenset(
            post.unit_id for post in posts if post.unit_id and getattr(post, "in_bloc", False)
        ),
        head=next((term.unit_id for term in now if term.kind == TermKind.HEAD), None),
        deputies=tuple(term.unit_id for term in now if term.kind == TermKind.DEPUTY),
        named_stand_in=next((t.unit_id for t in now if t.kind == TermKind.STAND_IN), None),
        is_named_secretary=acts and any(getattr(post, "named", False) for post in posts),
        is_of_next_head=bool(units & following),
        unit_names=tuple((post.unit.pk, post.unit.name) for post in posts if post.unit),
    )
