"""One's own account: contact, posts, password, open sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from emulation.doors import device_of
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, User
from tests.factories import make_user, make_world

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


def test_it_shows_name_posts_and_contact(as_user: As) -> None:
    world = make_world()
    page = as_user(world.secretary).get("/tai-khoan/").content.decode()
    for words in (world.secretary.full_name, world.units[0].name, world.secretary.phone):
        assert words in page
    assert "/tai-khoan/" in as_user(world.secretary).get("/").content.decode()


def test_a_person_without_post_reads_whom_to_ask(as_user: As) -> None:
    page = as_user(make_user()).get("/tai-khoan/").content.decode()
    assert "Đề nghị liên hệ Ban Thi đua - Khen thưởng" in page


def test_contact_is_changed_and_noted_without_its_content(as_user: As) -> None:
    user = make_user()
    sent = {"phone": " 0912  345 678 ", "email": "a@b.vn", "is_staff": "1", "username": "khac"}
    sent["mail_choice"] = "daily"
    answer = as_user(user).post("/tai-khoan/lien-he/", sent)
    assert answer["Location"] == "/tai-khoan/"
    changed = User.objects.get(pk=user.pk)
    assert (changed.phone, changed.email) == ("0912 345 678", "a@b.vn")
    assert changed.mail_choice == "daily"
    assert (changed.is_staff, changed.username) == (False, user.username)
    row = DoorRecord.objects.get(event=DoorEvent.CONTACT_CHANGED)
    assert (row.user, row.actor, row.place) == (user, None, "/tai-khoan/lien-he/")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"phone": "không có"}, "Số điện thoại chỉ gồm chữ số"),
        ({"email": "không có"}, "“Thư điện tử” phải có dạng ten@donvi.vn."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_user: As, sent: dict, said: str) -> None:
    answer = as_user(make_user()).post("/tai-khoan/lien-he/", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "không có" in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
            ),
            "Edge trên Windows",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
                "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
            ),
            "Safari trên iPhone",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) "
                "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"
            ),
            "Samsung Internet trên Android",
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                "coc_coc_browser/125.0.0 Chrome/119.0.0.0 Safari/537.36"
            ),
            "Cốc Cốc trên Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Firefox trên Linux",
        ),
        ("curl/8.0", "Thiết bị không rõ"),
        ("", "Thiết bị không rõ"),
        ("<script>alert(1)</script> Windows", "Trình duyệt khác trên Windows"),
    ],
)
def test_a_device_is_named_in_words(agent: str, words: str) -> None:
    assert device_of(agent) == words
