"""What changed from one rubric to another, row by row and field by field, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from scoring.rules.difference_words import SPECIAL, in_words
from scoring.rules.numbers import short
from scoring.rules.structure import (
    CriterionRules,
    GradeBand,
    RubricRules,
    SectionRules,
)

SETTINGS = "Thông tin chung"
ORDER = "thứ tự"
FIRST = "đầu tiên"
CODE = "mã"


class ChangeKind(StrEnum):
    """What became of a row, or of one of its fields."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One difference: `place` in words, `code` of the row, `field` with both values in words."""

    kind: ChangeKind
    place: str
    code: str
    field: str
    before: str
    after: str


READERS_ONLY = (
    CODE,
    ORDER,
    "minh chứng cần có",
    "bộ phận thẩm định",
    "ghi chú",
    "nội dung giao ước",
)
"""Fields of a criterion that change nothing of how it is filled in or counted."""

Origins = Mapping[str, str]
DROPPED = "\0"


def rubric_difference(
    before: RubricRules, after: RubricRules, origins: Origins | None = None
) -> tuple[Change, ...]:
    """Return everything that differs: settings, grades, sections, criteria and their parts.

    Rows are the same where their codes are (grades: their names). A row that is only pushed on by
    another one put before it has not changed its place. ``origins`` gives the earlier code of a
    criterion or part by its later one, so that a renamed code is told as a change.
    """
    old, new = _criteria(before), _criteria(after)
    later = {was: now for now, was in matched_codes(old, new, origins or {}).items()}
    return (
        *_changed(_SETTINGS, before, after, SETTINGS, ""),
        *_rows(_grades(before), _grades(after)),
        *_rows(_sections(before), _sections(after)),
        *_rows(dict(_by_later_code(old, later)), new),
    )


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


def _by_later_code(old: Mapping[str, _Row], later: Mapping[str, str]) -> Iterator[tuple[str, _Row]]:
    """Yield the earlier rows under the codes they have now; a dropped one under no code of now."""
    for code, row in old.items():
        above = {label: later.get(value, value) for label, value in row.above.items()}
        yield later.get(code, f"{DROPPED}{code}"), replace(row, above=above)


# ---------------------------------------------------------------- the fields

_SETTINGS: Mapping[str, str] = {
    "title": "tên bảng chấm điểm",
    "scale_max": "thang điểm",
    "plus_cap": "điểm cộng tối đa",
    "minus_cap": "điểm trừ tối đa",
    "floor": "tổng điểm thấp nhất",
    "ceiling": "tổng điểm cao nhất",
    "rounding": "làm tròn tổng điểm đến",
    "scale_back": "quy đổi khi có tiêu chí không phát sinh",
    "rank_capped": "xếp hạng theo tổng điểm không quá thang điểm",
    "rank_style": "cách đánh số thứ hạng",
    "tie_breaks": "thứ tự xét khi bằng điểm",
}
_GRADE: Mapping[str, str] = {
    "lower_bound": "từ điểm",
    "min_criterion_share": "tỷ lệ thấp nhất của từng tiêu chí",
    "max_share_of_units": "tỷ lệ đơn vị tối đa",
    "share_base": "tỷ lệ tính trên",
    "overflow": "vượt tỷ lệ thì xếp",
    "section_floors": "điều kiện theo phần",
}
_SECTION: Mapping[str, str] = {
    "kind": "loại",
    "title": "tên phần",
    "max_points": "điểm tối đa",
}
_CRITERION: Mapping[str, str] = {
    "title": "nội dung",
    "kind": "cách chấm",
    "max_points": "điểm tối đa",
    "step": "bước điểm",
    "per": "điểm mỗi lần",
    "unit_label": "đơn vị đếm",
    "relative": "so với đơn vị vượt chỉ tiêu cao nhất",
    "levels": "các mức",
    "ladder": "các ngưỡng",
    "not_applicable": "khi không phát sinh",
    "evidence_required": "phải có minh chứng",
    "evidence_hint": "minh chứng cần có",
    "decision_required": "phải ghi số, ngày quyết định",
    "exclusive_group": "nhóm chỉ tính một",
    "sanction": "khống chế xếp loại",
    "sanction_grade": "không xếp trên loại",
    "automatic": "hệ thống tự tính",
    "checker": "bộ phận thẩm định",
    "pledge_item": "nội dung giao ước",
    "printed_max": "điểm tối đa in trên văn bản",
    "note": "ghi chú",
}


def _changed(
    fields: Mapping[str, str], before: object, after: object, place: str, code: str
) -> Iterator[Change]:
    """Yield the fields whose values differ; the values are compared, not their words."""
    for name, label in fields.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            say = SPECIAL.get(name, in_words)
            yield Change(ChangeKind.CHANGED, place, code, label, say(old), say(new))


# ---------------------------------------------------------------- the rows


@dataclass(frozen=True)
class _Row:
    """A row among its neighbours: what it says, under what it stands."""

    place: str
    code: str
    said: GradeBand | SectionRules | CriterionRules
    fields: Mapping[str, str]
    summary: str
    above: Mapping[str, str]


def _rows(before: Mapping[str, _Row], after: Mapping[str, _Row]) -> Iterator[Change]:
    moved = dict(_moves(before, after))
    for code, row in before.items():
        if code not in after:
            yield Change(ChangeKind.REMOVED, row.place, row.code, "", row.summary, "")
    for code, row in after.items():
        old = before.get(code)
        if old is None:
            yield Change(ChangeKind.ADDED, row.place, row.code, "", "", row.summary)
            continue
        if old.code != row.code:
            yield Change(ChangeKind.CHANGED, row.place, row.code, CODE, old.code, row.code)
        for label, value in row.above.items():
            if old.above[label] != value:
                yield Change(
                    ChangeKind.CHANGED, row.place, row.code, label, old.above[label], value
                )
        yield from _changed(row.fields, old.said, row.said, row.place, row.code)
        if code in moved:
            yield Change(ChangeKind.CHANGED, row.place, row.code, ORDER, *moved[code])


def _moves(
    before: Mapping[str, _Row], after: Mapping[str, _Row]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the rows that stand elsewhere among those that both have, under the same row above."""
    if any(isinstance(row.said, GradeBand) for row in after.values()):
        return
    groups = {tuple(row.above.values()): None for row in after.values()}
    for group in groups:
        old = [c for c, r in before.items() if tuple(r.above.values()) == group and c in after]
        new = [c for c, r in after.items() if tuple(r.above.values()) == group and c in before]
        old, new = [c for c in old if c in set(new)], [c for c in new if c in set(old)]
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        still = {code for block in blocks for code in old[block.a : block.a + block.size]}
        for code in new:
            if code not in still:
                yield code, (_after(old, code), _after(new, code))


def _after(codes: Sequence[str], code: str) -> str:
    place = codes.index(code)
    return f"sau {codes[place - 1]}" if place else FIRST


def _grades(rubric: RubricRules) -> dict[str, _Row]:
    return {
        band.name: _Row(
            f"Xếp loại {band.name}",
            band.name,
            band,
            _GRADE,
            f"từ {short(band.lower_bound)} điểm",
            {},
        )
        for band in rubric.grades
    }


def _sections(rubric: RubricRules) -> dict[str, _Row]:
    return {
        section.code: _Row(
            f"Phần {section.code}",
            section.code,
            section,
            _SECTION,
            _summary(section.title, section.max_points),
            {},
        )
        for section in rubric.sections
    }


def _criteria(rubric: RubricRules) -> dict[str, _Row]:
    return {
        node.code: _Row(
            f"Tiêu chí {node.code}",
            node.code,
            node,
            _CRITERION,
            _summary(node.title, node.max_points),
            {"thuộc phần": section.code, "thuộc tiêu chí": parent},
        )
        for section in rubric.sections
        for criterion in section.criteria
        for node, parent in ((criterion, ""), *((part, criterion.code) for part in criterion.parts))
    }


def _summary(title: str, points: Decimal) -> str:
    return f"{title} ({short(points)} điểm)"
