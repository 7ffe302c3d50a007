"""Whether the appraisal of a year has begun, and how it was set who appraises."""

from __future__ import annotations

from django.db.models import QuerySet

from blocs.models import BlocYear
from scoring.enums import SheetStatus
from scoring.models import AppraiserChange, SheetTransition


def first_appraised(bloc_year: BlocYear) -> str:
    """Return the unit whose sheet was first taken into appraisal, by its name; empty if none."""
    begun = SheetTransition.objects.filter(
        sheet__bloc_year=bloc_year,
        from_status=SheetStatus.SUBMITTED,
        to_status=SheetStatus.APPRAISING,
    )
    found = begun.order_by("at", "pk").values_list("sheet__membership__unit_name", flat=True)
    return found.first() or ""


def appraiser_changes(bloc_year: BlocYear) -> QuerySet[AppraiserChange]:
    """Return how often it was set otherwise who appraises, newest first."""
    return AppraiserChange.objects.filter(bloc_year=bloc_year).select_related("actor")
