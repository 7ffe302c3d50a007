"""Which workbooks are read at all, and what is said of the others."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from blocs.models import BoardImport
from blocs.services.imports import read_workbook, reading, upload_register
from emulation.access import Refused
from emulation.models import StoredFile
from tests.blocs.workbooks import HEADINGS, upload, workbook
from tests.factories import BoardFactory, make_board_officer, make_user


def faults(content: bytes) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        read_workbook(content)
    return refused.value.messages


def headed(title: str, *headings: str, rows=()) -> bytes:
    sheets = {"units": [], "people": [], "blocs": [], "members": []}
    names = dict(zip(HEADINGS, sheets, strict=True))
    sheets[names[title]] = rows
    return workbook(**sheets, headings={title: headings})


def part_of(content: bytes, name: str, old: str, new: str) -> bytes:
    """The workbook with a piece of one part replaced."""
    source, target = zipfile.ZipFile(BytesIO(content)), BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == name:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            changed.writestr(entry.filename, data)
    return target.getvalue()


def test_headings_may_stand_in_any_order_case_and_spacing():
    content = headed(
        "Đơn vị", "  NGÀY   thành lập", "tên đơn vị", "Loại hình *", "thể thức văn bản:",
        rows=[["01/02/2020", "Sở A", "Doanh nghiệp", ""]],
    )  # fmt: skip
    rows = read_workbook(content).sheets["Đơn vị"]
    row = dict(zip(rows.data.headers, rows.data[0], strict=True))
    assert (row["Tên đơn vị"], row["Ngày thành lập"]) == ("Sở A", "01/02/2020")


def test_a_heading_nobody_knows_is_named_with_the_nearest():
    (fault,) = faults(headed("Đơn vị", "Tên đơn vị", "Loại hìn"))
    assert "Trang “Đơn vị”: không có cột “Loại hìn”" in fault
    assert "Có phải “Loại hình”?" in fault


def test_every_fault_of_form_is_told_at_once():
    content = workbook(
        headings={"Đơn vị": ["Loại hình", "Loại hình"], "Người": ["Họ và tên", "Xyz", "Vai trò"]}
    )
    told = faults(content)
    assert len(told) == 3
    assert any("Trang “Đơn vị”: thiếu cột “Tên đơn vị *”" in each for each in told)
    assert any("cột “Loại hình” có 2 lần" in each for each in told)
    assert any("không có cột “Xyz” trong mẫu. Đề nghị xóa cột này." in each for each in told)


def test_a_column_without_a_heading_is_told_where_it_says_something():
    told = faults(headed("Đơn vị", "Tên đơn vị", "", rows=[["Sở A", "ghi chú riêng"]]))
    assert told == [
        "Trang “Đơn vị”: cột thứ 2 có nội dung nhưng dòng 1 chưa ghi tên cột."
    ]  # fmt: skip
    assert read_workbook(headed("Đơn vị", "Tên đơn vị", "", rows=[["Sở A", "  "]]))


def test_an_optional_column_may_be_missing_and_it_is_said():
    rows = read_workbook(headed("Đơn vị", "Tên đơn vị")).sheets["Đơn vị"]
    assert rows.absent == ("Loại hình", "Thể thức văn bản", "Ngày thành lập")


def test_missing_sheets_are_named():
    (fault,) = faults(workbook(without=["Khối", "Thành viên"]))
    assert "thiếu trang “Khối” và “Thành viên”" in fault
    assert "để trống, không xóa" in fault


def test_sheets_may_be_spelt_otherwise_and_others_are_not_read():
    content = workbook(extra=["Ghi chú riêng"])
    book = load_workbook(BytesIO(content))
    book["Thành viên"].title = " THANH  VIEN"
    changed = BytesIO()
    book.save(changed)
    found = read_workbook(changed.getvalue())
    assert found.unread == ("Ghi chú riêng",)
    assert list(found.sheets) == list(HEADINGS)


def test_blank_rows_are_passed_over_and_numbers_stay_those_of_excel():
    rows = read_workbook(workbook([["Sở A"], ["  "], [], ["Sở B"]])).sheets["Đơn vị"]
    assert rows.numbers == (2, 5)


def test_too_many_rows_are_refused_before_they_are_read():
    (fault,) = faults(workbook([[f"Sở {n}"] for n in range(reading.MAX_ROWS + 1)]))
    assert "quá 5000 dòng" in fault
    assert read_workbook(workbook([[f"Sở {n}"] for n in range(reading.MAX_ROWS)]))


@pytest.mark.parametrize("cell", ["XFD2", "A1048576", "XFD1048576"])
def test_a_value_far_away_does_not_fill_the_memory(cell):
    content = part_of(workbook([["Sở A"]]), "xl/worksheets/sheet1.xml", 'r="A2"', f'r="{cell}"')
    (fault,) = faults(content)
    assert "quá 5000 dòng" in fault or "quá 200 cột" in fault


def test_cells_that_show_an_error_are_named():
    book = load_workbook(BytesIO(workbook([["Sở A"]])))
    book["Đơn vị"]["B2"] = "#REF!"
    changed = BytesIO()
    book.save(changed)
    (fault,) = faults(changed.getvalue())
    assert "B2" in fault
    assert "lỗi công thức" in fault


def test_a_damaged_sheet_is_a_clear_refusal():
    content = part_of(workbook([["Sở A"]]), "xl/worksheets/sheet1.xml", "</sheetData>", "</sheet")
    (fault,) = faults(content)
    assert "bị hỏng" in fault


# ---------------------------------------------------------------- uploading


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "không có nội dung"),
        (b"%PDF-1.4\n%%EOF\n", "a.pdf", "Chỉ nhận tệp Excel (.xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls", "định dạng cũ"),
        (b"Ten don vi,Loai hinh\n", "a.csv", "được nhận. Chỉ nhận tệp Excel (.xlsx)."),
        (b"PK\x03\x04" + b"0" * 100, "a.xlsx", "bị hỏng"),
    ],
    ids=["empty", "pdf", "old", "csv", "damaged"],
)
def test_other_files_are_refused_with_what_to_do(content, name, said):
    board = BoardFactory()
    with pytest.raises(ValidationError) as refused:
        upload_register(
            actor=make_board_officer(board), board=board, uploaded=upload(content, name)
        )
    assert said in refused.value.message_dict["uploaded"][0]
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_macros_and_size_are_refused(settings):
    board = BoardFactory()
    officer = make_board_officer(board)
    macro = part_of(
        workbook(), "[Content_Types].xml", "sheet.main+xml", "sheet.macroEnabled.main+xml"
    )
    with pytest.raises(ValidationError, match="macro"):
        upload_register(actor=officer, board=board, uploaded=upload(macro))
    settings.UPLOAD_MAX_BYTES = 1000
    with pytest.raises(ValidationError, match="quá mức"):
        upload_register(actor=officer, board=board, uploaded=upload(workbook()))


@pytest.mark.django_db(transaction=True)
def test_only_officers_of_the_board_upload():
    board = BoardFactory()
    others = [make_user(), make_user(is_superuser=True), make_board_officer(BoardFactory())]
    for actor in others:
        with pytest.raises(Refused):
            upload_register(actor=actor, board=board, uploaded=upload(workbook()))
    officer = make_board_officer(board)
    kept = upload_register(actor=officer, board=board, uploaded=upload(workbook()))
    assert list(BoardImport.objects.values_list("pk", "applied_at")) == [(kept.pk, None)]
    assert kept.file.uploaded_by == officer
