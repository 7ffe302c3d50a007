"""What must hold of boards that merged: one failing fixture per rule."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.enums import YearStatus
from blocs.invariants import boards_agree, merged_boards_are_empty
from blocs.models import Board
from tests.factories import (
    BlocFactory,
    BoardFactory,
    UnitFactory,
    make_bloc_year,
    make_board_officer,
    make_membership,
    make_world,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 7, 1)


@pytest.fixture
def heir() -> Board:
    return BoardFactory()


def ended(board: Board, heir: Board) -> Board:
    board.ended_on, board.heir = DAY, heir
    board.save()
    return board


def test_an_heir_that_ended_is_found(heir):
    ended(BoardFactory(), ended(heir, BoardFactory()))
    assert len(list(merged_boards_are_empty())) == 1


@pytest.mark.parametrize("left", ["unit", "bloc", "year", "post"])
def test_whatever_was_left_behind_is_found(heir, left):
    board = BoardFactory()
    if left == "unit":
        UnitFactory(board=board)
    elif left == "bloc":
        BlocFactory(board=board)
    elif left == "year":
        make_bloc_year(BlocFactory(board=board, ended_on=DAY))
    else:
        make_board_officer(board)
    ended(board, heir)
    (found,) = merged_boards_are_empty()
    assert found.lower().startswith({"year": "blocyear"}.get(left, left))


def test_a_closed_year_may_stay_behind_with_its_bloc_and_members_gone_ahead(heir):
    world = make_world(status=YearStatus.CLOSED)
    for each in (world.bloc, *world.units):
        each.board = heir
        each.save()
    assert list(boards_agree()) != []
    ended(world.board, heir)
    assert list(boards_agree()) == []


def test_an_open_year_may_not_stay_behind(heir):
    world = make_world(status=YearStatus.RUNNING)
    for each in (world.bloc, *world.units):
        each.board = heir
        each.save()
    ended(world.board, heir)
    assert len(list(boards_agree())) == 4


def test_a_member_of_another_board_is_found(heir):
    world = make_world(status=YearStatus.CLOSED)
    make_membership(world.bloc_year, UnitFactory(board=heir))
    assert len(list(boards_agree())) == 1
