"""How far each bloc-year's sheets, proposals and appeals have come: counts, never points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from blocs.models import BlocYear
from scoring.enums import AppealStatus, NominationStatus, RubricStatus, SheetStatus
from scoring.models import AwardQuota, Rubric, ScoreSheet
from scoring.selectors.sheets import WITH_THE_UNIT


@dataclass(frozen=True, slots=True)
class SheetState:
    """One unit's sheet: when it first came in, how late by the record, where it is now."""

    first_at: dt.datetime | None
    days_late: int
    stage: SheetStatus

    @property
    def is_in(self) -> bool:
        """Whether the sheet is out of the unit's hands."""
        return self.stage not in WITH_THE_UNIT


@dataclass(slots=True)
class ScoringProgress:
    """One bloc-year: its sheets by membership id, and what waits for the head or the board."""

    sheets: dict[int, SheetState] = field(default_factory=dict)
    has_rubric: bool = False
    has_quota: bool = False
    proposals: int = 0
    undecided_by_head: int = 0
    undecided_by_council: int = 0
    open_appeals: int = 0


def scoring_progress(year_ids: Collection[int]) -> dict[int, ScoringProgress]:
    """Return the progress of every bloc-year by id: two queries, whatever their number."""
    found = {key: _marked(row) for key, row in _marks(year_ids).items()}
    rows = ScoreSheet.objects.filter(bloc_year__in=year_ids).order_by("pk")
    columns = ("bloc_year_id", "membership_id", "first_submitted_at", "days_late", "status")
    for year_id, member, first_at, days_late, status in rows.values_list(*columns):
        found[year_id].sheets[member] = SheetState(first_at, days_late, SheetStatus(status))
    return found


def _marks(year_ids: Collection[int]) -> dict[int, dict[str, int]]:
    standing = [each for each in NominationStatus if each is not NominationStatus.REVOKED]
    nominated = Q(nominations__award__isnull=False, nominations__status__in=standing)
    with_head = Q(nominations__status__in=[NominationStatus.PROPOSED, NominationStatus.RETURNED])
    unsettled = nominated & Q(nominations__decision__isnull=True)
    is_open = Q(appeals__status=AppealStatus.OPEN)
    issued = Rubric.objects.filter(bloc_year=OuterRef("pk"), status=RubricStatus.ISSUED)
    rows = BlocYear.objects.filter(pk__in=year_ids).order_by("pk")
    rows = rows.annotate(
        has_rubric=Exists(issued),
        has_quota=Exists(AwardQuota.objects.filter(bloc_year=OuterRef("pk"))),
        proposals=Count("nominations", filter=nominated, distinct=True),
        undecided_by_head=Count("nominations", filter=with_head, distinct=True),
        undecided_by_council=Count("nominations", filter=unsettled, distinct=True),
        open_appeals=Count("appeals", filter=is_open, distinct=True),
    )
    return {row["pk"]: row for row in rows.values("pk", *_MARKS)}


_MARKS = (
    "has_rubric",
    "has_quota",
    "proposals",
    "undecided_by_head",
    "undecided_by_council",
    "open_appeals",
)


def _marked(row: dict[str, int]) -> ScoringProgress:
    return ScoringProgress(
        has_rubric=bool(row["has_rubric"]),
        has_quota=bool(row["has_quota"]),
        proposals=row["proposals"],
        undecided_by_head=row["undecided_by_head"],
        undecided_by_council=row["undecided_by_council"],
        open_appeals=row["open_appeals"],
    )
