"""Warnings and notes on figures: what cannot be reached, cannot bind, or is left unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from scoring.rules.enums import SectionKind
from scoring.rules.groups import group_members
from scoring.rules.lint_findings import (
    GRADES,
    RUBRIC,
    Finding,
    LintRule,
    added,
    at_criterion,
    at_rubric,
    at_section,
    note,
    warning,
)
from scoring.rules.lint_words import plain
from scoring.rules.numbers import short, show_percent
from scoring.rules.points import highest_points
from scoring.rules.rubric import CriterionRules, GradeBand, RubricRules, SectionRules

_LISTED = 30
_CAP_ADVICE = "Đặt mức tối đa thấp hơn tổng các mục, hoặc bỏ mức tối đa cho đỡ hiểu nhầm."
_CAPPED = {SectionKind.PLUS: "cộng", SectionKind.MINUS: "trừ"}


def warnings(rubric: RubricRules) -> Iterator[Finding]:
    """Yield the warnings about figures, in the rubric's order."""
    for section in rubric.sections:
        for criterion in section.criteria:
            for node in (criterion, *criterion.parts):
                yield from _figures(node)
            yield from _idle_item(section, criterion)
        yield from _idle_section(section)
    yield from _idle_caps(rubric)
    yield from _lone_groups(rubric)
    yield from _grades_out_of_reach(rubric)


def year_warnings(awards: int | None, members: int | None, *, has_deadline: bool) -> list[Finding]:
    """Return what does not fit the bloc-year in which the table is used."""
    found = []
    if awards is not None and members is not None and awards > members:
        message = f"Số suất khen thưởng là {awards}, Khối có {members} đơn vị."
        advice = "Xem lại số suất của từng hình thức khen thưởng trong năm."
        found.append(at_rubric(LintRule.AWARDS_ABOVE_MEMBERS, message, advice, "Khen thưởng"))
    if not has_deadline:
        message = "Năm thi đua chưa có hạn nộp bảng tự chấm điểm."
        advice = "Ghi ngày hạn nộp trong các mốc thời gian của năm."
        found.append(at_rubric(LintRule.NO_DEADLINE, message, advice, "Hạn nộp"))
    return [warning(finding) for finding in found]


def notes(rubric: RubricRules) -> Iterator[Finding]:
    """Yield what is usual but worth knowing."""
    for section in rubric.sections:
        yield from _above_section_cap(section)
    yield from _above_rubric_caps(rubric)
    yield from _without_evidence(rubric)


# ---------------------------------------------------------------- one criterion


def _figures(node: CriterionRules) -> Iterator[Finding]:
    for finding in (*_max_out_of_reach(node), *_case_points(node), *_ladder(node), *_levels(node)):
        yield warning(finding)


def _max_out_of_reach(node: CriterionRules) -> Iterator[Finding]:
    highest = highest_points(node)
    if node.kind and node.per != 0 and highest < node.max_points:
        message = (
            f"Cách chấm cho cao nhất {short(highest)} điểm, tiêu chí ghi {short(node.max_points)}."
        )
        advice = "Nâng mức cao nhất, chọn bước điểm khác, hoặc hạ điểm tối đa."
        yield at_criterion(LintRule.MAX_OUT_OF_REACH, node.code, message, advice)


def _case_points(node: CriterionRules) -> Iterator[Finding]:
    if node.per is None or 0 < node.per <= node.max_points:
        return
    message = (
        f"Mỗi trường hợp {short(node.per)} điểm, tối đa {short(node.max_points)}: "
        "trường hợp đầu tiên đã vượt."
        if node.per
        else "Mỗi trường hợp 0 điểm: số trường hợp không ảnh hưởng đến điểm."
    )
    advice = "Sửa điểm của mỗi trường hợp, hoặc sửa điểm tối đa."
    yield at_criterion(LintRule.CASE_POINTS, node.code, message, advice)


def _ladder(node: CriterionRules) -> Iterator[Finding]:
    rungs = sorted(node.ladder)
    for (low, less), (high, more) in pairwise(rungs):
        if more < less:
            message = (
                f"Từ {_percent(high)} được {short(more)} điểm, ít hơn mức từ {_percent(low)} "
                f"({short(less)} điểm)."
            )
            advice = "Xem lại thang: tỷ lệ cao hơn thường được nhiều điểm hơn."
            yield at_criterion(LintRule.LADDER_FALLS, node.code, message, advice)
            return


def _levels(node: CriterionRules) -> Iterator[Finding]:
    labels = [plain(level.label) for level in node.levels]
    twice = [each.label for each in node.levels if labels.count(plain(each.label)) > 1]
    if twice:
        message = f"Có hai mức cùng tên “{twice[0]}”."
        advice = "Đặt tên khác nhau để người chấm phân biệt được."
        yield at_criterion(LintRule.LEVEL_TWICE, node.code, message, advice)


def _percent(share: Decimal) -> str:
    return show_percent(Fraction(share))


# ---------------------------------------------------------------- caps and groups


def _idle_item(section: SectionRules, criterion: CriterionRules) -> Iterator[Finding]:
    total = added(part.max_points for part in criterion.parts)
    if section.kind in _CAPPED and criterion.parts and criterion.max_points > total:
        stated = short(criterion.max_points)
        message = f"Các ý cộng lại {short(total)} điểm, mức tối đa ghi {stated}: không bao giờ đạt."
        yield warning(at_criterion(LintRule.CAP_IDLE, criterion.code, message, _CAP_ADVICE))


def _idle_section(section: SectionRules) -> Iterator[Finding]:
    total = _items(section)
    if section.kind in _CAPPED and section.max_points > total:
        stated = short(section.max_points)
        message = f"Các mục cộng lại {short(total)} điểm, tối đa ghi {stated}: không bao giờ đạt."
        yield warning(at_section(LintRule.CAP_IDLE, section.code, message, _CAP_ADVICE))


def _idle_caps(rubric: RubricRules) -> Iterator[Finding]:
    """Compare stated caps with one another: a section's own idle cap is reported there."""
    for kind, cap in ((SectionKind.PLUS, rubric.plus_cap), (SectionKind.MINUS, rubric.minus_cap)):
        total = added(each.max_points for each in rubric.sections_of(kind))
        if cap is not None and cap > total:
            what = _CAPPED[kind]
            message = (
                f"Các phần điểm {what} cho tối đa {short(total)} điểm, "
                f"mức chung ghi {short(cap)}: không bao giờ đạt."
            )
            place = f"Điểm {what} tối đa"
            yield warning(at_rubric(LintRule.CAP_IDLE, message, _CAP_ADVICE, place))
    highest = _stated_highest(rubric)
    if rubric.ceiling is not None and rubric.ceiling > highest:
        message = (
            f"Điểm chuẩn và điểm cộng cao nhất là {short(highest)} điểm, "
            f"trần ghi {short(rubric.ceiling)}: không bao giờ đạt."
        )
        yield warning(at_rubric(LintRule.CAP_IDLE, message, _CAP_ADVICE, "Tổng điểm cao nhất"))


def _stated_highest(rubric: RubricRules) -> Decimal:
    plus = added(each.max_points for each in rubric.sections_of(SectionKind.PLUS))
    return rubric.scale_max + (plus if rubric.plus_cap is None else min(plus, rubric.plus_cap))


def _lone_groups(rubric: RubricRules) -> Iterator[Finding]:
    for name, members in group_members(rubric).items():
        if len(members) == 1:
            code = members[0].rule.code
            message = f"Nhóm “{name}” chỉ có một tiêu chí, nên không loại trừ gì."
            advice = "Ghi cùng tên nhóm cho tiêu chí còn lại, hoặc bỏ tên nhóm."
            yield warning(at_criterion(LintRule.GROUP_OF_ONE, code, message, advice))


def _items(section: SectionRules) -> Decimal:
    """Return what the items of a section can come to, each within its own maximum."""
    return added(
        min(each.max_points, added(part.max_points for part in each.parts) or each.max_points)
        for each in section.criteria
    )


def _bound_sections(rubric: RubricRules, kind: SectionKind) -> Decimal:
    """Return what the sections of a kind can come to, each within its cap."""
    return added(min(each.max_points, _items(each)) for each in rubric.sections_of(kind))


def _highest_total(rubric: RubricRules) -> Decimal:
    """Return the highest total; of a draft without all its sections, by its scale."""
    plus = _bound_sections(rubric, SectionKind.PLUS)
    if rubric.plus_cap is not None:
        plus = min(plus, rubric.plus_cap)
    base = added(each.max_points for each in rubric.sections_of(SectionKind.BASE))
    highest = max(base, rubric.scale_max) + plus
    if rubric.ceiling is not None:
        return min(highest, rubric.ceiling)
    return highest


def _grades_out_of_reach(rubric: RubricRules) -> Iterator[Finding]:
    highest = _highest_total(rubric)
    for band in rubric.grades:
        shares = [floor.lowest_share for floor in band.section_floors] + [band.min_criterion_share]
        message = ""
        if band.lower_bound > highest:
            message = (
                f"Cần từ {short(band.lower_bound)} điểm, tổng điểm cao nhất là {short(highest)}."
            )
        elif any(share is not None and share > 1 for share in shares):
            message = "Điều kiện cần trên 100% điểm tối đa: không đơn vị nào đạt."
        if message:
            yield warning(_of_grade(band, message))


def _of_grade(band: GradeBand, message: str) -> Finding:
    advice = "Sửa mốc điểm hoặc điều kiện của mức xếp loại."
    return at_rubric(LintRule.GRADE_OUT_OF_REACH, message, advice, f"{GRADES} {band.name}")


# ---------------------------------------------------------------- notes


def _above_section_cap(section: SectionRules) -> Iterator[Finding]:
    total = _items(section)
    if section.kind in _CAPPED and total > section.max_points:
        message = f"Các mục cộng lại {short(total)} điểm, tính tối đa {short(section.max_points)}."
        advice = "Không phải sửa nếu đúng ý định: phần vượt không được tính."
        yield note(at_section(LintRule.ITEMS_ABOVE_CAP, section.code, message, advice))


def _above_rubric_caps(rubric: RubricRules) -> Iterator[Finding]:
    for kind, cap in ((SectionKind.PLUS, rubric.plus_cap), (SectionKind.MINUS, rubric.minus_cap)):
        total = _bound_sections(rubric, kind)
        if cap is not None and total > cap:
            what = _CAPPED[kind]
            message = f"Các phần điểm {what} cộng lại {short(total)} điểm, tính {short(cap)}."
            advice = "Không phải sửa nếu đúng ý định: phần vượt không được tính."
            place = f"Điểm {what} tối đa"
            yield note(at_rubric(LintRule.ITEMS_ABOVE_CAP, message, advice, place))


def _without_evidence(rubric: RubricRules) -> Iterator[Finding]:
    base = [each for section in rubric.sections_of(SectionKind.BASE) for each in section.criteria]
    codes = [each.code for each in base if not _has_evidence_rule(each)]
    if not codes:
        return
    listed = ", ".join(codes[:_LISTED])
    more = f" và {len(codes) - _LISTED} tiêu chí khác" if len(codes) > _LISTED else ""
    message = (
        f"{len(codes)} trên {len(base)} tiêu chí điểm nội dung không nêu minh chứng: "
        f"{listed}{more}."
    )
    advice = "Ghi minh chứng cần có để đơn vị biết trước phải nộp gì."
    yield note(at_rubric(LintRule.NO_EVIDENCE_RULE, message, advice, RUBRIC))


def _has_evidence_rule(criterion: CriterionRules) -> bool:
    return any(
        node.evidence_required or node.decision_required or node.evidence_hint
        for node in (criterion, *criterion.parts)
    )
