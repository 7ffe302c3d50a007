"""The head unit competes: it may not make the others late by moving a deadline back."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.services.deadlines import set_deadline
from emulation.access import Refused
from tests.story import Story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["secretary", "head"])
def test_a_deadline_is_not_moved_back_into_the_past(who: str) -> None:
    story = Story("drafting", units=3)
    person, before = story.person(who), story.deadline().due_on
    assert person
    with story.clock():
        with pytest.raises(Refused):
            set_deadline(
                actor=person,
                bloc_year=story.year,
                kind="self_score",
                due_on=story.day(-1),
            )
        assert story.deadline().due_on == before
        set_deadline(
            actor=person,
            bloc_year=story.year,
            kind="self_score",
            due_on=before + dt.timedelta(days=1),
        )


def test_the_board_mends_a_deadline_typed_wrongly() -> None:
    story = Story("drafting", units=3)
    with story.clock():
        set_deadline(
            actor=story.people["board"],
            bloc_year=story.year,
            kind="self_score",
            due_on=story.day(-1),
        )
    assert story.deadline().due_on == story.day(-1)
