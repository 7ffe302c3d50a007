"""The tie-break rules of a rubric: 'section:A:desc', 'minus:asc', 'ballot', 'share' …"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.rules.enums import TieRule
from scoring.rules.numbers import InputError

_BARE = {TieRule.BALLOT, TieRule.HEAD, TieRule.SHARE}
_DIRECTED = {TieRule.BASE, TieRule.PLUS, TieRule.MINUS}
_LABELS = {
    TieRule.TOTAL: "Tổng điểm",
    TieRule.BASE: "Điểm chuẩn",
    TieRule.PLUS: "Điểm cộng",
    TieRule.MINUS: "Điểm trừ",
    TieRule.BALLOT: "Kết quả bỏ phiếu",
    TieRule.HEAD: "Quyết định của Trưởng khối",
    TieRule.SHARE: "Đồng hạng",
}


@dataclass(frozen=True)
class TieBreak:
    """One rule: which figure, and whether more of it is better."""

    rule: TieRule
    section: str = ""
    descending: bool = True

    @property
    def text(self) -> str:
        """The rule as a rubric stores it."""
        if self.rule in _BARE or self.rule is TieRule.TOTAL:
            return self.rule.value
        direction = "desc" if self.descending else "asc"
        name = f"section:{self.section}" if self.section else self.rule.value
        return f"{name}:{direction}"

    @property
    def label(self) -> str:
        """The rule as an official reads it."""
        return f"Điểm phần {self.section}" if self.section else _LABELS[self.rule]


TOTAL = TieBreak(TieRule.TOTAL)


def parse_tie_break(text: str) -> TieBreak:
    """Return the rule that a rubric writes as text."""
    if text in _BARE:
        return TieBreak(TieRule(text))
    name, _, direction = text.rpartition(":")
    if direction not in ("asc", "desc"):
        raise InputError(f"không hiểu quy tắc “{text}”.")
    if name.startswith("section:") and name.removeprefix("section:"):
        return TieBreak(TieRule.SECTION, name.removeprefix("section:"), direction == "desc")
    if name not in _DIRECTED:
        raise InputError(f"không hiểu quy tắc “{text}”.")
    return TieBreak(TieRule(name), descending=direction == "desc")
