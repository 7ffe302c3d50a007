"""What a unit's criteria came to in the year before: the points that were published."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F

from scoring.enums import SheetStatus
from scoring.models import ScoreLine, ScoreSheet
from scoring.selectors.lineage import carried, criteria_of_bloc


def last_year_points(sheet: ScoreSheet) -> dict[int, Decimal]:
    """Return last year's final points by criterion of this sheet: two queries at most.

    The same unit in the same bloc, one year earlier, once that result was published. Criteria are
    matched by descent, else by code; one that is new, or was split, has no points. Minus points
    are positive magnitudes as everywhere.
    """
    olds = list(
        ScoreLine.objects.filter(
            sheet__membership__unit_id=sheet.membership.unit_id,
            sheet__bloc_year__bloc_id=sheet.bloc_year.bloc_id,
            sheet__bloc_year__year=sheet.bloc_year.year - 1,
            sheet__bloc_year__published_at__isnull=False,
            sheet__status=SheetStatus.APPROVED,
            criterion__rubric=F("sheet__rubric"),
            final_points__isnull=False,
        )
        .order_by("sheet_id", "pk")
        .values_list("sheet__rubric_id", "criterion__code", "final_points")
    )
    if not olds:
        return {}
    points = {code: final for _, code, final in olds if final is not None}
    nodes = criteria_of_bloc(sheet.bloc_year.bloc_id)
    return carried(points, olds[0][0], sheet.rubric_id, nodes)
