"""Everything a ranking follows from, in memory and as a stored snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring.rules.document_writing import write_grades
from scoring.rules.documents import read_grades
from scoring.rules.enums import GroundEffect, RankStyle, SanctionEffect
from scoring.rules.grounds import Ground, GroundFact
from scoring.rules.numbers import InputError
from scoring.rules.plain import to_plain
from scoring.rules.sheet import TriggeredSanction
from scoring.rules.standings import (
    BallotResult,
    GradeDecision,
    HeadDecision,
    UnitStanding,
)
from scoring.rules.structure import GradeBand, RubricRules

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RankingSettings:
    """What of a rubric the ranking needs."""

    scale_max: Decimal
    rank_capped: bool = False
    rank_style: RankStyle = RankStyle.STANDARD
    grades: tuple[GradeBand, ...] = ()
    tie_breaks: tuple[str, ...] = ()

    @classmethod
    def from_rubric(cls, rubric: RubricRules) -> RankingSettings:
        """Return the settings that a rubric states."""
        return cls(
            scale_max=rubric.scale_max,
            rank_capped=rubric.rank_capped,
            rank_style=rubric.rank_style,
            grades=rubric.grades,
            tie_breaks=rubric.tie_breaks,
        )


@dataclass(frozen=True, kw_only=True)
class RankingInputs:
    """Everything a ranking follows from; stored, it can be recomputed to the same ranks."""

    settings: RankingSettings
    units: tuple[UnitStanding, ...]
    ballots: tuple[BallotResult, ...] = ()
    head_decisions: tuple[HeadDecision, ...] = ()
    grade_decisions: tuple[GradeDecision, ...] = ()

    def __post_init__(self) -> None:
        _refuse_twice([unit.key for unit in self.units], "Một đơn vị có hai bảng chấm điểm.")
        ballots = [(ballot.candidates, ballot.round) for ballot in self.ballots]
        _refuse_twice(ballots, "Hai kết quả bỏ phiếu của cùng một vòng.")
        orders = [frozenset(decision.order) for decision in self.head_decisions]
        _refuse_twice(orders, "Hai quyết định của Trưởng khối về cùng các đơn vị.")
        grades = [(decision.key, decision.grade) for decision in self.grade_decisions]
        _refuse_twice(grades, "Hai quyết định xếp loại của cùng một đơn vị.")

    def to_json(self) -> dict[str, Any]:
        """Return the stored form of the inputs."""
        stored: dict[str, Any] = to_plain(self)
        del stored["settings"]["grades"]
        stored["settings"] |= write_grades(self.settings.grades)
        return stored

    @classmethod
    def from_json(cls, doc: Document) -> RankingInputs:
        """Return the inputs of a stored form; raise `InputError` if it is not one."""
        try:
            return _inputs(doc)
        except InputError:
            raise
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
            raise InputError("Không đọc được dữ liệu xếp hạng đã lưu.") from error


def _refuse_twice(values: Sequence[object], message: str) -> None:
    if len(set(values)) != len(values):
        raise InputError(message)


def _inputs(doc: Document) -> RankingInputs:
    return RankingInputs(
        settings=_settings(doc["settings"]),
        units=tuple(_unit(unit) for unit in doc["units"]),
        ballots=tuple(_ballot(ballot) for ballot in doc["ballots"]),
        head_decisions=tuple(
            HeadDecision(tuple(decision["order"]), decision["reason"])
            for decision in doc["head_decisions"]
        ),
        grade_decisions=tuple(GradeDecision(**each) for each in doc["grade_decisions"]),
    )


def _settings(doc: Document) -> RankingSettings:
    return RankingSettings(
        scale_max=Decimal(doc["scale_max"]),
        rank_capped=doc["rank_capped"],
        rank_style=RankStyle(doc["rank_style"]),
        grades=read_grades(doc),
        tie_breaks=tuple(doc["tie_breaks"]),
    )


def _unit(doc: Document) -> UnitStanding:
    return UnitStanding(
        key=doc["key"],
        total=_points(doc["total"]),
        base=_points(doc["base"]),
        plus=_points(doc["plus"]),
        minus=_points(doc["minus"]),
        section_points={code: Decimal(value) for code, value in doc["section_points"].items()},
        section_shares={code: Fraction(value) for code, value in doc["section_shares"].items()},
        criterion_shares={code: Fraction(value) for code, value in doc["criterion_shares"].items()},
        missing=doc["missing"],
        is_head=doc["is_head"],
        sanctions=tuple(_sanction(sanction) for sanction in doc["sanctions"]),
        grounds=tuple(_ground(ground) for ground in doc["grounds"]),
    )


def _points(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _sanction(doc: Document) -> TriggeredSanction:
    effect = SanctionEffect(doc["effect"])
    return TriggeredSanction(doc["code"], doc["title"], effect, doc["grade"])


def _ground(doc: Document) -> GroundFact:
    return GroundFact(
        ground=Ground(doc["ground"]),
        reason=doc["reason"],
        effect=GroundEffect(doc["effect"]) if doc["effect"] else None,
        grade=doc["grade"],
        override_reason=doc["override_reason"],
    )


def _ballot(doc: Document) -> BallotResult:
    votes = tuple((key, count) for key, count in doc["votes"])
    return BallotResult(votes=votes, round=doc["round"])
