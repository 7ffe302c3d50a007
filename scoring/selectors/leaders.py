"""By how much the units that rank exceed the targets against which points are relative."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from blocs.enums import YearStatus
from blocs.models import BlocYear
from scoring.enums import PointStage, SheetStatus
from scoring.models import ScoreLine, ScoreSheet
from scoring.rules.entries import TargetInput
from scoring.rules.points import excess
from scoring.rules.rubric import RubricRules
from scoring.selectors.ranking import live_ranking

Leaders = Mapping[str, Fraction]


def is_relative(rules: RubricRules) -> bool:
    """Tell whether a table has points that other units' figures change."""
    return any(place.leaf.relative for place in rules.places.values())


def leaders_for(sheet: ScoreSheet, stage: PointStage, rules: RubricRules) -> Leaders:
    """Return the leaders against which a sheet counts at a stage; none before it is tabled.

    No query for a table without relative targets.
    """
    if stage is not PointStage.FINAL or not is_relative(rules):
        return {}
    if not sheet.bloc_year.step.reached(YearStatus.MEETING):
        return {}
    return leaders_of(sheet.bloc_year)


def leaders_of(bloc_year: BlocYear) -> Leaders:
    """Return the largest excess by criterion among the units that rank, by approved figures."""
    considered = [member.pk for member in live_ranking(bloc_year).considered]
    rows = ScoreLine.objects.filter(
        sheet__membership__in=considered,
        sheet__status=SheetStatus.APPROVED,
        criterion__relative=True,
        final_input__isnull=False,
    ).values_list("criterion__code", "final_input")
    found: dict[str, Fraction] = {}
    for code, document in rows.order_by("pk"):
        if document and document.get("kind") == "target":
            found[code] = max(found.get(code, Fraction(0)), _excess(document))
    return found


def _excess(document: Mapping[str, Any]) -> Fraction:
    return excess(TargetInput(Decimal(document["actual"]), Decimal(document["target"])))
