"""The least that must hold before a rubric is issued. An error blocks issuing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.enums import CriterionKind, SectionKind, Severity
from scoring.rules.groups import GroupMember, group_members, is_of_losses
from scoring.rules.numbers import short
from scoring.rules.plain import PlainForm
from scoring.rules.rubric import CriterionRules, GradeBand, RubricRules, SectionRules
from scoring.rules.tie_breaks import parse_tie_break

RUBRIC = "Bảng chấm điểm"


@dataclass(frozen=True)
class Finding(PlainForm):
    """Something about a rubric that its author should see."""

    severity: Severity
    place: str
    message: str


def check(rubric: RubricRules) -> list[Finding]:
    """Return the findings, in the rubric's order."""
    return [
        *_check_sums(rubric),
        *_check_criteria(rubric),
        *_check_groups(rubric),
        *_check_tie_breaks(rubric),
        *_check_grades(rubric),
    ]


def _error(place: str, message: str) -> Finding:
    return Finding(Severity.ERROR, place, message)


def _check_sums(rubric: RubricRules) -> Iterator[Finding]:
    base = rubric.sections_of(SectionKind.BASE)
    total = _sum(section.max_points for section in base)
    if total != rubric.scale_max:
        scale = short(rubric.scale_max)
        yield _error(RUBRIC, f"Các phần cộng lại {short(total)} điểm, thang điểm là {scale}.")
    for section in base:
        yield from _check_section_sum(section)


def _check_section_sum(section: SectionRules) -> Iterator[Finding]:
    total = _sum(criterion.max_points for criterion in section.criteria)
    if total != section.max_points:
        stated = short(section.max_points)
        message = f"Các tiêu chí cộng lại {short(total)} điểm, phần ghi {stated}."
        yield _error(f"Phần {section.code}", message)


def _check_criteria(rubric: RubricRules) -> Iterator[Finding]:
    for section in rubric.sections:
        for criterion in section.criteria:
            yield from _check_parts(section, criterion)
            yield from _check_deduct(section, criterion)


def _check_parts(section: SectionRules, criterion: CriterionRules) -> Iterator[Finding]:
    total = _sum(part.max_points for part in criterion.parts)
    if section.kind is SectionKind.BASE and criterion.parts and total != criterion.max_points:
        stated = short(criterion.max_points)
        message = f"Các ý cộng lại {short(total)} điểm, tiêu chí ghi {stated}."
        yield _error(f"Tiêu chí {criterion.code}", message)


def _check_deduct(section: SectionRules, criterion: CriterionRules) -> Iterator[Finding]:
    for leaf in criterion.leaves:
        if section.kind is not SectionKind.BASE and leaf.kind is CriterionKind.DEDUCT:
            yield _error(f"Tiêu chí {leaf.code}", "Kiểu trừ dần chỉ dùng trong phần điểm nội dung.")


def _check_groups(rubric: RubricRules) -> Iterator[Finding]:
    for name, members in group_members(rubric).items():
        if is_of_losses(members) and any(_is_gain(member) for member in members):
            yield _error(f"Nhóm {name}", "Nhóm loại trừ vừa có điểm cộng vừa có điểm trừ.")


def _is_gain(member: GroupMember) -> bool:
    return member.kind is SectionKind.PLUS


def _check_tie_breaks(rubric: RubricRules) -> Iterator[Finding]:
    for text in rubric.tie_breaks:
        rule = parse_tie_break(text)
        if rule.section and rubric.section(rule.section) is None:
            yield _error("Quy tắc phân hạng", f"“{text}”: không có phần {rule.section}.")


def _check_grades(rubric: RubricRules) -> Iterator[Finding]:
    if not rubric.grades:
        yield _error("Xếp loại", "Chưa có mức xếp loại.")
        return
    bounds = [band.lower_bound for band in rubric.grades]
    if len(set(bounds)) != len(bounds) or bounds != sorted(bounds, reverse=True):
        yield _error("Xếp loại", "Mốc điểm của các mức phải khác nhau và giảm dần.")
    if bounds[-1] != 0:
        yield _error("Xếp loại", "Mức thấp nhất phải từ 0 điểm.")
    for band in rubric.grades:
        yield from _check_floors(rubric, band)


def _check_floors(rubric: RubricRules, band: GradeBand) -> Iterator[Finding]:
    for floor in band.section_floors:
        if rubric.section(floor.section) is None:
            yield _error(f"Mức {band.name}", f"Không có phần {floor.section}.")
        if floor.lowest_share is None:
            yield _error(f"Mức {band.name}", f"Điều kiện về phần {floor.section} không nêu ngưỡng.")


def _sum(points: Iterable[Decimal]) -> Decimal:
    return sum(points, Decimal(0))
