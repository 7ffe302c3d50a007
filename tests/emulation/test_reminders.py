"""Reminders: on the days said, to whoever still has the task, once a day, in one mail."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core import mail
from django.core.management import call_command

from blocs.enums import DeadlineKind
from blocs.models import Deadline
from emulation import clock
from emulation.enums import Channel, MailChoice
from emulation.models import DailyMail, Notice, User
from emulation.site import reminders
from emulation.site.reminders import is_recalled, send_reminders
from emulation.tasks import Task
from pledges.services.registrations import save_registration, send_registration
from tests.emulation.test_notices import Broken  # noqa: F401 - named as a backend
from tests.pledges.builders import at_day, running_world

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 4, 15)


@pytest.fixture
def world():
    with clock.at(at_day(2026, 4, 1)):
        found, _ = running_world()
        Deadline.objects.create(
            bloc_year=found.bloc_year, kind=DeadlineKind.REGISTRATION, due_on=DUE
        )
        save_registration(
            actor=found.officers[2],
            membership=found.memberships[2],
            targets=[],
            titles=["Tập thể lao động xuất sắc"],
        )
    only = User.objects.filter(pk=found.officers[2].pk)
    only.update(email="canbo@donvi.vn")
    User.objects.exclude(pk__in=only).update(password=UNUSABLE_PASSWORD_PREFIX)
    return found


def run(day: int, hour: int = 8, minute: int = 0):
    with clock.at(at_day(2026, 4, day, hour).replace(minute=minute)):
        return send_reminders()


def mine(world) -> int:
    return Notice.objects.filter(user=world.officers[2], event="reminder.daily").count()


@pytest.mark.parametrize(
    ("left", "recalled"),
    [(8, 0), (7, 1), (6, 0), (3, 1), (2, 0), (1, 1), (0, 1), (-1, 1), (-2, 0), (-8, 1), (-15, 1)],
)
def test_the_days_of_a_reminder(left: int, recalled: int) -> None:
    today = dt.date(2026, 4, 10)
    task = Task("Cán bộ", "Gửi", "/", due_on=today + dt.timedelta(days=left))
    assert is_recalled(task, today) is bool(recalled)


def test_a_person_is_reminded_once_a_day_and_not_of_what_is_done(world) -> None:
    for hour in (6, 8, 9, 15):
        run(8, hour)
    assert (mine(world), len(mail.outbox)) == (1, 1)
    (letter,) = mail.outbox
    assert "Gửi đăng ký chỉ tiêu, danh hiệu" in letter.body
    assert "Còn 7 ngày (hạn 15/04/2026)" in letter.body
    assert "https://giaouoc.example.vn/" in letter.body
    run(9)
    assert len(mail.outbox) == 1, "six days before is no day of a reminder"
    with clock.at(at_day(2026, 4, 10)):
        send_registration(actor=world.leaders[2], membership=world.memberships[2])
    run(12)
    assert (mine(world), len(mail.outbox)) == (1, 1)


def test_two_processes_do_not_remind_twice(world, monkeypatch) -> None:
    """Both have listed the same people before either has written."""
    with clock.at(at_day(2026, 4, 8)):
        people = reminders._people()
        monkeypatch.setattr(reminders, "_people", lambda: people)
        send_reminders()
        send_reminders()
    assert (mine(world), len(mail.outbox)) == (1, 1)
    assert DailyMail.objects.filter(user=world.officers[2]).count() == 1


def test_notices_are_gathered_unless_seen_and_mail_is_as_chosen(world) -> None:
    user = world.officers[2]
    row = {"user": user, "event": "x.y", "path": "/", "mail": Channel.DIGEST}
    Notice.objects.create(sentence="Việc thứ nhất.", **row)
    Notice.objects.create(sentence="Việc đã xem.", read_at=clock.now(), **row)
    User.objects.filter(pk=user.pk).update(mail_choice=MailChoice.NONE)
    run(2)
    assert mail.outbox == []
    User.objects.filter(pk=user.pk).update(mail_choice=MailChoice.USUAL)
    run(3)
    run(4)
    (letter,) = mail.outbox
    assert letter.subject == "Giao Ước: 1 thông báo mới"
    assert "Việc thứ nhất." in letter.body
    assert "Việc đã xem." not in letter.body
    assert "Gửi đăng ký" not in letter.body, "no task is near yet"


def test_a_mail_not_taken_is_sent_again_the_same_day(world, settings) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.emulation.test_notices.Broken"
    assert run(8).mailed == 0
    settings.EMAIL_BACKEND = working
    for minute, sent in ((10, 0), (20, 1), (50, 1)):
        run(8, minute=minute)
        assert len(mail.outbox) == sent
    assert mine(world) == 1


def test_a_dry_run_says_who_and_leaves_everything(world) -> None:
    said = StringIO()
    with clock.at(at_day(2026, 4, 8)):
        call_command("send_reminders", "--dry-run", stdout=said)
    assert f"{world.officers[2].username}: 1 tasks, 0 notices" in said.getvalue()
    assert (Notice.objects.count(), DailyMail.objects.count(), mail.outbox) == (0, 0, [])


def test_days_without_anything_to_say_are_forgotten(world) -> None:
    run(2)
    assert DailyMail.objects.count() == 1
    run(3)
    assert set(DailyMail.objects.values_list("day", flat=True)) == {dt.date(2026, 4, 3)}
