"""Blocs and their years: founding, copying from an earlier year, settings."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import Bloc, BlocYear, Board, Deadline, Membership, Unit
from blocs.permissions import can_create_year, can_edit_year, manages_board
from blocs.selectors.deadlines import dates_to_copy, moved_by_years
from blocs.selectors.standing import standing_in
from blocs.selectors.units import name_in_year
from blocs.services.members import check_ranks_once
from blocs.services.steps import YEAR_WORKFLOW
from blocs.services.writing import lock_board, lock_year, save_checked, tidy
from blocs.slots import slots
from emulation.access import Conflict, require
from emulation.models import User
from emulation.workflow import Acting

EDITABLE = (
    "name",
    "declared_count",
    "issuing_style",
    "quorum_percent",
    "appeal_days",
    "min_members",
    "min_member_months",
    "note",
)


class YearChanged(Conflict):
    """Somebody else saved the year's settings meanwhile; ``stored`` is what stands now."""

    def __init__(self, stored: BlocYear) -> None:
        super().__init__(
            "Thông tin năm vừa được người khác lưu. Nội dung đồng chí nhập vẫn còn nguyên; đề nghị "
            "đối chiếu với nội dung đang lưu rồi lưu lại."
        )
        self.stored = stored


def settings_seen(bloc_year: BlocYear) -> str:
    """Return a digest of the stored settings, by which a person's page is known to be fresh."""
    values = [(name, str(getattr(bloc_year, name))) for name in EDITABLE]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


@transaction.atomic
def create_bloc(
    *, actor: User, board: Board, name: str, kind: str, is_example: bool = False
) -> Bloc:
    """Create a bloc of the board and return it; two blocs may share a name.

    Refused unless an officer of the board.
    """
    board = lock_board(board.pk)
    require(manages_board(actor, board.pk))
    bloc = Bloc(board=board, name=tidy(name), kind=kind, is_example=is_example)
    save_checked(bloc, actor)
    return bloc


@transaction.atomic
def create_bloc_year(
    *,
    actor: User,
    bloc: Bloc,
    year: int,
    name: str,
    issuing_style: str,
    declared_count: int | None = None,
    is_example: bool = False,
    note: str = "",
) -> BlocYear:
    """Create a bloc's year in preparation, begin its log, and return it.

    It takes the board's common deadlines of that year. Refused unless the board or the head
    elected for that year; Conflict where the year stands.
    """
    lock_board(bloc.board_id)
    require(can_create_year(actor, bloc, year))
    bloc_year = BlocYear(
        bloc=bloc,
        board_id=bloc.board_id,
        year=year,
        name=tidy(name),
        declared_count=declared_count,
        issuing_style=issuing_style,
        is_example=is_example,
        note=note.strip(),
    )
    _begin(bloc_year, actor)
    _set_deadlines(bloc_year, None, actor)
    return bloc_year


def _begin(bloc_year: BlocYear, actor: User) -> BlocYear:
    if BlocYear.objects.filter(bloc_id=bloc_year.bloc_id, year=bloc_year.year).exists():
        raise Conflict(f"Khối đã có năm thi đua {bloc_year.year}.")
    save_checked(bloc_year, actor)
    YEAR_WORKFLOW.begin(bloc_year, actor=actor, acting=_founder(actor, bloc_year))
    return bloc_year


def _founder(actor: User, bloc_year: BlocYear) -> Acting:
    standing = standing_in(actor, bloc_year)
    return standing.acting_board if standing.is_board else standing.acting_head


@transaction.atomic
def copy_bloc_year(
    *,
    actor: User,
    source: BlocYear,
    year: int,
    name: str,
    unit_ids: Collection[int],
    declared_count: int | None = None,
    note: str = "",
) -> BlocYear:
    """Create a new year of the source's bloc from any earlier year, and return it.

    Copied: the issuing style, the quorum, appeal and minimum settings, who appraises (with the
    people of departments where they do) and in how many rounds, the mark "ví dụ", deadlines (the
    board's common ones, the rest moved by as many years), and the members in ``unit_ids`` (of the
    source or new) under the name they have in the new year. Not copied: days set for this bloc
    alone, terms, secretariat, pledge, rubric, sheets, points, signatures, meetings, papers.
    ValidationError where a unit is unknown, dissolved or ranked in another bloc that year;
    otherwise as :func:`create_bloc_year`.
    """
    source = BlocYear.objects.select_related("bloc").get(pk=source.pk)
    lock_board(source.bloc.board_id)
    require(can_create_year(actor, source.bloc, year))
    if year <= source.year:
        raise ValidationError({"year": f"Năm mới phải sau năm được sao chép ({source.year})."})
    bloc_year = BlocYear(
        bloc=source.bloc,
        board_id=source.bloc.board_id,
        year=year,
        name=tidy(name),
        declared_count=declared_count,
        issuing_style=source.issuing_style,
        quorum_percent=source.quorum_percent,
        appeal_days=source.appeal_days,
        min_members=source.min_members,
        min_member_months=source.min_member_months,
        appraised_by=source.appraised_by,
        appraisal_rounds=source.appraisal_rounds,
        is_example=source.is_example,
        note=note.strip(),
    )
    _begin(bloc_year, actor)
    _copy_members(bloc_year, source, unit_ids, actor)
    _set_deadlines(bloc_year, source, actor)
    for copied in slots.copied:
        copied(source, bloc_year, actor)
    return bloc_year


def _copy_members(
    bloc_year: BlocYear, source: BlocYear, unit_ids: Collection[int], actor: User
) -> None:
    wanted = set(unit_ids)
    units = Unit.objects.filter(
        pk__in=wanted, board_id=bloc_year.board_id, ended_on__isnull=True
    ).order_by("sorting", "pk")
    if len(units) != len(wanted):
        raise ValidationError(
            {"unit_ids": "Danh sách có đơn vị đã giải thể hoặc không thuộc Hội đồng này."}
        )
    before = {row.unit_id: row for row in source.memberships.order_by("pk")}
    for unit in units:
        save_checked(_copied_member(bloc_year, unit, before.get(unit.pk)), actor)


def _copied_member(bloc_year: BlocYear, unit: Unit, before: Membership | None) -> Membership:
    membership = Membership(
        bloc_year=bloc_year,
        unit=unit,
        year=bloc_year.year,
        unit_name=name_in_year(unit, bloc_year.year),
        is_example=before.is_example if before else False,
        note=before.note if before and before.is_example else "",
    )
    if before:
        years = bloc_year.year - before.year
        membership.scored_from = _moved(before.scored_from, years)
        membership.scored_to = _moved(before.scored_to, years)
    check_ranks_once(membership)
    return membership


def _set_deadlines(bloc_year: BlocYear, source: BlocYear | None, actor: User) -> None:
    """Give a new year its deadlines: the board's common ones, the rest from the source."""
    dates = dates_to_copy(source, bloc_year.board_id, bloc_year.year)
    for kind, due_on in dates.items():
        save_checked(Deadline(bloc_year=bloc_year, kind=kind, due_on=due_on), actor)


def _moved(day: dt.date | None, years: int) -> dt.date | None:
    return moved_by_years(day, years) if day else None


@transaction.atomic
def edit_bloc_year(
    *,
    actor: User,
    bloc_year: BlocYear,
    name: str,
    declared_count: int | None,
    issuing_style: str,
    quorum_percent: Decimal,
    appeal_days: int,
    min_members: int | None,
    min_member_months: int | None,
    note: str = "",
    seen: str = "",
) -> BlocYear:
    """Change the year's name and settings before the table is tabled, and return it.

    ``seen`` is the digest of what the person's page showed: YearChanged where somebody else has
    saved since; empty where no page stood in between.
    """
    bloc_year = lock_year(bloc_year)
    standing = standing_in(actor, bloc_year)
    require(can_edit_year(standing, bloc_year))
    if seen and seen != settings_seen(bloc_year):
        raise YearChanged(bloc_year)
    values: dict[str, Any] = {
        "name": tidy(name),
        "declared_count": declared_count,
        "issuing_style": issuing_style,
        "quorum_percent": quorum_percent,
        "appeal_days": appeal_days,
        "min_members": min_members,
        "min_member_months": min_member_months,
        "note": note.strip(),
    }
    for field, value in values.items():
        setattr(bloc_year, field, value)
    save_checked(bloc_year, actor, only=EDITABLE)
    return bloc_year
