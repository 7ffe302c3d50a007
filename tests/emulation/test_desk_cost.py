"""The board's desk costs the same for a small province and for a large one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import Board, Deadline
from blocs.services.board_deadlines import set_board_deadlines
from emulation import clock
from emulation.models import User
from tests.emulation.desk_builders import build_bloc
from tests.factories import BoardFactory, make_board_officer

pytestmark = pytest.mark.django_db

S, K = YearStatus, DeadlineKind
URL = "/toan-tinh/"


@pytest.fixture(autouse=True)
def in_november():
    with clock.at(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def officer(board):
    return make_board_officer(board)


def many(board: Board, officer: User, blocs: int, members: int) -> None:
    steps = list(S)
    for place in range(blocs):
        status = steps[place % len(steps)]
        built = build_bloc(board, officer, status, members=members)
        built.deadline(K.REGISTRATION, -100)
        built.deadline(K.SELF_SCORE, -3)
        if status.reached(S.CONSULTING):
            built.pledge(signed=2, commented=2)
        if status.reached(S.RUNNING):
            built.registered(-90)
            built.sheets(submitted=members // 2)


def test_the_page_costs_the_same_for_ten_times_the_blocs(as_user, board, officer):
    client = as_user(officer)
    many(board, officer, 3, 2)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    many(board, officer, 30, 4)
    with CaptureQueriesContext(connection) as more:
        client.get(URL)
    assert len(few) == len(more) <= 20


def test_common_deadlines_cost_the_same_for_many_blocs(board, officer):
    many(board, officer, 11, 2)

    def queries(days: int) -> int:
        day = clock.today() + dt.timedelta(days=days)
        dates = dict.fromkeys(K.values, day)
        with CaptureQueriesContext(connection) as asked:
            set_board_deadlines(actor=officer, board=board, year=2026, dates=dates)
        return len(asked)

    queries(30)
    few = queries(40)
    many(board, officer, 44, 2)
    queries(50)
    assert queries(60) <= few + 6  # SQLite takes 999 values at a time
    assert Deadline.objects.filter(kind=K.APPEAL).count() == 50  # the five closed ones have none
