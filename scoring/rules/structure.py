"""A rubric ("bảng chấm điểm") as frozen data that is sound once it exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

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
from scoring.rules.soundness import check_criterion, check_rubric, check_section


@dataclass(frozen=True)
class Level:
    """One of the levels of a `choice`; it may knock out its whole criterion (điểm liệt)."""

    label: str
    points: Decimal
    knocks_out: bool = False


@dataclass(frozen=True, kw_only=True)
class CriterionRules:
    """A criterion, or a part of one. A criterion with parts has no kind of its own.

    `relative` is of a `target` alone: what exceeds the target is measured against the unit
    that exceeds it most. `printed_max` is the maximum as printed, where the paper prints one
    that differs from its own rule. `pledge_item` is the number of the item of the pledge that
    the criterion measures. `evidence_hint`, `checker` and `note` are for readers only.
    """

    code: str
    title: str
    max_points: Decimal
    kind: CriterionKind | None = None
    step: Decimal = CENT
    per: Decimal | None = None
    levels: tuple[Level, ...] = ()
    ladder: tuple[tuple[Decimal, Decimal], ...] = ()
    parts: tuple[CriterionRules, ...] = ()
    not_applicable: NotApplicable = NotApplicable.NOT_ALLOWED
    evidence_required: bool = False
    decision_required: bool = False
    exclusive_group: str = ""
    sanction: SanctionEffect | None = None
    sanction_grade: str = ""
    automatic: Automatic | None = None
    unit_label: str = ""
    relative: bool = False
    evidence_hint: str = ""
    checker: str = ""
    pledge_item: int | None = None
    printed_max: Decimal | None = None
    note: str = ""

    def __post_init__(self) -> None:
        check_criterion(self)

    @cached_property
    def leaves(self) -> tuple[CriterionRules, ...]:
        """The lines that people fill in: the parts, or the criterion itself.

        A part takes over what its criterion demands and the policy it does not state.
        """
        return tuple(_with_demands_of(self, part) for part in self.parts) or (self,)


def _with_demands_of(criterion: CriterionRules, part: CriterionRules) -> CriterionRules:
    stated = part.not_applicable is not NotApplicable.NOT_ALLOWED
    return replace(
        part,
        evidence_required=part.evidence_required or criterion.evidence_required,
        decision_required=part.decision_required or criterion.decision_required,
        not_applicable=part.not_applicable if stated else criterion.not_applicable,
    )


@dataclass(frozen=True, kw_only=True)
class SectionRules:
    """A section: `max_points` is the maximum of a BASE one, the cap of the others."""

    code: str
    kind: SectionKind
    title: str
    max_points: Decimal
    criteria: tuple[CriterionRules, ...] = ()

    def __post_init__(self) -> None:
        check_section(self)


@dataclass(frozen=True)
class SectionFloor:
    """A grade's condition on a section; None is a condition printed without a threshold."""

    section: str
    lowest_share: Decimal | None


@dataclass(frozen=True, kw_only=True)
class GradeBand:
    """A grade: from `lower_bound` points, if its conditions are met."""

    name: str
    lower_bound: Decimal
    min_criterion_share: Decimal | None = None
    section_floors: tuple[SectionFloor, ...] = ()
    max_share_of_units: Decimal | None = None
    share_base: ShareBase = ShareBase.RANKED
    overflow: str = ""


@dataclass(frozen=True)
class Place:
    """Where a line stands in its rubric."""

    section: SectionRules
    criterion: CriterionRules
    leaf: CriterionRules


@dataclass(frozen=True, kw_only=True)
class RubricRules:
    """A whole rubric. Bounds that are None do not exist."""

    title: str
    scale_max: Decimal
    sections: tuple[SectionRules, ...]
    plus_cap: Decimal | None = None
    minus_cap: Decimal | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    rounding: Decimal = CENT
    scale_back: bool = False
    rank_capped: bool = False
    rank_style: RankStyle = RankStyle.STANDARD
    grades: tuple[GradeBand, ...] = ()
    tie_breaks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_rubric(self)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every line that people fill in, by code, in the rubric's order."""
        return {place.leaf.code: place for place in self._walk()}

    def _walk(self) -> Iterator[Place]:
        for section in self.sections:
            for criterion in section.criteria:
                for leaf in criterion.leaves:
                    yield Place(section, criterion, leaf)

    def section(self, code: str) -> SectionRules | None:
        """Return the section of that code, or None."""
        return next((section for section in self.sections if section.code == code), None)

    def sections_of(self, kind: SectionKind) -> tuple[SectionRules, ...]:
        """Return the sections of one kind."""
        return tuple(section for section in self.sections if section.kind is kind)
