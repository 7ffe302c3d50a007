"""Limits on guessing passwords, counted in the database.

Three limits within one window: a name from one address; one address over all names (spraying); one
name over all addresses (a botnet). The last never closes an address from which the person has
logged in before: a stranger must not be able to lock an officer out on the night of a deadline.
An attempt is written before its password is looked at, so that attempts sent at once are counted
too; attempts that a limit refuses are not counted, so that waiting always ends.
"""

from __future__ import annotations

import datetime as dt
import math

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from emulation import clock
from emulation.doors import network_of
from emulation.models import LoginFailure, PersonSession
from emulation.vietnamese import fold

KNOWN_FACTOR = 5
FORGOTTEN_AFTER = dt.timedelta(days=1)
TOO_MANY = "too_many_failures"


def counted_name(name: str) -> str:
    """Return the name under which a failure counts: one for all ways of typing the same name.

    The form itself reads full-width letters as plain ones.
    """
    return fold(name)[:150]


def begin_attempt(typed: str, address: str) -> LoginFailure:
    """Count an attempt at the name ``typed`` and return it; ValidationError past a limit.

    It stays counted as a failure unless ``forgive`` is called.
    """
    now = clock.now()
    LoginFailure.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()
    attempt = LoginFailure.objects.create(
        username=counted_name(typed), address=network_of(address), at=now
    )
    refusal = _refusal(attempt, typed)
    if refusal:
        attempt.delete()
        raise ValidationError(refusal, code=TOO_MANY)
    return attempt


def forgive(attempt: LoginFailure) -> None:
    """The password was right: forget the attempt and its slips from the same address."""
    same = LoginFailure.objects.filter(username=attempt.username, address=attempt.address)
    same.delete()


def _refusal(attempt: LoginFailure, typed: str) -> str:
    """Return the sentence of the limit that is passed, or nothing."""
    name, address = Q(username=attempt.username), Q(address=attempt.address)
    allowed = settings.LOGIN_FAILURES_ALLOWED
    if wait := _minutes_to_wait(name & address, allowed, attempt.at):
        return (
            f"Đã đăng nhập sai {allowed} lần. Đề nghị chờ {wait} phút rồi đăng nhập lại, "
            "hoặc liên hệ quản trị."
        )
    many = settings.LOGIN_ADDRESS_FAILURES_ALLOWED
    wait = _minutes_to_wait(address, many, attempt.at)
    if wait and _is_known(typed, attempt.address):
        wait = _minutes_to_wait(address, many * KNOWN_FACTOR, attempt.at)
    if wait:
        return (
            "Từ địa chỉ mạng này đã có nhiều lần đăng nhập sai. "
            f"Đề nghị chờ {wait} phút rồi đăng nhập lại, hoặc liên hệ quản trị."
        )
    wait = _minutes_to_wait(name, settings.LOGIN_NAME_FAILURES_ALLOWED, attempt.at)
    if wait and not _is_known(typed, attempt.address):
        return (
            "Tên đăng nhập này bị nhập sai nhiều lần từ nhiều nơi. "
            f"Đề nghị chờ {wait} phút, hoặc đăng nhập từ nơi đã từng đăng nhập."
        )
    return ""


def _minutes_to_wait(which: Q, allowed: int, now: dt.datetime) -> int:
    """Return the minutes until one more attempt is allowed; 0 where it is.

    The newest row is the attempt itself: the one ``allowed`` places behind it must leave first.
    """
    window = dt.timedelta(seconds=settings.LOGIN_FAILURE_WINDOW_SECONDS)
    failures = LoginFailure.objects.filter(which, at__gt=now - window)
    moments = failures.order_by("-at", "-pk").values_list("at", flat=True)
    blocking = moments[allowed : allowed + 1].first()
    if blocking is None:
        return 0
    return max(1, math.ceil((blocking + window - now).total_seconds() / 60))


def _is_known(typed: str, network: str) -> bool:
    """Tell whether the person has logged in from this network before."""
    rows = PersonSession.objects.filter(user__username__iexact=typed)
    addresses = rows.order_by("address").values_list("address", flat=True).distinct()
    return any(network_of(address) == network for address in addresses)
