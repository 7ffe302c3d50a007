"""Reading, rounding and showing numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.rules.numbers import (
    InputError,
    parse_count,
    parse_percent,
    parse_points,
    parse_quantity,
    quantize,
    round_to_step,
    short,
    show,
    show_percent,
)

from .tables import D


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7,5", "7.50"),
        ("7.5", "7.50"),
        (" 7,25\u00a0", "7.25"),
        ("\uff17\uff0c\uff15", "7.50"),
        ("\u22120", "0.00"),
        ("007", "7.00"),
        ("25", "25.00"),
    ],
)
def test_points_are_read(typed, value):
    assert parse_points(typed, maximum=D(25)) == D(value)


@pytest.mark.parametrize("typed", ["5", "-5", "\u22125", "− 5"])
def test_minus_points_are_magnitudes(typed):
    assert parse_points(typed, minus=True) == D("5.00")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("25,01", "Điểm phải từ 0 đến 25,00."),
        ("-1", "Điểm phải từ 0 đến 25,00."),
        ("7,3", "Điểm phải là bội số của 0,25."),
        ("1,5.2", "Chỉ dùng một dấu thập phân: dấu phẩy hoặc dấu chấm."),
        ("1.000", "Nhập tối đa 2 chữ số thập phân, không dùng dấu phân cách hàng nghìn."),
        ("1234567890123", "Số có quá nhiều chữ số."),
        ("abc", "Không đọc được số “abc”. Nhập như 7,5 hoặc 7.5."),
    ],
)
def test_refusals_say_what_is_wrong(typed, message):
    with pytest.raises(InputError) as caught:
        parse_points(typed, maximum=D(25), step=D("0.25"))
    assert caught.value.message == message


@pytest.mark.parametrize(
    "typed", ["", "1e3", "NaN", "inf", "+5", "7 5", "7²", "٧", "0x1", "--5", ","]
)
def test_strange_numbers_are_refused(typed):
    with pytest.raises(InputError):
        parse_points(typed)


def test_a_long_text_is_not_echoed_whole():
    with pytest.raises(InputError) as caught:
        parse_points("x" * 5000)
    assert len(caught.value.message) < 100


@pytest.mark.parametrize("typed", ["1,5", "-1", "10000", "10.000", "một", "", "7.551", "1" * 500])
def test_counts_are_whole(typed):
    with pytest.raises(InputError, match="số nguyên từ 0 đến 9999"):
        parse_count(typed)


def test_counts_and_quantities():
    assert [parse_count(typed) for typed in ("12", " 3 ", "5,0", "007")] == [
        12, 3, 5, 7,
    ]  # fmt: skip
    assert parse_quantity("1.250") == D(1250)
    assert parse_quantity("12.345.678,5") == D("12345678.5")
    assert parse_quantity("1.25") == D("1.25")
    for typed in ("0.125", "000.123", "12.3456", "1,250", "1.2500"):
        with pytest.raises(InputError):
            parse_quantity(typed)
    assert parse_percent("12,5%", maximum=D(1000)) == D("12.5")
    for typed in ("12.500", "0.125%", "-1", "1000,01%"):
        with pytest.raises(InputError):
            parse_percent(typed, maximum=D(1000))
    assert parse_quantity("1250,5") == D("1250.5")
    with pytest.raises(InputError, match="từ 0 đến 999999999999,99"):
        parse_quantity("-2")


def test_halves_go_up():
    assert quantize(D("2.345")) == D("2.35")
    assert round_to_step(Fraction(1, 8), D("0.25")) == D("0.25")
    assert round_to_step(Fraction(1249, 10000), D("0.25")) == D("0.00")
    assert round_to_step(Fraction(-1, 8), D("0.25")) == D("-0.25")


def test_numbers_are_shown_with_a_comma():
    assert (show(D("7.5")), short(D("7.50")), short(D("100"))) == ("7,50", "7,5", "100")
    assert (show_percent(Fraction(2, 3)), show_percent(Fraction(1))) == ("66,67%", "100%")


@settings(deadline=None)
@given(st.fractions(min_value=0, max_value=1000), st.sampled_from(["0.01", "0.25", "0.5", "3"]))
def test_rounding_is_nearest_and_on_the_step(value, step):
    rounded = round_to_step(value, D(step))
    assert rounded % D(step) == 0
    assert abs(Fraction(rounded) - value) * 2 <= Fraction(step)


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=9999, places=2))
def test_what_is_shown_is_read_back(value):
    assert parse_points(show(value)) == value
    assert parse_points(short(value)) == value
