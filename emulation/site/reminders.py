"""Reminders and the day's mail: at most once a person and day, and only of what is still to do.

The tasks are those of "Việc cần làm", by the same function; what was done meanwhile is not there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from blocs.models import Post
from blocs.selectors.standing import held_on
from emulation import clock
from emulation.enums import Channel, MailChoice
from emulation.models import DailyMail, Notice, User
from emulation.notices.delivery import people_to_tell
from emulation.notices.mail import Post as MailPost
from emulation.notices.mail import daily_text, mark_mailed, send_notices
from emulation.site.tasks import desk_of
from emulation.tasks import Task
from emulation.vietnamese import format_date

DAYS_BEFORE = (7, 3, 1, 0)
"""A task is recalled so many days before its last day; overdue, on the first day and each week."""
WEEK = 7
RETRY_AFTER = dt.timedelta(minutes=15)
"""A mail that somebody began to send so long ago was not sent."""
GIVEN_UP_AFTER = dt.timedelta(days=3)
AT_MOST = 500
EVENT = "reminder.daily"


@dataclass(slots=True)
class Outcome:
    """What a run did, or in a dry run would have done."""

    resent: int = 0
    looked_after: int = 0
    reminded: int = 0
    mailed: int = 0
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """What one person is to hear of on a day: dated tasks, and notices gathered for the mail."""

    tasks: tuple[Task, ...]
    notices: tuple[Notice, ...]

    def __bool__(self) -> bool:
        return bool(self.tasks or self.notices)


def send_reminders(*, dry_run: bool = False) -> Outcome:
    """Send what waits and, from the morning hour on, look once after everybody who holds a post.

    Effects, in order: mails at once that were not taken; per person the row of the day, which is
    what two runs cannot both write, with the notice of the reminder; the mail; mails of today that
    were not taken. A dry run writes and sends nothing. A failing server leaves mails for later.
    """
    outcome, post = Outcome(), MailPost()
    if not dry_run:
        outcome.resent = _send_waiting(post)
    if clock.local_time(clock.now()).hour >= settings.REMINDERS_FROM_HOUR:
        for user in _people():
            _look_after(user, post, outcome, dry_run=dry_run)
        if not dry_run:
            _send_days_again(post, outcome)
            _forget_empty_days()
    post.close()
    return outcome


def is_recalled(task: Task, today: dt.date) -> bool:
    """Tell whether today is a day on which this task is recalled."""
    if task.due_on is None or not task.ready:
        return False
    left = (task.due_on - today).days
    return left in DAYS_BEFORE or (left < 0 and (-left - 1) % WEEK == 0)


# ---------------------------------------------------------------- one person's day


def _people() -> list[User]:
    """Return whoever can come in, holds a post, and has not been looked after today."""
    today = clock.today()
    held = Post.objects.filter(held_on(today), user=OuterRef("pk"))
    done = DailyMail.objects.filter(user=OuterRef("pk"), day=today)
    return list(people_to_tell().filter(Exists(held), ~Exists(done)))


def _day_of(user: User) -> Day:
    today = clock.today()
    dated = [task for task in desk_of(user).tasks if task.due_on and task.ready]
    recalled = any(is_recalled(task, today) for task in dated)
    return Day(tuple(dated) if recalled else (), tuple(_gathered(user)))


def _gathered(user: User) -> QuerySet[Notice]:
    """Return the notices for the day's mail that the person has not seen on the page either."""
    rows = Notice.objects.filter(
        user=user, mail=Channel.DIGEST, mailed_at__isnull=True, read_at__isnull=True
    )
    return rows.order_by("at", "pk") if _wants_mail(user) else rows.none()


def _wants_mail(user: User) -> bool:
    return bool(user.email) and user.mail_choice != MailChoice.NONE


def _look_after(user: User, post: MailPost, outcome: Outcome, *, dry_run: bool) -> None:
    day = _day_of(user)
    if dry_run:
        outcome.lines += _described(user, day)
    row = None if dry_run else _claim(user, day)
    if not dry_run and row is None:
        return
    outcome.looked_after += 1
    outcome.reminded += bool(day.tasks)
    if row is not None and row.by_mail:
        outcome.mailed += _send(user, day, row, post)


def _claim(user: User, day: Day) -> DailyMail | None:
    """Write the day's row and the reminder's notice; None where another run was first."""
    now = clock.now()
    row = DailyMail(
        user=user,
        day=clock.today(),
        tasks=len(day.tasks),
        notices=len(day.notices),
        by_mail=bool(day) and _wants_mail(user),
        tried_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            if day.tasks:
                Notice.objects.create(
                    user=user,
                    event=EVENT,
                    sentence=sentence(day.tasks),
                    path=reverse("home"),
                    at=now,
                )
    except IntegrityError:
        return None
    return row


def sentence(tasks: Sequence[Task]) -> str:
    """Return the notice of a reminder: how many are overdue, how many fall due within the week."""
    days = [(task.due_on - clock.today()).days for task in tasks if task.due_on]
    late, soon = sum(left < 0 for left in days), sum(0 <= left <= WEEK for left in days)
    parts = [
        f"{late} việc quá hạn" if late else "",
        f"{soon} việc đến hạn trong {WEEK} ngày tới" if soon else "",
    ]
    return f"Nhắc việc: {', '.join(part for part in parts if part)}."


def _send(user: User, day: Day, row: DailyMail, post: MailPost) -> bool:
    tasks = [(due_words(task), task.title, task.capacity) for task in day.tasks]
    if not post.send(user.email, *daily_text(user, tasks, day.notices)):
        return False
    DailyMail.objects.filter(pk=row.pk).update(sent_at=clock.now())
    mark_mailed(day.notices)
    return True


def due_words(task: Task) -> str:
    """Return a task's deadline as the mail says it: "Quá hạn 2 ngày (hạn 05/12/2025)"."""
    if task.due_on is None:
        return ""
    left = (task.due_on - clock.today()).days
    if left < 0:
        return f"Quá hạn {-left} ngày (hạn {format_date(task.due_on)})"
    if left == 0:
        return f"Hạn hôm nay, {format_date(task.due_on)}"
    return f"Còn {left} ngày (hạn {format_date(task.due_on)})"


def _described(user: User, day: Day) -> Iterator[str]:
    if day:
        yield f"{user.username}: {len(day.tasks)} tasks, {len(day.notices)} notices"


# ---------------------------------------------------------------- what was not taken


def _tried_long_ago() -> Q:
    return Q(tried_at__isnull=True) | Q(tried_at__lt=clock.now() - RETRY_AFTER)


def _send_waiting(post: MailPost) -> int:
    """Send single notices that are still to be mailed; each is claimed alone, so never twice."""
    waiting = Notice.objects.filter(
        _tried_long_ago(),
        mail=Channel.AT_ONCE,
        mailed_at__isnull=True,
        read_at__isnull=True,
        at__gte=clock.now() - GIVEN_UP_AFTER,
        user__in=people_to_tell().exclude(email=""),
    )
    sent = 0
    for notice in waiting.select_related("user").order_by("at", "pk")[:AT_MOST]:
        if post.is_broken:
            break
        claimed = Notice.objects.filter(_tried_long_ago(), pk=notice.pk)
        if claimed.update(tried_at=clock.now()):
            sent += len(send_notices([notice], post))
    return sent


def _send_days_again(post: MailPost, outcome: Outcome) -> None:
    """Send mails of today that the server did not take, with what is true by now."""
    rows = DailyMail.objects.filter(
        _tried_long_ago(), day=clock.today(), by_mail=True, sent_at__isnull=True
    )
    for row in rows.select_related("user").order_by("pk"):
        if post.is_broken:
            break
        claimed = DailyMail.objects.filter(_tried_long_ago(), pk=row.pk)
        if claimed.update(tried_at=clock.now()):
            day = _day_of(row.user)
            outcome.mailed += bool(day) and _send(row.user, day, row, post)


def _forget_empty_days() -> None:
    """Drop the rows of earlier days on which there was nothing to say: they record nothing."""
    DailyMail.objects.filter(day__lt=clock.today(), tasks=0, notices=0).delete()
