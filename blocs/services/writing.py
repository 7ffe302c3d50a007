"""How services write: the row locked, the constraints checked, the author known to history."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models

from blocs.models import BlocYear, Board
from blocs.permissions import board_works
from emulation import clock
from emulation.access import Conflict
from emulation.models import FoldedModel, User
from emulation.vietnamese import one_line


def lock_year(bloc_year: BlocYear) -> BlocYear:
    """Return the bloc-year as stored now, locked until the transaction ends."""
    rows = BlocYear.objects.select_for_update(of=("self",)).select_related("board")
    return rows.get(pk=bloc_year.pk)


def lock_board(board_id: int) -> Board:
    """Return the board, locked: what its units and people do is written one at a time.

    Conflict where it was merged into another: its heir does the work from that day on.
    """
    boards = Board.objects.select_for_update(of=("self",)).select_related("heir")
    board = boards.get(pk=board_id)
    if works := board_works(board):
        return board
    raise Conflict(works.reason)


def save_checked(obj: models.Model, actor: User | None, *, only: Iterable[str] = ()) -> None:
    """Validate every field and constraint, then save; ValidationError in Vietnamese.

    ``only`` names the fields to write of a row that exists. Tables that keep their history note
    the author and the moment of our own clock.
    """
    if isinstance(obj, FoldedModel):
        obj.refold()
    obj.full_clean()
    _check_lengths(obj)
    vars(obj).update(_history_user=actor, _history_date=clock.now())
    if only:
        obj.save(update_fields=list(only))
    else:
        obj.save()


def _check_lengths(obj: models.Model) -> None:
    """Django bounds a TextField in forms only."""
    for field in obj._meta.concrete_fields:  # noqa: SLF001 - Django's documented API
        longest = field.max_length if isinstance(field, models.TextField) else None
        length = len(field.value_from_object(obj) or "") if longest else 0
        if longest and length > longest:
            raise ValidationError(
                {
                    field.name: f"“{field.verbose_name}” dài {length} ký tự; tối đa {longest} "
                    "ký tự. Đề nghị viết gọn lại."
                }
            )


def delete_noted(obj: models.Model, actor: User) -> None:
    """Delete a row of a table that keeps its history, noting the author there."""
    vars(obj).update(_history_user=actor, _history_date=clock.now())
    obj.delete()


def tidy(text: str) -> str:
    """Return one line of text composed (NFC), with single spaces, without signs nobody sees."""
    return one_line(text)
