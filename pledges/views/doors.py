"""The only doors to a pledge, a registration, a report: what is not visible is not there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from blocs.models import BlocYear, Membership
from blocs.selectors.standing import standing_in
from blocs.selectors.years import bloc_years_visible_to
from blocs.standing import Standing
from blocs.views.frame import get_bloc_year_for_user
from emulation.models import User
from pledges.enums import ReportKind
from pledges.models import Pledge, PledgeComment, PledgeItem, PledgeSignature, Registration, Report
from pledges.permissions import can_read_registration, can_read_report, can_read_text
from pledges.selectors.pledges import pledge_of
from pledges.selectors.registrations import registration_of
from pledges.selectors.reports import report_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A pledge as one person opened it."""

    bloc_year: BlocYear
    standing: Standing
    pledge: Pledge


def get_pledge_for_user(user: User, year_id: int) -> Opened:
    """Return the year's pledge; Http404 unless the year is visible and has one."""
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    pledge = pledge_of(bloc_year)
    if pledge is None:
        raise Http404
    pledge.bloc_year = bloc_year
    return Opened(bloc_year, standing, pledge)


def get_text_for_user(user: User, year_id: int) -> Opened:
    """Return the year's pledge; Http404 unless its text may be read by now."""
    opened = get_pledge_for_user(user, year_id)
    if not can_read_text(opened.standing, opened.pledge):
        raise Http404
    return opened


def get_item_for_user(user: User, year_id: int, item_id: int) -> tuple[Opened, PledgeItem]:
    """Return an item that stands in the year's pledge; Http404 otherwise."""
    opened = get_text_for_user(user, year_id)
    item = PledgeItem.objects.filter(
        pk=item_id, pledge=opened.pledge, dropped_at__isnull=True
    ).first()
    if item is None:
        raise Http404
    item.pledge = opened.pledge
    return opened, item


def get_comment_for_user(user: User, year_id: int, comment_id: int) -> tuple[Opened, PledgeComment]:
    """Return a comment on the year's pledge; Http404 otherwise."""
    opened = get_text_for_user(user, year_id)
    comments = PledgeComment.objects.select_related("membership", "item", "meeting", "author")
    comment = comments.filter(pk=comment_id, pledge=opened.pledge).first()
    if comment is None:
        raise Http404
    comment.pledge = opened.pledge
    return opened, comment


def get_signature_for_user(
    user: User, year_id: int, signature_id: int
) -> tuple[Opened, PledgeSignature]:
    """Return a signature on the year's pledge; Http404 otherwise."""
    opened = get_pledge_for_user(user, year_id)
    signatures = PledgeSignature.objects.select_related("membership__unit", "scan", "recorded_by")
    signature = signatures.filter(pk=signature_id, pledge=opened.pledge).first()
    if signature is None:
        raise Http404
    signature.pledge = opened.pledge
    return opened, signature


def get_member_of_pledge(opened: Opened, membership_id: int) -> Membership:
    """Return a member of the opened pledge's year; Http404 otherwise."""
    members = Membership.objects.filter(bloc_year=opened.bloc_year).select_related("unit")
    membership = members.filter(pk=membership_id).first()
    if membership is None:
        raise Http404
    membership.bloc_year = opened.bloc_year
    return membership


def get_membership_for_user(user: User, membership_id: int) -> tuple[Membership, Standing]:
    """Return a member of a year the person may open; Http404 otherwise."""
    membership = (
        Membership.objects.filter(pk=membership_id, bloc_year__in=bloc_years_visible_to(user))
        .select_related("unit", "bloc_year__bloc", "bloc_year__board")
        .first()
    )
    if membership is None:
        raise Http404
    return membership, standing_in(user, membership.bloc_year)


def get_registration_for_user(
    user: User, membership_id: int
) -> tuple[Membership, Standing, Registration | None]:
    """Return a unit's registration; Http404 where another's has not been sent."""
    membership, standing = get_membership_for_user(user, membership_id)
    registration = registration_of(membership)
    if registration is not None:
        registration.membership = membership
    own = membership.unit_id in standing.units
    if not own and not (registration and can_read_registration(standing, registration)):
        raise Http404
    return membership, standing, registration


def kind_from(slug: str) -> ReportKind:
    """Return the kind of report that an address names; Http404 for any other word."""
    for kind in ReportKind:
        if kind.slug == slug:
            return kind
    raise Http404


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report, written or not yet, as one person opened it; ``membership`` None: the bloc's."""

    bloc_year: BlocYear
    standing: Standing
    membership: Membership | None
    kind: ReportKind
    report: Report | None

    @property
    def writes(self) -> bool:
        """Whether the person is one of those who write it."""
        if self.membership is None:
            return self.standing.is_secretary
        return self.membership.unit_id in self.standing.units


def get_unit_report_for_user(user: User, membership_id: int, slug: str) -> OpenedReport:
    """Return a unit's report; Http404 where another's has not been sent."""
    membership, standing = get_membership_for_user(user, membership_id)
    return _opened(membership.bloc_year, standing, membership, kind_from(slug))


def get_bloc_report_for_user(user: User, year_id: int, slug: str) -> OpenedReport:
    """Return the bloc's own report; Http404 where not sent and not one's to write."""
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    return _opened(bloc_year, standing, None, kind_from(slug))


def _opened(
    bloc_year: BlocYear, standing: Standing, membership: Membership | None, kind: ReportKind
) -> OpenedReport:
    report = report_of(bloc_year, membership, kind)
    opened = OpenedReport(bloc_year, standing, membership, kind, report)
    if report is not None:
        report.bloc_year, report.membership = bloc_year, membership
    if not opened.writes and not (report and can_read_report(standing, report)):
        raise Http404
    return opened
