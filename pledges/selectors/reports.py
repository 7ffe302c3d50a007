"""Interim and year-end reports: who has sent, who has not, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from blocs.models import BlocYear, Membership
from pledges.enums import ReportKind, ReportStatus
from pledges.models import Report
from pledges.selectors.due import Delivery, DueDates
from pledges.selectors.members import current_members


def report_of(
    bloc_year: BlocYear, membership: Membership | None, kind: ReportKind
) -> Report | None:
    """Return a unit's report, or the bloc's own where ``membership`` is None."""
    return (
        Report.objects.filter(bloc_year=bloc_year, membership=membership, kind=kind)
        .select_related("membership", "sent_by", "saved_by")
        .first()
    )


def report_delivery(
    report: Report | None, membership: Membership | None, kind: ReportKind, due: DueDates
) -> Delivery:
    """Return how a report stands against its deadline; the bloc's own report has none."""
    return Delivery(
        due.of(kind.deadline, membership.pk) if membership else None,
        report.first_sent_at if report else None,
        is_sent=bool(report and report.stage is ReportStatus.SENT),
    )


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line of the list of reports: a member, and each kind's state."""

    membership: Membership
    cells: tuple[ReportCell, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class ReportCell:
    """One report of one member as others see it: its state; a link only where readable."""

    kind: ReportKind
    delivery: Delivery
    is_readable: bool


def report_rows(
    memberships: Iterable[Membership], due: DueDates, own_units: frozenset[int]
) -> list[ReportRow]:
    """Return the lines of the list of reports: one query."""
    members = list(memberships)
    reports = (
        Report.objects.filter(membership__in=members)
        .order_by("pk")
        .defer("results", "limitations", "next_tasks")
    )
    found = {(each.membership_id, each.kind): each for each in reports}
    return [
        ReportRow(
            member,
            tuple(
                _cell(found.get((member.pk, kind)), member, kind, due, own_units)
                for kind in ReportKind
            ),
            member.unit_id in own_units,
        )
        for member in members
    ]


def _cell(
    report: Report | None,
    membership: Membership,
    kind: ReportKind,
    due: DueDates,
    own_units: frozenset[int],
) -> ReportCell:
    delivery = report_delivery(report, membership, kind, due)
    return ReportCell(kind, delivery, delivery.is_sent or membership.unit_id in own_units)


def missing_reports(bloc_year: BlocYear, kind: ReportKind) -> list[Membership]:
    """Return the members whose report of that kind has not been sent, in Vietnamese order."""
    sent = Report.objects.filter(
        bloc_year=bloc_year, kind=kind, status=ReportStatus.SENT, membership__isnull=False
    )
    return list(current_members(bloc_year).exclude(pk__in=sent.values("membership_id")))


def missing_in_report(report: Report) -> list[str]:
    """Return what keeps a report from being sent, each a full sentence.

    The one list that the page shows and the gateway enforces.
    """
    return [] if report.results.strip() else ["Phần kết quả chưa có nội dung."]


def unwritten_parts(report: Report) -> list[str]:
    """Return the parts that may stay empty and are, to be named before sending."""
    parts = [
        ("hạn chế, nguyên nhân", report.limitations),
        ("nhiệm vụ thời gian tới", report.next_tasks),
    ]
    return [label for label, text in parts if not text.strip()]
