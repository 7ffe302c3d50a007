"""Grades: bands, conditions, sanctions, ceilings, and the share of units."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.rules.enums import GroundEffect, SanctionEffect
from scoring.rules.grades import grade_unit
from scoring.rules.grounds import Ground, GroundFact
from scoring.rules.numbers import InputError
from scoring.rules.ranking import GradeDecision, RankingInputs, RankingSettings, rank_bloc
from scoring.rules.sheet import TriggeredSanction
from scoring.rules.structure import SectionFloor

from .tables import BANDS, D, unit


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", "Xuất sắc"),
        ("90", "Xuất sắc"),
        ("89.99", "Tốt"),
        ("80", "Tốt"),
        ("65", "Khá"),
        ("64.99", "Chưa đạt"),
        ("0", "Chưa đạt"),
        ("-3", "Chưa đạt"),
    ],
)
def test_bands_hold_their_lower_bound(total, grade):
    graded = grade_unit(unit(1, total), D(total), BANDS[::-1])
    assert (graded.grade, graded.by_points) == (grade, grade)


def test_without_bands_there_is_no_grade():
    assert grade_unit(unit(1, 90), D(90), ()).grade == ""


def test_points_lacking_are_named():
    graded = grade_unit(unit(1, "87.5"), D("87.5"), BANDS)
    assert graded.why_not_higher == ("Xếp Xuất sắc cần từ 90 điểm, còn thiếu 2,50 điểm.",)
    assert grade_unit(unit(1, 95), D(95), BANDS).why_not_higher == ()


class TestConditions:
    BANDS = (
        replace(BANDS[0], min_criterion_share=D("0.85")),
        replace(BANDS[1], min_criterion_share=D("0.8"), section_floors=(SectionFloor("V", D(1)),)),
        *BANDS[2:],
    )

    def grade(self, share, section=1):
        shares = {"A1": Fraction(share), "A2": Fraction(1)}
        standing = unit(1, 95, criterion_shares=shares, section_shares={"V": Fraction(section)})
        return grade_unit(standing, D(95), self.BANDS)

    def test_the_exact_share_is_compared(self):
        assert self.grade("85/100").grade == "Xuất sắc"
        assert self.grade("849999/1000000").grade == "Tốt"

    def test_each_band_has_its_own_conditions(self):
        assert self.grade("79/100").grade == "Khá"
        assert self.grade("82/100", "1/2").grade == "Khá"
        assert len(self.grade("79/100", "1/2").why_not_higher) == 3

    def test_what_does_not_apply_is_skipped(self):
        standing = unit(1, 95)
        assert grade_unit(standing, D(95), self.BANDS).grade == "Xuất sắc"

    def test_a_condition_without_a_threshold_refuses_nobody(self):
        bands = (replace(BANDS[0], section_floors=(SectionFloor("V", None),)), *BANDS[1:])
        standing = unit(1, 95, section_shares={"V": Fraction(0)})
        assert grade_unit(standing, D(95), bands).grade == "Xuất sắc"

    def test_the_lowest_band_takes_everybody(self):
        bands = (BANDS[0], replace(BANDS[3], min_criterion_share=D(1)))
        standing = unit(1, 5, criterion_shares={"A1": Fraction(0)})
        assert grade_unit(standing, D(5), bands).grade == "Chưa đạt"


def sanction(effect, grade=""):
    return TriggeredSanction("F2", "Kỷ luật", effect, grade)


class TestSanctions:
    def grade(self, *sanctions, total=95):
        standing = unit(1, total, sanctions=sanctions)
        return grade_unit(standing, D(total), BANDS)

    def test_not_excellent_is_not_the_top_grade(self):
        graded = self.grade(sanction(SanctionEffect.NOT_EXCELLENT))
        assert (graded.grade, graded.by_points) == ("Tốt", "Xuất sắc")
        assert graded.why_not_higher == ("F2. Kỷ luật: không xếp trên mức Tốt.",)

    def test_a_ceiling_not_reached_changes_and_says_nothing(self):
        graded = self.grade(sanction(SanctionEffect.NOT_ABOVE, "Khá"), total=70)
        assert graded.grade == "Khá"
        assert len(graded.why_not_higher) == 1

    def test_not_above_names_its_grade(self):
        assert self.grade(sanction(SanctionEffect.NOT_ABOVE, "Khá")).grade == "Khá"

    def test_each_fall_is_one_grade(self):
        down = sanction(SanctionEffect.ONE_GRADE_DOWN)
        assert self.grade(down).grade == "Tốt"
        assert self.grade(down, down).grade == "Khá"
        assert self.grade(down, total=10).grade == "Chưa đạt"
        assert self.grade(down, sanction(SanctionEffect.NOT_ABOVE, "Khá")).grade == "Khá"


class TestGrounds:
    def test_every_ground_has_a_label_and_an_effect(self):
        for ground in Ground:
            assert ground.label
            assert ground.default_effect in GroundEffect

    def test_a_ceiling(self):
        ground = GroundFact(Ground.STAFF_DISCIPLINED, "Quyết định kỷ luật")
        assert grade_unit(unit(1, 95, grounds=(ground,)), D(95), BANDS).grade == "Tốt"
        named = replace(ground, grade="Chưa đạt")
        assert grade_unit(unit(1, 95, grounds=(named,)), D(95), BANDS).grade == "Chưa đạt"

    def test_an_override_lifts_it(self):
        ground = GroundFact(Ground.STAFF_DISCIPLINED, "x", override_reason="đã xóa kỷ luật")
        assert grade_unit(unit(1, 95, grounds=(ground,)), D(95), BANDS).grade == "Xuất sắc"
        assert ground.text.endswith("(vẫn xét: đã xóa kỷ luật)")

    def test_a_reason_is_needed(self):
        with pytest.raises(InputError):
            GroundFact(Ground.OTHER, " ")


class TestShareCap:
    def table(self, totals, share="0.25", overflow="", decisions=(), **more):
        bands = (
            replace(BANDS[0], max_share_of_units=D(share), overflow=overflow),
            *BANDS[1:],
        )
        inputs = RankingInputs(
            settings=RankingSettings(scale_max=D(100), grades=bands),
            units=tuple(unit(i, total, **more) for i, total in enumerate(totals, 1)),
            grade_decisions=tuple(decisions),
        )
        return rank_bloc(inputs)

    def grades(self, ranking):
        return [row.grade for row in ranking.rows]

    def test_only_the_best_keep_the_grade(self):
        ranking = self.table([99, 98, 97, 70])
        assert self.grades(ranking) == ["Xuất sắc", "Tốt", "Tốt", "Khá"]
        reason = "Mức Xuất sắc tối đa 25% số đơn vị xếp hạng (1 trên 4), đã hết suất."
        assert ranking.row(2).why_not_higher == (reason,)
        assert ranking.warnings == ()

    def test_the_overflow_grade_may_be_named(self):
        assert self.grades(self.table([99, 98, 97, 96], overflow="Khá"))[1] == "Khá"

    def test_the_count_is_rounded_down(self):
        assert self.grades(self.table([99, 98, 97, 96, 95, 94, 93])).count("Xuất sắc") == 1

    def test_a_tie_that_fits_is_no_tie_across_the_line(self):
        ranking = self.table([99, 99, 97, 96], share="0.5")
        assert self.grades(ranking) == ["Xuất sắc", "Xuất sắc", "Tốt", "Tốt"]
        assert not any(row.grade_pending for row in ranking.rows)

    def test_a_tie_across_the_line_is_never_cut(self):
        ranking = self.table([99, 98, 98, 96], share="0.5")
        assert [bool(row.grade_pending) for row in ranking.rows] == [False, True, True, False]
        assert ranking.row(2).grade_pending.startswith("Chờ quyết định: 2 đơn vị đồng hạng, 1 suất")
        assert self.grades(ranking) == ["Xuất sắc", "Xuất sắc", "Xuất sắc", "Tốt"]

    def test_a_recorded_decision_settles_it(self):
        decisions = [GradeDecision(3, "Xuất sắc", True, "biểu quyết")]
        ranking = self.table([99, 98, 98, 96], share="0.5", decisions=decisions)
        assert self.grades(ranking) == ["Xuất sắc", "Tốt", "Xuất sắc", "Tốt"]
        assert not any(row.grade_pending for row in ranking.rows)

    def test_a_refusal_alone_leaves_the_rest_waiting_only_if_undecided(self):
        refused = [GradeDecision(key, "Xuất sắc", False, "biểu quyết") for key in (2, 3)]
        ranking = self.table([99, 98, 98, 96], share="0.5", decisions=refused[:1])
        assert ranking.row(3).grade_pending
        ranking = self.table([99, 98, 98, 96], share="0.5", decisions=refused)
        assert self.grades(ranking) == ["Xuất sắc", "Tốt", "Tốt", "Tốt"]

    def test_the_lowest_grade_has_no_overflow(self):
        bands = (replace(BANDS[3], max_share_of_units=D(0)),)
        settings = RankingSettings(scale_max=D(100), grades=bands)
        ranking = rank_bloc(RankingInputs(settings=settings, units=(unit(1, 50),)))
        assert self.grades(ranking) == ["Chưa đạt"]

    def test_a_unit_below_the_grade_takes_no_place(self):
        inputs_share = self.table([99, 98, 85, 84], share="0.5")
        assert self.grades(inputs_share) == ["Xuất sắc", "Xuất sắc", "Tốt", "Tốt"]
