"""Pages of accounts: the list, paper, mail, and what the holder of a code sees and does."""

from __future__ import annotations

import datetime as dt
import re
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, override_settings

from blocs.models import Invitation
from blocs.services.invitations import invite
from blocs.views.invitations import ATTEMPTS
from emulation import clock
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, User
from tests.factories import (
    BoardFactory,
    World,
    make_board_officer,
    make_person,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
LIST, SEND, PRINT = "/don-vi/loi-moi/", "/don-vi/loi-moi/gui/", "/don-vi/loi-moi/in/"
PASSWORD = "hoa-sen-no-ngay-he"
BOTH = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def world() -> World:
    world = make_world(3)
    User.objects.update(last_login=None)
    return world


def code_for(world: World, person: User) -> str:
    return invite(actor=world.board_officer, people=[person]).issued[0].code


def names_in(response) -> set[str]:
    return {row.person.full_name for row in response.context["rows"]}


# ---------------------------------------------------------------- the list


def test_the_list_shows_each_state_and_counts_it(as_user, world):
    come, invited, expired = world.leaders
    User.objects.filter(pk=come.pk).update(last_login=clock.now())
    code_for(world, invited)
    with clock.at(clock.now() - dt.timedelta(days=8)):
        code_for(world, expired)
    client = as_user(world.board_officer)
    User.objects.filter(pk=world.board_officer.pk).update(last_login=None)
    tabs = {label: count for _, label, count in client.get(LIST).context["tabs"]}
    assert tabs == {
        "Chưa vào": 6,
        "Chưa mời": 4,
        "Đã mời, chưa vào": 1,
        "Lời mời hết hạn": 1,
        "Đã vào": 1,
        "Tất cả": 7,
    }
    for state, person in (("da-vao", come), ("da-moi", invited), ("het-han", expired)):
        assert names_in(client.get(LIST, {"tinhtrang": state})) == {person.full_name}
    page = client.get(LIST).content.decode()
    assert "Chọn cả 6 người chưa vào" in page
    assert f'action="{PRINT}"' in page
    assert f'formaction="{SEND}"' in page
    found = client.get(LIST, {"tinhtrang": "", "q": world.units[2].name})
    assert names_in(found) == {world.leaders[2].full_name, world.officers[2].full_name}


def test_a_leader_sees_the_own_unit_an_administrator_the_boards_officers(as_user, world):
    found = as_user(world.leaders[2]).get(LIST, {"tinhtrang": ""})
    assert names_in(found) == {world.leaders[2].full_name, world.officers[2].full_name}
    found = as_user(make_user(is_superuser=True)).get(LIST, {"tinhtrang": ""})
    assert names_in(found) == {world.board_officer.full_name}
    assert as_user(world.officers[2]).get(LIST).status_code == 403


def test_another_boards_people_are_neither_seen_nor_invited(as_user, world):
    stranger = make_board_officer(BoardFactory())
    client = as_user(stranger)
    assert names_in(client.get(LIST, {"tinhtrang": ""})) == {stranger.full_name}
    response = client.post(PRINT, {"nguoi": [world.leaders[2].pk]})
    assert (response.status_code, response.url.split("?")[0]) == (302, LIST)
    assert not Invitation.objects.exists()


# ---------------------------------------------------------------- paper


def test_each_person_gets_one_sheet_with_code_and_address(as_user, world):
    people = [world.leaders[1], world.leaders[2]]
    response = as_user(world.board_officer).post(PRINT, {"nguoi": [each.pk for each in people]})
    page = response.content.decode()
    assert response["Cache-Control"] == "no-store, private"
    assert page.count('<article class="invitation-sheet">') == page.count('class="segno"') == 2
    for person in people:
        assert person.username in page
    codes = re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", page)
    assert len(set(codes)) == 2
    assert Client().get(f"/loi-moi/{codes[0]}/").status_code == 200


def test_everybody_who_has_not_come_is_chosen_at_once(as_user, world):
    User.objects.filter(pk=world.leaders[0].pk).update(last_login=clock.now())
    values = {"ca-danh-sach": "1", "tinhtrang": "", "q": world.units[0].name}
    response = as_user(world.board_officer).post(PRINT, values)
    assert [each.issued.person for each in response.context["sheets"]] == [world.officers[0]]


def test_a_round_is_bounded_and_says_how_many_are_left(as_user, world, monkeypatch):
    monkeypatch.setattr("blocs.views.invitations.AT_ONCE", 2)
    values = {"ca-danh-sach": "1", "tinhtrang": "chua-moi"}
    response = as_user(world.board_officer).post(PRINT, values)
    assert len(response.context["sheets"]) == 2
    assert response.context["left"] == 4
    assert Invitation.objects.count() == 2


def test_an_address_is_not_read_into_the_drawing(as_user, world):
    """The picture is drawn from our own address, whatever the person is called."""
    User.objects.filter(pk=world.leaders[2].pk).update(full_name="<script>alert(1)</script>")
    response = as_user(world.board_officer).post(PRINT, {"nguoi": [world.leaders[2].pk]})
    assert "<script>alert" not in response.content.decode()


# ---------------------------------------------------------------- mail


class Failing(EmailBackend):
    """Refuses one address, and breaks at another."""

    def send_messages(self, messages):
        to = messages[0].to[0]
        if to.startswith("sai"):
            raise SMTPRecipientsRefused({to: (550, b"unknown")})
        if to.startswith("dut"):
            raise SMTPServerDisconnected("gone")
        return super().send_messages(messages)


def with_mail(person: User, address: str) -> User:
    User.objects.filter(pk=person.pk).update(email=address)
    return person


@pytest.mark.django_db(transaction=True)
def test_a_mail_carries_what_the_person_needs(as_user, world):
    person = with_mail(world.leaders[2], "an@vidu.vn")
    keys = [person.pk, world.officers[2].pk]
    response = as_user(world.board_officer).post(SEND, {"nguoi": keys})
    mailing = response.context["mailing"]
    assert [each.person for each in mailing.sent] == [person]
    assert mailing.to_print == [world.officers[2]]
    text = mail.outbox[0].body
    assert mail.outbox[0].to == ["an@vidu.vn"]
    link = re.search(r"http://testserver(/loi-moi/\S+/)", text)
    assert link
    assert person.username in text
    assert Client().get(link[1]).status_code == 200
    assert Invitation.objects.get().sent_to == "an@vidu.vn"


@pytest.mark.django_db(transaction=True)
@override_settings(EMAIL_BACKEND=f"{__name__}.Failing")
def test_a_failing_server_loses_no_invitation(as_user, world):
    addresses = ("an@vidu.vn", "sai@vidu.vn", "dut@vidu.vn", "sau@vidu.vn")
    people = [*world.leaders, world.officers[2]]
    for number, (person, address) in enumerate(zip(people, addresses, strict=True)):
        User.objects.filter(pk=person.pk).update(email=address, sorting=f"{number}")
    response = as_user(world.board_officer).post(SEND, {"nguoi": [each.pk for each in people]})
    mailing = response.context["mailing"]
    assert [each.person for each in mailing.sent] == people[:1]
    assert [each.person for each in mailing.unsent] == people[1:]
    assert Invitation.objects.count() == 4
    assert Invitation.objects.filter(sent_to="").count() == 3
    page = response.content.decode()
    assert "In lời mời cho 3 người chưa nhận được thư" in page
    assert "sai@vidu.vn" in page


def test_a_round_of_nobody_is_refused_with_words(as_user, world):
    for url in (SEND, PRINT):
        response = as_user(world.board_officer).post(url, follow=True)
        assert "Chưa chọn người nào" in response.content.decode()


# ---------------------------------------------------------------- using a code


def test_the_code_is_typed_the_password_set_the_person_in(client, world):
    person = world.officers[2]
    code = code_for(world, person)
    response = client.post("/loi-moi/", {"code": code.lower().replace("-", " ")})
    assert (response.status_code, response.url) == (302, f"/loi-moi/{code}/")
    page = client.get(response.url)
    assert person.full_name in page.content.decode()
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]
    assert Invitation.objects.get().used_at is None
    assert client.post(response.url, BOTH).url == "/"
    assert client.get("/khoi/").wsgi_request.user == person
    record = DoorRecord.objects.get(event=DoorEvent.INVITATION_USED)
    assert record.user == person
    assert code not in record.place


def test_a_reset_ends_every_other_session(client, world):
    person = world.officers[2]
    before = Client()
    before.force_login(person)
    code = code_for(world, person)
    assert "Đặt lại mật khẩu" in client.get(f"/loi-moi/{code}/").content.decode()
    client.post(f"/loi-moi/{code}/", BOTH)
    assert before.get("/khoi/").status_code == 302
    assert client.get("/khoi/").status_code == 200


def test_two_different_passwords_or_a_weak_one_leave_the_code_open(client, world):
    code = code_for(world, world.officers[2])
    for first, second in ((PASSWORD, "khac"), ("1234567890", "1234567890")):
        values = {"new_password1": first, "new_password2": second}
        response = client.post(f"/loi-moi/{code}/", values)
        assert response.status_code == 200
        assert response.context["form"].errors
    assert Invitation.objects.get().used_at is None


def test_wrong_used_old_and_revoked_codes_answer_alike(client, world):
    used, old, revoked = world.leaders
    codes = {"wrong": "BCFG-BCFG-BCFG-BCFG"}
    codes["used"] = code_for(world, used)
    Client().post(f"/loi-moi/{codes['used']}/", BOTH)
    with clock.at(clock.now() - dt.timedelta(days=8)):
        codes["old"] = code_for(world, old)
    codes["revoked"] = code_for(world, revoked)
    code_for(world, revoked)
    pages = set()
    for code in codes.values():
        response = client.get(f"/loi-moi/{code}/")
        assert response.status_code == 404
        assert client.post(f"/loi-moi/{code}/", BOTH).status_code == 404
        assert client.post("/loi-moi/", {"code": code}).status_code == 404
        text = response.content.decode()
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text))
        assert not any(each.full_name in text for each in world.leaders)
    assert len(pages) == 1
    refused = DoorRecord.objects.filter(event=DoorEvent.INVITATION_REFUSED)
    assert set(refused.values_list("user", flat=True)) == {None, used.pk, old.pk, revoked.pk}
    assert not any(
        code in place for code in codes.values() for place in refused.values_list("place")
    )


def test_guessing_is_stopped_by_address_and_looking_counts_nothing(client, world):
    code = code_for(world, world.officers[2])
    for _ in range(ATTEMPTS):
        assert client.get("/loi-moi/BCFG-BCFG-BCFG-BCFG/").status_code == 404
    for _ in range(ATTEMPTS):
        assert client.post("/loi-moi/", {"code": "BCFG-BCFG"}).status_code == 404
    for response in (
        client.post("/loi-moi/", {"code": code}),
        client.get(f"/loi-moi/{code}/"),
        client.post(f"/loi-moi/{code}/", BOTH),
    ):
        assert response.status_code == 429
        assert "15 phút" in response.content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get(f"/loi-moi/{code}/").status_code == 200
    with clock.at(clock.now() + dt.timedelta(minutes=16)):
        assert client.get(f"/loi-moi/{code}/").status_code == 200


def test_somebody_else_logged_in_is_told_and_changes_nothing(as_user, world):
    code = code_for(world, world.officers[2])
    client = as_user(world.officers[1])
    page = client.get(f"/loi-moi/{code}/")
    assert world.officers[2].full_name not in page.content.decode()
    assert "Đăng xuất" in page.content.decode()
    assert client.post(f"/loi-moi/{code}/", BOTH).status_code == 409
    assert Invitation.objects.get().used_at is None
    back = client.post("/dang-xuat/", {"next": f"/loi-moi/{code}/"})
    assert back.url == f"/loi-moi/{code}/"
    assert client.post(back.url, BOTH).url == "/"


def test_the_person_himself_may_be_logged_in(as_user, world):
    person = world.officers[2]
    code = code_for(world, person)
    client = as_user(person)
    assert client.get(f"/loi-moi/{code}/").status_code == 200
    assert client.post(f"/loi-moi/{code}/", BOTH).url == "/"
    assert client.get("/khoi/").status_code == 200


def test_a_unit_page_tells_its_leader_who_has_not_come(as_user, world):
    page = as_user(world.leaders[2]).get(f"/don-vi/{world.units[2].pk}/").content.decode()
    assert "1 người chưa vào" in page
    assert "Bàn giao" in page
    page = as_user(world.officers[2]).get(f"/don-vi/{world.units[2].pk}/").content.decode()
    assert "Bàn giao" not in page
    assert "do lãnh đạo đơn vị" in page
    assert make_person(world.units[2]).full_name


# ---------------------------------------------------------------- without a mail server


@override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend")
def test_without_a_mail_server_nobody_is_told_that_mail_was_sent(as_user, world):
    client = as_user(world.board_officer)
    page = client.get(LIST).content.decode()
    assert "Gửi lời mời qua thư điện tử" not in page
    assert "chưa nối máy chủ thư điện tử" in page
    answer = client.post(SEND, {"nguoi": [world.leaders[1].pk]})
    assert answer.status_code == 403
    assert "Đề nghị in lời mời" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_leader_reaches_the_own_unit_from_every_page(as_user, world):
    page = as_user(world.leaders[1]).get(LIST).content.decode()
    assert f'href="/don-vi/{world.units[1].pk}/"' in page
    assert "Đơn vị của tôi" in page
