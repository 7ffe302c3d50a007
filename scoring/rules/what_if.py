"""What a draft would have made of a past year: places, grades, spread, idle criteria, caps.

Both tables are cut down to the lines that every sheet can be computed on, so that a difference
comes from the rules alone. Ballots and orders of the head are left aside: ties stay ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scoring.rules.entries import TargetInput
from scoring.rules.enums import SectionKind, Stage
from scoring.rules.grades import descending
from scoring.rules.numbers import CENT, ZERO, round_to_step
from scoring.rules.past import (
    LeftOut,
    Matching,
    Pair,
    PastSheet,
    PastTable,
    carried,
    match,
    part_of,
    share_of,
)
from scoring.rules.points import excess
from scoring.rules.ranking import Ranking, RankingInputs, RankingSettings, rank_bloc
from scoring.rules.sheet import LineFacts, SheetResult
from scoring.rules.standings import Key, standing_of
from scoring.rules.structure import RubricRules
from scoring.rules.totals import compute_sheet

__all__ = [
    "Bite",
    "ComparedRow",
    "Evenness",
    "Flat",
    "LeftOut",
    "Pair",
    "PastSheet",
    "PastTable",
    "Spread",
    "WhatIf",
    "compare",
    "spread_of",
]

_CAPS = (Stage.ITEM_MAXIMUM, Stage.SECTION, Stage.RUBRIC_CAP, Stage.CLAMP)


class Evenness(StrEnum):
    """How a criterion fails to tell units apart."""

    ALL_MAXIMUM = "all_maximum"
    ALL_ZERO = "all_zero"
    ALL_EQUAL = "all_equal"


@dataclass(frozen=True, kw_only=True)
class ComparedRow:
    """A unit, without its name, under both tables. `new_rank` None: the draft leaves it out."""

    old_rank: int
    new_rank: int | None
    old_total: Decimal
    new_total: Decimal
    old_grade: str
    new_grade: str

    @property
    def moves(self) -> bool:
        """Tell whether the unit's place changes."""
        return self.old_rank != self.new_rank

    @property
    def regraded(self) -> bool:
        """Tell whether the unit's grade changes."""
        return self.old_grade != self.new_grade


@dataclass(frozen=True)
class Spread:
    """How far totals lie apart; the deviation is that of the whole population."""

    lowest: Decimal
    median: Decimal
    highest: Decimal
    deviation: Decimal


@dataclass(frozen=True)
class Flat:
    """A criterion of the draft on which all units come out alike."""

    code: str
    title: str
    evenness: Evenness
    points: Decimal


@dataclass(frozen=True)
class Bite:
    """A bound of the draft that cut totals: of how many sheets, and by how much together.

    `place` is a code, 'PLUS' or 'MINUS', or 'FLOOR' or 'CEILING' of the whole.
    """

    stage: Stage
    place: str
    sheets: int
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """The comparison. `put_aside`: sheets that one of the tables gives no total; `ladder`: the
    names of the grades, the draft's from the top, then those that the old table alone has.
    """

    rows: tuple[ComparedRow, ...]
    compared: int
    left_out: tuple[LeftOut, ...]
    reworded: tuple[Pair, ...]
    old_share: Fraction
    new_share: Fraction
    before: Spread | None
    after: Spread | None
    flat: tuple[Flat, ...]
    bites: tuple[Bite, ...]
    put_aside: int
    ladder: tuple[str, ...]

    @property
    def moved(self) -> int:
        """How many units would stand at another place."""
        return sum(row.moves for row in self.rows)

    @property
    def regraded(self) -> int:
        """How many units would have another grade."""
        return sum(row.regraded for row in self.rows)

    @property
    def new_left_out(self) -> tuple[LeftOut, ...]:
        """The lines of the draft that are not compared."""
        return tuple(each for each in self.left_out if each.is_new)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing of either table is left out."""
        return not self.left_out


def compare(draft: RubricRules, sheets: Sequence[PastSheet]) -> WhatIf:
    """Return what the draft would have made of one past year's sheets."""
    matching = match(draft, sheets)
    new = part_of(draft, matching.compared)
    olds = _old_parts(sheets, matching)
    before = _old_results(sheets, olds)
    after = _new_results(sheets, new, matching)
    keys = [
        sheet.key
        for sheet in sheets
        if before[sheet.key].total is not None and after[sheet.key].total is not None
    ]
    whole = [sheet for sheet in sheets if sheet.key in set(keys)]
    old_rules = olds[id(whole[-1].table)] if whole else new
    rows = _rows(_ranked(old_rules, whole, before), _ranked(new, whole, after))
    return WhatIf(
        rows=rows,
        compared=len(matching.compared),
        left_out=matching.left_out,
        reworded=matching.reworded,
        old_share=min(
            (share_of(olds[id(sheet.table)], sheet.table.rules) for sheet in sheets),
            default=Fraction(0),
        ),
        new_share=share_of(new, draft),
        before=spread_of([row.old_total for row in rows]),
        after=spread_of([row.new_total for row in rows]),
        flat=_flat(new, [after[key] for key in keys]),
        bites=_bites(new, [after[key] for key in keys]),
        put_aside=len(sheets) - len(keys),
        ladder=_ladder(draft, old_rules),
    )


# ---------------------------------------------------------------- both computations


def _old_parts(sheets: Sequence[PastSheet], matching: Matching) -> dict[int, RubricRules]:
    """Return the compared part of each old table, by the table's identity."""
    tables = {id(sheet.table): sheet.table for sheet in sheets}
    return {
        key: part_of(table.rules, (table.links[code] for code in matching.compared))
        for key, table in tables.items()
    }


def _old_results(
    sheets: Sequence[PastSheet], olds: Mapping[int, RubricRules]
) -> dict[Key, SheetResult]:
    facts = {
        sheet.key: {
            code: sheet.facts[code] for code in olds[id(sheet.table)].places if code in sheet.facts
        }
        for sheet in sheets
    }
    rules = {sheet.key: olds[id(sheet.table)] for sheet in sheets}
    return _results(sheets, rules, facts)


def _new_results(
    sheets: Sequence[PastSheet], new: RubricRules, matching: Matching
) -> dict[Key, SheetResult]:
    leaves = {code: new.places[code].leaf for code in matching.compared}
    facts = {
        sheet.key: {code: carried(sheet, code, leaf) for code, leaf in leaves.items()}
        for sheet in sheets
    }
    return _results(sheets, {sheet.key: new for sheet in sheets}, facts)


def _results(
    sheets: Sequence[PastSheet],
    rules: Mapping[Key, RubricRules],
    facts: Mapping[Key, Mapping[str, LineFacts]],
) -> dict[Key, SheetResult]:
    leaders: dict[tuple[int, str], Fraction] = {}
    for sheet in sheets:
        table = rules[sheet.key]
        for code, line in facts[sheet.key].items():
            if table.places[code].leaf.relative and isinstance(line.input, TargetInput):
                place = (id(table), code)
                leaders[place] = max(leaders.get(place, Fraction(0)), excess(line.input))
    return {
        sheet.key: compute_sheet(
            rules[sheet.key],
            facts[sheet.key],
            blanks_confirmed=sheet.blanks_confirmed,
            days_late=sheet.days_late,
            leaders={
                code: value
                for (table, code), value in leaders.items()
                if table == id(rules[sheet.key])
            },
        )
        for sheet in sheets
    }


def _ranked(
    rules: RubricRules, sheets: Sequence[PastSheet], results: Mapping[Key, SheetResult]
) -> Ranking:
    units = tuple(
        standing_of(sheet.key, results[sheet.key], grounds=sheet.grounds) for sheet in sheets
    )
    return rank_bloc(RankingInputs(settings=RankingSettings.from_rubric(rules), units=units))


def _rows(before: Ranking, after: Ranking) -> tuple[ComparedRow, ...]:
    """Return the units in an order that says nothing of who they are: by places and totals."""
    new = {row.key: row for row in after.rows}
    out = {unit.key: unit.total or ZERO for unit in after.excluded}
    rows = [
        ComparedRow(
            old_rank=old.rank or 0,
            new_rank=new[old.key].rank if old.key in new else None,
            old_total=old.total or ZERO,
            new_total=(new[old.key].total or ZERO) if old.key in new else out[old.key],
            old_grade=old.grade,
            new_grade=new[old.key].grade if old.key in new else "",
        )
        for old in before.rows
    ]
    return tuple(sorted(rows, key=_order))


def _order(row: ComparedRow) -> tuple[bool, int, int, Decimal, Decimal, str, str]:
    is_out = row.new_rank is None
    return (
        *(is_out, row.new_rank or 0, row.old_rank, -row.new_total, -row.old_total),
        *(row.new_grade, row.old_grade),
    )


# ---------------------------------------------------------------- what it shows


def _ladder(*tables: RubricRules) -> tuple[str, ...]:
    """Return the names of the grades, each once, of the first table first."""
    names = (band.name for table in tables for band in descending(table.grades))
    return tuple(dict.fromkeys(names))


def spread_of(totals: Sequence[Decimal]) -> Spread | None:
    """Return lowest, median, highest and deviation, exact up to the last rounding."""
    if not totals:
        return None
    ordered = sorted(Fraction(total) for total in totals)
    count = len(ordered)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    mean = sum(ordered, Fraction(0)) / count
    variance = sum(((each - mean) ** 2 for each in ordered), Fraction(0)) / count
    return Spread(min(totals), round_to_step(middle, CENT), max(totals), _root(variance))


def _root(value: Fraction) -> Decimal:
    """Return the square root with two places, halves up: never through a float."""
    doubled = int(Decimal(int(value * 40_000)).sqrt())
    return Decimal((doubled + 1) // 2) / 100


def _flat(rules: RubricRules, results: Sequence[SheetResult]) -> tuple[Flat, ...]:
    """Return the criteria on which all units have the same points; of one unit none."""
    if len(results) < 2:
        return ()
    titles = {
        criterion.code: criterion.title
        for section in rules.sections
        for criterion in section.criteria
    }
    found = []
    for items in zip(*(result.items for result in results), strict=True):
        first = items[0]
        if len({(item.counted, item.maximum, item.not_applicable) for item in items}) == 1:
            found.append(
                Flat(
                    first.code,
                    titles[first.code],
                    _evenness(first.counted, first.maximum),
                    first.counted,
                )
            )
    return tuple(found)


def _evenness(points: Decimal, maximum: Decimal) -> Evenness:
    if points == 0:
        return Evenness.ALL_ZERO
    return Evenness.ALL_MAXIMUM if points == maximum else Evenness.ALL_EQUAL


def _bites(rules: RubricRules, results: Sequence[SheetResult]) -> tuple[Bite, ...]:
    """Return the bounds that cut, in the order in which they are applied."""
    found: dict[tuple[Stage, str], list[Decimal]] = {}
    for result in results:
        for step in result.steps:
            if step.stage in _CAPS and step.bites:
                place = step.place or ("CEILING" if step.after < step.before else "FLOOR")
                found.setdefault((step.stage, place), []).append(abs(step.before - step.after))
    places = _in_order(rules)
    ordered = sorted(found, key=lambda each: (_CAPS.index(each[0]), places.index(each[1])))
    return tuple(
        Bite(stage, place, len(found[stage, place]), sum(found[stage, place], ZERO))
        for stage, place in ordered
    )


def _in_order(rules: RubricRules) -> list[str]:
    criteria = [criterion.code for section in rules.sections for criterion in section.criteria]
    sections = [section.code for section in rules.sections]
    kinds = [kind.value for kind in SectionKind]
    return [*criteria, *sections, *kinds, "CEILING", "FLOOR"]
