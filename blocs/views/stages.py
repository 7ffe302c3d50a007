"""The year's short list of stages, as the stepper shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import BlocYear, BlocYearTransition, Deadline
from emulation import clock
from emulation.vietnamese import format_date
from emulation.workflow import Offer

S = YearStatus

STAGES: tuple[tuple[str, tuple[YearStatus, ...], DeadlineKind | None], ...] = (
    ("Chuẩn bị, góp ý", (S.DRAFT, S.CONSULTING), None),
    ("Ký giao ước", (S.SIGNING,), None),
    ("Thực hiện", (S.RUNNING,), DeadlineKind.INTERIM_REPORT),
    ("Tự chấm điểm", (S.SELF_SCORING,), DeadlineKind.SELF_SCORE),
    ("Thẩm định", (S.APPRAISING,), DeadlineKind.APPRAISAL),
    ("Bình xét", (S.MEETING, S.ADOPTED), None),
    ("Trình Hội đồng", (S.SUBMITTED,), DeadlineKind.DOSSIER),
    ("Công bố", (S.DECIDED, S.CLOSED), None),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what it is called, how it stands, its day, whom it waits for."""

    label: str
    state: str
    when: str = ""
    note: str = ""


def stages_of(bloc_year: BlocYear, forward: Offer | None) -> list[Stage]:
    """Return the stages of the year; the one after the present is blocked while hard ones stand.

    Done and present stages carry the day they began, later ones their deadline.
    """
    begun = _begun(bloc_year)
    due = {row.kind: row.due_on for row in Deadline.objects.filter(bloc_year=bloc_year)}
    status = bloc_year.step
    places = [_is_in(status, stage) for stage in STAGES]
    current = places.index(True)
    closed = status == S.CLOSED
    return [
        Stage(
            label=label,
            state=_state(place, current, forward, closed=closed),
            when=_when(begun, due, statuses, kind, is_later=place > current),
            note=_blocked_by(forward) if _blocks(place, current, forward) else "",
        )
        for place, (label, statuses, kind) in enumerate(STAGES)
    ]


def _is_in(
    status: YearStatus, stage: tuple[str, tuple[YearStatus, ...], DeadlineKind | None]
) -> bool:
    return status in stage[1]


def _begun(bloc_year: BlocYear) -> dict[str, dt.date]:
    rows = BlocYearTransition.objects.filter(bloc_year=bloc_year).order_by("at", "pk")
    return {row.to_status: clock.local_date(row.at) for row in rows}


def _state(place: int, current: int, forward: Offer | None, *, closed: bool) -> str:
    if place < current or closed:
        return "done"
    if place == current:
        return "current"
    return "blocked" if _blocks(place, current, forward) else "later"


def _blocks(place: int, current: int, forward: Offer | None) -> bool:
    """Whether the step into this stage is the next one and something hard stands before it."""
    if forward is None or not forward.hard or place != current + 1:
        return False
    return YearStatus(forward.transition.target) in STAGES[place][1]


def _blocked_by(forward: Offer | None) -> str:
    hard: Sequence[object] = forward.hard if forward else ()
    return f"Vướng {len(hard)} việc"


def _when(
    begun: Mapping[str, dt.date],
    due: Mapping[str, dt.date],
    statuses: tuple[YearStatus, ...],
    kind: DeadlineKind | None,
    *,
    is_later: bool,
) -> str:
    if is_later:
        return f"hạn {format_date(due[kind])}" if kind and kind in due else ""
    first = next((begun[status] for status in statuses if status in begun), None)
    return format_date(first) if first else ""
