"""Who a row of the sheet of people speaks of, and what may change of them."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from blocs.enums import PostRole
from blocs.models import Post
from blocs.services.imports.people import LOST_ZERO
from emulation import clock
from emulation.models import User
from tests.blocs.test_import_rows import BOARD_OFFICER, differences, only, plan, remarks
from tests.blocs.workbooks import LEADER, OFFICER
from tests.factories import (
    BoardFactory,
    UnitFactory,
    make_board_officer,
    make_person,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def board():
    return BoardFactory(name="Tỉnh A")


@pytest.fixture
def health(board):
    return UnitFactory(board=board, name="Sở Y tế")


@pytest.fixture
def an(health) -> User:
    return make_person(health, full_name="Nguyễn Văn An", username="an", phone="0900000001")


def usernames(board, *people) -> list[str]:
    found = plan(board, people=people)
    assert found.problems == ()
    return [each.entry.username for each in found.differences]


# ---------------------------------------------------------------- log-in names


def test_log_in_names_are_made_from_the_name_and_numbered(board, health):
    make_user(username="Nguyen.Van.An")
    UnitFactory(board=board, name="Sở B")
    names = [
        ["Nguyễn Văn An", "", "", "", "Sở Y tế", OFFICER],
        ["Nguyễn Văn Ân", "", "", "", "Sở B", OFFICER],
        ["Trần Đức Độ", "", "", "", "Sở B", OFFICER],
        ["Nguyễn Văn An", "nguyen.van.an2", "", "", "Sở B", LEADER],
    ]
    made = usernames(board, *names)
    assert made == ["nguyen.van.an3", "nguyen.van.an4", "tran.duc.do", "nguyen.van.an2"]


def test_one_person_in_two_rows_is_one_account(board, health):
    UnitFactory(board=board, name="Sở B")
    same_place = [["Lê Tư", "", "", "", "Sở Y tế", role] for role in (OFFICER, LEADER)]
    assert usernames(board, *same_place) == ["le.tu", "le.tu"]
    two_places = [["Lê Tư", "", "", "", unit, OFFICER] for unit in ("Sở Y tế", "Sở B")]
    assert usernames(board, *two_places) == ["le.tu", "le.tu2"]
    named = [["Lê Tư", "tu", "", "", unit, OFFICER] for unit in ("Sở Y tế", "Sở B")]
    assert usernames(board, *named) == ["tu", "tu"]


def test_rows_of_one_person_may_not_contradict_each_other(board, health):
    rows = [
        ["Lê Tư", "tu", "0911111111", "tu@a.vn", "Sở Y tế", OFFICER],
        ["Lê Tư", "tu", "", "", "Sở Y tế", LEADER],
        ["Lê Tư", "TU", "0922222222", "tu@a.vn", "", BOARD_OFFICER],
    ]
    where, text = only(board, people=rows)
    assert where == ("Người", 4, "Điện thoại")
    assert "“0911111111”" in text
    assert "dòng 2" in text


def test_another_boards_people_are_neither_matched_nor_shown(board, health):
    other = UnitFactory(board=BoardFactory(), name="Sở Y tế")
    stranger = make_person(other, full_name="Trần Thị Bí Mật", username="bi.mat")
    make_user(username="chua.co.chuc.vu", full_name="Người Mới")
    row = ["Trần Thị Bí Mật", "bi.mat", "", "", "Sở Y tế", OFFICER]
    where, text = only(board, people=[row])
    assert where == ("Người", 2, "Tên đăng nhập")
    assert text == "Tên đăng nhập đã có người dùng. Đề nghị ghi tên khác."
    row[0] = "Người Mới"
    row[1] = "chua.co.chuc.vu"
    assert "đã có người dùng" in only(board, people=[row])[1]
    row[:2] = ["Trần Thị Bí Mật", ""]
    found = plan(board, people=[row])
    assert found.differences[0].entry.user_pk is None
    assert found.remarks == ()
    assert found.differences[0].entry.username == "tran.thi.bi.mat"
    make_post(stranger, unit=health, ends_on=clock.today() - DAY)
    assert "đã có người dùng" in only(board, people=[[*row[:1], "bi.mat", *row[2:]]])[1]


# ---------------------------------------------------------------- who it is


def test_people_are_found_by_log_in_name_or_by_name_and_unit(board, health, an):
    for name, username in (
        ("Nguyễn Văn An", ""),
        ("NGUYỄN VĂN AN", "An"),
        (unicodedata.normalize("NFD", "Nguyễn Văn An"), ""),
    ):
        row = [name, username, "", "", "sở y tế", OFFICER, "", ""]
        assert differences(board, people=[row]) == []
    row = ["Nguyễn Văn An", "", "0912345678", "", "Sở Y tế", OFFICER, "Phó phòng", ""]
    assert differences(board, people=[row])[0][2] == {
        "Điện thoại": ("0900000001", "0912345678"),
        "Chức vụ": ("Chuyên viên", "Phó phòng"),
    }


def test_a_name_that_differs_in_its_marks_only_is_asked_about(board, health, an):
    row = ["Nguyễn Văn Ân", "", "", "", "Sở Y tế", OFFICER]
    where, text = only(board, people=[row])
    assert where[2] == "Họ và tên"
    assert "“Nguyễn Văn An”, chỉ khác dấu" in text
    row[1] = "an"
    assert differences(board, people=[row])[0][2] == {
        "Họ và tên": ("Nguyễn Văn An", "Nguyễn Văn Ân")
    }
    row[1] = "an.khac"
    assert differences(board, people=[row])[0][1] is True


def test_a_log_in_name_of_somebody_else_is_refused(board, health, an):
    row = ["Phạm Thị Hoa", "an", "", "", "Sở Y tế", OFFICER]
    assert "của “Nguyễn Văn An”" in only(board, people=[row])[1]


def test_two_of_one_name_in_one_unit_need_their_log_in_names(board, health, an):
    make_person(health, full_name="Nguyễn Văn An", username="an2")
    row = ["Nguyễn Văn An", "", "", "", "Sở Y tế", OFFICER]
    assert "2 người cùng họ tên này (an, an2)" in only(board, people=[row])[1]
    row[1] = "an2"
    assert differences(board, people=[row]) == []


def test_a_namesake_elsewhere_is_remarked(board, health, an):
    UnitFactory(board=board, name="Sở B")
    ((text, places),) = remarks(board, people=[["Nguyễn Văn An", "", "", "", "Sở B", OFFICER]])
    assert "đã có người tên “Nguyễn Văn An” (an)" in text
    assert places == "dòng 2"


# ---------------------------------------------------------------- posts


def test_a_new_post_of_somebody_there_is_new_and_keeps_the_rest(board, health, an):
    row = ["Nguyễn Văn An", "an", "", "", "Sở Y tế", LEADER, "Giám đốc", "01/02/2026"]
    assert differences(board, people=[row])[0] == (2, True, {
        "Đơn vị": ("", "Sở Y tế"),
        "Vai trò": ("", LEADER),
        "Chức vụ": ("", "Giám đốc"),
        "Từ ngày": ("", "01/02/2026"),
    })  # fmt: skip


def test_the_day_of_a_post_held_is_not_changed_here(board, health, an):
    row = ["Nguyễn Văn An", "an", "", "", "Sở Y tế", OFFICER, "", "01/02/2026"]
    where, text = only(board, people=[row])
    assert where[2] == "Từ ngày"
    assert "Đang ghi là “01/01/2015”" in text


def test_a_post_taken_up_again_begins_after_the_former_one(board, health, an):
    last = clock.today() - 10 * DAY
    Post.objects.filter(user=an).update(ends_on=last)
    row = ["Nguyễn Văn An", "an", "", "", "Sở Y tế", OFFICER, "", last]
    assert "Ngày bắt đầu phải sau ngày đó" in only(board, people=[row])[1]
    row[7] = last + DAY
    assert "từng giữ vai trò đó" in remarks(board, people=[row])[0][0]


def test_a_post_handed_over_today_is_not_taken_up_again_today(board, health, an):
    Post.objects.filter(user=an).update(ends_on=clock.today(), closed_at=clock.now())
    row = ["Nguyễn Văn An", "an", "", "", "Sở Y tế", OFFICER, "", ""]
    assert "Ngày bắt đầu phải sau" in only(board, people=[row])[1]


def test_the_boards_own_people_stand_without_a_unit(board):
    officer = make_board_officer(board)
    rows = [
        [officer.full_name, officer.username, "", "", "", BOARD_OFFICER],
        ["Lê Tư", "", "", "", "", "Cán bộ Ban TĐKT"],
    ]
    ((row, is_new, changes),) = differences(board, people=rows)
    assert (row, is_new, changes["Vai trò"]) == (3, True, ("", PostRole.BOARD_OFFICER.label))
    assert "Đơn vị" not in changes


# ---------------------------------------------------------------- contact


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        (912345678, "0912345678"),
        (2438241234, "02438241234"),
        ("912345678", "0912345678"),
        ("0912 345 678", "0912 345 678"),
        ("+84912345678", "+84912345678"),
        (84912345678, "84912345678"),
        ("2438241234", "2438241234"),
    ],
)
def test_a_telephone_number_keeps_its_zero(board, health, cell, stored):
    row = ["Lê Tư", "", cell, "", "Sở Y tế", OFFICER]
    assert differences(board, people=[row])[0][2]["Điện thoại"] == ("", stored)
    said = [text for text, _ in remarks(board, people=[row])]
    assert (said == [LOST_ZERO]) is (stored != str(cell))


@pytest.mark.parametrize("why", ["administrator", "staff", "elsewhere", "locked"])
def test_some_accounts_are_not_the_boards_to_change(board, health, an, why):
    if why == "elsewhere":
        make_post(an, unit=UnitFactory())
    an.is_superuser, an.is_staff = why == "administrator", why == "staff"
    an.is_active = why != "locked"
    an.save()
    row = ["Nguyễn Văn An", "an", "0999999999", "", "Sở Y tế", OFFICER]
    where, text = only(board, people=[row])
    if why == "locked":
        assert (where[2], "đã khóa" in text) == ("Tên đăng nhập", True)
    else:
        assert (where[2], "không sửa ở đây" in text) == ("Điện thoại", True)
        row[2] = ""
        assert differences(board, people=[row]) == []
