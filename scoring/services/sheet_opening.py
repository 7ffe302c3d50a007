"""Sheets opened: one for each member that ranks, with a line for every criterion."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from blocs.models import BlocYear, Membership
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import standing_in
from emulation.access import Conflict, require
from emulation.models import User
from scoring.models import Criterion, Rubric, ScoreLine, ScoreSheet
from scoring.permissions.sheet import can_open_newcomers_sheet, can_open_sheets, scoring_is_on
from scoring.selectors.rubrics import issued_rubric
from scoring.services.sheet_workflow import SHEET_WORKFLOW


def open_sheets(*, actor: User, bloc_year: BlocYear) -> list[ScoreSheet]:
    """Give every ranking member that has none its sheet, pinned to the version in force.

    Effects, in order: sheets written; a line for each criterion or part; the first record of
    each log. Members that have a sheet are passed over. Returns the new sheets. Raises Refused,
    Conflict (no rubric issued).
    """
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update(of=("self",)).get(pk=bloc_year.pk)
        standing = standing_in(actor, bloc_year)
        require(can_open_sheets(standing, bloc_year))
        rubric = issued_rubric(bloc_year)
        if rubric is None:
            raise Conflict("Chưa ban hành bảng chấm điểm nên chưa mở được bảng tự chấm điểm.")
        without = members_not_ended(bloc_year).filter(is_ranking=True, sheet__isnull=True)
        sheets = [_new_sheet(bloc_year, rubric, membership) for membership in without]
        ScoreSheet.objects.bulk_create(sheets)
        _write_lines(sheets, rubric)
        for sheet in sheets:
            SHEET_WORKFLOW.begin(sheet, actor=actor, acting=standing.acting_head)
    return sheets


def open_newcomers_sheet(*, actor: User, membership: Membership) -> ScoreSheet | None:
    """Give a member that joined while units score themselves its sheet, pinned as the others'.

    None, and nothing done, where the year is not at that step, no table is issued, or the member
    does not rank here. Effects, in order: locks the year; checks; the sheet; its lines; the first
    record of its log. A member that has a sheet keeps it. Raises Refused.
    """
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update(of=("self",)).get(pk=membership.bloc_year_id)
        rubric = issued_rubric(bloc_year)
        if rubric is None or not membership.is_ranking or not scoring_is_on(bloc_year):
            return None
        standing = standing_in(actor, bloc_year)
        require(can_open_newcomers_sheet(standing, bloc_year))
        existing = ScoreSheet.objects.filter(membership=membership).first()
        if existing is not None:
            return existing
        sheet = _new_sheet(bloc_year, rubric, membership)
        sheet.save()
        _write_lines([sheet], rubric)
        acting = standing.acting_board if standing.is_board else standing.acting_head
        SHEET_WORKFLOW.begin(sheet, actor=actor, acting=acting)
    return sheet


def _new_sheet(bloc_year: BlocYear, rubric: Rubric, membership: Membership) -> ScoreSheet:
    """Return a sheet; what is scored on an example rubric is an example, with its note."""
    return ScoreSheet(
        board_id=bloc_year.board_id,
        bloc_year=bloc_year,
        membership=membership,
        rubric=rubric,
        is_example=rubric.is_example or bloc_year.is_example or membership.is_example,
        note=rubric.note if rubric.is_example else "",
    )


def _write_lines(sheets: Iterable[ScoreSheet], rubric: Rubric) -> None:
    leaves = list(
        Criterion.objects.filter(Q(parent__isnull=False) | Q(parts__isnull=True), rubric=rubric)
        .order_by("pk")
        .distinct()
    )
    ScoreLine.objects.bulk_create(
        ScoreLine(sheet=sheet, criterion=leaf) for sheet in sheets for leaf in leaves
    )
