"""A member changes blocs in mid-year, or leaves; names and ends of units and blocs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import ChangeKind, DeadlineKind, TermKind, YearStatus
from blocs.models import (
    Bloc,
    BlocYear,
    Deadline,
    HeadTerm,
    Membership,
    StructureChange,
)
from blocs.permissions import can_create_year
from blocs.services.structure.blocs import end_bloc, plan_bloc_end
from blocs.services.structure.moves import end_membership, move_member, plan_move
from blocs.services.structure.names import plan_bloc_name, plan_unit_name, rename_bloc, rename_unit
from blocs.slots import slots
from emulation import clock
from emulation.access import Conflict, Refused
from tests.blocs.test_structure_mergers import BEFORE, DAY, YEAR, a_world, broken, ground, texts
from tests.factories import (
    BlocFactory,
    make_bloc_year,
    make_board_officer,
    make_membership,
    make_post,
    make_world,
)

pytestmark = pytest.mark.django_db


def beside(world, status: str = YearStatus.RUNNING) -> BlocYear:
    """Another bloc of the same board in the same year."""
    return make_bloc_year(BlocFactory(board=world.board), year=YEAR, status=status)


def due(bloc_year: BlocYear, day: dt.date) -> None:
    Deadline.objects.update_or_create(
        bloc_year=bloc_year, kind=DeadlineKind.SELF_SCORE, defaults={"due_on": day}
    )


def move(world, to: BlocYear, place: int = 2, actor=None) -> Membership:
    return move_member(
        actor=actor or world.board_officer,
        membership=world.memberships[place],
        to=to,
        ground=ground(),
    )


# ---------------------------------------------------------------- moving


def test_a_member_moves_with_its_day(monkeypatch):
    given = []
    monkeypatch.setattr(slots, "joined", (lambda row, _: given.append(row.bloc_year),))
    world = a_world()
    to = beside(world)
    joined = move(world, to)
    old = Membership.objects.get(pk=world.memberships[2].pk)
    assert (old.ends_on, old.is_ranking) == (BEFORE, False)
    assert (joined.bloc_year, joined.starts_on, joined.is_ranking) == (to, DAY, True)
    assert given == [to]
    change = StructureChange.objects.get()
    assert (change.kind, change.unit, change.bloc) == (
        ChangeKind.MEMBER_MOVED,
        world.units[2],
        to.bloc,
    )
    assert broken() == []


@pytest.mark.parametrize(
    ("old_due", "new_due", "ranks_old"),
    [
        (DAY, DAY, False),
        (BEFORE, DAY, True),
        (BEFORE, BEFORE, True),
        (DAY, BEFORE, False),
    ],
)
def test_it_ranks_in_one_of_the_two_never_twice(old_due, new_due, ranks_old):
    world = a_world()
    to = beside(world)
    due(world.bloc_year, old_due)
    due(to, new_due)
    joined = move(world, to)
    old = Membership.objects.get(pk=world.memberships[2].pk)
    assert (old.is_ranking, joined.is_ranking) == (ranks_old, not ranks_old)


def test_its_roles_in_the_old_bloc_end_and_later_ones_are_asked_about():
    world = a_world()
    HeadTerm.objects.create(bloc=world.bloc, year=YEAR + 1, unit=world.units[0], kind=TermKind.HEAD)
    plan = plan_move(world.memberships[0], beside(world), ground())
    assert f"{world.units[1].name} điều hành thay Trưởng khối" in texts(plan)
    assert any("đề nghị xem lại" in effect.text for effect in plan.effects if effect.asks)
    move(world, beside(world), 0)
    assert HeadTerm.objects.get(unit=world.units[0], year=YEAR).ended_on == DAY
    assert HeadTerm.objects.get(unit=world.units[0], year=YEAR + 1).ended_on is None


@pytest.mark.parametrize("tabled", ["old", "new"])
def test_a_tabled_list_stands_in_the_way(tabled):
    world = a_world()
    to = beside(world, YearStatus.MEETING if tabled == "new" else YearStatus.RUNNING)
    if tabled == "old":
        world.set_status(YearStatus.MEETING)
    with pytest.raises(Conflict) as conflict:
        move(world, to)
    assert "đã trình bảng tổng hợp" in conflict.value.details[0]


def test_it_does_not_move_twice():
    world = a_world()
    to = beside(world)
    move(world, to)
    with pytest.raises(Conflict):
        move(world, to)
    with pytest.raises(Conflict) as conflict:
        move(world, beside(world))
    assert "đã rời khối này" in conflict.value.details[0]
    assert Membership.objects.filter(unit=world.units[2]).count() == 2


def test_only_the_board_moves_and_none_of_the_unit_itself():
    world = a_world()
    make_post(world.board_officer, unit=world.units[2])
    for actor in (world.secretary, world.board_officer, make_board_officer(make_world().board)):
        with pytest.raises(Refused):
            move(world, beside(world), actor=actor)


def test_another_year_or_board_is_no_choice():
    world = a_world()
    later = make_bloc_year(BlocFactory(board=world.board), year=YEAR + 1)
    for to in (later, make_bloc_year(year=YEAR), world.bloc_year):
        with pytest.raises(ValidationError) as refused:
            move(world, to)
        assert "to" in refused.value.message_dict


def test_the_day_is_neither_to_come_nor_before_it_came():
    world = a_world()
    row = world.memberships[2]
    with pytest.raises(ValidationError):
        plan_move(row, beside(world), ground(clock.today() + dt.timedelta(days=1)))
    row.starts_on = DAY
    row.save()
    with pytest.raises(ValidationError) as refused:
        plan_move(row, beside(world), ground())
    assert "effective_on" in refused.value.message_dict


# ---------------------------------------------------------------- leaving


def leave(world, place: int, actor, ends_on: dt.date = BEFORE) -> Membership:
    return end_membership(
        actor=actor, membership=world.memberships[place], ends_on=ends_on, reason="Chia lại khối"
    )


def test_the_secretary_records_a_leaving_as_the_secretary():
    world = a_world()
    assert leave(world, 2, world.secretary).ends_on == BEFORE
    change = StructureChange.objects.get()
    assert change.kind == ChangeKind.MEMBER_LEFT
    assert change.acting_as == f"Thư ký Khối – {world.units[0].name}"


def test_the_board_ends_its_role_along_with_it():
    world = a_world()
    leave(world, 1, world.board_officer)
    assert HeadTerm.objects.get(unit=world.units[1]).ended_on == DAY


def test_a_last_day_to_come_waits_for_the_role():
    world = a_world()
    tomorrow = clock.today() + dt.timedelta(days=1)
    with pytest.raises(Conflict) as conflict:
        leave(world, 1, world.board_officer, tomorrow)
    assert "chỉ ghi rời khối khi ngày cuối đã qua" in conflict.value.details[0]
    assert leave(world, 2, world.board_officer, tomorrow).ends_on == tomorrow


def test_a_leaving_recorded_again_is_no_second_one():
    world = a_world()
    leave(world, 2, world.secretary)
    with pytest.raises(Conflict):
        leave(world, 2, world.secretary)
    assert StructureChange.objects.count() == 1


# ---------------------------------------------------------------- names


def test_the_plan_of_a_name_says_which_years_follow():
    world = a_world()
    draft = make_bloc_year(world.bloc, year=YEAR + 1)
    closed = make_bloc_year(world.bloc, year=YEAR - 1, status=YearStatus.CLOSED)
    for bloc_year in (draft, closed):
        make_membership(bloc_year, world.units[2])
    said = texts(plan_unit_name(world.units[2], "Tên Mới", ground()))
    assert f"{draft} (đang chuẩn bị) dùng tên mới" in said
    assert f"{world.bloc_year} giữ tên “{world.units[2].name}”" in said
    assert "1 năm đã kết thúc giữ tên khi đó" in said
    rename_unit(actor=world.board_officer, unit=world.units[2], name="Tên Mới", ground=ground())
    assert [
        Membership.objects.get(bloc_year=each, unit=world.units[2]).unit_name
        for each in (draft, world.bloc_year, closed)
    ] == ["Tên Mới", world.units[2].name, world.units[2].name]
    assert StructureChange.objects.get().kind == ChangeKind.UNIT_RENAMED
    assert broken() == []


def test_years_of_a_bloc_that_began_keep_its_name():
    world = a_world()
    draft = make_bloc_year(world.bloc, year=YEAR + 1)
    old = world.bloc.name
    said = texts(plan_bloc_name(world.bloc, "Khối Mới", ground()))
    assert f"Năm {YEAR} giữ tên “{old}”" in said
    rename_bloc(actor=world.board_officer, bloc=world.bloc, name="Khối Mới", ground=ground())
    for each in (draft, world.bloc_year, world.bloc):
        each.refresh_from_db()
    assert (world.bloc.name, draft.name, world.bloc_year.name) == ("Khối Mới", "Khối Mới", old)
    with pytest.raises(ValidationError):
        plan_bloc_name(Bloc.objects.get(pk=world.bloc.pk), "Khối Mới", ground())


def test_only_the_board_renames_and_ends_a_bloc():
    world = a_world()
    with pytest.raises(Refused):
        rename_bloc(actor=world.head_leader, bloc=world.bloc, name="X", ground=ground())
    with pytest.raises(Refused):
        end_bloc(actor=world.head_leader, bloc=world.bloc, ground=ground())


# ---------------------------------------------------------------- the end of a bloc


def test_a_year_under_way_is_named_as_what_stands_in_the_way():
    world = a_world()
    plan = plan_bloc_end(world.bloc, ground())
    assert plan.obstacles == (
        f"{world.bloc_year} đang ở bước “Thực hiện”: phải kết thúc năm này trước.",
    )
    with pytest.raises(Conflict):
        end_bloc(actor=world.board_officer, bloc=world.bloc, ground=ground())


def test_a_bloc_ends_with_its_successor_and_its_draft_list():
    world = a_world()
    world.set_status(YearStatus.CLOSED)
    draft = make_bloc_year(world.bloc, year=YEAR + 1)
    make_membership(draft, world.units[2])
    HeadTerm.objects.create(bloc=world.bloc, year=YEAR + 1, unit=world.units[2], kind="head")
    after = BlocFactory(board=world.board)
    said = texts(plan_bloc_end(world.bloc, ground(), after))
    assert f"Bỏ {world.units[2].name} khỏi danh sách {draft}" in said
    bloc = end_bloc(actor=world.board_officer, bloc=world.bloc, ground=ground(), successor=after)
    assert (bloc.ended_on, bloc.successor) == (DAY, after)
    assert not draft.memberships.exists()
    assert not HeadTerm.objects.filter(year=YEAR + 1, ended_on__isnull=True).exists()
    assert world.bloc_year.memberships.count() == 4
    assert not can_create_year(world.board_officer, bloc, YEAR + 2)
    with pytest.raises(Conflict):
        end_bloc(actor=world.board_officer, bloc=world.bloc, ground=ground())
    assert broken() == []


def test_a_bloc_is_not_succeeded_by_itself_or_anothers():
    world = a_world()
    world.set_status(YearStatus.CLOSED)
    ended = BlocFactory(board=world.board, ended_on=DAY)
    for other in (world.bloc, BlocFactory(), ended):
        with pytest.raises(ValidationError) as refused:
            plan_bloc_end(world.bloc, ground(), other)
        assert "successor" in refused.value.message_dict
