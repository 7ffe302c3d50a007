"""What one bloc is on the desk, ready to show, to count, to order and to export."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from blocs.enums import DeadlineKind
from emulation.enums import Face
from emulation.vietnamese import format_date


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the bloc is waiting for: "9/12 đơn vị đã ký"; ``total`` 0 where nothing is counted."""

    words: str
    done: int = 0
    total: int = 0
    measure: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The deadline that presses next. ``days`` left, negative when it has passed."""

    kind: DeadlineKind
    due_on: dt.date
    days: int

    @property
    def left(self) -> str:
        """The days in words."""
        if self.days < 0:
            return f"quá {-self.days} ngày"
        return f"còn {self.days} ngày" if self.days else "hạn hôm nay"

    @property
    def tone(self) -> str:
        """The ground of the badge."""
        if self.days < 0:
            return "bad"
        return "warning" if self.days <= SOON else "quiet"


SOON = 7


@dataclass(frozen=True, slots=True)
class LatePaper:
    """A paper that a unit owes or handed in late, against the unit's own deadline."""

    kind: DeadlineKind
    due_on: dt.date
    is_extended: bool
    days: int
    is_in: bool

    @property
    def words(self) -> str:
        """The paper, its deadline and how it stands, on one line."""
        own = "hạn đã gia hạn" if self.is_extended else "hạn"
        state = (
            f"đã nộp, muộn {self.days} ngày" if self.is_in else f"chưa nộp, quá {self.days} ngày"
        )
        return f"{self.kind.label}: {own} {format_date(self.due_on)}, {state}"


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with everything it was or is late with."""

    name: str
    papers: tuple[LatePaper, ...]

    @property
    def owes(self) -> bool:
        """Whether something has still not come in."""
        return any(not paper.is_in for paper in self.papers)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something the board itself has to do for a bloc, and the page where it is done."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A bloc of the year; without a year ``face`` is None and ``place`` is before every step.

    ``searched`` is the folded text that the search looks into: bloc, board and units.
    """

    name: str
    url: str
    sorting: str
    searched: str
    board: str
    step: str
    place: int
    face: Face | None = None
    head: str = ""
    head_note: str = ""
    waiting: Waiting | None = None
    nearest: Nearest | None = None
    late: tuple[LateUnit, ...] = ()
    duties: tuple[Duty, ...] = ()
    is_example: bool = False

    @property
    def owing(self) -> int:
        """How many units have still not handed something in."""
        return sum(unit.owes for unit in self.late)

    @property
    def late_words(self) -> str:
        """The late units split: "2 chưa nộp, 1 đã nộp muộn"."""
        was_late = len(self.late) - self.owing
        parts = [(self.owing, "chưa nộp"), (was_late, "đã nộp muộn")]
        return ", ".join(f"{count} {words}" for count, words in parts if count)

    @property
    def step_label(self) -> str:
        """The step in words."""
        return self.face.official if self.face else "Chưa lập năm"
