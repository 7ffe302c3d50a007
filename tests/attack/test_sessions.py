"""Sessions: fixed, left alone, kept too long, closed by their owner, of people who left."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from blocs.models import Post
from emulation import clock
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, PersonSession, User
from tests.factories import PASSWORD, make_user, make_world

pytestmark = pytest.mark.django_db

NEW = "mua-xuan-que-huong"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)


def opened(user: User, password: str = PASSWORD, **extra: str) -> Client:
    client = Client(**extra)
    answer = client.post("/dang-nhap/", {"username": user.username, "password": password})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_a_session_prepared_by_another_does_not_become_the_persons() -> None:
    user, client = make_user(), Client()
    client.get("/dang-nhap/")
    session = client.session
    session["bẫy"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = fixed = str(session.session_key)
    client.post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
    assert client.session.session_key != fixed
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = fixed
    assert not is_in(attacker)


def test_whoever_logs_in_over_anothers_session_keeps_nothing_of_it() -> None:
    first, second = make_user(), make_user()
    client = opened(first)
    session = client.session
    session["riêng"] = "của người trước"
    session.save()
    client.post("/dang-xuat/")
    client.post("/dang-nhap/", {"username": second.username, "password": PASSWORD})
    assert "riêng" not in client.session


# ---------------------------------------------------------------- their end


@pytest.mark.parametrize(
    ("steps", "event", "said"),
    [
        (
            [settings.SESSION_IDLE_SECONDS + 1],
            DoorEvent.SESSION_IDLE,
            "Phiên làm việc đã đóng vì để lâu không dùng.",
        ),
        (
            [settings.SESSION_IDLE_SECONDS - 1] * 3 + [60],
            DoorEvent.SESSION_EXPIRED,
            "Phiên làm việc đã đóng vì đã đăng nhập quá 12 giờ.",
        ),
    ],
    ids=["left alone", "kept too long"],
)
def test_a_session_ends_and_says_why_and_leads_back(
    steps: list[int], event: DoorEvent, said: str
) -> None:
    now, user = clock.now(), make_user()
    with clock.at(now):
        client = opened(user)
    for seconds in steps[:-1]:
        now += dt.timedelta(seconds=seconds)
        with clock.at(now):
            assert is_in(client)
    with clock.at(now + dt.timedelta(seconds=steps[-1])):
        answer = client.get("/tai-khoan/lien-he/?a=1")
        assert answer["Location"] == "/dang-nhap/?next=/tai-khoan/lien-he/%3Fa%3D1"
        assert said in client.get(answer["Location"]).content.decode()
        assert DoorRecord.objects.filter(event=event, user=user).count() == 1
        again = client.post(answer["Location"], {"username": user.username, "password": PASSWORD})
        assert again["Location"] == "/tai-khoan/lien-he/?a=1"
        client.post("/dang-xuat/")
        assert said not in client.get("/dang-nhap/").content.decode()


def too_late(page: str, sent: dict[str, str]) -> HttpResponse:
    now, client = clock.now(), Client()
    with clock.at(now):
        client = opened(make_user())
    with clock.at(now + dt.timedelta(seconds=settings.SESSION_IDLE_SECONDS + 1)):
        return client.post(page, sent, headers={"referer": f"http://testserver{page}?a=1"})


def test_a_form_sent_too_late_is_kept_to_be_sent_again() -> None:
    answer = too_late("/tai-khoan/lien-he/", {"phone": '"><b>0912', "csrfmiddlewaretoken": "cũ"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="phone" value="&quot;&gt;&lt;b&gt;0912"' in page
    assert "Lần gửi vừa rồi chưa được ghi" in page
    assert 'href="/dang-nhap/?next=/tai-khoan/lien-he/%3Fa%3D1"' in page
    assert "cũ" not in page


def test_a_password_sent_too_late_is_not_given_back() -> None:
    page = too_late("/mat-khau/", {"old_password": "bi-mat-cu", "new_password1": NEW})
    assert "bi-mat-cu" not in page.content.decode()
    assert NEW not in page.content.decode()


def test_a_form_without_any_session_leads_to_the_log_in_and_back_to_its_page() -> None:
    client = Client()
    page = "http://testserver/tai-khoan/lien-he/"
    answer = client.post("/mat-khau/", {"a": "b"}, headers={"referer": page})
    assert answer["Location"] == "/dang-nhap/?next=/tai-khoan/lien-he/"
    assert "Lần gửi vừa rồi chưa được ghi" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("came_from", ["https://evil.example/a", "", "javascript:1"])
def test_a_form_from_nowhere_leads_home(client: Client, came_from: str) -> None:
    answer = client.post("/mat-khau/", {}, headers={"referer": came_from})
    assert answer["Location"] == "/dang-nhap/?next=/"


def test_the_cookie_ends_with_the_browser_and_is_not_for_scripts_or_other_sites() -> None:
    cookie = opened(make_user()).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_logging_out_tells_the_browser_to_forget_and_looking_does_not_forbid_it() -> None:
    client = opened(make_user())
    assert client.get("/tai-khoan/")["Cache-Control"] == "private"
    assert client.post("/dang-xuat/")["Clear-Site-Data"] == '"cache"'
    assert not is_in(client)


# ---------------------------------------------------------------- the owner's list


def test_the_owner_sees_where_and_closes_one() -> None:
    user = make_user()
    here, there = opened(user, HTTP_USER_AGENT=CHROME), opened(user, REMOTE_ADDR="10.9.8.7")
    page = here.get("/tai-khoan/").content.decode()
    assert "Chrome trên Windows" in page
    assert "phiên này" in page
    assert "10.9.8.7" in page
    row = PersonSession.objects.get(address="10.9.8.7")
    here.post(f"/tai-khoan/phien/{row.pk}/dong/")
    assert (is_in(here), is_in(there)) == (True, False)
    row.refresh_from_db()
    assert row.ended_at is not None


def test_the_owner_closes_all_others_at_once() -> None:
    user, other = make_user(), make_user()
    here, elsewhere = opened(user), [opened(user), opened(user), opened(other)]
    here.post("/tai-khoan/phien/dong-cac-phien-khac/")
    assert is_in(here)
    assert [is_in(each) for each in elsewhere] == [False, False, True]


def test_nobody_closes_anothers_session() -> None:
    victim, user = make_user(), make_user()
    there, here = opened(victim), opened(user)
    row = PersonSession.objects.get(user=victim)
    assert here.post(f"/tai-khoan/phien/{row.pk}/dong/").status_code == 404
    assert is_in(there)


def test_closing_the_present_one_is_logging_out() -> None:
    client = opened(make_user())
    row = PersonSession.objects.get()
    assert client.post(f"/tai-khoan/phien/{row.pk}/dong/")["Location"] == "/dang-nhap/"
    assert not is_in(client)


def test_a_new_password_ends_every_other_session() -> None:
    user = make_user()
    here, there = opened(user), opened(user)
    here.post("/mat-khau/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert (is_in(here), is_in(there)) == (True, False)
    assert PersonSession.objects.filter(ended_at=None).count() == 1
    assert DoorRecord.objects.filter(event=DoorEvent.PASSWORD_CHANGED, user=user).count() == 1
    page = here.get("/tai-khoan/").content.decode()
    assert "phiên này" in page
    assert "Tự đặt lúc" in page


def test_sessions_that_are_gone_leave_the_list() -> None:
    user = make_user()
    client, other = opened(user), opened(user)
    other.post("/dang-xuat/")
    assert client.get("/tai-khoan/").content.decode().count("Thiết bị không rõ") == 1


# ---------------------------------------------------------------- people who left


def test_a_post_closed_in_the_middle_of_the_day_closes_its_access_at_the_next_request() -> None:
    world = make_world()
    officer = world.officers[2]
    client, page = opened(officer), f"/nam/{world.bloc_year.pk}/"
    assert client.get(page).status_code == 200
    Post.objects.filter(user=officer).update(ends_on=clock.today(), closed_at=clock.now())
    assert client.get(page).status_code == 404
    assert is_in(client)


def test_a_deactivated_account_is_out_at_the_next_request_and_does_not_come_back() -> None:
    user = make_user()
    client = opened(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)
    answer = Client().post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 200
