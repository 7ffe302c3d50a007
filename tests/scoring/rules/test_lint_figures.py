"""Figures of a rubric: maxima within reach, caps that bind, conditions that can be met."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scoring.rules.enums import CriterionKind, Severity
from scoring.rules.lint import LintRule, lint

from .lint_tables import checked, plus
from .tables import (
    BANDS,
    D,
    choice,
    counting,
    direct,
    passfail,
    ratio,
    rubric,
    section,
    target,
    whole,
)

WARNING = Severity.WARNING
R = LintRule


@pytest.mark.parametrize(
    ("node", "highest"),
    [
        (direct("e", "5.25", step=D("0.5")), "5"),
        (ratio("e", "2.25", step=D(1)), "2"),
        (target("e", "2.25", step=D(1)), "2"),
        (ratio("e", 5, ladder=[("0.5", 4), ("0", 1)]), "4"),
        (replace(choice("e", (3,)), kind=CriterionKind.EVENT_AVERAGE, max_points=D(4)), "3"),
    ],
)
def test_the_maximum_must_be_within_reach(node, highest):
    (finding,) = [each for each in plus(node)() if each.rule is R.MAX_OUT_OF_REACH]
    assert f"cao nhất {highest} điểm" in finding.message


@pytest.mark.parametrize(
    "node",
    [
        direct("e", 5, step=D("0.5")),
        ratio("e", "2.5", step=D(1)),
        target("e", 5),
        ratio("e", 5, ladder=[("0.5", 5), ("0", 1)]),
        counting("e", 5, 2),
        passfail("e", 5),
        whole("e", 5, direct("x", 5)),
    ],
)
def test_a_maximum_that_the_kind_reaches(node):
    assert plus(node)() == []


def test_cases_worth_nothing():
    (finding,) = plus(counting("e", 3, 0))()
    assert (finding.rule, finding.severity) == (R.CASE_POINTS, WARNING)
    assert "Mỗi trường hợp 0 điểm" in finding.message


@pytest.mark.parametrize(
    ("caps", "place"),
    [
        ({"plus_cap": D(9)}, "Điểm cộng tối đa"),
        ({"minus_cap": D(6)}, "Điểm trừ tối đa"),
        ({"ceiling": D(109)}, "Tổng điểm cao nhất"),
    ],
)
def test_caps_of_the_whole_that_never_bind(caps, place):
    sections = (
        section("E", "PLUS", direct("e", 20), maximum=8),
        section("F", "MINUS", direct("f", 5)),
    )
    found = [each for each in checked(*sections, **caps)() if each.rule is R.CAP_IDLE]
    assert [each.place for each in found] == [place]
    smaller = {name: cap - 1 for name, cap in caps.items()}
    assert R.CAP_IDLE not in {each.rule for each in checked(*sections, **smaller)()}


def test_an_idle_cap_is_reported_once():
    idle = section("E", "PLUS", direct("e", 4), maximum=10)
    found = checked(idle, plus_cap=D(10), ceiling=D(110))()
    assert [(each.rule, each.place) for each in found] == [(R.CAP_IDLE, "Phần E")]


def test_a_cap_over_several_sections_is_noted_once():
    two = (section("E", "PLUS", direct("e", 6)), section("G", "PLUS", direct("g", 6)))
    found = checked(*two, plus_cap=D(10))()
    assert [(each.rule, each.place) for each in found] == [(R.ITEMS_ABOVE_CAP, "Điểm cộng tối đa")]
    assert "cộng lại 12 điểm, tính 10" in found[0].message


def test_a_condition_above_the_whole_is_out_of_reach():
    strict = (replace(BANDS[0], min_criterion_share=D("1.1")), *BANDS[1:])
    (finding,) = checked(grades=strict)()
    assert finding.rule is R.GRADE_OUT_OF_REACH


def test_many_criteria_without_evidence_are_one_note():
    many = section("A", "BASE", *(direct(f"a{i}", 1) for i in range(100)))
    (finding,) = lint(rubric(many, grades=BANDS))
    assert finding.message.endswith("a28, a29 và 70 tiêu chí khác.")
