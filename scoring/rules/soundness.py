"""What every rubric must satisfy to exist at all; whether it is wise is for `lint`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.rules.enums import (
    Automatic,
    CriterionKind,
    NotApplicable,
    SanctionEffect,
    SectionKind,
)
from scoring.rules.numbers import (
    CENT,
    LARGEST_POINTS,
    InputError,
    is_on_step,
    short,
    show,
    show_percent,
)
from scoring.rules.tie_breaks import parse_tie_break

if TYPE_CHECKING:
    from scoring.rules.structure import CriterionRules, GradeBand, RubricRules, SectionRules

_VOCABULARY = {
    "kind": CriterionKind,
    "not_applicable": NotApplicable,
    "sanction": SanctionEffect,
    "automatic": Automatic,
}
PER_KINDS = (CriterionKind.DEDUCT, CriterionKind.COUNT)
LEVEL_KINDS = (CriterionKind.CHOICE, CriterionKind.EVENT_AVERAGE)


class RubricError(ValueError):
    """A rubric that cannot exist; the message says what is wrong, `place` where."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


def check_criterion(rule: CriterionRules) -> None:
    """Raise `RubricError` if a criterion contradicts itself."""
    place = f"Tiêu chí {rule.code}"
    _demand(rule.code.strip() and rule.title.strip(), place, "thiếu mã hoặc tên.")
    _check_vocabulary(place, rule)
    _check_points(place, "điểm tối đa", rule.max_points)
    _check_points(place, "bước điểm", rule.step)
    _demand(rule.step > 0, place, "bước điểm phải lớn hơn 0.")
    _demand((rule.kind is None) == bool(rule.parts), place, "phải có cách chấm, hoặc có ý nhỏ.")
    _demand(not any(part.parts for part in rule.parts), place, "ý nhỏ không chia tiếp được.")
    _check_levels(place, rule)
    _check_per(place, rule)
    _check_ladder(place, rule)
    _check_sanction(place, rule)
    is_target = rule.kind is CriterionKind.TARGET
    message = "chỉ kiểu theo chỉ tiêu mới so được với đơn vị vượt cao nhất."
    _demand(is_target or not rule.relative, place, message)


def _check_vocabulary(place: str, rule: object) -> None:
    """Refuse bare strings where the rules compare members: they would match nothing."""
    for name, enum in _VOCABULARY.items():
        value = getattr(rule, name, None)
        _demand(value is None or type(value) is enum, place, f"không hiểu “{value}”.")


def _check_levels(place: str, rule: CriterionRules) -> None:
    has_levels = rule.kind in LEVEL_KINDS
    message = "các mức dùng cho và chỉ cho kiểu chọn mức và kiểu trung bình các việc."
    _demand(has_levels == bool(rule.levels), place, message)
    knocks = any(level.knocks_out for level in rule.levels)
    is_choice = rule.kind is CriterionKind.CHOICE
    _demand(is_choice or not knocks, place, "chỉ kiểu chọn mức mới có mức điểm liệt.")
    for level in rule.levels:
        _check_within(place, f"mức “{level.label}”", level.points, rule.max_points)


def _check_per(place: str, rule: CriterionRules) -> None:
    has_per = rule.per is not None
    _demand((rule.kind in PER_KINDS) == has_per, place, "điểm mỗi lần chỉ đi với kiểu đếm.")
    if rule.per is not None:
        _check_points(place, "điểm mỗi lần", rule.per)
    automatic = rule.automatic is None or rule.kind is CriterionKind.COUNT
    _demand(automatic, place, "chỉ tiêu chí đếm số lần mới tự tính được.")


def _check_ladder(place: str, rule: CriterionRules) -> None:
    _demand(not rule.ladder or rule.kind is CriterionKind.RATIO, place, "thang chỉ dùng cho tỷ lệ.")
    thresholds = [threshold for threshold, _ in rule.ladder]
    _demand(len(set(thresholds)) == len(thresholds), place, "thang có hai ngưỡng trùng nhau.")
    for threshold, points in rule.ladder:
        _demand(0 <= threshold <= 1, place, "ngưỡng của thang phải từ 0 đến 1.")
        _check_within(place, f"ngưỡng {show_percent(Fraction(threshold))}", points, rule.max_points)


def _check_sanction(place: str, rule: CriterionRules) -> None:
    names_grade = rule.sanction is SanctionEffect.NOT_ABOVE
    message = "mức xếp loại đi kèm và chỉ đi kèm điều kiện “không xếp trên”."
    _demand(names_grade == bool(rule.sanction_grade), place, message)


def check_section(section: SectionRules) -> None:
    """Raise `RubricError` if a section contradicts itself."""
    place = f"Phần {section.code}"
    _demand(type(section.kind) is SectionKind, place, f"không hiểu “{section.kind}”.")
    _demand(bool(section.code.strip()) and ":" not in section.code, place, "mã phần không hợp lệ.")
    _check_points(place, "điểm tối đa", section.max_points)
    is_minus = section.kind is SectionKind.MINUS
    for criterion in section.criteria:
        where = f"Tiêu chí {criterion.code}"
        nodes = (criterion, *criterion.parts)
        sanctioned = any(node.sanction for node in nodes)
        _demand(is_minus or not sanctioned, where, "chỉ điểm trừ mới khống chế xếp loại.")
        knocks = any(level.knocks_out for node in nodes for level in node.levels)
        _demand(not (is_minus and knocks), where, "điểm trừ không có mức điểm liệt.")


def check_rubric(rubric: RubricRules) -> None:
    """Raise `RubricError` if a rubric contradicts itself."""
    place = "Bảng chấm điểm"
    _check_points(place, "thang điểm", rubric.scale_max)
    for label, cap in (("mức cộng", rubric.plus_cap), ("mức trừ", rubric.minus_cap)):
        if cap is not None:
            _check_points(place, label, cap)
    bounded = rubric.floor is not None and rubric.ceiling is not None
    _demand(not bounded or rubric.floor <= rubric.ceiling, place, "sàn cao hơn trần.")  # type: ignore[operator]
    _demand(rubric.rounding > 0, place, "bước làm tròn phải lớn hơn 0.")
    _check_distinct("mã phần", (section.code for section in rubric.sections))
    nodes = [node for s in rubric.sections for c in s.criteria for node in (c, *c.parts)]
    _check_distinct("mã tiêu chí", (node.code for node in nodes))
    _check_grades(rubric.grades, nodes)
    for text in rubric.tie_breaks:
        _check_tie_break(text)


def _check_grades(grades: tuple[GradeBand, ...], nodes: list[CriterionRules]) -> None:
    names = [band.name for band in grades]
    _check_distinct("tên mức xếp loại", names)
    for band in grades:
        known = not band.overflow or band.overflow in names
        _demand(known, f"Mức {band.name}", f"không có mức “{band.overflow}”.")
    for node in nodes:
        known = not node.sanction_grade or node.sanction_grade in names
        _demand(known, f"Tiêu chí {node.code}", f"không có mức “{node.sanction_grade}”.")


def _check_tie_break(text: str) -> None:
    try:
        parse_tie_break(text)
    except InputError as error:
        raise RubricError("Tiêu chí phân hạng", error.message) from error


def _check_distinct(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        _demand(name not in seen, "Bảng chấm điểm", f"{what} “{name}” bị trùng.")
        seen.add(name)


def _check_points(place: str, what: str, points: Decimal) -> None:
    fits = points.is_finite() and 0 <= points <= LARGEST_POINTS and is_on_step(points, CENT)
    message = f"{what} phải từ 0 đến {show(LARGEST_POINTS)}, tối đa 2 chữ số thập phân."
    _demand(fits, place, message)


def _check_within(place: str, what: str, points: Decimal, maximum: Decimal) -> None:
    """Refuse what a unit could never be given: more than the criterion's maximum."""
    _check_points(place, what, points)
    message = (
        f"{what} được {short(points)} điểm, cao hơn điểm tối đa {short(maximum)} của tiêu chí. "
        "Đề nghị sửa một trong hai số."
    )
    _demand(points <= maximum, place, message)


def _demand(condition: object, place: str, message: str) -> None:
    if not condition:
        raise RubricError(place, message)
