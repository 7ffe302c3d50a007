"""What a person enters on a line: its form fields, its JSON form, its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from scoring.rules.entries import (
    ChoiceInput,
    CountInput,
    DirectInput,
    EventsInput,
    LineInput,
    NotApplicableInput,
    PassFailInput,
    RatioInput,
    TargetInput,
)
from scoring.rules.enums import CriterionKind, NotApplicable, SectionKind
from scoring.rules.numbers import (
    InputError,
    parse_count,
    parse_percent,
    parse_points,
    parse_quantity,
)
from scoring.rules.structure import CriterionRules
from scoring.rules.wording import describe

__all__ = [
    "ChoiceInput",
    "CountInput",
    "DirectInput",
    "EventsInput",
    "LineInput",
    "NotApplicableInput",
    "PassFailInput",
    "RatioInput",
    "TargetInput",
    "describe",
    "field_names",
    "from_json",
    "half_typed",
    "parse_input",
    "to_json",
]

_T = TypeVar("_T")

LARGEST_PERCENT = Decimal(1000)

_PAIRS = {
    CriterionKind.RATIO: ("numerator", "denominator"),
    CriterionKind.TARGET: ("actual", "target"),
}
_STORED_KIND = {CriterionKind.DEDUCT: "count"}
_STORED_TYPES: dict[str, type] = {"level": int, "n": int, "passed": bool}
_YES = {"1", "true", "on", "yes", "co", "có"}
_NO = {"0", "false", "off", "no", "khong", "không"}
_FIELDS = {
    CriterionKind.DIRECT: ("points",),
    CriterionKind.CHOICE: ("level",),
    CriterionKind.PASSFAIL: ("passed",),
    CriterionKind.DEDUCT: ("n",),
    CriterionKind.COUNT: ("n",),
    CriterionKind.RATIO: ("numerator", "denominator", "percent"),
    CriterionKind.TARGET: ("actual", "target"),
}


def field_names(rule: CriterionRules) -> tuple[str, ...]:
    """Return the names of the form fields of a line, without 'not_applicable'.

    Of an average of cases there is one field for each level: 'cases_0', 'cases_1' …
    """
    if rule.kind is CriterionKind.EVENT_AVERAGE:
        return tuple(f"cases_{index}" for index in range(len(rule.levels)))
    return _FIELDS[rule.kind] if rule.kind else ()


def parse_input(
    rule: CriterionRules,
    raw: Mapping[str, str],
    section: SectionKind = SectionKind.BASE,
) -> LineInput | None:
    """Return what a person typed in a line's fields; None when all are blank."""
    fields = {name: raw.get(name, "").strip() for name in field_names(rule)}
    if raw.get("not_applicable", "").strip().lower() in _YES:
        return _not_applicable(rule)
    if rule.kind is None or not any(fields.values()):
        return None
    return _read(rule, fields, minus=section is SectionKind.MINUS)


def half_typed(rule: CriterionRules, raw: Mapping[str, str]) -> dict[str, str]:
    """Return the one number of a pair that stands where the other is still to come.

    By its field, as typed without blanks around it; empty where nothing, all, or something
    unreadable was typed, and for kinds that take no pair of numbers.
    """
    pair = _PAIRS.get(rule.kind) if rule.kind else None
    typed = {name: raw.get(name, "").strip() for name in field_names(rule)}
    filled = {name: text for name, text in typed.items() if text}
    if pair is None or len(filled) != 1 or not set(filled) <= set(pair):
        return {}
    if raw.get("not_applicable", "").strip().lower() in _YES:
        return {}
    try:
        parse_quantity(*filled.values())
    except InputError:
        return {}
    return filled


def _read(rule: CriterionRules, fields: Mapping[str, str], *, minus: bool = False) -> LineInput:
    """Return the input that plain texts of a line's fields describe."""
    match rule.kind:
        case CriterionKind.DIRECT:
            return _read_direct(rule, fields, minus=minus)
        case CriterionKind.CHOICE:
            return _read_choice(rule, fields)
        case CriterionKind.PASSFAIL:
            return _read_passfail(fields)
        case CriterionKind.DEDUCT | CriterionKind.COUNT:
            return CountInput(_read_field(fields, "n", parse_count))
        case CriterionKind.RATIO:
            return _read_ratio(fields)
        case CriterionKind.TARGET:
            return _read_target(fields)
        case CriterionKind.EVENT_AVERAGE:
            return _read_events(fields)
    raise InputError("Tiêu chí có ý nhỏ: nhập ở từng ý.")


def _read_field(fields: Mapping[str, str], name: str, parse: Callable[[str], _T]) -> _T:
    try:
        return parse(fields[name])
    except InputError as error:
        raise InputError(error.message, name) from error


def _read_direct(rule: CriterionRules, fields: Mapping[str, str], *, minus: bool) -> DirectInput:
    def parse(text: str) -> Decimal:
        return parse_points(text, maximum=rule.max_points, step=rule.step, minus=minus)

    return DirectInput(_read_field(fields, "points", parse))


def _read_choice(rule: CriterionRules, fields: Mapping[str, str]) -> ChoiceInput:
    text = fields["level"]
    known = {str(index): index for index in range(len(rule.levels))}
    if text not in known:
        raise InputError("Chọn một mức trong danh sách.", "level")
    return ChoiceInput(known[text])


def _read_passfail(fields: Mapping[str, str]) -> PassFailInput:
    answer = fields["passed"].lower()
    if answer not in _YES | _NO:
        raise InputError("Chọn Có hoặc Không.", "passed")
    return PassFailInput(answer in _YES)


def _read_ratio(fields: Mapping[str, str]) -> RatioInput:
    has_fraction = bool(fields["numerator"] or fields["denominator"])
    if has_fraction and fields["percent"]:
        raise InputError("Chỉ ghi số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.", "percent")
    if fields["percent"]:
        return RatioInput(percent=_read_field(fields, "percent", _parse_percent))
    for name in ("numerator", "denominator"):
        if not fields[name]:
            raise InputError("Ghi cả số đạt và tổng số, hoặc chỉ ghi tỷ lệ phần trăm.", name)
    return RatioInput(
        _read_field(fields, "numerator", parse_quantity),
        _read_field(fields, "denominator", parse_quantity),
    )


def _parse_percent(text: str) -> Decimal:
    return parse_percent(text, maximum=LARGEST_PERCENT)


def _read_target(fields: Mapping[str, str]) -> TargetInput:
    for name, message in (("actual", "Nhập kết quả đạt được."), ("target", "Nhập chỉ tiêu.")):
        if not fields[name]:
            raise InputError(message, name)
    target = _read_field(fields, "target", parse_quantity)
    if target == 0:
        raise InputError("Chỉ tiêu phải lớn hơn 0.", "target")
    return TargetInput(_read_field(fields, "actual", parse_quantity), target)


def _read_events(fields: Mapping[str, str]) -> EventsInput:
    """Read the number of cases at each level; a level left blank has none."""
    return EventsInput(
        tuple(
            _read_field(fields, name, parse_count) if text else 0 for name, text in fields.items()
        )
    )


def _not_applicable(rule: CriterionRules) -> NotApplicableInput:
    if rule.not_applicable is NotApplicable.NOT_ALLOWED:
        raise InputError("Tiêu chí này không được khai “không phát sinh”.", "not_applicable")
    return NotApplicableInput()


def to_json(inp: LineInput) -> dict[str, Any]:
    """Return the stored form of an input: plain values, decimals as text."""
    match inp:
        case DirectInput(points):
            return {"kind": "direct", "points": str(points)}
        case ChoiceInput(level):
            return {"kind": "choice", "level": level}
        case PassFailInput(passed):
            return {"kind": "passfail", "passed": passed}
        case CountInput(n):
            return {"kind": "count", "n": n}
        case RatioInput(percent=Decimal() as percent):
            return {"kind": "ratio", "percent": str(percent)}
        case RatioInput(numerator, denominator):
            return {"kind": "ratio", "numerator": str(numerator), "denominator": str(denominator)}
        case TargetInput(actual, target):
            return {"kind": "target", "actual": str(actual), "target": str(target)}
        case EventsInput(cases):
            return {"kind": "event_average", "cases": list(cases)}
    return {"kind": "not_applicable"}


def from_json(rule: CriterionRules, doc: object) -> LineInput | None:
    """Return the input of a stored document; refuse any that this rule cannot have made."""
    if doc is None or doc == {}:
        return None
    if not isinstance(doc, dict):
        raise _unreadable(rule)
    stored_kind = doc.get("kind")
    if stored_kind == "not_applicable" and len(doc) == 1:
        return _not_applicable(rule)
    if rule.kind is None or stored_kind != _STORED_KIND.get(rule.kind, rule.kind.value):
        raise _unreadable(rule)
    return _read(rule, _stored_fields(rule, doc))


def _stored_fields(rule: CriterionRules, doc: dict[str, Any]) -> dict[str, str]:
    """Return a document's values as texts, each of the type that `to_json` wrote."""
    names = field_names(rule)
    if rule.kind is CriterionKind.EVENT_AVERAGE:
        return _stored_cases(rule, doc, names)
    values = {name: value for name, value in doc.items() if name != "kind"}
    wanted = _STORED_TYPES.get(names[0], str)
    if not values or not set(values) <= set(names):
        raise _unreadable(rule)
    if any(type(value) is not wanted for value in values.values()):
        raise _unreadable(rule)
    return {name: str(values.get(name, "")).lower() for name in names}


def _stored_cases(
    rule: CriterionRules, doc: dict[str, Any], names: Sequence[str]
) -> dict[str, str]:
    cases = doc.get("cases")
    if set(doc) != {"kind", "cases"} or not isinstance(cases, list) or len(cases) != len(names):
        raise _unreadable(rule)
    if any(type(count) is not int for count in cases):
        raise _unreadable(rule)
    return {name: str(count) for name, count in zip(names, cases, strict=True)}


def _unreadable(rule: CriterionRules) -> InputError:
    return InputError(f"Dữ liệu của tiêu chí {rule.code} không đúng với cách chấm.")
