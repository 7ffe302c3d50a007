"""Meetings of a bloc-year, who came, and whether they were enough."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet

from blocs.enums import MeetingKind
from blocs.models import BlocYear, Meeting, MeetingAttendance
from blocs.selectors.members import members_on


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many members of that day came, and how many were needed."""

    present: int
    members: int
    percent: Decimal

    @property
    def reached(self) -> bool:
        """Whether enough came; two thirds of three is two, though 66,67 % is a little more."""
        return self.share >= self.percent

    @property
    def share(self) -> Decimal:
        """Those present per hundred members, on two places."""
        if not self.members:
            return Decimal(0)
        exact = Decimal(self.present * 100) / Decimal(self.members)
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def meetings_of(bloc_year: BlocYear) -> QuerySet[Meeting]:
    """Return the year's meetings, the earliest first."""
    return Meeting.objects.filter(bloc_year=bloc_year).order_by("held_on", "pk")


def year_end_meeting(bloc_year: BlocYear) -> Meeting | None:
    """Return the last meeting of the kind that adopts the results, or None."""
    held = Meeting.objects.filter(bloc_year=bloc_year, kind=MeetingKind.YEAR_END)
    return held.order_by("-held_on", "-pk").first()


def quorum_of(meeting: Meeting) -> Quorum | None:
    """Return who came against the members of that day; None where nobody recorded it."""
    rows = MeetingAttendance.objects.filter(meeting=meeting)
    came = dict(rows.values_list("membership_id", "is_present").order_by("pk"))
    if not came:
        return None
    members = members_on(meeting.bloc_year, meeting.held_on).values_list("pk", flat=True)
    present = sum(1 for key in members if came.get(key))
    return Quorum(present, len(members), Decimal(meeting.bloc_year.quorum_percent))
