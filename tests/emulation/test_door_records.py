"""The record of log-ins and refusals: what stands in it, how it is read, how it is bounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from emulation import clock, doors
from emulation.enums import DoorEvent
from emulation.history import HistoryIsFinal
from emulation.models import DoorRecord, User
from emulation.vietnamese import format_date
from tests.factories import PASSWORD, make_user, make_world

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
PAGE = "/quan-tri/nhat-ky/"


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("quantri", PASSWORD, full_name="Quản Trị Viên")


def rows(event: DoorEvent) -> list[DoorRecord]:
    return list(DoorRecord.objects.filter(event=event).order_by("pk"))


def test_coming_and_going_stand_in_it(client: Client) -> None:
    user = make_user()
    client.post("/dang-nhap/", {"username": user.username, "password": "sai"})
    client.post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
    client.post("/dang-xuat/")
    noted = DoorRecord.objects.order_by("pk").values_list("event", "user", "address", "place")
    assert list(noted) == [
        ("log_in_refused", user.pk, "127.0.0.1", "/dang-nhap/"),
        ("logged_in", user.pk, "127.0.0.1", "/dang-nhap/"),
        ("logged_out", user.pk, "127.0.0.1", "/dang-xuat/"),
    ]


def test_a_refused_page_is_noted_without_its_query_and_once_a_minute(as_user: As) -> None:
    world, now = make_world(), clock.now()
    client = as_user(world.officers[2])
    with clock.at(now):
        for _ in range(3):
            assert client.get("/don-vi/?q=bí mật").status_code == 403
    with clock.at(now + dt.timedelta(seconds=61)):
        client.get("/don-vi/")
    noted = rows(DoorEvent.ACCESS_REFUSED)
    assert [(row.user, row.place) for row in noted] == [(world.officers[2], "/don-vi/")] * 2


def test_a_refused_deed_is_noted(as_user: As) -> None:
    world = make_world()
    answer = as_user(world.officers[2]).post(f"/nam/{world.bloc_year.pk}/sua/", {})
    assert answer.status_code == 403
    assert [row.user for row in rows(DoorEvent.ACCESS_REFUSED)] == [world.officers[2]]


def test_nobody_floods_it(as_user: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "REFUSALS_NOTED_AN_HOUR", 3)
    world = make_world()
    client = as_user(world.officers[2])
    for path in ("/don-vi/", "/don-vi/them/", PAGE, f"/nam/{world.bloc_year.pk}/sua/"):
        assert client.get(path).status_code == 403
    assert len(rows(DoorEvent.ACCESS_REFUSED)) == 3


def test_one_wrong_address_is_a_slip_and_ten_are_guessing(as_user: As) -> None:
    client = as_user(make_user())
    for number in range(doors.MISSES_ALLOWED - 1):
        assert client.get(f"/phieu/{number + 1000}/").status_code == 404
    assert rows(DoorEvent.ACCESS_REFUSED) == []
    client.get("/phieu/9999/")
    assert [row.place for row in rows(DoorEvent.ACCESS_REFUSED)] == ["/phieu/9999/"]


def test_slips_of_a_whole_day_are_not_guessing(as_user: As) -> None:
    user, now = make_user(), clock.now()
    client = as_user(user)
    for number in range(doors.MISSES_ALLOWED + 2):
        with clock.at(now + dt.timedelta(minutes=5 * number)):
            client.get(f"/phieu/{number + 1000}/")
    assert rows(DoorEvent.ACCESS_REFUSED) == []


def test_a_row_refuses_to_change(chief: User) -> None:
    doors.note(DoorEvent.INVITED, user=chief)
    row = DoorRecord.objects.get()
    for deed in (row.save, row.delete, DoorRecord.objects.all().delete):
        with pytest.raises(HistoryIsFinal):
            deed()
    with pytest.raises(HistoryIsFinal):
        DoorRecord.objects.update(place="khác")


def test_a_single_use_code_in_the_address_is_not_written_down(rf, chief: User) -> None:
    request = rf.get("/loi-moi/bi-mat-123/")
    request.resolver_match = type("Match", (), {"kwargs": {"code": "bi-mat-123"}})()
    assert doors.place_of(request) == "/loi-moi/…/"


def test_an_odd_address_is_cut_to_what_can_be_stored(rf) -> None:
    request = rf.get("/")
    request.path, request.resolver_match = "/a\x00b\r\n" + "c" * 300, None
    assert doors.place_of(request) == "/ab" + "c" * 197


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("who", ["board_officer", "head_leader", "secretary"])
def test_only_administrators_read_it(as_user: As, who: str) -> None:
    assert as_user(getattr(make_world(), who)).get(PAGE).status_code == 403


def test_it_is_found_by_event_person_address_and_day(as_user: As, chief: User) -> None:
    first, second = make_user("Đặng Văn Ổn"), make_user("Lê Thị Hai")
    with clock.at(clock.now() - dt.timedelta(days=3)):
        doors.note(DoorEvent.LOGGED_IN, user=first)
    doors.note(DoorEvent.PASSWORD_SET, user=second, actor=chief)
    client = as_user(chief)

    def found(**asked: str) -> set[str]:
        page = client.get(PAGE, asked).content.decode()
        return {user.full_name for user in (first, second) if f"{user.full_name} <span" in page}

    both = {first.full_name, second.full_name}
    assert found() == both
    assert found(su_kien="logged_in") == {first.full_name}
    assert found(q="dang van on") == {first.full_name}
    assert found(q="quantri") == {second.full_name}
    assert found(ngay=format_date(clock.today())) == {second.full_name}
    assert found(su_kien="không-có") == both
    page = client.get(PAGE, {"ngay": "32/13"}).content.decode()
    assert "Ngày phải theo dạng ngày/tháng/năm" in page


def test_it_is_paged(as_user: As, chief: User) -> None:
    for _ in range(30):
        doors.note(DoorEvent.LOGGED_IN, user=chief)
    page = as_user(chief).get(PAGE, {"page": 2, "q": "quan tri"}).content.decode()
    assert "dòng 26–" in page


def test_the_administrator_comes_to_it_from_home(as_user: As, chief: User) -> None:
    assert PAGE in as_user(chief).get("/").content.decode()
    assert PAGE in as_user(chief).get("/quan-tri/").content.decode()
