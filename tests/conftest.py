"""Guards that every test runs under.

An undefined variable in one of our templates fails; an unordered queryset comes back shuffled
(the seed is printed on failure); files go with their test; the clock may be set.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.db.models.query import ModelIterable, QuerySet
from django.template import base as template_base
from django.template import engines
from django.template.base import VariableDoesNotExist
from django.test import Client

from emulation.models import User
from tests.chromium import browser

__all__ = ["browser"]

TEMPLATES = Path(settings.BASE_DIR) / "templates"
MEDIA = Path(settings.MEDIA_ROOT)
SEED = int(os.environ.get("SHUFFLE_SEED", random.SystemRandom().randrange(1_000_000)))


# How long an example takes to make says how busy the machine is, and nothing about the code.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


def pytest_report_header() -> str:
    return f"shuffle seed: {SEED} (set SHUFFLE_SEED to repeat)"


class Tally:
    """Counts what ran, for the closing line of a database pass."""

    def __init__(self) -> None:
        self.passed = self.skipped = self.browser = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.skipped += 1
        elif report.passed and report.when == "call":
            self.passed += 1
            self.browser += "browser" in report.keywords

    def line(self) -> str:
        return (
            f"database={connection.vendor} {_database_version()} "
            f"browser_tests={self.browser} passed={self.passed} skipped={self.skipped}"
        )


def _database_version() -> str:
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    import psycopg2

    options = connection.get_connection_params()
    with contextlib.closing(psycopg2.connect(**{**options, "dbname": "postgres"})) as server:
        number = server.server_version
    return f"{number // 10_000}.{number % 10_000}"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(), "tally")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    tally = config.pluginmanager.get_plugin("tally")
    if isinstance(tally, Tally) and not config.option.collectonly:
        print(tally.line())  # noqa: T201 - the closing line of a database pass


UNDEFINED = "\0undefined %s"


class UndefinedVariable(AssertionError):  # noqa: N818 - says what is so
    """A template of ours used a name that its context does not have."""


def _is_ours(context: Any) -> bool:
    template = getattr(context, "template", None)
    name = getattr(getattr(template, "origin", None), "name", "") or ""
    return str(name).startswith(str(TEMPLATES))


@pytest.fixture(autouse=True)
def files_go_with_their_test() -> Iterator[None]:
    """A test that is rolled back leaves its files: for the next one, files without a row."""
    yield
    shutil.rmtree(MEDIA / "evidence", ignore_errors=True)


@pytest.fixture(autouse=True)
def undefined_variables_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    original = template_base.FilterExpression.resolve
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "string_if_invalid", UNDEFINED)

    def plain(self: Any, context: Any, ignore_failures: bool) -> Any:
        engine.string_if_invalid = ""
        try:
            return original(self, context, ignore_failures)
        finally:
            engine.string_if_invalid = UNDEFINED

    def resolve(self: Any, context: Any, ignore_failures: bool = False) -> Any:
        result = original(self, context, ignore_failures)
        if not (isinstance(result, str) and result.startswith(UNDEFINED[0])):
            return result
        names = [name.__name__ for name, _ in self.filters]
        if _is_ours(context) and not {"default", "default_if_none"} & set(names):
            try:
                self.var.resolve(context)
            except VariableDoesNotExist as error:
                raise UndefinedVariable(
                    f"{context.template.origin.name}: {{{{ {self.token} }}}}: {error}"
                ) from error
        return plain(self, context, ignore_failures)

    monkeypatch.setattr(template_base.FilterExpression, "resolve", resolve)


@pytest.fixture(autouse=True)
def unordered_querysets_are_shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    original = QuerySet._fetch_all
    dice = random.Random(SEED)

    def fetch_all(self: Any) -> None:
        fresh = self._result_cache is None
        original(self)
        plain = issubclass(self._iterable_class, ModelIterable)
        sliced = self.query.is_sliced
        if fresh and plain and not sliced and not self.ordered and len(self._result_cache) > 1:
            dice.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_all)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end no thread keeps the database: a browser closed in mid-request leaves one."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    """``as_user(user)`` returns the client logged in as that person."""

    def login(user: User) -> Client:
        client.force_login(user)
        return client

    return login
