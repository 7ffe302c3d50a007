"""What higher apps contribute to lower ones, in one readable file.

A bloc-year's steps are blocked by signatures and sheets, its pages carry tabs of every app, and
home shows everyone's tasks; yet ``blocs`` imports neither ``pledges`` nor ``scoring``. Whatever
goes upward is listed here, in the order in which it is asked or shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import blocs.invariants
import blocs.notices
import blocs.selectors.audiences
import blocs.tabs
import blocs.tasks
import pledges.blockers
import pledges.consequences
import pledges.effects
import pledges.invariants
import pledges.notices
import pledges.tabs
import pledges.tasks
import scoring.blockers
import scoring.consequences
import scoring.effects
import scoring.invariants
import scoring.notices
import scoring.selectors.cross_checks
import scoring.selectors.departments
import scoring.services.boards
import scoring.services.departments
import scoring.tabs
import scoring.tasks
from blocs import slots
from blocs.slots import (
    BoardsMerged,
    BoardsMerging,
    Entrusted,
    FirstReceived,
    HandedIn,
    Joined,
    Joining,
    Leaving,
    Reckoning,
    YearBlocker,
    YearCopied,
    YearEffect,
    YearTabs,
)
from emulation.notices import table
from emulation.notices.table import CrowdReader, Source
from emulation.tasks import TaskSource

YEAR_BLOCKERS: tuple[YearBlocker, ...] = (
    pledges.blockers.year_blockers,
    scoring.blockers.year_blockers,
)
YEAR_EFFECTS: tuple[YearEffect, ...] = (
    pledges.effects.year_effects,
    scoring.effects.year_effects,
)
YEAR_TABS: tuple[YearTabs, ...] = (
    blocs.tabs.opening_tabs,
    pledges.tabs.year_tabs,
    scoring.tabs.year_tabs,
    blocs.tabs.closing_tabs,
)
HANDED_IN: tuple[HandedIn, ...] = (pledges.blockers.handed_in, scoring.blockers.handed_in)
FIRST_RECEIVED: tuple[FirstReceived, ...] = (
    pledges.blockers.first_received,
    scoring.blockers.first_received,
)
LEAVING: tuple[Leaving, ...] = (pledges.consequences.leaving, scoring.consequences.leaving)
JOINING: tuple[Joining, ...] = (pledges.consequences.joining, scoring.consequences.joining)
RECKONING: tuple[Reckoning, ...] = (
    pledges.consequences.reckoning,
    scoring.consequences.reckoning,
)
JOINED: tuple[Joined, ...] = (scoring.consequences.joined,)
YEARS_COPIED: tuple[YearCopied, ...] = (scoring.services.departments.copy_department_people,)
BOARDS_MERGING: tuple[BoardsMerging, ...] = (scoring.services.boards.awards_passing,)
BOARDS_MERGED: tuple[BoardsMerged, ...] = (scoring.services.boards.pass_awards,)
ENTRUSTED: tuple[Entrusted, ...] = (
    scoring.selectors.cross_checks.checkers_among,
    scoring.selectors.departments.department_people_among,
)
TASK_SOURCES: tuple[TaskSource, ...] = (
    blocs.tasks.desk,
    pledges.tasks.desk,
    scoring.tasks.desk,
)
NOTICE_SOURCES: tuple[Callable[[], Source], ...] = (
    blocs.notices.source,
    pledges.notices.source,
    scoring.notices.source,
)
CROWDS: tuple[CrowdReader, ...] = (blocs.selectors.audiences.crowds,)
INVARIANTS: tuple[Callable[[], Iterable[str]], ...] = (
    blocs.invariants.year_logs,
    blocs.invariants.boards_agree,
    blocs.invariants.merged_boards_are_empty,
    blocs.invariants.years_agree,
    blocs.invariants.names_follow_each_other,
    blocs.invariants.successions_stay_in_their_lineage,
    blocs.invariants.ended_units_leave_nothing_running,
    blocs.invariants.posts_do_not_overlap,
    blocs.invariants.rows_stay_in_their_year,
    pledges.invariants.pledge_logs,
    pledges.invariants.registration_logs,
    pledges.invariants.report_logs,
    pledges.invariants.agreement_is_logged,
    pledges.invariants.years_have_the_pledge_they_need,
    pledges.invariants.signatures_stand_on_agreed_text,
    pledges.invariants.rows_stay_in_their_year,
    pledges.invariants.items_are_numbered,
    scoring.invariants.totals_equal_their_lines,
    scoring.invariants.approved_sheets_have_final_totals,
    scoring.invariants.snapshots_recompute,
    scoring.invariants.snapshots_are_numbered,
    scoring.invariants.rows_stay_in_their_year,
    scoring.invariants.successors_rank_alone,
    scoring.invariants.logs_agree,
    scoring.invariants.decisions_fit_nominations,
    scoring.invariants.awards_stand_under_their_board,
    scoring.invariants.files_have_owners,
)


def wire() -> None:
    """Hand the lists to the slots; called once when Django has loaded the apps."""
    slots.fill(
        blockers=YEAR_BLOCKERS,
        effects=YEAR_EFFECTS,
        tabs=YEAR_TABS,
        handed_in=HANDED_IN,
        leaving=LEAVING,
        joining=JOINING,
        reckoning=RECKONING,
        joined=JOINED,
        copied=YEARS_COPIED,
        first_received=FIRST_RECEIVED,
        boards_merging=BOARDS_MERGING,
        boards_merged=BOARDS_MERGED,
        entrusted=ENTRUSTED,
    )
    table.fill((source() for source in NOTICE_SOURCES), CROWDS[0])
