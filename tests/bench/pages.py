# ruff: noqa: E402 - Django is set up before its modules are imported
"""How long the pages that people wait for take, each beside its floor; ``make bench`` runs it.

Makes a test database on the PostgreSQL that DATABASE_URL names, and drops it. Prints a table and
writes bench/results.json: a list of {name, ms, floor_ms, queries}. The budgets are printed beside
the figures and fail nothing: this is a measurement, not a test.

    python -m tests.bench.pages [name …]
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.urls import reverse

from scoring.enums import PointStage
from scoring.exports.score_table import score_table
from scoring.services.score_tables.planning import Purpose, plan_scores
from scoring.services.score_tables.reading import read_table as read_score_table
from tests.bench import floor
from tests.bench.measuring import Result, ask, compare, request_of
from tests.bench.world import PROVINCE, UNITS, Filled, filled_table, ranked

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a page may take, as a multiple of its floor and in queries."""

    times: float
    queries: int

    def holds(self, result: Result) -> bool:
        """Tell whether a page keeps within it."""
        return result.ratio <= self.times and result.queries <= self.queries


BUDGETS = {
    "sheet_shown": Budget(2.5, 8),
    "sheet_saved": Budget(3, 10),
    "bloc_ranking": Budget(3, 8),
    "large_ranking": Budget(3, 8),
    "table_written": Budget(1.6, 12),
    "table_read": Budget(2.1, 12),
}
TABLE, FEW = 100, 7


def sheet_shown() -> Result:
    """A unit's own sheet of 60 criteria, filled in, with evidence and history."""
    filled = Filled()
    user, key = filled.officer, filled.sheet.pk
    saved = ask(request_of(user, reverse("sheet_save", args=[key]), filled.body()))
    assert saved.status_code == 302, saved.content.decode()[:500]
    url = reverse("sheet", args=[key])
    page = ask(request_of(user, url))
    assert page.content.count(b'-note"') >= len(filled.keys)
    return compare(
        "sheet_shown",
        lambda: ask(request_of(user, url)),
        lambda: floor.sheet_shown(request_of(user, url), key),
    )


def sheet_saved() -> Result:
    """All 60 lines of a sheet changed and saved at once."""
    filled = Filled()
    user, key = filled.officer, filled.sheet.pk
    url = reverse("sheet_save", args=[key])

    def save() -> None:
        answer = ask(request_of(user, url, filled.body()))
        assert answer.status_code == 302, answer.content.decode()[:500]
        filled.version += 1

    def least() -> None:
        floor.sheet_saved(request_of(user, url, filled.body()), key)
        filled.version += 1

    result = compare("sheet_saved", save, least)
    assert {line.version for line in filled.sheet.lines.all()} == {filled.version}
    return result


def bloc_ranking() -> Result:
    """The adopted ranking of a bloc of twelve, as one of its officers sees it."""
    return _ranking("bloc_ranking", UNITS)


def large_ranking() -> Result:
    """The same page for three hundred units."""
    return _ranking("large_ranking", PROVINCE)


def _ranking(name: str, units: int) -> Result:
    world = ranked(units)
    user, key = world.officers[2], world.bloc_year.pk
    url = reverse("ranking", args=[key])
    assert ask(request_of(user, url)).content.count(b"data-rank") == units
    return compare(
        name,
        lambda: ask(request_of(user, url)),
        lambda: floor.ranking(request_of(user, url), key),
    )


def table_written() -> Result:
    """A bloc's score table of a hundred units as a workbook: inputs, notes, guide."""
    world = filled_table(TABLE)
    user, year = world.secretary, world.bloc_year
    return compare(
        "table_written",
        lambda: score_table(user, year, PointStage.SELF),
        lambda: floor.table_written(year.pk),
        runs=FEW,
    )


def table_read() -> Result:
    """The same table read back, every cell checked against its rule and compared."""
    world = filled_table(TABLE)
    user, year = world.secretary, world.bloc_year
    content = score_table(user, year, PointStage.SELF)
    purpose = Purpose(user, year, PointStage.SELF)
    plan = plan_scores(purpose, read_score_table(content))
    assert not plan.problems, plan.problems[:3]
    assert not plan.changes
    return compare(
        "table_read",
        lambda: plan_scores(purpose, read_score_table(content)),
        lambda: floor.table_read(year.pk, content),
        runs=FEW,
    )


PAGES: dict[str, Callable[[], Result]] = {
    each.__name__: each
    for each in (sheet_shown, sheet_saved, bloc_ranking, large_ranking, table_written, table_read)
}


def table(results: list[Result]) -> str:
    """The figures with their budgets, as docs/speed.md shows them."""
    lines = [
        f"{'page':<16}{'ms':>8}{'floor':>8}{'ratio':>7}{'budget':>8}{'queries':>9}{'budget':>8}"
    ]
    for each in results:
        budget = BUDGETS[each.name]
        lines.append(
            f"{each.name:<16}{each.ms:>8.1f}{each.floor_ms:>8.1f}{each.ratio:>7.1f}"
            f"{budget.times:>8.1f}{each.queries:>9}{budget.queries:>8}"
            f"{'' if budget.holds(each) else '   over'}"
        )
    return "\n".join(lines)


def main(names: list[str]) -> None:
    """Measure the pages named, or all; only a whole run is written down."""
    results = [PAGES[name]() for name in names or PAGES]
    print(f"{connection.vendor} {connection.cursor().connection.server_version}")  # noqa: T201
    print(table(results))  # noqa: T201
    if not names:
        plain = [each.plain() for each in results]
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        main(sys.argv[1:])
    finally:
        teardown_databases(databases, verbosity=0)
