"""What one cell of a score table says, by the kind of its criterion; and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from emulation.vietnamese import fold
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
from scoring.rules.enums import CriterionKind, SectionKind
from scoring.rules.inputs import field_names, parse_input, to_json
from scoring.rules.numbers import LARGEST_COUNT, InputError, parse_number, short
from scoring.rules.points import line_points
from scoring.rules.rubric import CriterionRules, Place

NOT_ARISEN = "không phát sinh"
_NOT_ARISEN = {fold(NOT_ARISEN), "kps", "khong ap dung"}
_PASSED = {
    **dict.fromkeys(("co", "dat", "x", "1", "true"), "1"),
    **dict.fromkeys(("khong", "khong dat", "0", "false"), "0"),
}
_LISTED = 12
NOT_ON_LEVEL = "Không có mức “{}”. Ghi một trong: {}."


def read_cell(place: Place, text: str) -> LineInput | None:
    """Return the input that a cell's text stands for; None of an empty cell.

    InputError with a sentence that says what may stand there.
    """
    rule, text = place.leaf, text.strip()
    if not text:
        return None
    if fold(text).rstrip(".") in _NOT_ARISEN:
        raw = {"not_applicable": "1"}
    else:
        raw = _READERS[_kind_of(rule)](rule, text)
    return parse_input(rule, raw, place.section.kind)


def _kind_of(rule: CriterionRules) -> CriterionKind:
    if rule.kind is None:
        raise InputError("Tiêu chí có ý nhỏ: ghi ở cột của từng ý.")
    return rule.kind


def _single(name: str) -> Callable[[CriterionRules, str], dict[str, str]]:
    return lambda _rule, text: {name: text}


def _level(rule: CriterionRules, text: str) -> dict[str, str]:
    """Read a level by its label, by "mức 2", or by its points where no other level has them."""
    wanted = fold(text)
    named = [at for at, level in enumerate(rule.levels) if fold(level.label) == wanted]
    if len(named) == 1:
        return {"level": str(named[0])}
    number = wanted.removeprefix("muc ")
    if number != wanted and number.isdecimal() and 1 <= int(number) <= len(rule.levels):
        return {"level": str(int(number) - 1)}
    try:
        points = parse_number(text)
    except InputError:
        points = Decimal(-1)
    same = [at for at, level in enumerate(rule.levels) if level.points == points]
    if len(same) != 1 or named:
        raise InputError(NOT_ON_LEVEL.format(text[:60], _levels(rule)))
    return {"level": str(same[0])}


def _levels(rule: CriterionRules) -> str:
    return "; ".join(f"{level.label} ({short(level.points)} điểm)" for level in rule.levels)


def _passed(_rule: CriterionRules, text: str) -> dict[str, str]:
    answer = _PASSED.get(fold(text))
    if answer is None:
        raise InputError("Ghi “có” hoặc “không”.")
    return {"passed": answer}


def _ratio(_rule: CriterionRules, text: str) -> dict[str, str]:
    if "%" in text:
        return {"percent": text.replace("%", "").strip()}
    return _pair(text, "numerator", "denominator", "Ghi như 18/20 hoặc 90%.")


def _target(_rule: CriterionRules, text: str) -> dict[str, str]:
    return _pair(text, "actual", "target", "Ghi kết quả trên chỉ tiêu, như 98/100.")


def _pair(text: str, first: str, second: str, advice: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split("/")]
    if len(parts) == 2 and all(parts):
        return {first: parts[0], second: parts[1]}
    if len(parts) == 3:
        advice += " Excel đã đổi ô này thành ngày: đặt định dạng ô là Văn bản rồi ghi lại."
    raise InputError(advice)


def _events(rule: CriterionRules, text: str) -> dict[str, str]:
    parts, names = text.split(";"), field_names(rule)
    if len(parts) != len(names):
        labels = "; ".join(level.label for level in rule.levels)
        raise InputError(f"Ghi {len(names)} số, cách nhau bằng dấu “;”, theo thứ tự: {labels}.")
    return dict(zip(names, (part.strip() or "0" for part in parts), strict=True))


_READERS: dict[CriterionKind, Callable[[CriterionRules, str], dict[str, str]]] = {
    CriterionKind.DIRECT: _single("points"),
    CriterionKind.CHOICE: _level,
    CriterionKind.PASSFAIL: _passed,
    CriterionKind.DEDUCT: _single("n"),
    CriterionKind.COUNT: _single("n"),
    CriterionKind.RATIO: _ratio,
    CriterionKind.TARGET: _target,
    CriterionKind.EVENT_AVERAGE: _events,
}


# ---------------------------------------------------------------- points to inputs


def read_points(place: Place, text: str, present: LineInput | None = None) -> LineInput | None:
    """Return an input worth exactly the points in a cell; ``present`` where that is worth them.

    InputError, naming what the criterion can be worth, where there is none.
    """
    rule, text = place.leaf, text.strip()
    if not text or fold(text).rstrip(".") in _NOT_ARISEN:
        return read_cell(place, text)
    if _kind_of(rule) is CriterionKind.DIRECT:
        return read_cell(place, text)
    points = parse_number(text)
    points = abs(points) if place.section.kind is SectionKind.MINUS else points
    if present is not None and points_of(place, present) == points:
        return present
    for entered in _worth(rule, points):
        if points_of(place, entered) == points:
            return entered
    raise InputError(f"Tiêu chí này không thể có {short(points)} điểm. {_possible(rule)}")


def points_of(place: Place, entered: LineInput) -> Decimal | None:
    """Return what an input is worth by its own rule; None while that is open."""
    return line_points(place.leaf, entered, place.section.kind).points


def _worth(rule: CriterionRules, points: Decimal) -> Iterator[LineInput]:
    """Yield inputs that may be worth the points, the plainest first."""
    match rule.kind:
        case CriterionKind.CHOICE:
            levels = sorted(range(len(rule.levels)), key=lambda at: rule.levels[at].knocks_out)
            yield from (ChoiceInput(at) for at in levels)
        case CriterionKind.PASSFAIL:
            yield from (PassFailInput(passed=True), PassFailInput(passed=False))
        case CriterionKind.DEDUCT:
            yield from _counts(rule, rule.max_points - points)
        case CriterionKind.COUNT:
            yield from _counts(rule, points)
        case CriterionKind.RATIO:
            yield from _shares(rule, points)
        case CriterionKind.TARGET if points >= 0:
            maximum = rule.max_points
            yield TargetInput(points * 2 if rule.relative else points, maximum)
        case CriterionKind.EVENT_AVERAGE:
            yield from _one_case(rule)


def _counts(rule: CriterionRules, worth: Decimal) -> Iterator[LineInput]:
    """Yield the smallest number of cases that comes to at least so many points."""
    if rule.per and worth >= 0:
        n = ceil(Fraction(worth) / Fraction(rule.per))
        if n <= LARGEST_COUNT:
            yield CountInput(n)


def _shares(rule: CriterionRules, points: Decimal) -> Iterator[LineInput]:
    bounds = [Fraction(each) for each, _ in rule.ladder]
    if not rule.ladder and rule.max_points:
        bounds = [Fraction(points) / Fraction(rule.max_points)]
    for share in (*bounds, Fraction(0)):
        percent = share * 100
        if percent >= 0 and (percent * 100).denominator == 1:
            yield RatioInput(percent=Decimal(int(percent * 100)) / 100)
    if not rule.ladder and points >= 0 and rule.max_points:
        yield RatioInput(numerator=points, denominator=rule.max_points)


def _one_case(rule: CriterionRules) -> Iterator[LineInput]:
    for at in range(len(rule.levels)):
        yield EventsInput(tuple(int(at == each) for each in range(len(rule.levels))))


def _possible(rule: CriterionRules) -> str:
    """Return a sentence on what a criterion can be worth."""
    top = short(rule.max_points)
    match rule.kind:
        case CriterionKind.CHOICE | CriterionKind.EVENT_AVERAGE:
            return f"Các mức: {_levels(rule)}."
        case CriterionKind.PASSFAIL:
            return f"Chỉ có 0 hoặc {top} điểm."
        case CriterionKind.DEDUCT | CriterionKind.COUNT:
            return f"Điểm từ 0 đến {top}, mỗi trường hợp {short(rule.per or Decimal(0))} điểm."
        case CriterionKind.RATIO if rule.ladder:
            rungs = sorted({points for _, points in rule.ladder} | {Decimal(0)})
            return f"Các bậc: {_listed(rungs)} điểm."
        case CriterionKind.TARGET if rule.relative:
            half = short(rule.max_points / 2)
            return f"Trên {half} điểm phụ thuộc các đơn vị khác: nhập bảng theo số liệu."
    return f"Điểm từ 0 đến {top}, là bội số của {short(rule.step)}."


def _listed(values: Sequence[Decimal]) -> str:
    shown = [short(value) for value in values[:_LISTED]]
    return ", ".join(shown) + (", …" if len(values) > _LISTED else "")


# ---------------------------------------------------------------- back to a cell


def cell_of(place: Place, entered: LineInput | None) -> str:
    """Return the text that ``read_cell`` reads as this very input."""
    rule = place.leaf
    match entered:
        case None:
            return ""
        case NotApplicableInput():
            return NOT_ARISEN
        case DirectInput(points):
            return short(points)
        case ChoiceInput(level):
            return _level_cell(rule, level)
        case PassFailInput(passed):
            return "có" if passed else "không"
        case CountInput(n):
            return str(n)
        case EventsInput(cases):
            return ";".join(str(count) for count in cases)
    return _figures_cell(entered)


def _figures_cell(entered: LineInput) -> str:
    match entered:
        case RatioInput(percent=Decimal() as percent):
            return f"{short(percent)}%"
        case RatioInput(Decimal() as numerator, Decimal() as denominator):
            return f"{short(numerator)}/{short(denominator)}"
        case TargetInput(actual, target):
            return f"{short(actual)}/{short(target)}"
    return ""


def _level_cell(rule: CriterionRules, at: int) -> str:
    label = rule.levels[at].label
    try:
        is_plain = _level(rule, label) == {"level": str(at)}
    except InputError:
        is_plain = False
    return label if is_plain and fold(label) not in _NOT_ARISEN else f"mức {at + 1}"


def points_cell(place: Place, entered: LineInput | None) -> str:
    """Return the points of an input as a cell; its figures where they stand for no points yet."""
    if entered is None or isinstance(entered, NotApplicableInput):
        return cell_of(place, entered)
    points = points_of(place, entered)
    return NOT_ARISEN if points is None else short(points)


def typed_of(rule: CriterionRules, entered: LineInput | None) -> dict[str, str]:
    """Return an input as the texts of its line's fields, "not applicable" among them."""
    if entered is None:
        return {}
    if isinstance(entered, NotApplicableInput):
        return {"not_applicable": "1"}
    document: dict[str, Any] = to_json(entered)
    if isinstance(entered, EventsInput):
        return {name: str(n) for name, n in zip(field_names(rule), document["cases"], strict=True)}
    return {
        name: str(int(value) if isinstance(value, bool) else value)
        for name, value in document.items()
        if name != "kind"
    }
