"""Cross-checks: the door for whoever assigns them, and who can be assigned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from blocs.enums import PostRole, YearStatus
from blocs.models import BlocYear, Post
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import held_on, standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.models import User
from scoring.models import CrossCheck, ScoreSheet
from scoring.rules.dealing import Check, Checker
from scoring.selectors.sheets import concerns


def get_sheet_to_check(user: User, sheet_id: int) -> tuple[ScoreSheet, Standing]:
    """Return a sheet for its cross-check page; Http404 unless it concerns the person.

    Besides those of ``get_sheet_for_user`` it concerns deputies, who lead the cross-check.
    """
    sheet = (
        ScoreSheet.objects.select_related(
            "bloc_year__bloc", "bloc_year__board", "membership__unit", "rubric"
        )
        .filter(pk=sheet_id)
        .first()
    )
    if sheet is None:
        raise Http404
    standing = standing_in(user, sheet.bloc_year)
    if not (standing.is_of_deputy or standing.is_secretary or concerns(standing, sheet)):
        raise Http404
    return sheet, standing


def possible_checkers(sheet: ScoreSheet) -> QuerySet[User]:
    """Return the officers of the year's other members today, nobody of the sheet's own unit."""
    today = clock.today()
    members = members_not_ended(sheet.bloc_year).order_by()
    posts = Post.objects.filter(held_on(today), user=OuterRef("pk")).order_by()
    officers = posts.filter(role=PostRole.OFFICER, unit_id__in=members.values("unit_id"))
    own = posts.filter(unit_id=sheet.membership.unit_id)
    return (
        User.objects.filter(Exists(officers), ~Exists(own), is_active=True)
        .prefetch_related("posts__unit")
        .order_by("sorting", "pk")
    )


def checkers_among(people: Collection[int]) -> frozenset[int]:
    """Return which of these people check a sheet of a year not closed: one query."""
    rows = CrossCheck.objects.filter(checker__in=people, ended_at__isnull=True)
    running = rows.exclude(sheet__bloc_year__status=YearStatus.CLOSED).order_by("pk")
    return frozenset(running.values_list("checker_id", flat=True))


# ---------------------------------------------------------------- all of a year


@dataclass(frozen=True, slots=True)
class Pool:
    """Who can check whose sheet in a year, and who does.

    ``checkers`` are officers of members today; ``barred`` are (unit of the sheet, person) that may
    not meet: a post there, or an assignment taken back. ``running`` are the assignments by sheet.
    """

    checkers: tuple[Checker, ...]
    barred: frozenset[tuple[int, int]]
    given: tuple[Check, ...]
    running: Mapping[int, Sequence[CrossCheck]]
    people: Mapping[int, str]
    units: Mapping[int, str]

    @property
    def senders(self) -> list[int]:
        """The units that can send somebody, each once."""
        return list(dict.fromkeys(each.unit for each in self.checkers))


def pool_of(bloc_year: BlocYear) -> Pool:
    """Return who can check and who does: two queries, however many there are."""
    checks = list(
        CrossCheck.objects.filter(sheet__bloc_year=bloc_year)
        .select_related("checker", "sheet__membership")
        .order_by("assigned_at", "pk")
    )
    posts = list(_member_posts(bloc_year, {each.checker_id for each in checks}))
    sent_by: dict[int, int] = {}
    for post in sorted(posts, key=lambda each: each.role != PostRole.OFFICER):
        sent_by.setdefault(post.user_id, post.unit_id or 0)
    officers = dict.fromkeys(each.user_id for each in posts if each.role == PostRole.OFFICER)
    running: dict[int, list[CrossCheck]] = {}
    for check in (each for each in checks if each.ended_at is None):
        running.setdefault(check.sheet_id, []).append(check)
    return Pool(
        checkers=tuple(Checker(user, sent_by[user]) for user in officers),
        barred=frozenset(
            {(post.unit_id or 0, post.user_id) for post in posts}
            | {(each.sheet.membership.unit_id, each.checker_id) for each in checks}
        ),
        given=tuple(
            Check(check.sheet.membership.unit_id, check.checker_id, sent_by[check.checker_id])
            for sheet_checks in running.values()
            for check in sheet_checks
            if check.checker_id in sent_by
        ),
        running=running,
        people={post.user_id: post.user.full_name for post in posts},
        units={post.unit_id or 0: post.unit.name if post.unit else "" for post in posts},
    )


def _member_posts(bloc_year: BlocYear, checkers: Collection[int]) -> QuerySet[Post]:
    """Return the posts held today in members: of their officers, and of those who check."""
    members = members_not_ended(bloc_year).order_by().values("unit_id")
    today = Post.objects.filter(held_on(clock.today()), unit_id__in=members, user__is_active=True)
    officers = today.filter(role=PostRole.OFFICER).order_by().values("user_id")
    wanted = Q(user_id__in=officers) | Q(user_id__in=checkers)
    return (
        today.filter(wanted)
        .select_related("user", "unit")
        .order_by("user__sorting", "user_id", "pk")
    )
