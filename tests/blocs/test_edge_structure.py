"""Edge cases 1 to 6 and 34: lists that differ, units that move, merge and dissolve."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.enums import DeadlineKind, TermKind, UnitKind, YearStatus
from blocs.models import Bloc, Deadline, HeadTerm, Membership, Succession
from blocs.selectors.members import count_mismatch, members_not_ended
from blocs.selectors.standing import heads_of, standing_in
from blocs.selectors.years import YearFilter, bloc_years_visible_to, filter_years
from blocs.services.structure.endings import dissolve_unit, plan_dissolution
from blocs.services.structure.mergers import Merger, NewUnit, merge_units
from blocs.services.structure.moves import move_member
from blocs.services.structure.records import Ground
from blocs.services.structure.splits import Split, split_unit
from blocs.services.years import copy_bloc_year, create_bloc, create_bloc_year
from emulation import clock
from scoring.models import ScoreSheet
from scoring.selectors.ranking import live_ranking
from tests.factories import (
    BlocFactory,
    UnitFactory,
    make_bloc_year,
    make_membership,
    make_person,
    make_world,
    set_term,
)
from tests.scoring.builders import make_scoring_world, sheet_of

pytestmark = pytest.mark.django_db

REASON = "Sắp xếp tổ chức bộ máy"


def today() -> Ground:
    return Ground(clock.today(), REASON)


def test_edge_1_the_declared_number_differs_and_nothing_is_added(as_user):
    world = make_world(11, declared_count=12)
    assert count_mismatch(world.bloc_year, 11) == (
        "Văn bản ghi 12 đơn vị, danh sách có 11 đơn vị. "
        "Đề nghị đối chiếu với quyết định phân chia khối."
    )
    page = as_user(world.secretary).get(f"/nam/{world.bloc_year.pk}/don-vi/").content.decode()
    assert "Văn bản ghi 12 đơn vị, danh sách có 11 đơn vị" in page
    world.bloc_year.refresh_from_db()
    assert (world.bloc_year.declared_count, world.bloc_year.memberships.count()) == (12, 11)


def test_edge_2_a_unit_that_changes_blocs_ranks_where_it_is_on_the_deadline():
    world = make_scoring_world(4)
    other = make_bloc_year(BlocFactory(board=world.board), status=YearStatus.RUNNING)
    due_on = Deadline.objects.get(bloc_year=world.bloc_year).due_on
    Deadline.objects.create(bloc_year=other, kind=DeadlineKind.SELF_SCORE, due_on=due_on)
    assert clock.today() <= due_on
    joined = move_member(
        actor=world.board_officer, membership=world.memberships[3], to=other, ground=today()
    )
    ranked = Membership.objects.get(unit=world.units[3], is_ranking=True)
    assert ranked == joined
    assert world.memberships[3].pk not in {
        row.pk for row in live_ranking(world.bloc_year).competing
    }
    assert joined.pk in {row.pk for row in live_ranking(other).competing}


def test_edge_3_a_year_of_twelve_is_copied_into_one_of_five_with_a_newcomer():
    world = make_world(12, year=2018, status=YearStatus.CLOSED, deputy=False)
    agency = UnitFactory(board=world.board, name="Ban Dân tộc", kind=UnitKind.STATE)
    kept = [unit.pk for unit in world.units[:4]]
    made = copy_bloc_year(
        actor=world.board_officer,
        source=world.bloc_year,
        year=2023,
        name="Khối của năm 2023",
        unit_ids=[*kept, agency.pk],
    )
    assert set(made.memberships.values_list("unit_id", flat=True)) == {*kept, agency.pk}
    assert world.bloc_year.memberships.count() == 12
    assert not made.memberships.filter(ends_on__isnull=False).exists()


def test_edge_4_the_head_is_dissolved_and_the_first_deputy_acts():
    world = make_world(4, status=YearStatus.RUNNING)
    set_term(world.bloc_year, world.units[2], TermKind.DEPUTY, 2)
    dissolve_unit(actor=world.board_officer, unit=world.units[0], ground=today())
    heads = heads_of(world.bloc_year)
    assert (heads.head, heads.is_acting) == (world.units[1].pk, True)
    assert heads.stand_in == world.units[2].pk
    assert standing_in(world.leaders[1], world.bloc_year).leads_head


def test_edge_4_without_a_deputy_the_board_is_asked_and_the_unit_it_names_acts(as_user):
    world = make_world(4, status=YearStatus.RUNNING, deputy=False)
    plan = plan_dissolution(world.units[0], today())
    (asked,) = [effect for effect in plan.effects if effect.asks]
    assert asked.url == f"/nam/{world.bloc_year.pk}/thay-truong-khoi/"
    dissolve_unit(actor=world.board_officer, unit=world.units[0], ground=today())
    assert heads_of(world.bloc_year).head is None
    page = as_user(world.board_officer).get(f"/nam/{world.bloc_year.pk}/don-vi/")
    assert "Phân công đơn vị thay Trưởng khối" in page.content.decode()
    set_term(world.bloc_year, world.units[2], TermKind.STAND_IN)
    heads = heads_of(world.bloc_year)
    assert (heads.head, heads.is_acting) == (world.units[2].pk, True)


def test_edge_5_a_dissolved_member_keeps_its_sheet_outside_awards_and_quotas():
    world = make_scoring_world(4)
    sheet = sheet_of(world, 3)
    dissolve_unit(actor=world.board_officer, unit=world.units[3], ground=today())
    assert ScoreSheet.objects.filter(pk=sheet.pk).exists()
    live = live_ranking(world.bloc_year)
    assert world.memberships[3].pk not in {row.pk for row in live.considered}
    assert len(live.considered) == 3
    assert members_not_ended(world.bloc_year).count() == 3


def test_edge_6_a_merger_is_recorded_and_nothing_is_counted_twice():
    world = make_scoring_world(4)
    merger = Merger(
        world.units[2:4], today(), new=NewUnit("Sở Hợp nhất"), bloc_years=[world.bloc_year]
    )
    made = merge_units(actor=world.board_officer, merger=merger)
    assert {row.predecessor for row in Succession.objects.filter(successor=made)} == {
        world.units[2],
        world.units[3],
    }
    live = live_ranking(world.bloc_year)
    joined = Membership.objects.get(unit=made)
    assert {row.pk for row in live.considered} == {
        world.memberships[0].pk,
        world.memberships[1].pk,
        joined.pk,
    }
    assert ScoreSheet.objects.filter(membership=joined).count() == 1
    assert ScoreSheet.objects.filter(membership__in=world.memberships[2:4]).count() == 2
    assert members_not_ended(world.bloc_year).count() == 3


def test_edge_6_the_people_after_read_what_was_before_and_write_nothing_there():
    world = make_scoring_world(4)
    earlier = make_bloc_year(world.bloc, year=world.bloc_year.year - 1, status=YearStatus.CLOSED)
    make_membership(earlier, world.units[3])
    merger = Merger(world.units[2:4], today(), new=NewUnit("Sở Hợp nhất"))
    made = merge_units(actor=world.board_officer, merger=merger)
    reader = world.officers[2]
    assert set(bloc_years_visible_to(reader)) == {world.bloc_year, earlier}
    standing = standing_in(reader, earlier)
    assert (standing.sees_inside, standing.is_within, standing.sees_phones) == (True, False, False)
    assert standing.units == {made.pk}
    assert not bloc_years_visible_to(world.leaders[1]).filter(pk=earlier.pk).exists()


def test_edge_34_two_blocs_with_one_name_stand_apart():
    world = make_world(3)
    again = create_bloc(
        actor=world.board_officer, board=world.board, name=world.bloc.name, kind=world.bloc.kind
    )
    year = create_bloc_year(
        actor=world.board_officer,
        bloc=again,
        year=world.bloc_year.year,
        name=world.bloc.name,
        issuing_style="state",
    )
    visible = bloc_years_visible_to(world.board_officer)
    found = filter_years(visible, YearFilter(text=world.bloc.name))
    assert set(found) == {world.bloc_year, year}
    assert set(bloc_years_visible_to(world.officers[2])) == {world.bloc_year}
    assert Bloc.objects.filter(name=world.bloc.name).count() == 2
    assert not HeadTerm.objects.filter(bloc=again).exists()
    assert year.memberships.count() == 0


def test_a_unit_that_gave_off_a_part_is_not_read_by_it():
    """Only what has ended is read by what came after."""
    world = make_world(3, status=YearStatus.RUNNING)
    split = Split(world.units[2], today(), [NewUnit("Trung tâm")], continues=True)
    (part,) = split_unit(actor=world.board_officer, split=split)
    assert not bloc_years_visible_to(make_person(part)).exists()


def test_three_mergers_in_a_row_are_read_to_the_first():
    world = make_world(2, year=2015, status=YearStatus.CLOSED, deputy=False)
    unit = world.units[1]
    for step in range(3):
        other = UnitFactory(board=world.board)
        day = clock.today() - dt.timedelta(days=3 - step)
        merger = Merger([unit, other], Ground(day, REASON), new=NewUnit(f"Đời {step}"))
        unit = merge_units(actor=world.board_officer, merger=merger)
    reader = world.officers[1]
    assert list(bloc_years_visible_to(reader)) == [world.bloc_year]
    assert standing_in(reader, world.bloc_year).inherits
