"""Deadlines for a whole province at once: all blocs of a board in one year."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from blocs.models import Board, BoardDeadline, Deadline
from blocs.permissions import manages_board
from blocs.selectors.board_deadlines import board_year, years_of_board
from blocs.services.board_deadline_plan import Change, Dates, KindPlan, plan_kinds, plan_of
from blocs.services.deadlines import announce_days
from blocs.services.writing import delete_noted, lock_board, save_checked
from emulation import clock
from emulation.access import require
from emulation.models import User
from emulation.plans import Plan, require_plan


def plan_board_deadlines(*, actor: User, board: Board, year: int, dates: Dates) -> Plan:
    """Return what these common days would do to every bloc of the board that year.

    A kind without a day has no common one (an earlier one is lifted). Refused unless an officer of
    the board; ValidationError at the kind for a day far from the year.
    """
    require(manages_board(actor, board.pk))
    facts = board_year(actor, board, year, list(years_of_board(board, year)))
    return plan_of(facts, plan_kinds(actor, facts, dates))


@transaction.atomic
def set_board_deadlines(
    *, actor: User, board: Board, year: int, dates: Dates, seen: str | None = None
) -> Plan:
    """Set the common days of a board's year and return the plan that was carried out.

    Locks the board and its blocs of that year; makes the plan anew and refuses one other than
    ``seen`` (Conflict); writes the common days; sets or moves the day of every bloc that is not an
    exception, not past the matter, and not the actor's own where the day has passed. History
    keeps every day. Errors as in :func:`plan_board_deadlines`.
    """
    board = lock_board(board.pk)
    require(manages_board(actor, board.pk))
    rows = years_of_board(board, year)
    facts = board_year(actor, board, year, list(rows.select_for_update(of=("self",))))
    kinds = plan_kinds(actor, facts, dates)
    plan = plan_of(facts, kinds)
    require_plan(plan, seen)
    for each in kinds:
        _write_common(actor, board, year, each)
    _write_blocs(actor, [change for each in kinds for change in each.changes])
    return plan


def _write_common(actor: User, board: Board, year: int, plan: KindPlan) -> None:
    if plan.old == plan.new:
        return
    row = BoardDeadline.objects.filter(board=board, year=year, kind=plan.kind).first()
    if plan.new is None:
        if row is not None:
            delete_noted(row, actor)
        return
    row = row or BoardDeadline(board=board, year=year, kind=plan.kind)
    row.due_on = plan.new
    save_checked(row, actor)


def _write_blocs(actor: User, changes: Sequence[Change]) -> None:
    """Write all rows with their history in four statements, whatever the number of blocs."""
    fresh = [
        Deadline(bloc_year=each.bloc_year, kind=each.kind, due_on=each.due_on)
        for each in changes
        if each.before is None
    ]
    moved = [_moved(each.before, each) for each in changes if each.before is not None]
    noted = {"default_user": actor, "default_date": clock.now()}
    if fresh:
        bulk_create_with_history(fresh, Deadline, **noted)
    if moved:
        fields = ["due_on", "is_exception", "exception_reason"]
        bulk_update_with_history(moved, Deadline, fields, **noted)
    _announce(actor, changes, [*fresh, *moved])


def _announce(actor: User, changes: Sequence[Change], written: Sequence[Deadline]) -> None:
    """Announce each bloc's new days as one happening."""
    years = {each.bloc_year.pk: each.bloc_year for each in changes}
    for key, bloc_year in years.items():
        rows = sorted((row for row in written if row.bloc_year_id == key), key=lambda r: r.due_on)
        announce_days(actor, bloc_year, rows)


def _moved(row: Deadline, change: Change) -> Deadline:
    row.due_on, row.is_exception, row.exception_reason = change.due_on, False, ""
    return row
