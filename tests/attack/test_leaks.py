"""What pages tell before their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from blocs.enums import PostRole
from blocs.services.people import appoint
from emulation.models import User
from tests.story import Story

pytestmark = pytest.mark.django_db

PAGES = ("xep-hang/", "xep-hang/excel/", "xep-hang/bang-tong-hop/", "de-nghi/")


def of_board_and_head(story: Story) -> User:
    """An officer of the board who also leads the head unit."""
    board, head = story.people["board"], story.unit("head")
    appoint(
        actor=board,
        user=board,
        unit=head,
        role=PostRole.LEADER,
        title="Phó Giám đốc",
        starts_on=dt.date(2020, 1, 1),
    )
    return board


@pytest.mark.parametrize("who", ["head", "secretary", "board and head"])
def test_heads_people_see_no_result_before_their_own_sheet_is_in(
    as_user: Callable[..., Client], who: str
) -> None:
    story = Story("drafting", units=3)
    with story.clock():
        story._submit("own")
        person = of_board_and_head(story) if who == "board and head" else story.person(who)
        client, year = as_user(person), f"/nam/{story.keys['year']}/"
        answers = {page: client.get(year + page).status_code for page in PAGES}
        assert answers == dict.fromkeys(PAGES, 403)
        story._fill("head")
        story._submit("head")
        answers = {page: client.get(year + page).status_code for page in PAGES}
    assert answers == dict.fromkeys(PAGES, 200)
