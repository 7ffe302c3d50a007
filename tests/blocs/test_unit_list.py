"""The list of units narrowed to those that lack somebody, and the checklist's link to it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import PostRole, YearStatus
from blocs.models import Membership, Post, Unit
from blocs.selectors.checklist import facts_of, items_of
from blocs.selectors.units import units_in, units_lacking
from emulation import clock
from tests.factories import (
    BoardFactory,
    UnitFactory,
    make_board_officer,
    make_membership,
    make_person,
    make_world,
)

pytestmark = pytest.mark.django_db

TODAY = clock.today()
DAY = dt.timedelta(days=1)


@pytest.fixture
def board():
    return BoardFactory()


def unit_with(board, name, *roles):
    unit = UnitFactory(board=board, name=name)
    for role in roles:
        make_person(unit, role)
    return unit


@pytest.fixture
def units(board):
    """Four units: staffed, without a leader, without an officer, empty."""
    unit_with(board, "Sở Đủ", PostRole.LEADER, PostRole.OFFICER)
    unit_with(board, "Sở Thiếu lãnh đạo", PostRole.OFFICER)
    unit_with(board, "Sở Thiếu cán bộ", PostRole.LEADER)
    unit_with(board, "Sở Trống")
    return Unit.objects.filter(board=board)


def names(units):
    return {unit.name for unit in units}


def test_units_are_found_by_whom_they_lack(units):
    assert names(units_lacking(units, "lanh-dao")) == {"Sở Thiếu lãnh đạo", "Sở Trống"}
    assert names(units_lacking(units, "can-bo")) == {"Sở Thiếu cán bộ", "Sở Trống"}
    assert names(units_lacking(units, "mot-trong-hai")) == names(units) - {"Sở Đủ"}


def test_a_post_that_is_over_or_closed_is_not_held(units):
    posts = Post.objects.filter(unit__name="Sở Đủ")
    posts.filter(role=PostRole.LEADER).update(ends_on=TODAY - DAY)
    posts.filter(role=PostRole.OFFICER).update(ends_on=TODAY, closed_at=clock.now())
    assert "Sở Đủ" in names(units_lacking(units, "lanh-dao"))
    assert "Sở Đủ" in names(units_lacking(units, "can-bo"))


def test_a_unit_that_has_ended_lacks_nobody(units):
    units.filter(name="Sở Trống").update(ended_on=TODAY)
    assert names(units_lacking(units, "lanh-dao")) == {"Sở Thiếu lãnh đạo"}


def test_a_year_narrows_the_list_to_its_present_members():
    world = make_world(3)
    left, *stay = world.units
    Membership.objects.filter(unit=left).update(ends_on=TODAY - DAY)
    UnitFactory(board=world.board)
    assert set(units_in(Unit.objects.all(), world.bloc_year)) == set(stay)


def page_of(client, user, query=""):
    client.force_login(user)
    return client.get(reverse("unit_list") + query)


@pytest.mark.usefixtures("units")
def test_the_page_narrows_and_keeps_the_choice(client, board):
    page = page_of(client, make_board_officer(board), "?thieu=can-bo")
    assert names(page.context["page"]) == {"Sở Thiếu cán bộ", "Sở Trống"}
    text = " ".join(page.content.decode().split())
    assert 'value="can-bo" selected' in text
    assert "2 đơn vị phù hợp" in text


@pytest.mark.usefixtures("units")
def test_an_unknown_word_narrows_nothing(client, board):
    page = page_of(client, make_board_officer(board), "?thieu=x&khoi=999999")
    assert len(page.context["page"]) == 4


def test_a_year_of_another_board_narrows_nothing(client, board):
    other = make_world(3)
    UnitFactory(board=board)
    page = page_of(client, make_board_officer(board), f"?khoi={other.bloc_year.pk}")
    assert len(page.context["page"]) == 1
    assert other.bloc_year.name not in page.content.decode()


def test_the_checklist_leads_to_exactly_the_units_it_counts(client):
    world = make_world(6, status=YearStatus.DRAFT)
    UnitFactory(board=world.board, name="Sở ngoài khối")
    Post.objects.filter(unit__in=world.units[:4], role=PostRole.LEADER).delete()
    Post.objects.filter(unit=world.units[4], role=PostRole.OFFICER).delete()
    item = items_of(facts_of(world.board))[1]
    assert "4 đơn vị chưa có lãnh đạo" in item.detail
    page = page_of(client, world.board_officer, item.url.removeprefix(reverse("unit_list")))
    assert set(page.context["page"]) == set(world.units[:5])
    assert f"Chỉ các đơn vị của {world.bloc_year}" in page.content.decode()


def test_the_checklist_asks_for_the_kind_that_is_missing():
    world = make_world(4, status=YearStatus.DRAFT)
    Post.objects.filter(unit__in=world.units, role=PostRole.OFFICER).delete()
    assert "thieu=can-bo&" in items_of(facts_of(world.board))[1].url


def test_the_list_costs_the_same_whatever_its_length(client):
    world = make_world(3, status=YearStatus.DRAFT)
    query = f"?thieu=mot-trong-hai&khoi={world.bloc_year.pk}"

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert page_of(client, world.board_officer, query).status_code == 200
        return len(asked)

    make_membership(world.bloc_year, UnitFactory(board=world.board, name="Sở Trống"))
    cost()
    before = cost()
    for number in range(5):
        make_membership(world.bloc_year, UnitFactory(board=world.board, name=f"Sở {number}"))
    assert cost() == before


def test_members_that_left_are_not_numbered(client):
    world = make_world(4)
    Membership.objects.filter(unit=world.units[1]).update(ends_on=TODAY - DAY)
    client.force_login(world.board_officer)
    page = client.get(reverse("member_list", args=[world.bloc_year.pk]))
    numbers = {row.membership.unit: row.number for row in page.context["rows"]}
    assert numbers.pop(world.units[1]) == 0
    assert sorted(numbers.values()) == [1, 2, 3]


def test_nobody_is_added_to_a_unit_that_has_ended(client):
    world = make_world(3)
    unit = world.units[2]
    client.force_login(world.board_officer)
    address, adding = reverse("unit", args=[unit.pk]), reverse("person_add", args=[unit.pk])
    assert adding in client.get(address).content.decode()
    Post.objects.filter(unit=unit).update(ends_on=TODAY - DAY)
    Unit.objects.filter(pk=unit.pk).update(ended_on=TODAY)
    page = client.get(address).content.decode()
    assert adding not in page
    assert "không còn ai giữ chức vụ" in page
