"""Cross-checks of a year dealt out by the tool: proposed, read, confirmed; then changed by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from blocs.enums import AppraisedBy
from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from emulation.plans import PlanMoved
from scoring.enums import SheetStatus
from scoring.models import CrossCheck, ScoreSheet
from scoring.permissions.cross_check import can_assign_cross_check, can_open_dealing
from scoring.rules.dealing import Check, Dealing, deal
from scoring.selectors.competing import competing_ids, why_out
from scoring.selectors.cross_checks import Pool, pool_of

FINISHED = (SheetStatus.APPRAISED, SheetStatus.APPROVED)
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Assigned:
    """A sheet of the year: who checks it, whom the tool proposes, or why it proposes nobody.

    ``may_change`` says that the person may name its checkers by hand.
    """

    sheet: ScoreSheet
    running: Sequence[CrossCheck]
    proposed: tuple[Check, ...] = ()
    lacking: int = 0
    left_out: str = ""
    may_change: bool = True


@dataclass(frozen=True, slots=True)
class DealPlan:
    """What dealing would do; ``dealing`` is None where nothing was asked for yet."""

    rows: tuple[Assigned, ...]
    pool: Pool
    units: Mapping[int, str]
    dealing: Dealing | None = None

    @property
    def checks(self) -> tuple[Check, ...]:
        """The new assignments."""
        return self.dealing.checks if self.dealing else ()

    @property
    def fingerprint(self) -> str:
        """A digest of what the person reads: who checks what now, and what would be added."""
        stands = sorted((check.sheet, check.checker) for check in self.pool.given)
        added = [(check.sheet, check.checker) for check in self.checks]
        whole = json.dumps([stands, added, [row.left_out for row in self.rows]])
        return hashlib.sha256(whole.encode()).hexdigest()

    def proposed_units(self, bloc_year: BlocYear, standing: Standing) -> list[int]:
        """Return who sends people unless told otherwise: where the head's officers appraise, the
        other units, if there are enough of them.
        """
        senders = self.pool.senders
        if bloc_year.appraised_by != AppraisedBy.SECRETARIAT:
            return senders
        others = [unit for unit in senders if unit != standing.head]
        return others if len(others) >= FEWEST else senders


@dataclass(frozen=True, slots=True)
class DealWish:
    """How it is to be dealt: units per sheet, the number, the units that send people."""

    per_sheet: int
    number: int
    units: Collection[int]


def plan_dealing(*, user: User, bloc_year: BlocYear, wish: DealWish | None = None) -> DealPlan:
    """Return the year's assignments, and with a wish what dealing would add; nothing is written.

    Sheets that the person may not assign (of the own unit above all), that are appraised already
    or whose units do not compete are left out, each with its reason. Six queries. Raises Refused.
    """
    standing = standing_in(user, bloc_year)
    require(can_open_dealing(standing))
    sheets = list(
        ScoreSheet.objects.filter(bloc_year=bloc_year)
        .select_related("membership__unit", "bloc_year")
        .order_by("membership__sorting", "pk")
    )
    left_out = _left_out(standing, bloc_year, sheets)
    pool = pool_of(bloc_year)
    dealing = _dealing(pool, sheets, left_out, wish) if wish else None
    rows = (
        replace(
            _assigned(sheet, pool, dealing, left_out.get(sheet.pk, "")),
            may_change=bool(can_assign_cross_check(standing, sheet)),
        )
        for sheet in sheets
    )
    in_year = {each.membership.unit_id: each.membership.unit_name for each in sheets}
    return DealPlan(tuple(rows), pool, {**pool.units, **in_year}, dealing)


def _left_out(
    standing: Standing, bloc_year: BlocYear, sheets: Sequence[ScoreSheet]
) -> dict[int, str]:
    """Return by sheet why nobody is proposed for it."""
    counted, reasons = competing_ids(bloc_year), {}
    for sheet in sheets:
        verdict = can_assign_cross_check(standing, sheet)
        if not verdict:
            reasons[sheet.pk] = verdict.reason
        elif sheet.pk not in counted:
            reasons[sheet.pk] = f"Đơn vị {why_out(sheet.membership)}."
        elif sheet.stage in FINISHED:
            reasons[sheet.pk] = "Bảng chấm điểm đã thẩm định xong."
    return reasons


def _dealing(
    pool: Pool, sheets: Sequence[ScoreSheet], left_out: Mapping[int, str], wish: DealWish
) -> Dealing:
    return deal(
        [each.membership.unit_id for each in sheets if each.pk not in left_out],
        [each for each in pool.checkers if each.unit in wish.units],
        per_sheet=wish.per_sheet,
        number=wish.number,
        given=pool.given,
        barred=pool.barred,
    )


def _assigned(sheet: ScoreSheet, pool: Pool, dealing: Dealing | None, left_out: str) -> Assigned:
    unit_id = sheet.membership.unit_id
    return Assigned(
        sheet,
        pool.running.get(sheet.pk, ()),
        proposed=tuple(each for each in dealing.checks if each.sheet == unit_id) if dealing else (),
        lacking=dealing.short.get(unit_id, 0) if dealing else 0,
        left_out=left_out,
    )


def deal_cross_checks(*, actor: User, bloc_year: BlocYear, wish: DealWish, seen: str) -> DealPlan:
    """Assign cross-checkers as dealt, and return what was done.

    Effects, in order: locks the year's sheets; deals anew; PlanMoved where that is not what the
    person read (``seen``); the assignments, each with the number it was dealt from; every checker
    is told. Raises Conflict where there is nothing to assign, Refused.
    """
    with transaction.atomic():
        locked = ScoreSheet.objects.select_for_update(of=("self",)).filter(bloc_year=bloc_year)
        list(locked.order_by("pk").values_list("pk", flat=True))
        plan = plan_dealing(user=actor, bloc_year=bloc_year, wish=wish)
        if plan.fingerprint != seen:
            raise PlanMoved
        if not plan.checks:
            raise Conflict("Không có phân công nào để ghi: các bảng đã đủ người kiểm tra.")
        dealt = CrossCheck.objects.bulk_create(
            CrossCheck(
                sheet=row.sheet,
                checker_id=check.checker,
                assigned_by=actor,
                assigned_at=clock.now(),
                deal_number=wish.number,
            )
            for row in plan.rows
            for check in row.proposed
        )
        for each in dealt:
            announce("check.assign", each, actor)
    return plan
