"""What of past sheets a draft can be set against: the criteria that both tables know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.entries import (
    ChoiceInput,
    DirectInput,
    EventsInput,
    LineInput,
    NotApplicableInput,
)
from scoring.rules.enums import CriterionKind, NotApplicable, SectionKind
from scoring.rules.grounds import GroundFact
from scoring.rules.numbers import ZERO, is_on_step, round_to_step, short
from scoring.rules.sheet import LineFacts
from scoring.rules.standings import Key
from scoring.rules.structure import CriterionRules, Level, Place, RubricRules, SectionRules

NEW = "tiêu chí mới, năm trước không có"
SPLIT = "cách chia ý nhỏ đã đổi"
GONE = "dự thảo không còn tiêu chí này"
OTHER_KIND = "cách chấm đã đổi"
OTHER_SECTION = "chuyển giữa điểm chuẩn, điểm cộng, điểm trừ"
OTHER_LEVEL = "có mức năm trước đã chọn mà dự thảo không còn"
OTHER_COUNT = "bên đếm tự động, bên do đơn vị nhập"
OFF_STEP = "có điểm năm trước không theo bước điểm của dự thảo"
NOT_ALLOWED = "có đơn vị không phát sinh mà dự thảo không cho khai"


class NotCarriedError(ValueError):
    """An old input that the new rule cannot read; the message says why, for a reader."""


@dataclass(frozen=True)
class PastTable:
    """A table that past sheets were scored on; `links`: line of the draft → its old line."""

    rules: RubricRules
    links: Mapping[str, str]


@dataclass(frozen=True)
class PastSheet:
    """A ranked sheet: what was recorded on it, by the codes of its own table."""

    key: Key
    table: PastTable
    facts: Mapping[str, LineFacts]
    blanks_confirmed: bool = True
    days_late: int = 0
    grounds: tuple[GroundFact, ...] = field(default=())


@dataclass(frozen=True)
class LeftOut:
    """A line that stays out of both totals, and why."""

    code: str
    title: str
    reason: str
    is_new: bool


@dataclass(frozen=True)
class Pair:
    """A line compared under another text than the old one: for people to look at."""

    code: str
    title: str
    old_code: str
    old_title: str


@dataclass(frozen=True)
class Matching:
    """Which lines of the draft are compared, and what is not."""

    compared: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    reworded: tuple[Pair, ...]


# ---------------------------------------------------------------- one line


def carry(old: CriterionRules, new: CriterionRules, entered: LineInput | None) -> LineInput | None:
    """Return an old input as the new rule reads it; raise `NotCarriedError` if it cannot.

    Levels are found by their words, never by their number. Points given by hand stand only where
    maximum and step still allow the same points.
    """
    if isinstance(entered, NotApplicableInput):
        if new.not_applicable is NotApplicable.NOT_ALLOWED:
            raise NotCarriedError(NOT_ALLOWED)
        return entered
    if isinstance(entered, ChoiceInput):
        return ChoiceInput(_level(old.levels[entered.level], new.levels))
    if isinstance(entered, EventsInput):
        return _cases(old.levels, new.levels, entered.cases)
    if isinstance(entered, DirectInput) and not is_on_step(entered.points, new.step):
        raise NotCarriedError(OFF_STEP)
    return entered


def _words(level: Level) -> str:
    return " ".join(level.label.split()).casefold()


def _level(level: Level, levels: Sequence[Level]) -> int:
    found = [index for index, each in enumerate(levels) if _words(each) == _words(level)]
    if len(found) != 1:
        raise NotCarriedError(OTHER_LEVEL)
    return found[0]


def _cases(old: Sequence[Level], new: Sequence[Level], cases: Sequence[int]) -> EventsInput:
    counts = [0] * len(new)
    for level, count in zip(old, cases, strict=True):
        if count:
            counts[_level(level, new)] += count
    return EventsInput(tuple(counts))


def _unlike(old: Place, new: Place) -> str:
    """Return why two lines are not of one sort, or an empty text."""
    if old.section.kind is not new.section.kind:
        return OTHER_SECTION
    if old.leaf.kind is not new.leaf.kind:
        return OTHER_KIND
    if old.leaf.automatic is not new.leaf.automatic:
        return OTHER_COUNT
    if new.leaf.kind is CriterionKind.DIRECT and old.leaf.max_points != new.leaf.max_points:
        before, after = short(old.leaf.max_points), short(new.leaf.max_points)
        return f"chấm điểm trực tiếp mà điểm tối đa đổi từ {before} thành {after}"
    return ""


# ---------------------------------------------------------------- all lines


def match(draft: RubricRules, sheets: Sequence[PastSheet]) -> Matching:
    """Return which lines of the draft every one of the sheets can be computed on."""
    reasons = {code: _reason(code, place, sheets) for code, place in draft.places.items()}
    compared = tuple(code for code, reason in reasons.items() if not reason)
    out = [
        LeftOut(code, draft.places[code].leaf.title, reason, is_new=True)
        for code, reason in reasons.items()
        if reason
    ]
    return Matching(
        compared, (*out, *_gone(draft, sheets)), tuple(_reworded(draft, compared, _tables(sheets)))
    )


def _tables(sheets: Iterable[PastSheet]) -> list[PastTable]:
    return list({id(sheet.table): sheet.table for sheet in sheets}.values())


def _reason(code: str, place: Place, sheets: Sequence[PastSheet]) -> str:
    """Return why a line cannot be compared, or an empty text."""
    for table in _tables(sheets):
        if reason := _unlinked(table, code) or _unlike(_old_place(table, code), place):
            return reason
    try:
        for sheet in sheets:
            carried(sheet, code, place.leaf)
    except NotCarriedError as error:
        return str(error)
    return ""


def _unlinked(table: PastTable, code: str) -> str:
    """Return why a table has no line of its own for one of the draft, or an empty text."""
    if code not in table.links:
        return NEW
    return "" if table.links[code] in table.rules.places else SPLIT


def _old_place(table: PastTable, code: str) -> Place:
    return table.rules.places[table.links[code]]


def carried(sheet: PastSheet, code: str, leaf: CriterionRules) -> LineFacts:
    """Return what a sheet says of a line of the draft; raise `NotCarriedError` if nothing."""
    old = _old_place(sheet.table, code).leaf
    facts = sheet.facts.get(old.code, LineFacts())
    entered = carry(old, leaf, facts.input)
    return facts if entered is facts.input else replace(facts, input=entered)


def _gone(draft: RubricRules, sheets: Iterable[PastSheet]) -> tuple[LeftOut, ...]:
    """Return the old lines that no line of the draft comes from."""
    found: dict[tuple[str, str], LeftOut] = {}
    for table in _tables(sheets):
        kept = {old for code, old in table.links.items() if code in draft.places}
        for code, place in table.rules.places.items():
            if code not in kept:
                title = place.leaf.title
                found.setdefault((code, title), LeftOut(code, title, GONE, is_new=False))
    return tuple(found.values())


def _reworded(
    draft: RubricRules, compared: Iterable[str], tables: Iterable[PastTable]
) -> Iterable[Pair]:
    seen: dict[Pair, None] = {}
    known = list(tables)
    for code in compared:
        title = draft.places[code].leaf.title
        for table in known:
            old = _old_place(table, code).leaf
            if old.title.split() != title.split():
                seen.setdefault(Pair(code, title, old.code, old.title))
    return seen


# ---------------------------------------------------------------- the part of a table


def base_points(rules: RubricRules) -> Decimal:
    """Return the maximum of the base sections together."""
    return sum((section.max_points for section in rules.sections_of(SectionKind.BASE)), ZERO)


def share_of(part: RubricRules, whole: RubricRules) -> Fraction:
    """Return how much of a table's base points a part of it holds."""
    full = base_points(whole)
    return Fraction(base_points(part)) / Fraction(full) if full else Fraction(0)


def part_of(rules: RubricRules, codes: Iterable[str]) -> RubricRules:
    """Return the table with those lines alone.

    Maxima of base sections and of criteria fall with what is left out, and the bounds of grades
    and the scale in proportion to the base; caps, floor and ceiling stay.
    """
    wanted = set(codes)
    kept = (_section(section, wanted) for section in rules.sections)
    part = replace(rules, sections=tuple(section for section in kept if section is not None))
    share = share_of(part, rules)
    if share in (0, 1):
        return part
    grades = tuple(
        replace(band, lower_bound=_scaled(band.lower_bound, share)) for band in rules.grades
    )
    return replace(part, grades=grades, scale_max=_scaled(rules.scale_max, share))


def _scaled(points: Decimal, share: Fraction) -> Decimal:
    return round_to_step(Fraction(points) * share, Decimal("0.01"))


def _section(section: SectionRules, wanted: set[str]) -> SectionRules | None:
    kept = (_criterion(criterion, wanted) for criterion in section.criteria)
    criteria = tuple(criterion for criterion in kept if criterion is not None)
    if not criteria:
        return None
    if criteria == section.criteria:
        return section
    maximum = section.max_points
    if section.kind is SectionKind.BASE:
        left = sum((criterion.max_points for criterion in criteria), ZERO)
        maximum = min(maximum, left)
    return replace(section, criteria=criteria, max_points=maximum)


def _criterion(criterion: CriterionRules, wanted: set[str]) -> CriterionRules | None:
    if not criterion.parts:
        return criterion if criterion.code in wanted else None
    parts = tuple(part for part in criterion.parts if part.code in wanted)
    if not parts or len(parts) == len(criterion.parts):
        return criterion if parts else None
    left = sum((part.max_points for part in parts), ZERO)
    return replace(criterion, parts=parts, max_points=min(criterion.max_points, left))
