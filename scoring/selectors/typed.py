"""Whether a unit typed anything on its sheet itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from scoring.enums import PointStage
from scoring.models import PointChange, ScoreSheet


def know_who_typed(sheets: Sequence[ScoreSheet]) -> None:
    """Set ``typed_by_unit`` on each sheet: whether its unit changed an input itself. One query."""
    own = PointChange.objects.filter(
        line__sheet__in=sheets,
        stage=PointStage.SELF,
        acting_for=F("line__sheet__membership__unit_id"),
    )
    changes = own.order_by("pk").values_list("line__sheet_id", "old_input", "new_input")
    typed = {sheet_id for sheet_id, old, new in changes if old != new}
    for sheet in sheets:
        vars(sheet)["typed_by_unit"] = sheet.pk in typed


def is_typed_by_unit(sheet: ScoreSheet) -> bool:
    """Return whether the unit changed an input of its sheet itself."""
    if not hasattr(sheet, "typed_by_unit"):
        know_who_typed([sheet])
    return bool(vars(sheet)["typed_by_unit"])
