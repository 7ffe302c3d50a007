"""Separating units: by total, then by the tie-break list, anew within each subgroup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from scoring.rules.enums import TieRule
from scoring.rules.numbers import show
from scoring.rules.ranking_inputs import RankingInputs
from scoring.rules.standings import BallotResult, Key, UnitStanding
from scoring.rules.tie_breaks import TOTAL, TieBreak, parse_tie_break

_WAITING = {
    TieRule.BALLOT: "Chờ kết quả bỏ phiếu.",
    TieRule.HEAD: "Chờ quyết định của Trưởng khối.",
}


@dataclass(frozen=True)
class Separation:
    """The rule that put one group behind the one before it, with both values."""

    rule: TieBreak
    ahead: str
    behind: str


@dataclass(frozen=True)
class TieGroup:
    """Units that share a place. `pending` says what could still separate them."""

    units: tuple[UnitStanding, ...]
    separation: Separation | None = None
    pending: str = ""


@dataclass(frozen=True)
class _Bucket:
    """Units that one rule finds equal, with the value it saw."""

    value: str
    units: tuple[UnitStanding, ...]


def rank_total(unit: UnitStanding, inputs: RankingInputs) -> Decimal:
    """Return the total that ranks: clamped, capped at the scale if the rubric says so."""
    total = unit.total if unit.total is not None else Decimal(0)
    return min(total, inputs.settings.scale_max) if inputs.settings.rank_capped else total


def separate(units: Sequence[UnitStanding], inputs: RankingInputs) -> list[TieGroup]:
    """Return the groups of equal place, the best first. Every unit must have a total."""
    rules = (TOTAL, *map(parse_tie_break, inputs.settings.tie_breaks))
    return _Separator(inputs, rules).groups(tuple(units)) if units else []


def idle_rules(units: Sequence[UnitStanding], inputs: RankingInputs) -> list[str]:
    """Return the rules that name a section which no unit has."""
    rules = [parse_tie_break(text) for text in inputs.settings.tie_breaks]
    known = {code for unit in units for code in unit.section_points}
    return [rule.text for rule in rules if units and rule.section and rule.section not in known]


class _Separator:
    """Applies the rules of one ranking."""

    def __init__(self, inputs: RankingInputs, rules: Sequence[TieBreak]) -> None:
        self.inputs = inputs
        self.rules = rules

    def groups(self, units: tuple[UnitStanding, ...]) -> list[TieGroup]:
        """Apply the list to units still tied, from its beginning."""
        if len(units) == 1:
            return [TieGroup(units)]
        for rule in self.rules:
            if rule.rule is TieRule.SHARE:
                break
            buckets = self._buckets(rule, units)
            if buckets is None:
                return [TieGroup(units, pending=_WAITING[rule.rule])]
            if len(buckets) > 1:
                return self._descend(rule, buckets)
        return [TieGroup(units)]

    def _descend(self, rule: TieBreak, buckets: Sequence[_Bucket]) -> list[TieGroup]:
        groups = self.groups(buckets[0].units)
        for ahead, behind in pairwise(buckets):
            first, *rest = self.groups(behind.units)
            separation = Separation(rule, ahead.value, behind.value)
            groups += [replace(first, separation=separation), *rest]
        return groups

    def _buckets(self, rule: TieBreak, units: tuple[UnitStanding, ...]) -> list[_Bucket] | None:
        """Return the units by the rule, the best first; None if it waits for people."""
        match rule.rule:
            case TieRule.BALLOT:
                return self._by_ballot(units)
            case TieRule.HEAD:
                return self._by_head(units)
        values = {unit.key: self._figure(rule, unit) for unit in units}
        if any(value is None for value in values.values()):
            return [_Bucket("", units)]
        return _sorted_buckets(
            units, lambda key: values[key] or Decimal(0), show, descending=rule.descending
        )

    def _figure(self, rule: TieBreak, unit: UnitStanding) -> Decimal | None:
        match rule.rule:
            case TieRule.TOTAL:
                return rank_total(unit, self.inputs)
            case TieRule.SECTION:
                return unit.section_points.get(rule.section)
            case TieRule.BASE:
                return unit.base
            case TieRule.PLUS:
                return unit.plus
        return unit.minus

    def _by_ballot(self, units: tuple[UnitStanding, ...]) -> list[_Bucket] | None:
        ballot = self._ballot_for(frozenset(unit.key for unit in units))
        if ballot is None:
            return None
        votes = {key: Decimal(count) for key, count in ballot.votes}
        return _sorted_buckets(units, votes.__getitem__, lambda count: f"{count} phiếu")

    def _ballot_for(self, keys: frozenset[Key]) -> BallotResult | None:
        """Return the ballot on exactly these units, or the closest one that covers them.

        Of several the later round counts; two that are equally close decide nothing.
        """
        covering = [ballot for ballot in self.inputs.ballots if keys <= ballot.candidates]
        closeness = [(-len(ballot.candidates), ballot.round) for ballot in covering]
        if not covering or closeness.count(max(closeness)) > 1:
            return None
        return covering[closeness.index(max(closeness))]

    def _by_head(self, units: tuple[UnitStanding, ...]) -> list[_Bucket] | None:
        """Apply the head's decision; the rule is passed over if the head itself is tied."""
        if any(unit.is_head for unit in units):
            return [_Bucket("", units)]
        keys = {unit.key for unit in units}
        for decision in self.inputs.head_decisions:
            if set(decision.order) == keys:
                by_key = {unit.key: unit for unit in units}
                return [_Bucket(decision.reason, (by_key[key],)) for key in decision.order]
        return None


def _sorted_buckets(
    units: Sequence[UnitStanding],
    figure: Callable[[Key], Decimal],
    written: Callable[[Decimal], str],
    *,
    descending: bool = True,
) -> list[_Bucket]:
    found: dict[Decimal, list[UnitStanding]] = {}
    for unit in units:
        found.setdefault(figure(unit.key), []).append(unit)
    return [
        _Bucket(written(value), tuple(found[value])) for value in sorted(found, reverse=descending)
    ]
