"""``next=`` leads to pages of ours and nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

EVIL = [
    "//evil.example/",
    "///evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\x08//evil.example",
    "\t//evil.example",
    " //evil.example",
    "ftp://testserver/",
]
HERE = ["/tai-khoan/", "/tai-khoan/?a=1", "http://testserver/tai-khoan/"]


@pytest.mark.parametrize("wanted", EVIL)
@pytest.mark.parametrize("where", ["body", "query"])
def test_nobody_is_led_elsewhere_after_logging_in(client: Client, wanted: str, where: str) -> None:
    given = {"username": make_user().username, "password": PASSWORD}
    if where == "body":
        answer = client.post("/dang-nhap/", {**given, "next": wanted})
    else:
        answer = client.post("/dang-nhap/", given, query_params={"next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("wanted", EVIL)
def test_nor_whoever_is_logged_in_already_nor_by_logging_out(client: Client, wanted: str) -> None:
    client.force_login(make_user())
    assert client.get("/dang-nhap/", {"next": wanted})["Location"] == "/"
    assert client.post("/dang-xuat/", {"next": wanted})["Location"] == "/dang-nhap/"


@pytest.mark.parametrize("wanted", HERE)
def test_a_page_of_ours_is_returned_to(client: Client, wanted: str) -> None:
    given = {"username": make_user().username, "password": PASSWORD, "next": wanted}
    assert client.post("/dang-nhap/", given)["Location"] == wanted


@pytest.mark.parametrize("wanted", ["/tai-khoan/\r\nSet-Cookie: a=b", "/\nX: y"])
def test_a_line_break_never_becomes_a_header(client: Client, wanted: str) -> None:
    given = {"username": make_user().username, "password": PASSWORD, "next": wanted}
    answer = client.post("/dang-nhap/", given)
    assert answer.status_code == 302
    assert not {"\r", "\n"} & set(answer["Location"])
    assert "a" not in answer.cookies
    assert not answer.has_header("X")


def test_the_page_does_not_repeat_a_foreign_address(client: Client) -> None:
    page = client.get("/dang-nhap/", {"next": "https://evil.example/"}).content.decode()
    assert "evil" not in page


def test_the_administrators_log_in_leads_to_ours_with_the_address_still_checked(
    client: Client,
) -> None:
    answer = client.get("/quan-tri/login/", {"next": "https://evil.example/"})
    assert answer["Location"].startswith("/dang-nhap/?next=https%3A//evil.example/") or answer[
        "Location"
    ].startswith("/dang-nhap/?next=https://evil.example/")
    given = {"username": make_user().username, "password": PASSWORD}
    assert client.post(answer["Location"], given)["Location"] == "/"
