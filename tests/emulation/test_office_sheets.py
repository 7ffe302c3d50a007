"""Workbooks, and cells that no program takes for a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation.office import Sheet, safe_cell, workbook_bytes

HOSTILE = "Sở\x00 Nội\x1f vụ\ufffe & <b>\ud800"

# ---------------------------------------------------------------- workbooks


class Grade(StrEnum):
    DANGEROUS = "=1+1"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\n=1"),
        ("\n=1", "'\n=1"),
        ("\x00=1+1", "'=1+1"),
        ("- gạch đầu dòng", "'- gạch đầu dòng"),
        ("-", "'-"),
        (Grade.DANGEROUS, "'=1+1"),
        ("-5,5", "-5,5"),
        ("+5.00", "+5.00"),
        ("Sở Nội vụ", "Sở Nội vụ"),
        ("a=b", "a=b"),
        ("−1,00", "−1,00"),
        ("", ""),
        (Decimal("-1.50"), Decimal("-1.50")),
        (-3, -3),
        (-0.5, -0.5),
        (True, True),
        (None, None),
        (date(2022, 12, 9), date(2022, 12, 9)),
        (datetime(2022, 12, 9, 17, 0, tzinfo=UTC), datetime(2022, 12, 10, 0, 0)),  # noqa: DTZ001
    ],
)
def test_safe_cell(value, expected):
    safe = safe_cell(value)
    assert safe == expected
    assert type(safe) is type(expected)


@given(st.text())
def test_no_text_stays_a_formula(text):
    safe = str(safe_cell(text))
    assert safe[:1] not in set("=@\t\r\n")
    if safe[:1] in {"+", "-"}:
        assert Decimal(safe.replace(",", ".")).is_finite()


def test_a_csv_of_safe_cells_starts_no_formula():
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe_cell('=HYPERLINK("x")'), safe_cell(Decimal("-1.5"))])
    assert buffer.getvalue() == '"\'=HYPERLINK(""x"")",-1.5\r\n'


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_workbook_round_trip():
    received = datetime(2022, 12, 9, 17, 0, tzinfo=UTC)
    rows = [
        ["Sở Nội vụ", Decimal("97.50"), 3, date(2022, 12, 9), received, None],
        ["=1+1", Decimal("-1.25"), 0, None, None, HOSTILE],
    ]
    header = ["Đơn vị", "Điểm", "Hạng", "Ngày", "Lúc", "=Ghi chú"]
    page = opened(workbook_bytes([Sheet("Xếp hạng", header, rows, [30, 10])])).active
    assert page.title == "Xếp hạng"
    values = [[cell.value for cell in row] for row in page.iter_rows()]
    assert values[0] == [*header[:-1], "'=Ghi chú"]
    midnight = datetime(2022, 12, 10, 0, 0)  # noqa: DTZ001 - Excel knows no zones
    assert values[1] == ["Sở Nội vụ", 97.5, 3, datetime(2022, 12, 9), midnight, None]  # noqa: DTZ001
    assert values[2] == ["'=1+1", -1.25, 0, None, None, "Sở Nội vụ & <b>"]
    assert [cell.number_format for cell in page[2]][1:5] == [
        "0.00",
        "General",
        "dd/mm/yyyy",
        "dd/mm/yyyy hh:mm",
    ]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert page.freeze_panes == "A2"
    assert page["A1"].font.bold
    assert not page["A2"].font.bold
    assert [page.column_dimensions[letter].width for letter in "ABC"] == [30, 10, 18]


def test_numbers_may_go_without_a_format():
    content = workbook_bytes([Sheet("A", ["x"], [[Decimal("1.50")]], places=None)])
    cell = opened(content).active["A2"]
    assert (cell.value, cell.number_format) == (1.5, "General")


def test_titles_of_sheets_are_made_acceptable_and_unlike():
    long = "Khối thi đua các cơ quan tham mưu tổng hợp"
    names = ["Điểm", "điểm", "2022/2023 [a]:*?", "", "\x00'", long, long]
    book = opened(workbook_bytes([Sheet(name, ["x"], []) for name in names]))
    assert book.sheetnames == [
        "Điểm",
        "điểm (2)",
        "2022 2023  a",
        "Trang",
        "Trang (2)",
        "Khối thi đua các cơ quan tham m",
        "Khối thi đua các cơ quan th (2)",
    ]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_titles_make_a_workbook(titles):
    book = opened(workbook_bytes([Sheet(title, [title], [[title]]) for title in titles]))
    assert len(book.sheetnames) == len(titles)
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_no_sheets_still_make_a_file_that_opens():
    assert opened(workbook_bytes([])).sheetnames == ["Trống"]
