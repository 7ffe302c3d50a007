"""Invitations by mail: written first, sent when they stand in the database, none lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from blocs.models import Invitation
from blocs.services.invitations import Issued, invite
from emulation.models import User

SUBJECT = "Lời mời vào Giao Ước – sổ thi đua của các khối"
# A page must answer before the server gives it up; whoever is left is named and can be sent again.
SECONDS_FOR_ALL = 20
log = logging.getLogger(__name__)

Link = Callable[[str], str]


@dataclass(slots=True)
class Mailing:
    """What became of a round of mails; ``sent`` and ``unsent`` are known once it is committed."""

    sent: list[Issued] = field(default_factory=list)
    unsent: list[Issued] = field(default_factory=list)
    refused: list[tuple[User, str]] = field(default_factory=list)
    without_address: list[User] = field(default_factory=list)

    @property
    def to_print(self) -> list[User]:
        """Those whom a printed invitation can still reach."""
        return [each.person for each in self.unsent] + self.without_address


@transaction.atomic
def mail_is_set() -> bool:
    """Return whether mail leaves this installation; without a server it only goes to a log."""
    return not settings.EMAIL_BACKEND.endswith((".console.EmailBackend", ".dummy.EmailBackend"))


def mail_invitations(*, actor: User, people: Iterable[User], link: Link, contact: str) -> Mailing:
    """Invite everybody who has a mail address, by mail, and return what became of it.

    Effects, in order: the invitations (``invite``); once they are committed the mails, one by one.
    A mail that cannot be sent takes nothing back: the person stands under ``unsent``. ``link``
    gives the address of a code, ``contact`` is whom to call.
    """
    everybody = list(people)
    done = invite(actor=actor, people=[each for each in everybody if each.email], by_mail=True)
    mailing = Mailing(
        unsent=list(done.issued),
        refused=list(done.refused),
        without_address=[each for each in everybody if not each.email],
    )
    transaction.on_commit(partial(_send_all, mailing, link, contact))
    return mailing


def _send_all(mailing: Mailing, link: Link, contact: str) -> None:
    """Send what can be sent; a broken connection, or too long a wait, leaves the rest unsent."""
    waiting, mailing.unsent = mailing.unsent, []
    begun, connection, is_broken = time.monotonic(), get_connection(), False
    for issued in waiting:
        is_broken = is_broken or time.monotonic() - begun > SECONDS_FOR_ALL
        arrived = False
        if not is_broken:
            arrived, is_broken = _send(connection, issued, link, contact)
        (mailing.sent if arrived else mailing.unsent).append(issued)
    _hang_up(connection)
    unsent = [each.invitation.pk for each in mailing.unsent]
    Invitation.objects.filter(pk__in=unsent).update(sent_to="")


def _send(
    connection: BaseEmailBackend, issued: Issued, link: Link, contact: str
) -> tuple[bool, bool]:
    """Send one mail; return whether it was taken, and whether the connection is broken."""
    text = render_to_string(
        "blocs/invitation_mail.txt",
        {"issued": issued, "link": link(issued.code), "contact": contact},
    )
    message = EmailMessage(SUBJECT, text, to=[issued.person.email], connection=connection)
    try:
        connection.open()
        return message.send() == 1, False
    except (SMTPRecipientsRefused, ValueError):  # ValueError: no such address can be written
        return False, False
    except (SMTPException, OSError):
        log.warning("The mail server did not take an invitation.", exc_info=True)
        return False, True


def _hang_up(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (SMTPException, OSError):
        log.warning("The mail server did not close the connection.", exc_info=True)
