"""Writing a rubric as its JSON document, numbers as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from scoring.rules.enums import NotApplicable, SectionKind, ShareBase
from scoring.rules.numbers import CENT
from scoring.rules.structure import CriterionRules, GradeBand, Level, RubricRules, SectionRules


def to_document(rubric: RubricRules) -> dict[str, Any]:
    """Return the document of a rubric; `from_document` reads the same rubric from it."""
    return {
        "title": rubric.title,
        "scale_max": str(rubric.scale_max),
        "plus_cap": _text(rubric.plus_cap),
        "minus_cap": _text(rubric.minus_cap),
        "floor": _text(rubric.floor),
        "ceiling": _text(rubric.ceiling),
        "rounding": str(rubric.rounding),
        "scale_back": rubric.scale_back,
        "rank_capped": rubric.rank_capped,
        "rank_style": rubric.rank_style.value,
        **write_grades(rubric.grades),
        "tie_breaks": list(rubric.tie_breaks),
        "sections": [_section(section) for section in rubric.sections],
    }


def write_grades(grades: Sequence[GradeBand]) -> dict[str, Any]:
    """Return the bands as 'grades' and their conditions as 'grade_conditions'."""
    return {
        "grades": [[band.name, str(band.lower_bound)] for band in grades],
        "grade_conditions": [condition for band in grades for condition in _conditions(band)],
    }


def _conditions(band: GradeBand) -> Iterator[dict[str, Any]]:
    if band.min_criterion_share is not None:
        yield {"grade": band.name, "lowest_criterion_share": str(band.min_criterion_share)}
    for floor in band.section_floors:
        lowest = _text(floor.lowest_share)
        yield {"grade": band.name, "section": floor.section, "lowest_share": lowest}
    if band.max_share_of_units is not None:
        yield {
            "grade": band.name,
            "largest_share_of_units": str(band.max_share_of_units),
            "rounding": "down",
            "overflow": band.overflow,
            **(
                {} if band.share_base is ShareBase.RANKED else {"share_base": band.share_base.value}
            ),
        }


def _section(section: SectionRules) -> dict[str, Any]:
    bound = "max" if section.kind is SectionKind.BASE else "cap"
    return {
        "code": section.code,
        "kind": section.kind.value,
        "title": section.title,
        bound: str(section.max_points),
        "criteria": [_criterion(criterion) for criterion in section.criteria],
    }


def _criterion(rule: CriterionRules) -> dict[str, Any]:
    """Return a criterion's document: what it states, without what it leaves at its default."""
    stated: dict[str, Any] = {
        "kind": rule.kind.value if rule.kind else None,
        "step": str(rule.step) if rule.step != CENT else None,
        "per": _text(rule.per),
        "levels": [_level(level) for level in rule.levels],
        "ladder": [[str(threshold), str(points)] for threshold, points in rule.ladder],
        "parts": [_criterion(part) for part in rule.parts],
        "not_applicable": _policy(rule.not_applicable),
        "evidence": rule.evidence_required,
        "decision_required": rule.decision_required,
        "exclusive_group": rule.exclusive_group,
        "sanction": rule.sanction.value if rule.sanction else None,
        "sanction_grade": rule.sanction_grade,
        "automatic": rule.automatic.value if rule.automatic else None,
        "unit": rule.unit_label,
        "relative": rule.relative,
        "evidence_hint": rule.evidence_hint,
        "checker": rule.checker,
        "pledge_item": None if rule.pledge_item is None else str(rule.pledge_item),
        "printed_max": _text(rule.printed_max),
        "note": rule.note,
    }
    document = {"code": rule.code, "title": rule.title, "max": str(rule.max_points)}
    return document | {key: value for key, value in stated.items() if value}


def _level(level: Level) -> list[str] | dict[str, Any]:
    if not level.knocks_out:
        return [level.label, str(level.points)]
    return {"label": level.label, "points": str(level.points), "knocks_out": True}


def _policy(policy: NotApplicable) -> str | None:
    return None if policy is NotApplicable.NOT_ALLOWED else policy.value


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
