"""Members of a bloc-year: added, taken off the list while preparing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from blocs.models import BlocYear, HeadTerm, Membership, Unit
from blocs.permissions import can_add_member, can_remove_member
from blocs.selectors.standing import standing_in
from blocs.selectors.units import name_in_year
from blocs.services.writing import delete_noted, lock_board, lock_year, save_checked
from blocs.slots import slots
from emulation.access import Conflict, require
from emulation.models import User


@transaction.atomic
def add_member(
    *,
    actor: User,
    bloc_year: BlocYear,
    unit: Unit,
    starts_on: dt.date | None = None,
    is_example: bool = False,
    note: str = "",
    is_ranking: bool = True,
) -> Membership:
    """Add a unit of the same board under the name it has in that year, and return the membership.

    A year under way gives the newcomer at once what the others have (a score sheet). Refused once
    the table is tabled, or for one's own unit once the year has begun. Adding a member again
    returns it unchanged. ValidationError for a unit of another board, dissolved, or
    ranked in another bloc that year.
    """
    lock_board(bloc_year.board_id)
    bloc_year = lock_year(bloc_year)
    standing = standing_in(actor, bloc_year)
    require(can_add_member(standing, bloc_year, unit.pk))
    existing = Membership.objects.filter(bloc_year=bloc_year, unit=unit).first()
    if existing:
        return existing
    _check_unit(bloc_year, unit)
    membership = Membership(
        bloc_year=bloc_year,
        unit=unit,
        year=bloc_year.year,
        unit_name=name_in_year(unit, bloc_year.year),
        starts_on=starts_on,
        is_ranking=is_ranking,
        is_example=is_example,
        note=note.strip(),
    )
    check_ranks_once(membership)
    save_checked(membership, actor)
    for give in slots.joined:
        give(membership, actor)
    return membership


@transaction.atomic
def add_members(
    *,
    actor: User,
    bloc_year: BlocYear,
    units: Iterable[Unit],
    starts_on: dt.date | None = None,
    note: str = "",
    is_ranking: bool = True,
) -> list[Membership]:
    """Add several units at once, all or none, each as :func:`add_member`; return them.

    ValidationError under ``unit_ids`` with a sentence for every unit that cannot be added.
    """
    added, refused = [], []
    for unit in units:
        try:
            added.append(
                add_member(
                    actor=actor,
                    bloc_year=bloc_year,
                    unit=unit,
                    starts_on=starts_on,
                    note=note,
                    is_ranking=is_ranking,
                )
            )
        except ValidationError as error:
            refused += error.messages
    if refused:
        raise ValidationError({"unit_ids": refused})
    return added


def _check_unit(bloc_year: BlocYear, unit: Unit) -> None:
    if unit.board_id != bloc_year.board_id:
        raise ValidationError({"unit": "Đơn vị không thuộc Hội đồng của Khối."})
    if unit.ended_on and unit.ended_on < dt.date(bloc_year.year, 1, 1):
        raise ValidationError({"unit": f"“{unit.name}” đã giải thể trước năm {bloc_year.year}."})


def check_ranks_once(membership: Membership) -> None:
    """Raise ValidationError, naming the other bloc, where the unit ranks twice in a year."""
    if not membership.is_ranking:
        return
    others = Membership.objects.filter(
        unit=membership.unit, year=membership.year, is_ranking=True
    ).exclude(pk=membership.pk)
    other = others.select_related("bloc_year").order_by("pk").first()
    if other:
        raise ValidationError(
            {
                "unit": f"“{membership.unit.name}” đã được xếp hạng tại {other.bloc_year}. "
                "Đề nghị ghi đơn vị rời khối đó trước."
            }
        )


@transaction.atomic
def remove_member(*, actor: User, membership: Membership) -> None:
    """Take a unit off the list of a year still in preparation; the table's history keeps it.

    Conflict where it holds a term or where something already hangs on the membership.
    """
    bloc_year = lock_year(membership.bloc_year)
    require(can_remove_member(standing_in(actor, bloc_year), bloc_year))
    stored = Membership.objects.filter(pk=membership.pk).first()
    if stored is None:
        return
    _check_holds_no_term(bloc_year, stored)
    try:
        delete_noted(stored, actor)
    except ProtectedError as error:
        raise Conflict(
            f"“{stored.unit_name}” đã có số liệu trong năm này nên không xóa khỏi danh sách được. "
            "Đề nghị ghi nhận đơn vị rời khối."
        ) from error


def _check_holds_no_term(bloc_year: BlocYear, membership: Membership) -> None:
    term = HeadTerm.objects.filter(
        bloc_id=bloc_year.bloc_id,
        year=bloc_year.year,
        unit_id=membership.unit_id,
        ended_on__isnull=True,
    ).first()
    if term:
        raise Conflict(
            f"“{membership.unit_name}” đang là {term.get_kind_display()}. "
            "Đề nghị Ban Thi đua - Khen thưởng ghi thôi giữ vai trò này trước."
        )
