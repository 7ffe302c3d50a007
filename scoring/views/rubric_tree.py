"""A draft as the editor draws it: the tree, what adds up, the settings in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from emulation.enums import Tone
from emulation.vietnamese import format_number
from scoring.enums import SectionKind
from scoring.models import Criterion, Rubric, Section
from scoring.selectors.rubrics import criteria_of, findings_of
from scoring.views.rubric_findings import finding_rows
from scoring.views.rubric_rows import (
    CriterionRow,
    SectionTable,
    rubric_facts,
    section_tables,
)

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Branch:
    """A criterion with its parts."""

    row: CriterionRow
    parts: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class Bough:
    """A section with its criteria, and whether they add up."""

    table: SectionTable
    branches: tuple[Branch, ...]
    sum: Sum


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the running total: in words, with a mark beside them."""

    label: str
    words: str
    chip: str
    tone: str


def editor_context(rubric: Rubric) -> dict[str, Any]:
    """Return what the editor shows of a draft: as many queries for any size."""
    criteria = list(criteria_of(rubric))
    sections = list(Section.objects.filter(rubric=rubric).order_by("position", "pk"))
    sums = {each.pk: _section_sum(each, criteria) for each in sections}
    lines = [line for each in sections for line in (sums[each.pk], *_parts_sums(each, criteria))]
    tables = section_tables(rubric)
    return {
        "rubric": rubric,
        "said": "",
        "boughs": [_bough(table, sums[table.id]) for table in tables],
        "sums": [*lines, *_whole(rubric, sections, criteria)],
        "facts": rubric_facts(rubric),
        "findings": finding_rows(findings_of(rubric), tables),
    }


def _bough(table: SectionTable, own: Sum) -> Bough:
    branches: list[Branch] = []
    for row in table.rows:
        if row.is_part and branches:
            last = branches[-1]
            branches[-1] = Branch(last.row, (*last.parts, row))
        else:
            branches.append(Branch(row, ()))
    return Bough(table, tuple(branches), own)


def _adds_up(label: str, what: str, got: Decimal, wanted: Decimal) -> Sum:
    words = f"{what} cộng lại {format_number(got)} / {format_number(wanted)} điểm"
    if got == wanted:
        return Sum(label, words, "đủ", Tone.GOOD)
    gap = format_number(abs(wanted - got))
    return Sum(label, words, f"còn thiếu {gap}" if got < wanted else f"thừa {gap}", Tone.BAD)


def _bounded(label: str, got: Decimal, cap: Decimal | None, verb: str) -> Sum:
    words = f"các tiêu chí cộng lại {format_number(got)} điểm"
    if cap is None:
        return Sum(label, words, "không giới hạn", Tone.QUIET)
    words += f", {verb} tối đa {format_number(cap)}"
    if got < cap:
        return Sum(label, words, "không thể đạt mức tối đa", Tone.WARNING)
    return Sum(label, words, "đạt được mức tối đa", Tone.GOOD)


def _section_sum(section: Section, criteria: Iterable[Criterion]) -> Sum:
    own = [each for each in criteria if each.section_id == section.pk and not each.parent_id]
    got = sum((each.max_points for each in own), _NOTHING)
    label = f"Phần {section.code}"
    if section.kind == SectionKind.BASE and section.max_points is not None:
        return _adds_up(label, "các tiêu chí", got, section.max_points)
    verb = {SectionKind.PLUS.value: "cộng", SectionKind.MINUS.value: "trừ"}
    return _bounded(label, got, section.max_points, verb.get(section.kind, "tính"))


def _parts_sums(section: Section, criteria: Iterable[Criterion]) -> Iterator[Sum]:
    """Yield a line for each base criterion whose parts do not add up to it."""
    if section.kind != SectionKind.BASE:
        return
    own = [each for each in criteria if each.section_id == section.pk]
    for top in own:
        parts = [each.max_points for each in own if each.parent_id == top.pk]
        if parts and sum(parts, _NOTHING) != top.max_points:
            label = f"Tiêu chí {top.code}"
            yield _adds_up(label, "các ý nhỏ", sum(parts, _NOTHING), top.max_points)


def _whole(
    rubric: Rubric, sections: Iterable[Section], criteria: Iterable[Criterion]
) -> Iterable[Sum]:
    tops = [each for each in criteria if not each.parent_id]
    reach: dict[str, Decimal] = {}
    for section in sections:
        own = sum((each.max_points for each in tops if each.section_id == section.pk), _NOTHING)
        is_base = section.kind == SectionKind.BASE
        bound = section.max_points
        counted = own if bound is None else bound if is_base else min(own, bound)
        reach[section.kind] = reach.get(section.kind, _NOTHING) + counted
    base = reach.get(SectionKind.BASE, _NOTHING)
    yield _adds_up("Thang điểm", "các phần điểm chuẩn", base, rubric.scale_max)
    for kind, label, cap, verb in (
        (SectionKind.PLUS, "Điểm cộng cả bảng", rubric.plus_cap, "cộng"),
        (SectionKind.MINUS, "Điểm trừ cả bảng", rubric.minus_cap, "trừ"),
    ):
        if kind in reach:
            yield _bounded(label, reach[kind], cap, verb)
