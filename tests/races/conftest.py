"""Races: real threads, each with its own connection, let go at one moment.

The database decides who comes first. On PostgreSQL every race runs twenty times; SQLite lets one
writer in at a time (IMMEDIATE), so that there a race runs once, with fewer threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

IS_POSTGRESQL = connection.vendor == "postgresql"
ROUNDS = range(20 if IS_POSTGRESQL else 1)
MANY = 50 if IS_POSTGRESQL else 10
PATIENCE = 120  # seconds for a thread to connect or to come back

Deed = Callable[[], Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/races/" in item.nodeid:
            item.add_marker(pytest.mark.django_db(transaction=True))


def at_once(deeds: Sequence[Deed]) -> list[Any]:
    """Do all deeds at one moment; return what each returned, or what it raised."""
    barrier = Barrier(len(deeds))
    with ThreadPoolExecutor(len(deeds)) as threads:
        futures = [threads.submit(_after, barrier, deed) for deed in deeds]
        return [_outcome(future) for future in futures]


def _after(barrier: Barrier, deed: Deed) -> Any:
    try:
        connection.ensure_connection()
        barrier.wait(PATIENCE)
        return deed()
    finally:
        connection.close()


def _outcome(future: Any) -> Any:
    return future.exception(PATIENCE) or future.result()
