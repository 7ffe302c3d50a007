"""Who comes in and who is turned away: the record the administrator reads, and opening a session.

Never points, notes or reasons: an event, an account, an address, a path.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network

from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from emulation import clock, throttle
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, PersonSession, User

PLACE_LENGTH = 200
ADDRESS_LENGTH = 45
DEVICE_LENGTH = 100
FORGOTTEN_AFTER = dt.timedelta(days=90)
BEGAN = "began"
LAST_SEEN = "last_seen"
REFUSALS_NOTED_AN_HOUR = 60
MISSES_ALLOWED = 10
_MISSES = "misses"
_MISSES_WINDOW = 600
_SECRET_PARTS = ("code", "token")


# ---------------------------------------------------------------- the record


def address_of(request: HttpRequest) -> str:
    """Return the network address a request came from (behind a proxy: see the middleware)."""
    return str(request.META.get("REMOTE_ADDR", ""))[:ADDRESS_LENGTH]


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the network of an IPv6 address.

    A subscriber has a whole /64 of them.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed[:8] + bytes(8), 64)))


def place_of(request: HttpRequest) -> str:
    """Return the path without its query; a single-use code in it is left out."""
    path, match = request.path, request.resolver_match
    for name in _SECRET_PARTS:
        secret = str(match.kwargs.get(name, "")) if match else ""
        if secret:
            path = path.replace(secret, "…")
    return "".join(char for char in path if char.isprintable())[:PLACE_LENGTH]


def note(
    event: DoorEvent,
    *,
    request: HttpRequest | None = None,
    user: User | None = None,
    actor: User | None = None,
    username: str = "",
    place: str = "",
) -> None:
    """Write one row of the record.

    ``user`` is the account concerned (the one of the request where none is given), ``actor`` who
    did it where that is somebody else. Pass ``username`` only where such an account exists.
    """
    if user is None and actor is None and request is not None:
        user = person_of(request)
    DoorRecord.objects.create(
        event=event,
        user=user,
        actor=actor,
        username=(username or (user.username if user else ""))[:150],
        address=address_of(request) if request else "",
        place=(place or (place_of(request) if request else ""))[:PLACE_LENGTH],
    )


def note_attempt(
    event: DoorEvent, *, request: HttpRequest | None, account: User | None = None
) -> None:
    """Write a refused log-in; one that a limit stopped only once a minute for each address."""
    if event == DoorEvent.LOG_IN_BLOCKED:
        address = address_of(request) if request else ""
        key = f"noted blocked {account.pk if account else ''}@{network_of(address)}"
        if not throttle.hit(key, allowed=1, window_seconds=60):
            return
    note(event, request=request, user=account)


def note_refusal(request: HttpRequest) -> None:
    """Write that a person was refused a page: once a minute for each, some sixty an hour.

    A page that is only looked at writes here too, the one table where it may; hence the bound.
    """
    user, now = person_of(request), clock.now()
    if user is None:
        return
    lately = DoorRecord.objects.filter(
        event=DoorEvent.ACCESS_REFUSED, user=user, at__gte=now - dt.timedelta(hours=1)
    )
    noted = list(lately.values_list("place", "at")[:REFUSALS_NOTED_AN_HOUR])
    fresh = {place for place, at in noted if at > now - dt.timedelta(minutes=1)}
    if len(noted) < REFUSALS_NOTED_AN_HOUR and place_of(request) not in fresh:
        note(DoorEvent.ACCESS_REFUSED, request=request)


def note_miss(request: HttpRequest) -> None:
    """Count pages that do not exist for a person; ten in ten minutes are guessing, and noted.

    One is a slip of the keyboard or an old bookmark. The count is kept in the session.
    """
    if person_of(request) is None:
        return
    now = int(clock.now().timestamp())
    count, began = request.session.get(_MISSES, (0, now))
    if now - began > _MISSES_WINDOW:
        count, began = 0, now
    if count + 1 >= MISSES_ALLOWED:
        note_refusal(request)
        count, began = 0, now
    else:
        count += 1
    request.session[_MISSES] = [count, began]


def person_of(request: HttpRequest) -> User | None:
    """Return who is logged in, or None; also where the request never came so far."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


# ---------------------------------------------------------------- sessions


def log_in(request: HttpRequest, user: User) -> None:
    """Log a person in whose right to it has been checked: the one way into a session.

    In order: Django's own log-in with a new session key; the row by which the person sees and
    closes the session; a line in the record.
    """
    login(request, user)
    now = clock.now()
    request.session[BEGAN] = request.session[LAST_SEEN] = int(now.timestamp())
    request.session.save()
    _forget_ended(user, now)
    PersonSession.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        address=address_of(request),
        device=device_of(request.META.get("HTTP_USER_AGENT", "")),
    )
    note(DoorEvent.LOGGED_IN, request=request, user=user)


def _forget_ended(user: User, now: dt.datetime) -> None:
    """Close the rows whose session is gone, and drop those long closed."""
    rows = PersonSession.objects.filter(user=user)
    rows.filter(began_at__lt=now - FORGOTTEN_AFTER).delete()
    gone = rows.filter(ended_at__isnull=True).exclude(
        session_key__in=Session.objects.values("session_key")
    )
    gone.update(ended_at=now)


def end_session(session_key: str | None) -> None:
    """End a session now: its data is deleted, its row says when."""
    if session_key:
        end_sessions([session_key])


def end_sessions(keys: list[str]) -> None:
    """End several sessions now."""
    Session.objects.filter(session_key__in=keys).delete()
    rows = PersonSession.objects.filter(session_key__in=keys, ended_at__isnull=True)
    rows.update(ended_at=clock.now())


def end_other_sessions(user: User, kept: str | None) -> int:
    """End every session of the person but the one ``kept``; return how many there were."""
    rows = PersonSession.objects.filter(user=user, ended_at__isnull=True)
    keys = list(rows.exclude(session_key=kept or "").values_list("session_key", flat=True))
    alive = Session.objects.filter(session_key__in=keys).count()
    end_sessions(keys)
    return alive


def follow_key(old: str | None, request: HttpRequest) -> None:
    """Keep the row of a session whose key was renewed (a new password does that)."""
    new = request.session.session_key
    if old and new and old != new:
        PersonSession.objects.filter(session_key=old).update(session_key=new)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it. ``is_this`` is the one in which the page is shown."""

    row: PersonSession
    seen_at: dt.datetime
    is_this: bool


def open_sessions(user: User, present: str | None) -> list[OpenSession]:
    """Return the person's sessions that are still open: the present one, then by last seen."""
    rows = {
        row.session_key: row
        for row in PersonSession.objects.filter(user=user, ended_at__isnull=True)
    }
    alive = Session.objects.filter(session_key__in=rows, expire_date__gt=clock.now())
    found = [
        OpenSession(
            row=rows[each.session_key],
            seen_at=_seen_at(each, rows[each.session_key]),
            is_this=each.session_key == present,
        )
        for each in alive.order_by("session_key")
    ]
    found.sort(key=lambda each: (each.is_this, each.seen_at), reverse=True)
    return found


def _seen_at(session: Session, row: PersonSession) -> dt.datetime:
    seen = session.get_decoded().get(LAST_SEEN)
    return dt.datetime.fromtimestamp(seen, tz=dt.UTC) if isinstance(seen, int) else row.began_at


# ---------------------------------------------------------------- devices

# The order matters: Edge and Opera also call themselves Chrome, Chrome calls itself Safari.
_BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"coc_coc_browser/", "Cốc Cốc"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Zalo", "Zalo"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
_SYSTEMS = (
    (r"Windows", "Windows"),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Macintosh|Mac OS X", "máy Mac"),
    (r"Linux", "Linux"),
)


def device_of(agent: str) -> str:
    """Return a browser's own description in words: "Chrome trên Windows"."""
    browser, system = _first(_BROWSERS, agent), _first(_SYSTEMS, agent)
    if not browser and not system:
        return "Thiết bị không rõ"
    words = f"{browser or 'Trình duyệt khác'} trên {system or 'thiết bị không rõ'}"
    return words[:DEVICE_LENGTH]


def _first(patterns: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, agent)), "")
