"""What the pledge, signatures and reports put in the way of a year's steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping

from django.urls import reverse

from blocs.enums import DeadlineKind
from blocs.models import BlocYear, Membership
from emulation.workflow import Blocker, Transition
from pledges.enums import PledgeStatus, ReportKind
from pledges.models import Registration, Report
from pledges.selectors.pledges import item_count, pledge_of
from pledges.selectors.reports import missing_reports
from pledges.selectors.signatures import unsigned_members


def year_blockers(bloc_year: BlocYear, transition: Transition) -> Iterable[Blocker]:
    """Yield what blocks ``transition``, by the table of the year's steps."""
    check = _CHECKS.get(transition.name)
    if check is not None:
        yield from check(bloc_year)


def handed_in(membership: Membership, kind: str) -> bool:
    """Return whether the unit has sent what the deadline ``kind`` asks for, at least once.

    From then on the deadline is not extended for it: the first sending decided lateness.
    """
    if kind == DeadlineKind.REGISTRATION:
        sent = Registration.objects.filter(membership=membership, first_sent_at__isnull=False)
        return sent.exists()
    report = next((each for each in ReportKind if each.deadline == kind), None)
    if report is None:
        return False
    return Report.objects.filter(
        membership=membership, kind=report, first_sent_at__isnull=False
    ).exists()


def first_received(year_ids: Collection[int], kind: str) -> Mapping[int, dt.datetime]:
    """Return when members first sent what the deadline ``kind`` asks for, by membership id."""
    if kind == DeadlineKind.REGISTRATION:
        sent = Registration.objects.filter(
            membership__bloc_year__in=year_ids, first_sent_at__isnull=False
        )
        return _moments(sent.order_by("pk").values_list("membership_id", "first_sent_at"))
    report = next((each for each in ReportKind if each.deadline == kind), None)
    if report is None:
        return {}
    reports = Report.objects.filter(
        bloc_year__in=year_ids,
        kind=report,
        membership__isnull=False,
        first_sent_at__isnull=False,
    )
    return _moments(reports.order_by("pk").values_list("membership_id", "first_sent_at"))


def _moments(rows: Iterable[tuple[int | None, dt.datetime | None]]) -> dict[int, dt.datetime]:
    return {member: at for member, at in rows if member and at}


def _no_item(bloc_year: BlocYear) -> Iterable[Blocker]:
    if not item_count(bloc_year):
        yield Blocker("Giao ước chưa có nội dung nào.", url=_pledge_url(bloc_year))


def _not_agreed(bloc_year: BlocYear) -> Iterable[Blocker]:
    pledge = pledge_of(bloc_year)
    if pledge is None or pledge.stage is not PledgeStatus.AGREED:
        yield Blocker("Nội dung giao ước chưa được chốt.", url=_pledge_url(bloc_year))


def _unsigned(bloc_year: BlocYear) -> Iterable[Blocker]:
    names = tuple(membership.unit_name for membership in unsigned_members(bloc_year))
    if names:
        yield Blocker(
            f"{len(names)} đơn vị chưa ký giao ước:",
            hard=False,
            names=names,
            effect=(
                "Các đơn vị này vẫn ký được sau khi chuyển bước; "
                "đơn vị không ký thì không được xét thi đua theo quy định."
            ),
            url=_pledge_url(bloc_year),
        )


def _no_interim(bloc_year: BlocYear) -> Iterable[Blocker]:
    missing = missing_reports(bloc_year, ReportKind.INTERIM)
    if missing:
        yield Blocker(
            f"{len(missing)} đơn vị chưa gửi báo cáo sơ kết:",
            hard=False,
            names=tuple(membership.unit_name for membership in missing),
            effect="Các đơn vị này vẫn gửi được sau khi chuyển bước; gửi sau hạn ghi là gửi chậm.",
            url=reverse("report_list", args=[bloc_year.pk]),
        )


def _pledge_url(bloc_year: BlocYear) -> str:
    return reverse("pledge", args=[bloc_year.pk])


_CHECKS: dict[str, Callable[[BlocYear], Iterable[Blocker]]] = {
    "consult": _no_item,
    "open_signing": _not_agreed,
    "start_running": _unsigned,
    "open_self_scoring": _no_interim,
}
