"""A unit is split or dissolved: what ends, what begins, who leads then."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import ChangeKind, TermKind, UnitKind, YearStatus
from blocs.models import HeadTerm, Membership, Post, StructureChange, Succession, Unit
from blocs.selectors.standing import heads_of
from blocs.services.structure.endings import dissolve_unit, plan_dissolution
from blocs.services.structure.mergers import NewUnit
from blocs.services.structure.splits import Split, plan_split, split_unit
from emulation.access import Conflict, Refused
from emulation.plans import PlanMoved
from tests.blocs.test_structure_mergers import BEFORE, DAY, a_world, broken, ground, texts
from tests.factories import BoardFactory, make_board_officer, make_post

pytestmark = pytest.mark.django_db


def split(world, place: int, *names: str, **values) -> Split:
    values.setdefault("bloc_years", [world.bloc_year])
    news = [NewUnit(name, UnitKind.PUBLIC_SERVICE) for name in names]
    return Split(world.units[place], ground(), news, **values)


# ---------------------------------------------------------------- split


def test_a_unit_becomes_two():
    world = a_world()
    first, second = split_unit(actor=world.board_officer, split=split(world, 2, "Sở A", "Sở B"))
    assert (first.name, second.name, first.kind) == ("Sở A", "Sở B", UnitKind.PUBLIC_SERVICE)
    assert Unit.objects.get(pk=world.units[2].pk).ended_on == DAY
    for unit in (first, second):
        row = Membership.objects.get(unit=unit)
        assert (row.starts_on, row.is_ranking) == (DAY, True)
        assert Succession.objects.get(successor=unit).predecessor == world.units[2]
    assert not Post.objects.filter(unit__in=[first, second]).exists()
    assert StructureChange.objects.get().kind == ChangeKind.UNIT_SPLIT
    assert broken() == []


def test_one_of_them_takes_over_roles_and_people():
    world = a_world()
    deed = split(world, 0, "Sở A", "Sở B", heir=1, keeps_roles=True, moves_people=True)
    assert "Sở B giữ tiếp vai trò Trưởng khối" in texts(plan_split(deed))
    first, second = split_unit(actor=world.board_officer, split=deed)
    assert heads_of(world.bloc_year).head == second.pk
    assert set(Post.objects.filter(unit=second).values_list("user", flat=True)) == {
        world.leaders[0].pk,
        world.officers[0].pk,
    }
    assert not Post.objects.filter(unit=first).exists()
    assert broken() == []


def test_a_part_is_given_off_and_the_rest_goes_on():
    world = a_world()
    deed = split(world, 0, "Trung tâm A", continues=True, heir=0, moves_people=True)
    (made,) = split_unit(actor=world.board_officer, split=deed)
    unit = Unit.objects.get(pk=world.units[0].pk)
    assert unit.ended_on is None
    assert Membership.objects.get(unit=unit).ends_on is None
    assert heads_of(world.bloc_year).head == unit.pk
    assert not Post.objects.filter(unit=made).exists()
    assert not Post.objects.filter(closed_at__isnull=False).exists()
    assert Succession.objects.get().predecessor == unit
    assert broken() == []


@pytest.mark.parametrize(
    ("names", "values", "field"),
    [
        (["Sở A"], {}, "name_1"),
        ([], {"continues": True}, "name_1"),
        (["Sở A", "SO A"], {}, "name_1"),
        (["Sở A", "Sở B"], {"heir": 2}, "heir"),
    ],
)
def test_a_split_that_cannot_be_is_refused_at_its_field(names, values, field):
    world = a_world()
    with pytest.raises(ValidationError) as refused:
        plan_split(split(world, 2, *names, **values))
    assert field in refused.value.message_dict


def test_a_part_does_not_take_the_name_of_what_goes_on():
    world = a_world()
    name = world.units[2].name
    with pytest.raises(ValidationError):
        plan_split(split(world, 2, name, continues=True))
    assert plan_split(split(world, 2, name, "Sở B")).obstacles == ()


def test_a_split_happens_once_and_only_by_the_board():
    world = a_world()
    deed = split(world, 2, "Sở A", "Sở B")
    for actor in (world.leaders[2], make_board_officer(BoardFactory())):
        with pytest.raises(Refused):
            split_unit(actor=actor, split=deed)
    split_unit(actor=world.board_officer, split=deed)
    with pytest.raises(Conflict):
        split_unit(actor=world.board_officer, split=deed)
    assert Unit.objects.filter(name="Sở A").count() == 1


# ---------------------------------------------------------------- dissolved


def test_a_dissolved_unit_ends_with_all_it_held():
    world = a_world()
    unit = dissolve_unit(actor=world.board_officer, unit=world.units[1], ground=ground())
    assert (unit.ended_on, unit.names.get().ends_on) == (DAY, BEFORE)
    assert Membership.objects.get(unit=unit).ends_on == BEFORE
    assert HeadTerm.objects.get(unit=unit).ended_on == DAY
    assert not Post.objects.filter(unit=unit, closed_at__isnull=True).exists()
    assert not Succession.objects.exists()
    assert StructureChange.objects.get().kind == ChangeKind.UNIT_DISSOLVED
    assert broken() == []


def test_dissolving_is_refused_to_its_own_people_and_happens_once():
    world = a_world()
    make_post(world.board_officer, unit=world.units[2])
    with pytest.raises(Refused) as refused:
        dissolve_unit(actor=world.board_officer, unit=world.units[2], ground=ground())
    assert world.units[2].name in refused.value.reason
    dissolve_unit(actor=world.board_officer, unit=world.units[3], ground=ground())
    with pytest.raises(Conflict):
        dissolve_unit(actor=world.board_officer, unit=world.units[3], ground=ground())
    assert StructureChange.objects.count() == 1


def test_a_dissolution_read_before_a_post_was_given_is_read_again():
    world = a_world()
    seen = plan_dissolution(world.units[2], ground()).fingerprint
    make_post(world.leaders[0], unit=world.units[2])
    with pytest.raises(PlanMoved):
        dissolve_unit(actor=world.board_officer, unit=world.units[2], ground=ground(), seen=seen)
    assert Unit.objects.get(pk=world.units[2].pk).ended_on is None


def test_a_role_of_a_year_not_created_yet_ends_too():
    world = a_world()
    HeadTerm.objects.create(
        bloc=world.bloc, year=world.bloc_year.year + 1, unit=world.units[2], kind=TermKind.HEAD
    )
    said = texts(plan_dissolution(world.units[2], ground()))
    assert f"thôi làm Trưởng khối – {world.bloc.name}, năm {world.bloc_year.year + 1}" in said
    dissolve_unit(actor=world.board_officer, unit=world.units[2], ground=ground())
    assert not HeadTerm.objects.filter(unit=world.units[2], ended_on__isnull=True).exists()


def test_a_closed_year_is_left_alone():
    world = a_world()
    world.set_status(YearStatus.CLOSED)
    dissolve_unit(actor=world.board_officer, unit=world.units[0], ground=ground())
    assert Membership.objects.get(unit=world.units[0]).ends_on is None
    assert HeadTerm.objects.get(unit=world.units[0]).ended_on is None
    assert broken() == []


def test_the_day_must_follow_the_present_names_first():
    world = a_world()
    world.units[2].names.update(starts_on=DAY)
    with pytest.raises(ValidationError) as refused:
        plan_dissolution(world.units[2], ground())
    assert "bắt đầu mang tên này" in refused.value.message_dict["effective_on"][0]
    plan_dissolution(world.units[2], ground(DAY + dt.timedelta(days=1)))
