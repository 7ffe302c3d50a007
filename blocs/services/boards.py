"""A province's board: founded with its first officer, its data kept, its names dated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import PostRole
from blocs.models import Board, BoardName
from blocs.permissions import can_edit_board, can_rename_province, is_administrator
from blocs.services.people import NewPerson, add_person
from blocs.services.writing import lock_board, save_checked, tidy
from emulation import clock
from emulation.access import any_of, require
from emulation.models import User
from emulation.vietnamese import format_date


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What a board is called and where it is reached."""

    name: str
    council_name: str
    office_name: str
    phone: str = ""


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
    """Create a province's board with its first names, and return it.

    By an administrator, or by nobody (``None``) where an installation begins. ValidationError
    where the name is taken.
    """
    if actor is not None:
        require(is_administrator(actor))
    board = Board(
        name=tidy(name),
        council_name=tidy(council_name),
        office_name=tidy(office_name),
        phone=phone.strip(),
        is_example=is_example,
    )
    _check_name_is_free(board)
    save_checked(board, actor)
    BoardName.objects.create(board=board, name=board.name, council_name=board.council_name)
    return board


def _check_name_is_free(board: Board) -> None:
    """Two spellings of one province would be two boards that never see each other."""
    board.refold()
    same = Board.objects.filter(folded=board.folded).exclude(pk=board.pk).first()
    if same:
        raise ValidationError(
            {"name": f"Đã có Hội đồng của “{same.name}” (không phân biệt hoa thường và dấu)."}
        )


@transaction.atomic
def found_board(
    *, actor: User, facts: BoardFacts, officer: NewPerson, title: str = ""
) -> tuple[Board, User]:
    """Found a board together with its first officer, and return both.

    Effects, in order: the board with its names; the officer's account, without a password; the
    post at the board from today on. All or nothing. By an administrator; ValidationError where
    the province or the log-in name is taken.
    """
    board = create_board(
        actor=actor,
        name=facts.name,
        council_name=facts.council_name,
        office_name=facts.office_name,
        phone=facts.phone,
    )
    post = add_person(
        actor=actor,
        person=officer,
        board=board,
        role=PostRole.BOARD_OFFICER,
        title=title,
        starts_on=clock.today(),
    )
    return board, post.user


@transaction.atomic
def edit_board(
    *, actor: User, board: Board, facts: BoardFacts, from_day: dt.date | None = None
) -> Board:
    """Change a board's data and return it.

    Effects, in order: the data; the dated names. With ``from_day`` a new name begins that day and
    papers of earlier years keep the old one; without it a wrong spelling is mended for all years.
    The board's officers change everything but the province's name, which is the administrator's.
    ValidationError for a name taken, a future day, or one before the present name's first.
    """
    board = lock_board(board.pk)
    require(any_of(can_edit_board(actor, board), can_rename_province(actor, board)))
    before = _data(board)
    board.name, board.council_name = tidy(facts.name), tidy(facts.council_name)
    board.office_name, board.phone = tidy(facts.office_name), facts.phone.strip()
    if board.name != before.name:
        require(can_rename_province(actor, board))
        _check_name_is_free(board)
    if replace(_data(board), name=before.name) != before:
        require(can_edit_board(actor, board))
    if (board.name, board.council_name) != (before.name, before.council_name):
        _write_names(board, before, from_day)
    save_checked(board, actor)
    return board


def _data(board: Board) -> BoardFacts:
    return BoardFacts(board.name, board.council_name, board.office_name, board.phone)


def _write_names(board: Board, before: BoardFacts, from_day: dt.date | None) -> None:
    current = BoardName.objects.filter(board=board, ends_on__isnull=True).first()
    current = current or BoardName(board=board, name=before.name, council_name=before.council_name)
    if from_day is None:
        current.name, current.council_name = board.name, board.council_name
        current.save()
        return
    _check_day(current, from_day)
    current.ends_on = from_day - dt.timedelta(days=1)
    current.save()
    BoardName.objects.create(
        board=board, name=board.name, council_name=board.council_name, starts_on=from_day
    )


def _check_day(current: BoardName, from_day: dt.date) -> None:
    if from_day > clock.today():
        raise ValidationError({"from_day": "Ngày dùng tên mới không được sau ngày hôm nay."})
    if current.starts_on and from_day <= current.starts_on:
        first = format_date(current.starts_on)
        raise ValidationError(
            {"from_day": f"Ngày dùng tên mới phải sau ngày bắt đầu dùng tên hiện nay ({first})."}
        )
