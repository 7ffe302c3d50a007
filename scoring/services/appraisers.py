"""Who appraises the sheets of a year, in how many rounds: set before the first appraisal begins."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import AppraisalRounds, AppraisedBy
from blocs.models import BlocYear
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import standing_in
from blocs.services.writing import lock_year, save_checked
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.vietnamese import join_names
from scoring.models import AppraiserChange, ScoreSheet
from scoring.permissions.cross_check import can_set_appraisers
from scoring.selectors.appraisers import first_appraised
from scoring.selectors.staffing import staffing_of

NO_DEPUTY = (
    "Khối chưa có Phó Trưởng khối nên không giao Phó Trưởng khối thẩm định được. Đề nghị ghi Phó "
    "Trưởng khối của năm trước."
)


def set_appraisers(
    *,
    actor: User,
    bloc_year: BlocYear,
    appraised_by: str,
    seen: str = "",
    appraisal_rounds: int | None = None,
    seen_rounds: int | None = None,
) -> BlocYear:
    """Say who appraises the year's sheets and in how many rounds, and return the year.

    Effects, in order: locks the year and its sheets, so that no appraisal begins meanwhile;
    permission and moment; the setting; a row of history. ``seen`` and ``seen_rounds`` are what the
    page showed: Conflict where it is another by now. Without ``appraisal_rounds`` they stay.
    Raises Refused, ValidationError with keys ``appraised_by`` (no deputy) and
    ``appraisal_rounds`` (nobody for a second round). Nothing is written where nothing changes.
    """
    with transaction.atomic():
        year = lock_year(bloc_year)
        _lock_sheets(year)
        standing = standing_in(actor, year)
        require(can_set_appraisers(standing, year, first_appraised(year)))
        _check_seen(year, seen, seen_rounds)
        rounds = year.appraisal_rounds if appraisal_rounds is None else appraisal_rounds
        if appraised_by == AppraisedBy.DEPUTY and not standing.deputies:
            raise ValidationError({"appraised_by": NO_DEPUTY})
        if (appraised_by, rounds) != (year.appraised_by, year.appraisal_rounds):
            if rounds == AppraisalRounds.TWO:
                _check_two_people(standing, year, appraised_by)
            _write(actor, standing, year, appraised_by, rounds)
    return year


def _check_seen(year: BlocYear, seen: str, seen_rounds: int | None) -> None:
    if seen in ("", year.appraised_by) and seen_rounds in (None, year.appraisal_rounds):
        return
    who, rounds = AppraisedBy(year.appraised_by), AppraisalRounds(year.appraisal_rounds)
    raise Conflict(
        f"Người khác vừa đổi ai thẩm định: {who.label}, {rounds.label.lower()}. Đề nghị xem lại "
        "rồi chọn."
    )


def _check_two_people(standing: Standing, year: BlocYear, appraised_by: str) -> None:
    """Raise ValidationError naming the units whose sheet nobody else could go through again."""
    asked = replace(standing, appraised_by=appraised_by, appraisal_rounds=AppraisalRounds.TWO)
    staffing = staffing_of(asked, year.pk)
    lacking = []
    for member in members_not_ended(year).filter(is_ranking=True):
        again = staffing.second_readers(asked, member.unit_id)
        first = staffing.oversight(asked, member.unit_id).appraisers
        if not again or (len(again) == 1 and again <= first):
            lacking.append(member.unit_name)
    if lacking:
        raise ValidationError(
            {
                "appraisal_rounds": "Chưa đủ hai người để thẩm định hai vòng bảng chấm điểm của "
                f"{join_names(lacking)}. Đề nghị cử thêm người vào tổ thư ký, ghi thêm Phó Trưởng "
                "khối, hoặc bổ sung cán bộ cho đơn vị thẩm định."
            }
        )


def _write(actor: User, standing: Standing, year: BlocYear, appraised_by: str, rounds: int) -> None:
    acting = standing.acting_board if standing.is_board else standing.acting_head
    change = AppraiserChange(
        bloc_year=year,
        before=year.appraised_by,
        after=appraised_by,
        rounds_before=year.appraisal_rounds,
        rounds_after=rounds,
        actor=actor,
        acting_as=acting.label,
        at=clock.now(),
    )
    year.appraised_by, year.appraisal_rounds = appraised_by, rounds
    save_checked(year, actor, only=["appraised_by", "appraisal_rounds"])
    save_checked(change, actor)


def _lock_sheets(bloc_year: BlocYear) -> None:
    sheets = ScoreSheet.objects.select_for_update(of=("self",)).filter(bloc_year=bloc_year)
    list(sheets.order_by("pk").values_list("pk", flat=True))
