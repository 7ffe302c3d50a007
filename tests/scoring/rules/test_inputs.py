"""Inputs: form fields, JSON documents, sentences."""

from __future__ import annotations

import json

import pytest

from scoring.rules.enums import NotApplicable, SectionKind
from scoring.rules.inputs import (
    ChoiceInput,
    CountInput,
    DirectInput,
    NotApplicableInput,
    PassFailInput,
    RatioInput,
    TargetInput,
    describe,
    from_json,
    half_typed,
    parse_input,
    to_json,
)
from scoring.rules.numbers import InputError
from scoring.rules.wording import doubt

from .tables import D, choice, counting, deduct, direct, passfail, ratio, target, whole

CASES = [
    (direct("A", 25), {"points": "7,5"}, DirectInput(D("7.50"))),
    (choice("A", (5,), (3,)), {"level": "1"}, ChoiceInput(1)),
    (passfail("A", 4), {"passed": "yes"}, PassFailInput(True)),
    (passfail("A", 4), {"passed": "không"}, PassFailInput(False)),
    (deduct("A", 10, 1), {"n": "3"}, CountInput(3)),
    (counting("A", 10, 1), {"n": "0"}, CountInput(0)),
    (ratio("A", 10), {"numerator": "18", "denominator": "20"}, RatioInput(D(18), D(20))),
    (ratio("A", 10), {"percent": "90,5%"}, RatioInput(percent=D("90.5"))),
    (target("A", 10), {"actual": "12", "target": "15"}, TargetInput(D(12), D(15))),
]


@pytest.mark.parametrize(("rule", "raw", "inp"), CASES)
def test_fields_are_read_and_stored_both_ways(rule, raw, inp):
    assert parse_input(rule, raw) == inp
    assert from_json(rule, json.loads(json.dumps(to_json(inp)))) == inp


@pytest.mark.parametrize(("rule", "raw", "inp"), CASES)
def test_blank_fields_are_no_input(rule, raw, inp):
    assert parse_input(rule, dict.fromkeys(raw, "  ")) is None
    assert parse_input(rule, {}) is None
    assert from_json(rule, None) is None


@pytest.mark.parametrize(
    ("rule", "raw", "half"),
    [
        (ratio("A", 10), {"numerator": " 18 "}, {"numerator": "18"}),
        (ratio("A", 10), {"denominator": "20"}, {"denominator": "20"}),
        (target("A", 10), {"actual": "9,5"}, {"actual": "9,5"}),
        (target("A", 10), {"target": "10", "actual": " "}, {"target": "10"}),
        (ratio("A", 10), {"numerator": "18", "denominator": "20"}, {}),
        (ratio("A", 10), {"percent": "90"}, {}),
        (ratio("A", 10), {"numerator": "18", "percent": "90"}, {}),
        (ratio("A", 10), {"numerator": "mười"}, {}),
        (ratio("A", 10), {"numerator": "-1"}, {}),
        (ratio("A", 10), {"numerator": "18", "not_applicable": "1"}, {}),
        (ratio("A", 10), {"actual": "18"}, {}),
        (ratio("A", 10), {}, {}),
        (direct("A", 10), {"points": "5"}, {}),
        (counting("A", 10, 1), {"n": "5"}, {}),
    ],
)
def test_half_of_a_pair_is_what_can_be_read_of_it(rule, raw, half):
    assert half_typed(rule, raw) == half


def test_blank_is_not_zero():
    assert parse_input(direct("A", 25), {"points": "0"}) == DirectInput(D(0))
    assert parse_input(counting("A", 10, 1), {"n": "0"}) != parse_input(counting("A", 10, 1), {})


def test_minus_points_may_be_typed_negative():
    rule = direct("F", 5)
    assert parse_input(rule, {"points": "-5"}, SectionKind.MINUS) == DirectInput(D(5))
    with pytest.raises(InputError, match="từ 0 đến 5,00"):
        parse_input(rule, {"points": "-5"})


@pytest.mark.parametrize(
    ("rule", "raw", "field", "message"),
    [
        (direct("A", 25), {"points": "26"}, "points", "Điểm phải từ 0 đến 25,00."),
        (choice("A", (5,), (3,)), {"level": "2"}, "level", "Chọn một mức trong danh sách."),
        (choice("A", (5,), (3,)), {"level": "-1"}, "level", "Chọn một mức trong danh sách."),
        (passfail("A", 4), {"passed": "maybe"}, "passed", "Chọn Có hoặc Không."),
        (
            ratio("A", 10),
            {"numerator": "3"},
            "denominator",
            "Ghi cả số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.",
        ),
        (
            ratio("A", 10),
            {"denominator": "3"},
            "numerator",
            "Ghi cả số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.",
        ),
        (target("A", 10), {"actual": "3"}, "target", "Nhập chỉ tiêu."),
        (target("A", 10), {"actual": "3", "target": "0"}, "target", "Chỉ tiêu phải lớn hơn 0."),
    ],
)
def test_a_refusal_names_its_field(rule, raw, field, message):
    with pytest.raises(InputError) as caught:
        parse_input(rule, raw)
    assert (caught.value.field, caught.value.message) == (field, message)


def test_fraction_and_percent_together_are_refused():
    raw = {"numerator": "1", "denominator": "2", "percent": "50"}
    with pytest.raises(InputError, match="Chỉ ghi số đạt và tổng số, hoặc"):
        parse_input(ratio("A", 10), raw)


def test_not_applicable_only_where_allowed():
    free = ratio("A", 10, not_applicable=NotApplicable.FULL)
    assert parse_input(free, {"not_applicable": "on"}) == NotApplicableInput()
    assert from_json(free, to_json(NotApplicableInput())) == NotApplicableInput()
    for read in (
        lambda: parse_input(ratio("A", 10), {"not_applicable": "on"}),
        lambda: from_json(ratio("A", 10), {"kind": "not_applicable"}),
    ):
        with pytest.raises(InputError, match="không phát sinh"):
            read()


@pytest.mark.parametrize(
    ("rule", "doc"),
    [
        (direct("A", 25), []),
        (direct("A", 25), "points"),
        (direct("A", 25), {"points": "5"}),
        (direct("A", 25), {"kind": "count", "n": 5}),
        (direct("A", 25), {"kind": "direct", "points": 5}),
        (direct("A", 25), {"kind": "direct", "points": "26"}),
        (direct("A", 25), {"kind": "direct", "points": "NaN"}),
        (direct("A", 25), {"kind": "direct"}),
        (direct("A", 25), {"kind": "direct", "points": "5", "extra": "1"}),
        (direct("A", 25), {"kind": ["direct"], "points": "5"}),
        (direct("A", 25), {"kind": "not_applicable", "points": "5"}),
        (counting("A", 5, 1), {"kind": "count", "n": True}),
        (counting("A", 5, 1), {"kind": "count", "n": -1}),
        (counting("A", 5, 1), {"kind": "count", "n": "1"}),
        (counting("A", 5, 1), {"kind": "count", "n": 10**30}),
        (choice("A", (5,)), {"kind": "choice", "level": 1}),
        (choice("A", (5,)), {"kind": "choice", "level": -1}),
        (passfail("A", 5), {"kind": "passfail", "passed": 1}),
        (ratio("A", 5), {"kind": "ratio", "numerator": "1"}),
        (ratio("A", 5), {"kind": "ratio", "numerator": "None", "denominator": "None"}),
        (target("A", 5), {"kind": "target", "actual": "1", "target": "0"}),
        (whole("A", 5, direct("a", 5)), {"kind": "direct", "points": "5"}),
    ],
)
def test_hostile_documents_are_refused(rule, doc):
    with pytest.raises(InputError):
        from_json(rule, doc)


def test_inputs_are_described():
    documents = deduct("A", 10, "0.5", unit_label="văn bản chậm")
    targets = ratio("A", 25, unit_label="chỉ tiêu")
    assert describe(documents, CountInput(3)) == "3 văn bản chậm"
    assert describe(deduct("A", 10, 1), CountInput(3)) == "3 lỗi"
    assert describe(targets, RatioInput(D(18), D(20))) == "18 trên 20 chỉ tiêu"
    assert describe(targets, RatioInput(percent=D("90.5"))) == "90,5%"
    assert describe(choice("A", (5,), (3,)), ChoiceInput(1)) == "1"
    assert describe(passfail("A", 4), PassFailInput(True)) == "Có"
    assert describe(passfail("A", 4), PassFailInput(False)) == "Không"
    assert describe(direct("A", 9), DirectInput(D("7.50"))) == "7,5 điểm"
    assert describe(target("A", 9), TargetInput(D(3), D(4))) == "Đạt 3 trên chỉ tiêu 4"
    assert describe(targets, NotApplicableInput()) == "Không phát sinh"
    assert describe(targets, None) == "Chưa chấm"


@pytest.mark.parametrize(
    ("rule", "inp", "told"),
    [
        (ratio("A", 10), RatioInput(D(30), D(28)), "trên 100%"),
        (ratio("A", 10), RatioInput(D(28), D(28)), ""),
        (ratio("A", 10), RatioInput(percent=D("100.01")), "trên 100%"),
        (ratio("A", 10), RatioInput(percent=D(100)), ""),
        (counting("A", 6, 3), CountInput(3), "mức tối đa 6 điểm"),
        (counting("A", 6, 3), CountInput(2), ""),
        (deduct("A", 10, 1), CountInput(11), "Chỉ trừ đến mức tối đa 10 điểm"),
        (target("A", 10), TargetInput(D(20), D(15)), ""),
        (direct("A", 10), None, ""),
    ],
)
def test_what_looks_mistyped_is_pointed_out_and_not_refused(rule, inp, told):
    found = doubt(rule, inp)
    assert told in found
    assert bool(found) == bool(told)
