"""Counting what people send, in the database: one counter for all the server's processes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from emulation import clock
from emulation.models import Tally

FORGOTTEN_AFTER = dt.timedelta(days=1)


def hit(key: str, *, allowed: int, window_seconds: int) -> bool:
    """Count one more deed under ``key``; True while it is within ``allowed`` of its window.

    A window begins with the first deed after the last one ended. Once the limit is reached nothing
    more is written until the window is over, so that a flood costs one look each.
    """
    if is_spent(key, allowed=allowed, window_seconds=window_seconds):
        return False
    now = clock.now()
    with transaction.atomic():
        return _count(key[:200], now, _ended(now, window_seconds)) <= allowed


def _count(key: str, now: dt.datetime, ended: Q) -> int:
    """Return how many deeds the window has with this one; the row stays locked until then."""
    changed = Tally.objects.filter(key=key).update(
        count=Case(When(ended, then=Value(1)), default=F("count") + 1),
        began_at=Case(When(ended, then=Value(now)), default=F("began_at")),
    )
    if not changed:
        _forget_old(now)
        tally, is_new = Tally.objects.get_or_create(key=key, defaults={"began_at": now, "count": 1})
        if is_new:
            return tally.count
        return _count(key, now, ended)
    return Tally.objects.values_list("count", flat=True).get(key=key)


def _forget_old(now: dt.datetime) -> None:
    """Keep the table as short as the people and addresses of one day."""
    Tally.objects.filter(began_at__lt=now - FORGOTTEN_AFTER).delete()


def is_spent(key: str, *, allowed: int, window_seconds: int) -> bool:
    """Return whether ``key`` has had its ``allowed`` deeds of a window; writes nothing."""
    ended = _ended(clock.now(), window_seconds)
    return Tally.objects.filter(~ended, key=key[:200], count__gte=allowed).exists()


def _ended(now: dt.datetime, window_seconds: int) -> Q:
    """Return the condition that a window is over.

    A deed at the same moment may have begun the window a little after our own look at the clock;
    one that begins further ahead comes from a clock since set back.
    """
    window = dt.timedelta(seconds=window_seconds)
    return Q(began_at__lte=now - window) | Q(began_at__gt=now + window)


def seconds_left(key: str, *, window_seconds: int) -> int:
    """Return after how many seconds the window of ``key`` is over; at least 1."""
    began = Tally.objects.filter(key=key[:200]).values_list("began_at", flat=True).first()
    if began is None:
        return 1
    left = window_seconds - (clock.now() - began).total_seconds()
    return max(1, min(window_seconds, round(left)))
