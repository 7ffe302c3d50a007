"""The pages on which a board brings in its register."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from blocs.models import BoardImport, Unit
from blocs.services.imports import upload_register
from blocs.services.units import create_unit
from scoring.invariants import files_have_owners
from tests.blocs.workbooks import HEADINGS, OFFICER, province_workbook, upload, workbook
from tests.factories import BoardFactory, UnitFactory, make_board_officer, make_person, make_post

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/don-vi/nhap-danh-sach/"


@pytest.fixture
def board():
    return BoardFactory(name="Tỉnh A")


@pytest.fixture
def officer(board):
    return make_board_officer(board)


def text_of(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(plain.split())


def uploaded(officer, board, content: bytes) -> BoardImport:
    return upload_register(actor=officer, board=board, uploaded=upload(content))


def fingerprint(response) -> str:
    found = re.search(r'name="seen"\s+value="(\w+)"', response.content.decode())
    assert found, text_of(response)
    return found[1]


def test_from_the_list_of_units_to_the_receipt(as_user, board, officer):
    client = as_user(officer)
    assert PAGE in client.get("/don-vi/").content.decode()
    first = text_of(client.get(PAGE))
    assert "Chưa tải tệp nào lên." in first
    assert "Tải danh sách đang có" not in first
    content = workbook([["Sở A"]], [["Lê Tư", "", 912345678, "", "Sở A", OFFICER]])
    answer = client.post(PAGE, {"uploaded": upload(content)}, follow=True)
    shown = text_of(answer)
    assert "Không có lỗi. 2 dòng sẽ được ghi vào danh sách của Tỉnh A." in shown
    assert "Trang “Người”, dòng 2: Số điện thoại thiếu số 0" in shown
    assert "Điện thoại: 0912345678" in shown
    assert not Unit.objects.exists()
    place = answer.redirect_chain[-1][0]
    done = client.post(f"{place}xac-nhan/", {"seen": fingerprint(answer)}, follow=True)
    assert "Đã ghi 1 đơn vị mới; 1 người mới; 1 chức vụ mới." in text_of(done)
    assert 'name="seen"' not in done.content.decode()
    listed = text_of(client.get(PAGE))
    assert "đã nhập" in listed
    assert "Hệ thống đang có 1 đơn vị, 2 người." in listed
    assert list(files_have_owners()) == []


def test_errors_leave_no_button_and_say_what_to_do(as_user, board, officer):
    found = uploaded(officer, board, workbook([["Sở A", "Sai"], ["Sở B", "<b>"]]))
    response = as_user(officer).get(f"{PAGE}{found.pk}/")
    shown = text_of(response)
    assert "Còn 2 lỗi nên chưa nhập được." in shown
    assert "Sửa tệp rồi tải lên lại" in shown
    assert 'name="seen"' not in response.content.decode()
    assert "<b>" not in response.content.decode().replace("<b>&", "")
    assert "Đơn vị 3 Loại hình &lt;b&gt; Không có trong danh sách" in shown


def test_a_forged_confirmation_of_errors_is_refused(as_user, board, officer):
    found = uploaded(officer, board, workbook([["Sở A", "Sai"]]))
    answer = as_user(officer).post(f"{PAGE}{found.pk}/xac-nhan/", {"seen": found.fingerprint})
    assert answer.status_code == 409
    assert "còn lỗi" in text_of(answer)
    assert not Unit.objects.exists()


def test_what_moved_is_shown_anew_with_a_note(as_user, board, officer):
    found = uploaded(officer, board, workbook([["Sở A"], ["Sở B"]]))
    client = as_user(officer)
    seen = fingerprint(client.get(f"{PAGE}{found.pk}/"))
    create_unit(actor=officer, board=board, name="Sở A", kind="state", issuing_style="state")
    answer = client.post(f"{PAGE}{found.pk}/xac-nhan/", {"seen": seen})
    assert answer.status_code == 200
    assert "Danh sách đã thay đổi so với lúc đồng chí xem" in text_of(answer)
    assert "1 dòng sẽ được ghi" in text_of(answer)
    assert not Unit.objects.filter(name="Sở B").exists()
    client.post(f"{PAGE}{found.pk}/xac-nhan/", {"seen": fingerprint(answer)})
    assert Unit.objects.filter(name="Sở B").exists()


def test_a_second_click_says_the_same_and_writes_nothing(as_user, board, officer):
    found = uploaded(officer, board, workbook([["Sở A"]]))
    client = as_user(officer)
    seen = fingerprint(client.get(f"{PAGE}{found.pk}/"))
    for _ in range(2):
        answer = client.post(f"{PAGE}{found.pk}/xac-nhan/", {"seen": seen}, follow=True)
        assert "Đã ghi 1 đơn vị mới." in text_of(answer)
    assert Unit.objects.count() == 1


def test_the_same_list_again_changes_nothing(as_user, board, officer):
    UnitFactory(board=board, name="Sở A")
    found = uploaded(officer, board, workbook([["Sở A"]]))
    response = as_user(officer).get(f"{PAGE}{found.pk}/")
    assert "Không có thay đổi" in text_of(response)
    assert 'name="seen"' not in response.content.decode()


def test_a_file_that_cannot_be_read_is_refused_on_the_form(as_user, board, officer):
    client = as_user(officer)
    bad = workbook(without=["Khối"], headings={"Đơn vị": ["Tên"]})
    for data, said in (
        ({}, "Đề nghị chọn tệp"),
        ({"uploaded": upload(b"abc", "a.xlsx")}, "không thuộc loại được nhận"),
        ({"uploaded": upload(bad)}, "Tệp thiếu trang “Khối”"),
    ):
        answer = client.post(PAGE, data)
        assert answer.status_code == 200
        assert said in text_of(answer)
    assert not BoardImport.objects.exists()


def test_the_template_has_its_lists_and_examples_apart(as_user, officer):
    answer = as_user(officer).get(f"{PAGE}mau/")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Hướng dẫn", *HEADINGS, "Danh mục"]
    assert book["Danh mục"].sheet_state == "hidden"
    for title, headings in HEADINGS.items():
        assert [cell.value for cell in book[title][1]] == headings
        assert book[title].max_row == 1
        assert book[title].column_dimensions["A"].number_format == "@"
    lists = {
        (str(rule.sqref).split(":")[0], rule.formula1)
        for rule in book["Người"].data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists == {("E2", "'Đơn vị'!$A$2:$A$5001"), ("F2", "'Danh mục'!$C$2:$C$4")}
    assert [cell.value for cell in book["Danh mục"]["C"]][1:4] == [
        "Lãnh đạo đơn vị", "Cán bộ đầu mối", "Cán bộ Ban Thi đua - Khen thưởng",
    ]  # fmt: skip
    guide = " ".join(str(cell.value) for row in book["Hướng dẫn"] for cell in row if cell.value)
    assert "Ví dụ (không nhập):" in guide


def test_the_filled_workbook_and_the_upload_come_back_as_files(as_user, board, officer):
    UnitFactory(board=board, name="Sở A")
    content = workbook([["Sở A"]])
    found = uploaded(officer, board, content)
    client = as_user(officer)
    current = client.get(f"{PAGE}hien-tai/")
    assert load_workbook(BytesIO(current.content))["Đơn vị"]["A2"].value == "Sở A"
    assert "attachment" in current["Content-Disposition"]
    file = client.get(f"{PAGE}{found.pk}/tep/")
    assert file.getvalue() == content
    assert "danh-sach.xlsx" in file["Content-Disposition"]


def test_whoever_works_for_two_boards_says_which(as_user, board, officer):
    other, third = BoardFactory(name="Tỉnh B"), BoardFactory()
    make_post(officer, board=other)
    UnitFactory(board=other, name="Sở của B")
    client = as_user(officer)
    both = client.get(PAGE).content.decode()
    assert f"?hoi-dong={other.pk}" in both
    sheet = load_workbook(BytesIO(client.get(f"{PAGE}hien-tai/?hoi-dong={other.pk}").content))
    assert sheet["Đơn vị"]["A2"].value == "Sở của B"
    client.post(f"{PAGE}?hoi-dong={other.pk}", {"uploaded": upload(workbook([["Sở Mới"]]))})
    assert BoardImport.objects.get().board == other
    for wrong in (third.pk, "x", ""):
        assert client.get(f"{PAGE}?hoi-dong={wrong}").status_code == 404


def test_other_boards_and_units_see_nothing_of_it(as_user, board, officer):
    found = uploaded(officer, board, workbook([["Sở A"]]))
    for stranger in (make_board_officer(BoardFactory()), make_person(UnitFactory(board=board))):
        client = as_user(stranger)
        for place in ("", "tep/"):
            assert client.get(f"{PAGE}{found.pk}/{place}").status_code == 404
        assert client.post(f"{PAGE}{found.pk}/xac-nhan/").status_code == 404


def test_the_preview_asks_as_often_for_many_rows(as_user, board, officer):
    counts = []
    client = as_user(officer)
    for size in (4, 40):
        found = uploaded(officer, board, province_workbook(size))
        client.get(f"{PAGE}{found.pk}/")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{PAGE}{found.pk}/?page=2")
        assert response.status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "dòng 101–200 trong" in text_of(response)
