# ruff: noqa: E402 - Django is set up before its modules are imported
"""How long a table takes to check and to set against a past year: 60 × 15 and 300 × 200.

Run by hand, on the database that DATABASE_URL names; it makes a test database and drops it:

    DATABASE_URL=… .venv/bin/python -m tests.bench.rubric_workshop [criteria units]

Prints the seconds and the queries of the check, of copying, writing and reading the table as a
workbook, of the run that is logged, and of its result.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases
from django.urls import reverse

from blocs.enums import TermKind, YearStatus
from blocs.models import BlocYear
from emulation import clock
from scoring.enums import SheetStatus
from scoring.exports.rubric_workbook import export_rubric
from scoring.models import Criterion, RankingRow, RankingSnapshot, Rubric, ScoreLine, ScoreSheet
from scoring.rules.ranking import RankingInputs, RankingSettings
from scoring.selectors.rubrics import findings_of, rules_of
from scoring.services.rubric_import import plan_rubric_import
from scoring.services.rubrics import copy_rubric, create_rubric, issue_rubric
from scoring.services.what_if import run_what_if
from tests.factories import World, make_bloc_year, make_world, set_term

SIZES = ((60, 15), (300, 200))
SECTIONS = 6


@contextmanager
def measured(what: str) -> Iterator[None]:
    """Print the seconds and the number of queries of the block."""
    queries: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    began = time.perf_counter()
    with connection.execute_wrapper(note):
        yield
    print(f"  {what:<14}{time.perf_counter() - began:6.2f} s {len(queries):6} queries")  # noqa: T201


def document(criteria: int) -> dict[str, Any]:
    """A table of six parts, half of its criteria counted, half given by hand."""
    each = criteria // SECTIONS
    sections = [
        {
            "code": f"S{part}",
            "kind": "BASE",
            "title": f"Phần {part}",
            "max": 2 * each,
            "criteria": [_criterion(part, number) for number in range(each)],
        }
        for part in range(SECTIONS)
    ]
    return {
        "title": "Bảng chấm điểm thử tốc độ",
        "scale_max": 2 * each * SECTIONS,
        "grades": [["Tốt", each * SECTIONS], ["Chưa đạt", 0]],
        "tie_breaks": ["share"],
        "sections": sections,
    }


def _criterion(part: int, number: int) -> dict[str, Any]:
    title = f"Nhiệm vụ được giao số {number} thuộc phần {part}"
    rule = {"code": f"S{part}.{number}", "title": title, "max": 2}
    if number % 2:
        return rule | {"kind": "deduct", "per": "0.5", "unit": "lần"}
    return rule | {"kind": "direct", "step": "0.25"}


def settle(world: World) -> Rubric:
    """An adopted year: every sheet approved with lines, every unit ranked."""
    rubric = Rubric.objects.get(bloc_year=world.bloc_year)
    criteria = list(Criterion.objects.filter(rubric=rubric))
    inputs = RankingInputs(settings=RankingSettings.from_rubric(rules_of(rubric)), units=())
    snapshot = RankingSnapshot.objects.create(
        bloc_year=world.bloc_year,
        number=1,
        rubric=rubric,
        inputs={"ranking": inputs.to_json()},
        adopted_by=world.head_leader,
    )
    for place, membership in enumerate(world.memberships):
        sheet = ScoreSheet.objects.create(
            board=world.board,
            bloc_year=world.bloc_year,
            membership=membership,
            rubric=rubric,
            status=SheetStatus.APPROVED,
            approved_at=clock.now(),
            approved_by=world.head_leader,
        )
        ScoreLine.objects.bulk_create(
            ScoreLine(sheet=sheet, criterion=each, final_input=_entered(each, place))
            for each in criteria
        )
        RankingRow.objects.create(snapshot=snapshot, membership=membership, rank=place + 1)
    world.set_status(YearStatus.CLOSED)
    return rubric


def _entered(criterion: Criterion, place: int) -> dict[str, Any]:
    mark = (place + criterion.position) % 5
    if criterion.kind == "deduct":
        return {"kind": "count", "n": mark}
    return {"kind": "direct", "points": f"{mark * 25 / 100:.2f}"}


def next_year(world: World) -> BlocYear:
    """The same bloc a year later."""
    year = world.bloc_year.year + 1
    bloc_year = make_bloc_year(world.bloc, year=year, status=YearStatus.RUNNING)
    set_term(bloc_year, world.units[0], TermKind.HEAD)
    return bloc_year


def main(criteria: int, units: int) -> None:
    print(f"{connection.vendor}: {criteria} criteria × {units} units")  # noqa: T201
    world = make_world(units, status=YearStatus.RUNNING, year=2025)
    made = create_rubric(
        actor=world.secretary, bloc_year=world.bloc_year, document=document(criteria)
    )
    issue_rubric(actor=world.head_leader, rubric=made, reason="Thử tốc độ")
    source = settle(world)
    with measured("check"):
        findings_of(source)
    with measured("copy"):
        draft = copy_rubric(actor=world.secretary, bloc_year=next_year(world), source=source)
    with measured("export"):
        workbook = export_rubric(draft)
    with measured("import: plan"):
        plan = plan_rubric_import(bloc_year=draft.bloc_year, content=workbook)
    assert not plan.errors
    assert not plan.changes
    with measured("what-if: log"):
        use = run_what_if(actor=world.board_officer, rubric=draft, years=[2025])
    client = Client()
    client.force_login(world.board_officer)
    with measured("what-if: page"):
        page = client.get(reverse("what_if_result", args=[draft.pk, use.pk]))
    assert page.status_code == 200
    assert f"Đơn vị {units}" in page.content.decode()


if __name__ == "__main__":
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        asked = [(int(sys.argv[1]), int(sys.argv[2]))] if len(sys.argv) > 2 else SIZES
        for size in asked:
            main(*size)
    finally:
        teardown_databases(databases, verbosity=0)
