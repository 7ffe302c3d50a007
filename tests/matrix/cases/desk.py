"""The board's desk and the common deadlines of a province."""

from __future__ import annotations

from typing import Any

from blocs.models import Board, Deadline
from blocs.services.board_deadlines import plan_board_deadlines, set_board_deadlines
from blocs.services.deadlines import set_deadline
from tests.matrix.cases.frame import Case, none, year
from tests.story import YEAR, Story

KIND = "dossier"


def province(story: Story) -> dict[str, Any]:
    return {"board_id": story.keys["board"], "year": YEAR}


def _dates(story: Story, days: int) -> dict[str, Any]:
    return {KIND: story.day(days)}


def new_dates(story: Story, _role: str) -> dict[str, Any]:
    """The form as confirmed: with the digest of the plan that was read."""
    dates = _dates(story, 100)
    board = Board.objects.get(pk=story.keys["board"])
    officer = story.people["board"]
    plan = plan_board_deadlines(actor=officer, board=board, year=YEAR, dates=dates)
    return {KIND: dates[KIND].strftime("%d/%m/%Y"), "seen": plan.fingerprint}


def set_apart(story: Story) -> None:
    """A common day, and another for this bloc."""
    officer, board = story.people["board"], Board.objects.get(pk=story.keys["board"])
    set_board_deadlines(actor=officer, board=board, year=YEAR, dates=_dates(story, 100))
    set_deadline(
        actor=officer, bloc_year=story.year, kind=KIND, due_on=story.day(110), reason="Họp muộn"
    )


def own_deadline(story: Story) -> dict[str, Any]:
    row = Deadline.objects.get(bloc_year=story.keys["year"], kind=KIND)
    return year(story) | {"deadline_id": row.pk}


DESK = {
    "board_desk": Case("running", none),
    "board_desk@tabled": Case("tabled", none),
    "board_desk_xlsx": Case("running", none),
    "board_deadlines": Case("running", province),
    "board_deadline_set": Case("running", province, new_dates),
    "deadline_follow": Case("running", own_deadline, prepare=set_apart),
}
