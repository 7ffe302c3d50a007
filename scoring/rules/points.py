"""The points of one line, from its rule and its input."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.entries import (
    ChoiceInput,
    CountInput,
    DirectInput,
    EventsInput,
    LineInput,
    NotApplicableInput,
    PassFailInput,
    RatioInput,
    TargetInput,
)
from scoring.rules.enums import CriterionKind, NotApplicable, SectionKind
from scoring.rules.numbers import ZERO, InputError, quantize, round_to_step
from scoring.rules.structure import CriterionRules


@dataclass(frozen=True, slots=True)
class LineResult:
    """What a line is worth on its own. `points` None: not scored, or out of the maximum.

    `pending`: the points wait for the figures of the units that this one is measured against.
    """

    points: Decimal | None
    not_applicable: bool = False
    excluded: bool = False
    knocked_out: bool = False
    pending: bool = False

    @property
    def is_scored(self) -> bool:
        """Tell whether the line has been dealt with."""
        return self.points is not None or self.excluded


def line_points(
    rule: CriterionRules,
    inp: LineInput | None,
    section: SectionKind = SectionKind.BASE,
    leader: Fraction | None = None,
) -> LineResult:
    """Return the points of one line.

    Of a minus item they are a positive magnitude. `leader` is, of a relative target, by how
    much of its target the unit that exceeds it most does so; None while that is not known.
    Raises `InputError` if the input is not one of this rule's kind.
    """
    if inp is None:
        return LineResult(None)
    if _nothing_arose(inp):
        return _not_applicable(rule, section)
    if rule.relative and isinstance(inp, TargetInput):
        return _relative_points(rule, inp, leader)
    points = quantize(_points(rule, inp))
    return LineResult(points, knocked_out=_knocks_out(rule, inp))


def _nothing_arose(inp: LineInput) -> bool:
    match inp:
        case RatioInput():
            return inp.is_over_zero
        case EventsInput():
            return inp.is_empty
    return isinstance(inp, NotApplicableInput)


def _not_applicable(rule: CriterionRules, section: SectionKind) -> LineResult:
    """Apply the policy. What did not arise neither earns a bonus nor costs a penalty."""
    if section is not SectionKind.BASE:
        return LineResult(ZERO, not_applicable=True)
    match rule.not_applicable:
        case NotApplicable.FULL:
            return LineResult(quantize(rule.max_points), not_applicable=True)
        case NotApplicable.ZERO:
            return LineResult(ZERO, not_applicable=True)
    return LineResult(None, not_applicable=True, excluded=True)


def _points(rule: CriterionRules, inp: LineInput) -> Decimal:
    match inp:
        case DirectInput(points) if rule.kind is CriterionKind.DIRECT:
            return points
        case CountInput(n) if rule.kind is CriterionKind.DEDUCT:
            return max(ZERO, rule.max_points - _per(rule) * n)
        case CountInput(n) if rule.kind is CriterionKind.COUNT:
            return min(rule.max_points, _per(rule) * n)
        case ChoiceInput(index) if rule.kind is CriterionKind.CHOICE:
            return _level_points(rule, index)
        case PassFailInput(passed) if rule.kind is CriterionKind.PASSFAIL:
            return rule.max_points if passed else ZERO
        case RatioInput() if rule.kind is CriterionKind.RATIO:
            return _ratio_points(rule, _share(inp))
        case TargetInput(actual, target) if rule.kind is CriterionKind.TARGET:
            return _target_points(rule, actual, target)
        case EventsInput(cases) if rule.kind is CriterionKind.EVENT_AVERAGE:
            return _average_points(rule, cases)
    raise InputError(f"Dữ liệu của tiêu chí {rule.code} không đúng với cách chấm.")


def _level_points(rule: CriterionRules, index: int) -> Decimal:
    if not 0 <= index < len(rule.levels):
        raise InputError("Chọn một mức trong danh sách.", "level")
    return rule.levels[index].points


def _per(rule: CriterionRules) -> Decimal:
    return rule.per if rule.per is not None else ZERO


def _share(inp: RatioInput) -> Fraction:
    """Return the exact share, at most 1."""
    if inp.percent is not None:
        return min(Fraction(1), Fraction(inp.percent) / 100)
    if inp.numerator is None or inp.denominator is None:
        raise InputError("Ghi cả số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.")
    return min(Fraction(1), Fraction(inp.numerator) / Fraction(inp.denominator))


def _ratio_points(rule: CriterionRules, share: Fraction) -> Decimal:
    if not rule.ladder:
        return _proportional(rule, share)
    reached = [rung for rung in rule.ladder if share >= Fraction(rung[0])]
    return max(reached)[1] if reached else ZERO


def _target_points(rule: CriterionRules, actual: Decimal, target: Decimal) -> Decimal:
    if target == 0:
        raise InputError("Chỉ tiêu phải lớn hơn 0.", "target")
    return _proportional(rule, min(Fraction(1), Fraction(actual) / Fraction(target)))


def _average_points(rule: CriterionRules, cases: tuple[int, ...]) -> Decimal:
    """Return the exact mean of the cases' points, rounded to the step."""
    if len(cases) != len(rule.levels):
        raise InputError(f"Dữ liệu của tiêu chí {rule.code} không đúng với cách chấm.")
    points = sum(
        (Fraction(level.points) * count for level, count in zip(rule.levels, cases, strict=True)),
        Fraction(0),
    )
    return min(rule.max_points, round_to_step(points / sum(cases), rule.step))


def excess(inp: TargetInput) -> Fraction:
    """Return by how much of the target it was exceeded: (A - T) / T; below 0 if it was missed."""
    if inp.target == 0:
        raise InputError("Chỉ tiêu phải lớn hơn 0.", "target")
    return (Fraction(inp.actual) - Fraction(inp.target)) / Fraction(inp.target)


def _relative_points(rule: CriterionRules, inp: TargetInput, leader: Fraction | None) -> LineResult:
    """Return half the maximum for the target met, and the rest by the share of the leader's excess.

    Below the target: half the maximum times A/T, which no other unit's figures change.
    """
    own, half = excess(inp), Fraction(rule.max_points) / 2
    if own <= 0:
        share = half * (1 + own)
    elif leader is None:
        return LineResult(None, pending=True)
    else:
        share = half + half * own / max(own, leader)
    points = min(rule.max_points, round_to_step(share, rule.step))
    return LineResult(quantize(points))


def _proportional(rule: CriterionRules, share: Fraction) -> Decimal:
    """Return share · max rounded to the step, never above the maximum."""
    rounded = round_to_step(share * Fraction(rule.max_points), rule.step)
    return min(rule.max_points, rounded)


def _knocks_out(rule: CriterionRules, inp: LineInput) -> bool:
    return isinstance(inp, ChoiceInput) and rule.levels[inp.level].knocks_out


def highest_points(rule: CriterionRules) -> Decimal:
    """Return the most that a line of this kind can come to; without a kind, its maximum."""
    match rule.kind:
        case CriterionKind.CHOICE | CriterionKind.EVENT_AVERAGE:
            return max(level.points for level in rule.levels)
        case CriterionKind.RATIO if rule.ladder:
            return max(points for _, points in rule.ladder)
        case CriterionKind.RATIO | CriterionKind.TARGET:
            return _proportional(rule, Fraction(1))
        case CriterionKind.DIRECT:
            return rule.max_points - rule.max_points % rule.step
        case CriterionKind.COUNT if not rule.per:
            return ZERO
    return rule.max_points


def incident_happened(rule: CriterionRules, inp: LineInput | None) -> bool:
    """Tell whether a minus item's deed took place, whatever it costs."""
    if isinstance(inp, CountInput):
        return inp.n > 0
    points = line_points(rule, inp, SectionKind.MINUS).points
    return (isinstance(inp, PassFailInput) and inp.passed) or bool(points)
