"""Why a total is what it is and why a unit stands where it stands: every step, word for word."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from scoring.rules.entries import ChoiceInput, CountInput, DirectInput, NotApplicableInput
from scoring.rules.enums import (
    LineFlag,
    NotApplicable,
    RankStyle,
    SanctionEffect,
    SectionKind,
    Stage,
)
from scoring.rules.numbers import short
from scoring.rules.ranking import BallotResult, Placement, RankingSettings, rank, standing_of
from scoring.rules.rubric import GradeBand, Level, from_document, to_document
from scoring.rules.sheet import Step, TriggeredSanction
from scoring.rules.totals import LineFacts, compute_sheet

from .tables import BANDS, D, choice, counting, direct, facts, rubric, section, unit, whole


def points(text):
    return DirectInput(D(text))


def table(**more):
    values = {
        "plus_cap": D(6),
        "minus_cap": D(3),
        "floor": D(0),
        "ceiling": D(90),
        "grades": BANDS,
    }
    return rubric(
        section("A", "BASE", whole("A1", 50, direct("a", 40), direct("b", 20)), maximum=50),
        section("B", "BASE", direct("B1", 60), maximum=45),
        section("E", "PLUS", direct("E1", 5), direct("E2", 5), maximum=8),
        section("F", "MINUS", direct("F1", 5), direct("F2", 5), maximum=4),
        **(values | more),
    )


def whole_sheet(**more):
    given = {"a": "40", "b": "20", "B1": "60", "E1": "5", "E2": "5", "F1": "4", "F2": "4"}
    return facts(**{code: points(text) for code, text in (given | more).items()})


def test_every_step_of_a_total_that_every_bound_cuts():
    sheet = compute_sheet(table(), whole_sheet(), blanks_confirmed=True)
    assert sheet.total == 90
    assert sheet.steps == (
        Step(Stage.ITEM_MAXIMUM, "A1", D(60), D(50), "Tiêu chí A1 tối đa 50 điểm."),
        Step(Stage.SECTION, "A", D(50), D(50), "A. Phần A: 50,00 điểm."),
        Step(
            Stage.SECTION,
            "B",
            D(60),
            D(45),
            "B. Phần B: 60,00 điểm, tính 45,00 điểm (điểm tối đa).",
        ),
        Step(
            Stage.SECTION,
            "E",
            D(10),
            D(8),
            "E. Phần E: 10,00 điểm, tính 8,00 điểm (mức cộng tối đa).",
        ),
        Step(
            Stage.SECTION,
            "F",
            D(8),
            D(4),
            "F. Phần F: 8,00 điểm, tính 4,00 điểm (mức trừ tối đa).",
        ),
        Step(Stage.RUBRIC_CAP, "PLUS", D(8), D(6), "Tổng điểm cộng 8,00, tính tối đa 6,00 điểm."),
        Step(Stage.RUBRIC_CAP, "MINUS", D(4), D(3), "Tổng điểm trừ 4,00, tính tối đa 3,00 điểm."),
        Step(Stage.SUM, "", D(98), D(98), "Tổng: 98,00 điểm."),
        Step(Stage.CLAMP, "", D(98), D(90), "Trần 90,00 điểm."),
    )
    assert [each.title for each in sheet.sections] == ["Phần A", "Phần B", "Phần E", "Phần F"]


def test_a_bound_that_is_just_reached_is_no_step():
    bounds = {"plus_cap": D(8), "minus_cap": D(4), "ceiling": D(99), "floor": D(99)}
    sheet = compute_sheet(table(**bounds), whole_sheet(b="10"), blanks_confirmed=True)
    assert [step.stage for step in sheet.steps] == [*[Stage.SECTION] * 4, Stage.SUM]
    assert sheet.total == 99


def test_the_floor_and_the_rounding_are_steps():
    low = {"a": "0", "b": "0", "B1": "0.30", "E1": "0", "E2": "0"}
    kept = compute_sheet(table(floor=D(5), rounding=D("0.25")), whole_sheet(**low),
                         blanks_confirmed=True)  # fmt: skip
    assert kept.steps[-2:] == (
        Step(Stage.SUM, "", D("-2.70"), D("-2.75"), "Tổng: -2,75 điểm."),
        Step(Stage.CLAMP, "", D("-2.75"), D(5), "Sàn 5,00 điểm."),
    )


def test_scaling_back_is_a_step():
    scaled = rubric(
        section("A", "BASE", direct("a", 40, not_applicable=NotApplicable.EXCLUDED)),
        section("B", "BASE", direct("b", 60)),
        scale_back=True,
        grades=BANDS,
    )
    lines = facts(a=NotApplicableInput(), b=points("45"))
    sheet = compute_sheet(scaled, lines, blanks_confirmed=True)
    text = "Quy đổi phần áp dụng: 45,00 / 60 × 100 = 75,00."
    assert Step(Stage.SCALE_BACK, "BASE", D(45), D(75), text) in sheet.steps
    item = sheet.items[0]
    assert (item.maximum, item.nominal_maximum, item.knocked_out) == (0, 40, False)


def test_papers_knock_outs_and_groups_are_steps_in_that_order():
    made = rubric(
        section(
            "A",
            "BASE",
            direct("g", 10, evidence_required=True),
            whole("K", 20, choice("k", (10,), (0, True)), direct("l", 10)),
            direct("m", 20, exclusive_group="lỗi"),
        ),
        section("E", "PLUS", direct("e", 5, exclusive_group="thưởng"),
                direct("f", 3, exclusive_group="thưởng")),
        grades=BANDS,
    )  # fmt: skip
    lines = facts(k=ChoiceInput(1), l=points("7"), m=points("20"), e=points("4"), f=points("3"))
    lines["g"] = LineFacts(points("8"), False, True)
    sheet = compute_sheet(made, lines, blanks_confirmed=True)
    by_lines = [
        (step.stage, step.place, step.before, step.after)
        for step in sheet.steps
        if step.stage in {Stage.LINE, Stage.KNOCK_OUT, Stage.GROUP}
    ]
    assert by_lines == [
        (Stage.LINE, "g", 8, 0),
        (Stage.KNOCK_OUT, "k", 0, 0),
        (Stage.KNOCK_OUT, "l", 7, 0),
        (Stage.GROUP, "f", 3, 0),
    ]
    assert all(step.text for step in sheet.steps)
    flagged = {line.code: line.flags for line in sheet.lines}
    assert flagged["f"] == (LineFlag.GROUP_DROPPED,)
    assert [item.knocked_out for item in sheet.items] == [False, True, False, False, False]


def test_a_blank_line_keeps_its_place_and_counts_nothing():
    sheet = compute_sheet(table(), facts(a=points("1")), blanks_confirmed=True)
    blank = {line.code: line for line in sheet.lines}
    bonus, base = blank["E1"], blank["B1"]
    assert (bonus.section, bonus.kind, bonus.maximum) == ("E", SectionKind.PLUS, 5)
    assert (bonus.points, bonus.counted) == (0, 0)
    assert (base.section, base.kind, base.maximum) == ("B", SectionKind.BASE, 60)
    assert (base.points, base.counted, base.is_missing) == (None, None, True)
    assert blank["a"].section == "A"
    assert sheet.total is None


def test_a_sanction_names_its_item_and_grade():
    above = {"sanction": SanctionEffect.NOT_ABOVE, "sanction_grade": "Khá"}
    made = rubric(
        section("A", "BASE", direct("a")),
        section("F", "MINUS", replace(counting("F1", 5, 1, **above), title="Kỷ luật")),
        grades=BANDS,
    )
    sheet = compute_sheet(made, facts(a=points("90"), F1=CountInput(1)), blanks_confirmed=True)
    expected = (TriggeredSanction("F1", "Kỷ luật", SanctionEffect.NOT_ABOVE, "Khá"),)
    assert sheet.sanctions == expected
    standing = standing_of(7, sheet)
    assert (standing.key, standing.sanctions, standing.is_head) == (7, expected, False)
    assert (standing.missing, standing.grounds) == (0, ())
    unscored = standing_of(8, compute_sheet(made, {}, blanks_confirmed=False))
    assert (unscored.missing, unscored.total) == (2, None)


def test_a_part_takes_over_what_its_criterion_demands():
    made = whole("A", 10, direct("a", 5), direct("b", 5, decision_required=True))
    assert [leaf.decision_required for leaf in made.leaves] == [False, True]
    demanding = replace(made, decision_required=True)
    assert [leaf.decision_required for leaf in demanding.leaves] == [True, True]


# ---------------------------------------------------------------- the ranking


def settings_of(*tie_breaks, **more):
    return RankingSettings(scale_max=D(100), tie_breaks=tie_breaks, grades=BANDS, **more)


def test_each_unit_reads_how_it_stands_to_both_neighbours():
    units = [unit("c", 90, minus=1), unit("b", 90, minus=2), unit("d", 95), unit("a", 80)]
    ranking = rank(units, settings_of("minus:asc"))
    by_total = "theo tổng điểm"
    assert ranking.row("c").placed_by == (
        Placement(
            "above",
            ("d",),
            "total",
            "90,00",
            "95,00",
            f"Xếp sau đơn vị liền trên {by_total}: 90,00 so với 95,00.",
        ),
        Placement(
            "below",
            ("b",),
            "minus:asc",
            "1,00",
            "2,00",
            "Xếp trước đơn vị liền dưới theo điểm trừ: 1,00 so với 2,00.",
        ),
    )
    assert [each.relation for each in ranking.row("d").placed_by] == ["below"]
    assert ranking.row("d").placed_by[0].others == ("c",)
    assert ranking.row("b").placed_by[1].others == ("a",)
    assert [each.relation for each in ranking.row("a").placed_by] == ["above"]


def test_equal_units_read_why():
    ranking = rank([unit(1, 90), unit(2, 90)], settings_of("minus:asc"))
    equal = "Bằng nhau theo mọi quy tắc phân hạng, cùng hạng."
    assert ranking.row(1).placed_by == (Placement("beside", (2,), "share", "", "", equal),)
    waiting = rank([unit(1, 90), unit(2, 90)], settings_of("ballot"))
    row = waiting.row(1)
    assert row.tie_pending
    assert row.placed_by[0].text == f"Tạm cùng hạng. {row.tie_pending}"


def test_an_unscored_unit_has_nothing_but_its_note():
    row = rank([unit(1, None), unit(2, None, missing=2)], settings_of()).row(1)
    assert row.notes == ("chưa có tổng điểm",)
    assert (row.rank, row.is_tied, row.tie_pending, row.rank_total) == (None, False, "", None)
    assert (row.grade, row.grade_by_points, row.grade_pending) == ("", "", "")
    assert (row.placed_by, row.why_not_higher) == ((), ())


def test_the_grade_by_points_stays_beside_the_grade():
    sanction = TriggeredSanction("F1", "Kỷ luật", SanctionEffect.NOT_EXCELLENT)
    row = rank([unit(1, 95, sanctions=(sanction,))], settings_of()).row(1)
    assert (row.grade_by_points, row.grade) == ("Xuất sắc", "Tốt")


def test_an_excluded_unit_keeps_its_total():
    sanction = TriggeredSanction("F1", "Kỷ luật", SanctionEffect.EXCLUDED)
    (out,) = rank([unit(1, 95, sanctions=(sanction,))], settings_of()).excluded
    assert (out.key, out.total, out.reasons) == (1, 95, ("F1. Kỷ luật: không xét thi đua",))


def test_settings_of_a_rubric_carry_capping_and_style():
    made = table(rank_capped=True, rank_style=RankStyle.DENSE)
    settings = RankingSettings.from_rubric(made)
    assert (settings.rank_capped, settings.rank_style) == (True, RankStyle.DENSE)


def test_a_ballot_of_no_votes_is_a_ballot():
    assert BallotResult(votes=((1, 0),)).candidates == {1}


# ---------------------------------------------------------------- documents


def test_a_written_document_names_what_it_holds():
    made = table(rounding=D("0.5"), rank_style=RankStyle.DENSE)
    written = to_document(made)
    assert (written["rounding"], written["rank_style"]) == ("0.5", "dense")
    assert [("max" in each, "cap" in each) for each in written["sections"]] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
    ]
    assert "step" not in written["sections"][1]["criteria"][0]
    assert "not_applicable" not in written["sections"][1]["criteria"][0]
    limited = table(grades=(replace(BANDS[0], max_share_of_units=D("0.2")), *BANDS[1:]))
    (condition,) = to_document(limited)["grade_conditions"]
    assert condition["rounding"] == "down"
    assert from_document(written) == made


def test_levels_of_a_document_are_kept():
    level = Level("Đạt", D(5), True)
    made = rubric(section("A", "BASE", replace(choice("a", (5,)), levels=(level,))), grades=BANDS)
    assert from_document(to_document(made)).places["a"].leaf.levels == (level,)


def test_short_figures_keep_their_zeros():
    assert [short(Decimal(text)) for text in ("100", "10.50", "0.00", "7.05")] == [
        "100",
        "10,5",
        "0",
        "7,05",
    ]


def test_the_lowest_of_one_band_is_itself():
    only = (GradeBand(name="Đạt", lower_bound=D(0)),)
    sanction = TriggeredSanction("F1", "Kỷ luật", SanctionEffect.ONE_GRADE_DOWN)
    settings = RankingSettings(scale_max=D(100), grades=only)
    assert rank([unit(1, 95, sanctions=(sanction,))], settings).row(1).grade == "Đạt"
