"""Every page that answers 200 asks the database as often in a large world as in a small one.

Small: seven units, three of everything that may be many (lines, comments, meetings, files, rows of
history). Large: thirty of each. A page that may ask more often stands in ``BOUNDS``, with why.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.matrix.cases import CASES, Case
from tests.matrix.conftest import Statements, undone
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


def test_pages_ask_as_often_in_a_large_world(django_db_setup: None, django_db_blocker: Any) -> None:
    """One test for all pages: the two worlds are built once."""
    with django_db_blocker.unblock():
        small, large = _walked(SMALL), _walked(LARGE)
    wrong = {key: why for key in ASKED if (why := _wrong(key, small[key], large[key]))}
    assert wrong == {}


def _wrong(key: Key, small: int, large: int) -> str:
    """What is wrong with a page's queries; empty where nothing is."""
    if min(small, large) < 0:
        return f"answers {-min(small, large)} in the {'small' if small < 0 else 'large'} world"
    if key[0] in BOUNDS:
        most, why = BOUNDS[key[0]]
        return "" if max(small, large) <= most else f"{small} and {large} queries: {why}"
    return "" if small == large else f"{small} queries in the small world, {large} in the large"


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
    """The queries of a page; its status as a negative number where it does not answer 200."""
    with undone(), story.clock():
        case.prepare(story)
        url = case.url(name.partition("@")[0], story)
        with Statements() as statements:
            response = visitors.ask(role, "GET", url)
    return len(statements) if response.status_code == 200 else -response.status_code
