"""A rubric of the rules written as rows: sections, criteria with their parts, grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from simple_history.utils import bulk_create_with_history

from emulation import clock
from emulation.models import User
from pledges.models import PledgeItem
from scoring.models import Criterion, GradeBand, Rubric, Section
from scoring.rules.numbers import CENT
from scoring.rules.rubric import CriterionRules, RubricRules, SectionRules
from scoring.rules.rubric import GradeBand as GradeRules


def write_rows(
    rubric: Rubric, rules: RubricRules, actor: User, source: Rubric | None = None
) -> None:
    """Write sections, criteria, parts and grades of ``rules`` as rows of an empty rubric.

    Of a copy of ``source`` every criterion names the one of the same code as its origin.
    """
    origins = criterion_ids(source) if source else {}
    items = pledge_items(rubric)
    sections = _written(actor, Section, list(_sections(rubric, rules)))
    tops, parts = [], []
    for section, row in zip(rules.sections, sections, strict=True):
        for position, criterion in enumerate(section.criteria, start=1):
            top = Criterion(
                rubric=rubric,
                section=row,
                position=position,
                origin_id=origins.get(criterion.code),
                **criterion_columns(criterion, items),
            )
            tops.append(top)
            parts += list(_parts(top, criterion, items, origins))
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
        yield Section(rubric=rubric, position=position, **section_columns(section))


def section_columns(section: SectionRules) -> dict[str, Any]:
    """Return a section's rule as the columns of its row."""
    return {
        "code": section.code,
        "kind": section.kind.value,
        "title": section.title,
        "max_points": section.max_points,
    }


def _parts(
    top: Criterion,
    criterion: CriterionRules,
    items: Mapping[int, PledgeItem],
    origins: Mapping[str, int],
) -> Iterable[Criterion]:
    for position, part in enumerate(criterion.parts, start=1):
        yield Criterion(
            rubric=top.rubric,
            section=top.section,
            parent=top,
            position=position,
            origin_id=origins.get(part.code),
            **criterion_columns(part, items),
        )


def criterion_ids(rubric: Rubric) -> dict[str, int]:
    """Return the criteria of a rubric by code."""
    return dict(Criterion.objects.filter(rubric=rubric).values_list("code", "pk"))


def pledge_items(rubric: Rubric) -> dict[int, PledgeItem]:
    """Return the items of the bloc-year's pledge that stand, by their number."""
    return pledge_items_of_year(rubric.bloc_year_id)


def pledge_items_of_year(bloc_year_id: int) -> dict[int, PledgeItem]:
    """Return the items of a bloc-year's pledge that stand, by their number."""
    items = PledgeItem.objects.filter(pledge__bloc_year_id=bloc_year_id, dropped_at__isnull=True)
    return {item.position: item for item in items}


def criterion_columns(
    rule: CriterionRules, items: Mapping[int, PledgeItem] | None = None
) -> dict[str, Any]:
    """Return a criterion's rule as the columns of its row.

    An item of the pledge that ``items`` does not have (another year's, dropped since) is left out.
    """
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
        "relative": rule.relative,
        "evidence_hint": rule.evidence_hint,
        "checker": rule.checker,
        "pledge_item": (items or {}).get(rule.pledge_item or 0),
        "printed_max": rule.printed_max,
        "note": rule.note,
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
            share_base=band.share_base.value,
            overflow=band.overflow,
            section_floors=[
                [floor.section, None if floor.lowest_share is None else str(floor.lowest_share)]
                for floor in band.section_floors
            ],
        )
        for band in grades
    )
