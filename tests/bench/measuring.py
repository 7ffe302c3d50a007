"""How a page is measured: warmed up, then the median of many runs, floor and page by turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages.storage.base import BaseStorage
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve

from emulation.models import User

WARM_UP, RUNS = 5, 31
FORM = "application/x-www-form-urlencoded"
Deed = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Result:
    """A page: its median, its floor's, and how often it asks the database."""

    name: str
    ms: float
    floor_ms: float
    queries: int

    @property
    def ratio(self) -> float:
        """How many times the floor the page takes."""
        return self.ms / self.floor_ms

    def plain(self) -> dict[str, Any]:
        """The result as it stands in results.json."""
        return asdict(self)


class Unread(BaseStorage):
    """Messages of a request that nobody reads: the session is not measured."""

    def _get(self, *_args: Any, **_options: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, *_args: Any, **_options: Any) -> list[Any]:
        return []


def request_of(user: User, url: str, data: dict[str, str] | None = None) -> HttpRequest:
    """A request as the middleware leaves it, the person read anew; a form as a browser sends it."""
    factory = RequestFactory()
    request: HttpRequest = (
        factory.get(url) if data is None else factory.post(url, urlencode(data), content_type=FORM)
    )
    request.user = _as_read(user)
    request._messages = Unread(request)
    request._dont_enforce_csrf_checks = True
    return request


def ask(request: HttpRequest) -> HttpResponseBase:
    """Let the view of a request's URL answer, without log-in, session and middleware."""
    request.resolver_match = match = resolve(request.path)
    return match.func(request, *match.args, **match.kwargs)


def _as_read(user: User) -> User:
    """The person as the log-in leaves them: read, with nothing remembered of an earlier page."""
    names = [field.attname for field in User._meta.concrete_fields]
    return User.from_db("default", names, [getattr(user, name) for name in names])


def compare(name: str, page: Deed, floor: Deed, runs: int = RUNS) -> Result:
    """Measure a page beside its floor: by turns, so that both have the same neighbours."""
    for _ in range(WARM_UP):
        page()
        floor()
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for seconds, deed in zip(took, (page, floor), strict=True):
            began = time.perf_counter()
            deed()
            seconds.append(time.perf_counter() - began)
    ms, floor_ms = (round(statistics.median(each) * 1000, 2) for each in took)
    return Result(name, ms, floor_ms, queries_of(page))


def queries_of(deed: Deed) -> int:
    """How many statements a deed sends, those that open and close a transaction left out."""
    sent: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        deed()
    return sum(1 for sql in sent if "SAVEPOINT" not in sql)
