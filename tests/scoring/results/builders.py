"""Worlds for the results: totals stand as given, without lines, so that ranks are chosen freely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from blocs.enums import MeetingKind, YearStatus
from blocs.models import BlocYear, Meeting, MeetingAttendance, Membership
from blocs.services.steps import YEAR_WORKFLOW, take_step
from emulation import clock
from emulation.models import User
from scoring.enums import PointStage, RubricStatus, SectionKind, SheetStatus
from scoring.models import (
    Award,
    AwardQuota,
    GradeBand,
    Rubric,
    ScoreSheet,
    Section,
    SheetTransition,
    StageTotal,
)
from scoring.selectors.ranking import live_ranking
from tests.factories import World, make_world

AWARDS = (
    ("GOV_FLAG", "Cờ thi đua của Chính phủ"),
    ("PROV_FLAG", "Cờ thi đua của UBND tỉnh"),
    ("PROV_MERIT", "Bằng khen của UBND tỉnh"),
)
THAI_BINH = ("section:A:desc", "minus:asc", "plus:desc", "share")


@dataclass(frozen=True)
class Points:
    """A unit's total and what it is made of."""

    base: str
    plus: str = "0.00"
    minus: str = "0.00"
    a: str = "40.00"

    @property
    def total(self) -> Decimal:
        return Decimal(self.base) + Decimal(self.plus) - Decimal(self.minus)


def make_rubric(world: World, tie_breaks: Sequence[str] = THAI_BINH, **values: Any) -> Rubric:
    """An issued table with grades and three sections."""
    rubric = Rubric.objects.create(
        bloc_year=world.bloc_year,
        status=RubricStatus.ISSUED,
        title="Bảng chấm điểm",
        tie_breaks=list(tie_breaks),
        issued_at=clock.now(),
        issued_by=world.head_leader,
        **values,
    )
    for name, bound in (("Xuất sắc", 90), ("Tốt", 80), ("Khá", 65), ("Chưa đạt", 0)):
        GradeBand.objects.create(rubric=rubric, name=name, lower_bound=Decimal(bound))
    kinds = (("A", SectionKind.BASE), ("B", SectionKind.BASE), ("E", SectionKind.PLUS))
    for position, (code, kind) in enumerate((*kinds, ("F", SectionKind.MINUS)), start=1):
        Section.objects.create(
            rubric=rubric,
            position=position,
            code=code,
            kind=kind,
            title=f"Phần {code}",
            max_points=Decimal(50),
        )
    return rubric


def make_sheet(
    rubric: Rubric, membership: Membership, actor: User, points: Points, **values: Any
) -> ScoreSheet:
    """An approved sheet with its totals (``status`` may say otherwise)."""
    status = values.pop("status", SheetStatus.APPROVED)
    stage = values.pop("stage", PointStage.FINAL)
    now = clock.now()
    sheet = ScoreSheet.objects.create(
        board_id=rubric.bloc_year.board_id,
        bloc_year=rubric.bloc_year,
        membership=membership,
        rubric=rubric,
        status=status,
        first_submitted_at=now,
        submitted_at=now,
        submitted_by=actor,
        approved_at=now if status == SheetStatus.APPROVED else None,
        approved_by=actor if status == SheetStatus.APPROVED else None,
        **values,
    )
    SheetTransition.objects.create(
        sheet=sheet, transition="create", to_status=status, actor=actor, acting_as="Kiểm thử"
    )
    base = Decimal(points.base)
    StageTotal.objects.create(
        sheet=sheet,
        stage=stage,
        total=points.total,
        base=base,
        plus=Decimal(points.plus),
        minus=Decimal(points.minus),
        sections={
            "A": points.a,
            "B": str(base - Decimal(points.a)),
            "E": points.plus,
            "F": points.minus,
        },
        facts={"section_shares": {}, "criterion_shares": {}, "sanctions": []},
    )
    return sheet


def make_quotas(
    world: World, counts: Sequence[tuple[int, int | None]] = ((1, 1), (1, 2), (2, 3))
) -> list[AwardQuota]:
    """A quota (count, worst rank) for each award of the board."""
    quotas = []
    for position, ((code, label), (count, worst)) in enumerate(
        zip(AWARDS, counts, strict=False), start=1
    ):
        award = Award.objects.create(board=world.board, code=code, label=label, position=position)
        quotas.append(
            AwardQuota.objects.create(
                bloc_year=world.bloc_year, award=award, max_count=count, worst_rank=worst
            )
        )
    return quotas


def make_meeting(world: World) -> Meeting:
    """The year-end meeting with everybody present."""
    meeting = Meeting.objects.create(
        bloc_year=world.bloc_year,
        kind=MeetingKind.YEAR_END,
        held_on=clock.today(),
        recorded_by=world.secretary,
    )
    for membership in world.memberships:
        MeetingAttendance.objects.create(meeting=meeting, membership=membership, is_present=True)
    return meeting


def tabled_world(
    points: Sequence[Points | None],
    *,
    status: str = YearStatus.MEETING,
    tie_breaks: Sequence[str] = THAI_BINH,
    quotas: bool = True,
) -> World:
    """A bloc-year at its meeting; a unit without points has no sheet."""
    world = make_world(len(points), status=status)
    rubric = make_rubric(world, tie_breaks)
    for membership, officer, each in zip(world.memberships, world.officers, points, strict=True):
        if each is not None:
            make_sheet(rubric, membership, officer, each)
    make_meeting(world)
    if quotas:
        make_quotas(world)
    return world


def thai_binh() -> World:
    """Totals that give 1, 2, 3, 3 and a fifth unit without a result."""
    world = tabled_world(
        [
            Points("96.25", "6.00", a="48.50"),
            Points("95.25", "5.00", "1.00", a="48.00"),
            Points("91.50", "6.00", a="46.00"),
            Points("91.50", "6.00", a="46.00"),
            None,
        ]
    )
    fifth = world.memberships[4]
    fifth.is_ranking, fifth.note = False, "Bản tin không nêu kết quả"
    fifth.save(update_fields=["is_ranking", "note"])
    return world


def adopt(world: World) -> BlocYear:
    """Let the head adopt the result."""
    return take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="adopt")


# ---------------------------------------------------------------- reading

TIED = [Points("95.00"), Points("90.00"), Points("90.00")]


def ranks(world: World) -> list[int | None]:
    live = live_ranking(world.bloc_year)
    by_key = {row.key: row.rank for row in live.ranking.rows}
    return [by_key.get(each.pk) for each in world.memberships]


def blockers(world: World, step: str) -> list[str]:
    offer = YEAR_WORKFLOW.offer(world.head_leader, world.bloc_year, step)
    return [" ".join([each.text, *each.names]) for each in offer.blockers]
