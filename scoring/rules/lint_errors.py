"""Errors of a rubric: what contradicts itself. Each blocks issuing unless waived with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.rules.enums import CriterionKind, SectionKind, TieRule
from scoring.rules.groups import group_members, is_of_losses
from scoring.rules.lint_findings import (
    GRADES,
    Finding,
    LintRule,
    added,
    at_criterion,
    at_rubric,
    at_section,
)
from scoring.rules.numbers import short
from scoring.rules.rubric import CriterionRules, GradeBand, RubricRules, SectionFloor, SectionRules
from scoring.rules.tie_breaks import parse_tie_break

_KIND_OF_RULE = {
    TieRule.BASE: SectionKind.BASE,
    TieRule.PLUS: SectionKind.PLUS,
    TieRule.MINUS: SectionKind.MINUS,
}


def errors(rubric: RubricRules) -> list[Finding]:
    """Return the errors, in the rubric's order."""
    return [
        *_sums(rubric),
        *_criteria(rubric),
        *_groups(rubric),
        *_tie_breaks(rubric),
        *_grades(rubric),
    ]


# ---------------------------------------------------------------- sums and printed figures


def _sums(rubric: RubricRules) -> Iterator[Finding]:
    base = rubric.sections_of(SectionKind.BASE)
    total = added(section.max_points for section in base)
    if total != rubric.scale_max:
        scale = short(rubric.scale_max)
        message = f"Các phần cộng lại {short(total)} điểm, thang điểm là {scale}."
        advice = "Sửa điểm tối đa của phần, hoặc sửa thang điểm, cho khớp nhau."
        yield at_rubric(LintRule.SECTIONS_SUM, message, advice)
    for section in base:
        yield from _section_sum(section)


def _section_sum(section: SectionRules) -> Iterator[Finding]:
    total = added(criterion.max_points for criterion in section.criteria)
    if total != section.max_points:
        stated = short(section.max_points)
        message = f"Các tiêu chí cộng lại {short(total)} điểm, phần ghi {stated}."
        advice = "Sửa điểm của tiêu chí, hoặc sửa điểm tối đa của phần, cho khớp nhau."
        yield at_section(LintRule.CRITERIA_SUM, section.code, message, advice)


def _criteria(rubric: RubricRules) -> Iterator[Finding]:
    for section in rubric.sections:
        for criterion in section.criteria:
            yield from _parts_sum(section, criterion)
            for node in (criterion, *criterion.parts):
                yield from _printed(node)
                yield from _deducts(section, node)


def _parts_sum(section: SectionRules, criterion: CriterionRules) -> Iterator[Finding]:
    total = added(part.max_points for part in criterion.parts)
    if section.kind is SectionKind.BASE and criterion.parts and total != criterion.max_points:
        stated = short(criterion.max_points)
        message = f"Các ý cộng lại {short(total)} điểm, tiêu chí ghi {stated}."
        advice = "Sửa điểm của các ý, hoặc sửa điểm của tiêu chí, cho khớp nhau."
        yield at_criterion(LintRule.PARTS_SUM, criterion.code, message, advice)


def _printed(node: CriterionRules) -> Iterator[Finding]:
    printed = node.printed_max
    if printed is not None and printed != node.max_points:
        given = short(node.max_points)
        message = f"Văn bản in tối đa {short(printed)} điểm, cách chấm cho đến {given} điểm."
        advice = "Xác định con số đúng, sửa văn bản hoặc sửa cách chấm trước khi ban hành."
        yield at_criterion(LintRule.PRINTED_MAX, node.code, message, advice)


def _deducts(section: SectionRules, node: CriterionRules) -> Iterator[Finding]:
    if section.kind is not SectionKind.BASE and node.kind is CriterionKind.DEDUCT:
        message = "Kiểu trừ dần chỉ dùng trong phần điểm nội dung."
        advice = "Đổi sang kiểu đếm số lần: mỗi lần được cộng, hoặc bị trừ, bao nhiêu điểm."
        yield at_criterion(LintRule.DEDUCT_OUTSIDE_BASE, node.code, message, advice)


def _groups(rubric: RubricRules) -> Iterator[Finding]:
    for name, members in group_members(rubric).items():
        gains = any(member.kind is SectionKind.PLUS for member in members)
        if gains and is_of_losses(members):
            codes = ", ".join(member.rule.code for member in members)
            message = f"Nhóm loại trừ vừa có điểm cộng vừa có điểm trừ: {codes}."
            advice = "Tách thành hai nhóm: một nhóm chỉ có điểm cộng, một nhóm chỉ có điểm trừ."
            yield at_rubric(LintRule.MIXED_GROUP, message, advice, f"Nhóm {name}")


# ---------------------------------------------------------------- equal totals and grades


def _tie_breaks(rubric: RubricRules) -> Iterator[Finding]:
    for number, text in enumerate(rubric.tie_breaks, start=1):
        rule = parse_tie_break(text)
        kind = _KIND_OF_RULE.get(rule.rule)
        message = ""
        if rule.section and rubric.section(rule.section) is None:
            message = f"“{rule.label}”: không có phần {rule.section}."
        elif kind and not rubric.sections_of(kind):
            message = f"“{rule.label}”: bảng không có phần nào như vậy."
        if message:
            advice = "Chọn một phần có trong bảng, hoặc bỏ quy tắc này."
            place = f"Quy tắc phân hạng thứ {number}"
            yield at_rubric(LintRule.TIE_BREAK_NAMES_NOTHING, message, advice, place)


def _grades(rubric: RubricRules) -> Iterator[Finding]:
    if not rubric.grades:
        advice = "Ghi các mức xếp loại với điểm bắt đầu của từng mức."
        yield at_rubric(LintRule.NO_GRADES, "Chưa có mức xếp loại.", advice, GRADES)
        return
    bounds = [band.lower_bound for band in rubric.grades]
    shown = ", ".join(short(bound) for bound in bounds)
    if len(set(bounds)) != len(bounds) or bounds != sorted(bounds, reverse=True):
        message = f"Mốc điểm của các mức phải khác nhau và giảm dần, đang là {shown}."
        advice = "Ghi các mức từ cao xuống thấp, mỗi mức một mốc điểm bắt đầu."
        yield at_rubric(LintRule.GRADE_BOUNDS, message, advice, GRADES)
    if bounds[-1] != 0:
        message = f"Mức thấp nhất phải từ 0 điểm, đang từ {short(bounds[-1])}."
        advice = "Thêm một mức từ 0 điểm, để đơn vị nào cũng được xếp loại."
        yield at_rubric(LintRule.LOWEST_GRADE, message, advice, GRADES)
    for band in rubric.grades:
        for floor in band.section_floors:
            yield from _floor(rubric, band, floor)


def _floor(rubric: RubricRules, band: GradeBand, floor: SectionFloor) -> Iterator[Finding]:
    code, place = floor.section, f"Mức {band.name}, điều kiện về phần {floor.section}"
    named = rubric.section(code)
    if named is None:
        message = f"Không có phần {code}."
        advice = "Chọn một phần có trong bảng, hoặc bỏ điều kiện."
        yield at_rubric(LintRule.FLOOR_NAMES_NOTHING, message, advice, place)
    elif floor.lowest_share is None:
        message = f"Điều kiện về phần {code} ({named.title}) không nêu ngưỡng."
        advice = f"Ghi tỷ lệ thấp nhất phải đạt trên {short(named.max_points)} điểm của phần."
        yield at_section(LintRule.FLOOR_WITHOUT_THRESHOLD, code, message, advice, place)
