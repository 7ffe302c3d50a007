"""The conditions of an award, and whether a unit meets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.rules.numbers import InputError, short, show
from scoring.rules.plain import PlainForm
from scoring.rules.ranking import RankRow

NO_SANCTION = "no_sanction"
_NEEDS = {
    "pledge_signed": "chưa ký giao ước thi đua",
    NO_SANCTION: "có điểm trừ thuộc diện khống chế xếp loại",
}


@dataclass(frozen=True, kw_only=True)
class AwardQuota(PlainForm):
    """How many units may be proposed for an award, and under which conditions."""

    award: str
    label: str
    max_count: int | None = None
    max_share: Decimal | None = None
    worst_rank: int | None = None
    lowest_grade: str = ""
    lowest_total: Decimal | None = None
    needs: tuple[str, ...] = ()
    extra_condition: str = ""

    def __post_init__(self) -> None:
        if self.max_count is not None and self.max_count < 0:
            raise InputError("Số suất không được âm.")
        if self.max_share is not None and not 0 <= self.max_share <= 1:
            raise InputError("Tỷ lệ suất phải từ 0 đến 100%.")


@dataclass(frozen=True)
class AwardFacts(PlainForm):
    """What is known of a unit: named conditions, and extra ones confirmed by award.

    An award missing from `confirmed` has not been confirmed or denied yet.
    """

    conditions: Mapping[str, bool] = field(default_factory=dict)
    confirmed: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Fitness:
    """Why a unit may not have an award, and what must be settled before it may."""

    failures: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


def fitness(
    row: RankRow, quota: AwardQuota, facts: AwardFacts, grade_order: Sequence[str]
) -> Fitness:
    """Judge a ranked unit by the conditions of an award, its rank aside."""
    return Fitness(
        tuple(_failures(row, quota, facts, grade_order)), tuple(_pending(row, quota, facts))
    )


def _failures(
    row: RankRow, quota: AwardQuota, facts: AwardFacts, grade_order: Sequence[str]
) -> Iterator[str]:
    yield from (f"không xét khen thưởng: {reason}" for reason in row.no_award)
    if _is_graded_below(row.grade, quota.lowest_grade, grade_order):
        yield f"xếp loại {row.grade}, cần từ {quota.lowest_grade}"
    if quota.lowest_total is not None and row.total is not None and row.total < quota.lowest_total:
        yield f"{show(row.total)} điểm, cần từ {short(quota.lowest_total)} điểm"
    for need in quota.needs:
        met = not row.sanctioned if need == NO_SANCTION else facts.conditions.get(need, False)
        if not met:
            yield _NEEDS.get(need, f"chưa đạt điều kiện “{need}”")
    if quota.extra_condition and facts.confirmed.get(quota.award) is False:
        yield f"không đạt điều kiện “{quota.extra_condition}”"


def _pending(row: RankRow, quota: AwardQuota, facts: AwardFacts) -> Iterator[str]:
    yield from (f"chờ quyết định: {reason}" for reason in row.needs_decision)
    if row.grade_pending and quota.lowest_grade:
        yield row.grade_pending
    if quota.extra_condition and quota.award not in facts.confirmed:
        yield f"chờ xác nhận điều kiện “{quota.extra_condition}”"


def _is_graded_below(grade: str, lowest: str, grade_order: Sequence[str]) -> bool:
    if lowest not in grade_order:
        return False
    return grade not in grade_order or grade_order.index(grade) > grade_order.index(lowest)
