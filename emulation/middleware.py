"""Small middlewares: plain text only, the idle limit of a session, pages for refused deeds."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from emulation import clock
from emulation.access import Conflict

Handler = Callable[[HttpRequest], HttpResponse]
_LAST_SEEN = "last_seen"
_REFRESH_AFTER = 60


_NUL = "\x00"


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


class IdleLimitMiddleware:
    """Logs a person out who has not been seen for ``SESSION_IDLE_SECONDS``."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Close a stale session, or note that the person was here."""
        if request.user.is_authenticated:
            self._watch(request)
        return self.get_response(request)

    def _watch(self, request: HttpRequest) -> None:
        now = int(clock.now().timestamp())
        seen = int(request.session.get(_LAST_SEEN, now))
        if now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
        elif now - seen > _REFRESH_AFTER or _LAST_SEEN not in request.session:
            request.session[_LAST_SEEN] = now


class RefusalMiddleware:
    """Shows a :class:`Conflict` as page 409: what changed meanwhile, and how to go on."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return page 409 for a conflict, None for anything else."""
        if not isinstance(error, Conflict):
            return None
        return render(request, "409.html", {"conflict": error}, status=409)
