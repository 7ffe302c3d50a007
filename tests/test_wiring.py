"""What the apps hand upward, by name and in order: the wiring against a literal list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from blocs.slots import slots
from emulation.site import wiring

EXPECTED = {
    "YEAR_BLOCKERS": [
        "pledges.blockers.year_blockers",
        "scoring.blockers.year_blockers",
    ],
    "YEAR_EFFECTS": [
        "pledges.effects.year_effects",
        "scoring.effects.year_effects",
    ],
    "YEAR_TABS": [
        "blocs.tabs.opening_tabs",
        "pledges.tabs.year_tabs",
        "scoring.tabs.year_tabs",
        "blocs.tabs.closing_tabs",
    ],
    "HANDED_IN": [
        "pledges.blockers.handed_in",
        "scoring.blockers.handed_in",
    ],
    "FIRST_RECEIVED": [
        "pledges.blockers.first_received",
        "scoring.blockers.first_received",
    ],
    "LEAVING": [
        "pledges.consequences.leaving",
        "scoring.consequences.leaving",
    ],
    "JOINING": [
        "pledges.consequences.joining",
        "scoring.consequences.joining",
    ],
    "RECKONING": [
        "pledges.consequences.reckoning",
        "scoring.consequences.reckoning",
    ],
    "JOINED": ["scoring.consequences.joined"],
    "YEARS_COPIED": ["scoring.services.copy_department_people"],
    "BOARDS_MERGING": ["scoring.services.awards_passing"],
    "BOARDS_MERGED": ["scoring.services.pass_awards"],
    "ENTRUSTED": ["scoring.selectors.checkers_among", "scoring.selectors.department_people_among"],
    "TASK_SOURCES": [
        "blocs.tasks.desk",
        "pledges.tasks.desk",
        "scoring.tasks.desk",
    ],
    "NOTICE_SOURCES": [
        "blocs.notices.source",
        "pledges.notices.source",
        "scoring.notices.source",
    ],
    "CROWDS": ["blocs.selectors.crowds"],
    "INVARIANTS": [
        "blocs.invariants.year_logs",
        "blocs.invariants.boards_agree",
        "blocs.invariants.merged_boards_are_empty",
        "blocs.invariants.years_agree",
        "blocs.invariants.names_follow_each_other",
        "blocs.invariants.successions_stay_in_their_lineage",
        "blocs.invariants.ended_units_leave_nothing_running",
        "blocs.invariants.posts_do_not_overlap",
        "blocs.invariants.rows_stay_in_their_year",
        "pledges.invariants.pledge_logs",
        "pledges.invariants.registration_logs",
        "pledges.invariants.report_logs",
        "pledges.invariants.agreement_is_logged",
        "pledges.invariants.years_have_the_pledge_they_need",
        "pledges.invariants.signatures_stand_on_agreed_text",
        "pledges.invariants.rows_stay_in_their_year",
        "pledges.invariants.items_are_numbered",
        "scoring.invariants.totals_equal_their_lines",
        "scoring.invariants.approved_sheets_have_final_totals",
        "scoring.invariants.snapshots_recompute",
        "scoring.invariants.snapshots_are_numbered",
        "scoring.invariants.rows_stay_in_their_year",
        "scoring.invariants.successors_rank_alone",
        "scoring.invariants.logs_agree",
        "scoring.invariants.decisions_fit_nominations",
        "scoring.invariants.awards_stand_under_their_board",
        "scoring.invariants.files_have_owners",
    ],
}


def names(functions: Iterable[Callable[..., Any]]) -> list[str]:
    """The functions as module and name; a package is named by itself, not by its modules."""
    return [f"{_package(each.__module__)}.{each.__name__}" for each in functions]


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_the_wiring_is_the_literal_list() -> None:
    lists = {name for name in vars(wiring) if name.isupper()}
    assert lists == set(EXPECTED), "name the new list in EXPECTED"
    assert {name: names(getattr(wiring, name)) for name in EXPECTED} == EXPECTED


def test_the_slots_hold_what_the_wiring_lists() -> None:
    assert names(slots.blockers) == EXPECTED["YEAR_BLOCKERS"]
    assert names(slots.effects) == EXPECTED["YEAR_EFFECTS"]
    assert names(slots.tabs) == EXPECTED["YEAR_TABS"]
    assert names(slots.handed_in) == EXPECTED["HANDED_IN"]
    assert names(slots.leaving) == EXPECTED["LEAVING"]
    assert names(slots.joining) == EXPECTED["JOINING"]
    assert names(slots.reckoning) == EXPECTED["RECKONING"]
    assert names(slots.joined) == EXPECTED["JOINED"]
    assert names(slots.copied) == EXPECTED["YEARS_COPIED"]
    assert names(slots.first_received) == EXPECTED["FIRST_RECEIVED"]
    assert names(slots.boards_merging) == EXPECTED["BOARDS_MERGING"]
    assert names(slots.boards_merged) == EXPECTED["BOARDS_MERGED"]
    assert names(slots.entrusted) == EXPECTED["ENTRUSTED"]
