"""What the story keeps, the roles that look at it, and how it walks from moment to moment."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any, Self

from django.core.files.uploadedfile import SimpleUploadedFile

from blocs.enums import DeadlineKind, MeetingKind
from blocs.models import Bloc, BlocYear, Board, Deadline, Meeting, Membership, Unit
from blocs.services.steps import take_step
from emulation import clock
from emulation.models import User
from pledges.enums import ReportKind
from pledges.models import Pledge, Registration, Report
from scoring.models import Award, Criterion, Nomination, Rubric, ScoreLine, ScoreSheet
from tests.story_rubric import answers, document

YEAR = 2025
PASSWORD = "mat-khau-thu-2026"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

ROLES = (
    "anonymous",
    "other_bloc",
    "officer",
    "leader",
    "member_officer",
    "member_leader",
    "cross_checker",
    "secretary",
    "deputy",
    "head",
    "last_head",
    "next_head",
    "former_officer",
    "board",
    "other_board",
    "administrator",
)

# The day of each moment; what happens then is the method of that name.
WHEN = {
    "founded": "2025-01-06",
    "draft": "2025-02-03",
    "consulting": "2025-02-17",
    "signing": "2025-03-10",
    "running": "2025-04-01",
    "self_scoring": "2025-11-17",
    "drafting": "2025-11-24",
    "submitted": "2025-12-04",
    "appraising": "2025-12-08",
    "explaining": "2025-12-10",
    "appraised": "2025-12-16",
    "approved": "2025-12-17",
    "tabled": "2025-12-19",
    "resolved": "2025-12-20",
    "adopted": "2025-12-22",
    "sent": "2025-12-26",
    "decided": "2026-01-15",
    "published": "2026-01-20",
    "closed": "2026-02-20",
}
MOMENTS = tuple(WHEN)

NAMES = {
    "head": "Sở Nội vụ",
    "deputy": "Sở Tư pháp",
    "own": "Sở Y tế",
    "other": "Sở Công Thương",
    "checker": "Sở Xây dựng",
    "next": "Sở Tài chính",
    "absent": "Sở Ngoại vụ",
}
# In a bloc of three a unit stands for those that are not there.
STANDS_FOR = {"other": "deputy", "checker": "deputy", "next": "own", "absent": ""}


def moment_of(day: str, hour: int = 9) -> dt.datetime:
    """That hour of an ISO date in Vietnam."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), clock.VIETNAM)


def a_pdf(number: int = 0) -> SimpleUploadedFile:
    """A small PDF; each number has other content."""
    return SimpleUploadedFile(
        f"minh-chung-{number}.pdf", PDF + b"%%%d\n" % number, content_type="application/pdf"
    )


def dec(text: str) -> Decimal:
    """A decimal."""
    return Decimal(text)


class Walk:
    """What a story keeps, whom it knows, and how it walks on; the moments follow, step by step."""

    def __init__(
        self, until: str = "closed", *, units: int = 7, lines: int = 3, many: int = 1
    ) -> None:
        self.lines, self.many = lines, many
        self.keys: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self.people: dict[str, User] = {}
        names = [*NAMES, *(f"extra{number}" for number in range(max(0, units - len(NAMES))))]
        self.members = names[:units]
        self.moment, self.now = "", moment_of(WHEN["founded"])
        self.go_to(until)

    def go_to(self, until: str) -> Self:
        """Walk on to a later moment."""
        begun = MOMENTS.index(self.moment) + 1 if self.moment else 0
        for name in MOMENTS[begun : MOMENTS.index(until) + 1]:
            self.now = moment_of(WHEN[name])
            with self.clock():
                getattr(self, f"_{name}")()
            self.moment = name
        return self

    def clock(self, *, days: int = 0) -> AbstractContextManager[Any]:
        """The time of the moment at which the story stands, or some days later."""
        return clock.at(self.now + dt.timedelta(days=days, hours=2))

    def day(self, days: int = 0) -> dt.date:
        """The day of the moment, or some days later."""
        return self.now.date() + dt.timedelta(days=days)

    def called(self, unit: str) -> str:
        """The member that stands for ``unit``: itself in a bloc that is large enough."""
        return unit if unit in self.members else STANDS_FOR[unit]

    def leader_of(self, unit: str) -> User:
        """The leader of a unit."""
        return self.people[f"{self.called(unit)}:leader"]

    def officer_of(self, unit: str) -> User:
        """The officer of a unit."""
        return self.people[f"{self.called(unit)}:officer"]

    def person(self, role: str) -> User | None:
        """Whoever plays a role; None for nobody logged in."""
        places = {
            "officer": "own:officer",
            "leader": "own:leader",
            "member_officer": f"{self.called('other')}:officer",
            "member_leader": f"{self.called('other')}:leader",
            "cross_checker": f"{self.called('checker')}:officer",
            "secretary": "head:officer",
            "deputy": "deputy:leader",
            "head": "head:leader",
            "last_head": "last:leader",
            "next_head": f"{self.called('next')}:leader",
        }
        return None if role == "anonymous" else self.people[places.get(role, role)]

    @property
    def board(self) -> Board:
        return Board.objects.get(pk=self.keys["board"])

    @property
    def bloc(self) -> Bloc:
        return Bloc.objects.get(pk=self.keys["bloc"])

    @property
    def year(self) -> BlocYear:
        return BlocYear.objects.select_related("bloc", "board").get(pk=self.keys["year"])

    @property
    def pledge(self) -> Pledge:
        return Pledge.objects.select_related("bloc_year").get(bloc_year=self.keys["year"])

    @property
    def rubric(self) -> Rubric:
        return Rubric.objects.select_related("bloc_year").get(pk=self.keys["rubric"])

    def unit(self, name: str) -> Unit:
        known = name if name in self.units else self.called(name)
        return Unit.objects.get(pk=self.units[known])

    def membership(self, unit: str = "own") -> Membership:
        rows = Membership.objects.select_related("bloc_year", "unit")
        return rows.get(bloc_year=self.keys["year"], unit=self.units[self.called(unit)])

    def memberships(self) -> list[Membership]:
        return list(Membership.objects.filter(bloc_year=self.keys["year"]).order_by("pk"))

    def sheet(self, unit: str = "own") -> ScoreSheet:
        rows = ScoreSheet.objects.select_related("bloc_year", "membership", "rubric")
        return rows.get(membership=self.membership(unit))

    def line(self, code: str, unit: str = "own") -> ScoreLine:
        rows = ScoreLine.objects.select_related("criterion", "sheet__bloc_year")
        return rows.get(sheet=self.sheet(unit), criterion__code=code)

    def criterion(self, code: str) -> Criterion:
        return Criterion.objects.get(rubric=self.keys["rubric"], code=code)

    def nomination(self, unit: str = "own") -> Nomination:
        return Nomination.objects.select_related("bloc_year").get(membership=self.membership(unit))

    def award(self, code: str) -> Award:
        return Award.objects.get(board=self.keys["board"], code=code)

    def meeting(self, kind: str = MeetingKind.YEAR_END) -> Meeting:
        rows = Meeting.objects.filter(bloc_year=self.keys["year"], kind=kind)
        return rows.order_by("pk").first() or Meeting()

    def registration(self, unit: str = "own") -> Registration:
        return Registration.objects.get(membership=self.membership(unit))

    def report(self, unit: str = "own", kind: str = ReportKind.INTERIM) -> Report:
        return Report.objects.get(membership=self.membership(unit), kind=kind)

    def deadline(self, kind: str = DeadlineKind.SELF_SCORE) -> Deadline:
        return Deadline.objects.get(bloc_year=self.keys["year"], kind=kind)

    def document(self) -> dict[str, Any]:
        """The table by which the bloc scores."""
        return document(self.lines)

    def answers_of(self, unit: str) -> dict[str, dict[str, str]]:
        """What a unit enters, by criterion."""
        return answers(unit, self.lines)

    def step(self, name: str, by: str = "head", reason: str = "") -> None:
        """Take a step of the year."""
        person = self.person(by)
        assert person
        take_step(actor=person, bloc_year=self.year, name=name, reason=reason)
