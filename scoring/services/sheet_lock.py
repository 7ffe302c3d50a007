"""The lock every deed on a sheet begins with."""

from __future__ import annotations

from scoring.models import ScoreSheet


def locked_sheet(sheet: ScoreSheet) -> ScoreSheet:
    """Return the sheet with its year, member and rubric as they stand once its row is ours.

    Inside a transaction; two queries. In one, PostgreSQL would give the other tables as they stood
    before the wait: a deed that waited while the year was tabled would not see it.
    """
    ScoreSheet.objects.select_for_update().values_list("pk").get(pk=sheet.pk)
    return ScoreSheet.objects.select_related("bloc_year__bloc", "membership__unit", "rubric").get(
        pk=sheet.pk
    )
