"""Who a person is in a bloc-year: posts by date, heads and stand-ins, conflict of interest."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs import permissions
from blocs.enums import PostRole, TermKind, YearStatus
from blocs.models import HeadTerm, Membership, Post
from blocs.selectors.standing import heads_of, standing_in
from blocs.selectors.years import bloc_years_visible_to, years_served_by
from blocs.standing import Heads, no_conflict, overseer_of
from emulation import clock
from tests.blocs.builders import end_terms, make_meeting, name_to_secretariat, standing
from tests.blocs.test_pages import cast
from tests.factories import (
    UnitFactory,
    make_bloc_year,
    make_board_officer,
    make_membership,
    make_person,
    make_post,
    make_user,
    make_world,
    set_term,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


# ---------------------------------------------------------------- who sees inside

SEES = {
    "board": True,
    "head": True,
    "secretary": True,
    "named": True,
    "deputy": True,
    "member": True,
    "next_head": True,
    "former": False,
    "outsider": False,
    "other_board": False,
    "admin": False,
}


def test_who_sees_the_inside_of_a_year():
    world = make_world(5)
    people = cast(world)
    found = {role: standing(user, world).sees_inside for role, user in people.items()}
    assert found == SEES


@pytest.mark.parametrize("status", [YearStatus.DRAFT, YearStatus.DECIDED, YearStatus.CLOSED])
def test_the_selector_and_the_standing_never_disagree(status):
    world = make_world(5, status=status)
    stand_in = UnitFactory(board=world.board)
    set_term(world.bloc_year, stand_in, TermKind.STAND_IN)
    people = cast(world) | {"stand_in": make_person(stand_in)}
    for role, user in people.items():
        visible = bloc_years_visible_to(user).filter(pk=world.bloc_year.pk).exists()
        assert visible == standing(user, world).sees_inside, role


def test_a_post_counts_from_its_first_to_its_last_day():
    world = make_world()
    today = clock.today()
    for starts, ends, counts in (
        (today, None, True),
        (today - DAY, today, True),
        (today + DAY, None, False),
        (today - DAY, today - DAY, False),
    ):
        user = make_user()
        make_post(user, unit=world.units[2], starts_on=starts, ends_on=ends)
        assert standing(user, world).is_member is counts, (starts, ends)


def test_the_next_head_reads_every_earlier_year_and_works_in_none():
    world = make_world(year=2026)
    earlier = make_bloc_year(world.bloc, year=2020)
    elected = UnitFactory(board=world.board)
    HeadTerm.objects.create(bloc=world.bloc, year=2027, unit=elected, kind=TermKind.HEAD)
    leader = make_person(elected, PostRole.LEADER)
    assert set(bloc_years_visible_to(leader)) == {world.bloc_year, earlier}
    now, then = standing_in(leader, world.bloc_year), standing_in(leader, earlier)
    assert now.is_of_next_head
    assert not then.is_of_next_head
    assert then.is_of_later_head
    assert not now.is_secretary
    assert not now.sees_phones


def test_an_elected_deputy_does_not_read_the_dossier():
    world = make_world(year=2026)
    elected = UnitFactory(board=world.board)
    HeadTerm.objects.create(bloc=world.bloc, year=2027, unit=elected, kind=TermKind.DEPUTY)
    assert not standing(make_person(elected), world).sees_inside


def test_an_ended_election_opens_nothing():
    world = make_world(year=2026)
    elected = UnitFactory(board=world.board)
    HeadTerm.objects.create(
        bloc=world.bloc, year=2027, unit=elected, kind=TermKind.HEAD, ended_on=dt.date(2026, 1, 2)
    )
    assert not bloc_years_visible_to(make_person(elected)).exists()


def test_last_years_head_has_no_part_in_this_year():
    world = make_world(year=2026)
    old = UnitFactory(board=world.board)
    HeadTerm.objects.create(bloc=world.bloc, year=2025, unit=old, kind=TermKind.HEAD)
    assert not standing(make_person(old, PostRole.LEADER), world).sees_inside


def test_boards_never_see_each_other():
    world, other = make_world(), make_world()
    assert set(bloc_years_visible_to(world.board_officer)) == {world.bloc_year}
    assert set(bloc_years_visible_to(other.board_officer)) == {other.bloc_year}


def test_a_standing_costs_two_queries():
    world = make_world(3)
    with CaptureQueriesContext(connection) as context:
        standing_in(world.head_leader, world.bloc_year)
    assert len(context) == 2


# ---------------------------------------------------------------- head, deputies, stand-in


def heads(world) -> Heads:
    return heads_of(world.bloc_year)


def test_head_deputies_and_stand_in():
    world = make_world(4)
    ids = [unit.pk for unit in world.units]
    set_term(world.bloc_year, world.units[2], TermKind.DEPUTY, position=2)
    set_term(world.bloc_year, world.units[3], TermKind.STAND_IN)
    assert heads(world) == Heads(ids[0], (ids[1], ids[2]), ids[3])
    assert heads(world).stand_in == ids[1]


def test_without_deputy_the_named_unit_stands_in():
    world = make_world(3, deputy=False)
    assert heads(world).stand_in is None
    set_term(world.bloc_year, world.units[2], TermKind.STAND_IN)
    assert heads(world).stand_in == world.units[2].pk


def test_deputies_act_in_their_order_not_in_that_of_entry():
    world = make_world(4, deputy=False)
    set_term(world.bloc_year, world.units[3], TermKind.DEPUTY, position=2)
    set_term(world.bloc_year, world.units[2], TermKind.DEPUTY, position=1)
    assert heads(world).deputies == (world.units[2].pk, world.units[3].pk)


def test_a_dissolved_head_is_replaced_by_the_first_deputy():
    world = make_world(4)
    set_term(world.bloc_year, world.units[2], TermKind.DEPUTY, position=2)
    world.units[0].ended_on = clock.today()
    world.units[0].save()
    found = heads(world)
    assert (found.head, found.stand_in, found.is_acting) == (
        world.units[1].pk,
        world.units[2].pk,
        True,
    )
    assert standing(world.deputy_leader, world).leads_head
    assert not standing(world.head_leader, world).leads_head


def test_an_ended_head_without_deputy_is_replaced_by_the_named_unit():
    world = make_world(3, deputy=False)
    set_term(world.bloc_year, world.units[2], TermKind.STAND_IN)
    end_terms(world, TermKind.HEAD)
    assert heads(world) == Heads(world.units[2].pk, (), None, is_acting=True)


def test_a_head_dissolved_tomorrow_still_leads_today():
    world = make_world(3)
    world.units[0].ended_on = clock.today() + DAY
    world.units[0].save()
    assert heads(world).head == world.units[0].pk


def test_a_deputy_of_a_year_that_never_had_a_head_does_not_act():
    world = make_world(3)
    HeadTerm.objects.filter(bloc=world.bloc, kind=TermKind.HEAD).delete()
    assert heads(world).head is None


def test_another_head_named_after_the_first_ended():
    world = make_world(3)
    end_terms(world, TermKind.HEAD)
    set_term(world.bloc_year, world.units[2], TermKind.HEAD)
    assert heads(world) == Heads(world.units[2].pk, (world.units[1].pk,), None)


def test_the_record_says_that_a_deputy_acts_for_the_head():
    world = make_world(3)
    end_terms(world, TermKind.HEAD)
    acting = standing(world.deputy_leader, world).acting_head
    assert acting.label == f"Điều hành thay Trưởng khối – {world.units[1].name}"
    assert acting.unit_id == world.units[1].pk


# ---------------------------------------------------------------- the secretariat


def test_officers_and_leaders_of_the_head_are_secretaries():
    world = make_world(3)
    assert standing(world.secretary, world).is_secretary
    assert standing(world.head_leader, world).is_secretary
    assert not standing(world.officers[2], world).is_secretary


def test_a_named_officer_is_secretary_and_no_leader_of_the_head():
    world = make_world(3)
    name_to_secretariat(world, world.officers[2])
    found = standing(world.officers[2], world)
    assert found.is_secretary
    assert not found.leads_head
    assert world.bloc_year in years_served_by(world.officers[2])
    assert found.acting_head.label == f"Thư ký Khối – {world.units[2].name}"


def test_a_named_leader_does_not_lead_the_head():
    world = make_world(3)
    name_to_secretariat(world, world.leaders[2])
    assert not permissions.is_head(standing(world.leaders[2], world))


def test_a_named_officer_who_leaves_is_no_secretary():
    world = make_world(3)
    name_to_secretariat(world, world.officers[2])
    Post.objects.filter(user=world.officers[2]).update(ends_on=dt.date(2020, 1, 1))
    assert not standing(world.officers[2], world).sees_inside


def test_a_named_officer_who_moved_to_a_unit_outside_is_no_secretary():
    world = make_world(3)
    name_to_secretariat(world, world.officers[2])
    Post.objects.filter(user=world.officers[2]).update(unit=UnitFactory(board=world.board))
    assert not standing(world.officers[2], world).is_secretary


def test_the_secretariat_ends_with_the_year():
    world = make_world(3, status=YearStatus.CLOSED)
    name_to_secretariat(world, world.officers[2])
    assert not standing(world.officers[2], world).is_secretary


# ---------------------------------------------------------------- conflict of interest


@pytest.mark.parametrize("role", [PostRole.LEADER, PostRole.OFFICER])
def test_nobody_acts_on_the_own_unit_whatever_the_role(role):
    world = make_world(3)
    user = make_person(world.units[2], role)
    verdict = no_conflict(standing(user, world), world.units[2].pk)
    assert not verdict
    assert "chính đơn vị mình" in verdict.reason
    assert no_conflict(standing(user, world), world.units[1].pk)


def test_a_board_officer_with_a_post_in_the_unit_is_in_conflict():
    world = make_world(3)
    make_post(world.board_officer, unit=world.units[2])
    assert not no_conflict(standing(world.board_officer, world), world.units[2].pk)


def test_a_second_post_brings_the_conflict_along():
    world = make_world(3)
    make_post(world.head_leader, unit=world.units[2])
    assert not no_conflict(standing(world.head_leader, world), world.units[2].pk)


def test_a_former_post_is_no_conflict():
    world = make_world(3)
    make_post(world.head_leader, unit=world.units[2], ends_on=dt.date(2020, 1, 1))
    assert no_conflict(standing(world.head_leader, world), world.units[2].pk)


def test_the_head_oversees_all_sheets_but_its_own():
    world = make_world(3)
    found = standing(world.head_leader, world)
    assert overseer_of(found, world.units[2].pk) == world.units[0].pk
    assert overseer_of(found, world.units[1].pk) == world.units[0].pk
    assert overseer_of(found, world.units[0].pk) == world.units[1].pk


def test_without_stand_in_nobody_oversees_the_heads_sheet():
    world = make_world(3, deputy=False)
    assert overseer_of(standing(world.head_leader, world), world.units[0].pk) is None


#                     unit 0 (head)  unit 1 (deputy)  unit 2
EXTENDS = {
    "board_officer": (True, True, True),
    "head_leader": (False, True, True),
    "secretary": (False, False, False),
    "deputy_leader": (True, False, False),
    "deputy_officer": (False, False, False),
}


@pytest.mark.parametrize("who", list(EXTENDS))
def test_who_may_extend_a_deadline_for_whom(who):
    world = make_world(3, status=YearStatus.RUNNING)
    found = standing(getattr(world, who), world)
    verdicts = tuple(
        bool(permissions.can_extend(found, world.bloc_year, unit.pk)) for unit in world.units
    )
    assert verdicts == EXTENDS[who]


def test_nothing_is_extended_in_a_closed_year():
    world = make_world(3, status=YearStatus.CLOSED)
    found = standing(world.board_officer, world)
    assert not permissions.can_extend(found, world.bloc_year, world.units[2].pk)


def test_the_heads_people_do_not_end_their_own_membership():
    world = make_world(3, status=YearStatus.RUNNING)
    found = standing(world.secretary, world)
    assert not permissions.can_end_membership(found, world.bloc_year, world.units[0].pk)
    assert permissions.can_end_membership(found, world.bloc_year, world.units[2].pk)


def test_own_units_are_added_only_while_preparing():
    world = make_world(3)
    name_to_secretariat(world, world.officers[2])
    second = UnitFactory(board=world.board)
    make_post(world.officers[2], unit=second)
    found = standing(world.officers[2], world)
    assert permissions.can_add_member(found, world.bloc_year, second.pk)
    world.set_status(YearStatus.RUNNING)
    assert not permissions.can_add_member(found, world.bloc_year, second.pk)


def test_a_passed_deadline_is_moved_by_the_board_alone():
    world = make_world(3, status=YearStatus.RUNNING)
    passed, coming = dt.date(2026, 3, 1), dt.date(2026, 5, 1)
    today = dt.date(2026, 4, 1)
    secretary = standing(world.secretary, world)
    assert permissions.can_set_deadline(secretary, world.bloc_year, None, today)
    assert permissions.can_set_deadline(secretary, world.bloc_year, coming, today)
    assert permissions.can_set_deadline(secretary, world.bloc_year, today, today)
    assert not permissions.can_set_deadline(secretary, world.bloc_year, passed, today)
    officer = standing(world.board_officer, world)
    assert permissions.can_set_deadline(officer, world.bloc_year, passed, today)
    make_post(world.board_officer, unit=world.units[2])
    in_conflict = standing(world.board_officer, world)
    assert not permissions.can_set_deadline(in_conflict, world.bloc_year, passed, today)


def test_the_heads_people_do_not_choose_their_own_appraiser():
    world = make_world(3, deputy=False)
    secretary = standing(world.secretary, world)
    year = world.bloc_year
    assert not permissions.can_name_stand_in(secretary, year, minuted=False)
    assert permissions.can_name_stand_in(secretary, year, minuted=True)
    assert permissions.can_name_stand_in(standing(world.board_officer, world), year, minuted=False)
    assert not permissions.can_name_stand_in(standing(world.officers[2], world), year, minuted=True)


def test_the_adopting_meeting_is_not_rewritten():
    world = make_world(3, status=YearStatus.ADOPTED)
    year_end, other = make_meeting(world), make_meeting(world, "other")
    found = standing(world.secretary, world)
    for meeting in (year_end, other):
        meeting.bloc_year = world.bloc_year
    assert not permissions.can_record_attendance(found, year_end)
    assert permissions.can_record_attendance(found, other)


# ---------------------------------------------------------------- words for the record


def test_the_record_names_the_capacity_and_the_place():
    world = make_world(3)
    assert standing(world.head_leader, world).acting_head.label == (
        f"Trưởng khối – {world.units[0].name}"
    )
    assert standing(world.secretary, world).acting_head.label == (
        f"Thư ký Khối – {world.units[0].name}"
    )
    member = standing(world.leaders[2], world).acting_member(world.units[2].pk)
    assert (member.unit_id, member.label) == (
        world.units[2].pk,
        f"Lãnh đạo đơn vị – {world.units[2].name}",
    )
    board = standing(world.board_officer, world).acting_board
    assert board.label == f"Ban Thi đua - Khen thưởng – {world.board.name}"
    assert board.unit_id is None


def test_an_officer_of_two_boards_acts_for_the_bloc_s_own():
    world, other = make_world(), make_world()
    officer = make_board_officer(other.board)
    make_post(officer, board=world.board)
    assert standing(officer, world).board_name == world.board.name


def test_a_member_that_left_still_reads_the_year():
    world = make_world(3)
    left = UnitFactory(board=world.board)
    make_membership(world.bloc_year, left, ends_on=dt.date(2020, 1, 1))
    assert Membership.objects.filter(unit=left).exists()
    assert standing(make_person(left), world).sees_inside
