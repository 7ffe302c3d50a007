"""Deadlines that mean what they say: set for all, extended for one with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import YearStatus
from blocs.models import BlocYear, Deadline, DeadlineExtension, Membership
from blocs.permissions import can_extend, can_set_deadline
from blocs.selectors.deadlines import common_dates
from blocs.selectors.deadlines import due_on as present_due_on
from blocs.selectors.standing import standing_in
from blocs.services.writing import lock_year, save_checked, tidy
from blocs.slots import slots
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from emulation.vietnamese import format_date
from emulation.workflow import Acting

YEARS_AFTER = 2


@transaction.atomic
def set_deadline(
    *, actor: User, bloc_year: BlocYear, kind: str, due_on: dt.date, reason: str = ""
) -> Deadline:
    """Set or move a bloc's last day for ``kind`` and return the deadline; history keeps both.

    By the secretary or the board; one that has passed only by the board, since moving it waives
    lateness, and so moving one back to a day that has passed, since it makes the others late.
    Where the board has a common day, only the board sets another, with a ``reason``; the common
    day itself ends the exception. ValidationError for a day not near the year, without a reason.
    """
    bloc_year = lock_year(bloc_year)
    deadline = Deadline.objects.filter(bloc_year=bloc_year, kind=kind).first()
    common = common_dates(bloc_year.board_id, bloc_year.year).get(kind)
    differs = common not in (None, due_on)
    deadline = deadline or Deadline(bloc_year=bloc_year, kind=kind)
    before = deadline.due_on if deadline.pk else None
    wanted = (due_on, differs, tidy(reason) if differs else "")
    if (before, deadline.is_exception, deadline.exception_reason) == wanted:
        return deadline
    standing = standing_in(actor, bloc_year)
    earlier = min(before, due_on) if before and before != due_on else None
    require(can_set_deadline(standing, bloc_year, earlier, clock.today(), common=common))
    check_near_year(bloc_year.year, due_on, "due_on")
    if differs and not tidy(reason):
        raise ValidationError({"reason": "Đề nghị ghi lý do đặt riêng cho Khối này."})
    deadline.due_on, deadline.is_exception, deadline.exception_reason = wanted
    save_checked(deadline, actor)
    announce_days(actor, bloc_year, [deadline])
    return deadline


def announce_days(actor: User, bloc_year: BlocYear, deadlines: Sequence[Deadline]) -> None:
    """Have the bloc told of new days; while a year is being prepared there is nobody to tell."""
    if bloc_year.step is not YearStatus.DRAFT:
        announce("deadline.set", bloc_year, actor, deadlines=deadlines)


def check_near_year(year: int, due_on: dt.date, field: str) -> None:
    """Raise ValidationError at ``field`` for a day that cannot belong to the year: a slip."""
    if not year - 1 <= due_on.year <= year + YEARS_AFTER:
        raise ValidationError(
            {field: f"Hạn {format_date(due_on)} quá xa năm {year}. Đề nghị kiểm tra lại năm."}
        )


@transaction.atomic
def extend_deadline(
    *,
    actor: User,
    deadline: Deadline,
    membership: Membership,
    due_on: dt.date,
    reason: str,
) -> DeadlineExtension:
    """Give one unit more time and return the logged extension; no timestamp changes.

    By the board, or a leader of the unit that approves its sheet; never by its own people.
    Conflict where the unit has handed in what the deadline asks for. ValidationError without a
    reason or for a day that is not later than the present one. The same extension sent twice is
    recorded once.
    """
    bloc_year = lock_year(deadline.bloc_year)
    standing = standing_in(actor, bloc_year)
    require(can_extend(standing, bloc_year, membership.unit_id))
    deadline = Deadline.objects.get(pk=deadline.pk, bloc_year=bloc_year)
    if membership.bloc_year_id != bloc_year.pk:
        raise ValidationError({"membership": "Đơn vị không thuộc Khối năm này."})
    last = DeadlineExtension.objects.filter(deadline=deadline, membership=membership).first()
    if last and (last.due_on, last.reason, last.actor_id) == (due_on, reason.strip(), actor.pk):
        return last
    _check_extension(deadline, membership, due_on, reason)
    extension = DeadlineExtension(
        deadline=deadline,
        membership=membership,
        due_on=due_on,
        reason=reason.strip(),
        actor=actor,
        acting_as=_acting(standing).label,
        at=clock.now(),
    )
    save_checked(extension, actor)
    announce("extension.grant", extension, actor)
    return extension


def _check_extension(
    deadline: Deadline, membership: Membership, due_on: dt.date, reason: str
) -> None:
    if any(source(membership, deadline.kind) for source in slots.handed_in):
        raise Conflict(
            f"{membership.unit_name} đã nộp nên không gia hạn được nữa: "
            "lần nộp đầu tiên quyết định đúng hạn hay quá hạn."
        )
    present = present_due_on(deadline.bloc_year, deadline.kind, membership)
    if present and due_on <= present:
        raise ValidationError(
            {"due_on": f"Hạn mới phải sau hạn hiện nay của đơn vị ({format_date(present)})."}
        )
    if not reason.strip():
        raise ValidationError({"reason": "Đề nghị ghi lý do gia hạn."})


def _acting(standing: Standing) -> Acting:
    if standing.is_board:
        return standing.acting_board
    if standing.leads_head:
        return standing.acting_head
    unit_id = standing.stand_in
    return standing.acting_for(unit_id, "Đơn vị thay Trưởng khối")
