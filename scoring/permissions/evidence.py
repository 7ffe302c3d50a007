"""Who may use a piece of evidence for further lines of its sheet, and for which."""

from __future__ import annotations

from blocs.standing import Standing
from emulation.access import Verdict
from scoring.models import Explanation, ScoreLine, ScoreSheet
from scoring.permissions.explanations import can_explain
from scoring.permissions.sheet import can_fill_sheet
from scoring.selectors.sheet_lines import lines_of


def can_share_evidence(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Use evidence for further lines: whoever may attach to at least some line of the sheet now."""
    edits = can_fill_sheet(standing, sheet)
    explains = can_explain(standing, sheet)
    return explains or edits


def lines_taking_evidence(standing: Standing, sheet: ScoreSheet) -> list[ScoreLine]:
    """Return the lines to which the person may attach evidence now, in the rubric's order.

    The same answer as ``can_add_evidence`` gives for each line, in one query. Lines that the
    system computes need no evidence.
    """
    if not can_share_evidence(standing, sheet):
        return []
    lines = lines_of(sheet).filter(criterion__automatic="")
    if not can_fill_sheet(standing, sheet):
        asked = Explanation.objects.filter(line__sheet=sheet, answer="").order_by()
        lines = lines.filter(pk__in=asked.values("line_id"))
    return list(lines)
