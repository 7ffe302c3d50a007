"""A second version of the scene's table, issued while sheets stand on the first."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scoring.models import Criterion, Evidence, PointChange, Rubric, ScoreLine, Section
from scoring.selectors.rubrics import errors_of
from scoring.services.rubrics import copy_rubric, issue_rubric
from tests.factories import World

D = Decimal
Change = Callable[[Rubric], None]


def next_version(world: World, *changes: Change) -> Rubric:
    """Draft the next version as a copy, change it and issue it."""
    source = Rubric.objects.get(bloc_year=world.bloc_year, status="issued")
    rubric = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=source)
    for change in changes:
        change(rubric)
    return issue_rubric(
        actor=world.head_leader,
        rubric=rubric,
        document_number="15/QĐ",
        reason="Sửa",
        waivers={finding.key: "Sửa" for finding in errors_of(rubric)},
    )


def alter(code: str, /, **columns: Any) -> Change:
    """Change columns of a criterion."""

    def act(rubric: Rubric) -> None:
        Criterion.objects.filter(rubric=rubric, code=code).update(**columns)

    return act


def drop(code: str) -> Change:
    """Drop a criterion from the draft."""

    def act(rubric: Rubric) -> None:
        Criterion.objects.filter(rubric=rubric, code=code).delete()

    return act


def add(code: str, section: str, **columns: Any) -> Change:
    """Add a criterion to the draft."""

    def act(rubric: Rubric) -> None:
        values = {
            "title": f"Tiêu chí {code}",
            "kind": "passfail",
            "max_points": D(2),
            "position": 9,
        }
        place = Section.objects.get(rubric=rubric, code=section)
        Criterion.objects.create(rubric=rubric, section=place, code=code, **values | columns)

    return act


def entered(sheet_id: int) -> dict[str, Any]:
    """Everything that was ever entered on a sheet, counted."""
    lines = ScoreLine.objects.filter(sheet=sheet_id)
    told = [
        document
        for line in lines
        for document in (line.self_input, (line.kept_input or {}).get("self"))
        if document
    ]
    return {
        "inputs": sorted(str(sorted(each.items())) for each in told),
        "notes": sorted(filter(None, lines.values_list("self_note", flat=True))),
        "evidence": sorted(
            Evidence.objects.filter(line__sheet=sheet_id).values_list("pk", flat=True)
        ),
    }


def history(sheet_id: int) -> set[tuple[Any, ...]]:
    """Every recorded change of points."""
    rows = PointChange.objects.filter(line__sheet=sheet_id)
    return set(rows.values_list("pk", "stage", "old_points", "new_points", "line_id"))
