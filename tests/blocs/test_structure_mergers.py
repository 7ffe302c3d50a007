"""Several units become one: what is written, what is said before, what stands in the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from blocs import invariants
from blocs.enums import ChangeKind, PostRole, TermKind, UnitKind, YearStatus
from blocs.models import (
    HeadTerm,
    Membership,
    Post,
    SecretariatMember,
    StructureChange,
    Succession,
    Unit,
    UnitName,
)
from blocs.selectors.standing import heads_of
from blocs.selectors.units import name_on
from blocs.services.structure.mergers import Merger, NewUnit, merge_units, plan_merger
from blocs.services.structure.records import Ground
from blocs.slots import slots
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.plans import PlanMoved
from tests.blocs.builders import make_deadline, name_to_secretariat
from tests.factories import (
    BlocFactory,
    BoardFactory,
    UnitFactory,
    make_bloc_year,
    make_board_officer,
    make_membership,
    make_post,
    make_world,
    set_term,
)

pytestmark = pytest.mark.django_db

YEAR = clock.today().year
DAY = dt.date(YEAR, 1, 1) + dt.timedelta(days=(clock.today() - dt.date(YEAR, 1, 1)).days // 2)
BEFORE = DAY - dt.timedelta(days=1)


def ground(day: dt.date = DAY) -> Ground:
    return Ground(day, "Sắp xếp tổ chức bộ máy", "Quyết định số 15/QĐ-UBND")


def a_world(members: int = 4, **values):
    world = make_world(members, status=YearStatus.RUNNING, year=YEAR, **values)
    make_deadline(world, dt.date(YEAR, 12, 31))
    return world


def merger(world, *places: int, into: int | None = None, name: str = "Sở Mới", **values) -> Merger:
    values.setdefault("bloc_years", [world.bloc_year])
    return Merger(
        [world.units[place] for place in places],
        ground(),
        None if into is None else world.units[into],
        NewUnit(name) if into is None else None,
        **values,
    )


def texts(plan) -> str:
    return "\n".join(plan.sentences)


def broken() -> list[str]:
    """What is broken, save for the log of a year that the world puts where it wants it."""
    checks = [check for check in invariants.INVARIANTS if check is not invariants.year_logs]
    return [each for check in checks for each in check()]


# ---------------------------------------------------------------- into a new unit


def test_units_become_a_new_one_that_stands_in_their_bloc():
    world = a_world()
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    assert (made.name, made.established_on, made.kind) == ("Sở Mới", DAY, UnitKind.STATE)
    for place in (2, 3):
        before = Unit.objects.get(pk=world.units[place].pk)
        assert before.ended_on == DAY
        assert before.names.get().ends_on == BEFORE
        row = Membership.objects.get(pk=world.memberships[place].pk)
        assert (row.ends_on, row.is_ranking) == (BEFORE, False)
        assert "Quyết định số 15/QĐ-UBND" in row.note
    joined = Membership.objects.get(unit=made)
    assert (joined.bloc_year, joined.starts_on, joined.is_ranking) == (world.bloc_year, DAY, True)
    assert joined.unit_name == "Sở Mới"
    assert {row.predecessor for row in Succession.objects.filter(successor=made)} == {
        world.units[2],
        world.units[3],
    }
    assert broken() == []


def test_the_record_keeps_what_was_confirmed():
    world = a_world()
    deed = merger(world, 2, 3)
    plan = plan_merger(deed)
    made = merge_units(actor=world.board_officer, merger=deed, seen=plan.fingerprint)
    change = StructureChange.objects.get()
    assert (change.kind, change.unit, change.effective_on) == (ChangeKind.UNITS_MERGED, made, DAY)
    assert change.effects == plan.sentences
    assert change.reason == "Sắp xếp tổ chức bộ máy"
    assert change.basis == "Quyết định số 15/QĐ-UBND"
    assert change.acting_as == f"Ban Thi đua - Khen thưởng – {world.board.name}"
    assert change.actor == world.board_officer


def test_old_names_stay_with_their_days_and_a_name_may_go_on():
    world = a_world()
    name = world.units[2].name
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3, name=name))
    assert made.name == name
    assert name_on(world.units[3], BEFORE) == world.units[3].name
    assert Membership.objects.get(pk=world.memberships[3].pk).unit_name == world.units[3].name
    assert UnitName.objects.get(unit=made).starts_on == DAY


def test_a_name_that_another_unit_carries_is_refused():
    world = a_world()
    with pytest.raises(ValidationError) as refused:
        plan_merger(merger(world, 2, 3, name=world.units[0].name))
    assert "name" in refused.value.message_dict


# ---------------------------------------------------------------- into one of them


def test_a_unit_absorbs_another_and_stays_where_it_is():
    world = a_world()
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3, into=2))
    assert made == world.units[2]
    made.refresh_from_db()
    assert made.ended_on is None
    assert Unit.objects.get(pk=world.units[3].pk).ended_on == DAY
    row = Membership.objects.get(unit=made)
    assert (row.ends_on, row.is_ranking) == (None, True)
    assert Succession.objects.get().predecessor == world.units[3]
    assert Unit.objects.count() == 4
    assert broken() == []


# ---------------------------------------------------------------- where it ranks


def test_after_the_deadline_the_new_unit_is_listed_and_not_ranked():
    world = a_world()
    world.bloc_year.deadlines.update(due_on=BEFORE)
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    assert Membership.objects.get(unit=made).is_ranking is False
    assert Membership.objects.get(pk=world.memberships[2].pk).is_ranking is True


def test_a_tabled_year_keeps_its_list():
    world = a_world()
    world.set_status(YearStatus.ADOPTED)
    deed = merger(world, 2, 3, bloc_years=[])
    assert "đã trình bảng tổng hợp ra hội nghị" in texts(plan_merger(deed))
    merge_units(actor=world.board_officer, merger=deed)
    assert Membership.objects.filter(ends_on__isnull=False).count() == 0
    assert broken() == []


def test_a_tabled_year_takes_nobody_in():
    world = a_world()
    world.set_status(YearStatus.MEETING)
    plan = plan_merger(merger(world, 2, 3))
    assert "không nhận thêm thành viên" in plan.obstacles[0]
    with pytest.raises(Conflict):
        merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    assert not StructureChange.objects.exists()


def test_a_year_in_preparation_takes_them_off_its_list():
    world = a_world()
    draft = make_bloc_year(world.bloc, year=YEAR + 1)
    for unit in world.units:
        make_membership(draft, unit)
    deed = merger(world, 2, 3, bloc_years=[world.bloc_year, draft])
    assert f"Bỏ {world.units[2].name} khỏi danh sách" in texts(plan_merger(deed))
    made = merge_units(actor=world.board_officer, merger=deed)
    assert set(draft.memberships.values_list("unit", flat=True)) == {
        world.units[0].pk,
        world.units[1].pk,
        made.pk,
    }
    assert draft.memberships.get(unit=made).starts_on is None


def test_a_year_before_the_day_takes_nobody_in():
    world = a_world()
    earlier = make_bloc_year(world.bloc, year=YEAR - 1, status=YearStatus.RUNNING)
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3, bloc_years=[earlier]))
    assert not Membership.objects.filter(unit=made).exists()


def test_the_new_member_is_given_what_the_others_have(monkeypatch):
    given = []
    monkeypatch.setattr(slots, "joined", (lambda row, actor: given.append((row.unit.name, actor)),))
    world = a_world()
    merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    assert given == [("Sở Mới", world.board_officer)]


def test_higher_apps_have_their_say_in_the_plan(monkeypatch):
    monkeypatch.setattr(slots, "leaving", (lambda row, last: [f"giữ bảng của {row.unit_name}"],))
    monkeypatch.setattr(slots, "joining", (lambda year, unit, day: [f"{unit.name} nhận bảng"],))
    world = a_world()
    said = texts(plan_merger(merger(world, 2, 3)))
    assert f"giữ bảng của {world.units[2].name}" in said
    assert "Sở Mới nhận bảng" in said


# ---------------------------------------------------------------- heads


def test_the_successor_keeps_the_highest_role():
    world = a_world()
    deed = merger(world, 0, 1, keeps_roles=True)
    assert "Sở Mới giữ tiếp vai trò Trưởng khối" in texts(plan_merger(deed))
    made = merge_units(actor=world.board_officer, merger=deed)
    term = HeadTerm.objects.get(ended_on__isnull=True)
    assert (term.unit, term.kind) == (made, TermKind.HEAD)
    assert HeadTerm.objects.filter(ended_on=DAY).count() == 2
    assert heads_of(world.bloc_year).head == made.pk


def test_without_the_role_the_deputy_acts_and_the_plan_says_so():
    world = a_world()
    deed = merger(world, 0, 3)
    assert f"{world.units[1].name} điều hành thay Trưởng khối" in texts(plan_merger(deed))
    merge_units(actor=world.board_officer, merger=deed)
    heads = heads_of(world.bloc_year)
    assert (heads.head, heads.is_acting) == (world.units[1].pk, True)


def test_nobody_left_is_said_with_the_page_where_it_is_mended():
    world = a_world(deputy=False)
    plan = plan_merger(merger(world, 0, 3))
    asked = [effect for effect in plan.effects if effect.asks]
    assert "không còn Trưởng khối" in asked[0].text
    assert asked[0].url == f"/nam/{world.bloc_year.pk}/thay-truong-khoi/"


def test_a_unit_with_a_role_of_its_own_keeps_that_one():
    world = a_world()
    merge_units(actor=world.board_officer, merger=merger(world, 0, 1, into=1, keeps_roles=True))
    term = HeadTerm.objects.get(ended_on__isnull=True)
    assert (term.unit, term.kind) == (world.units[1], TermKind.DEPUTY)


def test_a_role_is_not_kept_in_a_bloc_one_does_not_join():
    world = a_world()
    merge_units(
        actor=world.board_officer, merger=merger(world, 0, 3, bloc_years=[], keeps_roles=True)
    )
    assert not HeadTerm.objects.filter(ended_on__isnull=True, kind=TermKind.HEAD).exists()


# ---------------------------------------------------------------- people


def test_people_go_along_and_their_old_access_closes_now():
    world = a_world()
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    leader = world.leaders[2]
    old, new = Post.objects.filter(user=leader).order_by("pk")
    assert (old.ends_on, old.closed_at is not None) == (BEFORE, True)
    assert (new.unit, new.role, new.title, new.starts_on) == (
        made,
        PostRole.LEADER,
        old.title,
        DAY,
    )
    assert Post.objects.filter(unit=made, ends_on__isnull=True).count() == 4


def test_people_may_be_left_without_access():
    world = a_world()
    deed = merger(world, 2, 3, moves_people=False)
    assert world.leaders[2].full_name in texts(plan_merger(deed))
    made = merge_units(actor=world.board_officer, merger=deed)
    assert not Post.objects.filter(unit=made).exists()
    assert not Post.objects.filter(unit=world.units[2], closed_at__isnull=True).exists()


def test_a_post_begun_after_the_day_ends_too_and_goes_on_from_its_own_first_day():
    world = a_world()
    late = make_post(world.leaders[0], unit=world.units[2], starts_on=clock.today())
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    late.refresh_from_db()
    assert (late.ends_on, late.is_current(clock.today())) == (clock.today(), False)
    again = Post.objects.get(unit=made, user=world.leaders[0])
    assert again.starts_on == clock.today()
    assert broken() == []


def test_nobody_holds_one_post_twice():
    world = a_world()
    make_post(world.officers[2], unit=world.units[3])
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    assert Post.objects.filter(unit=made, user=world.officers[2]).count() == 1
    assert broken() == []


@pytest.mark.parametrize(("moves", "stays"), [(True, True), (False, False)])
def test_a_secretary_goes_along_or_is_released(moves, stays):
    world = a_world()
    named = name_to_secretariat(world, world.officers[2])
    merge_units(actor=world.board_officer, merger=merger(world, 2, 3, moves_people=moves))
    assert SecretariatMember.objects.filter(pk=named.pk, ended_at__isnull=True).exists() is stays


# ---------------------------------------------------------------- who, when, what cannot be


def test_only_the_boards_officers_without_a_post_there():
    world = a_world()
    make_post(world.board_officer, unit=world.units[3])
    for actor in (world.head_leader, make_board_officer(BoardFactory()), world.board_officer):
        with pytest.raises(Refused):
            merge_units(actor=actor, merger=merger(world, 2, 3))
    assert not StructureChange.objects.exists()


@pytest.mark.parametrize("days", [1, 400])
def test_a_day_to_come_is_refused(days):
    world = a_world()
    deed = replace(merger(world, 2, 3), ground=ground(clock.today() + dt.timedelta(days=days)))
    with pytest.raises(ValidationError) as refused:
        plan_merger(deed)
    assert "effective_on" in refused.value.message_dict


def test_a_day_before_the_foundation_is_refused():
    world = a_world()
    Unit.objects.filter(pk=world.units[2].pk).update(established_on=DAY)
    world.units[2].refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        plan_merger(merger(world, 2, 3))
    assert "ngày thành lập" in refused.value.message_dict["effective_on"][0]


def test_a_member_that_came_later_stands_in_the_way():
    world = a_world()
    world.memberships[2].starts_on = DAY
    world.memberships[2].save()
    plan = plan_merger(merger(world, 2, 3))
    assert "mới vào" in plan.obstacles[0]


def test_a_merger_happens_once():
    world = a_world()
    deed = merger(world, 2, 3)
    merge_units(actor=world.board_officer, merger=deed)
    with pytest.raises(Conflict) as conflict:
        merge_units(actor=world.board_officer, merger=deed)
    assert "đã kết thúc hoạt động" in conflict.value.details[0]
    assert StructureChange.objects.count() == 1
    assert Unit.objects.filter(name="Sở Mới").count() == 1


def test_a_plan_that_moved_is_not_carried_out():
    world = a_world()
    deed = merger(world, 0, 3)
    seen = plan_merger(deed).fingerprint
    HeadTerm.objects.filter(kind=TermKind.DEPUTY).delete()
    set_term(world.bloc_year, world.units[2], TermKind.DEPUTY)
    with pytest.raises(PlanMoved):
        merge_units(actor=world.board_officer, merger=deed, seen=seen)
    assert not StructureChange.objects.exists()


def test_a_choice_that_cannot_be_is_refused():
    world = a_world()
    other = make_bloc_year(BlocFactory(board=world.board), year=YEAR, status=YearStatus.RUNNING)
    stranger = UnitFactory()
    for deed in (
        merger(world, 2),
        Merger([world.units[2], stranger], ground(), new=NewUnit("X")),
        merger(world, 2, 3, bloc_years=[world.bloc_year, other]),
        merger(world, 2, 3, bloc_years=[make_bloc_year(year=YEAR)]),
        merger(world, 2, 3, name="  "),
    ):
        with pytest.raises(ValidationError):
            plan_merger(deed)


def test_a_merger_needs_its_reason():
    world = a_world()
    deed = replace(merger(world, 2, 3), ground=Ground(DAY, "  "))
    with pytest.raises(ValidationError) as refused:
        merge_units(actor=world.board_officer, merger=deed)
    assert "reason" in refused.value.message_dict
    assert not Unit.objects.filter(name="Sở Mới").exists()


def test_planning_writes_nothing():
    world = a_world()
    before = (Unit.history.count(), Membership.history.count(), Post.history.count())
    plan_merger(merger(world, 0, 3, keeps_roles=True))
    assert (Unit.history.count(), Membership.history.count(), Post.history.count()) == before
    assert not StructureChange.objects.exists()
