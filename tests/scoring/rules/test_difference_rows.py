"""Each row of a difference, complete: its kind, place, code, field, and both values in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scoring.rules.difference import Change, ChangeKind, matched_codes, rubric_difference
from scoring.rules.rubric import GradeBand, RubricRules, SectionRules
from tests.scoring.rules.tables import D, direct, rubric, section, whole

ADDED, REMOVED, CHANGED = ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED


def table(*sections: SectionRules, **more: Any) -> RubricRules:
    return rubric(*sections, **more)


def base(*criteria: Any, code: str = "A", **more: Any) -> SectionRules:
    return section(code, "BASE", *criteria, **more)


# ---------------------------------------------------------------- rows that come and go


def test_a_criterion_dropped_and_one_added() -> None:
    before, after = table(base(direct("A1", 60))), table(base(direct("A2", "60.5"), maximum=60))
    assert rubric_difference(before, after) == (
        Change(REMOVED, "Tiêu chí A1", "A1", "", "A1 (60 điểm)", ""),
        Change(ADDED, "Tiêu chí A2", "A2", "", "", "A2 (60,5 điểm)"),
    )


def test_two_dropped_criteria_are_both_named() -> None:
    before = table(base(direct("A1", 6), direct("A2", 4), maximum=10))
    after = table(base(maximum=10))
    assert rubric_difference(before, after) == (
        Change(REMOVED, "Tiêu chí A1", "A1", "", "A1 (6 điểm)", ""),
        Change(REMOVED, "Tiêu chí A2", "A2", "", "A2 (4 điểm)", ""),
    )


def test_a_section_dropped_and_one_added() -> None:
    before, after = table(base(code="A", maximum=40)), table(base(code="B", maximum="7.5"))
    assert rubric_difference(before, after) == (
        Change(REMOVED, "Phần A", "A", "", "Phần A (40 điểm)", ""),
        Change(ADDED, "Phần B", "B", "", "", "Phần B (7,5 điểm)"),
    )


def test_a_grade_dropped_and_one_added() -> None:
    good, fair = (GradeBand(name=name, lower_bound=D("80.5")) for name in ("Tốt", "Khá"))
    assert rubric_difference(table(grades=(good,)), table(grades=(fair,))) == (
        Change(REMOVED, "Xếp loại Tốt", "Tốt", "", "từ 80,5 điểm", ""),
        Change(ADDED, "Xếp loại Khá", "Khá", "", "", "từ 80,5 điểm"),
    )


def test_rows_after_an_added_one_are_still_compared() -> None:
    before = table(base(direct("A1", 10), maximum=10))
    after = table(base(direct("A0", 1), direct("A1", 9), maximum=10))
    assert rubric_difference(before, after) == (
        Change(ADDED, "Tiêu chí A0", "A0", "", "", "A0 (1 điểm)"),
        Change(CHANGED, "Tiêu chí A1", "A1", "điểm tối đa", "10", "9"),
    )


# ---------------------------------------------------------------- fields


def test_a_setting_belongs_to_no_row() -> None:
    assert rubric_difference(table(floor=D(0)), table(floor=None)) == (
        Change(CHANGED, "Thông tin chung", "", "tổng điểm thấp nhất", "0", ""),
    )


def test_a_renamed_code_is_told_and_what_stands_under_it_has_not_moved() -> None:
    before = table(base(whole("A1", 10, direct("A1a", 4), direct("A1b", 6))))
    after = table(base(whole("A9", 10, direct("A9a", 4), direct("A9b", 6))))
    after = replace(before, sections=tuple(_titled_as(before, after)))
    origins = {"A9": "A1", "A9a": "A1a", "A9b": "A1b"}
    assert rubric_difference(before, after, origins) == tuple(
        Change(CHANGED, f"Tiêu chí {now}", now, "mã", was, now) for now, was in origins.items()
    )


def _titled_as(before: RubricRules, after: RubricRules) -> list[SectionRules]:
    """The later sections with the titles of the earlier criteria."""
    found = []
    for old, new in zip(before.sections, after.sections, strict=True):
        criteria = tuple(
            replace(
                now,
                title=was.title,
                parts=tuple(
                    replace(part, title=earlier.title)
                    for part, earlier in zip(now.parts, was.parts, strict=True)
                ),
            )
            for now, was in zip(new.criteria, old.criteria, strict=True)
        )
        found.append(replace(new, criteria=criteria))
    return found


def test_a_part_that_stands_under_another_criterion_says_so() -> None:
    one, two = direct("x", 4), direct("y", 6)
    before = table(base(whole("A1", 10, one, two), whole("A2", 5, direct("z", 5))))
    after = table(base(whole("A1", 10, two), whole("A2", 5, direct("z", 5), one)))
    assert rubric_difference(before, after) == (
        Change(CHANGED, "Tiêu chí x", "x", "thuộc tiêu chí", "A1", "A2"),
    )


def test_a_part_that_becomes_a_criterion_of_its_own_stands_under_none() -> None:
    before = table(base(whole("A1", 10, direct("x", 4), direct("y", 6))))
    after = table(base(whole("A1", 10, direct("y", 6)), direct("x", 4), maximum=10))
    assert rubric_difference(before, after) == (
        Change(CHANGED, "Tiêu chí x", "x", "thuộc tiêu chí", "A1", ""),
    )


# ---------------------------------------------------------------- order


@pytest.mark.parametrize(
    ("order", "moved", "was", "now"),
    [
        ("CAB", "C", "sau B", "đầu tiên"),
        ("BCA", "A", "đầu tiên", "sau C"),
        ("ABDC", "D", "sau C", "sau B"),
    ],
)
def test_a_criterion_that_moved_names_its_neighbours(
    order: str, moved: str, was: str, now: str
) -> None:
    before, after = (
        table(base(*(direct(code, 1) for code in codes), maximum=9))
        for codes in (sorted(order), order)
    )
    assert rubric_difference(before, after) == (
        Change(CHANGED, f"Tiêu chí {moved}", moved, "thứ tự", was, now),
    )


def test_order_is_compared_among_those_that_both_tables_have_there() -> None:
    """A comes from another section and N is new: neither moves B or C."""
    one, two, new = direct("B", 1), direct("C", 1), direct("N", 1)
    come = direct("A", 1)
    before = table(base(one, two, maximum=9), base(come, code="D", maximum=9))
    after = table(base(come, one, new, two, maximum=9), base(code="D", maximum=9))
    assert rubric_difference(before, after) == (
        Change(CHANGED, "Tiêu chí A", "A", "thuộc phần", "D", "A"),
        Change(ADDED, "Tiêu chí N", "N", "", "", "N (1 điểm)"),
    )


def test_grades_have_no_order_of_their_own() -> None:
    good, fair = GradeBand(name="Tốt", lower_bound=D(80)), GradeBand(name="Khá", lower_bound=D(65))
    assert rubric_difference(table(grades=(good, fair)), table(grades=(fair, good))) == ()


# ---------------------------------------------------------------- which row is which


@pytest.mark.parametrize(
    ("old", "new", "origins", "found"),
    [
        ("A B", "A B", {}, {"A": "A", "B": "B"}),
        ("A B", "B C", {}, {"B": "B"}),
        ("A B", "A C", {"C": "B"}, {"A": "A", "C": "B"}),
        ("A B", "B A", {"A": "B", "B": "A"}, {"A": "B", "B": "A"}),
        ("A", "B A", {"A": "A", "B": "A"}, {"A": "A"}),
        ("A", "A B", {"A": "A", "B": "A"}, {"A": "A"}),
        ("C", "A C", {"A": "C", "C": "C"}, {"C": "C"}),
        ("A", "C B A", {"C": "A", "B": "A", "A": "A"}, {"A": "A"}),
        ("A B", "A B", {"A": "B"}, {"A": "B"}),
        ("A", "A", {"A": "gone"}, {}),
        ("A", "B", {"B": "gone"}, {}),
        ("A B C", "C D", {"D": "C"}, {"D": "C"}),
    ],
)
def test_codes_are_matched_by_origin_then_by_likeness(
    old: str, new: str, origins: dict[str, str], found: dict[str, str]
) -> None:
    assert matched_codes(old.split(), new.split(), origins) == found
