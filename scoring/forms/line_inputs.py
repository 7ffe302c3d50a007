"""The fields of one line of a score sheet as a page draws them, whatever the kind of criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.rules.enums import CriterionKind, NotApplicable
from scoring.rules.inputs import field_names
from scoring.rules.numbers import short
from scoring.rules.rubric import CriterionRules

NOT_APPLICABLE = "not_applicable"
_LABELS = {
    "points": "Điểm",
    "level": "Mức",
    "passed": "Kết quả",
    "numerator": "Đạt",
    "denominator": "Trên tổng số",
    "percent": "hoặc tỷ lệ %",
    "actual": "Kết quả đạt",
    "target": "Chỉ tiêu",
}
_COUNTED = {CriterionKind.DEDUCT: "Số lỗi", CriterionKind.COUNT: "Số lượng"}
_PASSED = (("1", "Có"), ("0", "Không"))


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class LineField:
    """One field of a line: ``name`` as posted, ``value`` as typed or stored."""

    key: str
    name: str
    label: str
    value: str
    options: tuple[Option, ...] = ()
    is_tick: bool = False
    error: str = ""

    @property
    def id(self) -> str:
        """The id of the element, to which an error leads."""
        return f"o-{self.name}"


def shown_texts(rule: CriterionRules, document: Mapping[str, Any] | None) -> dict[str, str]:
    """Return a stored input as the texts that its fields show: decimals with a comma."""
    if not document:
        return {}
    if document.get("kind") == NOT_APPLICABLE:
        return {NOT_APPLICABLE: "1"}
    return {name: _text(document[name]) for name in field_names(rule) if name in document}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return short(Decimal(value)) if isinstance(value, str) else str(value)


def typed_texts(rule: CriterionRules, prefix: str, data: Mapping[str, str]) -> dict[str, str]:
    """Return what was posted in a line's fields, by the rules' names."""
    names = (*field_names(rule), NOT_APPLICABLE)
    texts = {name: str(data.get(f"{prefix}-{name}", "")).strip()[:200] for name in names}
    return {name: text for name, text in texts.items() if text}


def line_fields(
    rule: CriterionRules,
    prefix: str,
    texts: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> list[LineField]:
    """Return the fields to draw for a line; ``errors`` by ``<prefix>-<field>``."""
    errors = errors or {}
    fields = [_field(rule, prefix, name, texts, errors) for name in field_names(rule)]
    if rule.not_applicable is not NotApplicable.NOT_ALLOWED:
        fields.append(_tick(prefix, texts, errors))
    return fields


def _field(
    rule: CriterionRules,
    prefix: str,
    key: str,
    texts: Mapping[str, str],
    errors: Mapping[str, str],
) -> LineField:
    value = texts.get(key, "")
    name = f"{prefix}-{key}"
    return LineField(
        key,
        name,
        _label(rule, key),
        value,
        options=_options(rule, key, value),
        error=errors.get(name, ""),
    )


def _tick(prefix: str, texts: Mapping[str, str], errors: Mapping[str, str]) -> LineField:
    name = f"{prefix}-{NOT_APPLICABLE}"
    return LineField(
        NOT_APPLICABLE,
        name,
        "Không phát sinh",
        texts.get(NOT_APPLICABLE, ""),
        is_tick=True,
        error=errors.get(name, ""),
    )


def _label(rule: CriterionRules, key: str) -> str:
    if key.startswith("cases_"):
        level = rule.levels[int(key.removeprefix("cases_"))]
        return f"Số {rule.unit_label or 'việc'} mức {level.label}"
    if key != "n":
        return _LABELS[key]
    fallback = _COUNTED.get(rule.kind, "Số lượng") if rule.kind else "Số lượng"
    return f"Số {rule.unit_label}" if rule.unit_label else fallback


def _options(rule: CriterionRules, key: str, value: str) -> tuple[Option, ...]:
    if key == "level":
        listed = [
            (str(index), f"{level.label} – {short(level.points)} điểm")
            for index, level in enumerate(rule.levels)
        ]
    elif key == "passed":
        listed = list(_PASSED)
    else:
        return ()
    blank = Option("", "Chọn", selected=not value)
    return (blank, *(Option(each, label, each == value) for each, label in listed))
