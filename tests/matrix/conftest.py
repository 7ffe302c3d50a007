"""One story walked once per module; every test looks at its moment and leaves no trace."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import pytest
from django.db import connection, transaction
from django.test import client, override_settings

from tests.story import MOMENTS, Story


@contextmanager
def undone() -> Iterator[None]:
    """A savepoint that is rolled back at its end, whatever happened inside."""
    block = transaction.atomic()
    block._from_testcase = True  # services with files want the outermost transaction
    with block:
        yield
        transaction.set_rollback(True)


class Statements(list[str]):
    """The statements sent while it is entered, without what Django's own log costs."""

    def __enter__(self) -> Self:
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._wrapper.__exit__(*error)

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.append(sql)
        return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def refusals_are_not_logged() -> Iterator[None]:
    """Most answers here are refusals: their log would only cost time."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


@pytest.fixture(autouse=True)
def contexts_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody here looks at ``response.context``; copying it for each include costs a third."""
    monkeypatch.setattr(client, "store_rendered_templates", lambda *_, **__: None)


@pytest.fixture
def _django_db_helper() -> None:
    """Nothing per test: the marker ``django_db`` only makes the test database; see ``walk``.

    pytest-django would close the connection after each test, and with it the module's story.
    """


@pytest.fixture(scope="module")
def walk(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The story at its beginning, in a transaction that the module ends by rolling back."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with files, django_db_blocker.unblock():
        known = connection.settings_dict["NAME"], connection.creation._get_test_db_name()
        assert known[0] == known[1], "mark the module: pytestmark = pytest.mark.django_db"
        with undone():
            yield Story("founded")


@pytest.fixture
def at(walk: Story) -> Callable[[str], Story]:
    """``at("tabled")`` is the story at that moment; tests come in the order of moments."""

    def go(moment: str) -> Story:
        if MOMENTS.index(moment) > MOMENTS.index(walk.moment):
            walk.go_to(moment)
        assert walk.moment == moment, f"{moment} comes before {walk.moment}: sort the cases"
        return walk

    return go
