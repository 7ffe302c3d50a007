"""Deadlines of a bloc-year: the common day, and the later day some units were granted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from blocs.enums import DeadlineKind
from blocs.models import BlocYear, BoardDeadline, Deadline, DeadlineExtension, Membership
from emulation.history import Entry
from emulation.vietnamese import format_date


def due_on(bloc_year: BlocYear, kind: str, membership: Membership | None = None) -> dt.date | None:
    """Return the last day for ``kind``, for one unit if ``membership`` is given; None if unset.

    A unit's last extension counts.
    """
    deadline = Deadline.objects.filter(bloc_year=bloc_year, kind=kind).first()
    if deadline is None:
        return None
    if membership is None:
        return deadline.due_on
    last = DeadlineExtension.objects.filter(deadline=deadline, membership=membership).first()
    return last.due_on if last else deadline.due_on


def due_dates(bloc_year: BlocYear, kind: str) -> dict[int, dt.date]:
    """Return the last day of every membership for ``kind``, by membership key: three queries.

    Empty where the deadline is not set.
    """
    deadline = Deadline.objects.filter(bloc_year=bloc_year, kind=kind).first()
    if deadline is None:
        return {}
    keys = Membership.objects.filter(bloc_year=bloc_year).order_by("pk")
    dates = dict.fromkeys(keys.values_list("pk", flat=True), deadline.due_on)
    extended = last_extensions([deadline])
    return dates | {member: row.due_on for (_, member), row in extended.items()}


def last_extensions(deadlines: Iterable[Deadline]) -> dict[tuple[int, int], DeadlineExtension]:
    """Return the last extension by (deadline, membership): one query."""
    rows = (
        DeadlineExtension.objects.filter(deadline__in=list(deadlines))
        .select_related("membership", "actor")
        .order_by("at", "pk")
    )
    return {(row.deadline_id, row.membership_id): row for row in rows}


def deadlines_of(bloc_year: BlocYear) -> QuerySet[Deadline]:
    """Return the year's deadlines, the earliest first."""
    return Deadline.objects.filter(bloc_year=bloc_year).order_by("due_on", "kind")


def common_dates(board_id: int, year: int) -> dict[str, dt.date]:
    """Return the last days that the board set for all its blocs of a year, by kind: one query."""
    rows = BoardDeadline.objects.filter(board_id=board_id, year=year).order_by("kind")
    return dict(rows.values_list("kind", "due_on"))


def dates_to_copy(source: BlocYear | None, board_id: int, year: int) -> dict[str, dt.date]:
    """Return the deadlines that a new year of a bloc begins with, by kind.

    The board's common days of that year; for other kinds those of ``source`` moved by as many
    years, save for the days set for that bloc alone.
    """
    common = common_dates(board_id, year)
    if source is None:
        return common
    rows = deadlines_of(source).filter(is_exception=False)
    return {row.kind: moved_by_years(row.due_on, year - source.year) for row in rows} | common


def moved_by_years(day: dt.date, years: int) -> dt.date:
    """Return the same day of another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def unset_kinds(bloc_year: BlocYear) -> list[DeadlineKind]:
    """Return the kinds of deadline that the year has not set, in the order of the year."""
    known = set(deadlines_of(bloc_year).values_list("kind", flat=True))
    return [kind for kind in DeadlineKind if kind not in known]


def deadline_history(bloc_year: BlocYear) -> list[Entry]:
    """Return what was set, moved and extended, newest first."""
    return Entry.newest_first([*_moves(bloc_year), *_extensions(bloc_year)])


def _moves(bloc_year: BlocYear) -> list[Entry]:
    rows = Deadline.history.filter(bloc_year_id=bloc_year.pk)
    before: dict[int, Any] = {}
    entries = []
    for row in rows.select_related("history_user").order_by("history_date", "history_id"):
        earlier = before.get(row.id)
        before[row.id] = row
        entries.append(
            Entry(
                at=row.history_date,
                who=str(row.history_user or ""),
                acting_as="",
                what=_moved(earlier, row),
                change=change_words(earlier.due_on if earlier else None, row.due_on),
                reason=row.exception_reason,
                place=DeadlineKind(row.kind).label,
            )
        )
    return entries


def _moved(earlier: Any, row: Any) -> str:
    """Return what was done, in words: set, moved, set apart from the common day, put back."""
    if row.is_exception:
        return "Đặt riêng cho Khối"
    if earlier is not None and earlier.is_exception:
        return "Thôi đặt riêng"
    return "Đổi thời hạn" if earlier else "Đặt thời hạn"


def change_words(earlier: dt.date | None, new: dt.date) -> str:
    """Return "20/12/2026 → 25/12/2026", or the new day alone."""
    if earlier in (None, new):
        return format_date(new)
    return f"{format_date(earlier)} → {format_date(new)}"


def _extensions(bloc_year: BlocYear) -> list[Entry]:
    rows = DeadlineExtension.objects.filter(deadline__bloc_year=bloc_year)
    return [
        Entry(
            at=row.at,
            who=row.actor.full_name,
            acting_as=row.acting_as,
            what=f"Gia hạn cho {row.membership.unit_name}",
            change=f"đến {format_date(row.due_on)}",
            reason=row.reason,
            place=row.deadline.get_kind_display(),
        )
        for row in rows.select_related("actor", "membership", "deadline").order_by("at", "pk")
    ]
