"""What of a sheet has been appraised, differs, was asked about: pure questions over its lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import F, QuerySet

from scoring.enums import SectionKind
from scoring.models import CrossCheck, Dispute, Explanation, ScoreLine, ScoreSheet


def unappraised(lines: Iterable[ScoreLine]) -> list[ScoreLine]:
    """Return the lines that the unit filled in and nobody has judged yet.

    Lines the software counts, and those the unit confirmed as "không có", need no judgement.
    """
    return [
        line
        for line in lines
        if line.self_input is not None
        and line.appraised_input is None
        and not line.criterion.automatic
    ]


def is_appraised(line: ScoreLine) -> bool:
    """Tell whether somebody judged the line: kept the unit's figures or corrected them."""
    return line.appraised_by_id is not None


def differing(lines: Iterable[ScoreLine]) -> list[ScoreLine]:
    """Return the judged lines whose appraised points are not the unit's own."""
    return [
        line
        for line in lines
        if (line.appraised_input is not None or line.self_input is not None)
        and line.appraised_points is not None
        and line.appraised_points != line.self_points
    ]


def cut(lines: Iterable[ScoreLine]) -> list[ScoreLine]:
    """Return the judged lines that lower the unit's total: those it may explain.

    More minus points lower it too; so may points where the unit declared the line not applicable.
    """
    return [line for line in differing(lines) if _lowers(line)]


def _lowers(line: ScoreLine) -> bool:
    own, judged = line.self_points, line.appraised_points
    if own is None or judged is None:
        return True
    is_minus = line.criterion.section.kind == SectionKind.MINUS
    return bool(judged > own if is_minus else judged < own)


def explanation_on(line: ScoreLine) -> Explanation | None:
    """Return the explanation asked about a line, or None; the lines carry it by select_related."""
    return getattr(line, "explanation", None)


def unasked(sheet: ScoreSheet, lines: Iterable[ScoreLine]) -> list[ScoreLine]:
    """Return the lines about which the unit was not asked since it last handed the sheet in."""
    return [line for line in lines if not _was_asked(sheet, explanation_on(line))]


def lines_asked(sheets: Collection[ScoreSheet]) -> set[int]:
    """Return the ids of lines about which units were asked since they last handed in: one query."""
    asked = Explanation.objects.filter(
        line__sheet__in=sheets, asked_at__gte=F("line__sheet__submitted_at")
    )
    return set(asked.order_by("pk").values_list("line_id", flat=True))


def _was_asked(sheet: ScoreSheet, explanation: Explanation | None) -> bool:
    if explanation is None:
        return False
    return sheet.submitted_at is None or explanation.asked_at >= sheet.submitted_at


def explanations_of(sheet: ScoreSheet) -> QuerySet[Explanation]:
    """Return what the unit was asked about this sheet, in the rubric's order."""
    return (
        Explanation.objects.filter(line__sheet=sheet, line__criterion__rubric_id=sheet.rubric_id)
        .select_related(
            "line__criterion__section",
            "line__criterion__parent",
            "line__appraised_by",
            "explained_by",
            "answered_by",
        )
        .order_by("line__criterion__section__position", "line__criterion__position", "pk")
    )


def is_open(explanation: Explanation) -> bool:
    """Tell whether an explanation still waits: for the unit's word, or for an answer to it."""
    if explanation.is_silent or explanation.agrees:
        return False
    return not explanation.answer


def disputes_of(sheet: ScoreSheet) -> QuerySet[Dispute]:
    """Return what the unit put before the meeting, in the order in which it was raised."""
    return (
        Dispute.objects.filter(sheet=sheet)
        .select_related("line__criterion", "raised_by", "resolved_by", "meeting")
        .order_by("raised_at", "pk")
    )


def checks_of(sheet: ScoreSheet) -> QuerySet[CrossCheck]:
    """Return the cross-checks of a sheet, running ones and ended ones with an opinion."""
    return (
        CrossCheck.objects.filter(sheet=sheet)
        .select_related("checker", "assigned_by")
        .order_by("assigned_at", "pk")
    )
