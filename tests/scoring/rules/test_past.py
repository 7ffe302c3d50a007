"""What of a past table can be set against a draft, and what is left out, by its own words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from scoring.rules import past
from scoring.rules.entries import ChoiceInput, DirectInput, EventsInput
from scoring.rules.past import LeftOut, Pair, PastSheet, PastTable
from scoring.rules.rubric import Level, RubricRules
from scoring.rules.sheet import LineFacts
from tests.scoring.rules.tables import BANDS, D, averaging, choice, direct, rubric, section, whole


def table_of(rules: RubricRules, **links: str) -> PastTable:
    return PastTable(rules, links)


def sheet_of(table: PastTable, **inputs: Any) -> PastSheet:
    facts = {code: LineFacts(entered, True, True) for code, entered in inputs.items()}
    return PastSheet("u", table, facts)


def base(*criteria: Any, **more: Any) -> RubricRules:
    return rubric(section("A", "BASE", *criteria, **more))


def test_what_is_new_and_what_is_gone_is_named_by_its_title() -> None:
    old = base(replace(direct("a", 10), title="Việc cũ"))
    draft = base(replace(direct("b", 10), title="Việc mới"))
    assert past.match(draft, [sheet_of(table_of(old), a=DirectInput(D(1)))]) == past.Matching(
        (),
        (
            LeftOut("b", "Việc mới", past.NEW, is_new=True),
            LeftOut("a", "Việc cũ", past.GONE, is_new=False),
        ),
        (),
    )


def test_two_lines_that_are_gone_are_both_named() -> None:
    old = base(direct("a", 5), direct("b", 5))
    found = past.match(base(direct("c", 10)), [sheet_of(table_of(old))])
    assert [each.code for each in found.left_out if not each.is_new] == ["a", "b"]


def test_another_title_is_shown_beside_the_old_one() -> None:
    old = base(replace(direct("a", 10), title="Báo cáo"))
    draft = base(replace(direct("b", 10), title="Báo cáo đúng hạn"))
    found = past.match(draft, [sheet_of(table_of(old, b="a"))])
    assert tuple(found.reworded) == (Pair("b", "Báo cáo đúng hạn", "a", "Báo cáo"),)


def test_cases_of_two_old_levels_with_one_word_add_up() -> None:
    old = replace(averaging("a", (5,), (3,), (0,)), levels=_levels("Đạt", " đạt ", "Không"))
    new = replace(averaging("a", (5,), (0,)), levels=_levels("Không", "Đạt"))
    assert past.carry(old, new, EventsInput((1, 2, 4))) == EventsInput((4, 3))


def _levels(*labels: str) -> tuple[Level, ...]:
    return tuple(Level(label, D(0)) for label in labels)


def test_an_input_read_otherwise_goes_into_the_facts_and_the_papers_stay() -> None:
    old, new = choice("a", (5,), (0,)), choice("a", (5,), (0,))
    turned = replace(new, levels=tuple(reversed(new.levels)))
    sheet = sheet_of(table_of(base(old), a="a"), a=ChoiceInput(0))
    assert past.carried(sheet, "a", turned) == LineFacts(ChoiceInput(1), True, True)
    same = past.carried(sheet_of(table_of(base(direct("a", 5)), a="a")), "a", direct("a", 5))
    assert same == LineFacts()


# ---------------------------------------------------------------- the part of a table


def test_a_part_of_nothing_is_nothing() -> None:
    only_plus = rubric(section("E", "PLUS", direct("e", 5)), grades=BANDS)
    assert past.base_points(only_plus) == 0
    assert past.share_of(only_plus, only_plus) == Fraction(0)
    assert past.part_of(only_plus, ["e"]) == only_plus


def test_without_a_base_line_grades_are_not_scaled_to_nothing() -> None:
    rules = rubric(
        section("A", "BASE", direct("a", 100)), section("E", "PLUS", direct("e", 5)), grades=BANDS
    )
    assert past.part_of(rules, ["e"]).grades == BANDS


def test_the_whole_is_its_own_part() -> None:
    rules = rubric(section("A", "BASE", direct("a", 100), maximum=90), grades=BANDS)
    assert past.part_of(rules, ["a"]) == rules


def test_a_criterion_without_any_of_its_parts_falls_out() -> None:
    rules = base(whole("a", 10, direct("x", 4), direct("y", 6)), direct("b", 5))
    part = past.part_of(rules, ["b"])
    assert [each.code for each in part.sections[0].criteria] == ["b"]
    some = past.part_of(rules, ["x", "b"]).sections[0]
    assert (some.max_points, some.criteria[0].max_points) == (D(9), D(4))
