"""Every input and record that the rules refuse, word for word and at its field."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.rules.awards import AwardDecision
from scoring.rules.conditions import AwardQuota
from scoring.rules.entries import ChoiceInput, RatioInput, TargetInput
from scoring.rules.enums import NotApplicable
from scoring.rules.grounds import Ground, GroundFact
from scoring.rules.inputs import from_json, parse_input
from scoring.rules.numbers import (
    LARGEST_COUNT,
    InputError,
    parse_count,
    parse_quantity,
    round_to_step,
)
from scoring.rules.points import line_points
from scoring.rules.ranking import (
    BallotResult,
    GradeDecision,
    HeadDecision,
    RankingInputs,
    RankingSettings,
    rank_bloc,
)
from scoring.rules.rubric import GradeBand, sentence

from .tables import BANDS, D, choice, direct, ratio, target, unit

RATIO = ratio("R", 5)
NEITHER = {"numerator": "", "denominator": "", "percent": ""}


@pytest.mark.parametrize(
    ("make", "message", "field"),
    [
        (
            lambda: parse_input(RATIO, NEITHER | {"numerator": "1", "percent": "5"}),
            "Chỉ ghi số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.",
            "percent",
        ),
        (
            lambda: parse_input(RATIO, NEITHER | {"denominator": "1"}),
            "Ghi cả số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.",
            "numerator",
        ),
        (
            lambda: parse_input(target("T", 5), {"actual": "", "target": "3"}),
            "Nhập kết quả đạt được.",
            "actual",
        ),
        (
            lambda: parse_input(target("T", 5), {"actual": "3", "target": ""}),
            "Nhập chỉ tiêu.",
            "target",
        ),
        (
            lambda: parse_input(direct("A", 5), {"not_applicable": "1"}),
            "Tiêu chí này không được khai “không phát sinh”.",
            "not_applicable",
        ),
        (
            lambda: line_points(choice("A", (5,)), ChoiceInput(1)),
            "Chọn một mức trong danh sách.",
            "level",
        ),
        (
            lambda: line_points(target("T", 5), TargetInput(D(1), D(0))),
            "Chỉ tiêu phải lớn hơn 0.",
            "target",
        ),
        (
            lambda: line_points(RATIO, RatioInput(numerator=D(1))),
            "Ghi cả số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.",
            "",
        ),
        (
            lambda: line_points(RATIO, RatioInput(denominator=D(1))),
            "Ghi cả số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.",
            "",
        ),
        (
            lambda: from_json(direct("A", 5), {"kind": "count", "n": 1}),
            "Dữ liệu của tiêu chí A không đúng với cách chấm.",
            "",
        ),
        (
            lambda: from_json(direct("A", 5, not_applicable=NotApplicable.ZERO), {"points": "1"}),
            "Dữ liệu của tiêu chí A không đúng với cách chấm.",
            "",
        ),
        (
            lambda: from_json(
                direct("A", 5, not_applicable=NotApplicable.ZERO),
                {"kind": "not_applicable", "n": 1},
            ),
            "Dữ liệu của tiêu chí A không đúng với cách chấm.",
            "",
        ),
        (lambda: BallotResult(votes=((1, -1),)), "Số phiếu không được âm.", ""),
        (lambda: GroundFact(Ground.OTHER, " "), "Nêu lý do không xét thi đua.", ""),
        (
            lambda: BallotResult(votes=((1, 1), (1, 2))),
            "Mỗi đơn vị chỉ có một dòng trong kết quả bỏ phiếu.",
            "",
        ),
        (lambda: HeadDecision((1, 2), " "), "Quyết định của Trưởng khối phải nêu lý do.", ""),
        (
            lambda: HeadDecision((1, 1), "x"),
            "Mỗi đơn vị chỉ có một vị trí trong quyết định của Trưởng khối.",
            "",
        ),
        (
            lambda: GradeDecision(1, "Tốt", True, " "),
            "Quyết định xếp loại phải nêu lý do.",
            "",
        ),
        (
            lambda: AwardDecision("X", 1, True, " "),
            "Quyết định về đề nghị khen thưởng phải nêu lý do.",
            "",
        ),
        (
            lambda: AwardQuota(award="X", label="X", max_count=-1),
            "Số suất không được âm.",
            "",
        ),
        (
            lambda: AwardQuota(award="X", label="X", max_share=D("1.1")),
            "Tỷ lệ suất phải từ 0 đến 100%.",
            "",
        ),
    ],
)
def test_an_input_that_is_refused(make, message, field):
    with pytest.raises(InputError) as caught:
        make()
    assert (caught.value.message, caught.value.field) == (message, field)


SETTINGS = RankingSettings(scale_max=D(100), grades=BANDS)
ORDER = HeadDecision((1, 2), "x")


@pytest.mark.parametrize(
    ("twice", "message"),
    [
        ({"units": (unit(1, 5), unit(1, 6))}, "Một đơn vị có hai bảng chấm điểm."),
        (
            {"ballots": (BallotResult(votes=((1, 1),)), BallotResult(votes=((1, 2),)))},
            "Hai kết quả bỏ phiếu của cùng một vòng.",
        ),
        (
            {"head_decisions": (ORDER, HeadDecision((2, 1), "y"))},
            "Hai quyết định của Trưởng khối về cùng các đơn vị.",
        ),
        (
            {"grade_decisions": (GradeDecision(1, "Tốt", True, "x"),) * 2},
            "Hai quyết định xếp loại của cùng một đơn vị.",
        ),
    ],
)
def test_inputs_that_contradict_each_other(twice, message):
    with pytest.raises(InputError) as caught:
        RankingInputs(**{"settings": SETTINGS, "units": ()} | twice)
    assert caught.value.message == message


def test_a_stored_ranking_that_cannot_be_read():
    with pytest.raises(InputError) as caught:
        RankingInputs.from_json({})
    assert caught.value.message == "Không đọc được dữ liệu xếp hạng đã lưu."


def test_a_share_above_the_whole_counts_as_the_whole():
    """Steps and ladders judge the share itself, so it is cut before they do."""
    over = RatioInput(percent=D(150))
    half = ratio("R", 5, ladder=[("1", 5), ("0.5", 2)])
    assert line_points(half, over).points == 5
    assert line_points(ratio("R", "4.9", step=D("0.5")), over).points == D("4.9")
    exact = RatioInput(numerator=D(3), denominator=D(2))
    assert line_points(ratio("R", "4.9", step=D("0.5")), exact).points == D("4.9")


def test_the_largest_figures_are_still_read():
    """Bounds are inclusive; one more is refused."""
    assert parse_count(str(LARGEST_COUNT)) == LARGEST_COUNT
    with pytest.raises(InputError):
        parse_count(str(LARGEST_COUNT + 1))
    assert parse_quantity("100", maximum=D(100)) == 100
    with pytest.raises(InputError):
        parse_quantity("101", maximum=D(100))


def test_full_width_characters_are_read_from_the_first_to_the_last():
    assert parse_count("\uff11\uff10") == 10
    with pytest.raises(InputError) as caught:
        parse_count("\uff01\uff5e")
    assert caught.value.message


def test_a_negative_figure_is_rounded_away_from_zero():
    assert round_to_step(Fraction(-3, 8), D("0.25")) == D("-0.50")


def test_a_ladder_says_what_lies_below_its_last_rung():
    assert sentence(ratio("R", 5, ladder=[("0.5", 5)])).endswith("thấp hơn 0 điểm.")
    assert "thấp hơn" not in sentence(ratio("R", 5, ladder=[("0.5", 5), ("0", 1)]))
    two = sentence(ratio("R", 5, ladder=[("0.5", 5), ("0.3", 0)]))
    assert "thấp hơn 0 điểm" in two


def test_a_refused_grade_says_by_whose_decision():
    bands = (GradeBand(name="Xuất sắc", lower_bound=D(90), max_share_of_units=D("0.5")), *BANDS[1:])
    inputs = RankingInputs(
        settings=RankingSettings(scale_max=D(100), grades=bands),
        units=(unit(1, 95), unit(2, 95)),
        grade_decisions=(
            GradeDecision(1, "Xuất sắc", True, "có mô hình mới"),
            GradeDecision(2, "Xuất sắc", False, "chưa có mô hình"),
        ),
    )
    ranking = rank_bloc(inputs)
    assert ranking.row(1).grade == "Xuất sắc"
    assert ranking.row(2).why_not_higher == ("Theo quyết định: chưa có mô hình",)
    without = replace(inputs, grade_decisions=inputs.grade_decisions[:1])
    full = "Mức Xuất sắc tối đa 50% số đơn vị xếp hạng (1 trên 2), đã hết suất."
    assert rank_bloc(without).row(2).why_not_higher == (full,)
