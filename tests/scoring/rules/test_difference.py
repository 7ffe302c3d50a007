"""What changed between two rubrics is said row by row, in words, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from scoring import enums as labels
from scoring.rules import enums
from scoring.rules.difference import Change, ChangeKind, rubric_difference
from scoring.rules.difference_words import WORDS, tie_break_words
from scoring.rules.rubric import RubricRules, from_document
from tests.scoring.rubric.tables import party_agencies

RUBRIC: RubricRules = from_document(party_agencies())


def _with_section(rubric: RubricRules, place: int, **values: object) -> RubricRules:
    sections = list(rubric.sections)
    sections[place] = replace(sections[place], **values)  # type: ignore[arg-type]
    return replace(rubric, sections=tuple(sections))


def test_the_same_rubric_differs_in_nothing() -> None:
    assert rubric_difference(RUBRIC, from_document(party_agencies())) == ()


def test_settings_and_grades_are_compared() -> None:
    first, *others = RUBRIC.grades
    changed = replace(
        RUBRIC,
        ceiling=Decimal("110.5"),
        grades=(replace(first, min_criterion_share=Decimal("0.625")), *others[:-1]),
    )
    found = rubric_difference(RUBRIC, changed)
    assert found[0].field == "tổng điểm cao nhất"
    assert (found[0].place, found[0].after) == ("Thông tin chung", "110,5")
    share = next(each for each in found if each.field == "tỷ lệ thấp nhất của từng tiêu chí")
    assert (share.place, share.after) == (f"Xếp loại {first.name}", "62,5%")
    assert [each.code for each in found if each.kind is ChangeKind.REMOVED] == [others[-1].name]


def test_a_removed_criterion_does_not_move_those_after_it() -> None:
    section = RUBRIC.sections[0]
    changed = _with_section(RUBRIC, 0, criteria=section.criteria[1:])
    found = rubric_difference(RUBRIC, changed)
    assert {each.kind for each in found} == {ChangeKind.REMOVED}
    assert found[0].code == section.criteria[0].code


def test_an_added_criterion_is_said_once() -> None:
    section = RUBRIC.sections[0]
    new = replace(section.criteria[-1], code="Mới", title="Tiêu chí mới", parts=())
    changed = _with_section(RUBRIC, 0, criteria=(new, *section.criteria))
    (found,) = rubric_difference(RUBRIC, changed)
    assert (found.kind, found.place, found.before) == (ChangeKind.ADDED, "Tiêu chí Mới", "")


def test_a_moved_section_names_its_new_neighbour() -> None:
    one, two, *others = RUBRIC.sections
    (found,) = rubric_difference(RUBRIC, replace(RUBRIC, sections=(two, one, *others)))
    assert found.field == "thứ tự"
    assert "sau" in found.before or "sau" in found.after


def test_a_criterion_in_another_section_says_so() -> None:
    one, two = RUBRIC.sections[:2]
    moving = one.criteria[-1]
    changed = _with_section(RUBRIC, 0, criteria=one.criteria[:-1])
    changed = _with_section(changed, 1, criteria=(*two.criteria, moving))
    nodes = 1 + len(moving.parts)
    found = rubric_difference(RUBRIC, changed)
    assert found[:1] == (
        Change(
            ChangeKind.CHANGED,
            f"Tiêu chí {moving.code}",
            moving.code,
            "thuộc phần",
            one.code,
            two.code,
        ),
    )
    assert len(found) == nodes


def test_words_are_the_labels_that_people_read() -> None:
    pairs = (
        (enums.CriterionKind, labels.CriterionKind),
        (enums.SectionKind, labels.SectionKind),
        (enums.NotApplicable, labels.NotApplicable),
        (enums.SanctionEffect, labels.Sanction),
        (enums.Automatic, labels.Automatic),
        (enums.RankStyle, labels.RankStyle),
        (enums.ShareBase, labels.ShareBase),
    )
    assert set(WORDS) == {rules for rules, _ in pairs}
    for rules, shown in pairs:
        assert WORDS[rules] == {each.value: shown(each.value).label for each in rules}


def test_tie_breaks_in_words() -> None:
    assert tie_break_words("section:B:asc") == "Điểm phần B thấp hơn"
    assert tie_break_words("minus:asc") == "Điểm trừ ít hơn"
    assert tie_break_words("minus:desc") == "Điểm trừ nhiều hơn"
    assert tie_break_words("base:asc") == "Điểm chuẩn thấp hơn"
    assert tie_break_words("head") == "Trưởng khối quyết định, ghi lý do"
