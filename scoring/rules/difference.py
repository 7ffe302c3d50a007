"""What one version of a rubric says otherwise than the one before, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scoring.rules.enums import (
    Automatic,
    CriterionKind,
    NotApplicable,
    RankStyle,
    SanctionEffect,
    SectionKind,
    ShareBase,
)
from scoring.rules.numbers import InputError, short, show_percent
from scoring.rules.structure import CriterionRules, GradeBand, RubricRules, SectionRules
from scoring.rules.tie_breaks import parse_tie_break

NONE = "không có"
WHOLE = "Toàn bảng"
READERS_ONLY = ("Mã", "Minh chứng cần có", "Bộ phận thẩm định", "Ghi chú", "Nội dung giao ước")
"""Fields of a criterion that change nothing of how it is filled in or counted."""

_KINDS = {
    CriterionKind.DIRECT: "nhập điểm trực tiếp",
    CriterionKind.CHOICE: "chọn một mức",
    CriterionKind.PASSFAIL: "đạt hoặc không đạt",
    CriterionKind.DEDUCT: "trừ theo số lần vi phạm",
    CriterionKind.COUNT: "tính theo số lần, số việc",
    CriterionKind.RATIO: "theo tỷ lệ",
    CriterionKind.TARGET: "theo chỉ tiêu",
    CriterionKind.EVENT_AVERAGE: "trung bình các việc",
}
_SECTIONS = {
    SectionKind.BASE: "điểm chuẩn",
    SectionKind.PLUS: "điểm cộng",
    SectionKind.MINUS: "điểm trừ",
}
_NOT_APPLICABLE = {
    NotApplicable.NOT_ALLOWED: "không áp dụng",
    NotApplicable.FULL: "tính đủ điểm",
    NotApplicable.EXCLUDED: "bỏ ra khỏi điểm tối đa",
    NotApplicable.ZERO: "tính 0 điểm",
}
_SANCTIONS = {
    SanctionEffect.NOT_EXCELLENT: "không xếp loại cao nhất",
    SanctionEffect.NOT_ABOVE: "không xếp trên loại",
    SanctionEffect.ONE_GRADE_DOWN: "hạ một bậc xếp loại",
    SanctionEffect.EXCLUDED: "không xét thi đua",
}
_AUTOMATIC = {Automatic.LATE_DAYS: "số ngày nộp muộn"}
_STYLES = {RankStyle.STANDARD: "1, 2, 3, 3, 5", RankStyle.DENSE: "1, 2, 3, 3, 4"}
_BASES = {
    ShareBase.RANKED: "số đơn vị được xếp hạng",
    ShareBase.NEXT_OR_HIGHER: "số đơn vị từ mức liền dưới trở lên",
}

Facts = dict[str, str]
Origins = Mapping[str, str]


class ChangeKind(StrEnum):
    """What became of a setting, grade, section, criterion or part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in words.

    ``place`` names what it concerns as a reader finds it, ``code`` is that of the section,
    criterion or part (of the later version unless removed), empty for settings and grades.
    """

    kind: ChangeKind
    place: str
    code: str
    field: str
    before: str
    after: str


def rubric_difference(
    before: RubricRules, after: RubricRules, origins: Origins | None = None
) -> tuple[Change, ...]:
    """Return every difference in the order of the later version; removals follow each group.

    ``origins`` gives the earlier code of a criterion or part by its later one, so that a code
    that was renamed is told as a change.
    """
    known = origins or {}
    return (
        *_changed(WHOLE, "", _settings(before), _settings(after)),
        *_grades(before, after),
        *_sections(before, after),
        *_criteria(before, after, known),
    )


# ---------------------------------------------------------------- settings and grades


def _settings(rules: RubricRules) -> Facts:
    return {
        "Tên bảng chấm điểm": rules.title,
        "Thang điểm": _points(rules.scale_max),
        "Điểm cộng tối đa": _points(rules.plus_cap),
        "Điểm trừ tối đa": _points(rules.minus_cap),
        "Tổng điểm thấp nhất": _points(rules.floor),
        "Tổng điểm cao nhất": _points(rules.ceiling),
        "Làm tròn tổng điểm đến": _points(rules.rounding),
        "Quy đổi khi có tiêu chí không phát sinh": _yes(rules.scale_back),
        "Xếp hạng theo tổng điểm không quá thang điểm": _yes(rules.rank_capped),
        "Cách đánh số thứ hạng": _STYLES[rules.rank_style],
        "Thứ tự xét khi bằng điểm": "; ".join(map(_tie, rules.tie_breaks)) or NONE,
    }


def _tie(text: str) -> str:
    try:
        return parse_tie_break(text).label
    except InputError:
        return text


def _grades(before: RubricRules, after: RubricRules) -> Iterator[Change]:
    old = {band.name: band for band in before.grades}
    new = {band.name: band for band in after.grades}
    for name, band in new.items():
        place = f"Xếp loại {name}"
        if name in old:
            yield from _changed(place, "", _grade(old[name]), _grade(band))
        else:
            yield Change(ChangeKind.ADDED, place, "", "Xếp loại", "", _listed(_grade(band)))
    for name, band in old.items():
        if name not in new:
            told = _listed(_grade(band))
            yield Change(ChangeKind.REMOVED, f"Xếp loại {name}", "", "Xếp loại", told, "")


def _grade(band: GradeBand) -> Facts:
    floors = "; ".join(
        f"phần {each.section} {_share(each.lowest_share, 'chưa nêu mức')}"
        for each in band.section_floors
    )
    return {
        "Từ điểm": short(band.lower_bound),
        "Tỷ lệ thấp nhất của từng tiêu chí": _share(band.min_criterion_share),
        "Điều kiện theo phần": floors or NONE,
        "Tỷ lệ đơn vị tối đa": _share(band.max_share_of_units),
        "Tỷ lệ tính trên": _BASES[band.share_base],
        "Vượt tỷ lệ thì xếp": band.overflow or NONE,
    }


# ---------------------------------------------------------------- sections


def _sections(before: RubricRules, after: RubricRules) -> Iterator[Change]:
    for section in after.sections:
        old = before.section(section.code)
        place, facts = f"Phần {section.code}", _section(section)
        if old is not None:
            yield from _changed(place, section.code, _section(old), facts)
        else:
            yield Change(ChangeKind.ADDED, place, section.code, "Phần", "", _listed(facts))
    for section in before.sections:
        if after.section(section.code) is None:
            told = _listed(_section(section))
            place = f"Phần {section.code}"
            yield Change(ChangeKind.REMOVED, place, section.code, "Phần", told, "")


def _section(section: SectionRules) -> Facts:
    return {
        "Tên phần": section.title,
        "Loại": _SECTIONS[section.kind],
        "Điểm tối đa": _points(section.max_points),
    }


# ---------------------------------------------------------------- criteria and parts


@dataclass(frozen=True, slots=True)
class _Row:
    """A criterion or part where it stands."""

    rule: CriterionRules
    section: SectionRules
    parent: str = ""


def _rows(rules: RubricRules) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for section in rules.sections:
        for criterion in section.criteria:
            rows[criterion.code] = _Row(criterion, section)
            for part in criterion.parts:
                rows[part.code] = _Row(part, section, criterion.code)
    return rows


def _criteria(before: RubricRules, after: RubricRules, origins: Origins) -> Iterator[Change]:
    old, new = _rows(before), _rows(after)
    came_from = matched_codes(old, new, origins)
    back = {was: now for now, was in came_from.items()}
    for code, row in new.items():
        was = came_from.get(code)
        if was is None:
            told = _listed(_criterion(row))
            yield Change(ChangeKind.ADDED, _place(row), code, "Tiêu chí", "", told)
        else:
            told_before = _criterion(old[was], back)
            yield from _changed(_place(row), code, told_before, _criterion(row))
    for code, row in old.items():
        if code not in back:
            told = _listed(_criterion(row))
            yield Change(ChangeKind.REMOVED, _place(row), code, "Tiêu chí", told, "")


def matched_codes(old: Iterable[str], new: Iterable[str], origins: Origins) -> dict[str, str]:
    """Return the earlier code of each later one that has one; no earlier code is given twice.

    An origin goes before an equal code; of two with one origin, the one that kept its code.
    """
    known, order = set(old), sorted(new, key=lambda code: origins.get(code, code) != code)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for lookup in (origins, {code: code for code in order if code not in origins}):
        for code in order:
            was = lookup.get(code)
            if was in known and was not in taken and code not in found:
                found[code] = was
                taken.add(was)
    return found


def _place(row: _Row) -> str:
    return f"{'Ý' if row.parent else 'Tiêu chí'} {row.rule.code}"


def _criterion(row: _Row, renamed: Mapping[str, str] | None = None) -> Facts:
    """Return what a criterion says; a parent that was ``renamed`` is told by its later code."""
    rule = row.rule
    parent = (renamed or {}).get(row.parent, row.parent)
    sanction = _SANCTIONS[rule.sanction] if rule.sanction else NONE
    return {
        "Mã": rule.code,
        "Nội dung": rule.title,
        "Thuộc": f"tiêu chí {parent}" if parent else f"phần {row.section.code}",
        "Cách chấm": _KINDS[rule.kind] if rule.kind else f"cộng điểm của {len(rule.parts)} ý",
        "Điểm tối đa": short(rule.max_points),
        "Bước điểm": short(rule.step),
        "Điểm mỗi lần": _points(rule.per),
        "Đơn vị đếm": rule.unit_label or NONE,
        "Các mức": "; ".join(_levels(rule)) or NONE,
        "Các ngưỡng": "; ".join(_ladder(rule)) or NONE,
        "So với đơn vị vượt cao nhất": _yes(rule.relative),
        "Khi không phát sinh": _NOT_APPLICABLE[rule.not_applicable],
        "Phải có minh chứng": _yes(rule.evidence_required),
        "Minh chứng cần có": rule.evidence_hint or NONE,
        "Phải ghi số, ngày quyết định": _yes(rule.decision_required),
        "Nhóm chỉ tính một": rule.exclusive_group or NONE,
        "Khống chế xếp loại": f"{sanction} {rule.sanction_grade}".strip(),
        "Hệ thống tự tính": _AUTOMATIC[rule.automatic] if rule.automatic else NONE,
        "Bộ phận thẩm định": rule.checker or NONE,
        "Nội dung giao ước": f"mục {rule.pledge_item}" if rule.pledge_item else NONE,
        "Điểm tối đa in trên văn bản": _points(rule.printed_max),
        "Ghi chú": rule.note or NONE,
    }


def _levels(rule: CriterionRules) -> Iterator[str]:
    for level in rule.levels:
        knocks = " (điểm liệt)" if level.knocks_out else ""
        yield f"{level.label} {short(level.points)} điểm{knocks}"


def _ladder(rule: CriterionRules) -> Iterator[str]:
    for threshold, points in sorted(rule.ladder, reverse=True):
        yield f"từ {show_percent(Fraction(threshold))} được {short(points)} điểm"


# ---------------------------------------------------------------- words


def _changed(place: str, code: str, before: Facts, after: Facts) -> Iterator[Change]:
    for field, now in after.items():
        if before[field] != now:
            yield Change(ChangeKind.CHANGED, place, code, field, before[field], now)


def _listed(facts: Facts) -> str:
    """Return what is said of something that is new or gone, without what it does not have."""
    silent = {NONE, "không", "không áp dụng"}
    return "; ".join(f"{field}: {words}" for field, words in facts.items() if words not in silent)


def _points(value: Decimal | None) -> str:
    return NONE if value is None else short(value)


def _share(value: Decimal | None, empty: str = NONE) -> str:
    return empty if value is None else show_percent(Fraction(value))


def _yes(value: bool) -> str:  # noqa: FBT001 - a word for a flag
    return "có" if value else "không"
