"""Lines to look at again after a sheet moved to a later version: looked at."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from blocs.selectors.standing import standing_in
from emulation.access import Refused, Verdict, require
from emulation.models import User
from scoring.models import ScoreLine, ScoreSheet
from scoring.permissions.appraisal import can_appraise, is_handed_in
from scoring.permissions.sheet import can_edit_sheet
from scoring.selectors.shares import Shares, shares_of
from scoring.services.sheets import locked_sheet


def confirm_review(*, actor: User, sheet: ScoreSheet, criteria: Collection[int]) -> int:
    """Note that lines, by criterion id, were looked at again and stand as they are.

    Effects, in order: lock; permission: the unit while the sheet is with it, else its appraisers;
    the mark taken off. Returns how many lines had one. Raises Refused, also for
    a line that another department judges.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        handed_in: Verdict = is_handed_in(sheet)
        may = can_appraise if handed_in else can_edit_sheet
        require(may(standing, sheet))
        lines = ScoreLine.objects.filter(
            sheet=sheet, criterion_id__in=criteria, criterion__rubric_id=sheet.rubric_id
        )
        if handed_in:
            _check_own(shares_of(standing, sheet), lines)
        return lines.exclude(review="").update(review="")


def _check_own(shares: Shares, lines: QuerySet[ScoreLine]) -> None:
    if not shares.is_split:
        return
    rows = lines.select_related("criterion__parent").order_by("pk")
    for who, codes in shares.others(row.criterion for row in rows).items():
        raise Refused(f"Tiêu chí {', '.join(codes)} do {who} thẩm định và xem lại.")
