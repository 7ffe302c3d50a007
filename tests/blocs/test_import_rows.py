"""What is said of the rows: every fault with its cell, every difference, every remark."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from blocs.enums import BlocKind, IssuingStyle, TermKind, UnitKind, YearStatus
from blocs.services.imports import plan_import, read_workbook
from tests.blocs.workbooks import OFFICER, workbook
from tests.factories import (
    BlocFactory,
    BoardFactory,
    UnitFactory,
    make_bloc_year,
    make_membership,
    set_term,
)

pytestmark = pytest.mark.django_db
BOARD_OFFICER = "Cán bộ Ban Thi đua - Khen thưởng"


@pytest.fixture
def board():
    return BoardFactory(name="Tỉnh A")


@pytest.fixture
def health(board):
    return UnitFactory(board=board, name="Sở Y tế")


def plan(board, **sheets):
    return plan_import(board, read_workbook(workbook(**sheets)))


def told(board, **sheets):
    """Each fault as (sheet, row, column) with its sentence."""
    found = plan(board, **sheets)
    return {(each.sheet, each.row, each.column): each.text for each in found.problems}


def only(board, **sheets):
    (fault,) = told(board, **sheets).items()
    return fault


def remarks(board, **sheets):
    found = plan(board, **sheets)
    assert found.problems == ()
    return [(each.text, each.places) for each in found.remarks]


def differences(board, **sheets):
    found = plan(board, **sheets)
    assert found.problems == ()
    return [
        (each.row, each.is_new, {c.column: (c.before, c.after) for c in each.changes})
        for each in found.differences
    ]


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (["", "Doanh nghiệp"], "Tên đơn vị", "Chưa ghi “Tên đơn vị”"),
        (["x" * 301], "Tên đơn vị", "Dài 301 ký tự; tối đa 300"),
        (["Sở A", "Cơ quan"], "Loại hình", "Không có trong danh sách"),
        (["Sở A", "", "Kiểu khác"], "Thể thức văn bản", "Thể thức văn bản của Đảng"),
        (["Sở A", "", "", "31/02/2020"], "Ngày thành lập", "Không có ngày 31/02/2020"),
        (["Sở A", "", "", 44000], "Ngày thành lập", "Ô đang là số"),
        (["Sở A", "", "", "01/01/1200"], "Ngày thành lập", "ngày/tháng/năm"),
    ],
)
def test_cells_of_units(board, row, column, said):
    where, text = only(board, units=[row])
    assert where == ("Đơn vị", 2, column)
    assert said in text


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        (0, "", "Chưa ghi “Họ và tên”"),
        (0, "x" * 201, "Dài 201 ký tự"),
        (1, "nguyen van an", "viết liền"),
        (2, "091", "6 đến 20 chữ số"),
        (2, "không có", "6 đến 20 chữ số"),
        (3, "an@", "ten@donvi.vn"),
        (4, "", "Chưa ghi “Đơn vị”"),
        (4, "Sở Y tếê", "Có phải “Sở Y tế”?"),
        (4, "Nơi nào khác hẳn", "thêm đơn vị vào trang “Đơn vị”"),
        (5, "", "Chưa ghi “Vai trò”"),
        (5, "Giám đốc", "Không có trong danh sách"),
        (5, BOARD_OFFICER, "Đề nghị để trống ô này"),
        (6, "x" * 201, "Dài 201 ký tự"),
        (7, "hôm qua", "ngày/tháng/năm"),
    ],
)
def test_cells_of_people(board, health, cell, value, said):
    row = ["Nguyễn Văn An", "an", "0912345678", "an@a.vn", "Sở Y tế", OFFICER, "", ""]
    assert told(board, people=[row]) == {}
    row[cell] = value
    (_, number, _), text = only(board, people=[row])
    assert number == 2
    assert said in text


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        (0, "", "Chưa ghi “Tên khối”"),
        (1, "Nhóm", "Khối thi đua; Cụm thi đua"),
        (2, "", "Chưa ghi “Năm”"),
        (2, "1900", "từ 1948 đến 2200"),
        (2, 2026.5, "số nguyên"),
        (3, 0, "từ 1 đến 1000"),
        (5, "Sở Lạ", "Không có đơn vị này"),
        (6, "Sở Y tế; Sở Lạ", "Không có đơn vị này"),
        (6, "Sở Y tế", "một vai trò"),
    ],
)
def test_cells_of_blocs(board, health, cell, value, said):
    row = ["Khối 1", "", 2026, "", "", "Sở Y tế", ""]
    assert told(board, blocs=[row]) == {}
    row[cell] = value
    assert said in only(board, blocs=[row])[1]


def test_every_fault_of_every_row_is_told_at_once(board):
    found = told(
        board,
        units=[["", "Sai"], ["Sở A", "Sai", "Sai", "Sai"]],
        people=[["", "có cách", "1", "sai", "Sở Lạ", "Sai", "", "Sai"]],
        members=[["Khối lạ", "x", "Sở Lạ", "Sai"]],
    )
    assert len(found) == 2 + 3 + 7 + 4


# ---------------------------------------------------------------- rows twice


def test_rows_that_say_the_same_name_the_first(board, health):
    person = ["Nguyễn Văn An", "", "", "", "Sở Y tế", OFFICER]
    found = told(
        board,
        units=[["Sở A"], ["SỞ  A"], ["Sở Y tế"], ["Sở Y tế"]],
        people=[person, person],
        blocs=[["Khối 1", "", 2026], ["khối 1", "", 2026], ["Khối 1", "", 2027]],
        members=[["Khối 1", 2026, "Sở A"], ["Khối 1", 2026, "Sở A"], ["Khối 1", 2027, "Sở A"]],
    )
    assert set(found) == {
        ("Đơn vị", 3, "Tên đơn vị"),
        ("Đơn vị", 5, "Tên đơn vị"),
        ("Người", 3, "Họ và tên"),
        ("Khối", 3, "Tên khối"),
        ("Thành viên", 3, "Đơn vị"),
    }
    assert "dòng 4" in found["Đơn vị", 5, "Tên đơn vị"]


def test_a_unit_ranks_in_one_bloc_a_year(board, health):
    other = make_bloc_year(BlocFactory(board=board, name="Khối cũ"))
    make_membership(other, health)
    blocs = [["Khối 1", "", 2026], ["Khối 2", "", 2026]]
    found = told(
        board,
        units=[["Sở A"]],
        blocs=blocs,
        members=[["Khối 1", 2026, "Sở A"], ["Khối 2", 2026, "Sở A"], ["Khối 1", 2026, "Sở Y tế"]],
    )
    assert "tại dòng 2" in found["Thành viên", 3, "Đơn vị"]
    assert "Khối cũ, năm 2026" in found["Thành viên", 4, "Đơn vị"]
    assert len(found) == 2


# ---------------------------------------------------------------- units


def test_a_unit_is_known_by_its_name_whatever_its_form(board, health):
    assert differences(board, units=[["SỞ Y TẾ"], [unicodedata.normalize("NFD", "Sở Mới")]]) == [
        (3, True, {
            "Tên đơn vị": ("", "Sở Mới"),
            "Loại hình": ("", UnitKind.STATE.label),
            "Thể thức văn bản": ("", IssuingStyle.STATE.label),
        })
    ]  # fmt: skip
    assert remarks(board, units=[["Sở Y tê"]])[0][0].startswith("Tên viết khác tên đang có")


def test_kind_style_and_day_may_change_and_blanks_change_nothing(board, health):
    health.established_on = dt.date(2000, 1, 1)
    health.save()
    assert differences(board, units=[["Sở Y tế", "", "", ""]]) == []
    row = ["Sở Y tế", "Doanh nghiệp", "", dt.date(2001, 2, 3)]
    assert differences(board, units=[row]) == [
        (2, False, {
            "Loại hình": (UnitKind.STATE.label, UnitKind.ENTERPRISE.label),
            "Ngày thành lập": ("01/01/2000", "03/02/2001"),
        })
    ]  # fmt: skip


def test_a_party_agency_writes_in_the_partys_form(board):
    changes = differences(board, units=[["Ban Tổ chức", "Cơ quan Đảng"]])[0][2]
    assert changes["Thể thức văn bản"] == ("", IssuingStyle.PARTY.label)


def test_names_of_before_are_not_made_again(board, health):
    UnitFactory(board=board, name="Sở Cũ", ended_on=dt.date(2025, 3, 1))
    name = health.names.get()
    name.name, name.ends_on = "Sở Y tế và Xã hội", dt.date(2020, 1, 1)
    name.save()
    found = told(board, units=[["Sở cũ"], ["Sở Y tế và xã hội"]])
    assert "đã giải thể, sáp nhập từ ngày 01/03/2025" in found["Đơn vị", 2, "Tên đơn vị"]
    assert "là tên cũ của “Sở Y tế”" in found["Đơn vị", 3, "Tên đơn vị"]


# ---------------------------------------------------------------- blocs and members


def test_two_blocs_of_one_name_are_told_apart_by_people_not_by_us(board, health):
    BlocFactory(board=board, name="Khối 1")
    BlocFactory(board=board, name="KHỐI 1")
    found = told(board, blocs=[["Khối 1", "", 2026]], members=[["Khối 1", 2026, "Sở Y tế"]])
    assert "2 khối cùng tên" in found["Khối", 2, "Tên khối"]
    assert "đổi tên" in found["Thành viên", 2, "Khối"]


def test_what_stands_of_a_bloc_is_not_changed_here(board, health):
    bloc = BlocFactory(board=board, name="Khối 1")
    year = make_bloc_year(bloc, declared_count=9)
    set_term(year, health, TermKind.HEAD)
    UnitFactory(board=board, name="Sở B")
    same = ["khối 1", "Khối thi đua", 2026, 9, "Thể thức văn bản hành chính", "Sở Y tế", ""]
    assert differences(board, blocs=[same]) == []
    row = ["Khối 1", "Cụm thi đua", 2026, 10, "Thể thức văn bản của Đảng", "Sở B", ""]
    found = told(board, blocs=[row])
    assert {column for _, _, column in found} == {
        "Loại", "Số đơn vị theo văn bản", "Thể thức văn bản", "Trưởng khối",
    }  # fmt: skip
    assert "Đang ghi là “Sở Y tế”" in found["Khối", 2, "Trưởng khối"]


def test_heads_are_named_where_none_is_set(board, health):
    deputy = UnitFactory(board=board, name="Sở B")
    year = make_bloc_year(BlocFactory(board=board, name="Khối 1"), status=YearStatus.RUNNING)
    row = ["Khối 1", "", 2026, "", "", "Sở Y tế", "Sở B"]
    changes = differences(board, blocs=[row])[0][2]
    assert changes == {"Trưởng khối": ("", "Sở Y tế"), "Phó Trưởng khối": ("", "Sở B")}
    set_term(year, deputy, TermKind.STAND_IN)
    assert "Đơn vị được phân công thay" in told(board, blocs=[row])["Khối", 2, "Phó Trưởng khối"]
    year.status = YearStatus.CLOSED
    year.save()
    assert "đã kết thúc" in told(board, blocs=[row])["Khối", 2, "Trưởng khối"]


def test_a_new_bloc_has_one_kind(board):
    rows = [["Khối 1", "Cụm thi đua", 2026], ["Khối 1", "Khối thi đua", 2027]]
    assert only(board, blocs=rows)[0] == ("Khối", 3, "Loại")
    changes = differences(board, blocs=[rows[0], ["Khối 1", "", 2027]])
    assert [each[2]["Loại"][1] for each in changes] == [BlocKind.CLUSTER.label] * 2


def test_members_join_years_in_preparation_only(board, health):
    year = make_bloc_year(BlocFactory(board=board, name="Khối 1"), status=YearStatus.CONSULTING)
    row = ["Khối 1", 2026, "Sở Y tế"]
    assert "trang năm thi đua" in told(board, members=[row])["Thành viên", 2, "Khối"]
    assert (
        "chưa có năm 2027"
        in told(board, members=[["Khối 1", 2027, "Sở Y tế"]])["Thành viên", 2, "Năm"]
    )
    membership = make_membership(year, health)
    assert differences(board, members=[row]) == []
    membership.ends_on = dt.date(2026, 5, 1)
    membership.save()
    assert "rời khối từ ngày 01/05/2026" in only(board, members=[row])[1]


def test_heads_outside_and_counts_that_differ_are_remarked(board, health):
    said = remarks(
        board,
        units=[["Sở A"]],
        blocs=[["Khối 1", "", 2026, 12, "", "Sở Y tế", ""]],
        members=[["Khối 1", 2026, "Sở A"]],
    )
    assert any("“Sở Y tế” giữ vai trò trong Khối 1, năm 2026" in text for text, _ in said)
    assert any("văn bản ghi 12 đơn vị, danh sách có 1 đơn vị" in text for text, _ in said)
