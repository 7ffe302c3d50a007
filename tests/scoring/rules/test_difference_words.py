"""Values of a rubric as every list of differences says them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scoring.rules.difference import rubric_difference
from scoring.rules.difference_words import in_words, tie_break_words
from scoring.rules.enums import CriterionKind
from scoring.rules.rubric import GradeBand, Level, RubricRules, SectionFloor
from tests.scoring.rules.tables import D, choice, direct, ratio, rubric, section, target

BAND = GradeBand(name="Xuất sắc", lower_bound=D(90))


def said(before: RubricRules, after: RubricRules) -> tuple[str, str]:
    """Both values of the one difference, in words."""
    (found,) = rubric_difference(before, after)
    return found.before, found.after


def of(rule: Any) -> RubricRules:
    return rubric(section("A", "BASE", rule))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ("", ""),
        ((), ""),
        (True, "Có"),
        (False, "Không"),
        (CriterionKind.RATIO, "Theo tỷ lệ"),
        (D("7.50"), "7,5"),
        (3, "3"),
        ("chữ", "chữ"),
    ],
)
def test_plain_values(value: object, words: str) -> None:
    assert in_words(value) == words


def test_levels_with_their_points_and_the_one_that_knocks_out() -> None:
    before = choice("A1", (7,))
    levels = (Level("Tốt", D("7.0")), Level("Yếu", D("0.5"), knocks_out=True))
    assert said(of(before), of(replace(before, levels=levels))) == (
        "0: 7",
        "Tốt: 7; Yếu: 0,5 (điểm liệt)",
    )


def test_a_ladder() -> None:
    before = ratio("A1", 5)
    after = ratio("A1", 5, ladder=[("0.625", "5"), ("0", "1.5")])
    assert said(of(before), of(after)) == ("", "từ 62,5%: 5; từ 0%: 1,5")


def test_conditions_by_section() -> None:
    floors = (SectionFloor("A", D("0.85")), SectionFloor("B", None))
    after = replace(BAND, section_floors=floors)
    assert said(rubric(grades=(BAND,)), rubric(grades=(after,))) == ("", "phần A từ 85%; phần B")


def test_shares() -> None:
    after = replace(BAND, max_share_of_units=D("0.125"))
    assert said(rubric(grades=(BAND,)), rubric(grades=(after,))) == ("", "12,5%")


def test_tie_breaks_in_their_order() -> None:
    after = rubric(tie_breaks=("section:A:desc", "plus:desc", "ballot", "share"))
    assert said(rubric(), after) == (
        "",
        "Điểm phần A cao hơn; Điểm cộng cao hơn; Bỏ phiếu tại hội nghị; Xếp đồng hạng",
    )


def test_a_tie_break_that_cannot_be_read_stands_as_it_is() -> None:
    assert tie_break_words("age:desc") == "age:desc"
    assert tie_break_words("base:desc") == "Điểm chuẩn cao hơn"


def test_a_flag() -> None:
    before = target("A1", 5)
    assert said(of(before), of(replace(before, relative=True))) == ("Không", "Có")
    plain = direct("A1", 5)
    assert said(of(plain), of(replace(plain, evidence_required=True))) == ("Không", "Có")
