"""Vietnamese text: searching and sorting columns, and how numbers, dates and lists are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from emulation.clock import local_time

MINUS = "\N{MINUS SIGN}"
SOON_DAYS = 7
_LAST_PADDED_MONTH = 2

# ---------------------------------------------------------------- searching and sorting

# The order of ICU's Vietnamese collation: marks, digits, then the alphabet with f, j, w, z.
_ORDER = (
    " _-–—,;:!?.·'\"«»()[]{}§@*/\\&#%•`^°©®+±÷×<=>|~$₫€0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
)
_PRIMARY = {char: f"{rank:02}" for rank, char in enumerate(_ORDER, start=1)}
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
_OTHER_MARK = "7"
_ALIKE = str.maketrans(dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("“”„‟", '"') | {"…": "..."})


def nfc(text: str) -> str:
    """Return the text with each letter composed, as keyboards and databases expect it."""
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Return the text composed on one line, with single spaces.

    Without signs that nobody sees: Word and Zalo paste them, and they make twins of one name or
    turn its letters round.
    """
    seen = "".join(char for char in nfc(text) if unicodedata.category(char) != "Cf")
    return " ".join(seen.split())


def fold(text: str) -> str:
    """Return the text for searching: lower case, without diacritics, đ as d, single spaces."""
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).lower())
    plain = "".join(char for char in parts if unicodedata.category(char) not in {"Mn", "Cf"})
    return " ".join(nfc(plain.replace("đ", "d")).split())


def sort_key(text: str) -> str:
    """Return a key of digits whose byte order is the Vietnamese order of the text.

    Three levels, as in PostgreSQL's ``vi-x-icu``: letters, then tones (ngang, huyền, hỏi, ngã,
    sắc, nặng), then case (lower first). At most 5 digits per letter, plus 3.
    """
    weights = [_weights(char) for char in nfc(text).translate(_ALIKE)]
    letters = "".join(primary for primary, _, _ in weights)
    tones = "".join(secondary for _, secondary, _ in weights).rstrip("1")
    cases = "".join(tertiary for _, _, tertiary in weights).rstrip("1")
    return f"{letters}00{tones}0{cases}"


@lru_cache(maxsize=4096)
def _weights(char: str) -> tuple[str, str, str]:
    """Return the digits of one composed character on the levels letter, tone, case."""
    parts = unicodedata.normalize("NFD", char)
    letter = nfc("".join(part for part in parts if part not in _TONES))
    if letter.lower() in _PRIMARY:
        tones = "".join(_TONES.get(part, "") for part in parts)
        return _PRIMARY[letter.lower()], "1" + tones, "2" if letter.isupper() else "1"
    rare = [_rare_weights(part) for part in parts]
    return "".join(r[0] for r in rare), "".join(r[1] for r in rare), "".join(r[2] for r in rare)


def _rare_weights(part: str) -> tuple[str, str, str]:
    """Return the digits of one decomposed character that no Vietnamese letter explains."""
    if part.isspace():
        return _PRIMARY[" "], "1", "1"
    if part.lower() in _PRIMARY:
        return _PRIMARY[part.lower()], "1", "2" if part.isupper() else "1"
    category = unicodedata.category(part)
    if category.startswith("M"):
        return "", _TONES.get(part, _OTHER_MARK), ""
    if category in {"Cc", "Cf"}:
        return "", "", ""
    return f"99{ord(part):07}", "1", "1"


# ---------------------------------------------------------------- numbers


def format_points(value: Decimal | None, *, sign: bool = False, empty: str = "chưa chấm") -> str:
    """Return points with two places, as "97,25"; with ``sign`` also "+5,00". None is not zero."""
    if value is None:
        return empty
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    plus = "+" if sign and rounded > 0 else ""
    return plus + _with_comma(rounded)


def format_number(value: Decimal | int) -> str:
    """Return a number with a decimal comma, no thousand separators, no trailing zeros."""
    text = _with_comma(Decimal(value))
    return text.rstrip("0").rstrip(",") if "," in text else text


def _with_comma(value: Decimal) -> str:
    digits = f"{abs(value):f}".replace(".", ",")
    return MINUS + digits if value < 0 else digits


# ---------------------------------------------------------------- dates


def format_date(day: date) -> str:
    """Return a date as 09/12/2022."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_moment(moment: datetime) -> str:
    """Return an aware moment as "23:59 ngày 20/12/2026", Vietnam time."""
    local = local_time(moment)
    return f"{local:%H:%M} ngày {format_date(local)}"


def long_date(day: date) -> str:
    """Return a date as papers write it: "ngày 09 tháng 12 năm 2022".

    Days under 10 and months 1 and 2 take a leading zero (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    """
    month = f"{day.month:02}" if day.month <= _LAST_PADDED_MONTH else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


class Remaining(NamedTuple):
    """How far a deadline is: a state to style by, and the words to show."""

    state: Literal["overdue", "today", "soon", "later"]
    text: str


def remaining(due_on: date, today: date) -> Remaining:
    """Return how many days are left; up to ``SOON_DAYS`` days is "soon"."""
    days = (due_on - today).days
    if days < 0:
        return Remaining("overdue", f"quá hạn {-days} ngày")
    if days == 0:
        return Remaining("today", "hạn hôm nay")
    return Remaining("soon" if days <= SOON_DAYS else "later", f"còn {days} ngày")


# ---------------------------------------------------------------- lists


def count_of(n: int, total: int, noun: str) -> str:
    """Return a share of a whole, as "2/12 đơn vị"."""
    return f"{n}/{total} {noun}"


def join_names(names: Sequence[str]) -> str:
    """Return names as a phrase: "A", "A và B", "A, B và C"; "" when there are none."""
    *others, last = names or [""]
    return f"{', '.join(others)} và {last}" if others else last
