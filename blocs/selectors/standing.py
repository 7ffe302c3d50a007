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
    Unit,
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
    """Return what ``user`` is in ``bloc_year``: two queries, for heirs of a unit three."""
    posts = list(posts_today(user).annotate(came_after=_came_after(), **_facts(user, bloc_year)))
    setattr(user, _KNOWN_POSTS, posts)
    terms = list(_terms_around([bloc_year]))
    inherits = bool(_inherited(posts, [bloc_year]))
    return _assemble(user, bloc_year, posts, terms, inherits=inherits)


def standings_in(user: User, bloc_years: Sequence[BlocYear]) -> dict[int, Standing]:
    """Return what ``user`` is in each of several bloc-years, by their ids: no more queries."""
    if not bloc_years:
        return {}
    facts: dict[str, Exists] = {}
    for year in bloc_years:
        facts |= {f"{name}_{year.pk}": fact for name, fact in _facts(user, year).items()}
    posts = list(posts_today(user).annotate(came_after=_came_after(), **facts))
    terms = list(_terms_around(bloc_years))
    inherited = _inherited(posts, bloc_years)
    standings = {}
    for year in bloc_years:
        for post in posts:
            vars(post).update({name: getattr(post, f"{name}_{year.pk}") for name in _FACTS})
        later = [t for t in terms if t.bloc_id == year.bloc_id and _is_around(t, year)]
        standings[year.pk] = _assemble(user, year, posts, later, inherits=year.pk in inherited)
    return standings


def _came_after() -> Exists:
    """Return whether a post's unit came after another at all: most did not."""
    return Exists(Succession.objects.filter(successor=OuterRef("unit_id")))


def _inherited(posts: Iterable[Post], bloc_years: Iterable[BlocYear]) -> set[int]:
    """Return the years in which one of the units came after a member that has ended."""
    heirs = [post.unit_id for post in posts if vars(post)["came_after"]]
    if not heirs:
        return set()
    units = Unit.objects.filter(pk__in=[key for key in heirs if key]).values("pk")
    left = Membership.objects.filter(succeeded_by(units), bloc_year__in=bloc_years)
    return set(left.order_by().values_list("bloc_year_id", flat=True))


_FACTS = ("in_bloc", "over", "named")


def _facts(user: User, bloc_year: BlocYear) -> dict[str, Exists]:
    """Return what is asked of each post of the person for a year."""
    boards = Board.objects.filter(pk=bloc_year.board_id).filter(
        Q(pk=OuterRef("board_id")) | Q(heir_id=OuterRef("board_id"))
    )
    named = SecretariatMember.objects.filter(bloc_year=bloc_year, user=user, ended_at__isnull=True)
    members = Membership.objects.filter(bloc_year=bloc_year, unit=OuterRef("unit_id"))
    return dict(zip(_FACTS, map(Exists, (members, boards, named)), strict=True))


def _terms_around(bloc_years: Sequence[BlocYear]) -> QuerySet[HeadTerm]:
    """Return the terms of the years, and of the heads after them."""
    wanted = Q()
    for each in bloc_years:
        of_year = Q(year=each.year) | Q(year__gt=each.year, kind=TermKind.HEAD)
        wanted |= of_year & Q(bloc_id=each.bloc_id)
    terms = HeadTerm.objects.filter(wanted).select_related("unit")
    return terms.order_by("kind", "position", "pk")


def _is_around(term: HeadTerm, bloc_year: BlocYear) -> bool:
    return term.year == bloc_year.year or (
        term.year > bloc_year.year and term.kind == TermKind.HEAD
    )


def _assemble(
    user: User,
    bloc_year: BlocYear,
    posts: Sequence[Post],
    terms: Sequence[HeadTerm],
    *,
    inherits: bool,
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
        inherits=inherits,
        is_named_secretary=acts and any(getattr(post, "named", False) for post in members),
        is_of_next_head=any(term.year == bloc_year.year + 1 for term in own_terms),
        is_of_later_head=any(term.year > bloc_year.year for term in own_terms),
        has_term=any(term.year == bloc_year.year for term in own_terms),
        head_is_acting=heads.is_acting,
        appraised_by=bloc_year.appraised_by,
        appraisal_rounds=bloc_year.appraisal_rounds,
        unit_names=tuple((post.unit.pk, post.unit.name) for post in posts if post.unit),
    )


def _units(posts: Sequence[Post], role: PostRole) -> frozenset[int]:
    return frozenset(post.unit_id for post in posts if post.role == role and post.unit_id)
