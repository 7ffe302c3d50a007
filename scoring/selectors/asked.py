"""What a unit was asked about: each cut as it stood at the asking, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.enums import PointStage
from scoring.models import Explanation, PointChange, ScoreLine

EARLIER_ROUND = "Giải trình trước khi trả lại bảng:"
"""How an entry of the history begins that only keeps what was said in an earlier round."""


@dataclass(frozen=True, slots=True)
class AskedCut:
    """A line's appraised input, as stored, its points, and why and by whom it was so appraised.

    ``answer`` is what the answer made of the input, with its points; None where it kept it.
    """

    document: Any
    points: Decimal | None
    reason: str
    who: str
    answer: tuple[Any, Decimal | None] | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the history of a line's appraised points."""

    at: dt.datetime
    document: Any
    points: Decimal | None
    reason: str
    actor_id: int
    who: str


def asked_cuts(explanations: Mapping[int, Explanation]) -> dict[int, AskedCut]:
    """Return what stood on each line when the unit was asked, by line id: one query.

    It is the last entry of the history before the asking. Its reason is that of the entry which
    made the input what it is: points that another line pulled along have none of their own.
    """
    history: dict[int, list[_Entry]] = {}
    changes = PointChange.objects.filter(line__in=explanations, stage=PointStage.APPRAISED)
    for line_id, *rest in changes.order_by("at", "pk").values_list(
        *("line_id", "at", "new_input", "new_points", "reason", "actor_id", "actor__full_name")
    ):
        history.setdefault(line_id, []).append(_Entry(*rest))
    return {
        line_id: cut
        for line_id, entries in history.items()
        if (cut := _cut(explanations[line_id], entries)) is not None
    }


def _cut(explanation: Explanation, entries: Sequence[_Entry]) -> AskedCut | None:
    before = [
        each
        for each in entries
        if each.at <= explanation.asked_at and not each.reason.startswith(EARLIER_ROUND)
    ]
    if not before:
        return None
    last = before[-1]
    told = [each for each in before if each.reason and each.document == last.document]
    source = told[-1] if told else last
    answer = next((each for each in entries if _is_answer(explanation, each)), None)
    return AskedCut(
        last.document,
        last.points,
        source.reason,
        source.who,
        answer=(answer.document, answer.points) if answer else None,
    )


def _is_answer(explanation: Explanation, entry: _Entry) -> bool:
    answered = explanation.answered_at
    return (
        answered is not None
        and entry.at >= answered
        and entry.actor_id == explanation.answered_by_id
        and entry.reason == explanation.answer[: len(entry.reason)]
        and bool(entry.reason)
    )


def conclusion_of(explanation: Explanation, line: ScoreLine, cut: AskedCut | None) -> str:
    """Return what an answer did to the line; empty before there is one."""
    if not explanation.answer:
        return ""
    if cut is None or cut.answer is None:
        return "Giữ điểm thẩm định"
    document, _ = cut.answer
    if document == line.self_input:
        return "Lấy lại số liệu đơn vị tự chấm"
    return "Sửa số liệu thẩm định"
