"""What must always hold of pledges, signatures, registrations and reports.

Each function yields one sentence per broken rule; nothing yielded, nothing broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import F, Q, QuerySet

from blocs.enums import YearStatus
from blocs.invariants import broken_logs
from blocs.models import BlocYear
from pledges.enums import PledgeStatus, SignatureMethod
from pledges.models import (
    Pledge,
    PledgeComment,
    PledgeItem,
    PledgeSignature,
    PledgeTransition,
    Registration,
    RegistrationTransition,
    Report,
    ReportTransition,
    Target,
)


def pledge_logs() -> Iterator[str]:
    """Every pledge's log begins as a draft, is contiguous and ends at its status."""
    yield from broken_logs(Pledge, PledgeTransition, "pledge", PledgeStatus.DRAFT)


def registration_logs() -> Iterator[str]:
    """Every registration's log begins as a draft, is contiguous and ends at its status."""
    yield from broken_logs(Registration, RegistrationTransition, "registration", "draft")


def report_logs() -> Iterator[str]:
    """Every report's log begins as a draft, is contiguous and ends at its status."""
    yield from broken_logs(Report, ReportTransition, "report", "draft")


def agreement_is_logged() -> Iterator[str]:
    """An agreed pledge says who agreed it and when, as its log does."""
    agreed = Pledge.objects.filter(agreed_at__isnull=False).order_by("pk")
    logged = {
        row.pledge_id: row
        for row in PledgeTransition.objects.filter(transition="agree").order_by("pk")
    }
    for pledge in agreed:
        row = logged.get(pledge.pk)
        if row is None or row.actor_id != pledge.agreed_by_id:
            yield f"Pledge {pledge.pk}: agreed, but the log does not say by this person."


def years_have_the_pledge_they_need() -> Iterator[str]:
    """A year that runs has an agreed pledge; with a closed year it is closed."""
    running = [status for status in YearStatus if status.reached(YearStatus.RUNNING)]
    for year in BlocYear.objects.filter(status__in=running, pledge__isnull=True).order_by("pk"):
        yield f"BlocYear {year.pk}: {year.status} without a pledge."
    for pledge in Pledge.objects.select_related("bloc_year").order_by("pk"):
        step, stage = pledge.bloc_year.step, pledge.stage
        unfit = step in running and stage in {PledgeStatus.DRAFT, PledgeStatus.CONSULTING}
        if unfit or (step is YearStatus.CLOSED) != (stage is PledgeStatus.CLOSED):
            yield f"Pledge {pledge.pk}: {stage}, while its year is {step}."


def signatures_stand_on_agreed_text() -> Iterator[str]:
    """A signature that stands is on an agreed text; one in the browser came after the agreement."""
    standing = PledgeSignature.objects.filter(revoked_at__isnull=True).order_by("pk")
    unfrozen = Q(pledge__status__in=[PledgeStatus.DRAFT, PledgeStatus.CONSULTING])
    for signature in standing.filter(unfrozen):
        yield f"PledgeSignature {signature.pk}: stands on a text that is not agreed."
    early = standing.filter(
        method=SignatureMethod.BROWSER, recorded_at__lt=F("pledge__agreed_at"), is_example=False
    )
    for signature in early:
        yield f"PledgeSignature {signature.pk}: signed before the text was agreed."
    nameless = standing.filter(method=SignatureMethod.BROWSER, signatory="")
    for signature in nameless:
        yield f"PledgeSignature {signature.pk}: signed in the browser by nobody."


def rows_stay_in_their_year() -> Iterator[str]:
    """Signatures, comments, reports and targets belong to one and the same bloc-year."""
    of_year = F("pledge__bloc_year")
    strangers: dict[str, QuerySet[Any]] = {
        "PledgeSignature": PledgeSignature.objects.exclude(membership__bloc_year=of_year),
        "PledgeComment": PledgeComment.objects.exclude(membership__bloc_year=of_year),
        "Comment on item": PledgeComment.objects.filter(item__isnull=False).exclude(
            item__pledge=F("pledge")
        ),
        "Report": Report.objects.filter(membership__isnull=False).exclude(
            membership__bloc_year=F("bloc_year")
        ),
        "Target": Target.objects.filter(item__isnull=False).exclude(
            item__pledge__bloc_year=F("registration__membership__bloc_year")
        ),
    }
    for name, rows in strangers.items():
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            yield f"{name} {pk}: belongs to another bloc-year."


def items_are_numbered() -> Iterator[str]:
    """The items that stand in a pledge are numbered 1, 2, 3 …"""
    rows = PledgeItem.objects.filter(dropped_at__isnull=True).order_by("pledge_id", "position")
    places: dict[int, list[int]] = {}
    for item in rows:
        places.setdefault(item.pledge_id, []).append(item.position)
    for pledge_id, found in places.items():
        if found != list(range(1, len(found) + 1)):
            yield f"Pledge {pledge_id}: its items are numbered {found}."


INVARIANTS: tuple[Callable[[], Iterator[str]], ...] = (
    pledge_logs,
    registration_logs,
    report_logs,
    agreement_is_logged,
    years_have_the_pledge_they_need,
    signatures_stand_on_agreed_text,
    rows_stay_in_their_year,
    items_are_numbered,
)
