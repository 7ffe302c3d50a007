"""Spraying, a botnet, attempts sent at once, floods of forms, addresses that visitors invent."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client, override_settings

from emulation import clock, throttle
from emulation.doors import network_of
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, LoginFailure, Tally, User
from emulation.site.failures import begin_attempt
from tests.factories import PASSWORD, make_user

DOOR = "/dang-nhap/"
ATTEMPTS = 24


def attempt(name: str, password: str = "sai", address: str = "10.0.0.1") -> str:
    client = Client(REMOTE_ADDR=address)
    answer = client.post(DOOR, {"username": name, "password": password})
    return "in" if answer.status_code == 302 else answer.content.decode()


# ---------------------------------------------------------------- passwords


@pytest.mark.django_db
class TestGuessing:
    def test_one_address_may_not_try_many_names(self) -> None:
        user = make_user()
        for number in range(settings.LOGIN_ADDRESS_FAILURES_ALLOWED):
            attempt(f"ai-do-{number}")
        said = attempt(user.username, PASSWORD)
        assert "Từ địa chỉ mạng này đã có nhiều lần đăng nhập sai" in said
        assert attempt(user.username, PASSWORD, "10.0.0.2") == "in"

    def test_who_logged_in_there_before_is_not_locked_out_with_the_sprayer(self) -> None:
        user = make_user()
        assert attempt(user.username, PASSWORD) == "in"
        for number in range(settings.LOGIN_ADDRESS_FAILURES_ALLOWED):
            attempt(f"ai-do-{number}")
        assert attempt(user.username, PASSWORD) == "in"
        assert attempt(make_user().username, PASSWORD) != "in"

    def test_many_addresses_may_not_try_one_name(self) -> None:
        user = make_user()
        for number in range(settings.LOGIN_NAME_FAILURES_ALLOWED):
            attempt(user.username, address=f"10.1.0.{number}")
        said = attempt(user.username, PASSWORD, "10.2.0.1")
        assert "bị nhập sai nhiều lần từ nhiều nơi. Đề nghị chờ 15 phút" in said
        assert attempt(make_user().username, PASSWORD, "10.2.0.1") == "in"

    def test_a_stranger_does_not_lock_the_officer_out_of_the_own_office(self) -> None:
        user = make_user()
        assert attempt(user.username, PASSWORD, "10.3.0.1") == "in"
        for number in range(settings.LOGIN_NAME_FAILURES_ALLOWED):
            attempt(user.username, address=f"10.1.0.{number}")
        assert attempt(user.username, PASSWORD, "10.3.0.1") == "in"

    def test_a_subscribers_ipv6_addresses_count_as_one(self) -> None:
        user = make_user()
        for number in range(settings.LOGIN_FAILURES_ALLOWED):
            attempt(user.username, address=f"2001:db8::{number}")
        assert "Đề nghị chờ" in attempt(user.username, PASSWORD, "2001:db8::ffff:1")
        assert attempt(user.username, PASSWORD, "2001:db8:0:1::1") == "in"

    def test_the_minutes_are_those_that_remain_and_waiting_always_ends(self) -> None:
        user, begun = make_user(), clock.now()
        with clock.at(begun):
            for _ in range(settings.LOGIN_FAILURES_ALLOWED):
                attempt(user.username)
        for minutes in range(1, 15):
            with clock.at(begun + dt.timedelta(minutes=minutes)):
                assert f"Đề nghị chờ {15 - minutes} phút" in attempt(user.username, PASSWORD)
        with clock.at(begun + dt.timedelta(minutes=15)):
            assert attempt(user.username, PASSWORD) == "in"

    def test_a_right_password_forgets_the_persons_own_slips_only(self) -> None:
        user, other = make_user(), make_user()
        attempt(user.username)
        attempt(other.username)
        attempt(user.username, PASSWORD)
        assert list(LoginFailure.objects.values_list("username", flat=True)) == [other.username]

    def test_old_failures_do_not_pile_up(self) -> None:
        with clock.at(clock.now() - dt.timedelta(days=2)):
            attempt("ai-do")
        attempt("ai-khac")
        assert LoginFailure.objects.count() == 1

    def test_what_was_typed_into_the_name_is_kept_only_where_it_is_an_account(self) -> None:
        user = make_user()
        attempt("mat-khau-go-nham-o")
        attempt(user.username)
        refused = DoorRecord.objects.filter(event=DoorEvent.LOG_IN_REFUSED).order_by("pk")
        assert [row.username for row in refused] == ["", user.username]

    def test_a_blocked_flood_leaves_one_line_a_minute(self) -> None:
        user = make_user()
        for _ in range(settings.LOGIN_FAILURES_ALLOWED + 20):
            attempt(user.username)
        events = DoorRecord.objects.values_list("event", flat=True)
        counted = [
            events.filter(event=each).count() for each in ("log_in_refused", "log_in_blocked")
        ]
        assert counted == [settings.LOGIN_FAILURES_ALLOWED, 1]


@pytest.mark.django_db(transaction=True)
def test_attempts_sent_at_once_are_all_counted() -> None:
    """Never more than the limit look at a password, however many arrive together."""
    barrier = Barrier(ATTEMPTS)

    def go(_number: int) -> bool:
        barrier.wait()
        try:
            begin_attempt("can-bo", "10.0.0.1")
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(ATTEMPTS) as pool:
        looked = sum(pool.map(go, range(ATTEMPTS)))
    assert looked <= settings.LOGIN_FAILURES_ALLOWED
    assert LoginFailure.objects.count() == looked


# ---------------------------------------------------------------- counting


@pytest.mark.django_db
class TestCounting:
    def test_the_window_begins_anew_after_its_end(self) -> None:
        now = clock.now()
        limits = {"allowed": 2, "window_seconds": 60}
        with clock.at(now):
            assert [throttle.hit("việc", **limits) for _ in range(4)] == [True, True, False, False]
            assert throttle.hit("việc khác", **limits)
        with clock.at(now + dt.timedelta(seconds=59)):
            assert not throttle.hit("việc", **limits)
            assert throttle.seconds_left("việc", window_seconds=60) == 1
        with clock.at(now + dt.timedelta(seconds=60)):
            assert throttle.hit("việc", **limits)
        assert Tally.objects.filter(key="việc").count() == 1

    def test_the_table_keeps_one_day(self) -> None:
        with clock.at(clock.now() - dt.timedelta(days=2)):
            throttle.hit("cũ", allowed=1, window_seconds=60)
        throttle.hit("mới", allowed=1, window_seconds=60)
        assert list(Tally.objects.values_list("key", flat=True)) == ["mới"]

    def test_a_clock_set_back_does_not_lock_anybody_out(self) -> None:
        with clock.at(clock.now() + dt.timedelta(days=300)):
            assert throttle.hit("việc", allowed=1, window_seconds=60)
        assert throttle.hit("việc", allowed=1, window_seconds=60)


@pytest.mark.django_db(transaction=True)
def test_a_race_lets_exactly_the_allowed_number_pass() -> None:
    barrier = Barrier(ATTEMPTS)

    def go(_number: int) -> bool:
        barrier.wait()
        try:
            return throttle.hit("đua", allowed=10, window_seconds=60)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ATTEMPTS) as pool:
        assert sum(pool.map(go, range(ATTEMPTS))) == 10


# ---------------------------------------------------------------- forms


@pytest.mark.django_db
class TestTooManyForms:
    @pytest.fixture(autouse=True)
    def three_a_minute(self, settings: Any) -> None:
        settings.POSTS_ALLOWED = settings.ANONYMOUS_POSTS_ALLOWED = 3

    def test_the_fourth_form_in_a_minute_waits(self, client: Client) -> None:
        user, now = make_user(), clock.now()
        client.force_login(user)
        with clock.at(now):
            sent = [client.post("/tai-khoan/lien-he/", {"phone": "0987"}) for _ in range(5)]
        assert [each.status_code for each in sent] == [200, 200, 200, 429, 429]
        assert sent[-1]["Retry-After"] == "60"
        page = sent[-1].content.decode()
        assert "Đề nghị chờ 60 giây" in page
        assert "nội dung đã nhập vẫn còn" in page
        with clock.at(now + dt.timedelta(seconds=61)):
            assert client.post("/tai-khoan/lien-he/", {"phone": "0987"}).status_code == 200

    def test_it_stands_in_the_record_once(self, client: Client) -> None:
        user = make_user()
        client.force_login(user)
        for _ in range(8):
            client.post("/tai-khoan/lien-he/", {"phone": "0987"})
        noted = DoorRecord.objects.filter(event=DoorEvent.TOO_MANY_POSTS)
        assert [(row.user, row.place) for row in noted] == [(user, "/tai-khoan/lien-he/")]

    def test_one_persons_flood_is_not_anothers(self, client: Client) -> None:
        client.force_login(make_user())
        for _ in range(5):
            client.post("/tai-khoan/lien-he/", {"phone": "0987"})
        client.force_login(make_user())
        assert client.post("/tai-khoan/lien-he/", {"phone": "0987"}).status_code == 200

    def test_nobody_is_counted_by_address(self) -> None:
        answers = [Client(REMOTE_ADDR="10.0.0.1").post(DOOR, {}) for _ in range(4)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert Client(REMOTE_ADDR="10.0.0.2").post(DOOR, {}).status_code == 200

    def test_looking_is_not_counted(self, client: Client) -> None:
        client.force_login(make_user())
        assert {client.get("/tai-khoan/").status_code for _ in range(8)} == {200}
        assert Tally.objects.count() == 0


# ---------------------------------------------------------------- addresses


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hops", "sent", "noted"),
    [
        (0, "1.2.3.4", "10.0.0.9"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (1, "1.2.3.4, bịa", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.9"),
    ],
)
def test_only_the_proxys_own_entry_is_believed(hops: int, sent: str, noted: str) -> None:
    user = make_user()
    client = Client(REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=sent)
    with override_settings(PROXY_HOPS=hops):
        client.post(DOOR, {"username": user.username, "password": PASSWORD})
    assert User.objects.get(pk=user.pk).log_ins.get().address == noted


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_what_counts_as_one_place(address: str, network: str) -> None:
    assert network_of(address) == network
