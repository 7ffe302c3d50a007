"""Reading a rubric from its JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from scoring.rules.enums import (
    Automatic,
    CriterionKind,
    NotApplicable,
    RankStyle,
    SanctionEffect,
    SectionKind,
    ShareBase,
)
from scoring.rules.numbers import CENT
from scoring.rules.soundness import RubricError
from scoring.rules.structure import (
    CriterionRules,
    GradeBand,
    Level,
    RubricRules,
    SectionFloor,
    SectionRules,
)

Document = Mapping[str, Any]
_E = TypeVar("_E", bound=StrEnum)

_SECTION_KEYS = {"code", "kind", "title", "max", "cap", "criteria"}
_CRITERION_KEYS = {
    *("code", "title", "max", "kind", "step", "per", "levels", "ladder", "parts"),
    *("not_applicable", "evidence", "decision_required", "exclusive_group", "sanction"),
    *("sanction_grade", "automatic", "unit", "printed_max", "note"),
    *("relative", "evidence_hint", "checker", "pledge_item"),
}
_FAIR = "Khá"


def from_document(doc: Document) -> RubricRules:
    """Return the rubric of a document; raise `RubricError` naming what cannot be read.

    Keys of the whole table that carry no rule (notes, deadlines) are passed over; an
    unknown key of a section or criterion is refused, for it may be a rule mistyped.
    """
    try:
        return _read_rubric(doc)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        message = f"tài liệu thiếu hoặc sai cấu trúc: {error}."
        raise RubricError("Bảng chấm điểm", message) from error


def _read_rubric(doc: Document) -> RubricRules:
    return RubricRules(
        title=_text(doc, "title"),
        scale_max=_number(doc["scale_max"], "scale_max"),
        plus_cap=_bound(doc, "plus_cap"),
        minus_cap=_bound(doc, "minus_cap"),
        floor=_bound(doc, "floor"),
        ceiling=_bound(doc, "ceiling"),
        rounding=_number(doc.get("rounding", CENT), "rounding"),
        scale_back=_flag(doc, "scale_back"),
        rank_capped=_flag(doc, "rank_capped"),
        rank_style=_member(RankStyle, doc.get("rank_style", "standard"), "rank_style"),
        grades=read_grades(doc),
        tie_breaks=tuple(str(text) for text in doc.get("tie_breaks", ())),
        sections=tuple(_read_section(section) for section in doc["sections"]),
    )


def _read_section(doc: Document) -> SectionRules:
    place = f"Phần {doc['code']}"
    _refuse_unknown(doc, _SECTION_KEYS, place)
    return SectionRules(
        code=_text(doc, "code"),
        kind=_member(SectionKind, doc["kind"], place),
        title=_text(doc, "title"),
        max_points=_number(doc["max"] if "max" in doc else doc["cap"], place),
        criteria=tuple(_read_criterion(criterion) for criterion in doc.get("criteria", ())),
    )


def _read_criterion(doc: Document) -> CriterionRules:
    place = f"Tiêu chí {doc['code']}"
    _refuse_unknown(doc, _CRITERION_KEYS, place)
    sanction, sanction_grade = _read_sanction(doc, place)
    return CriterionRules(
        code=_text(doc, "code"),
        title=_text(doc, "title"),
        max_points=_number(doc["max"], place),
        kind=_member(CriterionKind, doc["kind"], place) if "kind" in doc else None,
        step=_number(doc.get("step", CENT), place),
        per=_bound(doc, "per"),
        levels=tuple(_read_level(level, place) for level in doc.get("levels", ())),
        ladder=_read_ladder(doc, place),
        parts=tuple(_read_criterion(part) for part in doc.get("parts", ())),
        not_applicable=_member(NotApplicable, doc.get("not_applicable", "not_allowed"), place),
        evidence_required=_flag(doc, "evidence"),
        decision_required=_flag(doc, "decision_required"),
        exclusive_group=str(doc.get("exclusive_group", "")),
        sanction=sanction,
        sanction_grade=sanction_grade,
        automatic=_member(Automatic, doc["automatic"], place) if "automatic" in doc else None,
        unit_label=str(doc.get("unit", "")),
        relative=_flag(doc, "relative"),
        evidence_hint=str(doc.get("evidence_hint", "")),
        checker=str(doc.get("checker", "")),
        pledge_item=_item_number(doc, place),
        printed_max=_bound(doc, "printed_max"),
        note=str(doc.get("note", "")),
    )


def _item_number(doc: Document, place: str) -> int | None:
    """Read the number of an item of the pledge: a whole number from 1."""
    number = _bound(doc, "pledge_item")
    if number is None:
        return None
    if number != number.to_integral_value() or number < 1:
        raise RubricError(place, "số thứ tự nội dung giao ước phải là số nguyên từ 1.")
    return int(number)


def _read_level(doc: object, place: str) -> Level:
    if isinstance(doc, Mapping):
        points = _number(doc["points"], place)
        return Level(_text(doc, "label"), points, _flag(doc, "knocks_out"))
    if not isinstance(doc, Sequence) or isinstance(doc, str) or len(doc) != 2:
        raise RubricError(place, "mỗi mức gồm tên và điểm.")
    return Level(str(doc[0]), _number(doc[1], place))


def _read_ladder(doc: Document, place: str) -> tuple[tuple[Decimal, Decimal], ...]:
    rungs = [
        (_number(threshold, place), _number(points, place))
        for threshold, points in doc.get("ladder", ())
    ]
    return tuple(sorted(rungs, reverse=True))


def _read_sanction(doc: Document, place: str) -> tuple[SanctionEffect | None, str]:
    """Read a sanction; 'not_above_fair' is the tables' usual short form."""
    if doc.get("sanction") == "not_above_fair":
        return SanctionEffect.NOT_ABOVE, _FAIR
    if "sanction" not in doc:
        return None, ""
    return _member(SanctionEffect, doc["sanction"], place), str(doc.get("sanction_grade", ""))


def read_grades(doc: Document) -> tuple[GradeBand, ...]:
    """Return the bands of 'grades' with the conditions of 'grade_conditions'."""
    conditions: Sequence[Document] = doc.get("grade_conditions", ())
    names = [str(name) for name, _ in doc.get("grades", ())]
    for condition in conditions:
        if condition["grade"] not in names:
            raise RubricError("Xếp loại", f"không có mức “{condition['grade']}”.")
    return tuple(
        _read_grade(name, bound, [c for c in conditions if c["grade"] == name])
        for name, bound in doc.get("grades", ())
    )


def _read_grade(name: str, bound: object, conditions: Sequence[Document]) -> GradeBand:
    place = f"Mức {name}"
    shares = [c["lowest_criterion_share"] for c in conditions if "lowest_criterion_share" in c]
    limits = [c for c in conditions if "largest_share_of_units" in c]
    if any(limit.get("rounding", "down") != "down" for limit in limits):
        raise RubricError(place, "số đơn vị theo tỷ lệ chỉ được làm tròn xuống.")
    return GradeBand(
        name=str(name),
        lower_bound=_number(bound, place),
        min_criterion_share=_number(shares[0], place) if shares else None,
        section_floors=tuple(
            SectionFloor(c["section"], _bound(c, "lowest_share"))
            for c in conditions
            if "section" in c
        ),
        max_share_of_units=_number(limits[0]["largest_share_of_units"], place) if limits else None,
        share_base=_share_base(limits, place),
        overflow=str(limits[0].get("overflow", "")) if limits else "",
    )


def _share_base(limits: Sequence[Document], place: str) -> ShareBase:
    stated = limits[0].get("share_base", ShareBase.RANKED) if limits else ShareBase.RANKED
    return _member(ShareBase, stated, place)


def _text(doc: Document, key: str) -> str:
    value = doc[key]
    if not isinstance(value, str):
        raise RubricError("Bảng chấm điểm", f"“{key}” phải là chữ.")
    return value


def _flag(doc: Document, key: str) -> bool:
    value = doc.get(key, False)
    if not isinstance(value, bool):
        raise RubricError("Bảng chấm điểm", f"“{key}” phải là đúng hoặc sai.")
    return value


def _bound(doc: Document, key: str) -> Decimal | None:
    value = doc.get(key)
    return None if value is None else _number(value, key)


def _number(value: object, place: str) -> Decimal:
    """Read a number or its text; a JSON fraction is read by its printed digits."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise RubricError(place, f"“{value}” không phải là số.") from error
    if isinstance(value, bool) or not number.is_finite():
        raise RubricError(place, f"“{value}” không phải là số.")
    return number


def _member(enum: type[_E], value: object, place: str) -> _E:
    try:
        return enum(str(value))
    except ValueError as error:
        raise RubricError(place, f"không hiểu “{value}”.") from error


def _refuse_unknown(doc: Document, known: set[str], place: str) -> None:
    unknown = sorted(set(doc) - known)
    if unknown:
        raise RubricError(place, f"không hiểu “{unknown[0]}”.")
