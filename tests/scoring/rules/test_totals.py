"""The total of a sheet: each step of its order, and what holds for every sheet."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules.enums import Automatic, LineFlag, NotApplicable, SanctionEffect, Stage
from scoring.rules.inputs import (
    ChoiceInput,
    CountInput,
    DirectInput,
    NotApplicableInput,
    PassFailInput,
)
from scoring.rules.numbers import InputError
from scoring.rules.totals import LineFacts, compute_sheet

from .tables import (
    D,
    choice,
    counting,
    deduct,
    direct,
    facts,
    party_agencies,
    passfail,
    rubric,
    section,
    whole,
)
from .test_worked_examples import WHOLE_SHEET

YES = PassFailInput(True)


def pts(value):
    return DirectInput(D(str(value)))


def computed(table, confirmed=True, days_late=0, **inputs):
    return compute_sheet(table, facts(**inputs), blanks_confirmed=confirmed, days_late=days_late)


def simple(**more):
    return rubric(
        section("A", "BASE", direct("a", 60), direct("b", 40)),
        section("E", "PLUS", direct("e", 20)),
        section("F", "MINUS", direct("f", 20)),
        **more,
    )


class TestMissing:
    def test_an_unscored_base_line_leaves_no_total(self):
        sheet = computed(simple(), a=pts(60))
        assert (sheet.total, sheet.missing) == (None, ("b",))
        assert sheet.missing_text == sheet.sum_text == "còn 1 tiêu chí chưa chấm"
        assert sheet.section("A").missing == 1
        assert sheet.line("b").points is None

    def test_zero_is_scored(self):
        assert computed(simple(), a=pts(60), b=pts(0)).total == 60

    def test_blank_plus_and_minus_lines_wait_for_confirmation(self):
        sheet = computed(simple(), confirmed=False, a=pts(60), b=pts(40))
        assert (sheet.total, sheet.missing) == (None, ("e", "f"))
        sheet = computed(simple(), a=pts(60), b=pts(40))
        assert sheet.total == 100
        assert sheet.line("e").flags == (LineFlag.BLANK_CONFIRMED,)

    def test_a_blank_part_leaves_no_total_even_beside_a_knock_out(self):
        table = rubric(
            section("A", "BASE", whole("A1", 6, choice("a", (4,), (0, True)), direct("b", 2)))
        )
        assert computed(table, a=ChoiceInput(1)).missing == ("b",)

    def test_nothing_applicable_leaves_no_total(self):
        table = rubric(section("A", "BASE", direct("a", not_applicable=NotApplicable.EXCLUDED)))
        sheet = computed(table, a=NotApplicableInput())
        assert (sheet.total, sheet.missing) == (None, ())
        assert sheet.missing_text == "không có tiêu chí nào áp dụng"


class TestLine:
    def test_missing_evidence_counts_zero_and_says_so(self):
        table = rubric(section("A", "BASE", direct("a", evidence_required=True)))
        sheet = compute_sheet(table, {"a": LineFacts(pts(70))}, blanks_confirmed=True)
        line = sheet.line("a")
        assert (line.points, line.counted, sheet.total) == (70, 0, 0)
        assert line.notes == ("thiếu minh chứng, tính 0 điểm",)
        assert [step.stage for step in sheet.steps if step.bites] == [Stage.LINE]
        there = {"a": LineFacts(pts(70), has_evidence=True)}
        assert compute_sheet(table, there, blanks_confirmed=True).total == 70

    @pytest.mark.parametrize(
        ("rule", "inp"),
        [
            (choice("e", (4,), (0,), evidence_required=True), ChoiceInput(1)),
            (passfail("e", 4, evidence_required=True), PassFailInput(False)),
            (counting("e", 4, 2, evidence_required=True), CountInput(0)),
            (direct("e", 4, decision_required=True), pts(0)),
        ],
    )
    def test_nothing_needs_no_papers(self, rule, inp):
        table = rubric(section("A", "BASE", direct("a")), section("E", "PLUS", rule))
        lines = {"a": LineFacts(pts(1)), "e": LineFacts(inp)}
        assert compute_sheet(table, lines, blanks_confirmed=True).line("e").flags == ()

    def test_a_bonus_needs_its_decision(self):
        table = rubric(
            section("A", "BASE", direct("a")),
            section("E", "PLUS", passfail("e", 4, decision_required=True)),
        )
        lines = {"a": LineFacts(pts(50)), "e": LineFacts(YES, has_evidence=True)}
        sheet = compute_sheet(table, lines, blanks_confirmed=True)
        assert (sheet.plus, sheet.line("e").flags) == (0, (LineFlag.NO_DECISION,))

    def test_a_penalty_stands_without_papers(self):
        table = rubric(
            section("A", "BASE", direct("a")),
            section("F", "MINUS", passfail("f", 4, evidence_required=True)),
        )
        lines = {"a": LineFacts(pts(50)), "f": LineFacts(YES)}
        assert compute_sheet(table, lines, blanks_confirmed=True).total == 46

    def test_not_applicable_needs_no_papers(self):
        rule = direct("a", evidence_required=True, not_applicable=NotApplicable.FULL)
        lines = {"a": LineFacts(NotApplicableInput())}
        table = rubric(section("A", "BASE", rule))
        assert compute_sheet(table, lines, blanks_confirmed=True).total == 100

    def test_late_days_are_counted_by_the_software(self):
        late = counting("f", 5, 1, automatic=Automatic.LATE_DAYS)
        table = rubric(section("A", "BASE", direct("a")), section("F", "MINUS", late))
        for days, lost in ((0, 0), (3, 3), (9, 5), (-2, 0)):
            sheet = computed(table, confirmed=False, days_late=days, a=pts(90), f=CountInput(7))
            assert sheet.total == 90 - lost

    def test_unknown_lines_are_refused(self):
        with pytest.raises(InputError, match="không có dòng Z"):
            computed(simple(), Z=pts(1))

    def test_an_input_of_another_kind_is_refused(self):
        with pytest.raises(InputError, match="tiêu chí a không đúng"):
            computed(simple(), a=CountInput(1))


class TestGroups:
    def test_the_lesser_gain_is_dropped_with_a_note(self):
        group = {"exclusive_group": "g"}
        table = rubric(
            section("A", "BASE", direct("a")),
            section("E", "PLUS", direct("e1", 5, **group), direct("e2", 5, **group)),
        )
        sheet = computed(table, a=pts(1), e1=pts(2), e2=pts(3))
        assert (sheet.plus, sheet.line("e1").counted) == (3, 0)
        assert sheet.line("e1").notes == ("chỉ tính mức cao nhất của nhóm: e2",)
        assert computed(table, a=pts(1), e1=pts(3), e2=pts(3)).plus == 3

    def test_base_criteria_that_do_not_deduct_are_gains(self):
        group = {"exclusive_group": "g"}
        table = rubric(section("A", "BASE", direct("a", 9, **group), direct("b", 9, **group)))
        assert computed(table, a=pts(2), b=pts(3)).base == 3

    def test_base_criteria_that_deduct_are_losses(self):
        group = {"exclusive_group": "g"}
        table = rubric(section("A", "BASE", deduct("a", 9, 1, **group), deduct("b", 9, 1, **group)))
        assert computed(table, a=CountInput(2), b=CountInput(3)).base == 15

    def test_evidence_comes_before_the_group(self):
        group = {"exclusive_group": "g", "evidence_required": True}
        table = rubric(
            section("A", "BASE", direct("a")),
            section("E", "PLUS", direct("e1", 5, **group), direct("e2", 5, **group)),
        )
        lines = facts(a=pts(1), e1=pts(2)) | {"e2": LineFacts(pts(3))}
        assert compute_sheet(table, lines, blanks_confirmed=True).plus == 2

    def test_the_lesser_loss_is_restored(self):
        group = {"exclusive_group": "late"}
        table = rubric(
            section("A", "BASE", deduct("a", 5, 2, **group)),
            section("F", "MINUS", counting("f", 10, 1, **group)),
        )
        sheet = computed(table, a=CountInput(1), f=CountInput(1))
        assert (sheet.base, sheet.minus) == (3, 0)
        assert sheet.line("f").notes == ("chỉ trừ một lần, đã trừ ở a",)

    def test_a_group_never_gives_back_a_knock_out_or_missing_evidence(self):
        group = {"exclusive_group": "g"}
        proved = direct("b", 5, evidence_required=True, **group)
        table = rubric(
            section("A", "BASE", choice("a", (5,), (0, True), **group), proved),
            section("F", "MINUS", counting("f", 20, 9, **group)),
        )
        lines = facts(a=ChoiceInput(1), f=CountInput(1)) | {"b": LineFacts(pts(5))}
        sheet = compute_sheet(table, lines, blanks_confirmed=True)
        assert (sheet.line("a").counted, sheet.line("b").counted, sheet.minus) == (0, 0, 9)

    def test_a_criterion_with_parts_counts_as_one_member(self):
        group = {"exclusive_group": "g"}
        parts = whole("e1", 4, direct("x", 2), direct("y", 2), **group)
        table = rubric(
            section("A", "BASE", direct("a")), section("E", "PLUS", parts, direct("e2", 5, **group))
        )
        assert computed(table, a=pts(1), x=pts(2), y=pts(2), e2=pts(3)).plus == 4


class TestMaximaAndCaps:
    def test_the_parent_caps_the_sum_of_its_parts(self):
        parts = whole("A1", 5, direct("x", 4), direct("y", 4))
        sheet = computed(rubric(section("A", "BASE", parts)), x=pts(4), y=pts(3))
        assert (sheet.item("A1").raw, sheet.item("A1").counted, sheet.total) == (7, 5, 5)
        assert "Tiêu chí A1 tối đa 5 điểm." in [step.text for step in sheet.steps]

    def test_a_section_caps_its_items(self):
        table = rubric(
            section("A", "BASE", direct("a")),
            section("E", "PLUS", direct("e1", 8), direct("e2", 8), maximum=10),
        )
        sheet = computed(table, a=pts(50), e1=pts(8), e2=pts(8))
        assert (sheet.section("E").raw, sheet.section("E").counted, sheet.total) == (16, 10, 60)

    def test_rubric_caps_bind_over_all_sections_of_a_kind(self):
        table = rubric(
            section("A", "BASE", direct("a")),
            *(section(code, "PLUS", direct(f"{code}1", 8)) for code in "EG"),
            *(section(code, "MINUS", direct(f"{code}1", 8)) for code in "FH"),
            plus_cap=D(10),
            minus_cap=D(12),
        )
        sheet = computed(table, a=pts(50), E1=pts(8), G1=pts(8), F1=pts(8), H1=pts(8))
        assert (sheet.plus, sheet.minus, sheet.total) == (10, 12, 48)
        bites = [step.text for step in sheet.steps if step.bites]
        assert bites == [
            "Tổng điểm cộng 16,00, tính tối đa 10,00 điểm.",
            "Tổng điểm trừ 16,00, tính tối đa 12,00 điểm.",
        ]

    def test_floor_and_ceiling(self):
        bounds = {"floor": D(0), "ceiling": D(110)}
        low = computed(simple(**bounds), a=pts(5), b=pts(0), f=pts(20))
        high = computed(simple(**bounds), a=pts(60), b=pts(40), e=pts(20))
        assert (low.total, high.total) == (0, 110)
        assert low.steps[-1].text == "Sàn 0,00 điểm."
        assert high.steps[-1].text == "Trần 110,00 điểm."

    def test_without_bounds_totals_may_pass_them(self):
        assert computed(simple(), a=pts(5), b=pts(0), f=pts(20)).total == -15
        assert computed(simple(), a=pts(60), b=pts(40), e=pts(20)).total == 120

    def test_the_total_is_rounded_to_the_step_of_the_rubric(self):
        sheet = computed(simple(rounding=D("0.5")), a=pts("50.25"), b=pts(0))
        assert sheet.total == D("50.50")


class TestExcluded:
    POLICY = {"not_applicable": NotApplicable.EXCLUDED}

    def table(self, **more):
        return rubric(
            section("A", "BASE", direct("a", 30), direct("b", 30, **self.POLICY)),
            section("B", "BASE", whole("B1", 40, direct("x", 10), direct("y", 30, **self.POLICY))),
            section("E", "PLUS", direct("e", 10)),
            **more,
        )

    def test_the_maximum_falls(self):
        sheet = computed(self.table(), a=pts(30), b=NotApplicableInput(), x=pts(5), y=pts(15))
        assert (sheet.section("A").maximum, sheet.total) == (30, 50)
        assert sheet.item("b").share is None
        assert sheet.section("A").share == 1

    def test_a_part_lowers_its_criterion(self):
        sheet = computed(self.table(), a=pts(0), b=pts(0), x=pts(5), y=NotApplicableInput())
        assert (sheet.item("B1").maximum, sheet.section("B").maximum) == (10, 10)
        assert sheet.item("B1").share == D("0.5")

    def test_only_the_base_is_scaled_back_exactly(self):
        table = self.table(scale_back=True)
        sheet = computed(table, a=pts(20), b=NotApplicableInput(), x=pts(0), y=pts(0), e=pts(5))
        assert (sheet.base, sheet.plus, sheet.total) == (D("28.57"), 5, D("33.57"))
        (step,) = (step for step in sheet.steps if step.stage is Stage.SCALE_BACK)
        assert step.text == "Quy đổi phần áp dụng: 20,00 / 70 × 100 = 28,57."

    def test_the_remaining_maximum_may_be_small(self):
        table = rubric(
            section("A", "BASE", direct("a", 1), direct("b", 99, **self.POLICY)), scale_back=True
        )
        assert computed(table, a=pts("0.5"), b=NotApplicableInput()).total == 50

    def test_nothing_excluded_is_not_scaled(self):
        sheet = computed(self.table(scale_back=True), a=pts(20), b=pts(0), x=pts(0), y=pts(0))
        assert sheet.base == 20


class TestSanctions:
    def table(self):
        group = {"exclusive_group": "g"}
        return rubric(
            section("A", "BASE", deduct("a", 50, 5, **group)),
            section(
                "F",
                "MINUS",
                counting("f", 6, 3, sanction=SanctionEffect.NOT_EXCELLENT, **group),
                whole(
                    *("h", 4, passfail("x", 4), passfail("y", 4)),
                    sanction=SanctionEffect.ONE_GRADE_DOWN,
                ),
                maximum=0,
            ),
        )

    def test_a_sanction_follows_the_deed_not_the_points(self):
        sheet = computed(self.table(), a=CountInput(2), f=CountInput(1))
        assert sheet.minus == 0
        assert [sanction.code for sanction in sheet.sanctions] == ["f"]

    def test_a_criterion_with_parts_is_sanctioned_once(self):
        sheet = computed(self.table(), a=CountInput(0), x=YES, y=YES)
        assert [sanction.code for sanction in sheet.sanctions] == ["h"]

    def test_nothing_done_nothing_sanctioned(self):
        assert computed(self.table(), a=CountInput(0), f=CountInput(0)).sanctions == ()


def test_steps_come_in_the_order_of_computation():
    sheet = computed(party_agencies(), days_late=2, **WHOLE_SHEET)
    stages = [list(Stage).index(step.stage) for step in sheet.steps]
    assert stages == sorted(stages)
    json.dumps(sheet.to_json())
    assert sheet.to_json()["total"] == "90.00"


points = st.decimals(min_value=0, max_value=20, places=2)
scored = st.one_of(st.none(), points)
bounds = st.one_of(st.none(), st.decimals(min_value=0, max_value=30, places=2))


@settings(deadline=None)
@given(st.lists(scored, min_size=6, max_size=6), bounds, bounds, st.booleans())
def test_caps_and_bounds_hold_and_none_is_never_zero(values, plus_cap, minus_cap, confirmed):
    table = rubric(
        section("A", "BASE", direct("a", 20), direct("b", 20), maximum=30),
        section("E", "PLUS", direct("c", 20), direct("d", 20), maximum=25),
        section("F", "MINUS", direct("e", 20), direct("f", 20), maximum=25),
        plus_cap=plus_cap,
        minus_cap=minus_cap,
        floor=D(0),
        ceiling=D(35),
    )
    given_lines = dict(zip("abcdef", values, strict=True))
    lines = {code: LineFacts(pts(v)) for code, v in given_lines.items() if v is not None}
    sheet = compute_sheet(table, lines, blanks_confirmed=confirmed)
    needed = "ab" if confirmed else "abcdef"
    unscored = tuple(code for code in needed if given_lines[code] is None)
    assert sheet.missing == unscored
    assert (sheet.total is None) == bool(unscored)
    assert sheet.base <= 30
    assert sheet.plus <= min(25, 25 if plus_cap is None else plus_cap)
    assert sheet.minus <= min(25, 25 if minus_cap is None else minus_cap)
    if sheet.total is not None:
        assert sheet.total == min(D(35), max(D(0), sheet.base + sheet.plus - sheet.minus))


@settings(deadline=None)
@given(st.permutations(sorted(WHOLE_SHEET)))
def test_the_order_of_lines_does_not_matter(order):
    lines = facts(**{code: WHOLE_SHEET[code] for code in order})
    assert compute_sheet(party_agencies(), lines, blanks_confirmed=True).total == 92
