"""Workbooks, and cells that no spreadsheet program will take for a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from emulation.clock import local_time
from emulation.office.text import legal_text

TITLE_LENGTH = 31
DEFAULT_WIDTH = 18.0
DATE_FORMAT = "dd/mm/yyyy"
MOMENT_FORMAT = "dd/mm/yyyy hh:mm"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_TYPES = frozenset({int, float, Decimal, bool, date})
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: title, header row, rows in order, widths in characters (one per column).

    ``places`` is how many decimals numbers of type Decimal show, so that they line up; None writes
    them without a format, in half the time, for exports of hundreds of thousands of cells.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[float] = ()
    places: int | None = 2


def safe_cell(value: object) -> object:
    """Return a value fit for a cell of a workbook or CSV file.

    Numbers, dates, booleans and None pass unchanged; moments become local and naive, as Excel
    has no time zones; text that a program would run as a formula gets a leading apostrophe.
    Text that is plainly a number ("-5,5") does not. Anything else is written as its text.
    """
    if value is None or type(value) in _PLAIN_TYPES:
        return value
    if isinstance(value, datetime):
        return local_time(value).replace(tzinfo=None) if value.tzinfo else value
    text = legal_text(str(value))
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Return the content of an .xlsx file: bold frozen header rows, every cell made safe.

    Rows are written as they come, so that a long export needs little memory.
    """
    workbook = Workbook(write_only=True)
    titles: set[str] = set()
    for sheet in sheets:
        _write_sheet(workbook, sheet, _free_title(sheet.title, titles))
    if not titles:
        workbook.create_sheet("Trống")
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _write_sheet(workbook: Workbook, sheet: Sheet, title: str) -> None:
    page: Any = workbook.create_sheet(title)
    page.freeze_panes = "A2"
    for number in range(1, len(sheet.header) + 1):
        width = sheet.widths[number - 1] if number <= len(sheet.widths) else DEFAULT_WIDTH
        page.column_dimensions[get_column_letter(number)].width = width
    page.append(list(_header_cells(page, sheet.header)))
    brush = _Brush(page, sheet.places)
    for row in sheet.rows:
        page.append(brush.cells(row))


def _header_cells(page: Any, header: Sequence[str]) -> Iterator[Any]:
    for text in header:
        cell = WriteOnlyCell(page, value=str(safe_cell(text)))
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        yield cell


class _Brush:
    """Formats cells one at a time: the sheet writes each before it asks for the next,
    so that one cell per format serves the whole sheet.
    """

    def __init__(self, page: Any, places: int | None) -> None:
        self.points = None if places is None else self._cell(page, f"{Decimal(0):.{places}f}")
        self.date = self._cell(page, DATE_FORMAT)
        self.moment = self._cell(page, MOMENT_FORMAT)

    @staticmethod
    def _cell(page: Any, number_format: str) -> Any:
        cell: Any = WriteOnlyCell(page)
        cell.number_format = number_format
        return cell

    def cells(self, row: Sequence[object]) -> Iterator[Any]:
        """Yield the cells of a row; a generator, because each is reused at once."""
        for value in row:
            safe = safe_cell(value)
            holder = self._holder(safe)
            if holder is None:
                yield safe
            else:
                holder.value = safe
                yield holder

    def _holder(self, value: object) -> Any:
        if isinstance(value, str):
            return None
        if isinstance(value, Decimal):
            return self.points
        if isinstance(value, datetime):
            return self.moment
        return self.date if isinstance(value, date) else None


def _free_title(title: str, taken: set[str]) -> str:
    """Return a title Excel accepts, unlike those taken (in any case), and note it as taken."""
    clean = _NOT_IN_TITLE.sub(" ", legal_text(title)).strip(" '") or "Trang"
    number, free = 1, clean[:TITLE_LENGTH]
    while free.lower() in taken:
        number += 1
        suffix = f" ({number})"
        free = clean[: TITLE_LENGTH - len(suffix)] + suffix
    taken.add(free.lower())
    return free
