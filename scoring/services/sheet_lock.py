"""The lock every deed on a sheet begins with."""

from __future__ import annotations

from scoring.models import ScoreSheet


def locked_sheet(sheet: ScoreSheet) -> ScoreSheet:
    """Return the sheet with its year, member and rubric as they stand once its row is ours.

    Inside a transaction; two queries. In one, PostgreSQL would give the other tables as they stood
    before the wait: a deed that waited while the year was tabled would not see it.
    """
    lock_sheet(sheet.pk)
    return ScoreSheet.objects.select_related("bloc_year__bloc", "membership__unit", "rubric").get(
        pk=sheet.pk
    )


def lock_sheet(sheet_id: int) -> None:
    """Take the row of a sheet, if there is one; whoever comes later waits. One query."""
    ScoreSheet.objects.select_for_update().filter(pk=sheet_id).values_list("pk").first()
