"""Cross-checks dealt out: who checks whose sheet, evenly, and no two units each other's.

Pure and repeatable: the same units, people and number give the same dealing on any machine.
The units stand in a ring whose order follows from the number; each sheet goes to the units that
come next in the ring. That alone is even and free of pairs where every unit sends somebody and
2·k is less than their number. Everywhere else the dealing is then bettered step by step, from
several rings, until no change of one place and no exchange of two makes it better.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

RINGS = 6
MOST_STEPS = 1000
Move = tuple[int, int, int]
"""A sheet, one of its places, the unit that takes it."""
Edge = tuple[int, int]
"""A unit and the sheet that it checks."""

STANDING = "Cả hai phân công này đã có từ trước."
NO_OTHER = "Hai bảng này không còn đơn vị nào khác kiểm tra được."
TOO_MANY = "Số lượt kiểm tra nhiều hơn số cặp đơn vị nên không thể tránh hết."
ANOTHER_NUMBER = "Cách chia khác có thể tránh được; đề nghị thử đổi “Cách chia số”."


@dataclass(frozen=True, slots=True)
class Checker:
    """A person who may be assigned: ``unit`` sends him or her."""

    key: int
    unit: int


@dataclass(frozen=True, slots=True)
class Check:
    """The sheet of unit ``sheet`` is checked by person ``checker``, sent by ``unit``."""

    sheet: int
    checker: int
    unit: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units that check each other's sheets, and why that could not be avoided."""

    one: int
    other: int
    why: str


@dataclass(frozen=True, slots=True)
class Dealing:
    """What was dealt: ``checks`` are the new ones, in the order of the sheets.

    ``load`` counts by unit how many sheets it checks, those given before included; ``pairs`` are
    units that check each other; ``short`` how many checkers a sheet lacks.
    """

    checks: tuple[Check, ...]
    load: dict[int, int]
    pairs: tuple[Pair, ...] = ()
    short: dict[int, int] = field(default_factory=dict)

    @property
    def spread(self) -> int:
        """How many sheets more the busiest unit checks than the least busy one."""
        return max(self.load.values(), default=0) - min(self.load.values(), default=0)


def deal(
    sheets: Sequence[int],
    checkers: Sequence[Checker],
    *,
    per_sheet: int,
    number: int,
    given: Collection[Check] = (),
    barred: Collection[tuple[int, int]] = (),
) -> Dealing:
    """Return a dealing of ``per_sheet`` checking units to each of ``sheets`` (the units' keys).

    ``given`` are assignments that stand already, on any sheet: they count, and are not touched.
    ``barred`` are (sheet, person) that may not meet. Nobody checks the sheet of the unit that sends
    him or her. In this order: as few places as possible stay empty, as few pairs of units as
    possible check each other, the load is as even as possible.
    """
    who = _Who(checkers, given, barred)
    sheets = list(dict.fromkeys(sheets))
    hands = [
        _bettered(_Hand(who, sheets, per_sheet, _ring({*sheets, *who.people}, f"{number}-{turn}")))
        for turn in range(RINGS)
    ]
    best = min(hands, key=lambda hand: hand.badness)
    return Dealing(
        checks=tuple(_with_people(best, who, number)),
        load={unit: best.load[unit] for unit in who.people},
        pairs=tuple(_pairs_of(best, who)),
        short=best.short,
    )


def _ring(keys: Iterable[int], number: str) -> list[int]:
    """Return the keys in an order that follows from the number, and from nothing else."""
    return sorted(keys, key=lambda key: _digest(f"{number}/{key}"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Who:
    """The fixed part of a dealing: who may check what, what stands already."""

    def __init__(
        self,
        checkers: Sequence[Checker],
        given: Collection[Check],
        barred: Collection[tuple[int, int]],
    ) -> None:
        self.given, self.barred = list(given), frozenset(barred)
        self.people: dict[int, list[int]] = defaultdict(list)
        for each in checkers:
            self.people[each.unit].append(each.key)

    def units_for(self, sheet: int) -> list[int]:
        """Return the units that can send somebody to a sheet and have not yet."""
        sent = {check.unit for check in self.given if check.sheet == sheet}
        return [
            unit
            for unit in self.people
            if unit != sheet and unit not in sent and self.people_for(sheet, unit)
        ]

    def people_for(self, sheet: int, unit: int) -> list[int]:
        """Return whom a unit can send to a sheet."""
        return [who for who in self.people[unit] if (sheet, who) not in self.barred]

    def sent_to(self, sheet: int) -> int:
        """Return how many check a sheet already."""
        return sum(check.sheet == sheet for check in self.given)


class _Hand:
    """A dealing in the making: by sheet its units, with load and edges kept up to date."""

    def __init__(self, who: _Who, sheets: Sequence[int], per_sheet: int, ring: list[int]) -> None:
        self.able = {sheet: who.units_for(sheet) for sheet in sheets}
        self.senders = list(who.people)
        self.edges = {(check.unit, check.sheet) for check in who.given}
        self.load: Counter[int] = Counter(check.unit for check in who.given)
        self.dealt: dict[int, list[int]] = {}
        self.short: dict[int, int] = {}
        for sheet in sheets:
            wanted = max(0, per_sheet - who.sent_to(sheet))
            here = ring.index(sheet)
            after = [each for each in ring[here + 1 :] + ring[:here] if each in self.able[sheet]]
            self.dealt[sheet] = after[:wanted]
            if len(after) < wanted:
                self.short[sheet] = wanted - len(after)
        for sheet, units in self.dealt.items():
            self.edges.update((unit, sheet) for unit in units)
            self.load.update(units)
        self.pairs = sum((b, a) in self.edges for a, b in self.edges) // 2
        self.squares = sum(each * each for each in self.load.values())

    @property
    def badness(self) -> tuple[int, int]:
        """Pairs first, then how uneven the load is: of one sum, even loads have least squares."""
        return (self.pairs, self.squares)

    @property
    def is_best(self) -> bool:
        """Whether nothing can be better: no pairs, and loads that differ by one at most."""
        loads = [self.load[unit] for unit in self.senders]
        return self.pairs == 0 and max(loads, default=0) - min(loads, default=0) <= 1

    def apply(self, moves: Sequence[Move]) -> list[Move]:
        """Make moves in place, and return those that undo them."""
        undo = [(sheet, place, self.dealt[sheet][place]) for sheet, place, _ in moves]
        for sheet, _, unit in undo:
            self._take(unit, sheet)
        for sheet, place, unit in moves:
            self.dealt[sheet][place] = unit
            self._give(unit, sheet)
        return undo

    def _take(self, unit: int, sheet: int) -> None:
        self.edges.remove((unit, sheet))
        self.pairs -= (sheet, unit) in self.edges
        self.squares -= 2 * self.load[unit] - 1
        self.load[unit] -= 1

    def _give(self, unit: int, sheet: int) -> None:
        self.pairs += (sheet, unit) in self.edges
        self.edges.add((unit, sheet))
        self.squares += 2 * self.load[unit] + 1
        self.load[unit] += 1

    def moves(self) -> Iterator[list[Move]]:
        """Yield every change of one place, then every exchange of two."""
        places = [(sheet, at) for sheet, units in self.dealt.items() for at in range(len(units))]
        for sheet, place in places:
            yield from (
                [(sheet, place, unit)] for unit in self.able[sheet] if self.lacks(sheet, unit)
            )
        for (sheet, place), (other, there) in combinations(places, 2):
            mine, theirs = self.dealt[sheet][place], self.dealt[other][there]
            if self.lacks(sheet, theirs) and self.lacks(other, mine):
                yield [(sheet, place, theirs), (other, there, mine)]

    def lacks(self, sheet: int, unit: int) -> bool:
        """Tell whether a unit can check a sheet and does not."""
        return unit in self.able[sheet] and unit not in self.dealt[sheet]


def _bettered(hand: _Hand) -> _Hand:
    """Make the first move that betters the dealing, again and again, until none does."""
    for _ in range(MOST_STEPS):
        if hand.is_best or not _better(hand):
            break
    return hand


def _better(hand: _Hand) -> bool:
    now = hand.badness
    for moves in hand.moves():
        undo = hand.apply(moves)
        if hand.badness < now:
            return True
        hand.apply(undo)
    return False


def _with_people(hand: _Hand, who: _Who, number: int) -> Iterator[Check]:
    """Yield the new checks, each with whoever of its unit checks least so far."""
    busy = Counter(check.checker for check in who.given)
    for sheet, units in hand.dealt.items():
        for unit in units:
            able = who.people_for(sheet, unit)
            chosen = min(able, key=lambda each: (busy[each], _digest(f"{number}/{each}")))
            busy[chosen] += 1
            yield Check(sheet, chosen, unit)


# ---------------------------------------------------------------- pairs that are left


def _pairs_of(hand: _Hand, who: _Who) -> Iterator[Pair]:
    """Yield the units that still check each other, each with the reason."""
    given = {(check.unit, check.sheet) for check in who.given}
    fixed = given | {
        (unit, sheet)
        for sheet, units in hand.dealt.items()
        if len(units) == len(hand.able[sheet])
        for unit in units
    }
    possible = given | {(unit, sheet) for sheet, units in hand.able.items() for unit in units}
    too_many = len(hand.edges) > len({frozenset(edge) for edge in possible})
    for one, other in sorted(edge for edge in hand.edges if edge[0] < edge[1]):
        both = {(one, other), (other, one)}
        if both <= hand.edges:
            yield Pair(one, other, _why(both, given, fixed, too_many=too_many))


def _why(both: set[Edge], given: set[Edge], fixed: set[Edge], *, too_many: bool) -> str:
    if both <= given:
        return STANDING
    if both <= fixed:
        return NO_OTHER
    return TOO_MANY if too_many else ANOTHER_NUMBER
