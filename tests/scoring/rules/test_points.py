"""The points of a line, for every kind."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules.enums import NotApplicable, SectionKind
from scoring.rules.inputs import (
    ChoiceInput,
    CountInput,
    DirectInput,
    NotApplicableInput,
    PassFailInput,
    RatioInput,
    TargetInput,
)
from scoring.rules.numbers import InputError
from scoring.rules.points import LineResult, incident_happened, line_points

from .tables import D, choice, counting, deduct, direct, passfail, ratio, target

LADDER = [("0.9", 3), ("0.8", 2)]


@pytest.mark.parametrize(
    ("rule", "inp", "points"),
    [
        (direct("A", 25), DirectInput(D("7.5")), "7.50"),
        (choice("A", (7,), (5,), (0,)), ChoiceInput(0), "7"),
        (choice("A", (7,), (5,), (0,)), ChoiceInput(1), "5"),
        (passfail("A", 4), PassFailInput(True), "4"),
        (passfail("A", 4), PassFailInput(False), "0"),
        (deduct("A", 10, "0.5"), CountInput(0), "10"),
        (deduct("A", 10, "0.5"), CountInput(3), "8.5"),
        (deduct("A", 10, "0.5"), CountInput(20), "0"),
        (deduct("A", 10, "0.5"), CountInput(21), "0"),
        (counting("A", 6, 2), CountInput(0), "0"),
        (counting("A", 6, 2), CountInput(2), "4"),
        (counting("A", 6, 2), CountInput(4), "6"),
        (ratio("A", 25), RatioInput(D(1), D(3)), "8.33"),
        (ratio("A", 25, step=D("0.25")), RatioInput(D(18), D(20)), "22.5"),
        (ratio("A", 25, step=D("0.25")), RatioInput(percent=D(90)), "22.5"),
        (ratio("A", 25), RatioInput(D(30), D(20)), "25"),
        (ratio("A", 25), RatioInput(percent=D(150)), "25"),
        (ratio("A", 10, step=D(3)), RatioInput(D(1), D(1)), "9"),
        (ratio("A", 10, step=D(4)), RatioInput(D(1), D(1)), "10"),
        (ratio("A", 3, ladder=LADDER), RatioInput(D(9), D(10)), "3"),
        (ratio("A", 3, ladder=LADDER), RatioInput(D(899), D(1000)), "2"),
        (ratio("A", 3, ladder=LADDER), RatioInput(percent=D("79.99")), "0"),
        (ratio("A", 3, ladder=LADDER[::-1]), RatioInput(D(2), D(1)), "3"),
        (target("A", 6), TargetInput(D(30), D(40)), "4.5"),
        (target("A", 6), TargetInput(D(0), D(40)), "0"),
        (target("A", 6), TargetInput(D(41), D(40)), "6"),
    ],
)
def test_points_by_kind(rule, inp, points):
    result = line_points(rule, inp)
    assert result.points == D(points)
    assert not result.not_applicable


def test_no_input_has_no_points():
    for rule in (direct("A"), deduct("A", 5, 1), passfail("A", 5)):
        assert line_points(rule, None) == LineResult(None)
        assert not line_points(rule, None).is_scored


@pytest.mark.parametrize("inp", [NotApplicableInput(), RatioInput(D(0), D(0))])
@pytest.mark.parametrize(
    ("policy", "points", "excluded"),
    [
        (NotApplicable.FULL, D(5), False),
        (NotApplicable.ZERO, D(0), False),
        (NotApplicable.EXCLUDED, None, True),
        (NotApplicable.NOT_ALLOWED, None, True),
    ],
)
def test_not_applicable_by_policy(inp, policy, points, excluded):
    result = line_points(ratio("A", 5, not_applicable=policy), inp)
    assert (result.points, result.excluded) == (points, excluded)
    assert result.not_applicable
    assert result.is_scored


@pytest.mark.parametrize("section", [SectionKind.PLUS, SectionKind.MINUS])
def test_what_did_not_arise_neither_earns_nor_costs(section):
    rule = passfail("E", 5, not_applicable=NotApplicable.FULL)
    assert line_points(rule, NotApplicableInput(), section).points == 0


def test_a_level_may_knock_out():
    rule = choice("A", (4,), (0, True))
    assert line_points(rule, ChoiceInput(1)).knocked_out
    assert not line_points(rule, ChoiceInput(0)).knocked_out


@pytest.mark.parametrize(
    ("rule", "inp"),
    [
        (direct("A"), CountInput(1)),
        (choice("A", (4,)), ChoiceInput(1)),
        (choice("A", (4,)), ChoiceInput(-1)),
        (target("A", 4), TargetInput(D(1), D(0))),
        (ratio("A", 4), RatioInput()),
    ],
)
def test_impossible_inputs_are_refused(rule, inp):
    with pytest.raises(InputError):
        line_points(rule, inp)


def test_a_deed_is_seen_even_if_it_costs_nothing():
    assert incident_happened(counting("F", 0, 0), CountInput(1))
    assert incident_happened(passfail("F", 0), PassFailInput(True))
    assert incident_happened(direct("F"), DirectInput(D(1)))
    assert not incident_happened(counting("F", 5, 1), CountInput(0))
    assert not incident_happened(passfail("F", 5), PassFailInput(False))
    assert not incident_happened(passfail("F", 5), None)


quantities = st.decimals(min_value=0, max_value=10**6, places=2)


@settings(deadline=None)
@given(quantities, quantities.filter(bool), st.sampled_from(["0.01", "0.25", "0.5", "7"]))
def test_ratio_stays_within_its_maximum_and_near_the_exact_value(numerator, denominator, step):
    rule = ratio("A", 25, step=D(step))
    points = line_points(rule, RatioInput(numerator, denominator)).points
    exact = min(Fraction(1), Fraction(numerator) / Fraction(denominator)) * 25
    assert points is not None
    assert 0 <= points <= 25
    assert abs(Fraction(points) - exact) * 2 <= Fraction(D(step))


@settings(deadline=None)
@given(st.integers(0, 9999), st.decimals(min_value=0, max_value=50, places=2))
def test_counting_stays_within_bounds(n, per):
    lost, gained = deduct("A", 10, per), counting("B", 10, per)
    left = line_points(lost, CountInput(n)).points
    got = line_points(gained, CountInput(n)).points
    assert left is not None
    assert got is not None
    assert left + got == 10
    assert 0 <= got <= 10
