"""What differs between two versions, in words."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from scoring.rules.carrying import carry_input
from scoring.rules.difference import Change, ChangeKind, rubric_difference
from scoring.rules.numbers import InputError
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


# ---------------------------------------------------------------- inputs carried along


def rule(levels: list[list[Any]]) -> Any:
    document = changed()
    criterion(document, 0, 2)["levels"] = levels
    return from_document(document).places["A3"].leaf


OLD = [["Xuất sắc", 7], ["Tốt", 5], ["Chưa đạt", 0]]


@pytest.mark.parametrize(
    ("levels", "now"),
    [
        ([["Xuất sắc", 7], ["Tốt", 4], ["Chưa đạt", 0]], 1),
        ([["Tốt", 7], ["Xuất sắc", 5], ["Chưa đạt", 0]], 0),
        ([["Xuất sắc", 7], ["Khá", 5], ["Chưa đạt", 0]], 1),
        ([["Xuất sắc", 7], ["Khá", 5], ["Tốt", 4], ["Chưa đạt", 0]], 2),
    ],
)
def test_a_level_is_found_by_its_label(levels: list[list[Any]], now: int) -> None:
    document = {"kind": "choice", "level": 1}
    assert carry_input(rule(OLD), rule(levels), document) == {"kind": "choice", "level": now}


def test_a_level_that_is_gone_is_refused() -> None:
    with pytest.raises(InputError):
        carry_input(rule(OLD), rule([["Đạt", 7], ["Chưa đạt", 0]]), {"kind": "choice", "level": 1})


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError):
        carry_input(rule(OLD), BEFORE.places["B1"].leaf, {"kind": "choice", "level": 1})
    assert carry_input(rule(OLD), BEFORE.places["B1"].leaf, None) is None
