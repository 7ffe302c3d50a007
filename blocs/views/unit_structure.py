"""What a unit's page shows of its structure: before, after, changes, and what may be changed."""

from __future__ import annotations

from typing import Any

from blocs.models import Unit
from blocs.permissions import can_change_structure, manages_board
from blocs.selectors.structure import changes_of_unit, lineage_of
from emulation.models import User


def structure_of(user: User, unit: Unit) -> dict[str, Any]:
    """Return what ``blocs/_unit_structure.html`` shows."""
    before, after = lineage_of(user, unit)
    verdict = can_change_structure(user, unit.board_id, [unit.pk])
    manages = bool(manages_board(user, unit.board_id))
    return {
        "before": before,
        "after": after,
        "ended_words": "đã sáp nhập, chia" if after else "đã giải thể",
        "changes": list(changes_of_unit(unit)),
        "restructure": bool(verdict) and unit.ended_on is None,
        "why_not": verdict.reason if manages and unit.ended_on is None else "",
    }
