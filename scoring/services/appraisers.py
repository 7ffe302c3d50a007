"""Who appraises the sheets of a year: set before the first appraisal begins, with its history."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import AppraisedBy
from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.services.writing import lock_year, save_checked
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from scoring.models import AppraiserChange, ScoreSheet
from scoring.permissions.cross_check import can_set_appraisers
from scoring.selectors.appraisers import first_appraised

NO_DEPUTY = (
    "Khối chưa có Phó Trưởng khối nên không giao Phó Trưởng khối thẩm định được. Đề nghị ghi Phó "
    "Trưởng khối của năm trước."
)


def set_appraisers(
    *, actor: User, bloc_year: BlocYear, appraised_by: str, seen: str = ""
) -> BlocYear:
    """Say who appraises the year's sheets, and return the year.

    Effects, in order: locks the year and its sheets, so that no appraisal begins meanwhile;
    permission and moment; the setting; a row of history. ``seen`` is the setting the page showed:
    Conflict where it is another by now. Raises Refused, ValidationError. Nothing is written where
    nothing changes.
    """
    with transaction.atomic():
        year = lock_year(bloc_year)
        _lock_sheets(year)
        standing = standing_in(actor, year)
        require(can_set_appraisers(standing, year, first_appraised(year)))
        if seen not in ("", year.appraised_by):
            raise Conflict(
                "Người khác vừa đổi ai thẩm định: "
                f"{AppraisedBy(year.appraised_by).label}. Đề nghị xem lại rồi chọn."
            )
        if appraised_by == AppraisedBy.DEPUTY and not standing.deputies:
            raise ValidationError({"appraised_by": NO_DEPUTY})
        if appraised_by != year.appraised_by:
            acting = standing.acting_board if standing.is_board else standing.acting_head
            change = AppraiserChange(
                bloc_year=year,
                before=year.appraised_by,
                after=appraised_by,
                actor=actor,
                acting_as=acting.label,
                at=clock.now(),
            )
            year.appraised_by = appraised_by
            save_checked(year, actor, only=["appraised_by"])
            save_checked(change, actor)
    return year


def _lock_sheets(bloc_year: BlocYear) -> None:
    sheets = ScoreSheet.objects.select_for_update(of=("self",)).filter(bloc_year=bloc_year)
    list(sheets.order_by("pk").values_list("pk", flat=True))
