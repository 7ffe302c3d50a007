"""Ranks: tie-breaks within subgroups, waiting ties, exclusions, snapshots."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules.enums import GroundEffect, RankStyle, SanctionEffect
from scoring.rules.grounds import Ground, GroundFact
from scoring.rules.numbers import InputError
from scoring.rules.ranking import (
    BallotResult,
    GradeDecision,
    HeadDecision,
    RankingInputs,
    RankingSettings,
    rank,
    rank_bloc,
    standing_of,
)
from scoring.rules.sheet import TriggeredSanction
from scoring.rules.totals import compute_sheet

from .tables import BANDS, D, facts, party_agencies, unit
from .test_grades import TestConditions
from .test_worked_examples import WHOLE_SHEET

ALL_RULES = ("section:A:desc", "minus:asc", "plus:desc")


def config(*tie_breaks, **more):
    return RankingSettings(scale_max=D(100), tie_breaks=tie_breaks, **{"grades": BANDS} | more)


def ranks(ranking):
    return {row.key: row.rank for row in ranking.rows}


class TestRanks:
    def test_standard_and_dense_ranks(self):
        units = [unit(i, total) for i, total in enumerate([97, 96, 94, 94, 93], 1)]
        assert list(ranks(rank(units, config())).values()) == [1, 2, 3, 3, 5]
        dense = rank(units, config(rank_style=RankStyle.DENSE))
        assert list(ranks(dense).values()) == [1, 2, 3, 3, 4]

    def test_an_empty_bloc(self):
        assert rank([], config(*ALL_RULES)).rows == ()

    def test_rank_on_a_total_capped_at_the_scale(self):
        units = [unit(1, 107, a=40), unit(2, 103, a=45)]
        assert ranks(rank(units, config(*ALL_RULES))) == {1: 1, 2: 2}
        capped = rank(units, config(*ALL_RULES, rank_capped=True))
        assert ranks(capped) == {2: 1, 1: 2}
        assert (capped.row(1).total, capped.row(1).rank_total) == (107, 100)

    def test_an_unscored_unit_has_no_rank_and_comes_last(self):
        ranking = rank([unit(1, None, missing=3), unit(2, 0)], config())
        assert ranks(ranking) == {2: 1, 1: None}
        assert ranking.row(1).notes == ("còn 3 tiêu chí chưa chấm",)

    def test_equal_in_everything_share_the_rank(self):
        ranking = rank([unit(1, 90, 40, 1, 1), unit(2, 90, 40, 1, 1)], config(*ALL_RULES))
        assert ranks(ranking) == {1: 1, 2: 1}
        assert all(row.is_tied and not row.tie_pending for row in ranking.rows)
        (placement,) = ranking.row(1).placed_by
        assert (placement.relation, placement.others) == ("beside", (2,))


class TestTieBreaks:
    @pytest.mark.parametrize(
        ("rule", "better", "worse", "text"),
        [
            ("section:A:desc", {"a": 45}, {"a": 44}, "điểm phần A: 44,00 so với 45,00"),
            ("section:A:asc", {"a": 44}, {"a": 45}, "điểm phần A: 45,00 so với 44,00"),
            ("minus:asc", {"minus": 1}, {"minus": 2}, "điểm trừ: 2,00 so với 1,00"),
            ("plus:desc", {"plus": 2}, {"plus": 1}, "điểm cộng: 1,00 so với 2,00"),
            ("base:desc", {"base": D(9)}, {"base": D(8)}, "điểm chuẩn: 8,00 so với 9,00"),
        ],
    )
    def test_a_rule_separates_and_is_recorded(self, rule, better, worse, text):
        ranking = rank([unit(1, 90, **worse), unit(2, 90, **better)], config(rule, "share"))
        assert ranks(ranking) == {2: 1, 1: 2}
        (above,) = ranking.row(1).placed_by
        assert (above.relation, above.others, above.rule) == ("above", (2,), rule)
        assert above.text == f"Xếp sau đơn vị liền trên theo {text}."
        (below,) = ranking.row(2).placed_by
        assert (below.relation, below.others) == ("below", (1,))

    def test_rules_after_share_are_not_applied(self):
        ranking = rank([unit(1, 90, minus=1), unit(2, 90)], config("share", "minus:asc"))
        assert ranks(ranking) == {1: 1, 2: 1}

    def test_each_pair_records_its_own_rule(self):
        units = [unit(1, 95), unit(2, 90, 40, 1), unit(3, 90, 45, 3), unit(4, 90, 45, 2)]
        ranking = rank(units, config(*ALL_RULES))
        assert ranks(ranking) == {1: 1, 4: 2, 3: 3, 2: 4}
        rules = [
            placed.rule
            for row in ranking.rows
            for placed in row.placed_by
            if placed.relation == "above"
        ]
        assert rules == ["total", "minus:asc", "section:A:desc"]

    def test_a_rule_for_a_missing_section_is_passed_over_with_a_warning(self):
        ranking = rank([unit(1, 90, minus=1), unit(2, 90)], config("section:Z:desc", "minus:asc"))
        assert ranks(ranking) == {2: 1, 1: 2}
        assert "section:Z:desc" in ranking.warnings[0]


class TestBallot:
    UNITS = (unit(1, 90), unit(2, 90), unit(3, 90), unit(4, 80))

    def placed(self, *ballots, rules=("ballot", "share"), units=UNITS):
        return rank(units, config(*rules), ballots)

    def test_without_a_result_the_group_waits(self):
        ranking = self.placed(rules=("ballot", "minus:asc"), units=(unit(1, 9, 0, 1), unit(2, 9)))
        assert ranks(ranking) == {1: 1, 2: 1}
        assert [row.tie_pending for row in ranking.rows] == ["Chờ kết quả bỏ phiếu."] * 2
        assert ranking.ties_pending == ((1, 2),)

    def test_votes_separate(self):
        ranking = self.placed(BallotResult(votes=((1, 2), (2, 5), (3, 3))))
        assert ranks(ranking) == {2: 1, 3: 2, 1: 3, 4: 4}
        assert "5 phiếu" in ranking.row(3).placed_by[0].text

    def test_equal_votes_separate_nobody_and_the_list_goes_on(self):
        ranking = self.placed(BallotResult(votes=((1, 4), (2, 5), (3, 4))))
        assert ranks(ranking) == {2: 1, 1: 2, 3: 2, 4: 4}
        assert not ranking.ties_pending

    def test_a_second_round_among_those_still_tied(self):
        first = BallotResult(votes=((1, 4), (2, 5), (3, 4)))
        second = BallotResult(votes=((1, 3), (3, 9)), round=2)
        for ballots in ((first, second), (second, first)):
            assert ranks(self.placed(*ballots)) == {2: 1, 3: 2, 1: 3, 4: 4}

    def test_a_later_round_goes_before_an_earlier_one(self):
        first = BallotResult(votes=((1, 9), (2, 1), (3, 2)))
        second = BallotResult(votes=((1, 1), (2, 9), (3, 2)), round=2)
        assert ranks(self.placed(second, first)) == {2: 1, 3: 2, 1: 3, 4: 4}

    def test_a_ballot_that_leaves_out_a_tied_unit_decides_nothing(self):
        assert self.placed(BallotResult(votes=((1, 4), (2, 5)))).ties_pending == ((1, 2, 3),)

    def test_ambiguous_ballots_decide_nothing(self):
        units = (unit(1, 90), unit(2, 90))
        one = BallotResult(votes=((1, 4), (2, 5), (3, 1)))
        other = BallotResult(votes=((1, 5), (2, 4), (4, 1)))
        assert self.placed(one, other, units=units).ties_pending == ((1, 2),)


class TestHead:
    def test_the_heads_order_counts_with_its_reason(self):
        decision = HeadDecision((2, 1), "nhiều mô hình hơn")
        ranking = rank([unit(1, 90), unit(2, 90)], config("head"), (), (decision,))
        assert ranks(ranking) == {2: 1, 1: 2}
        assert "nhiều mô hình hơn" in ranking.row(1).placed_by[0].text

    def test_without_a_decision_the_group_waits(self):
        ranking = rank([unit(1, 90), unit(2, 90)], config("head", "share"))
        assert ranking.row(1).tie_pending == "Chờ quyết định của Trưởng khối."

    def test_a_head_in_the_tie_decides_nothing_even_if_it_did(self):
        decision = HeadDecision((1, 2), "x")
        units = [unit(1, 90, is_head=True, minus=1), unit(2, 90)]
        ranking = rank(units, config("head", "minus:asc"), (), (decision,))
        assert ranks(ranking) == {2: 1, 1: 2}

    def test_once_the_head_is_out_of_the_tie_the_rule_applies_to_the_rest(self):
        units = [unit(1, 90, is_head=True), unit(2, 90, minus=1), unit(3, 90, minus=1)]
        decision = HeadDecision((3, 2), "x")
        ranking = rank(units, config("head", "minus:asc"), (), (decision,))
        assert ranks(ranking) == {1: 1, 3: 2, 2: 3}

    def test_a_decision_on_other_units_does_not_count(self):
        decision = HeadDecision((1, 2, 3), "x")
        ranking = rank([unit(1, 90), unit(2, 90)], config("head"), (), (decision,))
        assert ranking.ties_pending == ((1, 2),)


class TestNotConsidered:
    def test_excluded_units_stand_apart_and_count_for_nothing(self):
        bands = (replace(BANDS[0], max_share_of_units=D("0.5")), *BANDS[1:])
        ground = GroundFact(Ground.PLEDGE_NOT_SIGNED, "không ký")
        units = [unit(1, 99, grounds=(ground,)), unit(2, 98), unit(3, 97)]
        ranking = rank(units, config(grades=bands))
        assert ranks(ranking) == {2: 1, 3: 2}
        assert [row.grade for row in ranking.rows] == ["Xuất sắc", "Tốt"]
        (excluded,) = ranking.excluded
        assert excluded.key == 1
        assert excluded.reasons == ("Không ký giao ước thi đua: không ký",)

    def test_an_override_brings_a_unit_back(self):
        ground = GroundFact(Ground.NO_SHEET, "không nộp", override_reason="nộp bản giấy")
        ranking = rank([unit(1, 99, grounds=(ground,))], config())
        assert ranks(ranking) == {1: 1}
        assert "vẫn xét" in ranking.row(1).notes[0]

    def test_a_sanction_may_exclude(self):
        sanction = TriggeredSanction("F1", "Vi phạm", SanctionEffect.EXCLUDED)
        ranking = rank([unit(1, 99, sanctions=(sanction,))], config())
        assert ranking.excluded[0].reasons == ("F1. Vi phạm: không xét thi đua",)

    def test_the_other_effects_leave_the_rank(self):
        grounds = (
            GroundFact(Ground.UNDER_INSPECTION, "kết luận chưa có"),
            GroundFact(Ground.TOO_SHORT, "4 tháng"),
            GroundFact(Ground.OTHER, "x", GroundEffect.GRADE_CEILING, "Khá"),
        )
        row = rank([unit(1, 99, grounds=grounds)], config()).row(1)
        assert (row.rank, row.grade) == (1, "Khá")
        assert (len(row.no_award), len(row.needs_decision), len(row.notes)) == (1, 1, 3)


class TestInputs:
    def test_contradictions_are_refused(self):
        ballot, head = BallotResult(votes=((1, 1), (2, 2))), HeadDecision((1, 2), "x")
        grade = GradeDecision(1, "Tốt", True, "x")
        for more in (
            {"units": (unit(1, 1), unit(1, 2))},
            {"ballots": (ballot, BallotResult(votes=((2, 9), (1, 0))))},
            {"head_decisions": (head, HeadDecision((2, 1), "y"))},
            {"grade_decisions": (grade, replace(grade, granted=False))},
        ):
            with pytest.raises(InputError):
                RankingInputs(**{"settings": config(), "units": ()} | more)

    @pytest.mark.parametrize(
        "make",
        [
            lambda: BallotResult(votes=((1, -1), (2, 3))),
            lambda: BallotResult(votes=((1, 1), (1, 2))),
            lambda: HeadDecision((1, 2), " "),
            lambda: HeadDecision((1, 1), "x"),
            lambda: GradeDecision(1, "Tốt", True, ""),
        ],
    )
    def test_impossible_records_are_refused(self, make):
        with pytest.raises(InputError):
            make()

    @pytest.mark.parametrize("doc", [{}, {"settings": {}}, {"settings": 5}])
    def test_a_foreign_snapshot_is_refused(self, doc):
        with pytest.raises(InputError, match="Không đọc được dữ liệu xếp hạng"):
            RankingInputs.from_json(doc)

    def test_a_snapshot_gives_the_same_ranking(self):
        inputs = full_inputs()
        stored = json.loads(json.dumps(inputs.to_json()))
        again = RankingInputs.from_json(stored)
        assert again == inputs
        assert rank_bloc(again) == rank_bloc(inputs)
        json.dumps(rank_bloc(inputs).to_json())

    def test_the_settings_are_those_of_the_rubric(self):
        table = party_agencies()
        made = RankingSettings.from_rubric(table)
        assert (made.grades, made.tie_breaks) == (table.grades, table.tie_breaks)
        assert (made.scale_max, made.rank_capped, made.rank_style) == (100, False, "standard")

    def test_a_snapshot_of_an_impossible_record_says_so(self):
        stored = full_inputs().to_json()
        stored["head_decisions"][0]["reason"] = ""
        with pytest.raises(InputError, match="nêu lý do"):
            RankingInputs.from_json(stored)

    def test_a_sheet_becomes_a_standing(self):
        lines = facts(
            **WHOLE_SHEET,
        )
        sheet = compute_sheet(party_agencies(), lines, blanks_confirmed=True, days_late=2)
        standing = standing_of(7, sheet, is_head=True)
        assert (standing.total, standing.base, standing.plus, standing.minus) == (90, 88, 4, 2)
        assert standing.section_points["A"] == 44
        assert standing.section_shares["A"] == Fraction(44, 50)
        assert standing.criterion_shares["A1"] == Fraction(9, 10)
        assert "D2" not in standing.criterion_shares
        assert "E1" not in standing.criterion_shares
        assert standing.is_head

    def test_equal_ranks_may_be_shown_in_the_callers_order(self):
        units = [unit(i, 90) for i in (1, 2, 3)]
        ranking = rank(units, config(), display_key=lambda key: -key)
        assert [(row.key, row.rank) for row in ranking.rows] == [(3, 1), (2, 1), (1, 1)]


def full_inputs():
    grounds = (
        GroundFact(Ground.OTHER, "x", GroundEffect.NO_AWARD, "Khá", "y"),
        GroundFact(Ground.NO_SHEET, "z"),
    )
    sanction = TriggeredSanction("F1", "t", SanctionEffect.NOT_ABOVE, "Khá")
    shares = {"A1": Fraction(1, 3)}
    return RankingInputs(
        settings=config(
            *ALL_RULES, "ballot", grades=TestConditions.BANDS, rank_style=RankStyle.DENSE
        ),
        units=(
            unit(1, 90, 40, grounds=grounds[:1], criterion_shares=shares, section_shares=shares),
            unit("b", 90, 40, sanctions=(sanction,), is_head=True, base=D("88.5")),
            unit(3, None, missing=2, grounds=grounds),
        ),
        ballots=(BallotResult(votes=((1, 3), ("b", 4)), round=2),),
        head_decisions=(HeadDecision((1, "b"), "lý do"),),
        grade_decisions=(GradeDecision(1, "Tốt", False, "lý do"),),
    )


few = st.integers(0, 2)
bloc = st.lists(st.tuples(st.one_of(st.none(), few), few, few, few), max_size=9)


@settings(deadline=None)
@given(bloc, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(rows, random):
    units = [unit(i, *values) for i, values in enumerate(rows)]
    shuffled = random.sample(units, len(units))
    bands = (replace(BANDS[3], name="Cao", lower_bound=D(1), max_share_of_units=D("0.4")), BANDS[3])
    how = config(*ALL_RULES, grades=bands)
    assert rank(units, how) == rank(shuffled, how)


@settings(deadline=None)
@given(bloc)
def test_a_rank_is_the_number_of_units_ahead_plus_one(rows):
    units = [unit(i, *values) for i, values in enumerate(rows)]
    ranking = rank(units, config(*ALL_RULES))
    merit = {
        u.key: (u.total, u.section_points["A"], -u.minus, u.plus)
        for u in units
        if u.total is not None
    }
    for row in ranking.ranked:
        assert row.rank == 1 + sum(other > merit[row.key] for other in merit.values())
        assert row.is_tied == (list(merit.values()).count(merit[row.key]) > 1)
    assert len(ranking.ranked) == len(merit)
    assert len(ranking.rows) == len(units)
