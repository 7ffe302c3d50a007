"""An uploaded workbook as the rows of its sheets, and every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from blocs.services.imports.cells import nearest
from emulation.office.archive import UnsafeArchive, office_extension
from emulation.office.extent import extent_of
from emulation.office.marks import marks_of
from emulation.vietnamese import fold
from scoring.services.rubric_import.cells import clean_text, read_cell, shown
from scoring.services.rubric_import.layout import COLUMNS, UNREAD, Column

MAX_ROWS = 3_000
MAX_COLUMNS = 60
MAX_MERGES = 2_000
AGAIN = "Đề nghị tải mẫu của hệ thống và điền vào mẫu đó."
FORMULA = "Ô có công thức. Đề nghị thay bằng giá trị (sao chép rồi dán giá trị) và tải lên lại."
SHOWS_ERROR = "Ô đang báo lỗi công thức (như #N/A, #REF!). Đề nghị ghi lại giá trị."
MISSING = "Chưa ghi “{heading}”. Đề nghị ghi vào ô này."


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong where: sheet, row in Excel (None: the whole sheet or file), column, words."""

    sheet: str
    row: int | None
    column: str
    message: str
    value: str = ""

    @property
    def text(self) -> str:
        """What is wrong, under the name by which every preview asks for it."""
        return self.message


@dataclass(slots=True)
class Row:
    """A row that says something: its texts, the values read from them, the keys of the unread."""

    sheet: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """Return a value; None where the cell is empty or could not be read."""
        return self.values.get(key)


@dataclass(slots=True)
class Book:
    """The rows by sheet, and every error so far; ``remarks`` are told beside them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def fault(self, row: Row, column: Column | None, message: str) -> None:
        """Note an error in a row's cell."""
        heading = column.heading if column else ""
        value = row.texts.get(column.key, "") if column else ""
        self.errors.append(CellError(row.sheet, row.number, heading, message, value))


def read_book(content: bytes) -> Book:
    """Return the rows of a rubric's workbook; its ``errors`` name whatever cannot be read.

    A file that is no workbook, or would fill the memory, has one error and no rows.
    """
    book = Book()
    try:
        _check(content)
        with CalamineWorkbook.from_filelike(BytesIO(content)) as file:
            _Reader(book, file, content).read()
    except UnsafeArchive as refusal:
        book.errors.append(CellError("", None, "", f"Tệp {refusal}"))
    except CalamineError:
        said = "Không đọc được tệp Excel này. Đề nghị mở bằng Excel, lưu lại dạng .xlsx."
        book.errors.append(CellError("", None, "", said))
    return book


def _check(content: bytes) -> None:
    if not content:
        raise UnsafeArchive("không có nội dung. Đề nghị kiểm tra và chọn lại tệp.")
    if office_extension(BytesIO(content)) != "xlsx":
        raise UnsafeArchive("không phải là tệp Excel (.xlsx).")
    extent = extent_of(BytesIO(content), rows=MAX_ROWS, columns=MAX_COLUMNS)
    if extent.row > MAX_ROWS:
        raise UnsafeArchive(
            f"có trang quá {MAX_ROWS} dòng (có chữ ở dòng {extent.row}). Đề nghị xóa các dòng thừa."
        )
    if extent.column > MAX_COLUMNS:
        raise UnsafeArchive(f"có trang quá {MAX_COLUMNS} cột. {AGAIN}")


class _Reader:
    """Reads the sheets of one workbook into a book."""

    def __init__(self, book: Book, file: CalamineWorkbook, content: bytes) -> None:
        self.book, self.file = book, file
        self.by_name = {fold(name): name for name in reversed(file.sheet_names)}
        self.marks = {
            (m.sheet, m.row, m.column): m.is_formula for m in marks_of(content, rows=MAX_ROWS)
        }

    def read(self) -> None:
        """Read every sheet of the layout; name those missing and those nobody asked for."""
        known = {fold(title) for title in (*COLUMNS, *UNREAD)}
        others = [name for key, name in self.by_name.items() if key not in known]
        for title, columns in COLUMNS.items():
            name = self.by_name.get(fold(title))
            if name is None:
                found = nearest(title, others)
                said = f"Tệp thiếu trang “{title}”.{found} Trang chưa cần điền thì để trống."
                self.book.errors.append(CellError(title, None, "", f"{said} {AGAIN}"))
                continue
            sheet = self.file.get_sheet_by_name(name)
            self.book.rows[title] = list(self._rows(title, columns, sheet))
        if others:
            listed = ", ".join(f"“{name}”" for name in others[:20])
            self.book.remarks.append(f"Không đọc các trang ngoài mẫu: {listed}.")

    def _rows(self, title: str, columns: Sequence[Column], sheet: CalamineSheet) -> Iterator[Row]:
        cells = sheet.to_python(skip_empty_area=False)
        places = self._places(title, columns, cells[0] if cells else [])
        filled = self._filled(title, cells, sheet)
        last = max((row for name, row, _ in self.marks if name == sheet.name), default=0)
        if cells:  # a formula that was never worked out lies beyond what has a value
            cells += [[""] * len(cells[0]) for _ in range(last - len(cells))]
        for number, values in enumerate(cells[1:], start=2):
            marked = {
                column.key: self.marks[sheet.name, number, place + 1]
                for column, place in places
                if (sheet.name, number, place + 1) in self.marks
            }
            says = any(clean_text(shown(values[place])) for _, place in places)
            if not says and not marked:
                continue
            taken = {column.key: values[place] for column, place in places}
            for column, place in places:
                if (number, place) in filled:
                    taken[column.key] = filled[number, place]
            yield self._row(Row(title, number), [each for each, _ in places], taken, marked)

    def _row(
        self,
        row: Row,
        columns: Sequence[Column],
        taken: Mapping[str, Any],
        marked: Mapping[str, bool],
    ) -> Row:
        for column in columns:
            text = row.texts[column.key] = clean_text(shown(taken[column.key]))
            try:
                if column.key in marked:
                    raise ValueError(FORMULA if marked[column.key] else SHOWS_ERROR)
                if column.key == "value":  # "Thông tin chung": judged by the label beside it
                    row.values[column.key] = taken[column.key]
                    continue
                value = read_cell(column, taken[column.key])
                if value is None and column.required:
                    raise ValueError(MISSING.format(heading=column.heading))
            except ValueError as error:
                row.unread.add(column.key)
                at = (row.sheet, row.number, column.heading)
                self.book.errors.append(CellError(*at, str(error), text))
                continue
            row.values[column.key] = value
        return row

    def _places(
        self, title: str, columns: Sequence[Column], cells: Sequence[Any]
    ) -> list[tuple[Column, int]]:
        """Return the columns with their places; name what the heading lacks or has too much."""
        headings = [fold(clean_text(shown(cell))).strip(" *:") for cell in cells]
        known = {fold(column.heading): column for column in columns}
        places = []
        for key, column in known.items():
            if key not in headings:
                said = "Thiếu cột này ở dòng 1. Dòng 1 phải giữ tên các cột như mẫu."
                self.book.errors.append(CellError(title, 1, column.heading, said))
                continue
            if headings.count(key) > 1:
                said = f"Cột này có {headings.count(key)} lần. Đề nghị xóa cột thừa."
                self.book.errors.append(CellError(title, 1, column.heading, said))
            places.append((column, headings.index(key)))
        for text, cell in zip(headings, cells, strict=True):
            if text and text not in known:
                hint = nearest(text, [column.heading for column in columns])
                said = f"Không có cột này trong mẫu.{hint or ' Đề nghị xóa cột này.'}"
                self.book.errors.append(CellError(title, 1, clean_text(shown(cell)), said))
        return places

    def _filled(
        self, title: str, cells: Sequence[Sequence[Any]], sheet: CalamineSheet
    ) -> dict[tuple[int, int], Any]:
        """Return what merged cells hold: all rows of the first column take the top left value.

        A column of a range other than its first stays empty, and so does the heading.
        """
        found: dict[tuple[int, int], Any] = {}
        ranges = (sheet.merged_cell_ranges or [])[:MAX_MERGES]
        for (top, left), (bottom, _right) in ranges:
            if top < 1 or top >= len(cells) or left >= len(cells[top]):
                continue
            value = cells[top][left]
            for place in range(top + 1, min(bottom, len(cells) - 1) + 1):
                found[place + 1, left] = value
        if ranges:
            self.book.remarks.append(
                f"Trang “{title}” có ô gộp: mọi dòng của ô gộp lấy giá trị ở ô trên cùng bên trái."
            )
        return found
