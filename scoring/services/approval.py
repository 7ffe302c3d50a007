"""Approval: the appraised points become final, for one sheet or for several at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Verdict, refuse, require
from emulation.models import User
from scoring.enums import PointStage, SheetStatus
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import can_approve
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import lines_of
from scoring.selectors.sheets import year_sheets_for
from scoring.selectors.staffing import Staffing, staffing_of
from scoring.services.relative import settle_relative
from scoring.services.sheet_lock import locked_sheet
from scoring.services.sheet_workflow import SHEET_WORKFLOW
from scoring.services.totals import put_points, score, store_total, write_lines

FINAL = PointStage.FINAL


def approve_sheet(*, actor: User, sheet: ScoreSheet) -> ScoreSheet:
    """Make the appraised points of a sheet final.

    Effects, in order: locks; gateway (permission, status, who and when); every line's final input
    is the appraised one, unless the meeting has already resolved otherwise; final points and the
    final total. Raises Conflict, Refused.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        require(can_approve(standing_in(actor, sheet.bloc_year), sheet))
        _approve(actor, sheet)
    return sheet


def _approve(actor: User, sheet: ScoreSheet) -> None:
    sheet.approved_at, sheet.approved_by = clock.now(), actor
    SHEET_WORKFLOW.take("approve", sheet, actor=actor, also=["approved_at", "approved_by"])
    lines = list(lines_of(sheet))
    for line in lines:
        if line.final_input is None:
            line.final_input = line.appraised_input
    scored = score(sheet, FINAL, rules_of(sheet.rubric), lines)
    put_points(scored, FINAL, lines)
    write_lines(lines, ["final_input", "final_points"])
    store_total(sheet, FINAL, scored)
    if sheet.bloc_year.step.reached(YearStatus.MEETING):
        settle_relative(actor=actor, bloc_year=sheet.bloc_year)


# ---------------------------------------------------------------- several at once


@dataclass(frozen=True, slots=True)
class Left:
    """A sheet that is not approved, and why."""

    sheet: ScoreSheet
    reason: str


@dataclass(frozen=True, slots=True)
class ApprovalOperation:
    """What approving several sheets would do, or has done: to whom, to whom not and why."""

    sheets: tuple[ScoreSheet, ...]
    left: tuple[Left, ...]

    @property
    def names(self) -> list[str]:
        """The units whose sheets are approved."""
        return [sheet.membership.unit_name for sheet in self.sheets]


def plan_approvals(
    *, user: User, bloc_year: BlocYear, sheet_ids: Collection[int]
) -> ApprovalOperation:
    """Return what approving these sheets would do; nothing is written.

    Sheets of other years are left out. The same number of queries for any number of sheets.
    """
    standing = standing_in(user, bloc_year)
    staffing = staffing_of(standing, bloc_year.pk)
    sheets = year_sheets_for(user, bloc_year).filter(pk__in=sheet_ids)
    return _planned(standing, staffing, sheets)


def _planned(
    standing: Standing, staffing: Staffing, sheets: Iterable[ScoreSheet]
) -> ApprovalOperation:
    judged = [(sheet, approvable(standing, sheet, staffing)) for sheet in sheets]
    return ApprovalOperation(
        sheets=tuple(sheet for sheet, verdict in judged if verdict),
        left=tuple(Left(sheet, verdict.reason) for sheet, verdict in judged if not verdict),
    )


def approvable(standing: Standing, sheet: ScoreSheet, staffing: Staffing | None = None) -> Verdict:
    """Tell whether the person may approve this sheet now: its status, then permission."""
    if sheet.stage is SheetStatus.APPROVED:
        return refuse("Bảng chấm điểm đã được duyệt.")
    if sheet.stage is not SheetStatus.APPRAISED:
        return refuse(f"Bảng chấm điểm chưa thẩm định xong: {sheet.stage.label.lower()}.")
    return can_approve(standing, sheet, staffing)


def approve_sheets(
    *, actor: User, bloc_year: BlocYear, sheet_ids: Collection[int]
) -> ApprovalOperation:
    """Approve every one of these sheets that may be approved; leave the others as they are.

    Effects of :func:`approve_sheet` on each, in one transaction. Returns what was done and what
    was left, each with its reason.
    """
    with transaction.atomic():
        list(
            ScoreSheet.objects.select_for_update(of=("self",))
            .filter(pk__in=sheet_ids, bloc_year=bloc_year)
            .order_by("pk")
        )
        operation = plan_approvals(user=actor, bloc_year=bloc_year, sheet_ids=sheet_ids)
        for sheet in operation.sheets:
            _approve(actor, sheet)
    return operation
