"""Notices and reminders by mail: plain text; a failing server breaks nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from emulation import clock
from emulation.models import Notice, User

log = logging.getLogger(__name__)
SUBJECT_LENGTH = 150


@dataclass(slots=True)
class Post:
    """A connection to the mail server for one round; once broken it is not tried again."""

    is_broken: bool = False
    _connection: BaseEmailBackend | None = field(default=None, repr=False)

    def send(self, to: str, subject: str, text: str) -> bool:
        """Send one mail and return whether the server took it; never raises for the server."""
        connection = self._opened()
        if connection is None:
            return False
        try:
            return EmailMessage(subject, text, to=[to], connection=connection).send() == 1
        except (SMTPRecipientsRefused, ValueError):  # ValueError: no such address can be written
            log.warning("The mail server refused an address.")
            return False
        except (SMTPException, OSError):
            self.is_broken = True
            log.warning("The mail server did not take a notice.", exc_info=True)
            return False

    def _opened(self) -> BaseEmailBackend | None:
        """Return the connection, opened the first time; None once it is broken."""
        if self._connection is None:
            self._connection = get_connection()
            try:
                self._connection.open()
            except (SMTPException, OSError):
                self.is_broken = True
                log.warning("The mail server cannot be reached.", exc_info=True)
        return None if self.is_broken else self._connection

    def close(self) -> None:
        """Hang up."""
        if self._connection is None:
            return
        try:
            self._connection.close()
        except (SMTPException, OSError):
            log.warning("The mail server did not close the connection.", exc_info=True)


def send_notices(notices: Sequence[Notice], post: Post | None = None) -> list[Notice]:
    """Mail notices that the caller has claimed, one each, and return those the server took.

    Whatever is not taken stays unmailed for the command.
    """
    if not notices:
        return []
    own = post or Post()
    taken = [notice for notice in notices if own.send(notice.user.email, *notice_text(notice))]
    if post is None:
        own.close()
    mark_mailed(taken)
    return taken


def mark_mailed(notices: Iterable[Notice]) -> None:
    """Write that these were mailed now."""
    keys = [notice.pk for notice in notices]
    if keys:
        Notice.objects.filter(pk__in=keys).update(mailed_at=clock.now())


def notice_text(notice: Notice) -> tuple[str, str]:
    """Return subject and text of one notice's mail."""
    context = {
        "person": notice.user,
        "sentence": notice.sentence,
        "link": link_to(notice.path),
        "account": link_to(reverse("account_edit")),
    }
    subject = f"Giao Ước: {notice.sentence}"
    return subject[:SUBJECT_LENGTH], render_to_string("notices/notice_mail.txt", context)


def daily_text(
    person: User, tasks: Sequence[tuple[str, str, str]], notices: Sequence[Notice]
) -> tuple[str, str]:
    """Return subject and text of a day's mail.

    ``tasks`` are deadline in words, title and capacity; notices are the oldest first.
    """
    context = {
        "person": person,
        "tasks": tasks,
        "notices": notices,
        "link": link_to(reverse("home")),
        "notices_link": link_to(reverse("notice_list")),
        "account": link_to(reverse("account_edit")),
    }
    parts = [
        f"{len(tasks)} việc có thời hạn" if tasks else "",
        f"{len(notices)} thông báo mới" if notices else "",
    ]
    subject = f"Giao Ước: {', '.join(part for part in parts if part)}"
    return subject, render_to_string("notices/daily_mail.txt", context)


def link_to(path: str) -> str:
    """Return the absolute address of a page; empty where the installation's own is not known."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else ""
