"""How much room a sheet has left for files, and what was taken off a line."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.selectors.sheets import evidence_of


def room_left(sheet: ScoreSheet) -> int:
    """Return how many bytes of files the sheet may still take; a shared file counts once."""
    files = evidence_of(sheet).filter(file__isnull=False).order_by("pk")
    sizes = dict(files.values_list("file_id", "file__size"))
    limit: int = settings.SHEET_UPLOAD_MAX_BYTES
    return max(0, limit - sum(sizes.values()))


def removed_evidence(line: ScoreLine) -> QuerySet[Evidence]:
    """Return what was taken off a line, or replaced, the latest first."""
    return (
        Evidence.objects.filter(line=line, removed_at__isnull=False)
        .select_related("file", "removed_by", "replaced_by__file")
        .order_by("-removed_at", "-pk")
    )
