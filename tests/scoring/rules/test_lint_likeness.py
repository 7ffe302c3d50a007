"""Where likeness of words begins and ends: the figures of the check, to the word."""

from __future__ import annotations

import pytest

from scoring.rules.lint import LintRule
from scoring.rules.lint_words import plain
from scoring.rules.rubric import CriterionRules

from .lint_tables import checked, grouped, minus, named, plus
from .tables import counting, deduct, direct, passfail, section, whole

R = LintRule
GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "omega",
    "sigma",
    "tau",
]


def words(first: int, last: int, *more: str) -> str:
    """Some of the words, none of which is filler, a fault or a figure."""
    return " ".join([*GREEK[first:last], *more])


def rules_of(*criteria: CriterionRules, base: CriterionRules | None = None) -> set[LintRule]:
    return {each.rule for each in minus(*criteria, base=base)()}


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        (words(0, 10), words(0, 7), True),
        (words(0, 10), words(0, 6), False),
        (words(0, 7), words(0, 5, "omega", "sigma"), False),
        (words(0, 4), words(0, 4, "omega"), True),
        (words(0, 3), words(0, 3, "omega"), False),
    ],
)
def test_seven_words_in_ten_and_four_at_least_are_near(one: str, two: str, near: bool) -> None:
    found = checked(section("B", "BASE", named(direct("b", 1), one), named(direct("c", 1), two)))()
    assert (R.NEAR_DUPLICATE in {each.rule for each in found}) == near


def test_parts_of_different_criteria_are_compared_with_their_criteria() -> None:
    """The parts read alike, what they belong to does not."""
    own = words(0, 5)
    one = named(whole("b", 5, named(direct("b1", 5), own)), words(5, 10))
    two = named(whole("c", 5, named(direct("c1", 5), own)), "mu nu xi omicron pi rho")
    found = checked(section("B", "BASE", one, two))()
    assert {each.rule for each in found} <= {R.NO_EVIDENCE_RULE, R.SECTIONS_SUM}


def test_parts_of_one_criterion_are_compared_by_their_own_words() -> None:
    """With the criterion's five words before each, three in six would look like eight in eleven."""
    parts = (
        named(direct("b1", 2), words(5, 8, "omega")),
        named(direct("b2", 3), words(5, 8, "tau")),
    )
    found = checked(section("B", "BASE", named(whole("b", 5, *parts), words(0, 5))))()
    assert R.NEAR_DUPLICATE not in {each.rule for each in found}


def test_three_alike_are_named_once_each() -> None:
    titles = [words(0, 8, more) for more in ("omega", "sigma", "tau")]
    nodes = [named(direct(code, 1), title) for code, title in zip("bcd", titles, strict=True)]
    found = checked(section("B", "BASE", *nodes))()
    (near,) = [each for each in found if each.rule is R.NEAR_DUPLICATE]
    assert (near.node, near.others) == ("b", ("c", "d"))


def test_a_group_with_another_criterion_does_not_hide_a_duplicate() -> None:
    one = grouped(named(direct("e", 1), "Mô hình mới"))
    two = named(direct("g", 1), "Mô hình mới")
    other = grouped(named(direct("h", 1), "Sáng kiến cấp tỉnh"))
    assert R.DUPLICATE in {each.rule for each in plus(one, two, other)()}


# ---------------------------------------------------------------- one deed, twice


@pytest.mark.parametrize(
    ("bad", "twice"),
    [
        (words(0, 4, "omega", "chậm"), True),
        (words(0, 3, "omega", "sigma", "chậm"), False),
        (words(0, 2, "chậm"), True),
        (words(0, 1, "chậm"), False),
    ],
)
def test_of_one_fault_four_words_in_five_and_two_at_least_are_one_deed(
    bad: str, twice: bool
) -> None:
    base = named(deduct("a", 100, 1, evidence_required=True), words(0, 5, "đúng hạn"))
    found = rules_of(named(counting("f", 5, 1), bad), base=base)
    assert (R.PUNISHED_TWICE in found) == twice


def test_a_fault_that_one_of_two_names_makes_other_deeds_of_them() -> None:
    base = named(deduct("a", 100, 1, evidence_required=True), words(0, 5, "đúng hạn"))
    found = rules_of(named(counting("f", 5, 1), words(0, 5)), base=base)
    assert R.PUNISHED_TWICE not in found


@pytest.mark.parametrize(
    ("good", "bad", "twice"),
    [
        (f"Không có {words(0, 5)}", f"Có {words(0, 5)}", True),
        (f"Có {words(0, 5)}", f"Không có {words(0, 5)}", True),
        (f"Có {words(0, 5)}", f"Để xảy ra {words(0, 5)}", False),
        (f"Không có {words(0, 5)}", f"Không {words(0, 5)}", False),
    ],
)
def test_yes_or_no_is_one_deed_where_one_denies_what_the_other_affirms(
    good: str, bad: str, twice: bool
) -> None:
    base = named(passfail("a", 100, evidence_required=True), good)
    found = rules_of(named(counting("f", 5, 1), bad), base=base)
    assert (R.PUNISHED_TWICE in found) == twice


def test_a_minus_item_may_punish_what_two_criteria_punish_already() -> None:
    base = [named(deduct(code, 5, 1), words(0, 3, "đúng hạn", tail)) for code, tail in
            (("b", "omega"), ("c", "tau"))]  # fmt: skip
    late = named(counting("f", 5, 1), words(0, 3, "chậm"))
    found = checked(section("B", "BASE", *base), section("F", "MINUS", late))()
    (twice,) = [each for each in found if each.rule is R.PUNISHED_TWICE]
    assert {twice.node, *twice.others} == {"b", "c", "f"}


def test_of_the_parts_of_one_criterion_the_first_is_named() -> None:
    parts = [
        named(deduct(f"b{place}", 5, 1), words(0, 3, "đúng hạn", tail))
        for place, tail in enumerate(("omega", "tau"))
    ]
    late = named(counting("f", 5, 1), words(0, 3, "chậm"))
    top = named(whole("b", 10, *parts), "Báo cáo")
    found = checked(section("B", "BASE", top), section("F", "MINUS", late))()
    (twice,) = [each for each in found if each.rule is R.PUNISHED_TWICE]
    assert {twice.node, *twice.others} == {"b0", "f"}


def test_only_parts_of_different_plus_items_are_rewarded_twice() -> None:
    """With the titles of their criteria, ten words in sixteen are alike."""

    def item(code: str, *tails: str) -> CriterionRules:
        own = [
            named(direct(f"{code}{place}", 1), words(0, 8, tail))
            for place, tail in enumerate(tails)
        ]
        return named(whole(code, len(own), *own), f"Tổ chức {code * 9}")

    tails = ("omega sigma", "tau rho")
    assert R.REWARDED_TWICE not in {each.rule for each in plus(item("e", *tails))()}
    apart = (item(code, tail) for code, tail in zip("eg", tails, strict=True))
    assert R.REWARDED_TWICE in {each.rule for each in plus(*apart)()}


def test_letters_fall_back_to_those_without_marks() -> None:
    assert plain("  Được ĐÁNH giá,  đủ ") == "duoc danh gia du"
