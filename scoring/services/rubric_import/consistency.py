"""What the cells of a criterion's row must not say together, cell by cell.

The rules refuse the same, but stop at the first; here every cell at fault is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.enums import CriterionKind, Sanction, SectionKind
from scoring.rules.numbers import short
from scoring.services.rubric_import.reading import Row

COUNTED = {CriterionKind.DEDUCT, CriterionKind.COUNT}
LEVELLED = {CriterionKind.CHOICE, CriterionKind.EVENT_AVERAGE}
Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a criterion's row stands among: its section's kind, parts, levels, thresholds."""

    section: str
    has_parts: bool
    levels: Sequence[Row]
    ladder: Sequence[Row]


def faults_of(row: Row, around: Surroundings) -> Iterator[Fault]:
    """Yield the key of each cell at fault with what is wrong."""
    yield from _shape(row, around)
    yield from _points(row)
    yield from _per(row)
    yield from _sanction(row, around)
    yield from _only_with(row, "relative", CriterionKind.TARGET)
    yield from _only_with(row, "automatic", CriterionKind.COUNT)


def _shape(row: Row, around: Surroundings) -> Iterator[Fault]:
    kind = row.get("kind")
    if around.has_parts and kind:
        yield "kind", "Tiêu chí chia thành ý nhỏ thì để trống cách chấm: cách chấm ghi ở từng ý."
    elif not around.has_parts and not kind and "kind" not in row.unread:
        yield "kind", "Chưa ghi cách chấm (chỉ tiêu chí chia thành ý nhỏ mới để trống)."
    if kind in LEVELLED and not around.levels:
        yield "kind", "Cách chấm này cần các mức ở trang “Mức”, ghi đúng mã tiêu chí."


def _points(row: Row) -> Iterator[Fault]:
    for key in ("max_points", "step", "per"):
        value = row.get(key)
        if value is not None and value == 0:
            yield key, "Phải lớn hơn 0."


def _per(row: Row) -> Iterator[Fault]:
    counted = row.get("kind") in COUNTED
    if counted and row.get("per") is None and "per" not in row.unread:
        yield "per", "Cách chấm theo số lần cần điểm mỗi lần."
    elif row.get("per") is not None and not counted and "kind" not in row.unread:
        yield "per", "Điểm mỗi lần chỉ đi với cách chấm theo số lần. Đề nghị để trống."


def _sanction(row: Row, around: Surroundings) -> Iterator[Fault]:
    sanction, grade = row.get("sanction"), row.get("sanction_grade")
    if sanction and around.section and around.section != SectionKind.MINUS:
        yield "sanction", "Chỉ tiêu chí thuộc phần điểm trừ mới khống chế xếp loại."
    if sanction == Sanction.NOT_ABOVE and not grade:
        yield "sanction_grade", "Chưa ghi tên loại đi kèm “Không xếp trên loại ghi kèm”."
    if grade and sanction != Sanction.NOT_ABOVE and "sanction" not in row.unread:
        yield "sanction_grade", "Chỉ ghi khi chọn “Không xếp trên loại ghi kèm”."


def _only_with(row: Row, key: str, kind: CriterionKind) -> Iterator[Fault]:
    if row.get(key) and row.get("kind") != kind and "kind" not in row.unread:
        yield key, f"Chỉ đi với cách chấm “{kind.label}”. Đề nghị để trống."


def level_faults(row: Row, criterion: Row, around: Surroundings) -> Iterator[Fault]:
    """Yield what is wrong with a level of a criterion."""
    kind = criterion.get("kind")
    if kind not in LEVELLED and "kind" not in criterion.unread:
        yield "criterion", "Tiêu chí này không chấm theo mức. Đề nghị xóa dòng hoặc sửa cách chấm."
    if row.get("knocks_out") and kind and kind != CriterionKind.CHOICE:
        yield "knocks_out", "Chỉ cách chấm “Chọn một mức” mới có điểm liệt."
    if row.get("knocks_out") and around.section == SectionKind.MINUS:
        yield "knocks_out", "Điểm trừ không có điểm liệt."
    yield from _within(row.get("points"), criterion)


def rung_faults(row: Row, criterion: Row) -> Iterator[Fault]:
    """Yield what is wrong with a threshold of a criterion."""
    if criterion.get("kind") != CriterionKind.RATIO and "kind" not in criterion.unread:
        yield "criterion", "Ngưỡng chỉ dùng cho cách chấm “Theo tỷ lệ”."
    yield from _within(row.get("points"), criterion)


def _within(points: Any, criterion: Row) -> Iterator[Fault]:
    most = criterion.get("max_points")
    if isinstance(points, Decimal) and isinstance(most, Decimal) and abs(points) > abs(most):
        yield "points", f"Vượt điểm tối đa của tiêu chí ({short(abs(most))})."
