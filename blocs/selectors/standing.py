"""Posts held today, and a person's standing in a bloc-year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from blocs.enums import PostRole, TermKind, YearStatus
from blocs.models import (
    BlocYear,
    Board,
    HeadTerm,
    Membership,
    Post,
    SecretariatMember,
    Succession,
)
from blocs.standing import Heads, Standing, heads_from
from emulation import clock
from emulation.models import User


def held_on(day: dt.date) -> Q:
    """Return the condition that a post is held on ``day`` and its access was not closed since."""
    last = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return Q(starts_on__lte=day, closed_at__isnull=True) & last


_KNOWN_POSTS = "posts_read_for_this_request"


def known_posts(user: User) -> list[Post]:
    """Return today's posts as ``standing_in`` has just read them for this user, else read them.

    For the page's frame only, which names the person's places: permissions always read anew.
    """
    known: list[Post] | None = getattr(user, _KNOWN_POSTS, None)
    return list(posts_today(user)) if known is None else known


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


def in_rank(terms: Iterable[HeadTerm]) -> list[HeadTerm]:
    """Return terms as a page lists them: newest year, then head, deputies in order, stand-in."""
    rank = list(TermKind)
    return sorted(terms, key=lambda t: (-t.year, rank.index(TermKind(t.kind)), t.position, t.pk))


def heads_of(bloc_year: BlocYear) -> Heads:
    """Return which units lead the bloc this year: one query."""
    return heads_by_year([bloc_year])[bloc_year.pk]


def heads_by_year(bloc_years: Sequence[BlocYear]) -> dict[int, Heads]:
    """Return which units lead each bloc-year, by its key: one query for all."""
    terms = HeadTerm.objects.filter(
        bloc_id__in={each.bloc_id for each in bloc_years},
        year__in={each.year for each in bloc_years},
    )
    found: dict[tuple[int, int], list[HeadTerm]] = {}
    for term in terms.select_related("unit").order_by("kind", "position", "pk"):
        found.setdefault((term.bloc_id, term.year), []).append(term)
    today = clock.today()
    return {
        each.pk: heads_from(found.get((each.bloc_id, each.year), []), today) for each in bloc_years
    }


GENERATIONS = 3


def succeeded_by(unit: Any) -> Q:
    """Return the condition that a membership's unit has ended and ``unit`` came after it.

    After up to three changes, each unit between them ended too, and by that change: whoever gives
    off a part and goes on is never read by that part, whatever becomes of it later. ``unit`` is a
    key, or a subquery of keys. For one ``filter`` call.
    """
    today = clock.today()
    found, ended, path = Q(), Q(), "unit"
    for _ in range(GENERATIONS):
        change = F(f"{path}__successions__change__effective_on")
        ended &= Q(**{f"{path}__ended_on__lte": today, f"{path}__ended_on": change})
        path += "__successions__successor"
        last = f"{path}__in" if isinstance(unit, QuerySet) else path
        found |= ended & Q(**{last: unit})
    return found


def inheritances() -> QuerySet[Succession]:
    """Return who came after whom where the unit before ended by that very change.

    Such a unit left everything to the one after it; a part given off earlier inherits nothing.
    """
    return Succession.objects.filter(
        predecessor__ended_on__lte=clock.today(),
        predecessor__ended_on=F("change__effective_on"),
    ).order_by("pk")


def standing_in(user: User, bloc_year: BlocYear) -> Standing:
    """Return what ``user`` is in ``bloc_year``: two queries."""
    posts = list(
        posts_today(user).annotate(
            in_bloc=Exists(
                Membership.objects.filter(bloc_year=bloc_year, unit=OuterRef("unit_id"))
            ),
            over=Exists(
                Board.objects.filter(pk=bloc_year.board_id).filter(
                    Q(pk=OuterRef("board_id")) | Q(heir_id=OuterRef("board_id"))
                )
            ),
            inherits=Exists(
                Membership.objects.filter(succeeded_by(OuterRef("unit_id")), bloc_year=bloc_year)
            ),
            named=Exists(
                SecretariatMember.objects.filter(
                    bloc_year=bloc_year, user=user, ended_at__isnull=True
                )
            ),
        )
    )
    setattr(user, _KNOWN_POSTS, posts)
    terms = HeadTerm.objects.filter(
        Q(year=bloc_year.year) | Q(year__gt=bloc_year.year, kind=TermKind.HEAD),
        bloc_id=bloc_year.bloc_id,
    )
    ordered = terms.select_related("unit").order_by("kind", "position", "pk")
    return _assemble(user, bloc_year, posts, list(ordered))


def _assemble(
    user: User, bloc_year: BlocYear, posts: Sequence[Post], terms: Sequence[HeadTerm]
) -> Standing:
    leads, serves = (_units(posts, role) for role in (PostRole.LEADER, PostRole.OFFICER))
    own_terms = [t for t in terms if t.ended_on is None and t.unit_id in leads | serves]
    heads = heads_from([t for t in terms if t.year == bloc_year.year], clock.today())
    board = next((p.board for p in posts if p.board and getattr(p, "over", False)), None)
    members = [post for post in posts if getattr(post, "in_bloc", False)]
    acts = bloc_year.status != YearStatus.CLOSED
    return Standing(
        user_id=user.pk,
        person=user.full_name,
        is_board=board is not None,
        board_name=board.name if board else "",
        board_office=board.office_name if board else "",
        leads=leads,
        serves=serves,
        own_members=frozenset(post.unit_id for post in members if post.unit_id),
        head=heads.head,
        deputies=heads.deputies,
        named_stand_in=heads.named_stand_in,
        inherits=any(getattr(post, "inherits", False) for post in posts),
        is_named_secretary=acts and any(getattr(post, "named", False) for post in members),
        is_of_next_head=any(term.year == bloc_year.year + 1 for term in own_terms),
        is_of_later_head=any(term.year > bloc_year.year for term in own_terms),
        has_term=any(term.year == bloc_year.year for term in own_terms),
        head_is_acting=heads.is_acting,
        appraised_by=bloc_year.appraised_by,
        unit_names=tuple((post.unit.pk, post.unit.name) for post in posts if post.unit),
    )


def _units(posts: Sequence[Post], role: PostRole) -> frozenset[int]:
    return frozenset(post.unit_id for post in posts if post.role == role and post.unit_id)
