"""Blocs of a board in any step, with what their units handed in, built directly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from blocs.enums import DeadlineKind, TermKind, YearStatus
from blocs.models import Bloc, BlocYear, Board, Deadline, DeadlineExtension, Membership
from emulation import clock
from emulation.models import User
from pledges.enums import (
    PledgeStatus,
    RegistrationStatus,
    ReportKind,
    ReportStatus,
    SignatureMethod,
)
from pledges.models import Pledge, PledgeComment, PledgeSignature, Registration, Report
from scoring.enums import NominationStatus, RubricStatus, SheetStatus
from scoring.models import (
    Appeal,
    Award,
    AwardQuota,
    CouncilDecision,
    Nomination,
    Rubric,
    ScoreSheet,
)
from tests.factories import UnitFactory, make_bloc_year, make_membership, set_term


def moment(day: dt.date) -> dt.datetime:
    """Nine in the morning of that day."""
    return dt.datetime.combine(day, dt.time(9), clock.VIETNAM)


@dataclass
class BlocBuilder:
    """One bloc-year; each method adds one thing and the builder knows its members."""

    actor: User
    bloc_year: BlocYear
    members: list[Membership] = field(default_factory=list)

    def deadline(self, kind: DeadlineKind, days: int) -> Deadline:
        """A deadline that many days from today."""
        due_on = clock.today() + dt.timedelta(days=days)
        return Deadline.objects.create(bloc_year=self.bloc_year, kind=kind, due_on=due_on)

    def extend(self, deadline: Deadline, place: int, days: int) -> None:
        """More time for one unit, until that many days from today."""
        DeadlineExtension.objects.create(
            deadline=deadline,
            membership=self.members[place],
            due_on=clock.today() + dt.timedelta(days=days),
            reason="Thiên tai",
            actor=self.actor,
            acting_as="Ban",
        )

    def pledge(self, *, signed: int = 0, commented: int = 0) -> Pledge:
        """A pledge being commented on, or agreed with some signatures."""
        agreed = self.bloc_year.step.reached(YearStatus.SIGNING)
        pledge = Pledge.objects.create(
            bloc_year=self.bloc_year,
            title="Giao ước",
            status=PledgeStatus.AGREED if agreed else PledgeStatus.CONSULTING,
            agreed_at=clock.now() if agreed else None,
            agreed_by=self.actor if agreed else None,
        )
        for member in self.members[:commented]:
            PledgeComment.objects.create(
                pledge=pledge, membership=member, author=self.actor, text="Ý kiến"
            )
        for member in self.members[:signed]:
            PledgeSignature.objects.create(
                pledge=pledge, membership=member, method=SignatureMethod.PAPER, office="Giám đốc",
                signatory="Trần Văn Ký", signed_on=clock.today(), recorded_by=self.actor,
                acting_as="Thư ký Khối",
            )  # fmt: skip
        return pledge

    def registered(self, days: int, *places: int) -> None:
        """Registrations that came that many days from today, of these members (all)."""
        at = moment(clock.today() + dt.timedelta(days=days))
        for member in self._those(places):
            Registration.objects.create(
                membership=member, status=RegistrationStatus.SENT, first_sent_at=at, sent_at=at,
                sent_by=self.actor,
            )  # fmt: skip

    def reported(self, days: int, *places: int) -> None:
        """Interim reports that came that many days from today, of these members (all)."""
        at = moment(clock.today() + dt.timedelta(days=days))
        for member in self._those(places):
            Report.objects.create(
                bloc_year=self.bloc_year, membership=member, kind=ReportKind.INTERIM,
                status=ReportStatus.SENT, first_sent_at=at, sent_at=at, sent_by=self.actor,
                results="Đạt", saved_by=self.actor,
            )  # fmt: skip

    def _those(self, places: tuple[int, ...]) -> list[Membership]:
        return [self.members[place] for place in places] if places else self.members

    def rubric(self) -> Rubric:
        """An issued rubric."""
        return Rubric.objects.create(
            bloc_year=self.bloc_year, title="Bảng", status=RubricStatus.ISSUED,
            issued_at=clock.now(), issued_by=self.actor,
        )  # fmt: skip

    def sheets(self, *, submitted: int, approved: int = 0, late: int = 0) -> None:
        """A sheet for each member: the first ``approved``, ``submitted``; the first ``late``."""
        rubric = self.rubric()
        for place, member in enumerate(self.members):
            is_in, is_done = place < submitted, place < approved
            at = clock.now() if is_in else None
            ScoreSheet.objects.create(
                board=self.bloc_year.board, bloc_year=self.bloc_year, membership=member,
                rubric=rubric, first_submitted_at=at, submitted_at=at,
                submitted_by=self.actor if is_in else None, days_late=2 if place < late else 0,
                status=SheetStatus.APPROVED if is_done
                else SheetStatus.SUBMITTED if is_in else SheetStatus.DRAFTING,
                approved_at=at if is_done else None, approved_by=self.actor if is_done else None,
            )  # fmt: skip

    def quota(self) -> None:
        """How many may be proposed."""
        AwardQuota.objects.create(
            bloc_year=self.bloc_year, award=award_of(self.bloc_year.board), max_count=2
        )

    def proposed(self, *, sent: int, decided: int = 0) -> None:
        """Proposals for the first members, some of them decided by the Council."""
        award = award_of(self.bloc_year.board)
        for place, member in enumerate(self.members[:sent]):
            row = Nomination.objects.create(
                bloc_year=self.bloc_year, membership=member, award=award,
                status=NominationStatus.SENT, proposed_by=self.actor,
            )  # fmt: skip
            if place < decided:
                CouncilDecision.objects.create(
                    nomination=row, outcome="approved", award=award, recorded_by=self.actor
                )

    def published(self, days: int) -> None:
        """Publish that many days from today."""
        self.bloc_year.published_at = moment(clock.today() + dt.timedelta(days=days))
        self.bloc_year.published_by = self.actor
        self.bloc_year.save()

    def appeal(self, place: int = 0) -> None:
        """An open complaint."""
        Appeal.objects.create(
            bloc_year=self.bloc_year, membership=self.members[place], text="Đề nghị xem lại",
            filed_by=self.actor,
        )  # fmt: skip


def award_of(board: Board) -> Award:
    """The board's one award."""
    found, _ = Award.objects.get_or_create(
        board=board, code="PROV_MERIT", defaults={"label": "Bằng khen"}
    )
    return found


def build_bloc(
    board: Board,
    actor: User,
    status: str,
    *,
    name: str = "",
    members: int = 3,
    led: bool = True,
    year: int = 2026,
    units: tuple[str, ...] = (),
) -> BlocBuilder:
    """A bloc with its year; the first member heads it, the second is deputy, if ``led``."""
    bloc = Bloc.objects.create(board=board, name=name or f"Khối {Bloc.objects.count() + 1}")
    built = BlocBuilder(actor, make_bloc_year(bloc, year=year, status=status, actor=actor))
    for place in range(members):
        given = {"name": units[place]} if units else {}
        unit = UnitFactory(board=board, **given)
        built.members.append(make_membership(built.bloc_year, unit))
    if led and members:
        set_term(built.bloc_year, built.members[0].unit, TermKind.HEAD)
    if led and members > 1:
        set_term(built.bloc_year, built.members[1].unit, TermKind.DEPUTY)
    return built
