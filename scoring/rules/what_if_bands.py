"""A comparison without its units: how many move how far, how many have which grade.

Whoever knows the published table recognises a unit by its old place or total, and would read its
new one beside it. The members of a bloc therefore see counts alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from scoring.rules.what_if import ComparedRow, WhatIf

FAR = 3


class Move(StrEnum):
    """How far a unit's place moves, in bands."""

    FAR_UP = "far_up"
    UP = "up"
    SAME = "same"
    DOWN = "down"
    FAR_DOWN = "far_down"
    OUT = "out"


@dataclass(frozen=True)
class GradeCount:
    """How many units have a grade under the old table and under the draft; "" is no grade."""

    name: str
    before: int
    after: int


def by_move(result: WhatIf) -> tuple[tuple[Move, int], ...]:
    """Return how many units move how far, every band named; far is three places or more."""
    counts = Counter(map(_move, result.rows))
    return tuple((move, counts[move]) for move in Move)


def _move(row: ComparedRow) -> Move:
    if row.new_rank is None:
        return Move.OUT
    places = row.old_rank - row.new_rank
    if places == 0:
        return Move.SAME
    if places > 0:
        return Move.FAR_UP if places >= FAR else Move.UP
    return Move.FAR_DOWN if places <= -FAR else Move.DOWN


def by_grade(result: WhatIf) -> tuple[GradeCount, ...]:
    """Return how many units have each grade; units without a grade last, where there are any."""
    before = Counter(row.old_grade for row in result.rows)
    after = Counter(row.new_grade for row in result.rows)
    others = sorted({*before, *after} - set(result.ladder), reverse=True)
    return tuple(GradeCount(name, before[name], after[name]) for name in (*result.ladder, *others))
