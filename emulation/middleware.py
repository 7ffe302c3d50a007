"""Small middlewares: whose address it is, plain text, sessions that end, posts that are too many.

Their order stands in the settings: whatever refuses comes before the body of a request is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from emulation import clock, doors, throttle
from emulation.access import Conflict
from emulation.enums import DoorEvent
from emulation.files import FileGone

Handler = Callable[[HttpRequest], HttpResponse]
_REFRESH_AFTER = 60
_NUL = "\x00"
CLOSED_BECAUSE = "closed_because"
NOT_RECEIVED = "not_received"


class ForwardedAddressMiddleware:
    """Behind a proxy, takes the visitor's address from the entry that our own proxy wrote.

    ``PROXY_HOPS`` proxies are trusted: the address is the entry as many places from the right of
    ``X-Forwarded-For``; whatever stands left of it was sent by the visitor and proves nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the visitor's address in the place of the proxy's."""
        hops = settings.PROXY_HOPS
        entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if hops and len(entries) >= hops and _is_address(entries[-hops].strip()):
            request.META["REMOTE_ADDR"] = entries[-hops].strip()
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class PlainCookiesMiddleware:
    """Reads no cookie that carries a NUL character: PostgreSQL would fail on looking it up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on without such cookies: nobody is logged in by one."""
        for name in [name for name, value in request.COOKIES.items() if _NUL in value]:
            del request.COOKIES[name]
        return self.get_response(request)


class BodyLimitMiddleware:
    """Refuses a request whose body is announced as too large, before reading any of it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless it is larger than ``REQUEST_MAX_BYTES``."""
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isdecimal() and int(length) > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig("The body is larger than REQUEST_MAX_BYTES.")
        return self.get_response(request)


class PlainTextMiddleware:
    """Answers 400 to a NUL character: nobody types one, and PostgreSQL stores and compares none."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless its address or its form carries a NUL character."""
        if _carries_nul(request.GET) or _carries_nul(request.POST):
            raise SuspiciousOperation("A NUL character was sent.")
        return self.get_response(request)


def _carries_nul(data: QueryDict) -> bool:
    return any(_NUL in key or any(_NUL in text for text in texts) for key, texts in data.lists())


class SessionLimitMiddleware:
    """Ends a session that was left alone, or that began too long ago, and says so at the log-in.

    What a logged-in person sees is for that browser alone. It may keep the page, for otherwise
    going back would lose what was typed; logging out tells it to forget.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Close the session, or note that the person was here."""
        why = self._why_to_close(request) if request.user.is_authenticated else None
        if why:
            doors.note(why, request=request)
            logout(request)
            request.session[CLOSED_BECAUSE] = why.value
        if why and request.method == "POST":
            return _kept(request, why)
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response

    def _why_to_close(self, request: HttpRequest) -> DoorEvent | None:
        now, session = int(clock.now().timestamp()), request.session
        seen, began = session.get(doors.LAST_SEEN, now), session.get(doors.BEGAN, now)
        if now - int(seen) > settings.SESSION_IDLE_SECONDS:
            return DoorEvent.SESSION_IDLE
        if now - int(began) > settings.SESSION_MAX_SECONDS:
            return DoorEvent.SESSION_EXPIRED
        if now - int(seen) > _REFRESH_AFTER or doors.LAST_SEEN not in session:
            session[doors.LAST_SEEN] = now
            session.setdefault(doors.BEGAN, now)
        return None


def closed_sentence(why: str) -> str:
    """Return why a session was closed, for the person; nothing for no reason of ours."""
    if why == DoorEvent.SESSION_IDLE:
        return "Phiên làm việc đã đóng vì để lâu không dùng."
    if why == DoorEvent.SESSION_EXPIRED:
        hours = settings.SESSION_MAX_SECONDS // 3600
        return f"Phiên làm việc đã đóng vì đã đăng nhập quá {hours} giờ."
    return ""


def _kept(request: HttpRequest, why: DoorEvent) -> HttpResponse:
    """Give back what was sent too late, to be sent again after logging in; passwords never."""
    if _is_script(request):
        return _ask_script(closed_sentence(why))
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [each for each in sent if each[0] != "csrfmiddlewaretoken"]
    secret = any("password" in name for name, _ in fields)
    context = {
        "closed": closed_sentence(why),
        "fields": [] if secret else fields,
        "has_files": bool(request.FILES),
        "log_in_url": f"{resolve_url(settings.LOGIN_URL)}?next={quote(_page_before(request))}",
    }
    return render(request, "session_closed.html", context, status=403)


def _is_script(request: HttpRequest) -> bool:
    """Return whether a script of a page asks, which reads an answer and shows no page."""
    return request.headers.get("Accept") == "application/json"


def _ask_script(reason: str) -> HttpResponse:
    return JsonResponse({"reason": reason}, status=401)


class AskToLogInMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not logged in to the log-in, and from there back to a page that exists.

    A form that was sent cannot be sent again for the person: the log-in leads back to the page of
    the form and says that nothing was received. A script gets 401 and keeps what it sent.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """Return the way to the log-in page."""
        if _is_script(request):
            return _ask_script("Phiên làm việc đã hết.")
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        request.session[NOT_RECEIVED] = True
        return redirect_to_login(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """Return the page of ours that a form was sent from; home where that is unknown."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(came_from)
    if not ours or not parts.path:
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class PostLimitMiddleware:
    """Answers 429 to whoever sends too many forms in a minute; nobody types so fast."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count a form sent, by person, or by address where nobody is logged in."""
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        user = doors.person_of(request)
        key = f"post:{user.pk}" if user else f"post@{doors.network_of(doors.address_of(request))}"
        allowed = settings.POSTS_ALLOWED if user else settings.ANONYMOUS_POSTS_ALLOWED
        if throttle.hit(key, allowed=allowed, window_seconds=settings.POSTS_WINDOW_SECONDS):
            return self.get_response(request)
        return _too_many(request, key)


def _too_many(request: HttpRequest, key: str) -> HttpResponse:
    """Return page 429, and note it once in each window."""
    window = settings.POSTS_WINDOW_SECONDS
    if throttle.hit(f"noted {key}", allowed=1, window_seconds=window):
        doors.note(DoorEvent.TOO_MANY_POSTS, request=request)
    seconds = throttle.seconds_left(key, window_seconds=window)
    wait = f"{seconds} giây" if seconds < 90 else f"{math.ceil(seconds / 60)} phút"
    response = render(request, "429.html", {"wait": wait}, status=429)
    response["Retry-After"] = str(seconds)
    return response


class RefusalMiddleware:
    """Shows a :class:`Conflict` as page 409: what changed meanwhile, and how to go on.

    And a :class:`FileGone` as page 410: which file, and whom to ask.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return page 409 for a conflict, 410 for a lost file, None for anything else."""
        if isinstance(error, FileGone):
            return render(request, "410.html", {"stored": error.stored}, status=410)
        if isinstance(error, Conflict):
            return render(request, "409.html", {"conflict": error}, status=409)
        return None
