"""What a person without experience is shown first: defaults, next deeds, empty pages."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.enums import PostRole, TermKind, YearStatus
from blocs.models import HeadTerm
from blocs.selectors.people import roles_lacking
from emulation import clock
from tests.factories import (
    BoardFactory,
    UnitFactory,
    UserFactory,
    make_board_officer,
    make_person,
    make_post,
    make_user,
    make_world,
    set_term,
)

pytestmark = pytest.mark.django_db


def page_of(client, url: str) -> str:
    return client.get(url).content.decode()


def add(client, url: str, name: str, role: PostRole, day: dt.date | None = None) -> str:
    starts = (day or clock.today()).strftime("%d/%m/%Y")
    values = {"full_name": name, "role": role, "starts_on": starts, "title": ""}
    made = client.post(url, {**values, "phone": "", "email": "", "username": ""}, follow=True)
    assert made.status_code == 200
    return str(made.content.decode())


def chosen(page: str, value: str) -> bool:
    return f'<option value="{value}" selected>' in page


def test_a_new_person_is_offered_the_role_the_unit_lacks(as_user):
    unit = UnitFactory()
    client = as_user(make_board_officer(unit.board))
    url = f"/don-vi/{unit.pk}/nguoi-moi/"
    assert chosen(page_of(client, url), "leader")
    assert "Tiếp theo: thêm cán bộ đầu mối." in add(client, url, "Lê An", PostRole.LEADER)
    assert chosen(page_of(client, url), "officer")
    assert "Tiếp theo: cấp lời mời" in add(client, url, "Lê Bình", PostRole.OFFICER)
    assert chosen(page_of(client, url), "officer")


def test_somebody_who_comes_later_is_not_asked_for_again():
    unit = UnitFactory()
    make_person(unit, PostRole.OFFICER)
    assert roles_lacking(unit) == [PostRole.LEADER]
    later = clock.today() + dt.timedelta(days=9)
    make_post(make_user(), unit=unit, role=PostRole.LEADER, starts_on=later)
    assert roles_lacking(unit) == []


def test_after_the_head_the_form_offers_a_deputy(as_user):
    world = make_world(4, status=YearStatus.DRAFT, deputy=False)
    client = as_user(world.board_officer)
    url = f"/nam/{world.bloc_year.pk}/truong-khoi/them/"
    assert chosen(page_of(client, url), "deputy")
    HeadTerm.objects.all().delete()
    assert chosen(page_of(client, url), "head")


def test_a_stand_in_is_named_once_there_is_a_head(as_user):
    world = make_world(3, status=YearStatus.DRAFT, deputy=False)
    client = as_user(world.board_officer)
    url, named = f"/nam/{world.bloc_year.pk}/don-vi/", "Phân công đơn vị thay Trưởng khối"
    assert named in page_of(client, url)
    HeadTerm.objects.all().delete()
    assert named not in page_of(client, url)
    set_term(world.bloc_year, world.units[0], TermKind.HEAD)
    assert named in page_of(client, url)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("administrator", "không có khối để xem"),
        ("officer", "Đơn vị chưa được ghi vào khối nào"),
        ("board", "Khối được lập cùng năm thi đua đầu tiên"),
    ],
)
def test_an_empty_list_of_blocs_asks_for_no_other_filter(as_user, who, said):
    board = BoardFactory()
    people = {
        "administrator": lambda: make_user(is_staff=True, is_superuser=True),
        "officer": lambda: make_person(UnitFactory(board=board)),
        "board": lambda: make_board_officer(board),
    }
    client = as_user(people[who]())
    page = page_of(client, "/khoi/")
    assert said in page
    assert "Lọc danh sách" not in page
    page = page_of(client, "/khoi/?q=khong")
    assert "Đề nghị bỏ bớt điều kiện lọc" in page
    assert "Lọc danh sách" in page


def test_a_board_that_has_done_its_part_reads_whom_it_waits_for(as_user):
    world = make_world(3, status=YearStatus.DRAFT)
    client = as_user(world.board_officer)
    waits = f"Đang chờ {world.units[0].name} soạn dự thảo giao ước"
    before = page_of(client, "/")
    assert "việc đã xong" in before
    assert waits not in before
    for kind in ("registration", "interim_report", "self_score"):
        world.bloc_year.deadlines.create(kind=kind, due_on=clock.today())
    for person in [*world.leaders, *world.officers]:
        person.last_login = clock.now()
        person.save()
    assert waits in page_of(client, "/")


def test_a_spent_code_shows_the_way_home_to_who_is_logged_in(client, as_user):
    url = "/loi-moi/AAAA-BBBB-CCCC-DDDD/"
    assert "đăng nhập</a> như thường lệ" in page_of(client, url)
    page = page_of(as_user(UserFactory(full_name="Lê An")), url)
    assert "Lê An đang đăng nhập trên máy này" in page
    assert "đăng nhập</a> như thường lệ" not in page


def test_the_page_that_founds_a_board_prints_first(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    values = {"name": "Tỉnh Mới", "council_name": "Hội đồng", "office_name": "Ban"}
    typed = {**values, "phone": "", "full_name": "Lê An", "title": "", "email": ""}
    url = "/hoi-dong/lap/"
    page = client.post(url, {**typed, "officer_phone": "", "username": ""}).content.decode()
    assert '<button type="button" class="btn btn-primary" data-print>In lời mời</button>' in page
    assert page.count("btn-primary") == 1
