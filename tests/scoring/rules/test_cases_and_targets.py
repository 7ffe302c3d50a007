"""The average of cases, the relative target, and the base of a grade's largest share."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules.enums import LineFlag, NotApplicable, ShareBase
from scoring.rules.inputs import (
    EventsInput,
    TargetInput,
    describe,
    field_names,
    from_json,
    parse_input,
    to_json,
)
from scoring.rules.numbers import InputError
from scoring.rules.points import LineResult, excess, line_points
from scoring.rules.ranking import RankingSettings, rank
from scoring.rules.rubric import Level, RubricError, from_document, sentence, to_document
from scoring.rules.totals import compute_sheet

from .tables import (
    BANDS,
    D,
    averaging,
    choice,
    counting,
    facts,
    ratio,
    rubric,
    section,
    target,
    unit,
)

AVERAGE = averaging("A", (10,), (7,), (4,))
RELATIVE = target("A", 10, relative=True)


@pytest.mark.parametrize(
    ("cases", "points"),
    [((1, 0, 0), "10"), ((0, 1, 1), "5.5"), ((1, 1, 1), "7"), ((2, 0, 1), "8"), ((1, 1, 4), "5.5")],
)
def test_the_mean_of_the_cases(cases, points):
    assert line_points(AVERAGE, EventsInput(cases)) == LineResult(D(points))


def test_the_mean_is_exact_until_its_step():
    assert line_points(AVERAGE, EventsInput((0, 1, 2))).points == D("5.00")
    assert line_points(AVERAGE, EventsInput((1, 1, 0))).points == D("8.50")
    fine = replace(AVERAGE, levels=(Level("a", D(10)), Level("b", D(0))))
    assert line_points(fine, EventsInput((1, 2))).points == D("3.33")
    assert line_points(replace(fine, step=D("0.5")), EventsInput((1, 2))).points == D("3.50")


@pytest.mark.parametrize(
    ("policy", "points", "excluded"),
    [(NotApplicable.FULL, "10", False), (NotApplicable.ZERO, "0", False),
     (NotApplicable.EXCLUDED, None, True), (NotApplicable.NOT_ALLOWED, None, True)],
)  # fmt: skip
def test_without_a_case_nothing_arose(policy, points, excluded):
    result = line_points(replace(AVERAGE, not_applicable=policy), EventsInput((0, 0, 0)))
    assert result.not_applicable
    assert (result.points, result.excluded) == (points and D(points), excluded)


def test_cases_are_typed_one_number_for_each_level():
    assert field_names(AVERAGE) == ("cases_0", "cases_1", "cases_2")
    assert parse_input(AVERAGE, {"cases_0": "2", "cases_2": " 1 "}) == EventsInput((2, 0, 1))
    assert parse_input(AVERAGE, {"cases_0": "", "cases_1": " "}) is None
    with pytest.raises(InputError) as refused:
        parse_input(AVERAGE, {"cases_1": "1,5"})
    assert refused.value.field == "cases_1"


def test_cases_are_stored_and_read_back():
    stored = to_json(EventsInput((2, 0, 1)))
    assert stored == {"kind": "event_average", "cases": [2, 0, 1]}
    assert from_json(AVERAGE, stored) == EventsInput((2, 0, 1))


@pytest.mark.parametrize(
    "change",
    [{"cases": [1, 2]}, {"cases": [1, 2, "3"]}, {"cases": [1, 2, True]}, {"cases": 3},
     {"cases": [1, 2, -1]}, {"more": 1}, {"kind": "choice"}],
)  # fmt: skip
def test_what_this_rule_cannot_have_stored_is_refused(change):
    with pytest.raises(InputError):
        from_json(AVERAGE, {"kind": "event_average", "cases": [2, 0, 1]} | change)
    with pytest.raises(InputError):
        line_points(AVERAGE, EventsInput((1, 2)))


def test_cases_in_words():
    rule = replace(AVERAGE, unit_label="đề án")
    assert describe(rule, EventsInput((2, 0, 1))) == "2 đề án 0; 1 đề án 2"
    assert describe(AVERAGE, EventsInput((0, 0, 0))) == "Không có việc nào"
    assert sentence(rule).startswith("Điểm trung bình của các đề án. 0: 10 điểm")


@pytest.mark.parametrize(
    ("actual", "goal", "leader", "points"),
    [("20", "40", None, "2.5"), ("0", "40", None, "0"), ("40", "40", None, "5"),
     ("44", "40", "0.1", "10"), ("42", "40", "0.1", "7.5"), ("55", "50", "0.3", "6.67"),
     ("80", "40", "0.1", "10"), ("39.99", "40", "0.5", "5.00")],
)  # fmt: skip
def test_a_relative_target(actual, goal, leader, points):
    entered = TargetInput(D(actual), D(goal))
    known = None if leader is None else Fraction(leader)
    assert line_points(RELATIVE, entered, leader=known) == LineResult(D(points))


def test_above_the_target_the_points_wait_for_the_leader():
    assert line_points(RELATIVE, TargetInput(D(41), D(40))) == LineResult(None, pending=True)
    assert line_points(target("A", 10), TargetInput(D(41), D(40))).points == D(10)
    with pytest.raises(InputError):
        excess(TargetInput(D(1), D(0)))


@given(a=st.integers(1, 500), b=st.integers(1, 500), goal=st.integers(1, 200))
def test_who_reaches_more_never_gets_less(a, b, goal):
    leader = Fraction(max(a, b) - goal, goal)
    low, high = sorted((a, b))
    first, second = (
        line_points(RELATIVE, TargetInput(D(n), D(goal)), leader=max(leader, Fraction(0))).points
        for n in (low, high)
    )
    assert D(0) <= first <= second <= D(10)


def test_a_pending_line_is_not_missing_but_leaves_no_total():
    table = rubric(section("A", "BASE", replace(RELATIVE, max_points=D(100))))
    lines = facts(A=TargetInput(D(60), D(50)))
    sheet = compute_sheet(table, lines, blanks_confirmed=True)
    assert (sheet.total, sheet.missing, sheet.pending) == (None, (), ("A",))
    assert sheet.line("A").flags == (LineFlag.PENDING,)
    assert sheet.missing_text == "1 tiêu chí chưa tính, chờ số liệu của các đơn vị khác"
    done = compute_sheet(table, lines, blanks_confirmed=True, leaders={"A": Fraction(1, 5)})
    assert (done.total, done.pending) == (D(100), ())


def test_only_these_kinds_have_these_rules():
    with pytest.raises(RubricError, match="vượt cao nhất"):
        ratio("A", 10, relative=True)
    with pytest.raises(RubricError, match="điểm liệt"):
        averaging("A", (10, True), (0,))
    with pytest.raises(RubricError, match="các mức"):
        counting("A", 4, 2, levels=(Level("a", D(1)),))


def test_everything_a_criterion_says_is_written_and_read_back():
    said = {"evidence_hint": "Quyết định", "checker": "Văn phòng", "pledge_item": 3,
            "printed_max": D(9), "note": "Ghi chú"}  # fmt: skip
    bands = (
        replace(
            BANDS[0],
            max_share_of_units=D("0.2"),
            share_base=ShareBase.NEXT_OR_HIGHER,
            overflow="Tốt",
        ),
        *BANDS[1:],
    )
    table = rubric(
        section("A", "BASE", replace(RELATIVE, **said), replace(AVERAGE, code="B")), grades=bands
    )
    assert from_document(to_document(table)) == table
    wrong = to_document(table)
    wrong["sections"][0]["criteria"][0]["pledge_item"] = "1.5"
    with pytest.raises(RubricError, match="số nguyên"):
        from_document(wrong)


class TestShareBase:
    """Excellent for at most a share of the units graded at least Good."""

    def grades(self, totals, share="0.5"):
        bands = (
            replace(BANDS[0], max_share_of_units=D(share), share_base=ShareBase.NEXT_OR_HIGHER),
            *BANDS[1:],
        )
        units = [unit(key, total) for key, total in enumerate(totals)]
        return rank(units, RankingSettings(scale_max=D(100), grades=bands))

    def test_units_below_do_not_count(self):
        ranking = self.grades([99, 95, 85, 84, 70, 60])
        assert [row.grade for row in ranking.rows] == [
            "Xuất sắc", "Xuất sắc", "Tốt", "Tốt", "Khá", "Chưa đạt",
        ]  # fmt: skip
        fewer = self.grades([99, 95, 85, 70, 60, 50])
        assert [row.grade for row in fewer.rows][:3] == ["Xuất sắc", "Tốt", "Tốt"]

    def test_the_reason_names_the_base(self):
        lowered = self.grades([99, 95, 85, 70]).rows[1]
        assert lowered.why_not_higher == (
            "Mức Xuất sắc tối đa 50% số đơn vị xếp từ mức Tốt trở lên (1 trên 3), đã hết suất.",
        )

    def test_nobody_high_enough_leaves_no_place(self):
        assert [row.grade for row in self.grades([70, 60]).rows] == ["Khá", "Chưa đạt"]


def test_the_other_kinds_are_untouched_by_a_leader():
    rule = choice("A", (7,), (5,))
    assert line_points(rule, None, leader=Fraction(1)) == LineResult(None)
