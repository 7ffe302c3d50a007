"""The code that a new section, criterion or part would have by the manner of its siblings."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PART_LETTERS = "abcdđeghiklmnopqrstuvxy"
ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")


def next_section_code(codes: Sequence[str]) -> str:
    """Return the code after the last: A → B, I → II, 2 → 3."""
    if not codes:
        return "A"
    last = codes[-1]
    if last in ROMANS[:-1] and (len(last) > 1 or ROMANS.index(last) == len(codes) - 1):
        return _free(ROMANS[ROMANS.index(last) + 1], codes)
    return _free(_after(last), codes)


def next_criterion_code(section: str, siblings: Sequence[str], taken: Collection[str]) -> str:
    """Return the code of a criterion at the end of a section: A4 → A5, I.2 → I.3."""
    if siblings:
        return _free(_after(siblings[-1]), taken)
    apart = len(section) > 1 or section.isdigit()
    return _free(f"{section}.1" if apart else f"{section}1", taken)


def next_part_code(criterion: str, siblings: Sequence[str], taken: Collection[str]) -> str:
    """Return the code of a part at the end of a criterion: I.3.b → I.3.c, B3 → B3a."""
    if siblings:
        return _free(_after(siblings[-1]), taken)
    return _free(f"{criterion}.a" if "." in criterion else f"{criterion}a", taken)


def _after(code: str) -> str:
    """Return the code that follows: the last number one higher, or the next letter."""
    if found := re.fullmatch(r"(.*?)(\d+)", code):
        return f"{found[1]}{int(found[2]) + 1}"
    for letters in (PART_LETTERS, LETTERS):
        place = letters.find(code[-1:]) if code else -1
        if 0 <= place < len(letters) - 1:
            return code[:-1] + letters[place + 1]
    return f"{code}1"


def _free(code: str, taken: Collection[str]) -> str:
    for _ in range(len(taken)):
        if code not in taken:
            break
        code = _after(code)
    return code[:20]
