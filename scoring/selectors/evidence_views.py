"""Who has opened the evidence of a sheet."""

from __future__ import annotations

from scoring.models import EvidenceView, ScoreSheet
from scoring.selectors.sheet_lines import evidence_of


def opened_by(sheet: ScoreSheet) -> dict[int, set[int]]:
    """Return, by line id, the ids of the users who have opened every file on it. Two queries.

    A line without files (nothing attached, or papers cited only) is not among the keys: there is
    nothing to open. Content opened once on a sheet counts wherever it stands on that sheet; a file
    that came in the place of another has to be opened anew. So ``user_id`` has judged line ``x``
    without opening its evidence where ``x in found and user_id not in found[x]``.
    """
    wanted: dict[int, set[str]] = {}
    for line_id, sha256 in _files(sheet):
        wanted.setdefault(line_id, set()).add(sha256)
    seen = _seen(sheet)
    return {
        line_id: {user for user, opened in seen.items() if hashes <= opened}
        for line_id, hashes in wanted.items()
    }


def _files(sheet: ScoreSheet) -> list[tuple[int, str]]:
    files = evidence_of(sheet).filter(file__isnull=False).select_related(None).order_by("pk")
    return list(files.values_list("line_id", "file__sha256"))


def _seen(sheet: ScoreSheet) -> dict[int, set[str]]:
    views = EvidenceView.objects.filter(evidence__line__sheet=sheet).order_by("pk")
    seen: dict[int, set[str]] = {}
    for user_id, sha256 in views.values_list("user_id", "evidence__file__sha256"):
        seen.setdefault(user_id, set()).add(sha256)
    return seen
