"""Boards and their units: founding, renaming with dates, dissolving."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import YearStatus
from blocs.models import Board, Membership, Unit, UnitName
from blocs.permissions import manages_board
from blocs.services.writing import lock_board, save_checked, tidy
from emulation import clock
from emulation.access import allow_if, require
from emulation.models import User
from emulation.vietnamese import format_date


@transaction.atomic
def create_board(
    *,
    actor: User | None,
    name: str,
    council_name: str,
    office_name: str,
    phone: str = "",
    is_example: bool = False,
) -> Board:
    """Create a province's board and return it.

    By an administrator, or by nobody (``None``) where an installation begins. ValidationError
    where the name is taken.
    """
    require(
        allow_if(
            actor is None or actor.is_superuser, "Việc này do quản trị của hệ thống thực hiện."
        )
    )
    board = Board(
        name=tidy(name),
        council_name=tidy(council_name),
        office_name=tidy(office_name),
        phone=phone.strip(),
        is_example=is_example,
    )
    save_checked(board, actor)
    return board


@transaction.atomic
def create_unit(
    *,
    actor: User,
    board: Board,
    name: str,
    kind: str,
    issuing_style: str,
    established_on: dt.date | None = None,
) -> Unit:
    """Create a unit of the board with its first name, and return it.

    Refused unless an officer of the board; ValidationError where a unit of that name stands.
    """
    board = lock_board(board.pk)
    require(manages_board(actor, board.pk))
    unit = Unit(
        board=board,
        name=tidy(name),
        kind=kind,
        issuing_style=issuing_style,
        established_on=established_on,
    )
    _check_name_is_free(unit)
    save_checked(unit, actor)
    UnitName.objects.create(unit=unit, name=unit.name, starts_on=established_on)
    return unit


@transaction.atomic
def rename_unit(*, actor: User, unit: Unit, name: str, from_day: dt.date) -> Unit:
    """Give the unit another name from ``from_day`` on and return it.

    Effects, in order: the present name ends the day before; the new one begins; the unit carries
    it; so do its memberships of years still in preparation. Years under way keep the name they
    began with, as their papers do. ValidationError for a future day, one before the present
    name's first, or a name taken.
    """
    lock_board(unit.board_id)
    require(manages_board(actor, unit.board_id))
    unit = Unit.objects.get(pk=unit.pk)
    unit.name, before = tidy(name), unit.name
    _check_rename(unit, before, from_day)
    _check_name_is_free(unit)
    _change_name(unit, from_day)
    save_checked(unit, actor)
    preparing = Membership.objects.filter(
        unit=unit, year__gte=from_day.year, bloc_year__status=YearStatus.DRAFT
    )
    for membership in preparing.order_by("pk"):
        membership.unit_name = unit.name
        save_checked(membership, actor)
    return unit


def _check_rename(unit: Unit, before: str, from_day: dt.date) -> None:
    if unit.name == before:
        raise ValidationError({"name": "Tên mới trùng với tên hiện nay."})
    if from_day > clock.today():
        raise ValidationError({"from_day": "Ngày đổi tên không được sau ngày hôm nay."})
    current = UnitName.objects.filter(unit=unit, ends_on__isnull=True).first()
    if current and current.starts_on and from_day <= current.starts_on:
        raise ValidationError(
            {
                "from_day": "Ngày đổi tên phải sau ngày bắt đầu dùng tên hiện nay "
                f"({format_date(current.starts_on)})."
            }
        )


def _change_name(unit: Unit, from_day: dt.date) -> None:
    current = UnitName.objects.filter(unit=unit, ends_on__isnull=True).first()
    if current:
        current.ends_on = from_day - dt.timedelta(days=1)
        current.save(update_fields=["ends_on"])
    UnitName.objects.create(unit=unit, name=unit.name, starts_on=from_day)


def _check_name_is_free(unit: Unit) -> None:
    """The constraint compares the folded column, which is filled only when saved."""
    unit.refold()
    others = Unit.objects.filter(board=unit.board, folded=unit.folded, ended_on__isnull=True)
    if others.exclude(pk=unit.pk).exists():
        raise ValidationError(
            {
                "name": f"Hội đồng này đã có đơn vị mang tên “{unit.name}” "
                "(không phân biệt hoa thường và dấu). Đề nghị tìm trong danh sách."
            }
        )


@transaction.atomic
def dissolve_unit(*, actor: User, unit: Unit, ended_on: dt.date) -> Unit:
    """Record that the unit was dissolved or merged from ``ended_on`` on, and return it.

    Its people keep their posts until these are ended; where it was head, the first deputy acts.
    ValidationError for a future day or one before it was established.
    """
    lock_board(unit.board_id)
    require(manages_board(actor, unit.board_id))
    unit = Unit.objects.get(pk=unit.pk)
    if ended_on > clock.today():
        raise ValidationError({"ended_on": "Ngày giải thể không được sau ngày hôm nay."})
    if unit.established_on and ended_on < unit.established_on:
        raise ValidationError({"ended_on": "Ngày giải thể phải sau ngày thành lập."})
    unit.ended_on = ended_on
    save_checked(unit, actor)
    return unit
