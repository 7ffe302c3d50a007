"""What a ranking is computed from, read in two queries however many units there are.

One reads members with their sheets' totals, standing decisions and signature; the other the issued
table with its grades and sections. Rows multiply by the joins and are folded here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    DateField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import BlocYear, BlocYearTransition, Deadline, Membership
from emulation import clock
from pledges.models import Pledge, PledgeSignature
from scoring.enums import PointStage, RubricStatus, SheetStatus
from scoring.models import GroundRule
from scoring.rules.enums import GroundEffect, RankStyle
from scoring.rules.grounds import Ground
from scoring.rules.ranking import RankingSettings
from scoring.rules.tenure import member_since, months_between
from scoring.selectors.rubrics import GRADE_COLUMNS, grade_rules

Row = Mapping[str, Any]

OPEN_SHEETS = frozenset({SheetStatus.NOT_STARTED, SheetStatus.DRAFTING})
STAGE_OF_SHEET = {
    SheetStatus.SUBMITTED: PointStage.SELF,
    SheetStatus.APPRAISING: PointStage.APPRAISED,
    SheetStatus.SECOND_ROUND: PointStage.APPRAISED,
    SheetStatus.EXPLANATION_REQUESTED: PointStage.APPRAISED,
    SheetStatus.APPRAISED: PointStage.APPRAISED,
    SheetStatus.APPROVED: PointStage.FINAL,
}


@dataclass(frozen=True, slots=True)
class Total:
    """One stage's stored totals of one sheet."""

    total: Decimal | None
    base: Decimal | None
    plus: Decimal | None
    minus: Decimal | None
    missing: int
    sections: Mapping[str, str]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """A decision in force on a member: not considered on a ground, or considered in spite of it."""

    pk: int
    ground: Ground
    effect: GroundEffect
    is_override: bool
    grade_ceiling: str
    reason: str
    who: str
    acting_as: str
    at: dt.datetime


@dataclass(slots=True)
class Member:
    """A member of the bloc-year with what ranking needs of it."""

    pk: int
    unit_id: int
    unit: str
    sorting: str
    is_ranking: bool
    is_example: bool
    note: str
    left_on: dt.date | None
    dissolved_on: dt.date | None
    self_score_due_on: dt.date
    since: dt.date | None
    scored_to: dt.date
    successor: str
    is_signed: bool
    is_head: bool
    sheet_id: int | None
    sheet_status: SheetStatus | None
    sheet_is_example: bool
    totals: dict[str, Total] = field(default_factory=dict)
    decisions: dict[int, StandingDecision] = field(default_factory=dict)

    @property
    def is_submitted(self) -> bool:
        """Whether the sheet is out of the unit's hands; a draft is nobody else's to see."""
        return self.sheet_status is not None and self.sheet_status not in OPEN_SHEETS

    @property
    def stage(self) -> PointStage | None:
        """The column that counts now: the latest one that has a total, else the latest.

        While lines are still being appraised the unit's own total stands in.
        """
        if self.sheet_status is None or not self.is_submitted:
            return None
        order = [PointStage.FINAL, PointStage.APPRAISED, PointStage.SELF]
        reached = order[order.index(STAGE_OF_SHEET[self.sheet_status]) :]
        known = [each for each in reached if each in self.totals]
        whole = [each for each in known if self.totals[each].total is not None]
        return next(iter(whole or known), None)

    @property
    def counted(self) -> Total | None:
        """The totals of the column that counts now."""
        return self.totals.get(self.stage) if self.stage else None

    @property
    def has_left(self) -> bool:
        """Whether the unit was no member any more on the day self-scores were due."""
        return self.left_on is not None and self.left_on < self.self_score_due_on

    @property
    def months(self) -> int | None:
        """Whole months in the bloc up to the end of the scored period; None: from of old."""
        return months_between(self.since, self.scored_to) if self.since else None


@dataclass(frozen=True, slots=True)
class TableSection:
    """A section of the issued table, for the parts of a total."""

    code: str
    kind: str
    title: str
    max_points: Decimal | None


@dataclass(frozen=True, slots=True)
class Table:
    """What of the issued rubric a ranking needs; ``rubric_id`` None where none is issued."""

    rubric_id: int | None
    settings: RankingSettings
    sections: tuple[TableSection, ...] = ()
    is_example: bool = False


# ---------------------------------------------------------------- members

_TOTALS = ("total", "base", "plus", "minus", "missing", "sections", "facts")
_DECISION = (
    *("pk", "ground", "effect", "is_override", "grade_ceiling", "reason"),
    *("actor__full_name", "acting_as", "decided_at"),
)


def members_of(bloc_year: BlocYear, head_unit: int | None = None) -> dict[int, Member]:
    """Return the members by id in Vietnamese order: one query.

    ``head_unit`` marks the head's own row, for the rule that the head may not break its own tie.
    """
    members: dict[int, Member] = {}
    last_day = dt.date(bloc_year.year, 12, 31)
    for row in _member_rows(bloc_year):
        member = members.setdefault(row["pk"], _member(row, head_unit, last_day))
        if row["sheet__totals__stage"]:
            member.totals.setdefault(row["sheet__totals__stage"], _total(row))
        if row["decision__pk"]:
            member.decisions.setdefault(row["decision__pk"], _decision(row))
    return members


def _member_rows(bloc_year: BlocYear) -> Any:
    signatures = PledgeSignature.objects.filter(
        membership_id=OuterRef("pk"), revoked_at__isnull=True
    )
    due_on = Deadline.objects.filter(bloc_year=bloc_year, kind=DeadlineKind.SELF_SCORE)
    return (
        Membership.objects.filter(bloc_year=bloc_year)
        .annotate(
            decision=FilteredRelation(
                "standing_decisions", condition=Q(standing_decisions__revoked_at__isnull=True)
            ),
            is_signed=Exists(signatures),
            due_on=Subquery(due_on.values("due_on")[:1], output_field=DateField()),
            successor=Subquery(_successors(bloc_year).values("unit_name")[:1]),
        )
        .order_by("sorting", "pk", F("decision__decided_at").asc(nulls_first=True), "decision__pk")
        .values(
            *("pk", "unit_id", "unit_name", "sorting", "is_ranking", "is_example", "note"),
            *("starts_on", "ends_on", "unit__established_on", "unit__ended_on"),
            *("scored_to", "due_on", "is_signed", "successor"),
            *("sheet__pk", "sheet__status", "sheet__is_example", "sheet__totals__stage"),
            *(f"sheet__totals__{name}" for name in _TOTALS),
            *(f"decision__{name}" for name in _DECISION),
        )
    )


def _successors(bloc_year: BlocYear) -> QuerySet[Membership]:
    """Return the members that rank here and came after the unit of the outer row, or after that."""
    before = OuterRef("unit_id")
    return Membership.objects.filter(
        Q(unit__origins__predecessor=before)
        | Q(unit__origins__predecessor__origins__predecessor=before),
        Q(unit__ended_on__isnull=True) | Q(unit__ended_on__gt=clock.today()),
        bloc_year=bloc_year,
        is_ranking=True,
    ).order_by("sorting", "pk")


def _member(row: Row, head_unit: int | None, last_day: dt.date) -> Member:
    return Member(
        pk=row["pk"],
        unit_id=row["unit_id"],
        unit=row["unit_name"],
        sorting=row["sorting"],
        is_ranking=row["is_ranking"],
        is_example=row["is_example"],
        note=row["note"],
        left_on=row["ends_on"],
        dissolved_on=row["unit__ended_on"],
        self_score_due_on=row["due_on"] or last_day,
        since=member_since(row["starts_on"], row["unit__established_on"]),
        scored_to=row["scored_to"] or last_day,
        successor=row["successor"] or "",
        is_signed=row["is_signed"],
        is_head=head_unit is not None and row["unit_id"] == head_unit,
        sheet_id=row["sheet__pk"],
        sheet_status=SheetStatus(row["sheet__status"]) if row["sheet__pk"] else None,
        sheet_is_example=bool(row["sheet__is_example"]),
    )


def _total(row: Row) -> Total:
    return Total(**{name: row[f"sheet__totals__{name}"] for name in _TOTALS})


def _decision(row: Row) -> StandingDecision:
    return StandingDecision(
        pk=row["decision__pk"],
        ground=Ground(row["decision__ground"]),
        effect=GroundEffect(row["decision__effect"]),
        is_override=row["decision__is_override"],
        grade_ceiling=row["decision__grade_ceiling"],
        reason=row["decision__reason"],
        who=row["decision__actor__full_name"],
        acting_as=row["decision__acting_as"],
        at=row["decision__decided_at"],
    )


# ---------------------------------------------------------------- the table and the rules

_RUBRIC = ("pk", "is_example", "scale_max", "rank_capped", "rank_style", "tie_breaks")
_SECTION = ("code", "kind", "title", "max_points")


RULED = (Ground.PLEDGE_NOT_SIGNED, Ground.UNIT_DISSOLVED, Ground.TOO_SHORT)
"""The grounds that hold by rule, without anybody's decision."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The issued table, and what each ground that holds by rule does in this bloc-year.

    ``decided_on`` is the day on which the result was adopted, today before that: what happens to a
    unit afterwards changes nothing of it. ``min_months`` None sets no minimum.
    """

    table: Table
    effects: Mapping[Ground, GroundEffect]
    decided_on: dt.date
    has_pledge: bool = False
    min_months: int | None = None


def rulebook_of(bloc_year: BlocYear) -> Rulebook:
    """Return the rules that rank this bloc-year: one query."""
    adopted = BlocYearTransition.objects.filter(bloc_year=OuterRef("pk"), transition="adopt")
    rows = list(
        BlocYear.objects.filter(pk=bloc_year.pk)
        .annotate(
            issued=FilteredRelation("rubrics", condition=Q(rubrics__status=RubricStatus.ISSUED)),
            adopted_at=Subquery(adopted.order_by("-at", "-pk").values("at")[:1]),
            **{f"effect_of_{each.value}": _effect(each) for each in RULED},
            has_pledge=Exists(Pledge.objects.filter(bloc_year=OuterRef("pk"))),
        )
        .order_by(
            F("issued__grades__lower_bound").desc(nulls_last=True), "issued__sections__position"
        )
        .values(
            *("status", "adopted_at", "has_pledge", "min_member_months"),
            *(f"effect_of_{each.value}" for each in RULED),
            *(f"issued__{name}" for name in _RUBRIC),
            *(f"issued__grades__{name}" for name in GRADE_COLUMNS),
            *(f"issued__sections__{name}" for name in _SECTION),
        )
    )
    first = rows[0]
    return Rulebook(
        _table(rows),
        effects={
            each: GroundEffect(first[f"effect_of_{each.value}"] or each.default_effect)
            for each in RULED
        },
        decided_on=_decided_on(first),
        has_pledge=first["has_pledge"],
        min_months=first["min_member_months"],
    )


def _effect(ground: Ground) -> Subquery:
    rules = GroundRule.objects.filter(bloc_year=OuterRef("pk"), ground=ground.value)
    return Subquery(rules.values("effect")[:1])


def _decided_on(row: Row) -> dt.date:
    is_adopted = YearStatus(row["status"]).reached(YearStatus.ADOPTED)
    if is_adopted and row["adopted_at"] is not None:
        return clock.local_date(row["adopted_at"])
    return clock.today()


def _table(rows: list[dict[str, Any]]) -> Table:
    first = rows[0]
    if first["issued__pk"] is None:
        return Table(None, RankingSettings(scale_max=Decimal(100)))
    grades = {row["issued__grades__name"]: row for row in rows if row["issued__grades__name"]}
    sections = {row["issued__sections__code"]: row for row in rows if row["issued__sections__code"]}
    return Table(
        first["issued__pk"],
        RankingSettings(
            scale_max=first["issued__scale_max"],
            rank_capped=first["issued__rank_capped"],
            rank_style=RankStyle(first["issued__rank_style"]),
            grades=tuple(
                grade_rules(_picked(row, "grades", GRADE_COLUMNS)) for row in grades.values()
            ),
            tie_breaks=tuple(first["issued__tie_breaks"]),
        ),
        tuple(TableSection(**_picked(row, "sections", _SECTION)) for row in sections.values()),
        is_example=first["issued__is_example"],
    )


def _picked(row: Row, relation: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: row[f"issued__{relation}__{name}"] for name in names}
