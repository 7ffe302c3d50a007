"""What each unit has to do on a pledge over the year, and whether it has.

One reading of the year feeds the pledge's page, "Việc cần làm" and the list of those awaited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.db.models import Prefetch

from blocs.enums import YearStatus
from blocs.models import BlocYear, Membership
from blocs.selectors.members import has_left
from emulation import clock
from emulation.vietnamese import count_of
from pledges.enums import PledgeStatus, ReportKind
from pledges.models import Pledge, PledgeComment, PledgeItem, PledgeSignature, Registration, Report
from pledges.selectors.due import Delivery, DueDates, due_dates_by_year
from pledges.selectors.registrations import registration_delivery
from pledges.selectors.reports import report_delivery

READY_DAYS = 60
"""A report is asked for when its deadline is this near; before that it stands under "Sắp tới"."""


class DutyKind(Enum):
    """What a unit does on a pledge, in the order of the year: the deed, and the thing awaited."""

    COMMENT = ("Góp ý dự thảo giao ước", "góp ý dự thảo giao ước")
    SIGN = ("Ký giao ước thi đua", "ký giao ước")
    REGISTER = ("Gửi đăng ký chỉ tiêu, danh hiệu", "gửi bản đăng ký thi đua")
    INTERIM = ("Gửi báo cáo sơ kết", "gửi báo cáo sơ kết")
    YEAR_END = ("Gửi báo cáo tổng kết", "gửi báo cáo tổng kết")

    def __init__(self, title: str, awaited: str) -> None:
        self.title = title
        self.awaited = awaited

    @property
    def report(self) -> ReportKind | None:
        """The report this duty is about, if it is one."""
        kinds = {DutyKind.INTERIM: ReportKind.INTERIM, DutyKind.YEAR_END: ReportKind.YEAR_END}
        return kinds.get(self)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing one unit has to do: whether it is open now, ready to be asked for, done."""

    kind: DutyKind
    membership: Membership
    delivery: Delivery
    is_open: bool
    is_ready: bool
    waits_for: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the unit has done it."""
        return self.delivery.is_sent

    @property
    def is_awaited(self) -> bool:
        """Whether the unit still owes it now."""
        return self.is_open and self.is_ready and not self.is_done


@dataclass(slots=True)
class YearFacts:
    """What is known of one bloc-year's pledge, registrations and reports, by membership id."""

    bloc_year: BlocYear
    due: DueDates
    pledge: Pledge | None = None
    members: list[Membership] = field(default_factory=list)
    signatures: dict[int, PledgeSignature] = field(default_factory=dict)
    registrations: dict[int, Registration] = field(default_factory=dict)
    reports: dict[tuple[int, str], Report] = field(default_factory=dict)
    commented: set[int] = field(default_factory=set)
    unanswered: int = 0

    @property
    def is_consulting(self) -> bool:
        """Whether members may comment now."""
        return self.pledge is not None and self.pledge.stage is PledgeStatus.CONSULTING

    @property
    def is_agreed(self) -> bool:
        """Whether the text is frozen."""
        return self.pledge is not None and self.pledge.stage is PledgeStatus.AGREED

    def not_registered(self) -> list[Membership]:
        """Return the members whose registration has not been sent."""
        return [
            each
            for each in self.members
            if not registration_delivery(self.registrations.get(each.pk), each, self.due).is_sent
        ]

    def not_reported(self, kind: ReportKind) -> list[Membership]:
        """Return the members whose report of that kind has not been sent."""
        return [
            each
            for each in self.members
            if not report_delivery(self.reports.get((each.pk, kind)), each, kind, self.due).is_sent
        ]

    def share(self, missing: list[Membership]) -> str:
        """Return how many members have sent, in words: "3/5 đơn vị đã gửi"."""
        total = len(self.members)
        return count_of(total - len(missing), total, "đơn vị đã gửi")

    @property
    def item_count(self) -> int:
        """How many items the pledge has."""
        return len(getattr(self.pledge, "standing_items", ())) if self.pledge else 0


def facts_of(bloc_year: BlocYear) -> YearFacts:
    """Return the facts of one bloc-year."""
    return facts_by_year([bloc_year])[bloc_year.pk]


def facts_by_year(bloc_years: Iterable[BlocYear]) -> dict[int, YearFacts]:
    """Return the facts of several bloc-years by id, in a fixed number of queries."""
    years = {each.pk: each for each in bloc_years}
    due = due_dates_by_year(years)
    facts = {pk: YearFacts(year, due[pk]) for pk, year in years.items()}
    _add_members(facts)
    _add_pledges(facts)
    _add_comments(facts)
    _add_papers(facts)
    return facts


def _add_members(facts: Mapping[int, YearFacts]) -> None:
    members = Membership.objects.filter(bloc_year__in=list(facts)).select_related("unit")
    for member in members.order_by("sorting", "pk"):
        if not has_left(member):
            facts[member.bloc_year_id].members.append(member)


def _add_pledges(facts: Mapping[int, YearFacts]) -> None:
    items = PledgeItem.objects.filter(dropped_at__isnull=True).order_by("position", "pk")
    pledges = Pledge.objects.filter(bloc_year__in=list(facts)).prefetch_related(
        Prefetch("items", items, to_attr="standing_items"),
        Prefetch(
            "signatures",
            PledgeSignature.objects.filter(revoked_at__isnull=True).order_by("pk"),
            to_attr="standing_signatures",
        ),
    )
    for pledge in pledges.order_by("pk"):
        year = facts[pledge.bloc_year_id]
        year.pledge = pledge
        pledge.bloc_year = year.bloc_year
        signatures: list[PledgeSignature] = getattr(pledge, "standing_signatures", [])
        year.signatures = {each.membership_id: each for each in signatures}


def _add_comments(facts: Mapping[int, YearFacts]) -> None:
    rows = PledgeComment.objects.filter(pledge__bloc_year__in=list(facts)).values_list(
        "pledge__bloc_year_id", "membership_id", "replied_at"
    )
    for year_id, membership_id, replied_at in rows.order_by("pk"):
        facts[year_id].commented.add(membership_id)
        facts[year_id].unanswered += replied_at is None


def _add_papers(facts: Mapping[int, YearFacts]) -> None:
    registrations = Registration.objects.filter(
        membership__bloc_year__in=list(facts)
    ).select_related("membership")
    for registration in registrations.order_by("pk"):
        year = facts[registration.membership.bloc_year_id]
        year.registrations[registration.membership_id] = registration
    reports = Report.objects.filter(bloc_year__in=list(facts)).defer(
        "results", "limitations", "next_tasks"
    )
    for report in reports.order_by("pk"):
        facts[report.bloc_year_id].reports[report.membership_id or 0, report.kind] = report


# ---------------------------------------------------------------- duties


def duties_of(facts: YearFacts, membership: Membership) -> list[Duty]:
    """Return what the unit has to do, in the order of the year."""
    duties = [_signing(facts, membership), _registering(facts, membership)]
    duties += [
        _reporting(facts, membership, kind) for kind in (DutyKind.INTERIM, DutyKind.YEAR_END)
    ]
    return [_commenting(facts, membership), *duties] if facts.is_consulting else duties


def _commenting(facts: YearFacts, membership: Membership) -> Duty:
    delivery = Delivery(None, is_sent=membership.pk in facts.commented)
    return Duty(DutyKind.COMMENT, membership, delivery, is_open=True, is_ready=True)


def _signing(facts: YearFacts, membership: Membership) -> Duty:
    signature = facts.signatures.get(membership.pk)
    reached = facts.bloc_year.step.reached(YearStatus.SIGNING)
    waits_for = "" if facts.is_agreed and reached else "Chờ Trưởng khối chốt nội dung và mở ký."
    return Duty(
        DutyKind.SIGN,
        membership,
        Delivery(None, signature.recorded_at if signature else None, is_sent=bool(signature)),
        is_open=not waits_for,
        is_ready=True,
        waits_for=waits_for,
    )


def _registering(facts: YearFacts, membership: Membership) -> Duty:
    registration = facts.registrations.get(membership.pk)
    reached = facts.bloc_year.step.reached(YearStatus.SIGNING)
    return Duty(
        DutyKind.REGISTER,
        membership,
        registration_delivery(registration, membership, facts.due),
        is_open=reached,
        is_ready=True,
        waits_for="" if reached else "Mở khi Khối chuyển sang bước ký giao ước.",
    )


def _reporting(facts: YearFacts, membership: Membership, duty: DutyKind) -> Duty:
    kind = duty.report or ReportKind.INTERIM
    report = facts.reports.get((membership.pk, kind))
    reached = facts.bloc_year.step.reached(YearStatus.RUNNING)
    delivery = report_delivery(report, membership, kind, facts.due)
    return Duty(
        duty,
        membership,
        delivery,
        is_open=reached,
        is_ready=delivery.is_returned or _is_near(delivery.due_on, READY_DAYS),
        waits_for="" if reached else "Mở khi năm thi đua chuyển sang thực hiện.",
    )


def _is_near(due_on: dt.date | None, days: int) -> bool:
    return due_on is not None and (due_on - clock.today()).days <= days
