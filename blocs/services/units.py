"""Units of a board: created; what changes them later stands in ``structure/``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import Board, Unit, UnitName
from blocs.permissions import manages_board
from blocs.services.writing import lock_board, save_checked, tidy
from emulation.access import require
from emulation.models import User


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
    check_name_is_free(unit)
    save_checked(unit, actor)
    UnitName.objects.create(unit=unit, name=unit.name, starts_on=established_on)
    return unit


def check_name_is_free(unit: Unit, *, ending: Iterable[Unit] = ()) -> None:
    """Raise ValidationError where another running unit of the board has the name.

    The name of a unit in ``ending`` is free: it ends in the same deed. The constraint compares
    the folded column, which is filled only when saved.
    """
    unit.refold()
    others = Unit.objects.filter(board=unit.board, folded=unit.folded, ended_on__isnull=True)
    others = others.exclude(pk=unit.pk).exclude(pk__in=[each.pk for each in ending])
    if others.exists():
        raise ValidationError(
            {
                "name": f"Hội đồng này đã có đơn vị mang tên “{unit.name}” "
                "(không phân biệt hoa thường và dấu). Đề nghị tìm trong danh sách."
            }
        )
