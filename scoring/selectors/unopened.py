"""What an appraiser accepted without having opened its evidence: for whoever approves."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from scoring.models import Evidence, EvidenceView, ScoreLine

_Seen = set[tuple[int, int, str]]


def kept_unopened(sheets: Collection[int]) -> dict[int, set[int]]:
    """Return, by sheet id, the ids of lines kept as scored by somebody who never opened a file.

    A line without files has nothing to open. Content opened once on a sheet counts wherever it
    stands on that sheet. Three queries for any number of sheets; a sheet without such lines is
    not among the keys.
    """
    files = _files(sheets)
    seen = _seen(sheets) if files else set()
    found: dict[int, set[int]] = {}
    for line in _kept(sheets):
        wanted = files.get(line.pk, set())
        if any((line.sheet_id, line.appraised_by_id, sha256) not in seen for sha256 in wanted):
            found.setdefault(line.sheet_id, set()).add(line.pk)
    return found


def _kept(sheets: Collection[int]) -> list[ScoreLine]:
    rows = ScoreLine.objects.filter(
        sheet__in=sheets,
        appraised_by__isnull=False,
        criterion__automatic="",
        criterion__rubric=F("sheet__rubric"),
    ).order_by("pk")
    return [row for row in rows if row.appraised_input == row.self_input]


def _files(sheets: Collection[int]) -> dict[int, set[str]]:
    rows = Evidence.objects.filter(
        line__sheet__in=sheets, removed_at__isnull=True, file__isnull=False
    ).order_by("pk")
    files: dict[int, set[str]] = {}
    for line_id, sha256 in rows.values_list("line_id", "file__sha256"):
        files.setdefault(line_id, set()).add(sha256)
    return files


def _seen(sheets: Collection[int]) -> _Seen:
    views = EvidenceView.objects.filter(evidence__line__sheet__in=sheets).order_by("pk")
    return set(views.values_list("evidence__line__sheet_id", "user_id", "evidence__file__sha256"))
