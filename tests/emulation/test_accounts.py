"""Logging in: the limit on failures, the idle limit, the administrator's narrow door."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from emulation import clock
from emulation.models import LoginFailure, User
from tests.factories import PASSWORD, make_user, make_world

pytestmark = pytest.mark.django_db


def log_in(client: Client, user: User, password: str = PASSWORD, **extra: str):
    return client.post("/dang-nhap/", {"username": user.username, "password": password, **extra})


def test_the_right_password_leads_home(client: Client) -> None:
    user = make_user()
    answer = log_in(client, user)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_too_many_failures_wait_even_with_the_right_password(client: Client) -> None:
    user = make_user()
    for _ in range(settings.LOGIN_FAILURES_ALLOWED):
        assert log_in(client, user, "sai").status_code == 200
    answer = log_in(client, user)
    assert answer.status_code == 200
    assert "Đề nghị chờ 15 phút" in answer.content.decode()


def test_after_the_window_the_person_may_try_again(client: Client) -> None:
    user = make_user()
    for _ in range(settings.LOGIN_FAILURES_ALLOWED):
        log_in(client, user, "sai")
    later = clock.now() + dt.timedelta(seconds=settings.LOGIN_FAILURE_WINDOW_SECONDS + 1)
    with clock.at(later):
        assert log_in(client, user).status_code == 302


def test_failures_of_one_person_do_not_lock_out_another(client: Client) -> None:
    victim, other = make_user(), make_user()
    for _ in range(settings.LOGIN_FAILURES_ALLOWED + 2):
        log_in(client, victim, "sai")
    assert log_in(client, other).status_code == 302
    assert LoginFailure.objects.count() >= settings.LOGIN_FAILURES_ALLOWED


def test_a_foreign_next_address_is_ignored(client: Client) -> None:
    user = make_user()
    answer = log_in(client, user, next="https://example.com/")
    assert answer["Location"] == "/"


def test_an_idle_session_ends(client: Client) -> None:
    user = make_user()
    log_in(client, user)
    assert client.get("/").status_code == 200
    later = clock.now() + dt.timedelta(seconds=settings.SESSION_IDLE_SECONDS + 61)
    with clock.at(later):
        assert client.get("/").status_code == 302


def test_get_does_not_log_out(client: Client) -> None:
    user = make_user()
    log_in(client, user)
    assert client.get("/dang-xuat/").status_code == 405
    assert client.get("/").status_code == 200


def test_the_admin_holds_accounts_and_posts_only(client: Client) -> None:
    call_command("check")
    administrator = User.objects.create_superuser("quantri", PASSWORD, full_name="Quản trị")
    client.force_login(administrator)
    page = client.get("/quan-tri/").content.decode()
    assert "/quan-tri/emulation/user/" in page
    assert "/quan-tri/blocs/post/" in page
    assert "/quan-tri/scoring/" not in page
    assert "/quan-tri/pledges/" not in page
    assert page.count("/add/") == 2


def test_an_ordinary_person_does_not_enter_the_admin(client: Client) -> None:
    world = make_world()
    client.force_login(world.head_leader)
    assert client.get("/quan-tri/").status_code == 302


@pytest.mark.parametrize("path", ["emulation/user/add/", "blocs/post/add/", "emulation/user/"])
def test_the_admins_pages_work(client: Client, path: str) -> None:
    administrator = User.objects.create_superuser("quantri", PASSWORD, full_name="Quản trị")
    client.force_login(administrator)
    assert client.get(f"/quan-tri/{path}").status_code == 200
