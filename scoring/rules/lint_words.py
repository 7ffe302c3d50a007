"""What a criterion is about, in words that can be compared: folded, without filler.

A fault is named in many ways: "đúng hạn" that is not kept is "chậm", "đầy đủ" that is not
kept is "thiếu". Such words are read before diacritics fall ("chậm" is not "chấm") and are
kept apart from the subject, so that "Báo cáo đúng hạn" and "Báo cáo chậm" meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Fault(StrEnum):
    """A way to fall short that titles name outright."""

    LATE = "late"
    INCOMPLETE = "incomplete"
    UNLAWFUL = "unlawful"
    WRONG_FORM = "wrong_form"


_FAULTS = {
    Fault.LATE: (
        *("không đúng hạn", "chưa đúng hạn", "không kịp thời", "đúng thời hạn", "đúng thời gian"),
        *("trước hạn", "đúng hạn", "kịp thời", "quá hạn", "trễ hạn", "chậm trễ", "chậm", "muộn"),
        "trễ",
    ),
    Fault.INCOMPLETE: (
        *("không đầy đủ", "chưa đầy đủ", "không đủ", "chưa đủ", "đầy đủ", "còn thiếu", "thiếu"),
        "đủ",
    ),
    Fault.UNLAWFUL: (
        *("đúng quy định của pháp luật", "đúng pháp luật", "vi phạm pháp luật", "trái pháp luật"),
        *("trái luật", "đúng luật"),
    ),
    Fault.WRONG_FORM: ("không đúng mẫu", "đúng mẫu", "sai mẫu", "không đúng thể thức"),
}
_DENIALS = ("không để xảy ra", "không thực hiện", "không có", "chưa có", "không", "chưa", "vắng")
_FILLER = frozenset(
    (
        *("bi", "boi", "cac", "cho", "co", "cua", "cung", "da", "de", "duoc", "gui", "hoac"),
        *("khi", "la", "len", "moi", "nay", "nhung", "nop", "o", "qua", "ra", "tai", "theo"),
        *("tro", "trong", "tu", "tung", "va", "vao", "ve", "viec", "voi"),
    )
)
_NUMERAL = re.compile(r"\d+|i{1,3}|iv|v")
_WORD = re.compile(r"[^\W_]+")
_ASIDE = re.compile(r"\([^)]*\)|\btừ\b[^,;]*\btrở lên\b", re.IGNORECASE)


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of the phrases as whole words, the longest first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(ordered)})\b")


_FAULT_PATTERNS = {fault: _any_of(phrases) for fault, phrases in _FAULTS.items()}
_DENIAL = _any_of(_DENIALS)


def plain(text: str) -> str:
    """Return the text in lower case without diacritics, its words apart by single spaces."""
    parts = unicodedata.normalize("NFD", text.lower())
    bare = "".join(char for char in parts if unicodedata.category(char) != "Mn")
    return " ".join(_WORD.findall(bare.replace("đ", "d")))


@dataclass(frozen=True)
class Wording:
    """A text as the comparison reads it."""

    text: str

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the whole text, without filler."""
        return frozenset(plain(self.text).split()) - _FILLER

    @cached_property
    def numerals(self) -> frozenset[str]:
        """The figures: two texts that differ in them are about different things."""
        return frozenset(word for word in plain(self.text).split() if _NUMERAL.fullmatch(word))

    @cached_property
    def faults(self) -> frozenset[Fault]:
        """The faults that the text names, by their good or their bad word."""
        return self._read[0]

    @cached_property
    def denied(self) -> bool:
        """Tell whether the text begins by denying what follows."""
        return _DENIAL.match(_lower(self.text)) is not None

    @cached_property
    def subject(self) -> frozenset[str]:
        """The words without filler, fault, denial, brackets and degree ("từ … trở lên")."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[frozenset[Fault], frozenset[str]]:
        left, found = _lower(_ASIDE.sub(" ", unicodedata.normalize("NFC", self.text))), set()
        for fault, pattern in _FAULT_PATTERNS.items():
            left, times = pattern.subn(" ", left)
            if times:
                found.add(fault)
        left = _DENIAL.sub(" ", left)
        return frozenset(found), frozenset(plain(left).split()) - _FILLER


def _lower(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", text.lower())))


def likeness(one: frozenset[str], two: frozenset[str]) -> tuple[int, int, int]:
    """Return how many words two sets share, how many the smaller has, how many both have."""
    shared = len(one & two)
    return shared, min(len(one), len(two)), len(one) + len(two) - shared
