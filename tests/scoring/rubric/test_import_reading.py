"""What a workbook may say and how; every error with its sheet, row and column."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from scoring.exports.rubric_workbook import rubric_workbook
from scoring.rules.enums import CriterionKind
from scoring.rules.rubric import RubricRules, from_document
from scoring.services.rubric_import.assembling import Assembly
from scoring.services.rubric_import.reading import CellError, read_book
from tests.scoring.builders import DOCUMENT
from tests.scoring.rubric.tables import commune

RULES = from_document(DOCUMENT)


def edited(*changes: tuple[str, str, Any], rules: RubricRules = RULES) -> bytes:
    """Return the rubric's workbook with cells overwritten: sheet, address, value."""
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(rules)))
    for sheet, address, value in changes:
        book[sheet][address] = value
    return saved(book)


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(content: bytes) -> tuple[RubricRules | None, list[CellError]]:
    book = read_book(content)
    return Assembly(book).rubric(), book.errors


def places(content: bytes) -> list[tuple[str, int | None, str]]:
    return [(each.sheet, each.row, each.column) for each in read(content)[1]]


def row_of(sheet: str, code: str) -> int:
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(RULES)))
    return next(cell.row for cell in book[sheet]["A"] if cell.value == code)


def letter_of(sheet: str, heading: str) -> str:
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(RULES)))
    return next(c.column_letter for c in book[sheet][1] if str(c.value).strip(" *") == heading)


def cell(code: str, heading: str, sheet: str = "Tiêu chí") -> str:
    return f"{letter_of(sheet, heading)}{row_of(sheet, code)}"


# ---------------------------------------------------------------- how things may be written


@pytest.mark.parametrize(
    "typed", ["7,5", "7.5", 7.5, "  7,5 ", "７,５", "７．５", "7,50", "\u00a07,5"]
)
def test_points_as_people_type_them(typed):
    found, errors = read(edited(("Tiêu chí", cell("A4", "Điểm tối đa"), typed)))
    assert errors == []
    assert found is not None
    assert found.places["A4"].leaf.max_points == Decimal("7.5")


@pytest.mark.parametrize("typed", [7, "7", "  7 ", "７", 7.0])
def test_whole_points(typed):
    found, errors = read(edited(("Tiêu chí", cell("A4", "Điểm tối đa"), typed)))
    assert errors == []
    assert found is not None
    assert found.places["A4"].leaf.max_points == 7


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("85%", "0.85"),
        (0.85, "0.85"),
        ("0,85", "0.85"),
        ("62,5 %", "0.625"),
        (1, "1"),
        ("８５%", "0.85"),
    ],
)
def test_shares(typed, share):
    found, errors = read(edited(("Xếp loại", "C2", typed)))
    assert errors == []
    assert found is not None
    assert found.grades[0].min_criterion_share == Decimal(share)


def test_a_share_over_one_asks_whether_a_percentage_was_meant():
    _, errors = read(edited(("Xếp loại", "C2", 85)))
    assert "Có phải 85%?" in errors[0].message


def test_texts_in_decomposed_letters_are_composed():
    title = unicodedata.normalize("NFD", "Đổi mới, sáng tạo ở cơ sở")
    kind = unicodedata.normalize("NFD", "Nhập điểm trực tiếp")
    found, errors = read(
        edited(
            ("Tiêu chí", cell("A4", "Nội dung"), title),
            ("Tiêu chí", cell("A4", "Cách chấm"), kind),
            ("Thông tin chung", "A2", unicodedata.normalize("NFD", "Tên bảng chấm điểm *")),
        )
    )
    assert errors == []
    assert found is not None
    assert found.places["A4"].leaf.title == "Đổi mới, sáng tạo ở cơ sở"


@pytest.mark.parametrize("typed", ["NHAP DIEM TRUC TIEP", "nhập điểm trực tiếp", "direct"])
def test_labels_without_case_and_diacritics(typed):
    found, errors = read(edited(("Tiêu chí", cell("A4", "Cách chấm"), typed)))
    assert errors == []
    assert found is not None
    assert found.places["A4"].leaf.kind is CriterionKind.DIRECT


def test_five_and_minus_five_are_the_same_in_a_minus_section():
    rules = from_document(commune())
    minus = next(s for s in rules.sections if s.kind.value == "MINUS")
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(rules)))
    for sheet, code_at, columns in (("Tiêu chí", "B", "FH"), ("Phần", "A", "D")):
        for row in range(2, book[sheet].max_row + 1):
            if book[sheet][f"{code_at}{row}"].value == minus.code:
                for column in columns:
                    value = book[sheet][f"{column}{row}"].value
                    if isinstance(value, int | float):
                        book[sheet][f"{column}{row}"] = f"\u2212{value}".replace(".", ",")
    found, errors = read(saved(book))
    assert errors == []
    assert found == rules


def test_a_minus_sign_elsewhere_is_refused():
    content = edited(("Tiêu chí", cell("A4", "Điểm tối đa"), "-8"))
    assert places(content) == [("Tiêu chí", row_of("Tiêu chí", "A4"), "Điểm tối đa")]


# ---------------------------------------------------------------- every error with its place


@pytest.mark.parametrize(
    ("heading", "typed", "said"),
    [
        ("Điểm tối đa", "tám", "Không đọc được số"),
        ("Điểm tối đa", "1.000,5", "Chỉ dùng một dấu thập phân"),
        ("Điểm tối đa", "7,555", "tối đa 2 chữ số"),
        ("Điểm tối đa", 0, "lớn hơn 0"),
        ("Điểm tối đa", 10_000, "từ 0 đến 9999,99"),
        ("Điểm tối đa", True, "đúng/sai"),
        ("Điểm tối đa", dt.date(2026, 5, 7), "Excel tự đổi"),
        ("Điểm tối đa", 1e300, "Không đọc được số"),
        ("Điểm tối đa", None, "Chưa ghi “Điểm tối đa”"),
        ("Điểm tối đa", "=4+4", "công thức"),
        ("Điểm tối đa", "#N/A", "báo lỗi công thức"),
        ("Nội dung", "x" * 1001, "tối đa 1000 ký tự"),
        ("Cách chấm", "Chấm theo cảm tính", "Không có trong danh sách"),
        ("Cách chấm", None, "Chưa ghi cách chấm"),
        ("Cách chấm", "Chọn một mức", "cần các mức"),
        ("Điểm mỗi lần", "0,5", "chỉ đi với cách chấm theo số lần"),
        ("Khống chế xếp loại", "Hạ một bậc xếp loại", "thuộc phần điểm trừ"),
        ("Không xếp trên loại", "Giỏi", "Không có “Giỏi”"),
        ("So với đơn vị vượt cao nhất", "Có", "Theo chỉ tiêu"),
        ("Phải có minh chứng", "chắc là có", "“Có” hoặc “Không”"),
        ("Nội dung giao ước số", "2,5", "số nguyên"),
        ("Thuộc phần", "Z", "Không có “Z” ở trang “Phần”"),
        ("Thuộc tiêu chí", "A4", "không thuộc chính nó"),
        ("Mã", "A1", "đã có ở dòng"),
    ],
)
def test_a_wrong_cell_is_named(heading, typed, said):
    address = cell("A4", heading)
    _, errors = read(edited(("Tiêu chí", address, typed)))
    row = int(re.sub(r"\D", "", address))
    told = [e.message for e in errors if (e.sheet, e.row, e.column) == ("Tiêu chí", row, heading)]
    assert any(said in message for message in told), errors


def test_all_errors_are_told_at_once():
    content = edited(
        ("Thông tin chung", "B3", "một trăm"),
        ("Xếp loại", "B2", "chín mươi"),
        ("Phần", "B2", "Điểm thường"),
        ("Tiêu chí", cell("A4", "Điểm tối đa"), "tám"),
        ("Tiêu chí", cell("A1", "Bước điểm"), "nửa"),
        ("Mức", "C2", "-"),
        ("Ngưỡng", "B2", "120%"),
    )
    found, errors = read(content)
    assert found is None
    assert {each.sheet for each in errors} >= {
        *("Thông tin chung", "Xếp loại", "Phần", "Tiêu chí", "Mức", "Ngưỡng"),
    }
    assert len(errors) == 9  # the threshold's row lacks two more cells


@pytest.mark.parametrize(
    ("sheet", "address", "typed", "said"),
    [
        ("Thông tin chung", "A4", "Điểm thưởng", "Không có mục này"),
        ("Thông tin chung", "A4", "Thang điểm", "đã có ở dòng 3"),
        ("Thông tin chung", "B13", "Điểm phần Q cao hơn", "Không có phần “Q”"),
        ("Thông tin chung", "B13", "Bốc thăm", "Không hiểu quy tắc"),
        ("Thông tin chung", "B11", "tùy", "Không có trong danh sách"),
        ("Xếp loại", "A3", "Xuất sắc", "đã có ở dòng 2"),
        ("Xếp loại", "B3", "90", "Cùng mức điểm"),
        ("Xếp loại", "F2", "Giỏi", "Không có “Giỏi”"),
        ("Phần", "A3", "A", "đã có ở dòng 2"),
        ("Mức", "A2", "Z9", "Không có “Z9” ở trang “Tiêu chí”"),
        ("Mức", "C2", "99", "Vượt điểm tối đa"),
        ("Ngưỡng", "A2", "A4", "Ngưỡng chỉ dùng"),
    ],
)
def test_wrong_cells_of_other_sheets(sheet, address, typed, said):
    _, errors = read(edited((sheet, address, typed)))
    row = int(re.sub(r"\D", "", address))
    told = [each.message for each in errors if (each.sheet, each.row) == (sheet, row)]
    assert any(said in message for message in told), errors


def test_counting_needs_the_points_of_each_case():
    address = ("Tiêu chí", cell("A4", "Cách chấm"), "Tính theo số lần, số việc")
    assert places(edited(address)) == [("Tiêu chí", row_of("Tiêu chí", "A4"), "Điểm mỗi lần")]


# ---------------------------------------------------------------- sheets, headings, merged cells


def test_missing_sheets_and_columns_are_named_with_the_nearest():
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(RULES)))
    book["Điều kiện xếp loại"].title = "Điều kiện xếp hạng"
    book["Tiêu chí"]["D1"] = "Nội dung tiêu chí"
    del book["Ngưỡng"]
    told = {each.sheet: each.message for each in reversed(read(saved(book))[1])}
    assert "Có phải “Điều kiện xếp hạng”?" in told["Điều kiện xếp loại"]
    assert "thiếu trang “Ngưỡng”" in told["Ngưỡng"]
    assert "Tiêu chí" in told


def test_other_workbooks_get_a_clear_answer():
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    _, errors = read(saved(book))
    assert len(errors) == 7
    assert all("thiếu trang" in each.message for each in errors)


def test_sheets_and_headings_may_be_spelt_otherwise_and_stand_in_any_order():
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(RULES)))
    book["Mức"].title = "MUC"
    book.move_sheet("MUC", -5)
    book["Phần"]["A1"] = "  mã  "
    found, errors = read(saved(book))
    assert errors == []
    assert found == RULES


def test_merged_cells_give_their_top_left_value_to_every_row():
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(RULES)))
    levels = book["Mức"]
    last = max(row for row in range(2, 9) if levels[f"A{row}"].value == levels["A2"].value)
    assert last > 2
    levels.merge_cells(f"A2:A{last}")
    read_again = read_book(saved(book))
    assert Assembly(read_again).rubric() == RULES
    assert read_again.errors == []
    assert any("ô gộp" in remark for remark in read_again.remarks)


def test_blank_rows_are_passed_over_and_numbers_stay_those_of_excel():
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(RULES)))
    book["Tiêu chí"].insert_rows(2, 3)
    book["Tiêu chí"]["F5"] = "x"
    assert read(saved(book))[1][0].row == 5


def test_formulas_without_a_value_in_an_else_empty_row_are_named():
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(RULES)))
    row = book["Ngưỡng"].max_row + 1
    book["Ngưỡng"][f"C{row}"] = "=1+1"
    assert ("Ngưỡng", row, "Điểm") in places(saved(book))


# ---------------------------------------------------------------- hostile files


def rezipped(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO(rubric_workbook(RULES))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"0" * (150 * 1024 * 1024))
    return buffer.getvalue()


def macro() -> bytes:
    buffer = io.BytesIO(rubric_workbook(RULES))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return buffer.getvalue()


def million_rows(inside: str) -> bytes:
    rows = "".join(f'<row r="{n}">{inside.format(n)}</row>' for n in range(2_000, 1_002_000))

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet6.xml":
            return part
        return part.replace(b"</sheetData>", rows.encode() + b"</sheetData>")

    return rezipped(rubric_workbook(RULES), change)


def entities() -> bytes:
    head = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'

    def change(name: str, part: bytes) -> bytes:
        return (
            part.replace(b"<workbook", head + b"<workbook", 1)
            if name.endswith("book.xml")
            else part
        )

    return rezipped(rubric_workbook(RULES), change)


def far_value() -> bytes:
    return edited(("Mức", "XFD1048576", "x"))


HOSTILE = [
    (lambda: b"", "không có nội dung"),
    (lambda: b"not a zip at all" * 100, "hỏng"),
    (lambda: rubric_workbook(RULES)[:5_000], "hỏng"),
    (bomb, "dung lượng sau khi giải nén lớn bất thường"),
    (macro, "macro"),
    (entities, "cấu trúc bất thường"),
    (far_value, "quá 3000 dòng"),
    (lambda: million_rows('<c r="A{}"><v>1</v></c>'), "quá 3000 dòng"),
]


@pytest.mark.parametrize(("make", "said"), HOSTILE)
def test_hostile_files_are_refused_in_one_sentence(make, said):
    content = make()
    started = time.monotonic()
    tracemalloc.start()
    _, errors = read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [each.sheet for each in errors] == [""]
    assert said in errors[0].message
    assert time.monotonic() - started < 20
    assert peak < 100 * 1024 * 1024


@pytest.mark.parametrize("inside", ["", '<c r="A{}" s="1"/>'])
def test_a_million_empty_rows_change_nothing(inside):
    content = million_rows(inside)
    started = time.monotonic()
    found, errors = read(content)
    assert time.monotonic() - started < 20
    assert (found == RULES and errors == []) or "lớn bất thường" in errors[0].message


def test_an_error_quotes_the_cell_as_it_was_written() -> None:
    """Also where the value could be read and only the rest of the table refuses it."""
    relative = letter_of("Tiêu chí", "So với đơn vị vượt cao nhất")
    row = row_of("Tiêu chí", "A1")
    points = letter_of("Mức", "Điểm")
    _, errors = read(edited(("Mức", f"{points}2", 99), ("Tiêu chí", f"{relative}{row}", "Có")))
    quoted = {(each.sheet, each.column): each.value for each in errors}
    assert quoted["Mức", "Điểm"] == "99"
    assert quoted["Tiêu chí", "So với đơn vị vượt cao nhất"] == "Có"
