"""Values of a rubric in words, as every list of differences says them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from scoring.rules.enums import (
    Automatic,
    CriterionKind,
    NotApplicable,
    RankStyle,
    SanctionEffect,
    SectionKind,
    ShareBase,
    TieRule,
)
from scoring.rules.numbers import InputError, short
from scoring.rules.structure import (
    Level,
    SectionFloor,
)
from scoring.rules.tie_breaks import parse_tie_break

WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    CriterionKind: {
        CriterionKind.DIRECT: "Nhập điểm trực tiếp",
        CriterionKind.CHOICE: "Chọn một mức",
        CriterionKind.PASSFAIL: "Đạt hoặc không đạt",
        CriterionKind.DEDUCT: "Trừ theo số lần vi phạm",
        CriterionKind.COUNT: "Tính theo số lần, số việc",
        CriterionKind.RATIO: "Theo tỷ lệ",
        CriterionKind.TARGET: "Theo chỉ tiêu",
        CriterionKind.EVENT_AVERAGE: "Trung bình các việc",
    },
    SectionKind: {
        SectionKind.BASE: "Điểm chuẩn",
        SectionKind.PLUS: "Điểm cộng",
        SectionKind.MINUS: "Điểm trừ",
    },
    NotApplicable: {
        NotApplicable.NOT_ALLOWED: "Không áp dụng",
        NotApplicable.FULL: "Không phát sinh: tính đủ điểm",
        NotApplicable.EXCLUDED: "Không phát sinh: bỏ ra khỏi điểm tối đa",
        NotApplicable.ZERO: "Không phát sinh: tính 0 điểm",
    },
    SanctionEffect: {
        SanctionEffect.NOT_EXCELLENT: "Không xếp loại cao nhất",
        SanctionEffect.NOT_ABOVE: "Không xếp trên loại ghi kèm",
        SanctionEffect.ONE_GRADE_DOWN: "Hạ một bậc xếp loại",
        SanctionEffect.EXCLUDED: "Không xét thi đua",
    },
    Automatic: {
        Automatic.LATE_DAYS: "Số ngày nộp muộn, hệ thống tính",
    },
    RankStyle: {
        RankStyle.STANDARD: "1, 2, 3, 3, 5",
        RankStyle.DENSE: "1, 2, 3, 3, 4",
    },
    ShareBase: {
        ShareBase.RANKED: "Số đơn vị được xếp hạng",
        ShareBase.NEXT_OR_HIGHER: "Số đơn vị từ mức liền dưới trở lên",
    },
}
"""The labels that people read elsewhere too, by vocabulary: values recur among them."""

_MORE = {TieRule.MINUS: ("ít hơn", "nhiều hơn")}
_TIES = {
    TieRule.BASE: "Điểm chuẩn",
    TieRule.PLUS: "Điểm cộng",
    TieRule.MINUS: "Điểm trừ",
    TieRule.BALLOT: "Bỏ phiếu tại hội nghị",
    TieRule.HEAD: "Trưởng khối quyết định, ghi lý do",
    TieRule.SHARE: "Xếp đồng hạng",
}


def tie_break_words(text: str) -> str:
    """Return a tie-break rule as an official writes it; one that cannot be read as it stands."""
    try:
        rule = parse_tie_break(text)
    except InputError:
        return text
    if rule.section:
        return f"Điểm phần {rule.section} {'cao hơn' if rule.descending else 'thấp hơn'}"
    less, more = _MORE.get(rule.rule, ("thấp hơn", "cao hơn"))
    bare = rule.text == rule.rule.value
    return _TIES[rule.rule] if bare else f"{_TIES[rule.rule]} {more if rule.descending else less}"


def percent_words(share: Decimal) -> str:
    """Return a share exactly, as a percentage: '62,5%'."""
    return f"{short(share * 100)}%"


def in_words(value: object) -> str:
    """Return a field's value as its reader knows it."""
    match value:
        case None | "" | ():
            return ""
        case bool():
            return "Có" if value else "Không"
        case StrEnum():
            return WORDS[type(value)][value]
        case Decimal():
            return short(value)
        case _:
            return str(value)


def _flagged(level: Level) -> str:
    return f"{level.label}: {short(level.points)}{' (điểm liệt)' if level.knocks_out else ''}"


def _floor(floor: SectionFloor) -> str:
    lowest = "" if floor.lowest_share is None else f" từ {percent_words(floor.lowest_share)}"
    return f"phần {floor.section}{lowest}"


def _listed(texts: Iterator[str]) -> str:
    return "; ".join(texts)


def _ladder(value: object) -> str:
    rungs: Sequence[tuple[Decimal, Decimal]] = value  # type: ignore[assignment]
    return _listed(f"từ {percent_words(share)}: {short(points)}" for share, points in rungs)


def _levels(value: object) -> str:
    levels: Sequence[Level] = value  # type: ignore[assignment]
    return _listed(_flagged(level) for level in levels)


def _floors(value: object) -> str:
    floors: Sequence[SectionFloor] = value  # type: ignore[assignment]
    return _listed(_floor(floor) for floor in floors)


def _ties(value: object) -> str:
    rules: Sequence[str] = value  # type: ignore[assignment]
    return _listed(tie_break_words(rule) for rule in rules)


def _share(value: object) -> str:
    return percent_words(value) if isinstance(value, Decimal) else ""


SPECIAL: Mapping[str, Callable[[object], str]] = {
    "levels": _levels,
    "ladder": _ladder,
    "section_floors": _floors,
    "tie_breaks": _ties,
    "min_criterion_share": _share,
    "max_share_of_units": _share,
}
