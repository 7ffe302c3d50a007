"""Rules and inputs as Vietnamese sentences."""

from __future__ import annotations

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
from scoring.rules.enums import CriterionKind, SectionKind
from scoring.rules.numbers import CENT, short, show_percent
from scoring.rules.structure import CriterionRules

OVER_WHOLE = "Tỷ lệ trên 100%: đề nghị xem lại số đã nhập."
_HUNDRED = Decimal(100)
_DEFAULT_UNITS = {
    CriterionKind.DEDUCT: "lỗi",
    CriterionKind.COUNT: "trường hợp",
    CriterionKind.EVENT_AVERAGE: "việc",
}


def describe(rule: CriterionRules, inp: LineInput | None) -> str:
    """Return an input as an official reads it: '18 trên 20 chỉ tiêu', '3 văn bản chậm'."""
    match inp:
        case None:
            return "Chưa chấm"
        case NotApplicableInput():
            return "Không phát sinh"
        case DirectInput(points):
            return f"{short(points)} điểm"
        case ChoiceInput(index):
            return rule.levels[index].label
        case PassFailInput(passed):
            return "Có" if passed else "Không"
        case CountInput(n):
            return f"{n} {_unit(rule)}"
        case RatioInput():
            return _describe_ratio(rule, inp)
        case TargetInput(actual, target):
            return f"Đạt {short(actual)} trên chỉ tiêu {short(target)} {rule.unit_label}".rstrip()
        case EventsInput(cases):
            return _describe_events(rule, cases)


def doubt(rule: CriterionRules, inp: LineInput | None) -> str:
    """Return what to look at again about an input that is allowed and looks mistyped; or nothing.

    A share above the whole, or more cases than count: both may be true, and neither is refused.
    """
    match inp:
        case RatioInput(percent=Decimal() as percent) if percent > _HUNDRED:
            return OVER_WHOLE
        case RatioInput(numerator=Decimal() as part, denominator=Decimal() as whole) if (
            part > whole
        ):
            return OVER_WHOLE
        case CountInput(n) if rule.per and n * rule.per > rule.max_points:
            verb = "trừ" if rule.kind is CriterionKind.DEDUCT else "tính"
            return f"Chỉ {verb} đến mức tối đa {short(rule.max_points)} điểm."
    return ""


def _describe_events(rule: CriterionRules, cases: tuple[int, ...]) -> str:
    told = [
        f"{count} {_unit(rule)} {level.label}"
        for level, count in zip(rule.levels, cases, strict=True)
        if count
    ]
    return "; ".join(told) or f"Không có {_unit(rule)} nào"


def _describe_ratio(rule: CriterionRules, inp: RatioInput) -> str:
    if inp.percent is not None:
        return f"{short(inp.percent)}%"
    numerator, denominator = inp.numerator or Decimal(0), inp.denominator or Decimal(0)
    return f"{short(numerator)} trên {short(denominator)} {rule.unit_label}".rstrip()


def _unit(rule: CriterionRules) -> str:
    fallback = _DEFAULT_UNITS.get(rule.kind, "") if rule.kind else ""
    return rule.unit_label or fallback


def sentence(rule: CriterionRules, section: SectionKind = SectionKind.BASE) -> str:
    """Return the rule of a criterion in one sentence."""
    most = f"tối đa {short(rule.max_points)} điểm"
    is_minus = section is SectionKind.MINUS
    match rule.kind:
        case None:
            return f"Cộng điểm của {len(rule.parts)} ý, {most}."
        case CriterionKind.DIRECT:
            return f"Chấm từ 0 đến {short(rule.max_points)} điểm{_by_step(rule)}."
        case CriterionKind.CHOICE:
            return f"Chọn một mức. {_levels(rule)}."
        case CriterionKind.PASSFAIL:
            verb = "Trừ" if is_minus else "Được"
            return f"{verb} {short(rule.max_points)} điểm nếu có; 0 điểm nếu không."
        case CriterionKind.DEDUCT | CriterionKind.COUNT:
            loses = is_minus or rule.kind is CriterionKind.DEDUCT
            verb = "Trừ" if loses else "Được"
            return f"{verb} {short(rule.per or Decimal(0))} điểm mỗi {_unit(rule)}, {most}."
        case CriterionKind.RATIO if rule.ladder:
            return f"Theo tỷ lệ: {_ladder(rule)}."
        case CriterionKind.RATIO:
            return f"Tỷ lệ đạt × {short(rule.max_points)} điểm{_by_step(rule)}."
        case CriterionKind.EVENT_AVERAGE:
            return f"Điểm trung bình của các {_unit(rule)}{_by_step(rule)}. {_levels(rule)}."
        case CriterionKind.TARGET:
            return _target_sentence(rule, most)


def _target_sentence(rule: CriterionRules, most: str) -> str:
    if not rule.relative:
        return f"Kết quả / chỉ tiêu × {short(rule.max_points)} điểm, {most}{_by_step(rule)}."
    half = short(rule.max_points / 2)
    return (
        f"Đạt chỉ tiêu được {half} điểm, chưa đạt tính theo tỷ lệ; vượt chỉ tiêu được thêm "
        f"đến {half} điểm so với đơn vị vượt cao nhất{_by_step(rule)}."
    )


def _by_step(rule: CriterionRules) -> str:
    return f", làm tròn đến {short(rule.step)} điểm" if rule.step != CENT else ""


def _levels(rule: CriterionRules) -> str:
    return "; ".join(
        f"{level.label}: {short(level.points)} điểm{' (điểm liệt)' if level.knocks_out else ''}"
        for level in rule.levels
    )


def _ladder(rule: CriterionRules) -> str:
    rungs = sorted(rule.ladder, reverse=True)
    shown = [
        f"từ {show_percent(Fraction(threshold))} được {short(points)} điểm"
        for threshold, points in rungs
    ]
    below = [] if rungs[-1][0] == 0 else ["thấp hơn 0 điểm"]
    return "; ".join(shown + below)
