"""The last days a board sets for all its blocs of a year, and where a bloc's own day differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import (
    BlocYear,
    Board,
    BoardDeadline,
    Deadline,
    DeadlineExtension,
    HeadTerm,
    Membership,
    SecretariatMember,
)
from blocs.selectors.deadlines import change_words
from blocs.selectors.standing import posts_today
from blocs.selectors.units import boards_of
from emulation import clock
from emulation.history import Entry
from emulation.models import User
from emulation.vietnamese import format_date

S = YearStatus
# From which step on a kind of deadline is history: what it asked for has been settled.
SETTLED_FROM: Mapping[str, YearStatus] = {
    **dict.fromkeys(DeadlineKind.values, S.MEETING),
    DeadlineKind.DOSSIER: S.SUBMITTED,
    DeadlineKind.APPEAL: S.CLOSED,
}


def boards_answered_by(user: User) -> QuerySet[Board]:
    """Return the person's boards and those they came after, in Vietnamese order: one query."""
    own = boards_of(user).order_by().values("pk")
    return Board.objects.filter(Q(pk__in=own) | Q(heir__in=own)).order_by("sorting", "pk")


def is_settled(bloc_year: BlocYear, kind: str) -> bool:
    """Return whether the bloc is past what the deadline asks for, so that it moves no more."""
    return bloc_year.step.reached(SETTLED_FROM[kind])


def years_of_board(board: Board, year: int) -> QuerySet[BlocYear]:
    """Return the board's bloc-years of one year, in Vietnamese order."""
    return BlocYear.objects.filter(board=board, year=year).order_by("sorting", "pk")


def years_within(user: User, years: Iterable[BlocYear]) -> frozenset[int]:
    """Return the keys of those bloc-years to which the person belongs: four queries.

    As ``Standing.is_within``: a post in a member, in a unit with a term, or named secretary.
    """
    known = list(years)
    units = {post.unit_id for post in posts_today(user) if post.unit_id}
    members = Membership.objects.filter(bloc_year__in=known, unit_id__in=units)
    named = SecretariatMember.objects.filter(bloc_year__in=known, user=user, ended_at__isnull=True)
    terms = HeadTerm.objects.filter(
        bloc__in={each.bloc_id for each in known}, unit_id__in=units, ended_on__isnull=True
    )
    led = set(terms.order_by("pk").values_list("bloc_id", "year"))
    return frozenset(
        {
            *members.order_by("pk").values_list("bloc_year_id", flat=True),
            *named.order_by("pk").values_list("bloc_year_id", flat=True),
            *(each.pk for each in known if (each.bloc_id, each.year) in led),
        }
    )


# ---------------------------------------------------------------- the page


@dataclass(frozen=True, slots=True)
class Difference:
    """A bloc whose day is not the common one, or that has none; ``why`` is a phrase."""

    bloc_year: BlocYear
    due_on: dt.date | None
    why: str
    is_exception: bool


@dataclass(frozen=True, slots=True)
class CommonRow:
    """One kind: the common day, how many blocs follow it, and which do not.

    ``settled`` are those that were past the matter before the day was set.
    """

    kind: DeadlineKind
    due_on: dt.date | None
    following: int = 0
    differing: tuple[Difference, ...] = ()
    settled: tuple[Difference, ...] = ()


def common_rows(board: Board, years: Sequence[BlocYear], year: int) -> list[CommonRow]:
    """Return a row for each kind of deadline: two queries, whatever the number of blocs."""
    common = dict(
        BoardDeadline.objects.filter(board=board, year=year)
        .order_by("kind")
        .values_list("kind", "due_on")
    )
    stored = {
        (row.bloc_year_id, row.kind): row
        for row in Deadline.objects.filter(bloc_year__in=years).order_by("pk")
    }
    return [_common_row(kind, common.get(kind), years, stored) for kind in DeadlineKind]


def _common_row(
    kind: DeadlineKind,
    due_on: dt.date | None,
    years: Sequence[BlocYear],
    stored: Mapping[tuple[int, str], Deadline],
) -> CommonRow:
    if due_on is None:
        return CommonRow(kind, None)
    found = [(each, stored.get((each.pk, kind))) for each in years]
    others = [(each, row) for each, row in found if row is None or row.due_on != due_on]
    past = [pair for pair in others if is_settled(pair[0], kind) and not _is_apart(pair[1])]
    open_ = [pair for pair in others if pair not in past]
    return CommonRow(
        kind,
        due_on,
        len(years) - len(others),
        tuple(_difference(each, row, "chưa theo hạn chung") for each, row in open_),
        tuple(_difference(each, row, f"Khối ở bước “{each.step.label}”") for each, row in past),
    )


def _is_apart(row: Deadline | None) -> bool:
    return row is not None and row.is_exception


def _difference(bloc_year: BlocYear, row: Deadline | None, why: str) -> Difference:
    if row is not None and row.is_exception:
        return Difference(bloc_year, row.due_on, row.exception_reason, is_exception=True)
    return Difference(bloc_year, row.due_on if row else None, why, is_exception=False)


# ---------------------------------------------------------------- history


def board_deadline_history(board: Board, years: Sequence[BlocYear], year: int) -> list[Entry]:
    """Return what the board set, moved and lifted, and set for single blocs, newest first."""
    return Entry.newest_first([*_common_moves(board, year), *_exceptions(years)])


def _common_moves(board: Board, year: int) -> list[Entry]:
    rows = BoardDeadline.history.filter(board_id=board.pk, year=year)
    before: dict[str, Any] = {}
    entries = []
    for row in rows.select_related("history_user").order_by("history_date", "history_id"):
        earlier = before.pop(row.kind, None)
        lifted = row.history_type == "-"
        if not lifted:
            before[row.kind] = row.due_on
        entries.append(
            Entry(
                at=row.history_date,
                who=str(row.history_user or ""),
                acting_as="",
                what="Bỏ hạn chung" if lifted else "Đổi hạn chung" if earlier else "Đặt hạn chung",
                change=format_date(row.due_on) if lifted else change_words(earlier, row.due_on),
                place=DeadlineKind(row.kind).label,
            )
        )
    return entries


def _exceptions(years: Sequence[BlocYear]) -> list[Entry]:
    names = {each.pk: each.name for each in years}
    apart = Deadline.history.filter(bloc_year_id__in=names, is_exception=True)
    rows = Deadline.history.filter(id__in=apart.values("id")).select_related("history_user")
    before: dict[int, Any] = {}
    entries = []
    for row in rows.order_by("history_date", "history_id"):
        earlier = before.get(row.id)
        before[row.id] = row
        ended = earlier is not None and earlier.is_exception and not row.is_exception
        if not row.is_exception and not ended:
            continue
        entries.append(
            Entry(
                at=row.history_date,
                who=str(row.history_user or ""),
                acting_as="",
                what=f"{'Thôi đặt' if ended else 'Đặt'} riêng cho {names[row.bloc_year_id]}",
                change=change_words(earlier.due_on if earlier else None, row.due_on),
                reason=row.exception_reason,
                place=DeadlineKind(row.kind).label,
            )
        )
    return entries


# ---------------------------------------------------------------- facts for a plan


@dataclass(frozen=True, slots=True)
class BoardYear:
    """What is stored of a board's blocs in one year, as far as deadlines are concerned.

    ``extended`` holds each unit's last extension by (deadline key, membership key).
    """

    board: Board
    year: int
    years: tuple[BlocYear, ...]
    common: Mapping[str, dt.date]
    stored: Mapping[tuple[int, str], Deadline]
    members: Mapping[int, tuple[Membership, ...]]
    extended: Mapping[tuple[int, int], dt.date]
    within: frozenset[int]


def board_year(user: User, board: Board, year: int, years: Sequence[BlocYear]) -> BoardYear:
    """Return the facts in a fixed number of queries."""
    stored = {
        (row.bloc_year_id, row.kind): row
        for row in Deadline.objects.filter(bloc_year__in=years).order_by("pk")
    }
    common = BoardDeadline.objects.filter(board=board, year=year).order_by("kind")
    extensions = DeadlineExtension.objects.filter(deadline__bloc_year__in=years).order_by(
        "at", "pk"
    )
    rows = extensions.values_list("deadline_id", "membership_id", "due_on")
    return BoardYear(
        board=board,
        year=year,
        years=tuple(years),
        common=dict(common.values_list("kind", "due_on")),
        stored=stored,
        members=_members(years),
        extended={(deadline, member): due_on for deadline, member, due_on in rows},
        within=years_within(user, years),
    )


def _members(years: Sequence[BlocYear]) -> dict[int, tuple[Membership, ...]]:
    today = clock.today()
    rows = Membership.objects.filter(bloc_year__in=years).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    )
    found: dict[int, list[Membership]] = {}
    for row in rows.order_by("sorting", "pk"):
        found.setdefault(row.bloc_year_id, []).append(row)
    return {key: tuple(members) for key, members in found.items()}
