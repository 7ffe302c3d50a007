"""Deadlines with their extensions, and how a paper stands against its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from blocs.models import BlocYear, Deadline, DeadlineExtension
from emulation import clock
from emulation.enums import Tone
from emulation.vietnamese import format_date, format_moment


@dataclass(frozen=True, slots=True)
class DueDates:
    """The last days of one bloc-year by kind, and those extended for a member."""

    common: Mapping[str, dt.date] = field(default_factory=dict)
    extended: Mapping[tuple[str, int], dt.date] = field(default_factory=dict)

    def of(self, kind: str, membership_id: int | None = None) -> dt.date | None:
        """Return the last day for ``kind``, the member's own if it was given more time."""
        return self.extended.get((kind, membership_id or 0)) or self.common.get(kind)


def due_dates_of(bloc_year: BlocYear) -> DueDates:
    """Return the deadlines of one bloc-year: two queries."""
    return due_dates_by_year([bloc_year.pk])[bloc_year.pk]


def due_dates_by_year(year_ids: Iterable[int]) -> dict[int, DueDates]:
    """Return the deadlines of several bloc-years: two queries. The newest extension counts."""
    years = set(year_ids)
    deadlines = Deadline.objects.filter(bloc_year_id__in=years).order_by("pk")
    extensions = (
        DeadlineExtension.objects.filter(deadline__bloc_year_id__in=years)
        .order_by("at", "pk")
        .values_list("deadline__bloc_year_id", "deadline__kind", "membership_id", "due_on")
    )
    common: dict[int, dict[str, dt.date]] = {year: {} for year in years}
    extended: dict[int, dict[tuple[str, int], dt.date]] = {year: {} for year in years}
    for deadline in deadlines:
        common[deadline.bloc_year_id][deadline.kind] = deadline.due_on
    for year, kind, membership_id, due_on in extensions:
        extended[year][kind, membership_id] = due_on
    return {year: DueDates(common[year], extended[year]) for year in years}


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a registration or report stands against its deadline.

    The first sending decides lateness; a later return to the unit does not make it late.
    """

    due_on: dt.date | None
    first_sent_at: dt.datetime | None = None
    is_sent: bool = False

    @property
    def is_returned(self) -> bool:
        """Whether it was sent once and handed back."""
        return self.first_sent_at is not None and not self.is_sent

    @property
    def days_late(self) -> int:
        """Days begun after the deadline: of the first sending, or up to now."""
        received = self.first_sent_at or clock.now()
        return clock.days_late(received, self.due_on) if self.due_on else 0

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline passed and nothing was ever sent."""
        return self.first_sent_at is None and self.days_late > 0

    @property
    def words(self) -> str:
        """The state in a few words, for a badge."""
        if self.is_returned:
            return "đã trả lại, chờ gửi lại"
        if self.first_sent_at is not None:
            return f"gửi chậm {self.days_late} ngày" if self.days_late else "đã gửi"
        return f"quá hạn {self.days_late} ngày" if self.days_late else "chưa gửi"

    @property
    def tone(self) -> str:
        """The ground of the badge."""
        if self.is_returned or (self.is_sent and self.days_late):
            return Tone.WARNING
        if self.is_sent:
            return Tone.GOOD
        return Tone.BAD if self.days_late else Tone.QUIET

    @property
    def when(self) -> str:
        """The moment of the first sending, or until when it is awaited."""
        if self.first_sent_at is not None:
            return f"gửi lần đầu lúc {format_moment(self.first_sent_at)}"
        return f"hạn {format_date(self.due_on)}" if self.due_on else "chưa đặt hạn"
