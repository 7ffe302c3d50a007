"""What was entered under one version of a criterion, read under a later one: never another deed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scoring.rules.carrying import carry_input
from scoring.rules.enums import Automatic, NotApplicable
from scoring.rules.numbers import InputError
from scoring.rules.rubric import CriterionRules, Level
from tests.scoring.rules.tables import D, averaging, choice, counting, deduct, direct

GOOD, FAIR, POOR = ("Xuất sắc", 7), ("Tốt", 5), ("Chưa đạt", 0)


def levels(rule: CriterionRules, *named: tuple[str, int]) -> CriterionRules:
    return replace(rule, levels=tuple(Level(label, D(points)) for label, points in named))


def chosen(*named: tuple[str, int]) -> CriterionRules:
    return levels(choice("A3", (7,)), *named)


def averaged(*named: tuple[str, int]) -> CriterionRules:
    return levels(averaging("B1", (7,)), *named)


def level(place: int) -> dict[str, Any]:
    return {"kind": "choice", "level": place}


def cases(*counts: int) -> dict[str, Any]:
    return {"kind": "event_average", "cases": list(counts)}


OLD = chosen(GOOD, FAIR, POOR)


@pytest.mark.parametrize(
    ("after", "now"),
    [
        ((GOOD, ("Tốt", 4), POOR), 1),
        ((FAIR, GOOD, POOR), 0),
        ((GOOD, ("Khá", 5), POOR), 1),
        ((GOOD, ("Khá", 5), ("Tốt", 4), POOR), 2),
        ((GOOD, FAIR), 1),
    ],
)
def test_a_level_is_found_by_its_label(after: tuple[tuple[str, int], ...], now: int) -> None:
    assert carry_input(OLD, chosen(*after), level(1)) == level(now)


def test_of_two_levels_with_one_label_the_chosen_one_stays() -> None:
    twice = chosen(("Đạt", 7), ("Đạt", 5), POOR)
    assert carry_input(twice, twice, level(1)) == level(1)


@pytest.mark.parametrize(
    "after",
    [
        (("Đạt", 7), POOR),
        (GOOD, ("Đạt", 5), ("Khá", 4), POOR),
        (POOR, GOOD, ("Đạt", 5)),
    ],
)
def test_a_level_that_is_gone_is_refused_by_its_name(after: tuple[tuple[str, int], ...]) -> None:
    """By its place only a level that is new may follow it: the last case puts an old one there."""
    with pytest.raises(InputError, match="Mức “Tốt” không còn trong bảng"):
        carry_input(OLD, chosen(*after), level(1))


def test_cases_go_to_their_levels_and_add_up() -> None:
    before, after = averaged(GOOD, FAIR, POOR), averaged(POOR, ("Tốt", 5), GOOD)
    assert carry_input(before, after, cases(1, 2, 3)) == cases(3, 2, 1)


def test_cases_of_two_levels_with_one_label_add_up() -> None:
    before, after = averaged(FAIR, GOOD, FAIR, POOR), averaged(POOR, GOOD, FAIR)
    assert carry_input(before, after, cases(1, 0, 4, 2)) == cases(2, 0, 5)


def test_a_level_that_is_gone_matters_only_where_it_has_cases() -> None:
    before, after = averaged(GOOD, FAIR, POOR), averaged(GOOD, POOR)
    assert carry_input(before, after, cases(2, 0, 1)) == cases(2, 1)
    with pytest.raises(InputError):
        carry_input(before, after, cases(2, 1, 1))


def test_other_kinds_stay_as_they_were_written() -> None:
    count = {"kind": "count", "n": 3}
    assert carry_input(deduct("A", 10, "0.5"), deduct("A", 10, 1), count) == count
    points = {"kind": "direct", "points": "4.5"}
    assert carry_input(direct("A", 5), direct("A", 10), points) == points


def test_what_did_not_arise_stays_so_whatever_the_levels() -> None:
    absent = {"kind": "not_applicable"}
    after = replace(chosen(("Đạt", 7)), not_applicable=NotApplicable.FULL)
    assert carry_input(OLD, after, absent) == absent


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError):
        carry_input(OLD, direct("A3", 7), level(1))
    with pytest.raises(InputError):
        carry_input(direct("A3", 7), OLD, {"kind": "direct", "points": "5"})


def test_faults_are_never_read_as_merits() -> None:
    count = {"kind": "count", "n": 3}
    with pytest.raises(InputError, match=r"^Số liệu nhập theo cách chấm khác"):
        carry_input(deduct("A2", 10, 1), counting("A2", 10, 1), count)


def test_what_did_not_arise_stays_so_under_another_way_of_scoring() -> None:
    absent = {"kind": "not_applicable"}
    after = counting("A2", 10, 1, not_applicable=NotApplicable.ZERO)
    assert carry_input(deduct("A2", 10, 1), after, absent) == absent
    with pytest.raises(InputError):
        carry_input(deduct("A2", 10, 1), counting("A2", 10, 1), absent)


def test_nothing_entered_stays_nothing() -> None:
    assert carry_input(OLD, OLD, None) is None


def test_what_the_system_counts_itself_is_not_carried() -> None:
    counted = counting("F1", 5, 1, automatic=Automatic.LATE_DAYS)
    assert carry_input(counting("F1", 5, 1), counted, {"kind": "count", "n": 2}) is None
