"""A rubric of the rules written as rows: sections, criteria with their parts, grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from simple_history.utils import bulk_create_with_history

from emulation import clock
from emulation.models import User
from scoring.models import Criterion, GradeBand, Rubric, Section
from scoring.rules.numbers import CENT
from scoring.rules.rubric import CriterionRules, RubricRules, SectionRules
from scoring.rules.rubric import GradeBand as GradeRules


def refuse_what_rows_cannot_keep(rules: RubricRules) -> None:
    """Raise ValidationError for what a table says and this version cannot store.

    Better refused than silently dropped: a lost condition changes somebody's grade.
    """
    lost = list(_lost(rules))
    if lost:
        raise ValidationError({"document": lost})


def _lost(rules: RubricRules) -> Iterator[str]:
    if rules.rounding != CENT:
        yield "Chưa lưu được cách làm tròn tổng điểm khác 0,01."
    for band in rules.grades:
        if band.section_floors:
            yield f"Mức {band.name}: chưa lưu được điều kiện theo điểm của từng phần."
        if band.overflow:
            yield f"Mức {band.name}: chưa lưu được mức xếp loại khi vượt tỷ lệ."
    for section in rules.sections:
        for node in (each for top in section.criteria for each in (top, *top.parts)):
            if node.printed_max is not None or node.note:
                yield f"Tiêu chí {node.code}: chưa lưu được số in trên văn bản và ghi chú."


def write_rows(rubric: Rubric, rules: RubricRules, actor: User) -> None:
    """Write sections, criteria, parts and grades of ``rules`` as rows of an empty rubric."""
    sections = _written(actor, Section, list(_sections(rubric, rules)))
    tops, parts = [], []
    for section, row in zip(rules.sections, sections, strict=True):
        for position, criterion in enumerate(section.criteria, start=1):
            top = Criterion(
                rubric=rubric, section=row, position=position, **criterion_columns(criterion)
            )
            tops.append(top)
            parts += list(_parts(top, criterion))
    _written(actor, Criterion, tops)
    for part in parts:
        part.parent = part.parent  # takes over the key that its criterion has now
    _written(actor, Criterion, parts)
    write_grades(rubric, rules.grades)


def _written(actor: User, model: type[Any], rows: list[Any]) -> list[Any]:
    if rows:
        bulk_create_with_history(rows, model, default_user=actor, default_date=clock.now())
    return rows


def signed(row: Any, actor: User) -> Any:
    """Return a row whose next history entry names ``actor`` and carries our clock's time."""
    vars(row).update(_history_user=actor, _history_date=clock.now())
    return row


def _sections(rubric: Rubric, rules: RubricRules) -> Iterator[Section]:
    for position, section in enumerate(rules.sections, start=1):
        yield Section(rubric=rubric, position=position, **_section_columns(section))


def _section_columns(section: SectionRules) -> dict[str, Any]:
    return {
        "code": section.code,
        "kind": section.kind.value,
        "title": section.title,
        "max_points": section.max_points,
    }


def _parts(top: Criterion, criterion: CriterionRules) -> Iterable[Criterion]:
    for position, part in enumerate(criterion.parts, start=1):
        yield Criterion(
            rubric=top.rubric,
            section=top.section,
            parent=top,
            position=position,
            **criterion_columns(part),
        )


def criterion_columns(rule: CriterionRules) -> dict[str, Any]:
    """Return a criterion's rule as the columns of its row."""
    columns: dict[str, Any] = {
        "code": rule.code,
        "title": rule.title,
        "max_points": rule.max_points,
        "step": None if rule.step == CENT else rule.step,
        "per": rule.per,
        "unit_label": rule.unit_label,
        "levels": [
            {"label": each.label, "points": str(each.points), "knocks_out": each.knocks_out}
            for each in rule.levels
        ],
        "ladder": [[str(threshold), str(points)] for threshold, points in rule.ladder],
        "not_applicable": rule.not_applicable.value,
        "evidence_required": rule.evidence_required,
        "decision_required": rule.decision_required,
        "exclusive_group": rule.exclusive_group,
        "sanction": rule.sanction.value if rule.sanction else "",
        "sanction_grade": rule.sanction_grade,
        "automatic": rule.automatic.value if rule.automatic else "",
    }
    return columns | ({"kind": rule.kind.value} if rule.kind else {})


def write_grades(rubric: Rubric, grades: Sequence[GradeRules]) -> None:
    """Replace a rubric's grades; ValidationError where two share a name or a bound."""
    names, bounds = {band.name for band in grades}, {band.lower_bound for band in grades}
    if len(names) < len(grades) or len(bounds) < len(grades):
        raise ValidationError({"grades": "Hai xếp loại không được cùng tên hoặc cùng mức điểm."})
    GradeBand.objects.filter(rubric=rubric).delete()
    GradeBand.objects.bulk_create(
        GradeBand(
            rubric=rubric,
            name=band.name,
            lower_bound=band.lower_bound,
            min_criterion_share=band.min_criterion_share,
            max_share_of_units=band.max_share_of_units,
        )
        for band in grades
    )
