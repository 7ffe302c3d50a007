"""What a unit was asked about: each cut as it stood at the asking, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from scoring.enums import PointStage
from scoring.models import Explanation, PointChange, ScoreLine, ScoreSheet


@dataclass(frozen=True, slots=True)
class AskedCut:
    """A line's appraised input, as stored, its points, and why and by whom it was so appraised."""

    document: Any
    points: Decimal | None
    reason: str
    who: str


def asked_cuts(sheet: ScoreSheet) -> dict[int, AskedCut]:
    """Return what stood on each line when the unit was asked, by line id: one query.

    It is the last entry of the history before the asking; what came after it, an answer that
    gives the points back, is not what the unit was asked about.
    """
    changes = PointChange.objects.filter(
        line__sheet=sheet,
        stage=PointStage.APPRAISED,
        at__lte=F("line__explanation__asked_at"),
    )
    rows = changes.order_by("at", "pk").values_list(
        "line_id", "new_input", "new_points", "reason", "actor__full_name"
    )
    return {line: AskedCut(document, points, why, who) for line, document, points, why, who in rows}


def conclusion_of(explanation: Explanation, line: ScoreLine, cut: AskedCut | None) -> str:
    """Return what an answer did to the line; empty before there is one."""
    if not explanation.answer:
        return ""
    if cut is None or line.appraised_input == cut.document:
        return "Giữ điểm thẩm định"
    if line.appraised_input == line.self_input:
        return "Lấy lại số liệu đơn vị tự chấm"
    return "Sửa số liệu thẩm định"
