"""A member leaves its bloc, or changes to another in the middle of the year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import ChangeKind
from blocs.models import BlocYear, Membership
from blocs.permissions import can_end_membership
from blocs.selectors.standing import standing_in
from blocs.selectors.structure import ranking_days, running_terms
from blocs.services.structure.heads import HEADS, HeadChanges, terms_in
from blocs.services.structure.memberships import (
    Ending,
    Joining,
    MemberChanges,
    ranked_on,
)
from blocs.services.structure.records import (
    Ground,
    begin_change,
    check_day,
    gone,
    record_change,
)
from blocs.services.writing import lock_board, lock_year
from blocs.standing import Standing
from emulation import clock
from emulation.access import require
from emulation.models import User
from emulation.plans import Effect, Plan, require_plan
from emulation.vietnamese import format_date


@dataclass
class Departure:
    """All that follows when a member leaves one list, with or without joining another."""

    title: str
    members: MemberChanges
    heads: HeadChanges
    later: tuple[Effect, ...] = ()
    obstacles: tuple[str, ...] = ()

    def plan(self) -> Plan:
        """Return the plan a person reads."""
        found = [*self.members.effects(), *self.heads.effects(), *self.later]
        found += self.members.consequences()
        return Plan(self.title, tuple(found), (*self.obstacles, *self.members.obstacles))


def _later_terms(row: Membership) -> tuple[Effect, ...]:
    """Return the roles of later years in the bloc, which the board is asked to look at."""
    bloc_year = row.bloc_year
    terms = [
        term
        for term in running_terms([row.unit])
        if term.bloc_id == bloc_year.bloc_id and term.year > bloc_year.year
    ]
    return tuple(
        Effect(
            HEADS,
            f"{row.unit_name} vẫn được ghi là {term.get_kind_display()} năm {term.year} của khối "
            "này: đề nghị xem lại.",
            asks=True,
        )
        for term in terms
    )


# ---------------------------------------------------------------- from one bloc to another


def plan_move(membership: Membership, to: BlocYear, ground: Ground) -> Plan:
    """Return what moving the member would do; ValidationError for a choice that cannot be."""
    return _move(membership, to, ground).plan()


@transaction.atomic
def move_member(
    *,
    actor: User,
    membership: Membership,
    to: BlocYear,
    ground: Ground,
    seen: str | None = None,
) -> Membership:
    """Move a member to another bloc of the board in the same year and return the new membership.

    Effects, in order: its terms in the old bloc's year end; the old membership ends the day
    before; the new one begins, and is given what the year has given the others; the change is
    recorded. It ranks where it is a member on the self-score deadline, never twice. Refused
    unless an officer of the board without a post in the unit; Conflict where a table has been
    tabled, the unit stood on the other list already, or what was ``seen`` has moved.
    """
    board_id = membership.bloc_year.board_id
    begin_change(actor, board_id, [membership.unit_id])
    membership = Membership.objects.select_related("bloc_year", "unit").get(pk=membership.pk)
    to = BlocYear.objects.select_related("bloc").get(pk=to.pk)
    departure = _move(membership, to, ground)
    plan = departure.plan()
    require_plan(plan, seen)
    note = ground.note(plan.title)
    departure.heads.end(note, actor)
    departure.members.end(note, actor)
    (joined,) = departure.members.join({membership.unit_id: membership.unit}, note, actor)
    record_change(
        actor=actor,
        board_id=board_id,
        kind=ChangeKind.MEMBER_MOVED,
        plan=plan,
        ground=ground,
        unit=membership.unit,
        bloc=to.bloc,
    )
    return joined


def _move(row: Membership, to: BlocYear, ground: Ground) -> Departure:
    before = row.bloc_year
    if to.board_id != before.board_id or to.year != before.year or to.pk == before.pk:
        raise ValidationError({"to": "Đề nghị chọn một khối khác của Hội đồng trong cùng năm."})
    check_day(ground)
    if row.starts_on and ground.effective_on <= row.starts_on:
        raise ValidationError({"effective_on": "Ngày chuyển phải sau ngày đơn vị vào khối cũ."})
    days = ranking_days([before.pk, to.pk])
    ending = Ending(row, ground.last_day, ranked_on(before, days))
    ranks = row.is_ranking and not ending.ranks and not _ranks_elsewhere(row, to)
    joining = Joining(to, row.unit, ground.effective_on, ranked_on(to, days), ranks)
    return Departure(
        f"Chuyển {row.unit_name} từ {before} sang {to.name}",
        MemberChanges([ending], [joining]),
        terms_in(before, row.unit, ground.effective_on),
        _later_terms(row),
        (*gone([row.unit]), *_why_not_leave(row), *_why_not_join(row, to)),
    )


def _ranks_elsewhere(row: Membership, to: BlocYear) -> bool:
    others = Membership.objects.filter(unit=row.unit_id, year=row.year, is_ranking=True)
    return others.exclude(pk=row.pk).exclude(bloc_year=to).exists()


def _why_not_leave(row: Membership) -> tuple[str, ...]:
    found = []
    if row.bloc_year.step.reached(type(row.bloc_year.step).MEETING):
        found.append(
            f"{row.bloc_year} đã trình bảng tổng hợp ra hội nghị nên không thay đổi thành viên "
            "được nữa."
        )
    if row.ends_on is not None:
        found.append(f"{row.unit_name} đã rời khối này từ sau ngày {format_date(row.ends_on)}.")
    return tuple(found)


def _why_not_join(row: Membership, to: BlocYear) -> tuple[str, ...]:
    found = []
    if to.step.reached(type(to.step).MEETING):
        found.append(f"{to} đã trình bảng tổng hợp ra hội nghị nên không nhận thêm thành viên.")
    if Membership.objects.filter(bloc_year=to, unit=row.unit_id).exists():
        found.append(f"{row.unit_name} đã có trong danh sách {to}.")
    return tuple(found)


# ---------------------------------------------------------------- out of a bloc


def plan_leaving(membership: Membership, ends_on: dt.date, standing: Standing) -> Plan:
    """Return what the leaving would do; ValidationError for a day before the member's first."""
    return _leaving(membership, ends_on, standing).plan()


@transaction.atomic
def end_membership(
    *,
    actor: User,
    membership: Membership,
    ends_on: dt.date,
    reason: str,
    basis: str = "",
    seen: str | None = None,
) -> Membership:
    """Record that a unit left the bloc, with its last day and the ground, and return it.

    A unit that left before the self-score deadline (31 December where none is set) is not ranked
    here, so that its new bloc may rank it. Its data stay. Its terms of the year end where the
    board records it; for the secretary they are in the way. Refused for its own people and once
    the table has been tabled; Conflict where it left already on that day, or what was ``seen``
    has moved.
    """
    lock_board(membership.bloc_year.board_id)
    bloc_year = lock_year(membership.bloc_year)
    standing = standing_in(actor, bloc_year)
    require(can_end_membership(standing, bloc_year, membership.unit_id))
    row = Membership.objects.select_related("bloc_year", "unit").get(pk=membership.pk)
    departure = _leaving(row, ends_on, standing)
    plan = departure.plan()
    require_plan(plan, seen)
    ground = Ground(ends_on + dt.timedelta(days=1), reason, basis)
    note = ground.note(plan.title)
    departure.heads.end(note, actor)
    departure.members.end(note, actor)
    record_change(
        actor=actor,
        board_id=bloc_year.board_id,
        kind=ChangeKind.MEMBER_LEFT,
        plan=plan,
        ground=ground,
        unit=row.unit,
        bloc=bloc_year.bloc,
        acting_as=_acting(standing),
    )
    return row


def _acting(standing: Standing) -> str:
    return (standing.acting_board if standing.is_board else standing.acting_head).label


def _leaving(row: Membership, ends_on: dt.date, standing: Standing) -> Departure:
    if row.starts_on and ends_on < row.starts_on:
        raise ValidationError({"ends_on": "Ngày rời khối phải sau ngày vào khối."})
    days = ranking_days([row.bloc_year_id])
    ending = Ending(row, ends_on, ranked_on(row.bloc_year, days))
    heads = terms_in(row.bloc_year, row.unit, ends_on + dt.timedelta(days=1))
    return Departure(
        f"{row.unit_name} rời {row.bloc_year}",
        MemberChanges([ending]),
        heads,
        _later_terms(row),
        (*_left_already(row, ends_on), *_held(row, heads, ends_on, standing)),
    )


def _left_already(row: Membership, ends_on: dt.date) -> tuple[str, ...]:
    if row.ends_on != ends_on:
        return ()
    return (f"{row.unit_name} đã được ghi rời khối, ngày cuối là {format_date(ends_on)}.",)


def _held(
    row: Membership, heads: HeadChanges, ends_on: dt.date, standing: Standing
) -> tuple[str, ...]:
    """Return the roles that are in the way: the secretary ends none, nobody in advance."""
    in_advance = ends_on >= clock.today()
    if standing.is_board and not in_advance:
        return ()
    asked = (
        "chỉ ghi rời khối khi ngày cuối đã qua"
        if standing.is_board
        else "đề nghị Ban Thi đua - Khen thưởng ghi thôi giữ vai trò này trước"
    )
    return tuple(
        f"“{row.unit_name}” đang là {term.get_kind_display()}: {asked}." for term in heads.ended
    )
