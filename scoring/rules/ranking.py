"""The ranking of a bloc: one pure function from stored inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.rules.enums import GroundEffect, RankStyle, TieRule
from scoring.rules.grades import Graded, cap_shares, descending, grade_unit
from scoring.rules.plain import PlainForm
from scoring.rules.ranking_inputs import RankingInputs, RankingSettings
from scoring.rules.standings import (
    BallotResult,
    GradeDecision,
    HeadDecision,
    Key,
    UnitStanding,
    standing_of,
)
from scoring.rules.ties import Separation, TieGroup, idle_rules, rank_total, separate

__all__ = [
    "BallotResult",
    "ExcludedUnit",
    "GradeDecision",
    "HeadDecision",
    "Key",
    "Placement",
    "RankRow",
    "Ranking",
    "RankingInputs",
    "RankingSettings",
    "UnitStanding",
    "rank",
    "rank_bloc",
    "standing_of",
]

DisplayKey = Callable[[Key], Any]


@dataclass(frozen=True)
class Placement(PlainForm):
    """How a unit stands to a neighbour: 'above' it, 'below' it, or 'beside' it (tied)."""

    relation: str
    others: tuple[Key, ...]
    rule: str
    own: str
    theirs: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RankRow(PlainForm):
    """A unit in the table. `rank` None: its sheet is not fully scored."""

    key: Key
    rank: int | None
    is_tied: bool
    tie_pending: str
    total: Decimal | None
    rank_total: Decimal | None
    base: Decimal | None
    plus: Decimal | None
    minus: Decimal | None
    grade: str
    grade_by_points: str
    grade_pending: str
    placed_by: tuple[Placement, ...]
    why_not_higher: tuple[str, ...]
    sanctioned: bool
    no_award: tuple[str, ...]
    needs_decision: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ExcludedUnit(PlainForm):
    """A unit that was not considered, and why."""

    key: Key
    total: Decimal | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Ranking(PlainForm):
    """The table of a bloc: units by rank, then those not yet scored; apart, the excluded."""

    rows: tuple[RankRow, ...]
    excluded: tuple[ExcludedUnit, ...]
    grade_order: tuple[str, ...]
    warnings: tuple[str, ...]

    def row(self, key: Key) -> RankRow:
        """Return the row of a unit."""
        return next(row for row in self.rows if row.key == key)

    @property
    def ranked(self) -> tuple[RankRow, ...]:
        """The rows with a rank, the best first."""
        return tuple(row for row in self.rows if row.rank is not None)

    @property
    def ties_pending(self) -> tuple[tuple[Key, ...], ...]:
        """The groups whose order waits for a ballot or for the head."""
        groups: dict[int | None, list[Key]] = {}
        for row in self.rows:
            if row.tie_pending:
                groups.setdefault(row.rank, []).append(row.key)
        return tuple(tuple(keys) for keys in groups.values())


def rank(
    units: Sequence[UnitStanding],
    settings: RankingSettings,
    ballots: Sequence[BallotResult] = (),
    head_decisions: Sequence[HeadDecision] = (),
    display_key: DisplayKey | None = None,
) -> Ranking:
    """Return the ranking of units under settings; see `rank_bloc`."""
    inputs = RankingInputs(
        settings=settings,
        units=tuple(units),
        ballots=tuple(ballots),
        head_decisions=tuple(head_decisions),
    )
    return rank_bloc(inputs, display_key)


def rank_bloc(inputs: RankingInputs, display_key: DisplayKey | None = None) -> Ranking:
    """Return the ranking that follows from the inputs, whatever order they come in.

    `display_key` orders units of equal rank on the page and decides nothing.
    """
    units = sorted(inputs.units, key=lambda unit: _shown_first(unit, display_key))
    considered = [unit for unit in units if not unit.exclusions]
    groups = separate([unit for unit in considered if unit.total is not None], inputs)
    own = {unit.key: _grade(unit, inputs) for group in groups for unit in group.units}
    capped = cap_shares(inputs, [[unit.key for unit in group.units] for group in groups], own)
    unscored = [_unscored_row(unit) for unit in considered if unit.total is None]
    return Ranking(
        rows=(*_ranked_rows(groups, inputs, capped.grades), *unscored),
        excluded=tuple(
            ExcludedUnit(unit.key, unit.total, unit.exclusions) for unit in units if unit.exclusions
        ),
        grade_order=tuple(band.name for band in descending(inputs.settings.grades)),
        warnings=(*capped.warnings, *_idle_warnings(considered, inputs)),
    )


def _shown_first(unit: UnitStanding, display_key: DisplayKey | None) -> Any:
    """Return the display order; without the caller's, one that is at least stable."""
    wanted = display_key(unit.key) if display_key else 0
    return wanted, str(type(unit.key)), unit.key


def _grade(unit: UnitStanding, inputs: RankingInputs) -> Graded:
    return grade_unit(unit, rank_total(unit, inputs), inputs.settings.grades)


def _idle_warnings(units: Sequence[UnitStanding], inputs: RankingInputs) -> tuple[str, ...]:
    return tuple(
        f"Quy tắc phân hạng “{rule}” bị bỏ qua: bảng chấm điểm không có phần này."
        for rule in idle_rules(units, inputs)
    )


def _ranked_rows(
    groups: Sequence[TieGroup], inputs: RankingInputs, grades: Mapping[Key, Graded]
) -> list[RankRow]:
    rows: list[RankRow] = []
    dense = inputs.settings.rank_style is RankStyle.DENSE
    for place, group in enumerate(groups):
        number = (place if dense else len(rows)) + 1
        neighbours = _neighbours(groups, place)
        for unit in group.units:
            placed_by = (*neighbours, *_beside(unit, group))
            rows.append(_row(unit, number, group, rank_total(unit, inputs), grades, placed_by))
    return rows


def _row(
    unit: UnitStanding,
    number: int,
    group: TieGroup,
    ranked_on: Decimal,
    grades: Mapping[Key, Graded],
    placed_by: tuple[Placement, ...],
) -> RankRow:
    graded = grades[unit.key]
    return RankRow(
        **_facts(unit),
        rank=number,
        is_tied=len(group.units) > 1,
        tie_pending=group.pending,
        rank_total=ranked_on,
        grade=graded.grade,
        grade_by_points=graded.by_points,
        grade_pending=graded.pending,
        placed_by=placed_by,
        why_not_higher=graded.why_not_higher,
        notes=tuple(ground.text for ground in unit.grounds),
    )


def _unscored_row(unit: UnitStanding) -> RankRow:
    missing = f"còn {unit.missing} tiêu chí chưa chấm" if unit.missing else "chưa có tổng điểm"
    return RankRow(
        **_facts(unit),
        rank=None,
        is_tied=False,
        tie_pending="",
        rank_total=None,
        grade="",
        grade_by_points="",
        grade_pending="",
        placed_by=(),
        why_not_higher=(),
        notes=(missing, *(ground.text for ground in unit.grounds)),
    )


def _facts(unit: UnitStanding) -> dict[str, Any]:
    """Return what a row takes from its unit as it is."""
    return {
        "key": unit.key,
        "total": unit.total,
        "base": unit.base,
        "plus": unit.plus,
        "minus": unit.minus,
        "sanctioned": bool(unit.sanctions),
        "no_award": tuple(g.text for g in unit.grounds_with(GroundEffect.NO_AWARD)),
        "needs_decision": tuple(g.text for g in unit.grounds_with(GroundEffect.NEEDS_DECISION)),
    }


def _neighbours(groups: Sequence[TieGroup], place: int) -> tuple[Placement, ...]:
    """Return how a group stands to the one above it and the one below it."""
    found = []
    above = groups[place].separation
    if above:
        found.append(_behind(above, _keys(groups[place - 1])))
    below = groups[place + 1].separation if place + 1 < len(groups) else None
    if below:
        found.append(_ahead(below, _keys(groups[place + 1])))
    return tuple(found)


def _behind(by: Separation, others: tuple[Key, ...]) -> Placement:
    text = f"Xếp sau đơn vị liền trên {_compared(by, by.behind, by.ahead)}."
    return Placement("above", others, by.rule.text, by.behind, by.ahead, text)


def _ahead(by: Separation, others: tuple[Key, ...]) -> Placement:
    text = f"Xếp trước đơn vị liền dưới {_compared(by, by.ahead, by.behind)}."
    return Placement("below", others, by.rule.text, by.ahead, by.behind, text)


def _compared(by: Separation, own: str, theirs: str) -> str:
    """Return what decided, with both values: 'theo điểm trừ: 1,00 so với 2,00'."""
    label = by.rule.label[:1].lower() + by.rule.label[1:]
    if by.rule.rule is TieRule.HEAD:
        return f"theo {label}: {by.ahead}"
    return f"theo {label}: {own} so với {theirs}"


def _beside(unit: UnitStanding, group: TieGroup) -> tuple[Placement, ...]:
    others = tuple(key for key in _keys(group) if key != unit.key)
    if not others:
        return ()
    equal = "Bằng nhau theo mọi quy tắc phân hạng, cùng hạng."
    text = f"Tạm cùng hạng. {group.pending}" if group.pending else equal
    return (Placement("beside", others, TieRule.SHARE, "", "", text),)


def _keys(group: TieGroup) -> tuple[Key, ...]:
    return tuple(unit.key for unit in group.units)
