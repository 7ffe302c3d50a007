"""Noting that somebody has opened a piece of evidence."""

from __future__ import annotations

from django.db import transaction

from blocs.selectors.standing import standing_in
from emulation.access import Conflict, require
from emulation.models import User
from scoring.models import Evidence, EvidenceView
from scoring.selectors.sheets import may_read_content
from scoring.services.evidence import GONE


def note_opening(*, actor: User, evidence: Evidence) -> EvidenceView:
    """Note that the person opens the evidence's file: the first time, once.

    Effects: the row, unless it is there. Raises Refused where the person may not read the sheet's
    content now, Conflict where the evidence was taken off its line or carries no file.
    """
    with transaction.atomic():
        sheet = evidence.line.sheet
        require(may_read_content(standing_in(actor, sheet.bloc_year), sheet))
        standing = Evidence.objects.filter(
            pk=evidence.pk, removed_at__isnull=True, file__isnull=False
        )
        if not standing.exists():
            raise Conflict(GONE)
        view, _ = EvidenceView.objects.get_or_create(evidence=evidence, user=actor)
    return view
