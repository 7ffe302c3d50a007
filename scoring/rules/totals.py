"""The total of one sheet, in the order that docs/SCORING.md gives.

line → knock-out → exclusive group → item maximum → section maximum or cap →
scale back (base only) → rubric caps → floor and ceiling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.enums import LineFlag, SectionKind, Stage
from scoring.rules.groups import apply_exclusive_groups
from scoring.rules.lines import apply_knock_outs, find_sanctions, gather_facts, score_lines
from scoring.rules.numbers import CENT, ZERO, quantize, round_to_step, short, show
from scoring.rules.rubric import CriterionRules, RubricRules, SectionRules
from scoring.rules.sheet import (
    ItemResult,
    LineFacts,
    SectionResult,
    SheetLine,
    SheetResult,
    Step,
    TriggeredSanction,
)

__all__ = [
    "ItemResult",
    "LineFacts",
    "SectionResult",
    "SheetLine",
    "SheetResult",
    "Step",
    "TriggeredSanction",
    "compute_sheet",
]

_SECTION_BOUND = {SectionKind.BASE: "điểm tối đa", SectionKind.PLUS: "mức cộng tối đa"}


def compute_sheet(
    rubric: RubricRules,
    lines: Mapping[str, LineFacts],
    *,
    blanks_confirmed: bool,
    days_late: int = 0,
    leaders: Mapping[str, Fraction] | None = None,
) -> SheetResult:
    """Return the result of one sheet.

    `lines` are the facts by line code; a line left out is blank. Blank plus and minus
    lines count 0 only if the unit has confirmed them (`blanks_confirmed`). `leaders` are
    the largest excesses over a relative target by line code; without one, a line above its
    target is pending and the sheet has no total. Raises `InputError` for a line that the
    rubric does not have or an input of another kind.
    """
    facts = gather_facts(rubric, lines, days_late)
    scored = score_lines(rubric, facts, blanks_confirmed=blanks_confirmed, leaders=leaders or {})
    kept = apply_knock_outs(scored)
    counted = apply_exclusive_groups(rubric, kept)
    items = _items(rubric, counted)
    sections = tuple(_section(section, items) for section in rubric.sections)
    flagged = [line for line in counted if line.flags]
    missing = tuple(line.code for line in flagged if line.is_missing)
    pending = tuple(line.code for line in flagged if line.is_pending)
    steps = [*_line_steps(flagged), *_item_steps(items), *_section_steps(sections)]
    base, plus, minus = _sums(rubric, sections, steps)
    is_whole = not missing and not pending
    applies = any(s.maximum for s in sections if s.kind is SectionKind.BASE)
    return SheetResult(
        lines=counted,
        items=items,
        sections=sections,
        base=base,
        plus=plus,
        minus=minus,
        total=_total(rubric, base + plus - minus, steps) if applies and is_whole else None,
        missing=missing,
        pending=pending,
        steps=tuple(steps),
        sanctions=find_sanctions(rubric, facts),
    )


def _items(rubric: RubricRules, lines: Iterable[SheetLine]) -> tuple[ItemResult, ...]:
    by_criterion: dict[str, list[SheetLine]] = {}
    for line in lines:
        by_criterion.setdefault(line.criterion, []).append(line)
    return tuple(
        _item(section, criterion, by_criterion[criterion.code])
        for section in rubric.sections
        for criterion in section.criteria
    )


def _item(
    section: SectionRules, criterion: CriterionRules, lines: Sequence[SheetLine]
) -> ItemResult:
    """Sum a criterion's lines, up to its maximum; lines out of the maximum lower it."""
    raw = sum((line.counted for line in lines if line.counted is not None), ZERO)
    maximum = criterion.max_points
    if section.kind is SectionKind.BASE and any(line.excluded for line in lines):
        maximum = _lowered(maximum, [line.maximum for line in lines if not line.excluded])
    flags = [mark for line in lines for mark in line.flags]
    return ItemResult(
        code=criterion.code,
        section=section.code,
        kind=section.kind,
        raw=raw,
        counted=min(raw, maximum),
        maximum=maximum,
        nominal_maximum=criterion.max_points,
        missing=flags.count(LineFlag.MISSING),
        not_applicable=all(line.not_applicable for line in lines),
        knocked_out=LineFlag.KNOCKED_OUT in flags,
    )


def _lowered(nominal: Decimal, remaining: Iterable[Decimal]) -> Decimal:
    """Return what still applies of a maximum of which something was excluded."""
    return min(nominal, sum(remaining, ZERO))


def _section(section: SectionRules, items: Iterable[ItemResult]) -> SectionResult:
    own = [item for item in items if item.section == section.code]
    raw = sum((item.counted for item in own), ZERO)
    maximum = section.max_points
    if any(item.maximum < item.nominal_maximum for item in own):
        maximum = _lowered(maximum, [item.maximum for item in own])
    return SectionResult(
        code=section.code,
        kind=section.kind,
        title=section.title,
        raw=raw,
        counted=min(raw, maximum),
        maximum=maximum,
        nominal_maximum=section.max_points,
        missing=sum(item.missing for item in own),
    )


def _line_steps(lines: Iterable[SheetLine]) -> list[Step]:
    """Return what missing papers, knock-outs and groups changed, in that order."""
    stages = {
        LineFlag.NO_EVIDENCE: Stage.LINE,
        LineFlag.NO_DECISION: Stage.LINE,
        LineFlag.KNOCKED_OUT: Stage.KNOCK_OUT,
        LineFlag.GROUP_DROPPED: Stage.GROUP,
        LineFlag.GROUP_RESTORED: Stage.GROUP,
    }
    found = [
        Step(stages[mark], line.code, line.points or ZERO, line.counted or ZERO, note)
        for line in lines
        for mark, note in zip(line.flags, line.notes, strict=True)
        if mark in stages
    ]
    return sorted(found, key=lambda step: list(Stage).index(step.stage))


def _item_steps(items: Iterable[ItemResult]) -> list[Step]:
    return [
        Step(
            Stage.ITEM_MAXIMUM,
            item.code,
            item.raw,
            item.counted,
            f"Tiêu chí {item.code} tối đa {short(item.maximum)} điểm.",
        )
        for item in items
        if item.raw > item.counted
    ]


def _section_steps(sections: Iterable[SectionResult]) -> list[Step]:
    return [
        Step(Stage.SECTION, section.code, section.raw, section.counted, _section_text(section))
        for section in sections
    ]


def _section_text(section: SectionResult) -> str:
    if section.raw == section.counted:
        return f"{section.code}. {section.title}: {show(section.counted)} điểm."
    bound = _SECTION_BOUND.get(section.kind, "mức trừ tối đa")
    return (
        f"{section.code}. {section.title}: {show(section.raw)} điểm, "
        f"tính {show(section.counted)} điểm ({bound})."
    )


def _sums(
    rubric: RubricRules, sections: Sequence[SectionResult], steps: list[Step]
) -> tuple[Decimal, Decimal, Decimal]:
    """Return base, plus and minus, adding to `steps` what bit."""
    sums = dict.fromkeys(SectionKind, ZERO)
    for section in sections:
        sums[section.kind] += section.counted
    base = _scaled_back(rubric, sections, sums[SectionKind.BASE], steps)
    plus = _capped("Tổng điểm cộng", "PLUS", sums[SectionKind.PLUS], rubric.plus_cap, steps)
    minus = _capped("Tổng điểm trừ", "MINUS", sums[SectionKind.MINUS], rubric.minus_cap, steps)
    return base, plus, minus


def _scaled_back(
    rubric: RubricRules, sections: Sequence[SectionResult], base: Decimal, steps: list[Step]
) -> Decimal:
    """Bring a base with a fallen maximum back to the full scale, if the rubric says so."""
    own = [section for section in sections if section.kind is SectionKind.BASE]
    full = sum((section.nominal_maximum for section in own), ZERO)
    left = sum((section.maximum for section in own), ZERO)
    if not rubric.scale_back or left in (full, 0):
        return base
    scaled = round_to_step(Fraction(base) * Fraction(full) / Fraction(left), CENT)
    text = f"Quy đổi phần áp dụng: {show(base)} / {short(left)} × {short(full)} = {show(scaled)}."
    steps.append(Step(Stage.SCALE_BACK, "BASE", base, scaled, text))
    return scaled


def _capped(
    label: str, place: str, points: Decimal, cap: Decimal | None, steps: list[Step]
) -> Decimal:
    if cap is None or points <= cap:
        return points
    text = f"{label} {show(points)}, tính tối đa {show(cap)} điểm."
    steps.append(Step(Stage.RUBRIC_CAP, place, points, cap, text))
    return quantize(cap)


def _total(rubric: RubricRules, raw: Decimal, steps: list[Step]) -> Decimal:
    """Return the total between floor and ceiling."""
    rounded = round_to_step(Fraction(raw), rubric.rounding)
    text = f"Tổng: {show(rounded)} điểm."
    steps.append(Step(Stage.SUM, "", raw, rounded, text))
    total = rounded
    if rubric.ceiling is not None and total > rubric.ceiling:
        total = quantize(rubric.ceiling)
        steps.append(Step(Stage.CLAMP, "", rounded, total, f"Trần {show(total)} điểm."))
    if rubric.floor is not None and total < rubric.floor:
        total = quantize(rubric.floor)
        steps.append(Step(Stage.CLAMP, "", rounded, total, f"Sàn {show(total)} điểm."))
    return total
