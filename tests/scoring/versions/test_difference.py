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


def test_equal_versions_do_not_differ() -> None:
    assert rubric_difference(BEFORE, from_document(changed())) == ()


def test_settings_and_grades_are_told() -> None:
    grades = [["Xuất sắc", 92], ["Tốt", 80], ["Trung bình", 50], ["Chưa đạt", 0]]
    found = rubric_difference(BEFORE, from_document(changed(plus_cap=5, grades=grades)))
    assert Change(ChangeKind.CHANGED, "Toàn bảng", "", "Điểm cộng tối đa", "10", "5") in found
    assert Change(ChangeKind.CHANGED, "Xếp loại Xuất sắc", "", "Từ điểm", "90", "92") in found
    kinds = {(each.kind, each.place) for each in found}
    assert (ChangeKind.ADDED, "Xếp loại Trung bình") in kinds
    assert (ChangeKind.REMOVED, "Xếp loại Khá") in kinds


def test_criteria_are_added_removed_and_changed() -> None:
    document = changed()
    criterion(document, 0, 1)["per"] = "1"
    document["sections"][3]["criteria"].pop()
    new = {"code": "E9", "title": "Mới", "max": 2, "kind": "passfail"}
    document["sections"][3]["criteria"].append(new)
    found = {
        (each.kind, each.code): each for each in rubric_difference(BEFORE, from_document(document))
    }
    told = found[ChangeKind.CHANGED, "A2"]
    assert (told.field, told.before, told.after) == ("Điểm mỗi lần", "0,5", "1")
    assert "Nội dung: Mới" in found[ChangeKind.ADDED, "E9"].after
    assert "Nội dung: Mô hình mới" in found[ChangeKind.REMOVED, "E2"].before


def test_a_renamed_code_is_a_change_where_its_origin_is_known() -> None:
    document = changed()
    criterion(document, 0, 1)["code"] = "A9"
    after = from_document(document)
    plain = {(each.kind, each.code) for each in rubric_difference(BEFORE, after)}
    assert plain == {(ChangeKind.ADDED, "A9"), (ChangeKind.REMOVED, "A2")}
    known = rubric_difference(BEFORE, after, {"A9": "A2"})
    assert known == (Change(ChangeKind.CHANGED, "Tiêu chí A9", "A9", "Mã", "A2", "A9"),)


def test_levels_and_parts_are_told() -> None:
    document = changed()
    criterion(document, 0, 2)["levels"] = [["Xuất sắc", 7], ["Khá", 4], ["Chưa đạt", 0]]
    criterion(document, 1, 2)["parts"][0]["per"] = 1
    found = {each.code: each for each in rubric_difference(BEFORE, from_document(document))}
    assert found["A3"].before == "Xuất sắc 7 điểm; Tốt 5 điểm; Chưa đạt 0 điểm"
    assert found["B3a"].place == "Ý B3a"


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
