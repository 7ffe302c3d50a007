"""Every transition of every workflow × every role, against a table written from the rules.

A row of ``tests/expected/transitions.csv`` says whether a role may take a transition from a
status, and in what words it is refused. A transition that the table does not list fails; so does
a row that no workflow knows.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from blocs.services.steps import YEAR_WORKFLOW
from emulation.access import Refused
from emulation.workflow import Acting
from pledges.services.pledge_workflow import PLEDGE_WORKFLOW
from pledges.services.sending_workflows import REGISTRATION_WORKFLOW, REPORT_WORKFLOW
from scoring.services.nominations import nomination_workflow
from scoring.services.rubric_workflow import RUBRIC_WORKFLOW
from scoring.services.sheet_workflow import SHEET_WORKFLOW
from tests.matrix.conftest import undone
from tests.matrix.deeds import DEEDS, Deed, Key
from tests.story import MOMENTS, ROLES, Story

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent.parent / "expected" / "transitions.csv"
REASON = "Lý do kiểm thử"

WORKFLOWS = {
    "year": YEAR_WORKFLOW,
    "pledge": PLEDGE_WORKFLOW,
    "registration": REGISTRATION_WORKFLOW,
    "report": REPORT_WORKFLOW,
    "rubric": RUBRIC_WORKFLOW,
    "sheet": SHEET_WORKFLOW,
    "nomination": nomination_workflow(Acting(None, "")),
}
# The head's own sheet and nomination have rows of their own: others act on them.
SPECIAL = {"head_sheet": "sheet", "head_nomination": "nomination"}

# Return, reject, revert, exclude, override need a reason (and what departs from the quotas).
NEEDS_REASON = {
    *(("year", f"back_to_{status}") for status in (
        "draft", "consulting", "signing", "running", "self_scoring", "appraising", "meeting"
    )),
    ("year", "return_dossier"),
    ("year", "reopen_decision"),
    ("pledge", "reopen"),
    ("registration", "return"),
    ("report", "return"),
    ("rubric", "back_to_draft"),
    ("sheet", "return_to_unit"),
    ("sheet", "reopen_appraisal"),
    ("sheet", "back_to_first_round"),
    ("head_sheet", "return_to_unit"),
    ("head_sheet", "reopen_appraisal"),
    ("nomination", "return"),
    ("nomination", "lower"),
    ("nomination", "reject"),
    ("head_nomination", "decide"),
}  # fmt: skip


def _rows() -> dict[Key, dict[str, dict[str, str]]]:
    """The table by (object, transition, from), then by role."""
    table: dict[Key, dict[str, dict[str, str]]] = defaultdict(dict)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["object"], row["transition"], row["from"])
            assert row["role"] not in table[key], f"{key} lists {row['role']} twice"
            table[key][row["role"]] = row
    return table


ROWS = _rows()
KEYS = sorted(ROWS, key=lambda key: (MOMENTS.index(DEEDS[key].moment) if key in DEEDS else -1, key))


# ---------------------------------------------------------------- the table itself


def test_the_table_lists_every_transition_and_no_other() -> None:
    known = {
        (name, transition.name, str(source), str(transition.target))
        for name, workflow in WORKFLOWS.items()
        for transition in workflow.transitions
        for source in transition.sources
    }
    listed = {(*key, row["to"]) for key, rows in ROWS.items() for row in rows.values()}
    special = {(SPECIAL[row[0]], *row[1:]) for row in listed if row[0] in SPECIAL}
    listed = {row for row in listed if row[0] not in SPECIAL}
    assert sorted(known - listed) == [], "add these rows to tests/expected/transitions.csv"
    assert sorted(listed - known) == [], "no workflow knows these rows"
    assert special <= known


def test_the_table_names_every_role() -> None:
    """All but the anonymous one: a service is always asked by somebody."""
    people = set(ROLES) - {"anonymous"}
    wrong = {key: sorted(people ^ set(rows)) for key, rows in ROWS.items() if set(rows) != people}
    assert wrong == {}


def test_every_transition_has_its_deed() -> None:
    assert sorted(set(ROWS) ^ set(DEEDS)) == [], "say in tests/matrix/deeds.py how it is taken"


def test_a_reason_is_asked_for_where_the_rules_say_so() -> None:
    asked = {
        (name, transition.name)
        for name, workflow in WORKFLOWS.items()
        for transition in workflow.transitions
        if transition.needs_reason
    }
    assert asked <= NEEDS_REASON


def test_labels_say_the_deed_and_what_follows() -> None:
    for workflow in WORKFLOWS.values():
        for transition in workflow.transitions:
            assert transition.label[:1].isupper()
            assert transition.what_next.endswith(".")
            assert "!" not in transition.label + transition.what_next


# ---------------------------------------------------------------- every transition × every role


@pytest.mark.parametrize("key", KEYS, ids="-".join)
def test_transition(key: Key, at: Callable[[str], Story]) -> None:
    deed, story = DEEDS[key], at(DEEDS[key].moment)
    wrong = []
    with undone(), story.clock(days=deed.days):
        deed.prepare(story)
        assert deed.find(story).status == key[2]
        for role, row in ROWS[key].items():
            found = _attempt(deed, story, role, row)
            if found:
                wrong.append(f"{role}: {found}")
        wrong += _without_reason(key, deed, story)
    assert wrong == []


def _attempt(deed: Deed, story: Story, role: str, row: dict[str, str]) -> str:
    """What differs from the table when a role takes the transition; empty where nothing does."""
    person = story.person(role)
    assert person
    with undone():
        try:
            deed.act(story, person, REASON)
        except Refused as refusal:
            if row["verdict"] != "refused":
                return f"refused: {refusal.reason}"
            wanted = row["reason"]
            return "" if wanted in refusal.reason else f"{refusal.reason!r} lacks {wanted!r}"
        if row["verdict"] != "allowed":
            return "allowed"
        return _recorded(deed.find(story), person, row)


def _recorded(obj: Any, person: Any, row: dict[str, str]) -> str:
    if obj.status != row["to"]:
        return f"status {obj.status} instead of {row['to']}"
    last = obj.transitions.order_by("-at", "-pk").first()
    seen = (last.transition, last.from_status, last.to_status, last.actor)
    if seen != (row["transition"], row["from"], row["to"], person):
        return f"recorded as {seen}"
    return "" if last.acting_as else "recorded without saying on whose behalf"


def _without_reason(key: Key, deed: Deed, story: Story) -> list[str]:
    allowed = [role for role, row in ROWS[key].items() if row["verdict"] == "allowed"]
    if key[:2] not in NEEDS_REASON or not allowed:
        return []
    person = story.person(allowed[0])
    assert person
    with undone():
        try:
            deed.act(story, person, "  ")
        except ValidationError as error:
            return [] if "reason" in error.message_dict else [f"asks for {error.message_dict}"]
    return ["no reason was asked for"]
