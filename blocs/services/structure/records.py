"""What every change of structure has: its ground, its day, and its row in the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from blocs.enums import YearStatus
from blocs.models import (
    Bloc,
    BlocYear,
    Board,
    Membership,
    StructureChange,
    Succession,
    Unit,
    UnitName,
)
from blocs.permissions import can_change_structure
from blocs.selectors.structure import board_capacity
from blocs.services.writing import lock_board, save_checked, tidy
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.plans import Plan
from emulation.vietnamese import format_date, nfc

TITLE_LENGTH = NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Ground:
    """What a change rests on: its first day, the reason, and the paper as the clerk typed it."""

    effective_on: dt.date
    reason: str
    basis: str = ""

    @property
    def last_day(self) -> dt.date:
        """The last day of what was before."""
        return self.effective_on - dt.timedelta(days=1)

    @property
    def since(self) -> str:
        """In words: "từ ngày 01/07/2026"."""
        return f"từ ngày {format_date(self.effective_on)}"

    def note(self, what: str) -> str:
        """Return what the rows concerned keep as their ground, cut to their length."""
        words = f"{what} {self.since}. {self.basis or self.reason}"
        return shortened(tidy(words), NOTE_LENGTH)


def shortened(text: str, length: int) -> str:
    """Return the text, its end replaced by … where it is too long."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


# ---------------------------------------------------------------- who, when


def begin_change(actor: User, board_id: int, unit_ids: Iterable[int] = ()) -> Board:
    """Lock the board and its open years in order, and return it; Refused for whom it is not.

    Whoever has a post in a unit concerned does not decide on it.
    """
    board = lock_board(board_id)
    years = BlocYear.objects.select_for_update(of=("self",)).filter(board_id=board_id)
    list(years.exclude(status="closed").order_by("pk").values_list("pk", flat=True))
    require(can_change_structure(actor, board_id, unit_ids))
    return board


def check_day(ground: Ground, units: Iterable[Unit] = (), *, field: str = "effective_on") -> None:
    """Raise ValidationError for a future day, or one not after a unit's first under its name."""
    if ground.effective_on > clock.today():
        raise ValidationError({field: "Ngày có hiệu lực không được sau ngày hôm nay."})
    known = list(units)
    named = UnitName.objects.filter(unit__in=known, ends_on__isnull=True, starts_on__isnull=False)
    since = {row.unit_id: row.starts_on for row in named.order_by("pk") if row.starts_on}
    for unit in known:
        if unit.established_on and ground.effective_on <= unit.established_on:
            first = f"ngày thành lập của {unit.name} ({format_date(unit.established_on)})"
        elif unit.pk in since and ground.effective_on <= since[unit.pk]:
            first = f"ngày {unit.name} bắt đầu mang tên này ({format_date(since[unit.pk])})"
        else:
            continue
        raise ValidationError({field: f"Ngày có hiệu lực phải sau {first}."})
    _check_history(ground, known, field)


def _check_history(ground: Ground, units: Iterable[Unit], field: str) -> None:
    """A year that is closed stands: nothing was otherwise before it."""
    closed = Membership.objects.filter(unit__in=list(units), bloc_year__status=YearStatus.CLOSED)
    last = closed.select_related("bloc_year").order_by("-year", "pk").first()
    if last is not None and ground.effective_on.year < last.year:
        raise ValidationError(
            {
                field: f"{last.unit_name} là thành viên của {last.bloc_year} đã kết thúc nên ngày "
                f"có hiệu lực không được trước năm {last.year}."
            }
        )


def gone(units: Iterable[Unit]) -> tuple[str, ...]:
    """Return the obstacle for each unit that has ended already."""
    return tuple(
        f"“{unit.name}” đã kết thúc hoạt động từ ngày {format_date(unit.ended_on)}."
        for unit in units
        if unit.ended_on
    )


def require_running(units: Iterable[Unit]) -> None:
    """Raise Conflict, naming them, where units have ended already."""
    if ended := gone(units):
        raise Conflict("Đơn vị không còn hoạt động nên không thay đổi tổ chức được nữa.", ended)


# ---------------------------------------------------------------- writing


def end_unit(unit: Unit, ground: Ground, actor: User) -> None:
    """End the unit from the effective day on, and its name with the day before."""
    unit.ended_on = ground.effective_on
    save_checked(unit, actor)
    name = UnitName.objects.filter(unit=unit, ends_on__isnull=True).first()
    if name:
        name.ends_on = ground.last_day
        name.save(update_fields=["ends_on"])


def record_change(
    *,
    actor: User,
    board_id: int,
    kind: str,
    plan: Plan,
    ground: Ground,
    unit: Unit | None = None,
    bloc: Bloc | None = None,
    acting_as: str = "",
) -> StructureChange:
    """Write the change as it was confirmed and return it; ValidationError without a reason."""
    if not ground.reason.strip():
        raise ValidationError({"reason": "Đề nghị ghi lý do."})
    change = StructureChange(
        board_id=board_id,
        kind=kind,
        unit=unit,
        bloc=bloc,
        title=shortened(plan.title, TITLE_LENGTH),
        effective_on=ground.effective_on,
        basis=tidy(ground.basis),
        reason=nfc(ground.reason.strip()),
        effects=plan.sentences,
        actor=actor,
        acting_as=acting_as or board_capacity(actor, board_id),
        at=clock.now(),
    )
    save_checked(change, actor)
    return change


def record_successions(
    change: StructureChange,
    predecessors: Iterable[Unit],
    successors: Iterable[Unit],
    actor: User,
) -> None:
    """Write who came after whom: each successor after each predecessor."""
    after = list(successors)
    for predecessor in predecessors:
        for successor in after:
            row = Succession(change=change, predecessor=predecessor, successor=successor)
            save_checked(row, actor)
