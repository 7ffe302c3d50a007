"""What differs between two versions, in words."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from scoring.rules.difference import Change, ChangeKind, rubric_difference
from scoring.rules.rubric import from_document
from tests.scoring.builders import DOCUMENT

BEFORE = from_document(DOCUMENT)


def changed(**other: Any) -> dict[str, Any]:
    return deepcopy(DOCUMENT) | other


def criterion(document: dict[str, Any], section: int, place: int) -> dict[str, Any]:
    found: dict[str, Any] = document["sections"][section]["criteria"][place]
    return found


def test_a_renamed_code_is_a_change_where_its_origin_is_known() -> None:
    document = changed()
    criterion(document, 0, 1)["code"] = "A9"
    after = from_document(document)
    plain = {(each.kind, each.code) for each in rubric_difference(BEFORE, after)}
    assert plain == {(ChangeKind.ADDED, "A9"), (ChangeKind.REMOVED, "A2")}
    known = rubric_difference(BEFORE, after, {"A9": "A2"})
    assert known == (Change(ChangeKind.CHANGED, "Tiêu chí A9", "A9", "mã", "A2", "A9"),)


def test_a_dropped_code_that_another_took_over_is_told_apart() -> None:
    document = changed()
    criteria = document["sections"][0]["criteria"]
    taken = criteria[0]["code"]
    del criteria[0]
    criteria[0]["code"] = taken
    known = rubric_difference(BEFORE, from_document(document), {taken: "A2"})
    kinds = {(each.kind, each.code, each.field) for each in known}
    assert (ChangeKind.REMOVED, taken, "") in kinds
    assert (ChangeKind.CHANGED, taken, "mã") in kinds
