"""The only source of time. Moments are aware; dates are those of Asia/Ho_Chi_Minh.

A deadline is a local date: what arrives before 00:00:00 of the next day is on time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: ContextVar[datetime | None] = ContextVar("frozen moment", default=None)
_allowed: ContextVar[bool] = ContextVar("the clock may be set", default=False)


def now() -> datetime:
    """Return the present moment, aware, or the one that ``at`` has frozen."""
    return _frozen.get() or datetime.now(tz=UTC)


def today() -> date:
    """Return today's date in Vietnam, whatever the time zone of the server."""
    return local_date(now())


def local_time(moment: datetime) -> datetime:
    """Return an aware moment as seen on a clock in Vietnam; ValueError when it is naive."""
    if moment.tzinfo is None:
        raise ValueError(f"A moment needs a time zone: {moment!r}")
    return moment.astimezone(VIETNAM)


def local_date(moment: datetime) -> date:
    """Return the date in Vietnam at an aware moment; ValueError when it is naive."""
    return local_time(moment).date()


def is_late(received: datetime, due_on: date) -> bool:
    """Tell whether something received at a moment missed its date."""
    return local_date(received) > due_on


def days_late(received: datetime, due_on: date) -> int:
    """Return the calendar days begun since the date passed; 0 when on time."""
    return max(0, (local_date(received) - due_on).days)


def end_of(due_on: date) -> datetime:
    """Return the last moment of a date in Vietnam that is still on time."""
    return datetime.combine(due_on, time.max, tzinfo=VIETNAM)


@contextmanager
def allow_setting() -> Iterator[None]:
    """Let ``at`` freeze the clock inside this block; only the demo's seeder enters it."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Freeze ``now()`` at an aware moment, for this thread or task only.

    RuntimeError unless ``settings.CLOCK_MAY_BE_SET`` is True (tests) or inside ``allow_setting``:
    on a real installation nobody may write a record with another time than its own.
    """
    if not (_allowed.get() or getattr(settings, "CLOCK_MAY_BE_SET", False) is True):
        raise RuntimeError("The clock may be set only by the demo's seeder and by tests.")
    token = _frozen.set(local_time(moment).astimezone(UTC))
    try:
        yield moment
    finally:
        _frozen.reset(token)
