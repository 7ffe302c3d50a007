"""Vietnamese text, numbers, dates and lists."""

from __future__ import annotations

import random
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.vietnamese import (
    count_of,
    fold,
    format_date,
    format_moment,
    format_number,
    format_points,
    join_names,
    long_date,
    nfc,
    remaining,
    sort_key,
)

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
SYLLABLES = st.text(
    st.sampled_from(
        [nfc(letter + tone) for letter in "aăâeêioôơuưy" for tone in TONES]
        + list("bcdđghklmnpqrstvx ")
        + list("ABDĐHQ")
    ),
    max_size=12,
)

# Sorted by ICU 72 with the locale "vi", which is PostgreSQL's vi-x-icu.
_ICU_NAMES = (
    '"a"|(a)|10|1a|2|a b|a-b|ab|an|An|àn|ản|ãn|án|Án|ạn|An Giang|ăn|Ăn|ân|Ẩn|Bà Rịa|Bạc Liêu|'
    "Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Định|Cà Mau|Cao Bằng|Cần Thơ|Da|Du|đa|Đà Nẵng|"
    "Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|e|ê|f|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|"
    "Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hưng Yên|j|Khánh Hòa|Khối 1|Khối 10|khối 2|Khối 2|"
    "Khối thi đua số 05|Khối thi đua số 5|Kon Tum|Lào Cai|ma|Ma|mà|mả|mã|má|mạ|mạ a|ma b|mã b|"
    "Ninh Bình|Ninh Thuận|o|ô|ơ|Ờ|ợ|Phú Thọ|Quảng Nam|Quảng Ngãi|Quảng Ninh|Sở Công Thương|"
    "Sở Nội vụ|Sở Tài chính|sở y tế|Sở Y tế|Thái Bình|Thanh Hóa|Thừa Thiên Huế|u|Uỷ ban|Ủy ban|ư|"
    "Văn phòng|Văn phòng - Tổng hợp|Văn phòng Hội đồng|Vĩnh Phúc|w|xã A|Xã a|Y|ý|z"
)
ICU_ORDER = _ICU_NAMES.split("|")


# ---------------------------------------------------------------- sorting


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_order_equals_icu(form):
    shuffled = [unicodedata.normalize(form, name) for name in ICU_ORDER]
    random.Random(20).shuffle(shuffled)
    assert [nfc(name) for name in sorted(shuffled, key=sort_key)] == ICU_ORDER


def test_every_name_has_its_own_key():
    assert len({sort_key(name) for name in ICU_ORDER}) == len(ICU_ORDER)


def test_letters_stand_in_the_order_of_the_alphabet():
    assert sorted(LETTERS, key=sort_key) == list(LETTERS)
    assert sorted(LETTERS.upper(), key=sort_key) == list(LETTERS.upper())


@pytest.mark.parametrize("letter", "aăâeêioôơuưy")
def test_tones_stand_in_the_order_of_schools(letter):
    toned = [nfc(letter + tone) for tone in TONES]
    shuffled = toned[3:] + toned[:3]
    assert sorted(shuffled, key=sort_key) == toned


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mạ a", "ma b"),  # a letter anywhere outweighs a tone before it
        ("mạ", "mạa"),
        ("xã A", "Xã a"),  # of two capitals the later one is the lighter
        ("Khối 10", "Khối 2"),  # figures one by one, as the database does
        ("Việt", "Яблоко"),  # other scripts come last
        ("", "a"),
    ],
)
def test_first_before_second(first, second):
    assert sort_key(first) < sort_key(second)


def test_foreign_marks_and_invisible_characters_do_no_harm():
    assert sort_key("Muller") < sort_key("Müller") < sort_key("Mullet")
    assert sort_key("Sở\u200b Nội\u00a0vụ\x00") == sort_key("Sở Nội vụ")
    assert sort_key("“Sở”") == sort_key('"Sở"')


@given(st.text(max_size=50))
def test_a_key_is_digits_whatever_the_text(text):
    key = sort_key(text)
    assert key.isascii()
    assert key.isdigit()


@given(SYLLABLES, SYLLABLES)
def test_keys_compare_as_levels_do(one, other):
    def levels(text: str) -> tuple[list[int], list[int], list[bool]]:
        """An independent reading of the rule: letters, then tones, then capitals."""
        order = " " + LETTERS
        split = [unicodedata.normalize("NFD", char) for char in nfc(text)]
        bare = [nfc("".join(c for c in parts if c not in TONES[1:])) for parts in split]
        tones = [next((TONES.index(c) for c in parts if c in TONES[1:]), 0) for parts in split]
        return [order.index(c.lower()) for c in bare], tones, [c != c.lower() for c in bare]

    assert (sort_key(one) < sort_key(other)) == (levels(one) < levels(other))
    assert (sort_key(one) == sort_key(other)) == (one == other)


@given(SYLLABLES)
def test_a_key_fits_five_digits_a_letter(text):
    assert len(sort_key(text)) <= 5 * len(text) + 3
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)


def test_a_plain_name_costs_two_digits_a_letter():
    assert len(sort_key("a" * 100)) == 203


# ---------------------------------------------------------------- searching


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đắk Lắk", "dak lak"),
        (unicodedata.normalize("NFD", "Đường Nguyễn Huệ"), "duong nguyen hue"),
        ("  Sở\u00a0 Nội\tvụ\n", "so noi vu"),
        ("ĐỘC LẬP – Tự do", "doc lap – tu do"),
        ("ỦY BAN", "uy ban"),
        ("Uỷ ban", "uy ban"),
        ("100%_a", "100%_a"),
        ("", ""),
    ],
)
def test_fold(text, expected):
    assert fold(text) == expected


@given(st.text())
def test_fold_is_stable_and_ignores_form_and_case(text):
    once = fold(text)
    assert fold(once) == once
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert unicodedata.is_normalized("NFC", once)


@given(SYLLABLES)
def test_fold_leaves_plain_letters_of_vietnamese(text):
    assert fold(text).isascii()
    assert fold(text.upper()) == fold(text)


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("value", "sign", "expected"),
    [
        ("97.25", False, "97,25"),
        ("97.25", True, "+97,25"),
        ("5", True, "+5,00"),
        ("-1", False, "−1,00"),
        ("-1", True, "−1,00"),
        ("0", True, "0,00"),
        ("-0", True, "0,00"),
        ("-0.001", True, "0,00"),
        ("0.005", False, "0,01"),
        ("-0.005", False, "−0,01"),
        ("1000", False, "1000,00"),
        ("1E+2", False, "100,00"),
    ],
)
def test_format_points(value, sign, expected):
    assert format_points(Decimal(value), sign=sign) == expected


def test_points_not_scored_are_not_zero():
    assert format_points(None) == "chưa chấm"
    assert format_points(None, empty="–") == "–"
    assert format_points(Decimal(0)) == "0,00"


@given(st.decimals(-99999, 99999, places=2))
def test_points_read_back_as_written(value):
    read = format_points(value, sign=True).replace("−", "-").replace(",", ".")
    assert Decimal(read) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("7.50"), "7,5"),
        (Decimal("7.00"), "7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.25"), "−0,25"),
        (Decimal("-0.00"), "0"),
        (Decimal("0.000001"), "0,000001"),
        (100, "100"),
        (-20, "−20"),
        (2026, "2026"),
        (0, "0"),
    ],
)
def test_format_number(value, expected):
    assert format_number(value) == expected


# ---------------------------------------------------------------- dates


def test_dates():
    assert format_date(date(2022, 12, 9)) == "09/12/2022"
    assert format_date(date(987, 1, 2)) == "02/01/0987"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 12, 9), "ngày 09 tháng 12 năm 2022"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 1), "ngày 01 tháng 3 năm 2026"),
    ],
)
def test_long_dates_as_in_decree_30(day, expected):
    assert long_date(day) == expected


def test_a_moment_is_shown_in_vietnam_time():
    assert format_moment(datetime(2026, 12, 20, 16, 59, tzinfo=UTC)) == "23:59 ngày 20/12/2026"
    assert format_moment(datetime(2026, 12, 20, 17, 5, tzinfo=UTC)) == "00:05 ngày 21/12/2026"
    with pytest.raises(ValueError, match="time zone"):
        format_moment(datetime(2026, 12, 20))  # noqa: DTZ001 - refused on purpose


@pytest.mark.parametrize(
    ("due_on", "state", "text"),
    [
        (date(2026, 12, 10), "overdue", "quá hạn 10 ngày"),
        (date(2026, 12, 19), "overdue", "quá hạn 1 ngày"),
        (date(2026, 12, 20), "today", "hạn hôm nay"),
        (date(2026, 12, 23), "soon", "còn 3 ngày"),
        (date(2026, 12, 27), "soon", "còn 7 ngày"),
        (date(2026, 12, 28), "later", "còn 8 ngày"),
    ],
)
def test_remaining(due_on, state, text):
    assert remaining(due_on, date(2026, 12, 20)) == (state, text)


# ---------------------------------------------------------------- lists


def test_lists_and_counts():
    assert count_of(2, 12, "đơn vị") == "2/12 đơn vị"
    assert join_names([]) == ""
    assert join_names(["A"]) == "A"
    assert join_names(["A", "B"]) == "A và B"
    assert join_names(["A", "B", "C"]) == "A, B và C"
