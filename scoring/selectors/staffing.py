"""Who acts on a year's sheets today: the head's people, its stand-in's, whoever else appraises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from blocs.enums import AppraisalRounds, AppraisedBy, PostRole
from blocs.models import Post, SecretariatMember
from blocs.selectors.standing import held_on
from blocs.standing import Standing, appraiser_of, overseer_of, second_readers_of
from emulation import clock
from scoring.models import CrossCheck
from scoring.selectors.departments import NOBODY, DepartmentPeople, departments_by_year


@dataclass(frozen=True, slots=True)
class Oversight:
    """Who acts on one sheet: ids of the approving unit and of the people today.

    By the year's setting officers of a unit appraise, or the sheet's cross-checkers; where
    departments do, here stand those who judge the other lines and finish. Leaders of the head or
    of its stand-in approve. Without an officer a leader appraises; where the unit has
    one person only and nobody else appraises, that person does both (``is_alone``).
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
    named to the secretariat; ``checkers`` map a unit to those assigned to check its sheet, and
    ``departments`` are those named for departments, each where they appraise.
    """

    leaders: Mapping[int, frozenset[int]]
    officers: Mapping[int, frozenset[int]]
    named: frozenset[int]
    checkers: Mapping[int, frozenset[int]]
    departments: DepartmentPeople = field(default_factory=DepartmentPeople)

    def oversight(self, standing: Standing, unit_id: int) -> Oversight:
        """Return who acts on the sheet of ``unit_id``: nobody who has a post in that unit."""
        overseer = overseer_of(standing, unit_id)
        if overseer is None:
            return Oversight(None)
        own = self._people_of(unit_id)
        everyone = self._people_of(overseer) - own
        is_alone = len(everyone) == 1
        appraisers = self._appraisers(standing, unit_id) - own
        return Oversight(
            overseer,
            appraisers=appraisers,
            approvers=everyone if is_alone else self.leaders.get(overseer, NOBODY) - own,
            is_alone=is_alone and appraisers == everyone,
        )

    def second_readers(self, standing: Standing, unit_id: int) -> frozenset[int]:
        """Return who may make the second round on the sheet of ``unit_id``; known where a year has
        two. Whoever finished the first is among them.
        """
        overseer = overseer_of(standing, unit_id)
        if overseer is None:
            return NOBODY
        found = self.officers.get(overseer, NOBODY)
        if overseer == standing.head:
            found |= self.named
        for deputy in second_readers_of(standing, unit_id):
            found |= self._people_of(deputy)
        return found - self._people_of(unit_id)

    def _appraisers(self, standing: Standing, unit_id: int) -> frozenset[int]:
        if standing.appraised_by == AppraisedBy.CROSS_CHECK:
            return self.checkers.get(unit_id, NOBODY)
        unit = appraiser_of(standing, unit_id, standing.appraised_by) or 0
        own = self._people_of(unit_id)
        named = self.named if unit == standing.head else NOBODY
        officers = (self.officers.get(unit, NOBODY) | named) - own
        return officers or self.leaders.get(unit, NOBODY)

    def _people_of(self, unit_id: int) -> frozenset[int]:
        return self.leaders.get(unit_id, NOBODY) | self.officers.get(unit_id, NOBODY)


def staffing_of(standing: Standing, bloc_year_id: int) -> Staffing:
    """Return the people of the units that act, the named secretaries, and those assigned to
    sheets or named for departments where they appraise: one query, two, or three.
    """
    checks = _checks_of(standing, bloc_year_id)
    rows = list(_posts_of(standing, bloc_year_id, frozenset(user for _, user in checks)))
    return Staffing(
        leaders=_grouped((unit, user) for role, unit, user, _ in rows if role == PostRole.LEADER),
        officers=_grouped((unit, user) for role, unit, user, _ in rows if role == PostRole.OFFICER),
        named=frozenset(user for _, _, user, is_named in rows if is_named),
        checkers=_grouped(checks),
        departments=_departments_of(standing, bloc_year_id),
    )


def _departments_of(standing: Standing, bloc_year_id: int) -> DepartmentPeople:
    if standing.appraised_by != AppraisedBy.DEPARTMENTS:
        return DepartmentPeople()
    return departments_by_year([bloc_year_id])[bloc_year_id]


def _checks_of(standing: Standing, bloc_year_id: int) -> list[tuple[int, int]]:
    """Return whose sheet is checked by whom, of those who still serve a member of the year."""
    if standing.appraised_by != AppraisedBy.CROSS_CHECK:
        return []
    serving = Post.objects.filter(
        held_on(clock.today()),
        user_id=OuterRef("checker_id"),
        unit__memberships__bloc_year_id=bloc_year_id,
    )
    checks = CrossCheck.objects.filter(
        Exists(serving),
        sheet__bloc_year_id=bloc_year_id,
        ended_at__isnull=True,
        checker__is_active=True,
    )
    rows = checks.order_by("pk").values_list("sheet__membership__unit_id", "checker_id")
    return list(rows)


def _posts_of(
    standing: Standing, bloc_year_id: int, besides: frozenset[int]
) -> QuerySet[Post, tuple[str, int | None, int, bool]]:
    """Return every post in a unit held today by people of the acting units, named ones, or these.

    The last value says whether the head named the person to the secretariat.
    """
    acting_units = {standing.head, standing.stand_in}
    twice = standing.appraisal_rounds == AppraisalRounds.TWO
    if standing.appraised_by == AppraisedBy.DEPUTY or twice:
        acting_units.update(standing.deputies)
    units = [unit for unit in acting_units if unit is not None]
    named = SecretariatMember.objects.filter(
        bloc_year_id=bloc_year_id, user_id=OuterRef("user_id"), ended_at__isnull=True
    )
    today = Post.objects.filter(held_on(clock.today()), unit__isnull=False, user__is_active=True)
    acting = today.filter(unit_id__in=units).order_by().values("user_id")
    return (
        today.annotate(is_named=Exists(named))
        .filter(Q(user_id__in=acting) | Q(user_id__in=besides) | Q(is_named=True))
        .order_by("pk")
        .values_list("role", "unit_id", "user_id", "is_named")
    )


def _grouped(pairs: Iterable[tuple[int | None, int]]) -> dict[int, frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for key, value in pairs:
        if key is not None:
            groups.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in groups.items()}
