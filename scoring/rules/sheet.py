"""What the computation of one sheet yields, down to each line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.entries import LineInput
from scoring.rules.enums import LineFlag, SanctionEffect, SectionKind, Stage
from scoring.rules.numbers import ratio, show
from scoring.rules.plain import PlainForm


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is recorded on a line: the input, and whether its papers are there."""

    input: LineInput | None = None
    has_evidence: bool = False
    has_decision: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetLine(PlainForm):
    """A line: `points` by its own rule, `counted` after evidence, knock-out and groups."""

    code: str
    criterion: str
    section: str
    kind: SectionKind
    maximum: Decimal
    points: Decimal | None
    counted: Decimal | None
    not_applicable: bool = False
    excluded: bool = False
    knocks_out: bool = False
    flags: tuple[LineFlag, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Tell whether the line has still to be scored."""
        return LineFlag.MISSING in self.flags

    @property
    def is_pending(self) -> bool:
        """Tell whether the line is entered and waits for other units' figures."""
        return LineFlag.PENDING in self.flags


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemResult(PlainForm):
    """A top-level criterion: its lines summed, up to its maximum."""

    code: str
    section: str
    kind: SectionKind
    raw: Decimal
    counted: Decimal
    maximum: Decimal
    nominal_maximum: Decimal
    missing: int
    not_applicable: bool
    knocked_out: bool

    @property
    def share(self) -> Fraction | None:
        """The share of its own maximum; None if not applicable or not yet scored."""
        if self.not_applicable or self.missing or self.maximum == 0:
            return None
        return ratio(self.counted, self.maximum)


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionResult(PlainForm):
    """A section: its items summed (`raw`), up to its maximum or cap (`counted`)."""

    code: str
    kind: SectionKind
    title: str
    raw: Decimal
    counted: Decimal
    maximum: Decimal
    nominal_maximum: Decimal
    missing: int

    @property
    def share(self) -> Fraction | None:
        """The share of its maximum; None if nothing in it applies."""
        return ratio(self.counted, self.maximum) if self.maximum else None


@dataclass(frozen=True, slots=True)
class Step(PlainForm):
    """One step on the way to the total: what stood before, what stands after, and why."""

    stage: Stage
    place: str
    before: Decimal
    after: Decimal
    text: str

    @property
    def bites(self) -> bool:
        """Tell whether the step changed anything."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TriggeredSanction(PlainForm):
    """A sanction that a minus item set off."""

    code: str
    title: str
    effect: SanctionEffect
    grade: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetResult(PlainForm):
    """A sheet's total and how it came about.

    `total` is None while a line is unscored or waits for other units' figures (`pending`);
    `base`, `plus` and `minus` then stand for what has been scored so far.
    """

    lines: tuple[SheetLine, ...]
    items: tuple[ItemResult, ...]
    sections: tuple[SectionResult, ...]
    base: Decimal
    plus: Decimal
    minus: Decimal
    total: Decimal | None
    missing: tuple[str, ...]
    pending: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    sanctions: tuple[TriggeredSanction, ...] = ()

    @property
    def missing_text(self) -> str:
        """The sentence for a sheet without a total; empty when it has one."""
        if self.missing:
            return f"còn {len(self.missing)} tiêu chí chưa chấm"
        if self.pending:
            return f"{len(self.pending)} tiêu chí chưa tính, chờ số liệu của các đơn vị khác"
        return "" if self.total is not None else "không có tiêu chí nào áp dụng"

    @property
    def sum_text(self) -> str:
        """The sum as a line of print: '95,00 + 6,00 − 2,00 = 99,00'."""
        if self.total is None:
            return self.missing_text
        parts = f"{show(self.base)} + {show(self.plus)} − {show(self.minus)}"
        return f"{parts} = {show(self.total)}"

    def line(self, code: str) -> SheetLine:
        """Return the line of that code."""
        return next(line for line in self.lines if line.code == code)

    def section(self, code: str) -> SectionResult:
        """Return the section of that code."""
        return next(section for section in self.sections if section.code == code)

    def item(self, code: str) -> ItemResult:
        """Return the top-level criterion of that code."""
        return next(item for item in self.items if item.code == code)
