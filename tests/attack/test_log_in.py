"""Guessing passwords: no way of typing a name, and no other door, escapes the limit."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from emulation.models import LoginFailure, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

DOOR = "/dang-nhap/"
WAIT = "Đề nghị chờ 15 phút"


def full_width(name: str) -> str:
    """The name as an East Asian keyboard types it: the form reads it as the plain name."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in name)


def guess(client: Client, name: str, password: str = "sai", door: str = DOOR) -> str:
    return client.post(door, {"username": name, "password": password}).content.decode()


@pytest.mark.parametrize("typed", [str.upper, full_width, lambda name: f"  {name} "])
def test_another_way_of_typing_a_name_is_counted_with_it(client: Client, typed) -> None:
    user = make_user()
    for _ in range(settings.LOGIN_FAILURES_ALLOWED):
        guess(client, typed(user.username))
    assert WAIT in guess(client, user.username, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_the_administrators_pages_have_no_door_of_their_own(client: Client) -> None:
    User.objects.create_superuser("quantri", PASSWORD, full_name="Quản trị")
    given = {"username": "quantri", "password": PASSWORD}
    answer = client.post("/quan-tri/login/?next=/quan-tri/blocs/post/", given)
    assert answer["Location"] == f"{DOOR}?next=/quan-tri/blocs/post/"
    assert "_auth_user_id" not in client.session
    answer = client.post(answer["Location"], given)
    assert (answer.status_code, answer["Location"]) == (302, "/quan-tri/blocs/post/")


def test_whoever_is_no_administrator_is_told_so_and_not_sent_in_a_circle(client: Client) -> None:
    client.force_login(make_user())
    answer = client.get("/quan-tri/blocs/post/", follow=True)
    assert (answer.status_code, len(answer.redirect_chain)) == (403, 1)
    assert "chỉ dành cho quản trị tài khoản" in answer.content.decode()


def test_staff_without_being_administrator_does_not_enter(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    assert client.get("/quan-tri/", follow=True).status_code == 403


def test_a_form_without_name_or_password_counts_against_nobody(client: Client) -> None:
    for data in ({}, {"username": "a"}, {"password": "b"}):
        assert client.post(DOOR, data).status_code == 200
    assert LoginFailure.objects.count() == 0


def test_log_in_may_not_lead_to_itself(client: Client) -> None:
    client.force_login(make_user())
    answer = client.get("/dang-nhap/?next=/dang-nhap/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
