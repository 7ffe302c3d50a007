"""The board's desk: what it says of each bloc, whom it calls late, what it asks of the board."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from blocs.enums import DeadlineKind, TermKind, YearStatus
from blocs.models import Bloc, HeadTerm
from emulation import clock
from emulation.site.desk.gather import desk_rows
from tests.emulation.desk_builders import build_bloc
from tests.factories import BoardFactory, make_board_officer, make_person, make_post, make_world
from tests.story import Story

pytestmark = pytest.mark.django_db

S, K = YearStatus, DeadlineKind
URL = "/toan-tinh/"


@pytest.fixture(autouse=True)
def in_november():
    with clock.at(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def officer(board):
    return make_board_officer(board)


def only_row(board, year=2026):
    (row,) = desk_rows([board], year, is_current=True)
    return row


def labels(row) -> list[str]:
    return [duty.label for duty in row.duties]


# ---------------------------------------------------------------- what a bloc waits for


def test_each_step_says_what_it_waits_for(board, officer):
    said = {}

    def built(status, **options):
        return build_bloc(board, officer, status, name=str(status), **options)

    built(S.DRAFT)
    built(S.CONSULTING).pledge(commented=1)
    built(S.SIGNING).pledge(signed=2)
    running = built(S.RUNNING)
    running.registered(-100)
    running.reported(-50, 0)
    built(S.SELF_SCORING).sheets(submitted=2)
    built(S.APPRAISING).sheets(submitted=2, approved=1)
    built(S.MEETING)
    built(S.ADOPTED)
    built(S.SUBMITTED).proposed(sent=3, decided=1)
    built(S.DECIDED).published(-2)
    built(S.CLOSED)
    for row in desk_rows([board], 2026, is_current=True):
        said[row.step] = f"{row.waiting.words} / {row.waiting.note}"
    assert said == {
        S.DRAFT: "3 đơn vị trong danh sách / chưa có dự thảo giao ước",
        S.CONSULTING: "1/3 đơn vị đã góp ý / 1 ý kiến chưa trả lời",
        S.SIGNING: "2/3 đơn vị đã ký / ",
        S.RUNNING: "1/3 đơn vị đã gửi báo cáo sơ kết / 3/3 đã đăng ký; chưa có bảng chấm điểm",
        S.SELF_SCORING: "2/3 bảng đã nộp / ",
        S.APPRAISING: "1/3 bảng đã duyệt / 2/3 bảng đã nộp",
        S.MEETING: "chờ thông qua kết quả / chưa ghi hội nghị",
        S.ADOPTED: "chờ trình hồ sơ / 0 đề nghị khen thưởng",
        S.SUBMITTED: "1/3 đề nghị đã có quyết định / ",
        S.DECIDED: "đã công bố 18/11/2026 / nhận kiến nghị đến 03/12/2026",
        S.CLOSED: "đã kết thúc / ",
    }


def test_a_member_that_left_and_a_guest_do_not_count(board, officer):
    built = build_bloc(board, officer, S.SELF_SCORING)
    built.sheets(submitted=1)
    left, guest = built.members[1:]
    left.ends_on = dt.date(2026, 6, 1)
    guest.is_ranking = False
    left.save()
    guest.save()
    built.deadline(K.SELF_SCORE, -5)
    row = only_row(board)
    assert (row.waiting.words, row.late) == ("1/1 bảng đã nộp", ())


# ---------------------------------------------------------------- lateness


def test_late_is_owing_after_the_day_or_handed_in_after_it(board, officer):
    built = build_bloc(board, officer, S.RUNNING)
    built.deadline(K.REGISTRATION, -10)
    built.registered(-10, 0)
    built.registered(-8, 1)
    row = only_row(board)
    assert [(unit.name, unit.owes) for unit in row.late] == [
        (built.members[1].unit_name, False),
        (built.members[2].unit_name, True),
    ]
    assert row.late_words == "1 chưa nộp, 1 đã nộp muộn"
    words = [paper.words for unit in row.late for paper in unit.papers]
    assert words == [
        "Đăng ký thi đua, chỉ tiêu: hạn 10/11/2026, đã nộp, muộn 2 ngày",
        "Đăng ký thi đua, chỉ tiêu: hạn 10/11/2026, chưa nộp, quá 10 ngày",
    ]


def test_each_unit_is_late_by_its_own_day(board, officer):
    built = build_bloc(board, officer, S.SELF_SCORING)
    built.sheets(submitted=1)
    due = built.deadline(K.SELF_SCORE, -3)
    built.extend(due, 1, 1)
    built.extend(due, 2, -2)
    (unit,) = only_row(board).late
    assert unit.name == built.members[2].unit_name
    assert unit.papers[0].words.endswith("hạn đã gia hạn 18/11/2026, chưa nộp, quá 2 ngày")


def test_today_is_not_late_and_an_unopened_paper_is_not_owed(board, officer):
    built = build_bloc(board, officer, S.SIGNING)
    built.deadline(K.REGISTRATION, 0)
    built.deadline(K.INTERIM_REPORT, -30)
    row = only_row(board)
    assert row.late == ()
    assert row.nearest.left == "hạn hôm nay"


def test_a_sheet_is_late_as_recorded_when_it_came_in(board, officer):
    built = build_bloc(board, officer, S.APPRAISING)
    built.sheets(submitted=3, late=1)
    built.deadline(K.SELF_SCORE, 30)
    assert [unit.name for unit in only_row(board).late] == [built.members[0].unit_name]


def test_the_nearest_deadline_is_the_step_s_own_once_passed(board, officer):
    built = build_bloc(board, officer, S.APPRAISING)
    built.deadline(K.DOSSIER, 20)
    assert only_row(board).nearest.left == "còn 20 ngày"
    built.deadline(K.APPRAISAL, -2)
    assert only_row(board).nearest.left == "quá 2 ngày"


# ---------------------------------------------------------------- the board's duties


def test_what_the_board_has_to_do_is_named_with_its_page(board, officer):
    def built(status, **options):
        return build_bloc(board, officer, status, **options)

    empty = built(S.DRAFT, members=0)
    alone = built(S.RUNNING)
    HeadTerm.objects.filter(bloc=alone.bloc_year.bloc, kind=TermKind.DEPUTY).delete()
    scoring = built(S.SELF_SCORING)
    quotas = built(S.SELF_SCORING)
    quotas.quota()
    sent = built(S.SUBMITTED)
    sent.proposed(sent=3, decided=1)
    settled = built(S.SUBMITTED)
    settled.proposed(sent=1, decided=1)
    unpublished = built(S.DECIDED)
    argued, over, closed = built(S.DECIDED), built(S.DECIDED), built(S.CLOSED)
    argued.published(-2)
    argued.appeal()
    over.published(-16)
    closed.published(-90)
    found = {row.url: labels(row) for row in desk_rows([board], 2026, is_current=True)}
    expected = [
        (empty, ["Ghi đơn vị thành viên", "Ghi Trưởng khối"]),
        (alone, ["Phân công đơn vị thay Trưởng khối"]),
        (scoring, ["Đặt chỉ tiêu khen thưởng"]),
        (quotas, []),
        (sent, ["Xem hồ sơ, ghi quyết định về 2 đề nghị"]),
        (settled, ["Chốt quyết định của Hội đồng"]),
        (unpublished, ["Công bố kết quả"]),
        (argued, ["Giải quyết 1 kiến nghị"]),
        (over, ["Kết thúc năm thi đua"]),
        (closed, []),
    ]
    assert found == {f"/nam/{each.bloc_year.pk}/": said for each, said in expected}


def test_every_duty_leads_to_a_page_that_opens(as_user, board, officer):
    build_bloc(board, officer, S.DRAFT, members=1, led=False)
    build_bloc(board, officer, S.SELF_SCORING, members=1)
    build_bloc(board, officer, S.SUBMITTED).proposed(sent=1)
    build_bloc(board, officer, S.DECIDED)
    Bloc.objects.create(board=board, name="Khối chưa lập")
    client = as_user(officer)
    urls = {duty.url for row in desk_rows([board], 2026, is_current=True) for duty in row.duties}
    assert len(urls) >= 7
    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_a_bloc_without_the_year_is_listed_while_the_year_is_current(board, officer):
    bloc = Bloc.objects.create(board=board, name="Khối chưa lập")
    row = only_row(board)
    assert (row.step_label, labels(row)) == ("Chưa lập năm", ["Lập năm 2026"])
    assert desk_rows([board], 2020, is_current=False) == []
    bloc.ended_on = dt.date(2026, 1, 1)
    bloc.save()
    assert desk_rows([board], 2026, is_current=True) == []


# ---------------------------------------------------------------- who sees it, and what of it


def test_only_board_officers_and_only_their_own(as_user, board, officer):
    build_bloc(board, officer, S.RUNNING, name="Khối nhà")
    stranger = make_world(3, status=S.RUNNING)
    page = as_user(officer).get(URL).content.decode()
    assert "Khối nhà" in page
    assert stranger.bloc.name not in page
    for path in (URL, f"{URL}excel/"):
        assert as_user(stranger.secretary).get(path).status_code == 403
    make_post(officer, unit=stranger.units[0])
    assert stranger.bloc.name not in as_user(officer).get(URL).content.decode()


def test_the_heir_sees_the_years_of_the_boards_before_it(as_user, board, officer):
    build_bloc(board, officer, S.RUNNING, name="Khối của tỉnh cũ")
    heir = BoardFactory()
    assert "Khối của tỉnh cũ" not in as_user(make_board_officer(heir)).get(URL).content.decode()
    board.ended_on, board.heir = dt.date(2026, 7, 1), heir
    board.save()
    page = as_user(make_board_officer(heir)).get(URL).content.decode()
    assert "Khối của tỉnh cũ" in page
    assert board.name in page


def test_no_points_are_on_it(as_user):
    """The words of scores appear nowhere; the rows hold no field that could carry points."""
    story = Story("tabled", units=3)
    with story.clock():
        client = as_user(story.people["board"])
        page = client.get(f"{URL}?nam=2025").content.decode()
        book = load_workbook(BytesIO(client.get(f"{URL}excel/?nam=2025").content))
    cells = [str(cell.value or "") for sheet in book for row in sheet.rows for cell in row]
    assert "Khối số 1" in page
    for text in (re.sub(r"<[^>]*>", " ", page), " ".join(cells)):
        assert not re.search(r"\d+[.,]\d\d\b", text)
        assert not re.search(r"hạng \d|Xuất sắc|xếp loại|\d điểm", text)


def test_a_new_board_is_led_to_its_first_bloc(as_user, officer):
    page = as_user(officer).get(URL).content.decode()
    assert "chưa có khối nào" in page
    assert "/khoi/lap-moi/" in page


# ---------------------------------------------------------------- narrowing, ordering


@pytest.fixture
def province(board, officer):
    first = build_bloc(board, officer, S.SELF_SCORING, name="Khối Ân", units=("Sở Á", "B", "C"))
    first.sheets(submitted=1)
    first.deadline(K.SELF_SCORE, -1)
    first.quota()
    second = build_bloc(board, officer, S.RUNNING, name="Khối Bình", members=2)
    second.deadline(K.SELF_SCORE, 20)
    build_bloc(board, officer, S.DRAFT, name="Khối Cao", led=False)
    Bloc.objects.create(board=board, name="Khối Dương")
    return board


def shown(client, query="") -> list[str]:
    page = client.get(f"{URL}{query}").content.decode()
    body = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
    return re.findall(r'<th scope="row">\s*<a href="[^"]*">Khối (\w+)</a>', body)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ân", "Bình", "Cao", "Dương"]),
        ("?xep=-ten", ["Dương", "Cao", "Bình", "Ân"]),
        ("?xep=buoc", ["Dương", "Cao", "Bình", "Ân"]),
        ("?xep=cham", ["Ân", "Bình", "Cao", "Dương"]),
        ("?xep=han", ["Ân", "Bình", "Cao", "Dương"]),
        ("?xep=-han", ["Cao", "Dương", "Bình", "Ân"]),
        ("?xep=điểm&buoc=bịa&chi=x&nam=-1", ["Ân", "Bình", "Cao", "Dương"]),
        ("?buoc=running", ["Bình"]),
        ("?buoc=none", ["Dương"]),
        ("?chi=cham", ["Ân"]),
        ("?chi=viec", ["Cao", "Dương"]),
        ("?q=so a", ["Ân"]),
        ("?q=KHOI CAO", ["Cao"]),
        ("?q=không có đâu", []),
        ("?nam=2027", ["Ân", "Bình", "Cao", "Dương"]),
    ],
)
def test_the_table_is_narrowed_and_ordered(as_user, officer, province, query, expected):
    assert shown(as_user(officer), query) == expected


def test_figures_follow_the_filters_and_headings_say_the_order(as_user, officer, province):
    client = as_user(officer)
    page = client.get(f"{URL}?chi=cham").content.decode()
    assert re.search(r"<dt>Khối</dt>\s*<dd>1</dd>", page)
    assert "2 còn chưa nộp, ở 1 khối" in page
    assert 'aria-sort="ascending"' in page
    assert 'aria-sort="descending"' in client.get(f"{URL}?xep=cham").content.decode()
    whole = client.get(URL).content.decode()
    assert "ở 2 khối" in whole
    assert "chưa có" in whole


def test_the_newest_year_with_open_blocs_comes_first_and_others_are_named(as_user, officer, board):
    build_bloc(board, officer, S.RUNNING, name="Khối nay")
    build_bloc(board, officer, S.DECIDED, name="Khối xưa", year=2025)
    build_bloc(board, officer, S.CLOSED, name="Khối sau", year=2027)
    page = as_user(officer).get(URL).content.decode()
    assert "Toàn tỉnh năm 2026" in page
    assert "năm 2025 (1 khối)" in page
    assert "Khối xưa" in as_user(officer).get(f"{URL}?nam=2025").content.decode()


# ---------------------------------------------------------------- workbook


def test_the_workbook_is_what_is_seen(as_user, officer, province, board):
    build_bloc(board, officer, S.RUNNING, name="=HYPERLINK(1)")
    client = as_user(officer)
    response = client.get(f"{URL}excel/?xep=-ten&nam=2026")
    assert "To%C3%A0n%20t%E1%BB%89nh" in response["Content-Disposition"]
    blocs, late = load_workbook(BytesIO(response.content)).worksheets
    rows = [[cell.value for cell in row] for row in blocs.rows]
    assert rows[0][0] == "Toàn tỉnh năm 2026: tình hình các khối thi đua"
    assert rows[1][0] == f"Hội đồng: {board.name}"
    assert "10:00 ngày 20/11/2026. 5 khối, không lọc." in rows[2][0]
    assert rows[3][5] == "Đã xong (theo đơn vị tính)"
    assert [row[0] for row in rows[4:]] == [
        "Khối Dương", "Khối Cao", "Khối Bình", "Khối Ân", "'=HYPERLINK(1)",
    ]  # fmt: skip
    an = rows[7]
    assert an[4:8] == ["1/3 bảng đã nộp", 1, 3, "bảng"]
    assert (an[9].date(), an[10], an[11], an[13]) == (dt.date(2026, 11, 19), -1, 2, "B; C")
    assert [row[1].value for row in list(late.rows)[4:]] == ["B", "C"]
    narrowed = load_workbook(BytesIO(client.get(f"{URL}excel/?chi=cham").content)).worksheets[0]
    assert narrowed.max_row == 5
    assert "lọc: chỉ khối có đơn vị chậm" in narrowed["A3"].value


# ---------------------------------------------------------------- the way there


def test_the_navigation_leads_officers_of_a_board_here(as_user, board, officer):
    build_bloc(board, officer, S.RUNNING)
    assert f'href="{URL}"' in as_user(officer).get("/").content.decode()
    unit = make_world(2).units[0]
    assert f'href="{URL}"' not in as_user(make_person(unit)).get("/").content.decode()
