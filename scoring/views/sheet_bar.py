"""The bar of figures over a score sheet: total, what caps cut off, what is missing, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from emulation import clock
from emulation.vietnamese import format_date, format_points, remaining
from scoring.models import ScoreSheet
from scoring.rules.enums import SectionKind, Stage
from scoring.rules.numbers import short
from scoring.rules.sheet import SheetResult
from scoring.selectors.sheet_content import MissingItem
from scoring.selectors.sheets import due_of, first_due_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the bar: label, value, a quiet note.

    ``until`` is the moment up to which the browser counts the seconds, in milliseconds since 1970.
    A ``minor`` one makes room for the others on a phone.
    """

    label: str
    value: str
    note: str = ""
    until: str = ""
    minor: bool = False


def figures_of(
    sheet: ScoreSheet, result: SheetResult, missing: Sequence[MissingItem]
) -> list[Figure]:
    """Return the bar of figures: total, plus, minus, what is missing, the deadline."""
    wanting = sum(1 for item in missing if not item.asks_confirmation)
    rubric = sheet.rubric
    return [
        _total(result),
        Figure(
            "Điểm cộng",
            format_points(result.plus, sign=True),
            _cap(result, SectionKind.PLUS, result.plus, rubric.plus_cap),
            minor=True,
        ),
        Figure(
            "Điểm trừ",
            format_points(-result.minus, sign=True),
            _cap(result, SectionKind.MINUS, result.minus, rubric.minus_cap),
            minor=True,
        ),
        Figure("Còn thiếu", f"{wanting} mục"),
        _deadline(sheet),
    ]


def _total(result: SheetResult) -> Figure:
    if result.total is None:
        so_far = result.base + result.plus - result.minus
        return Figure("Tổng điểm", format_points(so_far), "tạm tính")
    clamped = next((step for step in result.steps if step.stage is Stage.CLAMP), None)
    note = f"chưa giới hạn: {format_points(clamped.before)}" if clamped else ""
    return Figure("Tổng điểm", format_points(result.total), note)


def _cap(result: SheetResult, kind: SectionKind, counted: Decimal, cap: Decimal | None) -> str:
    """Return what the bounds of the plus or minus points cut off, or the bound itself."""
    raw = sum((each.raw for each in result.sections if each.kind is kind), Decimal(0))
    if raw > counted:
        return f"{format_points(raw)} bị giới hạn ở {short(counted)}"
    return "" if cap is None else f"tối đa {short(cap)}"


def _deadline(sheet: ScoreSheet) -> Figure:
    due_on = due_of(sheet)
    if due_on is None:
        return Figure("Hạn nộp", "chưa đặt")
    label = "Hạn nộp lại" if due_on != first_due_of(sheet) and sheet.returned_due_on else "Hạn nộp"
    when = f"23:59 ngày {format_date(due_on)}"
    if sheet.submitted_at is not None:
        return Figure(label, format_date(due_on), "đã nộp")
    until = str(int(clock.end_of(due_on).timestamp() * 1000) + 1)
    return Figure(label, remaining(due_on, clock.today()).text, when, until)
