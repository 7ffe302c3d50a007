"""Slots that higher apps fill: a year's blockers and effects, and the tabs of its pages.

``blocs`` may not import pledges or scoring; what they contribute to a bloc-year is listed in
``emulation/site/wiring.py`` and handed in here once, at start-up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from blocs.models import BlocYear, Board, Membership, Unit
from blocs.standing import Standing
from emulation.models import User
from emulation.workflow import Blocker, Transition


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the bloc-year's pages; ``key`` says which page lights it."""

    key: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Turnover:
    """Who leaves a bloc's year, with the last day, and who joins it, with the first, at once."""

    bloc_year: BlocYear
    leaving: tuple[tuple[Membership, dt.date], ...] = ()
    joining: tuple[tuple[Unit, dt.date], ...] = ()


YearBlocker = Callable[[BlocYear, Transition], Iterable[Blocker]]
YearEffect = Callable[[BlocYear, Transition, User, str], None]
YearTabs = Callable[[BlocYear, Standing], Iterable[Tab]]
# Whether a member has handed in what a deadline (its kind) asks for: then it is not extended.
HandedIn = Callable[[Membership, str], bool]
# When members of these bloc-years (their ids) first handed in what a deadline (its kind) asks for,
# by membership id: one query at most.
FirstReceived = Callable[[Collection[int], str], Mapping[int, dt.datetime]]
# What it means that a member leaves with its last day, or that a unit joins a year from its first
# day: sentences a person reads before confirming a change of structure.
Leaving = Callable[[Membership, dt.date], Iterable[str]]
Joining = Callable[[BlocYear, Unit, dt.date], Iterable[str]]
# What all who leave and join one year at once mean together: counts, shares.
Reckoning = Callable[[Turnover], Iterable[str]]
# What a member that joined a year under way is given, in the same transaction.
Joined = Callable[[Membership, User], None]
# What a year copied from another (the source, the new year) takes over, in the same transaction.
YearCopied = Callable[[BlocYear, BlocYear, User], None]
# What it means that a board passes to its heir: sentences before, and what is carried over in the
# same transaction once its units, blocs and open years stand under the heir.
BoardsMerging = Callable[[Board, Board], Iterable[str]]
BoardsMerged = Callable[[Board, Board], None]
# Which of these people (their ids) are trusted by name with papers of units not their own: one
# query. Whoever sets such a person's password reads those papers.
Entrusted = Callable[[Collection[int]], Collection[int]]


@dataclass(slots=True)
class Slots:
    """What has been handed in, in the order of the wiring."""

    blockers: tuple[YearBlocker, ...] = ()
    effects: tuple[YearEffect, ...] = ()
    tabs: tuple[YearTabs, ...] = ()
    handed_in: tuple[HandedIn, ...] = ()
    first_received: tuple[FirstReceived, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    joining: tuple[Joining, ...] = ()
    reckoning: tuple[Reckoning, ...] = ()
    joined: tuple[Joined, ...] = ()
    copied: tuple[YearCopied, ...] = ()
    boards_merging: tuple[BoardsMerging, ...] = ()
    boards_merged: tuple[BoardsMerged, ...] = ()
    entrusted: tuple[Entrusted, ...] = ()


slots = Slots()


def fill(
    *,
    blockers: Iterable[YearBlocker],
    effects: Iterable[YearEffect],
    tabs: Iterable[YearTabs],
    handed_in: Iterable[HandedIn] = (),
    first_received: Iterable[FirstReceived] = (),
    leaving: Iterable[Leaving] = (),
    joining: Iterable[Joining] = (),
    reckoning: Iterable[Reckoning] = (),
    joined: Iterable[Joined] = (),
    copied: Iterable[YearCopied] = (),
    boards_merging: Iterable[BoardsMerging] = (),
    boards_merged: Iterable[BoardsMerged] = (),
    entrusted: Iterable[Entrusted] = (),
) -> None:
    """Fill every slot; called once by the wiring."""
    slots.blockers, slots.effects, slots.tabs = tuple(blockers), tuple(effects), tuple(tabs)
    slots.handed_in, slots.first_received = tuple(handed_in), tuple(first_received)
    slots.leaving, slots.joining, slots.joined = tuple(leaving), tuple(joining), tuple(joined)
    slots.reckoning, slots.copied = tuple(reckoning), tuple(copied)
    slots.boards_merging, slots.boards_merged = tuple(boards_merging), tuple(boards_merged)
    slots.entrusted = tuple(entrusted)
