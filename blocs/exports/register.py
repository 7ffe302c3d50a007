"""The workbook of a board's register: empty to be filled in, or with what is there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tablib import Dataset

from blocs.models import Board
from blocs.selectors.register import Register, register_of
from blocs.services.imports.cells import (
    BlocWidget,
    ChoiceWidget,
    Column,
    UnitsWidget,
    UnitWidget,
)
from blocs.services.imports.desk import Desk
from blocs.services.imports.rows import SheetResource
from blocs.services.imports.sheets import GUIDE, LISTS, SHEETS
from blocs.services.imports.structure import BlocSheet, UnitSheet
from blocs.services.imports.workbook import SheetRows
from emulation.office.sheets import Prompt, Sheet, workbook_bytes

LIST_ROWS = 5001
UNKNOWN_UNIT = "Tên này chưa có ở trang “Đơn vị”. Chỉ giữ nếu đơn vị đã có trong hệ thống."
UNKNOWN_BLOC = "Tên này chưa có ở trang “Khối”. Chỉ giữ nếu khối đã có trong hệ thống."

STEPS = (
    "Điền vào bốn trang: Đơn vị, Người, Khối, Thành viên. Trang chưa cần thì để trống, không xóa.",
    (
        "Mỗi dòng một đơn vị, một người với một chức vụ, một khối trong một năm, một thành viên. "
        "Cột có dấu * phải ghi."
    ),
    (
        "Tải tệp lên ở mục “Nhập từ Excel”. Hệ thống nêu mọi lỗi và mọi thay đổi; chưa ghi gì cho "
        "đến khi xác nhận. Còn một lỗi thì không dòng nào được ghi."
    ),
    "Ô để trống: giữ nguyên giá trị đang có. Dòng không có trong tệp: không bị xóa.",
    (
        "Không đổi tên, giải thể, sáp nhập đơn vị hay chuyển khối bằng tệp này: làm tại trang của "
        "đơn vị, của khối, nơi nêu rõ ảnh hưởng."
    ),
    "Người mới chưa có mật khẩu. Sau khi nhập, gửi hoặc in lời mời đăng nhập cho từng người.",
)
EXAMPLES: dict[str, Sequence[Sequence[str]]] = {
    "Đơn vị": (
        ("Sở Ví dụ A", "Cơ quan nhà nước", "Thể thức văn bản hành chính", "01/03/2025"),
        ("Ban Ví dụ B", "Cơ quan Đảng", "", ""),
    ),
    "Người": (
        ("Nguyễn Văn Ví Dụ", "", "0912 345 678", "vidu@tinh.gov.vn", "Sở Ví dụ A",
         "Lãnh đạo đơn vị", "Giám đốc", "01/03/2025"),
        ("Trần Thị Ví Dụ", "", "", "", "Sở Ví dụ A", "Cán bộ đầu mối", "Chuyên viên", ""),
    ),
    "Khối": (
        ("Khối Ví dụ", "Khối thi đua", "2026", "12", "Thể thức văn bản hành chính", "Sở Ví dụ A",
         "Ban Ví dụ B; Sở Ví dụ C"),
    ),
    "Thành viên": (("Khối Ví dụ", "2026", "Sở Ví dụ A", ""),),
}  # fmt: skip


def empty_register() -> bytes:
    """Return the workbook to fill in: four empty sheets, their guide, their drop-down lists."""
    return _workbook({sheet.title: () for sheet in SHEETS}, ())


def current_register(board: Board) -> bytes:
    """Return the workbook with what stands in the board now.

    Uploaded as it is, it changes nothing. Blocs that share their name are left out, and said so.
    """
    register = register_of(board)
    entries: tuple[Iterable[object], ...] = (
        register.units.values(),
        register.posts.values(),
        register.running_years,
        register.running_members,
    )
    rows = {
        kind.title: _exported(kind, register, list(found))
        for kind, found in zip(SHEETS, entries, strict=True)
    }
    return _workbook(rows, _left_out(register))


def _exported(
    kind: type[SheetResource], register: Register, entries: list[object]
) -> Sequence[Sequence[object]]:
    sheet = kind(Desk(register), SheetRows(kind.title, Dataset()))
    return list(sheet.export(entries))


def _left_out(register: Register) -> tuple[str, ...]:
    if not register.namesakes:
        return ()
    return (
        (
            f"Không có trong tệp: {sum(register.namesakes.values())} khối trùng tên nhau. Đề nghị "
            "đổi tên các khối đó để phân biệt."
        ),
    )


def _workbook(rows: dict[str, Sequence[Sequence[object]]], remarks: Sequence[str]) -> bytes:
    sheets = [_guide(remarks)]
    for kind in SHEETS:
        columns = kind.columns()
        sheets.append(
            Sheet(
                title=kind.title,
                header=[column.heading for column in columns],
                rows=rows[kind.title],
                widths=[column.width for column in columns],
                as_text=True,
                prompts=[_prompt(number, each) for number, each in enumerate(columns, start=1)],
            )
        )
    return workbook_bytes([*sheets, _lists()])


# ---------------------------------------------------------------- the guide


def _guide(remarks: Sequence[str]) -> Sheet:
    return Sheet(
        title=GUIDE,
        header=["Nhập danh sách của Hội đồng từ Excel", "", ""],
        rows=_guide_rows(remarks),
        widths=[26, 30, 90],
    )


def _guide_rows(remarks: Sequence[str]) -> Iterator[Sequence[str]]:
    for number, step in enumerate((*STEPS, *remarks), start=1):
        yield [f"{number}.", step]
    for kind in SHEETS:
        yield []
        yield [f"Trang “{kind.title}”", "Cột", "Ghi gì"]
        for column in kind.columns():
            yield ["", column.heading, column.hint]
        for example in EXAMPLES[kind.title]:
            yield ["Ví dụ (không nhập):", "", " | ".join(cell or "(trống)" for cell in example)]


# ---------------------------------------------------------------- drop-down lists


def _choices() -> list[tuple[str, ChoiceWidget]]:
    """Return each list of fixed words once, under the heading of the column that first uses it."""
    found: dict[str, tuple[str, ChoiceWidget]] = {}
    for kind in SHEETS:
        for column in kind.columns():
            if isinstance(column.widget, ChoiceWidget):
                name = column.widget.choices.__name__
                found.setdefault(name, (str(column.column_name), column.widget))
    return list(found.values())


def _lists() -> Sheet:
    lists = [(heading, widget.labels) for heading, widget in _choices()]
    longest = max(len(labels) for _, labels in lists)
    columns = [labels + [""] * (longest - len(labels)) for _, labels in lists]
    return Sheet(
        title=LISTS,
        header=[heading for heading, _ in lists],
        rows=list(zip(*columns, strict=True)),
        hidden=True,
    )


def _prompt(number: int, column: Column) -> Prompt:
    source, doubt = _source(column)
    return Prompt(number, column.heading, column.hint, source, doubt)


def _source(column: Column) -> tuple[str, str]:
    """Return the range of a column's drop-down list, and its doubt where others may be typed."""
    widget = column.widget
    if isinstance(widget, ChoiceWidget):
        names = [each.choices for _, each in _choices()]
        letter = "ABCDEFGH"[names.index(widget.choices)]
        return f"'{LISTS}'!${letter}$2:${letter}${len(widget.labels) + 1}", ""
    if isinstance(widget, UnitWidget) and not isinstance(widget, UnitsWidget):
        return f"'{UnitSheet.title}'!$A$2:$A${LIST_ROWS}", UNKNOWN_UNIT
    if isinstance(widget, BlocWidget):
        return f"'{BlocSheet.title}'!$A$2:$A${LIST_ROWS}", UNKNOWN_BLOC
    return "", ""
