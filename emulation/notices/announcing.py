"""Announcing what was done: nothing is worked out, written or sent before it is committed.

What one transaction announces is delivered together, in a fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from emulation import clock
from emulation.models import User
from emulation.notices.delivery import deliver
from emulation.notices.table import Happening, table

_only_since: ContextVar[dt.date | None] = ContextVar("notices only since", default=None)


class Batch:
    """What one transaction announced, delivered when it has been committed."""

    def __init__(self, first: Happening) -> None:
        self.happenings = [first]

    def __call__(self) -> None:
        """Deliver all of it; the database calls this after the commit, and logs what fails."""
        deliver(self.happenings)


def announce(event: str, subject: Any, actor: User | None, **more: Any) -> None:
    """Have people told of a deed once its transaction is committed; a rolled back one tells none.

    ``event`` is ``"<subject>.<deed>"``; one of which nobody is told costs nothing. ``more`` is what
    the subject does not say itself. Call it inside the transaction of the deed.
    """
    since = _only_since.get()
    if since is not None and clock.today() < since:
        return
    if event not in table.tellings:
        return
    actor_id = actor.pk if actor else None
    happening = Happening(event, subject, actor_id, clock.now(), more, by_mail=since is None)
    batch = _open_batch()
    if batch is None:
        transaction.on_commit(Batch(happening), robust=True)
    else:
        batch.happenings.append(happening)


def _open_batch() -> Batch | None:
    """Return the batch registered under the very same savepoints: they are kept or lost alike."""
    connection = transaction.get_connection()
    here = set(connection.savepoint_ids)
    for savepoints, waiting, _robust in connection.run_on_commit:
        if isinstance(waiting, Batch) and savepoints == here:
            return waiting
    return None


@contextmanager
def only_since(day: dt.date) -> Iterator[None]:
    """Tell nobody of what the clock puts before ``day``, and send no mail of the rest.

    For the demonstration, whose years are told by the services within a minute.
    """
    token = _only_since.set(day)
    try:
        yield
    finally:
        _only_since.reset(token)
