"""The workbook of a score table as rows of text, or every reason why it cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from blocs.services.imports.cells import cell_text
from blocs.services.imports.reading import check_extent
from emulation.vietnamese import fold, nfc
from scoring.rules.numbers import short

POINTS, NOTES, GUIDE = "Điểm", "Ghi chú", "Hướng dẫn"
UNIT, LEADER = "Đơn vị", "Lãnh đạo đồng ý nộp"
MAX_ROWS, MAX_COLUMNS = 1_000, 402
IGNORED = frozenset({"stt", "tt", "tong", "tong diem", "tong cong", "xep hang", "xep loai"})
_UNIT_HEADINGS = frozenset({fold(UNIT), "ten don vi"})
_ESCAPED = ("'=", "'+", "'-", "'@")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a page: its number in Excel, the unit named, the leader, cells by heading."""

    number: int
    unit: str
    cells: dict[str, str]
    leader: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the workbook: its headings as they stand, and the rows that say something."""

    title: str
    headings: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """What the workbook says; ``unread`` are the titles of pages nobody asked for."""

    points: Page
    notes: Page
    unread: tuple[str, ...] = ()


def read_table(content: bytes) -> ScoreTable:
    """Return the score table of a workbook; ValidationError with every fault of its form."""
    check_extent(content, rows=MAX_ROWS, columns=MAX_COLUMNS)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            return _table_of(book)
    except CalamineError as fault:
        raise ValidationError(
            "Không đọc được tệp Excel này. Đề nghị mở bằng Excel, lưu lại dạng .xlsx rồi tải lên."
        ) from fault


def _table_of(book: CalamineWorkbook) -> ScoreTable:
    by_name = {fold(name): name for name in book.sheet_names}
    if fold(POINTS) not in by_name:
        shown = ", ".join(f"“{name}”" for name in book.sheet_names[:5])
        raise ValidationError(
            f"Tệp thiếu trang “{POINTS}” (có: {shown}). Đề nghị dùng mẫu của hệ thống."
        )
    faults: list[str] = []
    pages = {
        title: _page(title, book.get_sheet_by_name(by_name[fold(title)]), faults)
        if fold(title) in by_name
        else Page(title)
        for title in (POINTS, NOTES)
    }
    if faults:
        raise ValidationError([ValidationError(fault) for fault in faults])
    known = {fold(POINTS), fold(NOTES), fold(GUIDE)}
    unread = tuple(name for key, name in by_name.items() if key not in known)
    return ScoreTable(pages[POINTS], pages[NOTES], unread)


def _page(title: str, sheet: CalamineSheet, faults: list[str]) -> Page:
    rows = sheet.to_python(skip_empty_area=False)
    _check_merged(title, sheet, faults)
    headings = [cell_text(cell) for cell in rows[0]] if rows else []
    places = _places(title, headings, faults)
    if places is None:
        return Page(title)
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if number == 2 and _is_titles(row, places[UNIT]):
            continue
        cells = {key: _text(row[at]) for key, at in places.items()}
        unit, leader = cells.pop(UNIT), cells.pop(LEADER, "")
        said = {key: text for key, text in cells.items() if text}
        if unit or said:
            found.append(Row(number, " ".join(unit.split()), said, leader))
    named = tuple(key for key in places if key not in {UNIT, LEADER})
    _check_unnamed(title, headings, rows, faults)
    return Page(title, named, tuple(found))


def _places(title: str, headings: Sequence[str], faults: list[str]) -> dict[str, int] | None:
    """Return where each heading stands; None without a column of units."""
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        plain = fold(heading).strip(" *:")
        key = heading
        if plain in _UNIT_HEADINGS:
            key = UNIT
        elif plain == fold(LEADER):
            key = LEADER
        if not plain or plain in IGNORED:
            continue
        if key in places:
            faults.append(f"Trang “{title}”: cột “{heading}” có nhiều lần.")
        places[key] = at
    if UNIT not in places:
        if title == NOTES and not places:
            return None
        faults.append(
            f"Trang “{title}”: thiếu cột “{UNIT}” ở dòng đầu. Dòng 1 ghi “{UNIT}” và mã các tiêu "
            "chí như mẫu."
        )
        return None
    return places


def _check_merged(title: str, sheet: CalamineSheet, faults: list[str]) -> None:
    """Refuse merged cells among the rows of units: all but the first would read as blank."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom >= 2:
            area = (
                f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
            )
            faults.append(
                f"Trang “{title}”: các ô {area} bị gộp. Đề nghị bỏ gộp và ghi riêng từng ô."
            )


def _check_unnamed(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], faults: list[str]
) -> None:
    for at, heading in enumerate(headings):
        if not heading and any(_text(row[at]) for row in rows[2:]):
            faults.append(
                f"Trang “{title}”: cột {get_column_letter(at + 1)} có nội dung nhưng dòng 1 chưa "
                "ghi mã tiêu chí."
            )


def _is_titles(row: Sequence[Any], unit_at: int) -> bool:
    """Tell whether the second row merely repeats the titles of the criteria."""
    unit = fold(_text(row[unit_at]))
    if unit:
        return unit in _UNIT_HEADINGS
    return not any(isinstance(cell, (int, float)) for cell in row)


def _text(value: object) -> str:
    """Return a cell as text: numbers as people write them, lines kept."""
    if isinstance(value, float):
        return short(Decimal(repr(round(value, 6))))
    if isinstance(value, (bool, int, dt.date, dt.datetime)):
        return cell_text(value)
    text = nfc(str("" if value is None else value)).replace("\r\n", "\n").strip()
    return text[1:] if text.startswith(_ESCAPED) else text


def table_from(document: Mapping[str, Any]) -> ScoreTable:
    """Return the table that ``dataclasses.asdict`` made a plain document of."""
    pages = {
        name: Page(
            document[name]["title"],
            tuple(document[name]["headings"]),
            tuple(Row(**row) for row in document[name]["rows"]),
        )
        for name in ("points", "notes")
    }
    return ScoreTable(pages["points"], pages["notes"], tuple(document["unread"]))
