"""Invitations: a code that works once, for a week, and lets its holder set a person's password.

Whoever holds a code can become the person, so the ground on which it was given is asked again when
it is used: the giver must still look after that account, and the person hold nothing beyond.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from blocs.models import Invitation
from blocs.permissions import can_invite, invitation_verdicts
from emulation import clock
from emulation.doors import note
from emulation.enums import DoorEvent
from emulation.models import User

VALID_DAYS = 7
# No vowel, no W and no D: a Vietnamese keyboard would turn them into letters with marks. No 0 and
# no 1, which are read as letters. 26 signs in 16 places are 75 bits.
ALPHABET = "BCFGHJKLMNPQRSTVXZ23456789"
LENGTH, GROUP = 16, 4


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation together with its code, which is known at this moment only."""

    person: User
    invitation: Invitation
    code: str

    @property
    def is_reset(self) -> bool:
        """Whether the person has a password already, which this one will replace."""
        return self.person.has_usable_password()


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of inviting brought: who was invited, and who was not, with the reason."""

    issued: tuple[Issued, ...] = ()
    refused: tuple[tuple[User, str], ...] = ()


class NotValid(Exception):  # noqa: N818 - says what is so
    """The code is wrong, used, revoked or too old; ``invitation`` where there is one."""

    def __init__(self, invitation: Invitation | None = None) -> None:
        super().__init__("This invitation does not open an account.")
        self.invitation = invitation


# ---------------------------------------------------------------- the code


def new_code() -> str:
    """Return a fresh code in groups of four: KB7Q-2MXT-9HVC-R4JZ."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def grouped(plain: str) -> str:
    """Return the signs of a code in groups of four."""
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def plain_code(typed: str) -> str:
    """Return a code as it is hashed: capitals and digits, whatever dashes and spaces were typed."""
    return re.sub(r"[\W_]+", "", typed.upper())


def _hash(typed: str) -> str:
    return hashlib.sha256(plain_code(typed).encode()).hexdigest()


# ---------------------------------------------------------------- giving


@transaction.atomic
def invite(*, actor: User, people: Iterable[User], by_mail: bool = False) -> Round:
    """Give each person a code for a week, and return the codes with whoever may not be given one.

    Effects, in order: an earlier open invitation of the person is revoked; the new one is written,
    its code as a hash only; a line in the record of accounts. ``by_mail`` notes the person's
    address. Nobody is refused as a whole: see ``invitation_verdicts`` for who may invite whom.
    """
    keys = [person.pk for person in people]
    locked = User.objects.select_for_update().filter(pk__in=keys).order_by("sorting", "pk")
    found = list(locked)
    verdicts = invitation_verdicts(actor, found)
    allowed = [person for person in found if verdicts[person.pk]]
    revoke(open_invitations().filter(user__in=allowed))
    until = clock.now() + dt.timedelta(days=VALID_DAYS)
    issued = [_issue(actor, person, until, by_mail=by_mail) for person in allowed]
    Invitation.objects.bulk_create([each.invitation for each in issued])
    for each in issued:
        note(DoorEvent.INVITED, user=each.person, actor=actor)
    refused = [(each, verdicts[each.pk].reason) for each in found if not verdicts[each.pk]]
    return Round(tuple(issued), tuple(refused))


def _issue(actor: User, person: User, until: dt.datetime, *, by_mail: bool) -> Issued:
    code = new_code()
    invitation = Invitation(
        user=person,
        code_hash=_hash(code),
        sent_to=person.email if by_mail else "",
        created_by=actor,
        expires_at=until,
    )
    return Issued(person, invitation, code)


def open_invitations() -> QuerySet[Invitation]:
    """Return the invitations neither used nor revoked; some may be too old."""
    rows = Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True)
    return rows.order_by("pk")


def revoke(rows: QuerySet[Invitation]) -> int:
    """Revoke open invitations now; return how many."""
    return rows.order_by().update(revoked_at=clock.now())


def revoke_unwarranted(*, person: User) -> None:
    """Revoke the open invitations a person gave, or was given, that have lost their ground.

    Called whenever the person's posts have changed.
    """
    rows = open_invitations().filter(Q(user=person) | Q(created_by=person))
    by_giver: dict[User, list[Invitation]] = {}
    for row in rows.select_related("user", "created_by"):
        by_giver.setdefault(row.created_by, []).append(row)
    for giver, given in by_giver.items():
        verdicts = invitation_verdicts(giver, [row.user for row in given])
        gone = [row.pk for row in given if not verdicts[row.user_id]]
        revoke(Invitation.objects.filter(pk__in=gone))


# ---------------------------------------------------------------- using


def invitation_of(code: str) -> Invitation:
    """Return the invitation that a code opens; NotValid where it opens none. Writes nothing."""
    rows = Invitation.objects.select_related("user", "created_by")
    return _checked(rows.filter(code_hash=_hash(code)).first())


def _checked(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise NotValid
    over = invitation.used_at or invitation.revoked_at or invitation.expires_at <= clock.now()
    if over or not can_invite(invitation.created_by, invitation.user):
        raise NotValid(invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, code: str, password: str) -> User:
    """Set the password of the person invited and return the account.

    Effects, in order: the password, by which every session of the person ends; the invitation is
    used. NotValid for a code that opens no account (any more), ValidationError for a password too
    weak; the invitation then stays open.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("user", "created_by")
    invitation = _checked(rows.filter(code_hash=_hash(code)).first())
    user = invitation.user
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"new_password1": error.messages}) from error
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.used_at = clock.now()
    invitation.save(update_fields=["used_at"])
    return user
