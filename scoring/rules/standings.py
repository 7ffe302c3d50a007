"""What a ranking is computed from, in memory and as a stored snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from scoring.rules.enums import GroundEffect, SanctionEffect, SectionKind
from scoring.rules.grounds import GroundFact
from scoring.rules.numbers import InputError
from scoring.rules.plain import PlainForm
from scoring.rules.sheet import SheetResult, TriggeredSanction

Key = int | str


@dataclass(frozen=True, kw_only=True)
class UnitStanding(PlainForm):
    """A unit on the day of ranking. `total` None: its sheet is not fully scored."""

    key: Key
    total: Decimal | None
    base: Decimal | None = None
    plus: Decimal | None = None
    minus: Decimal | None = None
    section_points: Mapping[str, Decimal] = field(default_factory=dict)
    section_shares: Mapping[str, Fraction] = field(default_factory=dict)
    criterion_shares: Mapping[str, Fraction] = field(default_factory=dict)
    missing: int = 0
    is_head: bool = False
    sanctions: tuple[TriggeredSanction, ...] = ()
    grounds: tuple[GroundFact, ...] = ()

    def grounds_with(self, effect: GroundEffect) -> tuple[GroundFact, ...]:
        """Return the grounds that have this effect and are not overridden."""
        return tuple(ground for ground in self.grounds if ground.has(effect))

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Why the unit is not ranked at all; empty if it is."""
        grounds = [ground.text for ground in self.grounds_with(GroundEffect.EXCLUDED)]
        sanctions = [
            f"{sanction.code}. {sanction.title}: không xét thi đua"
            for sanction in self.sanctions
            if sanction.effect is SanctionEffect.EXCLUDED
        ]
        return (*grounds, *sanctions)


def standing_of(
    key: Key, sheet: SheetResult, *, is_head: bool = False, grounds: Iterable[GroundFact] = ()
) -> UnitStanding:
    """Return the standing of a unit with this sheet.

    Criterion shares are those of top-level base criteria that apply.
    """
    shares = {item.code: item.share for item in sheet.items if item.kind is SectionKind.BASE}
    sections = {section.code: section.share for section in sheet.sections}
    return UnitStanding(
        key=key,
        total=sheet.total,
        base=sheet.base,
        plus=sheet.plus,
        minus=sheet.minus,
        section_points={section.code: section.counted for section in sheet.sections},
        section_shares={code: share for code, share in sections.items() if share is not None},
        criterion_shares={code: share for code, share in shares.items() if share is not None},
        missing=len(sheet.missing),
        is_head=is_head,
        sanctions=sheet.sanctions,
        grounds=tuple(grounds),
    )


@dataclass(frozen=True, kw_only=True)
class BallotResult(PlainForm):
    """A ballot among tied units: votes by unit. A later round goes before an earlier one."""

    votes: tuple[tuple[Key, int], ...]
    round: int = 1

    def __post_init__(self) -> None:
        if any(votes < 0 for _, votes in self.votes):
            raise InputError("Số phiếu không được âm.")
        if len(self.candidates) != len(self.votes):
            raise InputError("Mỗi đơn vị chỉ có một dòng trong kết quả bỏ phiếu.")

    @property
    def candidates(self) -> frozenset[Key]:
        """The units voted on."""
        return frozenset(key for key, _ in self.votes)


@dataclass(frozen=True)
class HeadDecision(PlainForm):
    """The head's order of exactly these tied units, the first named placed first."""

    order: tuple[Key, ...]
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError("Quyết định của Trưởng khối phải nêu lý do.")
        if len(set(self.order)) != len(self.order):
            raise InputError("Mỗi đơn vị chỉ có một vị trí trong quyết định của Trưởng khối.")


@dataclass(frozen=True)
class GradeDecision(PlainForm):
    """The decision on a unit in a tie across a grade's share line: `granted` keeps the grade."""

    key: Key
    grade: str
    granted: bool
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError("Quyết định xếp loại phải nêu lý do.")
