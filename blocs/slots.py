"""Slots that higher apps fill: a year's blockers and effects, and the tabs of its pages.

``blocs`` may not import pledges or scoring; what they contribute to a bloc-year is listed in
``emulation/site/wiring.py`` and handed in here once, at start-up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from blocs.models import BlocYear, Membership, Unit
from blocs.standing import Standing
from emulation.models import User
from emulation.workflow import Blocker, Transition


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the bloc-year's pages; ``key`` says which page lights it."""

    key: str
    label: str
    url: str


YearBlocker = Callable[[BlocYear, Transition], Iterable[Blocker]]
YearEffect = Callable[[BlocYear, Transition, User, str], None]
YearTabs = Callable[[BlocYear, Standing], Iterable[Tab]]
# Whether a member has handed in what a deadline (its kind) asks for: then it is not extended.
HandedIn = Callable[[Membership, str], bool]
# What it means that a member leaves with its last day, or that a unit joins a year from its first
# day: sentences a person reads before confirming a change of structure.
Leaving = Callable[[Membership, dt.date], Iterable[str]]
Joining = Callable[[BlocYear, Unit, dt.date], Iterable[str]]
# What a member that joined a year under way is given, in the same transaction.
Joined = Callable[[Membership, User], None]


@dataclass(slots=True)
class Slots:
    """What has been handed in, in the order of the wiring."""

    blockers: tuple[YearBlocker, ...] = ()
    effects: tuple[YearEffect, ...] = ()
    tabs: tuple[YearTabs, ...] = ()
    handed_in: tuple[HandedIn, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    joining: tuple[Joining, ...] = ()
    joined: tuple[Joined, ...] = ()


slots = Slots()


def fill(
    *,
    blockers: Iterable[YearBlocker],
    effects: Iterable[YearEffect],
    tabs: Iterable[YearTabs],
    handed_in: Iterable[HandedIn] = (),
    leaving: Iterable[Leaving] = (),
    joining: Iterable[Joining] = (),
    joined: Iterable[Joined] = (),
) -> None:
    """Fill every slot; called once by the wiring."""
    slots.blockers, slots.effects, slots.tabs = tuple(blockers), tuple(effects), tuple(tabs)
    slots.handed_in = tuple(handed_in)
    slots.leaving, slots.joining, slots.joined = tuple(leaving), tuple(joining), tuple(joined)
