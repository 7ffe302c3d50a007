"""The shape of a task on "Việc cần làm"; each app says what its tasks are.

A task source is a function ``(user, posts) -> Desk``; the sources are listed in
``emulation/site/wiring.py``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from emulation.models import User


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person has to do in one capacity.

    ``capacity`` groups tasks ("Thư ký Khối · Khối thi đua số 1, năm 2026"), ``title`` is verb and
    object, ``detail`` one sentence, ``count`` with its unit ("4 phiếu"), ``due_on`` the last day.
    A task that is not ``ready`` yet stands under "Sắp tới".
    """

    capacity: str
    title: str
    url: str
    detail: str = ""
    due_on: dt.date | None = None
    count: str = ""
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whom the person is waiting for: a unit, its contact, and a reminder text to copy."""

    capacity: str
    what: str
    unit: str
    contact: str = ""
    phone: str = ""
    reminder: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one source puts on a person's home page; ``done`` is what was handed in and goes on."""

    tasks: tuple[Task, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    done: tuple[Task, ...] = ()

    @classmethod
    def merged(cls, desks: Iterable[Desk]) -> Desk:
        """Return all desks as one, tasks by due date (undated last)."""
        all_desks = list(desks)
        tasks = [task for desk in all_desks for task in desk.tasks]
        awaited = [each for desk in all_desks for each in desk.awaited]
        far = dt.date.max
        return cls(
            tuple(sorted(tasks, key=lambda task: (task.due_on or far, task.capacity, task.title))),
            tuple(awaited),
            tuple(each for desk in all_desks for each in desk.done),
        )


TaskSource = Callable[[User], Desk]
