"""The examples of docs/SCORING.md, each compared with the result printed there."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from scoring.rules.awards import AwardFacts, AwardQuota, propose
from scoring.rules.enums import NotApplicable, SanctionEffect
from scoring.rules.grades import grade_unit
from scoring.rules.inputs import (
    ChoiceInput,
    CountInput,
    DirectInput,
    EventsInput,
    LineInput,
    NotApplicableInput,
    PassFailInput,
    RatioInput,
    TargetInput,
)
from scoring.rules.numbers import show
from scoring.rules.points import excess, line_points
from scoring.rules.ranking import RankingSettings, rank
from scoring.rules.rubric import CriterionRules, GradeBand
from scoring.rules.sheet import TriggeredSanction
from scoring.rules.totals import LineFacts, compute_sheet

from .tables import (
    BANDS,
    D,
    averaging,
    choice,
    counting,
    deduct,
    direct,
    facts,
    party_agencies,
    passfail,
    ratio,
    rubric,
    section,
    target,
    unit,
    whole,
)

PAGE = Path(__file__).parents[3] / "docs" / "SCORING.md"


def printed() -> dict[int, str]:
    """Return the results printed in the document, by the number of the example."""
    found = re.findall(
        r"^### Example (\d+):.*?^Result: `(.+?)`$", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    return {int(number): result for number, result in found}


def points(rule: CriterionRules, inp: LineInput) -> str:
    result = line_points(rule, inp).points
    assert result is not None
    return show(result)


def total(table: Any, **inputs: Any) -> str:
    sheet = compute_sheet(table, facts(**inputs), blanks_confirmed=True)
    assert sheet.total is not None
    return show(sheet.total)


def test_every_printed_example_has_a_test():
    tests = {int(name[13:15]) for name in globals() if name.startswith("test_example_")}
    assert tests == set(printed())
    assert len(tests) == 20


def test_example_01_half_up_on_the_step():
    assert points(ratio("A", 25, step=D("0.25")), RatioInput(D(17), D(24))) == printed()[1]


def test_example_02_bound_belongs_to_the_higher_rung():
    rule = ratio("A", 4, ladder=[("0.5", 4), ("0.3", 2), ("0", 1)])
    assert points(rule, RatioInput(D(3), D(10))) == printed()[2]


def test_example_03_exact_fraction_is_compared():
    rule = ratio("A", 5, ladder=[("0.3334", 5), ("0", 1)])
    assert points(rule, RatioInput(D(1), D(3))) == printed()[3]


def test_example_04_deduct_stops_at_zero():
    assert points(deduct("A", 10, "0.5"), CountInput(23)) == printed()[4]


def test_example_05_target_stops_at_the_maximum():
    assert points(target("A", 6), TargetInput(D(55), D(40))) == printed()[5]


def test_example_06_knock_out():
    table = rubric(
        section("A", "BASE", whole("A1", 6, choice("a", (4,), (0, True)), passfail("b", 2)))
    )
    assert total(table, a=ChoiceInput(1), b=PassFailInput(True)) == printed()[6]
    assert total(table, a=ChoiceInput(0), b=PassFailInput(True)) == "6,00"


def test_example_07_group_of_gains():
    table = rubric(
        section("A", "BASE", direct("a", 10)),
        section(
            "E",
            "PLUS",
            passfail("e1", 2, exclusive_group="g"),
            passfail("e2", 3, exclusive_group="g"),
        ),
    )
    sheet = compute_sheet(
        table,
        facts(a=DirectInput(D(0)), e1=PassFailInput(True), e2=PassFailInput(True)),
        blanks_confirmed=True,
    )
    assert show(sheet.plus) == printed()[7]


def test_example_08_group_of_losses():
    table = rubric(
        section("A", "BASE", deduct("a", 5, 1, exclusive_group="late")),
        section("F", "MINUS", counting("f", 10, 2, exclusive_group="late")),
    )
    assert total(table, a=CountInput(1), f=CountInput(1)) == printed()[8]


def test_example_09_scale_back():
    table = rubric(
        section("A", "BASE", direct("a", 60)),
        section("B", "BASE", direct("b", 40, not_applicable=NotApplicable.EXCLUDED)),
        scale_back=True,
    )
    assert total(table, a=DirectInput(D(45)), b=NotApplicableInput()) == printed()[9]


def test_example_10_caps_then_ceiling():
    table = rubric(
        section("A", "BASE", direct("a")),
        section("E", "PLUS", passfail("e1", 8), passfail("e2", 6)),
        plus_cap=D(10),
        ceiling=D(105),
    )
    inputs = {"a": DirectInput(D(100)), "e1": PassFailInput(True), "e2": PassFailInput(True)}
    assert total(table, **inputs) == printed()[10]


WHOLE_SHEET = {
    "A1": RatioInput(D(18), D(20)),
    "A2": CountInput(3),
    "A3": CountInput(0),
    "A4": ChoiceInput(1),
    "B1": ChoiceInput(0),
    "B2": ChoiceInput(1),
    "B3": ChoiceInput(0),
    "B4": PassFailInput(True),
    "C1": ChoiceInput(0),
    "C2": CountInput(2),
    "C3": RatioInput(percent=D(45)),
    "C4": CountInput(1),
    "D1": CountInput(0),
    "D2": NotApplicableInput(),
    "E1": CountInput(2),
}


def test_example_11_whole_sheet():
    lines = facts(**WHOLE_SHEET) | {"E2": LineFacts(PassFailInput(True))}
    sheet = compute_sheet(party_agencies(), lines, blanks_confirmed=True, days_late=2)
    sections = {each.code: show(each.counted) for each in sheet.sections}
    assert sections == {
        "A": "44,00",
        "B": "19,00",
        "C": "15,00",
        "D": "10,00",
        "E": "4,00",
        "F": "2,00",
    }
    assert sheet.sum_text == printed()[11]


def test_example_12_why_only_good():
    excellent = GradeBand(name="Xuất sắc", lower_bound=D(90), min_criterion_share=D("0.85"))
    standing = unit(1, 95, criterion_shares={"A1": Fraction(20, 25), "A2": Fraction(1)})
    graded = grade_unit(standing, D(95), (excellent, *BANDS[1:]))
    assert f"{graded.grade}: {' '.join(graded.why_not_higher)}" == printed()[12]


def test_example_13_down_then_ceiling():
    sanctions = (
        TriggeredSanction("F1", "x", SanctionEffect.NOT_EXCELLENT),
        TriggeredSanction("F2", "y", SanctionEffect.ONE_GRADE_DOWN),
    )
    graded = grade_unit(unit(1, 96, sanctions=sanctions), D(96), BANDS)
    assert graded.grade == printed()[13]


def test_example_19_the_average_of_cases():
    rule = averaging("A", (10,), (7,), (4,), step=D("0.25"))
    assert show(line_points(rule, EventsInput((1, 0, 2))).points) == printed()[19]


def test_example_20_a_target_exceeded():
    rule = target("A", 10, relative=True)
    leader = excess(TargetInput(D(240), D(200)))
    assert show(line_points(rule, TargetInput(D(55), D(50)), leader=leader).points) == printed()[20]


def test_example_14_share_of_three_units():
    excellent = GradeBand(name="Xuất sắc", lower_bound=D(90), max_share_of_units=D("0.25"))
    settings = RankingSettings(scale_max=D(100), grades=(excellent, *BANDS[1:]))
    ranking = rank([unit(1, 99), unit(2, 98), unit(3, 97)], settings)
    assert str(sum(row.grade == "Xuất sắc" for row in ranking.rows)) == printed()[14]
    assert ranking.warnings == (
        "25% của 3 đơn vị chưa đủ 1 đơn vị: không đơn vị nào được xếp Xuất sắc.",
    )


def test_example_15_list_applied_anew():
    settings = RankingSettings(scale_max=D(100), tie_breaks=("section:A:desc", "minus:asc"))
    units = [unit(1, 90, 40, 1), unit(2, 90, 45, 2), unit(3, 90, 45, 1), unit(4, 90, 40, 1)]
    ranking = rank(units, settings)
    assert ", ".join(str(ranking.row(key).rank) for key in (1, 2, 3, 4)) == printed()[15]


def test_example_16_head_in_the_tie():
    settings = RankingSettings(scale_max=D(100), tie_breaks=("head", "share"))
    ranking = rank([unit(1, 90, is_head=True), unit(2, 90), unit(3, 90)], settings)
    assert ", ".join(str(row.rank) for row in ranking.rows) == printed()[16]
    assert not ranking.ties_pending


def thai_binh():
    rules = ("section:A:desc", "minus:asc", "plus:desc", "share")
    settings = RankingSettings(scale_max=D(100), grades=BANDS, tie_breaks=rules)
    return rank([unit(1, "97.5", 48), unit(2, 96, 47), unit(3, 94, 46), unit(4, 94, 46)], settings)


def quotas(extra: str = "") -> list[AwardQuota]:
    return [
        AwardQuota(award="GOV_FLAG", label="Cờ", max_count=1, worst_rank=1, extra_condition=extra),
        AwardQuota(award="PROV_FLAG", label="Cờ tỉnh", max_count=1, worst_rank=2),
        AwardQuota(award="PROV_MERIT", label="Bằng khen", max_count=2, worst_rank=3),
    ]


def test_example_17_thai_binh():
    ranking = thai_binh()
    report = propose(ranking, quotas(), {})
    shown = [f"{ranking.row(each.key).rank} {each.award}" for each in report.proposals]
    assert "; ".join(shown) == printed()[17]
    assert (report.open_places, report.ties, report.warnings) == ((), (), ())


def test_example_18_first_unit_fails():
    denied = {1: AwardFacts(confirmed={"GOV_FLAG": False})}
    ranking = thai_binh()
    report = propose(ranking, quotas("có mô hình mới"), denied)
    shown = [f"{ranking.row(each.key).rank} {each.award}" for each in report.proposals]
    shown += [f"{place.award} để trống" for place in report.open_places]
    shown += [f"{tie.award} chờ quyết định" for tie in report.ties]
    assert "; ".join(shown) == printed()[18]
    assert report.open_places[0].keys == (1,)
    assert report.ties[0].keys == (3, 4)
    assert report.ties[0].places == 1
