"""The uploaded workbook as rows of its four sheets, or every reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.encoding import force_str
from python_calamine import CalamineError, CalamineWorkbook
from tablib import Dataset

from blocs.services.imports.cells import Column, cell_text, nearest
from blocs.services.imports.sheets import LAYOUT, UNREAD
from blocs.services.imports.workbook import SheetRows, Workbook
from emulation.office.archive import UnsafeArchive
from emulation.office.extent import extent_of
from emulation.vietnamese import fold, join_names

MAX_ROWS = 5_000
MAX_COLUMNS = 200
AGAIN = "Đề nghị tải mẫu của hệ thống và điền vào mẫu đó."


def read_workbook(content: bytes) -> Workbook:
    """Return the rows of the register's workbook; ValidationError with every fault of its form.

    A fault of form is one that keeps rows from being read: no Excel file, too many rows, a sheet
    or a column missing, a heading nobody knows. What stands in the cells is judged later.
    """
    check_extent(content)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            return _sheets_of(book)
    except CalamineError as fault:
        raise ValidationError(
            "Không đọc được tệp Excel này. Đề nghị mở bằng Excel, lưu lại dạng .xlsx rồi tải lên."
        ) from fault


def check_extent(content: bytes, *, rows: int = MAX_ROWS, columns: int = MAX_COLUMNS) -> None:
    """Raise ValidationError where a workbook's cells reach too far, or show an error."""
    try:
        extent = extent_of(BytesIO(content), rows=rows + 1, columns=columns)
    except UnsafeArchive as refusal:
        raise ValidationError(f"Tệp {refusal}") from refusal
    if extent.row > rows + 1:
        raise ValidationError(
            f"Tệp có trang quá {rows} dòng (có chữ ở dòng {extent.row}). Đề nghị chia thành "
            "nhiều tệp, nhập lần lượt; hoặc xóa các dòng thừa ở cuối trang."
        )
    if extent.column > columns:
        raise ValidationError(f"Tệp có trang quá {columns} cột. {AGAIN}")
    if extent.faults:
        raise ValidationError(
            f"Tệp có ô báo lỗi công thức (như #N/A, #REF!) tại {join_names(extent.faults[:5])}. "
            "Đề nghị sửa hoặc xóa các ô đó."
        )
    if extent.formulas:
        raise ValidationError(
            f"Tệp có công thức chưa được tính tại {join_names(extent.formulas[:5])}. Đề nghị mở "
            "bằng Excel, lưu lại, hoặc thay công thức bằng giá trị."
        )


def _sheets_of(book: CalamineWorkbook) -> Workbook:
    by_name = {fold(name): name for name in book.sheet_names}
    missing = [title for title in LAYOUT if fold(title) not in by_name]
    if missing:
        raise ValidationError(
            f"Tệp thiếu trang {join_names([f'“{title}”' for title in missing])}. Trang chưa cần "
            f"điền thì để trống, không xóa. {AGAIN}"
        )
    faults: list[str] = []
    sheets = {}
    for title, columns in LAYOUT.items():
        rows = book.get_sheet_by_name(by_name[fold(title)]).to_python(skip_empty_area=False)
        sheets[title] = _rows_of(title, columns, rows, faults)
    if faults:
        raise ValidationError([ValidationError(fault) for fault in faults])
    known = {fold(title) for title in (*LAYOUT, *UNREAD)}
    return Workbook(sheets, tuple(name for key, name in by_name.items() if key not in known))


def _rows_of(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], faults: list[str]
) -> SheetRows:
    headings = [_plain(cell) for cell in rows[0]] if rows else []
    known = {fold(str(column.column_name)): str(column.column_name) for column in columns}
    places = {known[text]: number for number, text in enumerate(headings) if text in known}
    faults += _faults_of(title, columns, rows, known)
    present = [name for name in known.values() if name in places]
    data, numbers = Dataset(headers=present), []
    for number, row in enumerate(rows[1:], start=2):
        values = [row[places[name]] for name in present]
        if any(cell_text(value) for value in values):
            data.append(values)
            numbers.append(number)
    absent = tuple(name for name in known.values() if name not in places)
    return SheetRows(title, data, tuple(numbers), absent)


def _plain(cell: object) -> str:
    """Return a heading to compare: case, diacritics, stars and spaces aside."""
    return fold(cell_text(cell)).strip(" *:")


def _faults_of(
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    known: Mapping[str, str],
) -> list[str]:
    cells = [cell_text(cell) for cell in rows[0]] if rows else []
    headings = [_plain(cell) for cell in cells]
    faults = []
    for column in columns:
        times = headings.count(fold(force_str(column.column_name)))
        if times > 1:
            faults.append(f"Trang “{title}”: cột “{column.column_name}” có {times} lần.")
        elif not times and column.required:
            faults.append(
                f"Trang “{title}”: thiếu cột “{column.heading}” ở dòng đầu. "
                "Dòng 1 phải giữ tên các cột như mẫu."
            )
    for number, text in enumerate(headings):
        if text and text not in known:
            hint = nearest(cells[number], known.values()) or " Đề nghị xóa cột này."
            faults.append(f"Trang “{title}”: không có cột “{cells[number]}” trong mẫu.{hint}")
        elif not text and any(cell_text(row[number]) for row in rows[1:]):
            faults.append(
                f"Trang “{title}”: cột thứ {number + 1} có nội dung nhưng dòng 1 chưa ghi tên cột."
            )
    return faults
