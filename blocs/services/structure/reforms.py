"""Units that end, with or without others after them: one shape for merger, split, dissolution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from blocs.models import BlocYear, Membership, Unit
from blocs.selectors.structure import open_memberships
from blocs.services.structure.heads import HeadChanges, hand_to, terms_ending
from blocs.services.structure.memberships import (
    Joining,
    MemberChanges,
    endings_of,
    joinings_of,
)
from blocs.services.structure.people import PeopleChanges, end_namings, move_posts, posts_ending
from blocs.services.structure.records import Ground, end_unit
from emulation.models import User
from emulation.plans import Effect, Plan

UNITS = "Đơn vị"
# The key of a unit that is only planned: no stored unit has it.
PLANNED = -1


@dataclass
class Reform:
    """What becomes of units that end on a day, and of those that come after them."""

    title: str
    ground: Ground
    ending: Sequence[Unit]
    first: tuple[Effect, ...] = ()
    obstacles: tuple[str, ...] = ()
    members: MemberChanges = field(default_factory=MemberChanges)
    heads: HeadChanges | None = None
    people: PeopleChanges | None = None

    def plan(self) -> Plan:
        """Return the plan a person reads."""
        effects = [*self.first, *self.members.effects()]
        if self.heads:
            effects += self.heads.effects()
        if self.people:
            effects += self.people.effects()
        effects += self.members.consequences()
        obstacles = (*self.obstacles, *self.members.obstacles)
        return Plan(self.title, tuple(effects), obstacles)

    def carry_out(self, actor: User, found: Callable[[], dict[int, Unit]]) -> dict[int, Unit]:
        """Write all of it in order; ``found`` returns the units after by their planned key."""
        note = self.ground.note(self.title)
        moving = self.people.moving() if self.people else []
        if self.heads:
            self.heads.end(note, actor)
        self.members.end(note, actor)
        for unit in self.ending:
            end_unit(unit, self.ground, actor)
        units = found()
        self.members.join(units, note, actor)
        if self.heads:
            self.heads.hand_on(units, note, actor)
        if self.people:
            self.people.end(actor)
            if self.people.heir:
                move_posts(moving, units[self.people.heir.pk], actor)
        return units


@dataclass(frozen=True, slots=True)
class Inheriting:
    """What the board decides on the units after: their blocs, roles and people.

    Each of them joins ``bloc_years``; ``heir`` takes over roles in the blocs (``keeps_roles``)
    and people (``moves_people``).
    """

    units: Sequence[Unit] = ()
    bloc_years: Sequence[BlocYear] = ()
    heir: Unit | None = None
    keeps_roles: bool = False
    moves_people: bool = False


def reform_of(
    title: str,
    ground: Ground,
    ending: Sequence[Unit],
    after: Inheriting,
    *,
    first: tuple[Effect, ...] = (),
    obstacles: tuple[str, ...] = (),
) -> Reform:
    """Return all that follows from ``ending`` units on the day, with what comes after them."""
    reform = Reform(title, ground, ending, first, obstacles)
    reform.members = MemberChanges(endings_of(ending, ground), joinings_after(after, ground))
    reform.heads = terms_ending(ending, ground)
    reform.people = posts_ending(ending, ground)
    if after.heir:
        member_of = _years_of(after.heir, reform.members.joinings)
        if after.keeps_roles:
            hand_to(reform.heads, after.heir, member_of)
        if after.moves_people:
            reform.people.heir = after.heir
        end_namings(reform.people, member_of)
    else:
        end_namings(reform.people, ())
    return reform


def joinings_after(after: Inheriting, ground: Ground) -> list[Joining]:
    """Return what begins; a unit that is on a list of that year already stays where it is."""
    found = []
    for unit in after.units:
        there = {row.year for row in _memberships_of(unit)}
        years = [each for each in after.bloc_years if each.year not in there]
        found += joinings_of([unit], years, ground)
    return found


def _memberships_of(unit: Unit) -> list[Membership]:
    return open_memberships([unit]) if unit.pk != PLANNED and unit.pk > 0 else []


def _years_of(unit: Unit, joinings: Sequence[Joining]) -> list[BlocYear]:
    running = [row.bloc_year for row in _memberships_of(unit) if row.ends_on is None]
    return [*running, *(each.bloc_year for each in joinings if each.unit.pk == unit.pk)]
