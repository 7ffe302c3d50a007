"""A line that takes files: its door, how much room is left, what was taken off it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from scoring.models import Evidence, ScoreLine, ScoreSheet
from scoring.selectors.sheet_lines import evidence_of


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


def get_line(sheet: ScoreSheet, criterion_id: int) -> ScoreLine:
    """Return the line of a criterion on a sheet; Http404 if there is none."""
    line = (
        ScoreLine.objects.filter(
            sheet=sheet, criterion_id=criterion_id, criterion__rubric_id=sheet.rubric_id
        )
        .select_related("criterion__section", "criterion__parent", "sheet")
        .first()
    )
    if line is None:
        raise Http404
    return line
