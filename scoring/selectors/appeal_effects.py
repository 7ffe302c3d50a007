"""What a corrected result changed, in words: lines of a sheet, totals and places of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from emulation.vietnamese import format_points
from scoring.models import RankingRow, RankingSnapshot, ScoreLine
from scoring.rules.inputs import describe, from_json
from scoring.rules.rubric import RubricRules


@dataclass(frozen=True, slots=True)
class LineEffect:
    """A line before and after: what was entered, the points."""

    code: str
    title: str
    entered_before: str
    entered_after: str
    points_before: str
    points_after: str

    def __str__(self) -> str:
        return f"{self.code}: {self.entered_after}, {self.points_before} → {self.points_after}"


@dataclass(frozen=True, slots=True)
class PlaceEffect:
    """A unit's total, place and grade: "95,00 → 96,50", or once where it stays."""

    unit: str
    total: str
    place: str
    grade: str

    def __str__(self) -> str:
        return f"{self.unit}: {self.total}; {self.place}; {self.grade}"


def line_effects(
    lines: Iterable[ScoreLine],
    rules: RubricRules,
    before: Mapping[int, tuple[Any, Decimal | None]],
) -> tuple[LineEffect, ...]:
    """Return the lines whose final input or points differ from ``before``, in their order."""
    effects = []
    for line in lines:
        entered, points = before[line.pk]
        if (entered, points) == (line.final_input, line.final_points):
            continue
        leaf = rules.places[line.criterion.code].leaf
        effects.append(
            LineEffect(
                code=leaf.code,
                title=leaf.title,
                entered_before=describe(leaf, from_json(leaf, entered)),
                entered_after=describe(leaf, from_json(leaf, line.final_input)),
                points_before=format_points(points),
                points_after=format_points(line.final_points),
            )
        )
    return tuple(effects)


def place_effects(
    before: RankingSnapshot | None, after: RankingSnapshot | None
) -> tuple[PlaceEffect, ...]:
    """Return the units that stand otherwise in two adopted tables. Two queries."""
    old, new = _rows(before), _rows(after)
    pairs = ((old[key], row) for key, row in new.items() if key in old)
    return tuple(_effect(was, now) for was, now in pairs if _standing(was) != _standing(now))


def _rows(snapshot: RankingSnapshot | None) -> dict[int, RankingRow]:
    rows = RankingRow.objects.filter(snapshot=snapshot).select_related("membership__unit")
    return {row.membership_id: row for row in rows.order_by("rank", "membership__sorting", "pk")}


def _standing(row: RankingRow) -> tuple[object, ...]:
    return (row.total, row.rank, row.is_tied, row.grade)


def _effect(was: RankingRow, now: RankingRow) -> PlaceEffect:
    return PlaceEffect(
        unit=now.membership.unit_name,
        total=_moved(format_points(was.total), format_points(now.total)),
        place=_moved(_place(was), _place(now)),
        grade=_moved(was.grade, now.grade),
    )


def _moved(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _place(row: RankingRow) -> str:
    if row.rank is None:
        return "không xếp hạng"
    return f"thứ {row.rank} (đồng hạng)" if row.is_tied else f"thứ {row.rank}"
