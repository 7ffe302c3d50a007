"""Guessing passwords: no way of typing a name, and no other door, escapes the limit."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from emulation.models import LoginFailure, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

DOORS = ("/dang-nhap/", "/quan-tri/login/")
WAIT = "Đề nghị chờ 15 phút"


def full_width(name: str) -> str:
    """The name as an East Asian keyboard types it: the form reads it as the plain name."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in name)


def guess(client: Client, name: str, password: str = "sai", door: str = DOORS[0]) -> str:
    return client.post(door, {"username": name, "password": password}).content.decode()


@pytest.mark.parametrize("typed", [str.upper, full_width, lambda name: f"  {name} "])
def test_another_way_of_typing_a_name_is_counted_with_it(client: Client, typed) -> None:
    user = make_user()
    for _ in range(settings.LOGIN_FAILURES_ALLOWED):
        guess(client, typed(user.username))
    assert WAIT in guess(client, user.username, PASSWORD)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("door", DOORS)
def test_every_door_has_the_limit(client: Client, door: str) -> None:
    chief = User.objects.create_superuser("quantri", PASSWORD, full_name="Quản trị")
    for _ in range(settings.LOGIN_FAILURES_ALLOWED):
        guess(client, chief.username, door=DOORS[0] if door == DOORS[1] else DOORS[1])
    assert WAIT in guess(client, chief.username, PASSWORD, door)
    assert "_auth_user_id" not in client.session


def test_the_administrators_door_lets_the_administrator_in(client: Client) -> None:
    User.objects.create_superuser("quantri", PASSWORD, full_name="Quản trị")
    answer = client.post(
        "/quan-tri/login/?next=/quan-tri/", {"username": "quantri", "password": PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/quan-tri/")


def test_a_form_without_name_or_password_counts_against_nobody(client: Client) -> None:
    for data in ({}, {"username": "a"}, {"password": "b"}):
        assert client.post(DOORS[0], data).status_code == 200
    assert LoginFailure.objects.count() == 0


def test_log_in_may_not_lead_to_itself(client: Client) -> None:
    client.force_login(make_user())
    answer = client.get("/dang-nhap/?next=/dang-nhap/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
