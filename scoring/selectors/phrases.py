"""Reasons an appraiser can take over: his or her own, and those often given in this bloc."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from blocs.standing import Standing
from scoring.models import ScoreLine, ScoreSheet, StockPhrase

OFTEN = 2
MOST = 6
LONGEST = 200


def own_phrases(user_id: int) -> QuerySet[StockPhrase]:
    """Return the phrases that a person keeps, in the order of their words."""
    return StockPhrase.objects.filter(user_id=user_id, removed_at__isnull=True).order_by(
        "text", "pk"
    )


def often_given(standing: Standing, sheet: ScoreSheet) -> list[str]:
    """Return the reasons this bloc gave most often, in the order of their words: one query.

    Not in that of their frequency: the key of a phrase shall not change from sheet to sheet.

    Only what the reader may know: of published years, and of this year's sheets on which the same
    people act as on this one. What was written once is no phrase, but that unit's own matter.
    """
    rows = (
        ScoreLine.objects.filter(
            Q(sheet__bloc_year__published_at__isnull=False) | _same_hands(standing, sheet),
            sheet__bloc_year__bloc_id=sheet.bloc_year.bloc_id,
        )
        .exclude(sheet__membership__unit_id__in=standing.units)
        .exclude(appraised_reason="")
        .order_by()
        .values_list("appraised_reason")
        .annotate(times=Count("pk"))
        .filter(times__gte=OFTEN)
        .order_by("-times", "appraised_reason")
    )
    return sorted(text for text, _ in rows[:MOST] if len(text) <= LONGEST)


def _same_hands(standing: Standing, sheet: ScoreSheet) -> Q:
    """The head's own sheet is its stand-in's alone; all others are the head's."""
    this_year = Q(sheet__bloc_year_id=sheet.bloc_year_id)
    if sheet.membership.unit_id == standing.head:
        return this_year & Q(sheet_id=sheet.pk)
    return this_year & ~Q(sheet__membership__unit_id=standing.head)
