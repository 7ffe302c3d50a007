"""Who works today for the units that act on a year's sheets: the head and its stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from blocs.enums import PostRole
from blocs.models import Post, SecretariatMember
from blocs.selectors.standing import held_on
from blocs.standing import Standing, overseer_of
from emulation import clock

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Oversight:
    """Who acts on one sheet: ids of the acting unit and of its people today.

    Officers appraise and leaders approve. Without an officer a leader appraises; where the unit
    has one person only, that person does both (``is_alone``).
    """

    unit_id: int | None
    appraisers: frozenset[int] = NOBODY
    approvers: frozenset[int] = NOBODY
    is_alone: bool = False

    @property
    def people(self) -> frozenset[int]:
        """Everyone who acts on the sheet."""
        return self.appraisers | self.approvers


@dataclass(frozen=True, slots=True)
class Staffing:
    """Everyone who may act on a year's sheets, with the units where each has a post today.

    ``leaders`` and ``officers`` map a unit to people; ``named`` are the officers whom the head
    named to the secretariat.
    """

    leaders: Mapping[int, frozenset[int]]
    officers: Mapping[int, frozenset[int]]
    named: frozenset[int]

    def oversight(self, standing: Standing, unit_id: int) -> Oversight:
        """Return who acts on the sheet of ``unit_id``: nobody who has a post in that unit."""
        overseer = overseer_of(standing, unit_id)
        if overseer is None:
            return Oversight(None)
        own = self._people_of(unit_id)
        leaders = self.leaders.get(overseer, NOBODY) - own
        officers = self.officers.get(overseer, NOBODY) - own
        everyone = leaders | officers
        is_alone = len(everyone) == 1
        named = self.named - own if overseer == standing.head else NOBODY
        return Oversight(
            overseer,
            appraisers=(officers | named) or leaders,
            approvers=everyone if is_alone else leaders,
            is_alone=is_alone and not named - everyone,
        )

    def _people_of(self, unit_id: int) -> frozenset[int]:
        return self.leaders.get(unit_id, NOBODY) | self.officers.get(unit_id, NOBODY)


def staffing_of(standing: Standing, bloc_year_id: int) -> Staffing:
    """Return the people of the year's head and stand-in and its named secretaries: two queries."""
    named = frozenset(
        SecretariatMember.objects.filter(
            bloc_year_id=bloc_year_id, ended_at__isnull=True, user__is_active=True
        )
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
    rows = list(_posts_of(standing, named))
    with_post = frozenset(user for _, _, user in rows)
    return Staffing(
        leaders=_grouped((unit, user) for role, unit, user in rows if role == PostRole.LEADER),
        officers=_grouped((unit, user) for role, unit, user in rows if role == PostRole.OFFICER),
        named=named & with_post,
    )


def _posts_of(
    standing: Standing, named: frozenset[int]
) -> QuerySet[Post, tuple[str, int | None, int]]:
    """Return every post in a unit held today by people of the acting units or named ones."""
    units = [unit for unit in (standing.head, standing.stand_in) if unit is not None]
    today = Post.objects.filter(held_on(clock.today()), unit__isnull=False, user__is_active=True)
    acting = today.filter(unit_id__in=units).order_by().values("user_id")
    return (
        today.filter(Q(user_id__in=acting) | Q(user_id__in=named))
        .order_by("pk")
        .values_list("role", "unit_id", "user_id")
    )


def _grouped(pairs: Iterable[tuple[int | None, int]]) -> dict[int, frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for key, value in pairs:
        if key is not None:
            groups.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in groups.items()}
