"""Every page that answers 200 asks the database as often in a large world as in a small one.

Small: seven units, three of everything that may be many (lines, comments, meetings, files, rows of
history). Large: thirty of each. A page that may ask more often stands in ``BOUNDS``, with why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.matrix.cases import CASES, Case
from tests.matrix.conftest import undone
from tests.matrix.test_permissions import ROWS
from tests.matrix.visitors import Visitors
from tests.story import MOMENTS, Story

pytestmark = pytest.mark.django_db

Key = tuple[str, str]
SMALL = {"units": 7, "lines": 3, "many": 3}
LARGE = {"units": 30, "lines": 30, "many": 30}
LOOKERS = ("secretary", "officer", "board")

# Pages that may ask more often in a large world: the most queries, and why.
BOUNDS: dict[str, tuple[int, str]] = {}


def _asked() -> list[Key]:
    """Every page with up to three of the roles that see it."""
    asked = []
    for (name, method), statuses in ROWS.items():
        seeing = [role for role, status in statuses.items() if status == 200]
        if method == "GET" and not name.startswith("admin:") and seeing:
            lookers = [role for role in LOOKERS if role in seeing] or seeing[:1]
            asked += [(name, role) for role in lookers]
    return sorted(asked, key=lambda key: MOMENTS.index(CASES[key[0]].moment))


ASKED = _asked()


@pytest.fixture(scope="module")
def counted(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[dict[Key, int]]]:
    """The number of queries of every page, in the small world and in the large one."""
    with django_db_blocker.unblock():
        yield [_walked(SMALL), _walked(LARGE)]


def _walked(size: dict[str, int]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    with undone():
        story, visitors = Story("founded", **size), Visitors()
        for moment in MOMENTS:
            if moment != "founded":
                story.go_to(moment)
            visitors.log_in(story)
            for name, role in ASKED:
                if CASES[name].moment == moment:
                    found[name, role] = _count(CASES[name], name, role, story, visitors)
    return found


def _count(case: Case, name: str, role: str, story: Story, visitors: Visitors) -> int:
    """The queries of a page on its second showing; -1 where it does not answer 200."""
    with undone(), story.clock():
        case.prepare(story)
        url = case.url(name.partition("@")[0], story)
        visitors.ask(role, "GET", url)
        with CaptureQueriesContext(connection) as queries:
            response = visitors.ask(role, "GET", url)
    return len(queries) if response.status_code == 200 else -1


@pytest.mark.parametrize("key", ASKED, ids="-".join)
def test_queries(key: Key, counted: list[dict[Key, int]]) -> None:
    small, large = (found[key] for found in counted)
    assert small >= 0, "the page does not answer 200 in the small world"
    assert large >= 0, "the page does not answer 200 in the large world"
    if key[0] in BOUNDS:
        most, why = BOUNDS[key[0]]
        assert max(small, large) <= most, why
        return
    assert small == large, f"{small} queries in the small world, {large} in the large one"
