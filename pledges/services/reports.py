"""Interim and year-end reports: saved as drafts, sent, handed back."""

from __future__ import annotations

from django.db import transaction

from blocs.models import BlocYear, Membership
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from pledges.enums import ReportKind
from pledges.models import Report
from pledges.permissions import can_write_report
from pledges.selectors.reports import report_of
from pledges.services.checks import REPORT_LENGTH, checked_text, require_version
from pledges.services.sending_workflows import REPORT_WORKFLOW, acting_author

PARTS = (
    ("results", "Kết quả"),
    ("limitations", "Hạn chế, nguyên nhân"),
    ("next_tasks", "Nhiệm vụ thời gian tới"),
)


def save_report(
    *,
    actor: User,
    bloc_year: BlocYear,
    membership: Membership | None,
    kind: ReportKind | str,
    results: str,
    limitations: str,
    next_tasks: str,
    version: int = 0,
    is_example: bool = False,
) -> Report:
    """Save a draft of a unit's report, or of the bloc's where ``membership`` is None.

    ``version`` is the one the person saw, 0 before there was any. Effects, in order: locks the
    bloc-year; checks permission and version; writes the parts, who and when, and for a new report
    the first row of its log. Raises Refused, EditedMeanwhile, ValidationError.
    """
    typed = {"results": results, "limitations": limitations, "next_tasks": next_tasks}
    parts = {
        name: checked_text(
            typed[name], field=name, label=label, limit=REPORT_LENGTH, required=False
        )
        for name, label in PARTS
    }
    kind = ReportKind(kind)
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
        _check_member(bloc_year, membership)
        standing = standing_in(actor, bloc_year)
        stored = report_of(bloc_year, membership, kind)
        require(can_write_report(standing, bloc_year, membership, stored))
        require_version(version, stored.version if stored else 0, as_stored(stored))
        if stored is None:
            stored = Report.objects.create(
                bloc_year=bloc_year,
                membership=membership,
                kind=kind,
                **parts,
                saved_at=clock.now(),
                saved_by=actor,
                is_example=is_example,
            )
            acting = acting_author(standing, membership.unit_id if membership else None)
            REPORT_WORKFLOW.begin(stored, actor=actor, acting=acting)
            return stored
        return _rewritten(stored, parts, actor)


def _rewritten(stored: Report, parts: dict[str, str], actor: User) -> Report:
    for name, text in parts.items():
        setattr(stored, name, text)
    stored.version += 1
    stored.saved_at, stored.saved_by = clock.now(), actor
    stored.save(update_fields=[*parts, "version", "saved_at", "saved_by"])
    return stored


def send_report(*, actor: User, report: Report, version: int | None = None) -> Report:
    """Send a saved report; the first sending decides lateness.

    ``version`` is that of the page on which the person checked it. Effects, in order: locks the
    report; gateway; sets who sent it and when. Raises Refused, Conflict (nothing written).
    """
    with transaction.atomic():
        report = _locked(report)
        if version is not None:
            require_version(version, report.version, as_stored(report))
        report.sent_at, report.sent_by = clock.now(), actor
        report.first_sent_at = report.first_sent_at or report.sent_at
        REPORT_WORKFLOW.take(
            "send", report, actor=actor, also=("sent_at", "sent_by", "first_sent_at")
        )
    return report


def return_report(*, actor: User, report: Report, reason: str) -> Report:
    """Hand a sent report back, with a reason.

    Effects, in order: locks the report; gateway; empties who sent it and when (the first sending
    stays). Raises Refused, Conflict, ValidationError.
    """
    with transaction.atomic():
        report = _locked(report)
        report.sent_at, report.sent_by = None, None
        REPORT_WORKFLOW.take(
            "return", report, actor=actor, reason=reason, also=("sent_at", "sent_by")
        )
    return report


def as_stored(report: Report | None) -> list[tuple[str, str]]:
    """Return the stored parts with their labels, for the person who was overtaken."""
    if report is None:
        return [("Báo cáo", "chưa có")]
    return [(label, getattr(report, name) or "(để trống)") for name, label in PARTS]


def _locked(report: Report) -> Report:
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("bloc_year", "membership__bloc_year")
        .get(pk=report.pk)
    )


def _check_member(bloc_year: BlocYear, membership: Membership | None) -> None:
    if membership is not None and membership.bloc_year_id != bloc_year.pk:
        raise Conflict("Đơn vị này không thuộc Khối trong năm.")
