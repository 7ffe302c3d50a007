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
from openpyxl.worksheet.datavalidation import DataValidation

from emulation.clock import local_time
from emulation.office.text import legal_text

TITLE_LENGTH = 31
DEFAULT_WIDTH = 18.0
DATE_FORMAT = "dd/mm/yyyy"
MOMENT_FORMAT = "dd/mm/yyyy hh:mm"
PROMPT_TITLE_LENGTH = 32
PROMPT_LENGTH = 255
PROMPT_ROWS = 5001

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_TYPES = frozenset({int, float, Decimal, bool, date})
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a column asks for when a cell is entered; with ``source``, its drop-down list.

    ``column`` counts from 1; ``source`` is a range such as ``'Danh mục'!$A$1:$A$6``. A list takes
    nothing else, saying so; with a ``doubt`` it only asks whether to keep what was typed. With a
    ``row`` it is for that one cell.
    """

    column: int
    title: str
    text: str
    source: str = ""
    doubt: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: title, header row, rows in order, widths in characters (one per column).

    ``places`` is how many decimals numbers of type Decimal show, so that they line up; None writes
    them without a format, in half the time, for exports of hundreds of thousands of cells.
    ``as_text`` makes whole columns text, for sheets that people fill in: telephone numbers keep
    their zeros, and days stay as they were typed. A ``hidden`` sheet holds lists for ``prompts``.
    ``above`` are lines over the header row: what the sheet is, whose, when.
    """

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[float] = ()
    places: int | None = 2
    as_text: bool = False
    prompts: Sequence[Prompt] = ()
    hidden: bool = False
    above: Sequence[str] = ()


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
    page.freeze_panes = f"A{len(sheet.above) + 2}"
    if sheet.hidden:
        page.sheet_state = "hidden"
    for number in range(1, len(sheet.header) + 1):
        dimension = page.column_dimensions[get_column_letter(number)]
        dimension.width = sheet.widths[number - 1] if number <= len(sheet.widths) else DEFAULT_WIDTH
        if sheet.as_text:
            dimension.number_format = "@"
    for prompt in sheet.prompts:
        page.data_validations.append(_validation(prompt))
    for line in sheet.above:
        page.append([_bold(page, line)])
    page.append(list(_header_cells(page, sheet.header)))
    brush = _Brush(page, sheet.places, as_text=sheet.as_text)
    for row in sheet.rows:
        page.append(brush.cells(row))


def _validation(prompt: Prompt) -> DataValidation:
    """Return the rule of a column's cells below its heading, with words in Vietnamese."""
    rule = DataValidation(
        type="list" if prompt.source else None,
        formula1=prompt.source or None,
        allow_blank=True,
        showInputMessage=True,
        showErrorMessage=bool(prompt.source),
        errorStyle="warning" if prompt.doubt else "stop",
        promptTitle=prompt.title[:PROMPT_TITLE_LENGTH],
        prompt=prompt.text[:PROMPT_LENGTH],
        errorTitle="Không có trong danh sách",
        error=prompt.doubt or "Đề nghị chọn trong danh sách của ô.",
    )
    letter = get_column_letter(prompt.column)
    rule.add(f"{letter}{prompt.row}" if prompt.row else f"{letter}2:{letter}{PROMPT_ROWS}")
    return rule


def _header_cells(page: Any, header: Sequence[str]) -> Iterator[Any]:
    for text in header:
        cell = _bold(page, text)
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        yield cell


def _bold(page: Any, text: str) -> Any:
    cell: Any = WriteOnlyCell(page, value=str(safe_cell(text)))
    cell.font = Font(bold=True)
    return cell


class _Brush:
    """Formats cells one at a time: the sheet writes each before it asks for the next,
    so that one cell per format serves the whole sheet.
    """

    def __init__(self, page: Any, places: int | None, *, as_text: bool = False) -> None:
        self.text = self._cell(page, "@") if as_text else None
        self.points = None if places is None else self._cell(page, f"{Decimal(0):.{places}f}")
        self.date = self._cell(page, DATE_FORMAT)
        self.moment = self._cell(page, MOMENT_FORMAT)

    @staticmethod
    def _cell(page: Any, number_format: str) -> Any:
        cell: Any = WriteOnlyCell(page)
        cell.number_format = number_format
        return cell

    def cells(self, row: Sequence[object]) -> Iterator[Any]:
        """Yield the cells of a row; a generator, because each is reused at once.

        A blank is no cell: it has its column's format.
        """
        for value in row:
            safe = None if value == "" else safe_cell(value)
            holder = self._holder(safe)
            if holder is None:
                yield safe
            else:
                holder.value = safe
                yield holder

    def _holder(self, value: object) -> Any:
        if isinstance(value, str):
            return self.text
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
