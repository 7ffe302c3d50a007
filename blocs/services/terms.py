"""Who leads the bloc in a year: terms, the stand-in, the election, the secretariat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from blocs.enums import TermKind, TermSource, YearStatus
from blocs.models import Bloc, BlocYear, HeadTerm, Meeting, SecretariatMember, Unit
from blocs.permissions import (
    can_name_secretary,
    can_name_stand_in,
    can_record_election,
    can_set_terms,
    manages_board,
)
from blocs.selectors.meetings import quorum_of
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import posts_today, standing_in
from blocs.services.writing import lock_board, lock_year, save_checked, tidy
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce


@transaction.atomic
def set_term(
    *,
    actor: User,
    bloc: Bloc,
    year: int,
    unit: Unit,
    kind: str,
    source: str,
    position: int = 1,
    decided_on: dt.date | None = None,
    note: str = "",
) -> HeadTerm:
    """Make a unit head, deputy (in ``position``) or stand-in of a bloc's year; return the term.

    By the board, before or after the year itself is created, until it is closed. The same term
    set again is returned as it stands. ValidationError where the unit holds another role, the
    year has a head or stand-in, or the position is taken.
    """
    lock_board(bloc.board_id)
    _require_board(actor, bloc, year)
    same = _running(bloc, year).filter(unit=unit, kind=kind, position=position).first()
    if same:
        return same
    term = HeadTerm(
        bloc=bloc,
        year=year,
        unit=unit,
        kind=kind,
        position=position,
        source=source,
        decided_on=decided_on,
        note=tidy(note),
    )
    _check_term(term)
    save_checked(term, actor)
    announce("term.begin", term, actor)
    return term


def _require_board(actor: User, bloc: Bloc, year: int) -> None:
    bloc_year = BlocYear.objects.filter(bloc=bloc, year=year).first()
    if bloc_year:
        require(can_set_terms(standing_in(actor, bloc_year), bloc_year))
    else:
        require(manages_board(actor, bloc.board_id))


def _running(bloc: Bloc, year: int) -> QuerySet[HeadTerm]:
    return HeadTerm.objects.filter(bloc=bloc, year=year, ended_on__isnull=True).order_by("pk")


def _check_term(term: HeadTerm) -> None:
    running = _running(term.bloc, term.year)
    if term.unit.board_id != term.bloc.board_id or term.unit.ended_on:
        raise ValidationError({"unit": "Đơn vị đã giải thể hoặc không thuộc Hội đồng của Khối."})
    held = running.filter(unit=term.unit).first()
    if held:
        raise ValidationError(
            {"unit": f"Đơn vị đang là {held.get_kind_display()} của năm {term.year}."}
        )
    if term.kind != TermKind.DEPUTY and running.filter(kind=term.kind).exists():
        raise ValidationError(
            {
                "kind": f"Năm {term.year} đã có {TermKind(term.kind).label}. "
                "Đề nghị ghi thôi giữ vai trò của đơn vị đó trước."
            }
        )
    if running.filter(kind=term.kind, position=term.position).exists():
        raise ValidationError(
            {"position": f"Đã có Phó Trưởng khối thứ {term.position}. Đề nghị chọn thứ tự khác."}
        )


@transaction.atomic
def end_term(*, actor: User, term: HeadTerm, ended_on: dt.date, note: str = "") -> HeadTerm:
    """End a term from ``ended_on`` on and return it; its row stays.

    By the board. Where it was the head's and no other is named, the first deputy acts.
    ValidationError for a future day; ending it twice returns it unchanged.
    """
    lock_board(term.bloc.board_id)
    _require_board(actor, term.bloc, term.year)
    term = HeadTerm.objects.select_for_update(of=("self",)).select_related("unit").get(pk=term.pk)
    if term.ended_on:
        return term
    if ended_on > clock.today():
        raise ValidationError({"ended_on": "Ngày thôi giữ không được sau ngày hôm nay."})
    term.ended_on = ended_on
    term.note = tidy(f"{term.note} {note}")
    save_checked(term, actor)
    return term


@transaction.atomic
def name_stand_in(
    *,
    actor: User,
    bloc_year: BlocYear,
    unit: Unit,
    meeting: Meeting | None = None,
    decided_on: dt.date | None = None,
    note: str = "",
) -> HeadTerm:
    """Name the unit that appraises and approves the head's own sheet; return its term.

    By the board, or recorded by the secretary as decided at a ``meeting`` of this year that had
    its quorum and has minutes. An earlier named unit's term ends. ValidationError where the unit
    is head or deputy, or not of the board.
    """
    lock_board(bloc_year.board_id)
    bloc_year = lock_year(bloc_year)
    minuted = meeting is not None and _is_minuted(bloc_year, meeting)
    standing = standing_in(actor, bloc_year)
    require(can_name_stand_in(standing, bloc_year, minuted=minuted))
    bloc = Bloc.objects.get(pk=bloc_year.bloc_id)
    named = _running(bloc, bloc_year.year).filter(kind=TermKind.STAND_IN).first()
    if named and named.unit_id == unit.pk:
        return named
    if named:
        named.ended_on = clock.today()
        save_checked(named, actor)
    term = HeadTerm(
        bloc=bloc,
        year=bloc_year.year,
        unit=unit,
        kind=TermKind.STAND_IN,
        source=TermSource.ELECTED if minuted else TermSource.ANNOUNCED,
        decided_on=decided_on or (meeting.held_on if meeting else clock.today()),
        note=tidy(note or (str(meeting) if meeting else "")),
    )
    _check_term(term)
    save_checked(term, actor)
    announce("term.begin", term, actor)
    return term


def _is_minuted(bloc_year: BlocYear, meeting: Meeting) -> bool:
    quorum = quorum_of(meeting)
    ours = meeting.bloc_year_id == bloc_year.pk
    return ours and bool(meeting.minutes.strip()) and quorum is not None and quorum.reached


@transaction.atomic
def record_election(
    *,
    actor: User,
    bloc_year: BlocYear,
    head: Unit,
    deputies: Sequence[Unit],
    decided_on: dt.date,
    note: str = "",
) -> list[HeadTerm]:
    """Record whom the year's meeting elected to lead the next year; return the terms made.

    Effects, in order: terms of the next year that differ end; the head's and the deputies' terms
    begin, in order, source elected. Recording the same result again changes nothing. From then
    on the elected head may create the next year. Refused before the year-end meeting; Conflict
    once the next year has left preparation; ValidationError for a unit twice or no member.
    """
    lock_board(bloc_year.board_id)
    bloc_year = lock_year(bloc_year)
    require(can_record_election(standing_in(actor, bloc_year), bloc_year))
    _check_next_year_is_open(bloc_year)
    _check_elected(bloc_year, head, deputies)
    if decided_on > clock.today():
        raise ValidationError({"decided_on": "Ngày bầu không được sau ngày hôm nay."})
    wanted: list[tuple[Unit, TermKind, int]] = [(head, TermKind.HEAD, 1)]
    wanted += [(unit, TermKind.DEPUTY, place) for place, unit in enumerate(deputies, start=1)]
    bloc = Bloc.objects.get(pk=bloc_year.bloc_id)
    kept = _end_others(actor, bloc, bloc_year.year + 1, wanted)
    terms = []
    for unit, kind, position in wanted:
        term = kept.get((unit.pk, kind, position))
        if term is None:
            term = HeadTerm(
                bloc=bloc,
                year=bloc_year.year + 1,
                unit=unit,
                kind=kind,
                position=position,
                source=TermSource.ELECTED,
                decided_on=decided_on,
                note=tidy(note),
            )
            save_checked(term, actor)
            announce("term.begin", term, actor)
        terms.append(term)
    return terms


def _end_others(
    actor: User, bloc: Bloc, year: int, wanted: Sequence[tuple[Unit, TermKind, int]]
) -> dict[tuple[int, str, int], HeadTerm]:
    """End the next year's head and deputies who were not elected now; return those who stay."""
    keys = {(unit.pk, kind.value, position) for unit, kind, position in wanted}
    kept = {}
    for term in _running(bloc, year).exclude(kind=TermKind.STAND_IN):
        key = (term.unit_id, term.kind, term.position)
        if key in keys:
            kept[key] = term
            continue
        term.ended_on = clock.today()
        save_checked(term, actor)
    return kept


def _check_next_year_is_open(bloc_year: BlocYear) -> None:
    following = BlocYear.objects.filter(bloc_id=bloc_year.bloc_id, year=bloc_year.year + 1).exclude(
        status=YearStatus.DRAFT
    )
    if following.exists():
        raise Conflict(
            f"Năm {bloc_year.year + 1} đã bắt đầu nên không ghi lại kết quả bầu được nữa. "
            "Đề nghị Ban Thi đua - Khen thưởng thay đổi Trưởng khối."
        )


def _check_elected(bloc_year: BlocYear, head: Unit, deputies: Sequence[Unit]) -> None:
    members = set(members_not_ended(bloc_year).values_list("unit_id", flat=True))
    if head.pk not in members:
        raise ValidationError({"head": "Trưởng khối phải là đơn vị thành viên của Khối."})
    if any(unit.pk not in members for unit in deputies):
        raise ValidationError({"deputies": "Phó Trưởng khối phải là đơn vị thành viên của Khối."})
    chosen = [head.pk, *(unit.pk for unit in deputies)]
    if len(set(chosen)) != len(chosen):
        raise ValidationError({"deputies": "Mỗi đơn vị chỉ giữ một vai trò trong năm."})


@transaction.atomic
def name_secretary(*, actor: User, bloc_year: BlocYear, user: User) -> SecretariatMember:
    """Name an officer of another member to the secretariat for the year; return the row.

    By leaders of the head unit. Naming the same person again returns the row.
    ValidationError unless the person holds a post today in a member unit other than the head.
    """
    bloc_year = lock_year(bloc_year)
    standing = standing_in(actor, bloc_year)
    require(can_name_secretary(standing, bloc_year))
    existing = SecretariatMember.objects.filter(
        bloc_year=bloc_year, user=user, ended_at__isnull=True
    ).first()
    if existing:
        return existing
    members = set(members_not_ended(bloc_year).values_list("unit_id", flat=True))
    units = {post.unit_id for post in posts_today(user)}
    if standing.head in units:
        raise ValidationError(
            {"user": "Cán bộ của Trưởng khối đã thuộc tổ thư ký, không cần phân công."}
        )
    if not units & members:
        raise ValidationError({"user": "Chỉ chọn cán bộ của đơn vị thành viên trong Khối."})
    row = SecretariatMember(bloc_year=bloc_year, user=user, named_by=actor, named_at=clock.now())
    save_checked(row, actor)
    announce("secretary.name", row, actor)
    return row


@transaction.atomic
def end_secretary(*, actor: User, secretary: SecretariatMember) -> SecretariatMember:
    """End a person's part in the secretariat now and return the row; twice changes nothing."""
    bloc_year = lock_year(secretary.bloc_year)
    require(can_name_secretary(standing_in(actor, bloc_year), bloc_year))
    row = SecretariatMember.objects.get(pk=secretary.pk)
    if row.ended_at is None:
        row.ended_at = clock.now()
        save_checked(row, actor)
    return row
