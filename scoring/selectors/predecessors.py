"""The units that a unit came after, and the evidence it may take over from them."""

from __future__ import annotations

from django.db.models import QuerySet

from blocs.models import Unit
from blocs.selectors.standing import inheritances
from scoring.models import Evidence, ScoreSheet


def predecessor_ids(unit_id: int) -> frozenset[int]:
    """Return every unit the unit came after, through any number of mergers: a query per step.

    Only units that ended by it: one that gave off a part and went on keeps its own.
    """
    found: set[int] = set()
    latest = {unit_id}
    while latest:
        rows = inheritances().filter(successor__in=latest).order_by()
        latest = set(rows.values_list("predecessor_id", flat=True)) - found - {unit_id}
        found |= latest
    return frozenset(found)


def predecessors_of(unit: Unit) -> QuerySet[Unit]:
    """Return the units that the unit came after, in Vietnamese order; none for a new one."""
    return Unit.objects.filter(pk__in=predecessor_ids(unit.pk)).order_by("sorting", "pk")


def predecessors_evidence(sheet: ScoreSheet) -> QuerySet[Evidence]:
    """Return what predecessors attached in the same year or the one before, by unit and line.

    Files only: a paper that was merely cited is cited anew. Evidence taken off its line is not
    offered.
    """
    year = sheet.bloc_year.year
    units = predecessor_ids(sheet.membership.unit_id)
    return (
        Evidence.objects.filter(
            file__isnull=False,
            removed_at__isnull=True,
            line__sheet__membership__unit__in=units,
            line__sheet__membership__year__in=(year, year - 1),
        )
        .select_related(
            "file", "line__criterion", "line__sheet__membership", "line__sheet__bloc_year"
        )
        .order_by(
            "-line__sheet__membership__year",
            "line__sheet__membership__sorting",
            "line__criterion__section__position",
            "line__criterion__position",
            "added_at",
            "pk",
        )
    )
