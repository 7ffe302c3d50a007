"""Inside the unit: leader and officer hand a sheet to and fro; its outer state stays as it is."""

from __future__ import annotations

from django.db import transaction

from blocs.selectors.standing import standing_in
from emulation.access import require
from emulation.models import User
from scoring.enums import RemarkKind
from scoring.models import ScoreSheet, SheetRemark
from scoring.permissions.sheet import can_edit_sheet, can_hand_back
from scoring.services.remarks import checked_text, write_remark
from scoring.services.sheet_lock import locked_sheet


def remark_on_sheet(*, actor: User, sheet: ScoreSheet, kind: RemarkKind, text: str) -> SheetRemark:
    """Comment on the unit's own sheet, hand it back to the officer, or hand it to the leader.

    Effects, in order: lock; permission (handing back: the unit's leaders); the row. Raises Refused,
    ValidationError (nothing said, too long).
    """
    text = checked_text(kind, text)
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        allowed = can_hand_back if kind is RemarkKind.RETURNED else can_edit_sheet
        require(allowed(standing, sheet))
        return write_remark(actor, standing, sheet, kind, text)
