"""Points as exact decimals: reading, rounding and showing them.

Nothing here or anywhere in the rules is a float. Means and ratios are `Fraction`
until the step of their line.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST_POINTS = Decimal("9999.99")
LARGEST_QUANTITY = Decimal("999999999999.99")
LARGEST_COUNT = 9999

_NUMBER = re.compile(r"(?P<sign>-?)\s*(?P<whole>[0-9]+)(?:[.,](?P<places>[0-9]+))?", re.ASCII)
_WHOLE = re.compile(r"(?P<digits>[0-9]{1,12})(?:[.,]0{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?", re.ASCII)
_SHOWN_LENGTH = 20


class InputError(ValueError):
    """Something typed or stored that the rules refuse; the message is for its reader."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def quantize(value: Decimal) -> Decimal:
    """Return the value with two places, halves away from zero."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def round_to_step(value: Fraction, step: Decimal) -> Decimal:
    """Return the multiple of `step` nearest to the exact value, halves away from zero."""
    steps = abs(value) / Fraction(step)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return quantize(Decimal(whole) * step * (-1 if value < 0 else 1))


@lru_cache(maxsize=4096)
def ratio(part: Decimal, whole: Decimal) -> Fraction:
    """Return part / whole, exact; `whole` is not 0."""
    over, under = part.as_integer_ratio()
    times, by = whole.as_integer_ratio()
    return Fraction(over * by, under * times)


def is_on_step(value: Decimal, step: Decimal) -> bool:
    """Tell whether the value is a whole multiple of the step."""
    return value % step == 0


def show(value: Decimal) -> str:
    """Return points as a table prints them: '7,50'."""
    return str(quantize(value)).replace(".", ",")


def short(value: Decimal) -> str:
    """Return a number as a sentence has it: '7,5', '10'."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def show_percent(share: Fraction) -> str:
    """Return a share as a percentage of at most two places: '66,67%'."""
    return short(round_to_step(share * 100, CENT)) + "%"


def parse_points(
    text: str,
    *,
    maximum: Decimal = LARGEST_POINTS,
    step: Decimal = CENT,
    minus: bool = False,
) -> Decimal:
    """Return typed points between 0 and `maximum`, on `step`.

    Of a minus item (`minus`) both 5 and -5 are read as the magnitude 5.
    """
    value = parse_number(text)
    value = abs(value) if minus else value
    if not 0 <= value <= maximum:
        raise InputError(f"Điểm phải từ 0 đến {show(maximum)}.")
    if not is_on_step(value, step):
        raise InputError(f"Điểm phải là bội số của {short(step)}.")
    return quantize(value)


def parse_quantity(text: str, *, maximum: Decimal = LARGEST_QUANTITY) -> Decimal:
    """Return a typed quantity (a numerator, a target) that is not negative.

    Points between groups of three digits are read as papers write them: 1.250 is 1250.
    """
    value = parse_number(_ungrouped(text))
    if not 0 <= value <= maximum:
        raise InputError(f"Số phải từ 0 đến {short(maximum)}.")
    return value


def parse_count(text: str) -> int:
    """Return a typed number of cases."""
    typed = _plain_characters(text)
    whole = _WHOLE.fullmatch(typed)
    if whole is None or int(whole["digits"]) > LARGEST_COUNT:
        raise InputError(
            f"Ghi số lần, số việc đếm được (không ghi số điểm): số nguyên từ 0 đến {LARGEST_COUNT}."
        )
    return int(whole["digits"])


def parse_percent(text: str, *, maximum: Decimal) -> Decimal:
    """Return a typed percentage; nobody means thousands by it, so that 12.500 is refused."""
    value = parse_number(text.strip().removesuffix("%"))
    if not 0 <= value <= maximum:
        raise InputError(f"Tỷ lệ phải từ 0 đến {short(maximum)}%.")
    return value


def _ungrouped(text: str) -> str:
    typed = text.strip()
    return typed.replace(".", "") if _GROUPED.fullmatch(typed) else typed


def parse_number(text: str) -> Decimal:
    """Return a number of at most two places, typed with a comma or a point."""
    typed = _plain_characters(text)
    if "," in typed and "." in typed:
        raise InputError("Chỉ dùng một dấu thập phân: dấu phẩy hoặc dấu chấm.")
    match = _NUMBER.fullmatch(typed)
    if match is None:
        raise InputError(f"Không đọc được số “{typed[:_SHOWN_LENGTH]}”. Nhập như 7,5 hoặc 7.5.")
    places = match["places"] or ""
    if len(places) > 2:
        raise InputError("Nhập tối đa 2 chữ số thập phân, không dùng dấu phân cách hàng nghìn.")
    if len(match["whole"].lstrip("0")) > 12:
        raise InputError("Số có quá nhiều chữ số.")
    return Decimal(f"{match['sign']}{match['whole']}.{places or '0'}")


def _plain_characters(text: str) -> str:
    """Return the text with full-width forms and the minus sign U+2212 made plain.

    Only full-width forms are folded: NFKC alone would read '7²' as 72.
    """
    plain = (
        unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char
        for char in text
    )
    return "".join(plain).replace("\u2212", "-").strip()
