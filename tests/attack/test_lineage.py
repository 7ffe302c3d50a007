"""A part given off by a unit never comes to read that unit, whatever becomes of it later."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.enums import PostRole, YearStatus
from blocs.selectors.standing import standing_in
from blocs.selectors.units import units_visible_to
from blocs.selectors.years import bloc_years_visible_to
from blocs.services.structure.endings import dissolve_unit
from blocs.services.structure.mergers import Merger, NewUnit, merge_units
from blocs.services.structure.records import Ground
from blocs.services.structure.splits import Split, split_unit
from emulation import clock
from emulation.models import User
from scoring.selectors.predecessors import predecessor_ids
from tests.factories import World, make_person, make_world

pytestmark = pytest.mark.django_db


def ground(*, days_ago: int = 0) -> Ground:
    return Ground(clock.today() - dt.timedelta(days=days_ago), "Sắp xếp tổ chức bộ máy")


@pytest.fixture
def world() -> World:
    return make_world(4, status=YearStatus.RUNNING, year=clock.today().year)


@pytest.fixture
def part(world: World) -> User:
    """The leader of a centre that the third unit gave off, in no bloc."""
    split = Split(world.units[2], ground(days_ago=5), [NewUnit("Trung tâm A")], continues=True)
    (made,) = split_unit(actor=world.board_officer, split=split)
    return make_person(made, PostRole.LEADER)


def sees(person: User, world: World) -> tuple[bool, bool, bool, bool]:
    """Whether the unit's page, the year, its inside, its evidence are open to the person."""
    whole, own = world.units[2], person.posts.get().unit_id
    return (
        units_visible_to(person).filter(pk=whole.pk).exists(),
        bloc_years_visible_to(person).filter(pk=world.bloc_year.pk).exists(),
        standing_in(person, world.bloc_year).sees_inside,
        whole.pk in predecessor_ids(own),
    )


def test_not_while_the_unit_goes_on(world: World, part: User) -> None:
    assert sees(part, world) == (False, False, False, False)


def test_nor_after_it_was_dissolved(world: World, part: User) -> None:
    dissolve_unit(actor=world.board_officer, unit=world.units[2], ground=ground())
    assert sees(part, world) == (False, False, False, False)


def test_nor_after_it_merged_into_another(world: World, part: User) -> None:
    merger = Merger([world.units[2], world.units[3]], ground(), new=NewUnit("Sở Hợp nhất"))
    after = merge_units(actor=world.board_officer, merger=merger)
    assert sees(part, world) == (False, False, False, False)
    heir = make_person(after)
    assert sees(heir, world) == (True, True, True, True)


def test_a_part_that_came_back_is_read_by_the_whole(world: World, part: User) -> None:
    """Split, then merged back: a ring of successions that is walked once."""
    own = part.posts.get().unit
    merger = Merger([own, world.units[2]], ground(), into=world.units[2])
    merge_units(actor=world.board_officer, merger=merger)
    assert predecessor_ids(world.units[2].pk) == {own.pk}
    assert predecessor_ids(own.pk) == frozenset()
    assert units_visible_to(world.leaders[2]).filter(pk=own.pk).exists()
