"""Whatever a page, a file or a header says is set against the table of who sees what.

``tests/expected/visibility.csv`` is written from the rules: for each kind of secret of each unit,
the moment from which each of the sixteen roles sees it, or "-". At the moments on which the rules
turn every address is asked as every role; in between, the pages that show points.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core import mail

from tests.leaks.addresses import (
    ARGUMENTS,
    NOT_ASKED,
    addresses,
    arguments_of,
    between,
    get_names,
    patterns,
)
from tests.leaks.conftest import Seen, look_around
from tests.leaks.search import Hit, secrets_of
from tests.leaks.story import UNITS, SecretStory
from tests.story import MOMENTS, ROLES

# measuring coverage would double the time of what reads the same pages again and again
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

TABLE = Path(__file__).parent.parent / "expected" / "visibility.csv"
NEVER = "-"
FULL = ("drafting", "submitted", "tabled", "adopted", "published")
PART = ("appraising", "approved")
LOOKED_AT = ("own", "head")  # whose sheets are opened in between


def _table() -> dict[Hit, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = {(row["kind"], row["owner"]): {role: row[role] for role in ROLES} for row in rows}
    assert len(table) == len(rows), "a row stands twice"
    return table


TOLD = _table()


def seen_by_then(role: str, hit: Hit, moment: str) -> bool:
    """Whether the table lets a role see a secret at a moment."""
    since = TOLD.get(hit, {}).get(role, NEVER)
    return since != NEVER and MOMENTS.index(since) <= MOMENTS.index(moment)


def test_the_table_speaks_of_known_units_and_moments() -> None:
    moments = {moment for row in TOLD.values() for moment in row.values()}
    assert moments <= {*MOMENTS, NEVER}
    assert {unit for _, unit in TOLD} == set(UNITS)


def test_every_get_is_asked() -> None:
    """A new page that nobody asks here could leak unseen."""
    known = {pattern.name: arguments_of(pattern) for pattern in patterns()}
    wanted = {name for name in get_names() if ":" not in name} - set(NOT_ASKED)
    untold = {name: known[name] for name in wanted if known[name] not in ARGUMENTS}
    assert untold == {}, "say in tests/leaks/addresses.py, ARGUMENTS, with what they are asked"


@pytest.mark.parametrize("moment", sorted((*FULL, *PART), key=MOMENTS.index))
def test_what_is_seen(
    moment: str,
    at: Callable[[str], SecretStory],
    quick_doors: Callable[[], None],
    bare_refusals: None,
) -> None:
    story = at(moment)
    quick_doors()
    pages = addresses(story) if moment in FULL else between(story)
    seen = look_around(story, pages)
    assert leaks(seen, moment) == []
    assert withheld(seen, moment) == []
    assert [secrets_of(f"{each.subject}\n{each.body}") for each in mail.outbox] == []


def leaks(seen: Seen, moment: str) -> list[str]:
    """What somebody saw and should not."""
    return sorted(
        f"{role} sees {kind} of {unit} at {', '.join(sorted(places))}"
        for (role, (kind, unit)), places in seen.items()
        if not seen_by_then(role, (kind, unit), moment)
    )


def withheld(seen: Seen, moment: str) -> list[str]:
    """What somebody should have seen and did not: where it is not seen the search proves little."""
    return sorted(
        f"{role} sees no {hit[0]} of {hit[1]}"
        for role, hit in _due(moment)
        if (role, hit) not in seen
    )


def _due(moment: str) -> Iterator[tuple[str, Hit]]:
    for hit in TOLD:
        kind, unit = hit
        on_sheet = kind in {"own_line", "appraised_line", "opinion", "explanation", "dispute"}
        if moment in FULL or (on_sheet and unit in LOOKED_AT):
            yield from ((role, hit) for role in ROLES if seen_by_then(role, hit, moment))
