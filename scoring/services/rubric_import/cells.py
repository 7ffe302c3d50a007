"""What a cell says: text, codes, points, shares, yes or no, one of a list.

ValueError with a sentence for a person where a cell cannot be what its column holds.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from blocs.services.imports.cells import nearest
from emulation.vietnamese import fold, format_date, nfc
from scoring.rules.difference_words import percent_words, tie_break_words
from scoring.rules.numbers import LARGEST_POINTS, InputError, parse_number, short, show
from scoring.rules.tie_breaks import parse_tie_break
from scoring.services.rubric_import.layout import Column, Holds

LARGEST_FLOAT = 1e15
LARGEST_ITEM = 999
_ESCAPED = re.compile(r"'+([=+\-@\t\r\n]|#[A-Z0-9/]+[!?A]$)")
_TO_ESCAPE = re.compile(r"'+[=+\-@\t\r\n]|'*#[A-Z0-9/]+[!?A]$")
_SHARE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,10}))?\s*(%?)")
_SECTION = re.compile(r"điểm phần (.+?) (cao|thấp|nhiều|ít) hơn", re.IGNORECASE)
_YES = {"co", "x", "true", "1", "yes", "dung", "v"}
_NO = {"khong", "false", "0", "no", "sai", "-"}
_BARE_TIES = ("base:desc", "base:asc", "plus:desc", "plus:asc", "minus:asc", "minus:desc",
              "ballot", "head", "share")  # fmt: skip
_TIES = {fold(tie_break_words(text)): text for text in _BARE_TIES}
A_DAY = (
    "Ô đang là ngày tháng, có thể do Excel tự đổi. Đề nghị định dạng ô là Văn bản (Text) rồi "
    "ghi lại."
)


def clean_text(text: str) -> str:
    """Return text as a rubric keeps it: composed, no unseen signs, no blanks at line ends."""
    composed = nfc(text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    seen = "".join(each for each in composed if each == "\n" or _is_seen(each))
    return nfc("\n".join(line.strip() for line in seen.split("\n")).strip())


def _is_seen(char: str) -> bool:
    return char == "\t" or unicodedata.category(char) not in {"Cf", "Cc", "Cs"}


def clean_code(text: str) -> str:
    """Return a code on one line, full-width letters and digits made plain."""
    plain = (
        unicodedata.normalize("NFKC", char) if "\uff01" <= char <= "\uff5e" else char
        for char in clean_text(text)
    )
    return " ".join("".join(plain).split())


def escaped(text: str) -> str:
    """Return text with one more apostrophe where a reader would take one off.

    ``safe_cell`` puts one before the signs of a formula; names of Excel's errors get theirs here.
    """
    return f"'{text}" if _TO_ESCAPE.match(text) else text


def shown(value: object) -> str:
    """Return what a cell shows, without our own apostrophe."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if not abs(value) < LARGEST_FLOAT:
            return repr(value)
        return short(Decimal(repr(value)).quantize(Decimal("0.0000000001")).normalize())
    if isinstance(value, dt.datetime):
        return format_date(value.date())
    if isinstance(value, dt.date):
        return format_date(value)
    text = "" if value is None else str(value)
    return text[1:] if _ESCAPED.match(text) else text


def read_cell(column: Column, value: object) -> object:
    """Return the value in a cell, None for an empty one; ValueError says what is wrong."""
    text = clean_text(shown(value))
    if not text:
        return None
    match column.holds:
        case Holds.TEXT:
            return _bounded(text, column)
        case Holds.CODE:
            return _code(value, text, column)
        case Holds.FLAG:
            return _flag(text)
        case Holds.CHOICE:
            return _choice(text, column)
        case Holds.TIE:
            return _tie(text)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise ValueError(A_DAY)  # noqa: TRY004 - the cell is at fault
    if isinstance(value, bool):
        raise ValueError("Ô đang là đúng/sai. Đề nghị ghi một số.")  # noqa: TRY004
    return _share(text) if column.holds is Holds.SHARE else _number(text, column)


def _bounded(text: str, column: Column) -> str:
    if len(text) > column.longest:
        raise ValueError(
            f"Dài {len(text)} ký tự; tối đa {column.longest} ký tự. Đề nghị viết gọn lại."
        )
    return text


def _code(value: object, text: str, column: Column) -> str:
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise ValueError(A_DAY)  # noqa: TRY004 - the cell is at fault
    plain = text.replace(",", ".") if isinstance(value, float) else text
    return _bounded(clean_code(plain), column)


def _flag(text: str) -> bool:
    word = fold(text)
    if word not in _YES | _NO:
        raise ValueError("Chỉ ghi “Có” hoặc “Không”.")
    return word in _YES


def _choice(text: str, column: Column) -> str:
    assert column.choices is not None  # noqa: S101 - such columns name their list
    words = {fold(str(each.label)): str(each.value) for each in column.choices}
    values = {fold(str(each.value)): str(each.value) for each in column.choices if each.value}
    found = words.get(fold(text), values.get(fold(text)))
    if found is None:
        hint = nearest(text, column.words)
        raise ValueError(
            f"Không có trong danh sách.{hint} Đề nghị chọn một trong: {'; '.join(column.words)}."
        )
    return found


def _tie(text: str) -> str:
    word = fold(text)
    if word in _TIES:
        return _TIES[word]
    section = _SECTION.fullmatch(text)
    if section:
        higher = section[2].lower() in {"cao", "nhiều"}
        return f"section:{clean_code(section[1])}:{'desc' if higher else 'asc'}"
    try:
        return parse_tie_break(text).text
    except InputError:
        listed = "; ".join(tie_break_words(rule) for rule in _BARE_TIES)
        raise ValueError(
            f"Không hiểu quy tắc này. Ghi một trong: {listed}; Điểm phần A cao hơn (A là mã phần)."
        ) from None


def _share(text: str) -> Decimal:
    plain = clean_code(text)
    match = _SHARE.fullmatch(plain)
    if match is None:
        raise ValueError("Không đọc được tỷ lệ. Ghi như 85%, 62,5% hoặc 0,85.")
    value = Decimal(f"{match[1]}.{match[2] or '0'}")
    share = value / 100 if match[3] else value
    if share > 1:
        meant = f" Có phải {plain}%?" if not match[3] and value <= 100 else ""
        raise ValueError(f"Tỷ lệ phải từ 0% đến 100%, ghi như 85% hoặc 0,85.{meant}")
    return share


def _number(text: str, column: Column) -> Decimal | int:
    try:
        number = parse_number(text)
    except InputError as error:
        raise ValueError(error.message) from error
    if column.holds is Holds.WHOLE:
        if number != number.to_integral_value() or not 1 <= number <= LARGEST_ITEM:
            raise ValueError(f"Phải là số nguyên từ 1 đến {LARGEST_ITEM}.")
        return int(number)
    if abs(number) > LARGEST_POINTS:
        raise ValueError(f"Điểm phải từ 0 đến {show(LARGEST_POINTS)}.")
    return number


def written(column: Column, value: object) -> object:
    """Return a value as the workbook shows it; ``read_cell`` reads the same value from it."""
    match column.holds:
        case _ if value is None or value == "":
            return ""
        case Holds.FLAG:
            return column.words[0] if value else ""
        case Holds.CHOICE:
            assert column.choices is not None  # noqa: S101 - such columns name their list
            return str(column.choices(str(value)).label)
        case Holds.SHARE:
            assert isinstance(value, Decimal)  # noqa: S101 - so are shares
            return percent_words(value)
        case Holds.TIE:
            return escaped(tie_break_words(str(value)))
        case Holds.POINTS | Holds.SIGNED | Holds.WHOLE:
            return value
    return escaped(str(value))
