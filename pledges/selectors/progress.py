"""How far each bloc-year's pledge, registrations and reports have come: counts, never contents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from blocs.enums import DeadlineKind
from pledges.enums import PledgeStatus, RegistrationStatus, ReportKind, ReportStatus
from pledges.models import Pledge, PledgeComment, PledgeSignature, Registration, Report


@dataclass(frozen=True, slots=True)
class Receipt:
    """When a unit first handed a paper in, and whether it stands (was not returned)."""

    first_at: dt.datetime
    stands: bool = True


@dataclass(slots=True)
class PledgeProgress:
    """One bloc-year: the pledge's stage, and who did what, by membership id.

    ``received`` holds by kind of deadline the papers that units ever handed in.
    """

    stage: PledgeStatus | None = None
    signed: set[int] = field(default_factory=set)
    commented: set[int] = field(default_factory=set)
    unanswered: int = 0
    received: dict[str, dict[int, Receipt]] = field(default_factory=dict)


def pledge_progress(year_ids: Collection[int]) -> dict[int, PledgeProgress]:
    """Return the progress of every bloc-year by id: five queries, whatever their number."""
    found = {key: PledgeProgress() for key in year_ids}
    stages = Pledge.objects.filter(bloc_year__in=year_ids).order_by("pk")
    for year_id, status in stages.values_list("bloc_year_id", "status"):
        found[year_id].stage = PledgeStatus(status)
    _add_signatures(found)
    _add_comments(found)
    _add_registrations(found)
    _add_reports(found)
    return found


def _add_signatures(found: dict[int, PledgeProgress]) -> None:
    rows = PledgeSignature.objects.filter(pledge__bloc_year__in=found, revoked_at__isnull=True)
    for year_id, member in rows.order_by("pk").values_list("pledge__bloc_year_id", "membership_id"):
        found[year_id].signed.add(member)


def _add_comments(found: dict[int, PledgeProgress]) -> None:
    rows = PledgeComment.objects.filter(pledge__bloc_year__in=found).order_by("pk")
    columns = ("pledge__bloc_year_id", "membership_id", "replied_at")
    for year_id, member, replied_at in rows.values_list(*columns):
        found[year_id].commented.add(member)
        found[year_id].unanswered += replied_at is None


def _add_registrations(found: dict[int, PledgeProgress]) -> None:
    rows = Registration.objects.filter(
        membership__bloc_year__in=found, first_sent_at__isnull=False
    ).order_by("pk")
    columns = ("membership__bloc_year_id", "membership_id", "first_sent_at", "status")
    for year_id, member, first_at, status in rows.values_list(*columns):
        kind = found[year_id].received.setdefault(DeadlineKind.REGISTRATION, {})
        kind[member] = Receipt(first_at, status == RegistrationStatus.SENT)


def _add_reports(found: dict[int, PledgeProgress]) -> None:
    rows = Report.objects.filter(
        bloc_year__in=found, membership__isnull=False, first_sent_at__isnull=False
    ).order_by("pk")
    columns = ("bloc_year_id", "membership_id", "kind", "first_sent_at", "status")
    for year_id, member, report, first_at, status in rows.values_list(*columns):
        kind = found[year_id].received.setdefault(ReportKind(report).deadline, {})
        kind[member] = Receipt(first_at, status == ReportStatus.SENT)
