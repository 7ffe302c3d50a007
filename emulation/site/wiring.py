"""What higher apps contribute to lower ones, in one readable file.

A bloc-year's steps are blocked by signatures and sheets, its pages carry tabs of every app, and
home shows everyone's tasks; yet ``blocs`` imports neither ``pledges`` nor ``scoring``. Whatever
goes upward is listed here, in the order in which it is asked or shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from blocs import slots
from blocs.slots import YearBlocker, YearEffect, YearTabs
from emulation.tasks import TaskSource

YEAR_BLOCKERS: tuple[YearBlocker, ...] = ()
YEAR_EFFECTS: tuple[YearEffect, ...] = ()
YEAR_TABS: tuple[YearTabs, ...] = ()
TASK_SOURCES: tuple[TaskSource, ...] = ()
INVARIANTS: tuple[Callable[[], Iterable[str]], ...] = ()


def wire() -> None:
    """Hand the lists to the slots; called once when Django has loaded the apps."""
    slots.fill(blockers=YEAR_BLOCKERS, effects=YEAR_EFFECTS, tabs=YEAR_TABS)
