"""Notices: the table against its literal copy, what is told when, mails, and the page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blocs.enums import PostRole
from emulation import clock
from emulation.enums import Channel, MailChoice
from emulation.management.commands.write_docs import workflows
from emulation.models import Notice, User
from emulation.notices.announcing import announce, only_since
from emulation.notices.delivery import AT_ONCE_A_DEED, deliver
from emulation.notices.table import Happening, table
from emulation.site.reminders import send_reminders
from pledges.services.pledges import open_consultation
from tests.factories import World, make_post, make_user, make_world
from tests.pledges.builders import at_day, drafted

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
EXPECTED = Path(__file__).parent.parent / "expected" / "notices.csv"
TEN = at_day(2026, 3, 2, 10)


class Broken(EmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise SMTPException("421 try later")


def told_of(event: str) -> set[User]:
    return {row.user for row in Notice.objects.filter(event=event).select_related("user")}


def opened(world: World, capture, *, execute: bool = True):
    """The consultation opened by the secretary; what was to run after the commit."""
    pledge = drafted(world)
    with capture(execute=execute) as hooks:
        open_consultation(actor=world.secretary, pledge=pledge)
    return hooks


def happening(world: World, actor: User | None = None) -> Happening:
    return Happening("bloc_year.start_running", world.bloc_year, actor and actor.pk, TEN)


@pytest.fixture
def world() -> World:
    return make_world()


# ---------------------------------------------------------------- the table


def test_the_table_is_the_literal_one() -> None:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        listed = [tuple(row.values())[:4] for row in csv.DictReader(file)]
    rows = [row for rows in table.tellings.values() for row in rows]
    names = [
        (row.event, " ".join(each.name for each in row.who), row.channel.value, row.page.name)
        for row in rows
    ]
    assert names == listed


def test_of_every_transition_somebody_is_told_or_it_is_said_why_not() -> None:
    taken = {
        f"{workflow.subject}.{each.name}"
        for workflow, _ in workflows().values()
        for each in workflow.transitions
    }
    assert taken - set(table.tellings) - set(table.untold) == set()
    assert set(table.untold) <= taken
    assert set(table.tellings) & set(table.untold) == set()


# ---------------------------------------------------------------- when, and who


def test_nothing_is_told_before_the_commit(world, django_capture_on_commit_callbacks) -> None:
    hooks = opened(world, django_capture_on_commit_callbacks, execute=False)
    assert (Notice.objects.count(), len(hooks)) == (0, 1)
    hooks[0]()
    everybody = {*world.leaders, *world.officers}
    assert told_of("pledge.open_consultation") == everybody - {world.secretary}


def test_a_deed_that_is_rolled_back_tells_nobody(world, django_capture_on_commit_callbacks) -> None:
    pledge = drafted(world)
    with django_capture_on_commit_callbacks(execute=True) as hooks, transaction.atomic():
        open_consultation(actor=world.secretary, pledge=pledge)
        transaction.set_rollback(True)
    assert (hooks, Notice.objects.count()) == ([], 0)


def test_one_transaction_is_one_delivery_and_the_same_words_come_once(
    world, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as hooks, transaction.atomic():
        for _ in range(3):
            announce("bloc_year.start_running", world.bloc_year, world.head_leader)
    assert len(hooks) == 1
    assert Notice.objects.count() == len(told_of("bloc_year.start_running")) == 5


def test_each_person_is_told_once_whatever_the_posts_and_only_who_can_come_in(world) -> None:
    twice, gone, paper = world.officers[1], world.officers[2], world.leaders[2]
    make_post(twice, unit=world.units[2], role=PostRole.LEADER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    paper.set_unusable_password()
    paper.save()
    deliver([happening(world, world.head_leader)])
    people = [row.user for row in Notice.objects.select_related("user")]
    assert sorted(people, key=lambda p: p.pk) == sorted(
        {world.secretary, world.leaders[1], twice}, key=lambda p: p.pk
    )


def test_a_delivery_asks_as_often_for_many_units_and_many_happenings() -> None:
    counts = []
    for size in (3, 12):
        world = make_world(size)
        with CaptureQueriesContext(connection) as asked:
            deliver([happening(world)] * size)
        counts.append(len(asked))
    assert counts == [7, 7]


def test_the_demonstration_tells_of_its_last_days_only(world, settings) -> None:
    with only_since(TEN.date()), transaction.atomic():
        with clock.at(at_day(2026, 3, 1)):
            announce("bloc_year.start_running", world.bloc_year, None)
        assert not [hook for _, hook, _ in connection.run_on_commit if hasattr(hook, "happenings")]
        with clock.at(TEN):
            announce("bloc_year.start_running", world.bloc_year, None)
        batch = next(h for _, h, _ in connection.run_on_commit if hasattr(h, "happenings"))
    User.objects.update(email="a@b.vn", mail_choice=MailChoice.AT_ONCE)
    batch()
    assert set(Notice.objects.values_list("mail", flat=True)) == {Channel.IN_APP}
    assert mail.outbox == []


# ---------------------------------------------------------------- by mail


@pytest.mark.parametrize(
    ("choice", "usual", "channel"),
    [
        ("usual", "at_once", "at_once"),
        ("usual", "digest", "digest"),
        ("at_once", "digest", "at_once"),
        ("daily", "at_once", "digest"),
        ("none", "at_once", "in_app"),
        ("at_once", "in_app", "in_app"),
    ],
)
def test_each_gets_mail_as_chosen(choice: str, usual: str, channel: str) -> None:
    assert MailChoice(choice).channel(Channel(usual)) == channel


def test_a_mail_says_the_sentence_and_links_to_this_installation(
    world, django_capture_on_commit_callbacks
) -> None:
    User.objects.filter(pk=world.officers[1].pk).update(email="canbo@donvi.vn")
    opened(world, django_capture_on_commit_callbacks)
    (letter,) = mail.outbox
    said = f"Dự thảo giao ước thi đua của {world.bloc_year} được gửi lấy ý kiến."
    assert (letter.to, letter.subject) == (["canbo@donvi.vn"], f"Giao Ước: {said}")
    assert f"https://giaouoc.example.vn/nam/{world.bloc_year.pk}/giao-uoc/" in letter.body
    assert f"Kính gửi đồng chí {world.officers[1].full_name}," in letter.body
    assert Notice.objects.get(mail=Channel.AT_ONCE).mailed_at is not None


def test_a_broken_mail_server_breaks_no_deed_and_the_command_sends_later(
    world, settings, django_capture_on_commit_callbacks
) -> None:
    User.objects.filter(pk=world.officers[1].pk).update(email="canbo@donvi.vn")
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    with clock.at(TEN):
        opened(world, django_capture_on_commit_callbacks)
    settings.EMAIL_BACKEND = working
    assert world.bloc_year.pledge.status == "consulting"
    for minutes, sent in ((5, 0), (16, 1), (40, 1)):
        with clock.at(TEN.replace(minute=minutes, hour=10)):
            send_reminders()
        singles = [letter for letter in mail.outbox if "lấy ý kiến" in letter.subject]
        assert len(singles) == sent, f"after {minutes} minutes"


def test_a_deed_waits_for_few_mails_only(settings) -> None:
    world = make_world(14)
    User.objects.update(email="a@b.vn", mail_choice=MailChoice.AT_ONCE)
    deliver([happening(world)])
    assert len(mail.outbox) == AT_ONCE_A_DEED < 28
    assert Notice.objects.filter(mailed_at__isnull=True, tried_at__isnull=True).count() == 3


# ---------------------------------------------------------------- the page


def notice(user: User, sentence: str = "Có việc mới.") -> Notice:
    return Notice.objects.create(user=user, event="x.y", sentence=sentence, path="/khoi/")


def test_the_bell_counts_and_opening_marks_and_leads_on(as_user: As) -> None:
    user = make_user()
    first, _ = notice(user), notice(user)
    client = as_user(user)
    page = client.get("/thong-bao/").content.decode()
    assert "2 thông báo chưa xem." in page
    assert ": 2 chưa xem" in client.get("/").content.decode()
    answer = client.post(f"/thong-bao/{first.pk}/mo/")
    assert answer["Location"] == "/khoi/"
    assert ": 1 chưa xem" in client.get("/").content.decode()
    assert "Có việc mới." in client.get("/thong-bao/?xem=moi").content.decode()


def test_nobody_opens_another_persons_notice(as_user: As) -> None:
    other = notice(make_user(), "Của người khác.")
    client = as_user(make_user())
    assert client.post(f"/thong-bao/{other.pk}/mo/").status_code == 404
    client.post("/thong-bao/da-xem/", {"den": str(other.pk)})
    other.refresh_from_db()
    assert other.read_at is None
    assert "Của người khác." not in client.get("/thong-bao/").content.decode()


def test_all_on_the_page_are_marked_and_what_came_meanwhile_is_not(as_user: As) -> None:
    user = make_user()
    shown, later = notice(user), notice(user)
    answer = as_user(user).post("/thong-bao/da-xem/", {"den": str(shown.pk)}, follow=True)
    assert "Đã đánh dấu 1 thông báo là đã xem." in answer.content.decode()
    later.refresh_from_db()
    assert later.read_at is None
