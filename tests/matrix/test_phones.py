"""Telephone numbers are for the bloc and its board: every page that answers, as everybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulation.models import User
from tests.matrix.cases import CASES
from tests.matrix.conftest import undone
from tests.matrix.test_permissions import ROWS
from tests.matrix.visitors import Visitors
from tests.story import MOMENTS, Story

pytestmark = pytest.mark.django_db

STRANGERS = ("anonymous", "other_bloc", "former_officer", "other_board", "administrator")
PHONE = "0912 77{:04d}"


def _own(story: Story, role: str) -> str:
    person = story.person(role)
    return PHONE.format(person.pk) if person else ""


def _pages(moment: str) -> list[tuple[str, str]]:
    """The pages of a moment that a stranger sees, admin's included."""
    return [
        (name, role)
        for (name, method), statuses in ROWS.items()
        for role in STRANGERS
        if method == "GET" and name in CASES and CASES[name].moment == moment
        if statuses[role] == 200
    ]


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_stranger_reads_a_number(moment: str, at: Callable[[str], Story]) -> None:
    story, visitors = at(moment), Visitors()
    for person in User.objects.all():
        User.objects.filter(pk=person.pk).update(phone=PHONE.format(person.pk))
    visitors.log_in(story)
    found = {key: _told(key, story, visitors) for key in _pages(moment)}
    assert {key: numbers for key, numbers in found.items() if numbers} == {}


def _told(key: tuple[str, str], story: Story, visitors: Visitors) -> list[str]:
    name, role = key
    case = CASES[name]
    with undone(), story.clock(days=case.days):
        case.prepare(story)
        response = visitors.ask(role, "GET", case.url(name.partition("@")[0], story))
    page = _content(response)
    strangers = User.objects.exclude(phone="").exclude(phone=_own(story, role))
    return [each for each in _numbers(strangers, story, role) if each in page]


def _numbers(people: Any, story: Story, role: str) -> list[str]:
    """The numbers of those with whom the role shares neither bloc nor unit nor board."""
    person = story.person(role)
    if person is None or role in {"administrator", "former_officer"}:
        return list(people.values_list("phone", flat=True))
    theirs = set(person.posts.values_list("unit_id", "board_id"))
    units = {unit for unit, _board in theirs if unit}
    boards = {board for _unit, board in theirs if board}
    near = User.objects.filter(posts__unit_id__in=units) | User.objects.filter(
        posts__unit__board_id__in=boards
    )
    return list(people.exclude(pk__in=near.values("pk")).values_list("phone", flat=True))


def _content(response: Any) -> str:
    if "html" not in response.get("Content-Type", ""):
        return ""
    return response.content.decode()


def test_the_check_sees_the_numbers_that_may_be_seen(at: Callable[[str], Story]) -> None:
    """Within the bloc they are there: the search above looks for what pages do show."""
    story, visitors = at(MOMENTS[-1]), Visitors()
    visitors.log_in(story)
    with story.clock():
        page = visitors.ask("officer", "GET", f"/nam/{story.keys['year']}/don-vi/")
        other = visitors.ask("other_bloc", "GET", f"/nam/{story.keys['year']}/don-vi/")
    head = story.leader_of("head")
    assert PHONE.format(head.pk) in page.content.decode()
    assert PHONE.format(head.pk) not in other.content.decode()
