"""Narrowing, ordering and counting the desk's rows; the page and the workbook share it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from blocs.enums import YearStatus
from blocs.views.answers import number_in
from emulation.site.desk.gather import NOT_BEGUN
from emulation.site.desk.rows import DeskRow
from emulation.vietnamese import fold

LATE, DUTY = "cham", "viec"
ORDERS: Mapping[str, Callable[[DeskRow], Any]] = {
    "ten": lambda row: row.sorting,
    "buoc": lambda row: row.place,
    "han": lambda row: row.nearest.due_on if row.nearest else dt.date.max,
    "cham": lambda row: -len(row.late),
}
STEPS = {NOT_BEGUN: "Chưa lập năm", **{step.value: step.label for step in YearStatus}}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the desk is narrowed to, and its order; ``order`` with "-" in front is reversed."""

    year: int | None = None
    step: str = ""
    only: str = ""
    text: str = ""
    order: str = "ten"

    @classmethod
    def read(cls, query: QueryDict) -> Wanted:
        """Return what an address asks for; anything unknown narrows nothing."""
        step, only, order = query.get("buoc", ""), query.get("chi", ""), query.get("xep", "")
        return cls(
            year=number_in(query.get("nam")),
            step=step if step in STEPS else "",
            only=only if only in {LATE, DUTY} else "",
            text=query.get("q", "")[:200],
            order=order if order.removeprefix("-") in ORDERS else "ten",
        )

    def query(self, **changes: Any) -> str:
        """Return the address's query with ``changes``, "?nam=2026&chi=cham"."""
        told = replace(self, **changes)
        parts = {
            "nam": told.year or "",
            "buoc": told.step,
            "chi": told.only,
            "q": told.text,
            "xep": "" if told.order == "ten" else told.order,
        }
        kept = {key: value for key, value in parts.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    @property
    def narrows(self) -> bool:
        """Whether anything but the year is asked for."""
        return bool(self.step or self.only or self.text.strip())


def matching(rows: Sequence[DeskRow], wanted: Wanted) -> list[DeskRow]:
    """Return the rows that fit, save for their step: what the counts of the steps count."""
    text = fold(wanted.text)
    return [
        row
        for row in rows
        if text in row.searched
        and (wanted.only != LATE or row.late)
        and (wanted.only != DUTY or row.duties)
    ]


def in_step(rows: Sequence[DeskRow], wanted: Wanted) -> list[DeskRow]:
    """Return the rows in the step asked for, in the order asked for; equals by name."""
    found = [row for row in rows if wanted.step in ("", row.step)]
    found.sort(key=lambda row: (row.sorting, row.url))
    key = ORDERS[wanted.order.removeprefix("-")]
    return sorted(found, key=key, reverse=wanted.order.startswith("-"))


# ---------------------------------------------------------------- figures


@dataclass(frozen=True, slots=True)
class StepCount:
    """A step with how many of the blocs stand there, and the address that shows them."""

    label: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The key figures of the rows shown."""

    blocs: int
    begun: int
    late_units: int
    owing: int
    late_blocs: int
    duties: int
    duty_blocs: int
    headless: int

    @property
    def begun_words(self) -> str:
        """How many of the blocs have begun the year."""
        return "đều đã lập năm" if self.begun == self.blocs else f"{self.begun} đã lập năm"


def figures_of(rows: Sequence[DeskRow]) -> Figures:
    """Return what the rows come to."""
    return Figures(
        blocs=len(rows),
        begun=sum(row.face is not None for row in rows),
        late_units=sum(len(row.late) for row in rows),
        owing=sum(row.owing for row in rows),
        late_blocs=sum(bool(row.late) for row in rows),
        duties=sum(len(row.duties) for row in rows),
        duty_blocs=sum(bool(row.duties) for row in rows),
        headless=sum(row.face is not None and not row.head for row in rows),
    )


def step_counts(rows: Sequence[DeskRow], wanted: Wanted) -> list[StepCount]:
    """Return every step in order; choosing the chosen one again shows all."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.step] = counts.get(row.step, 0) + 1
    return [
        StepCount(
            label,
            counts.get(step, 0),
            wanted.query(step="" if step == wanted.step else step),
            step == wanted.step,
        )
        for step, label in STEPS.items()
        if step != NOT_BEGUN or counts.get(step) or wanted.step == step
    ]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading that orders the table: where it leads, and what ``aria-sort`` says."""

    label: str
    query: str
    sorted: str


def columns(wanted: Wanted) -> dict[str, Column]:
    """Return the headings that order, by the name of their order."""
    labels = {"ten": "Khối", "buoc": "Bước", "han": "Hạn gần nhất", "cham": "Đơn vị chậm"}
    return {name: _column(wanted, name, label) for name, label in labels.items()}


def _column(wanted: Wanted, name: str, label: str) -> Column:
    """The most late come first when one asks for them: that order descends."""
    first, second = ("descending", "ascending") if name == LATE else ("ascending", "descending")
    if wanted.order == name:
        return Column(label, wanted.query(order=f"-{name}"), first)
    return Column(label, wanted.query(order=name), second if wanted.order == f"-{name}" else "none")
