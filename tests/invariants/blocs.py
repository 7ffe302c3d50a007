"""What breaks each invariant of ``blocs``."""

from __future__ import annotations

import datetime as dt

from blocs.models import (
    Bloc,
    BlocYearTransition,
    Board,
    DeadlineExtension,
    MeetingAttendance,
    Membership,
    Post,
    SecretariatMember,
    StructureChange,
    Succession,
    Unit,
    UnitName,
)
from tests.invariants.breaks import Break, Breaks, broken_logs, first, last, rows, twin
from tests.story import Story

LONG_AGO = dt.date(2019, 5, 1)


def _other_member(story: Story) -> int:
    """A member of another bloc-year."""
    return rows(Membership, bloc_year=story.keys["other_year"]).get().pk


def _end_board(story: Story) -> None:
    rows(Board, pk=story.keys["other_board"]).update(ended_on=LONG_AGO)


def _merge_into_ended(story: Story) -> None:
    _end_board(story)
    rows(Board, pk=story.keys["board"]).update(ended_on=LONG_AGO, heir_id=story.keys["other_board"])


def _end_own_board(story: Story) -> None:
    rows(Board, pk=story.keys["board"]).update(ended_on=LONG_AGO)


def _succeed_abroad(story: Story) -> None:
    change = StructureChange.objects.create(
        board=story.board,
        kind="merged",
        title="Sáp nhập",
        effective_on=LONG_AGO,
        reason="Nghị quyết",
        actor=story.people["board"],
        acting_as="Ban",
    )
    Succession.objects.create(
        change=change, predecessor=story.unit("own"), successor=story.unit("outside")
    )
    rows(Unit, pk=story.units["outside"]).update(board=story.keys["other_board"])


def _end_unit(story: Story) -> None:
    rows(Unit, pk=story.units["outside"]).update(ended_on=LONG_AGO)


def _second_name(story: Story) -> None:
    names = rows(UnitName, unit=story.units["own"])
    twin(names.get(), name="Tên cũ", ends_on=dt.date(2030, 1, 1))


def _second_post(story: Story) -> None:
    twin(rows(Post, unit=story.units["own"], ends_on=None).first(), ends_on=dt.date(2030, 1, 1))


def _name_secretary_backwards(story: Story) -> None:
    SecretariatMember.objects.create(
        bloc_year=story.year,
        user=story.officer_of("next"),
        named_by=story.people["board"],
        ended_at=dt.datetime(2019, 1, 1, tzinfo=dt.UTC),
    )


BLOCS: Breaks = {
    "year_logs": (
        *broken_logs(
            BlocYearTransition, "bloc_year", bloc_year__year=2025, bloc_year__bloc__name="Khối số 1"
        ),
        Break(
            "the log starts at running",
            lambda _story: first(BlocYearTransition).update(to_status="running"),
        ),
    ),
    "boards_agree": (
        Break(
            "another board than its bloc's",
            lambda story: rows(Bloc, pk=story.keys["bloc"]).update(board=story.keys["other_board"]),
        ),
        Break(
            "a unit of another board",
            lambda story: rows(Unit, pk=story.units["own"]).update(board=story.keys["other_board"]),
        ),
    ),
    "merged_boards_are_empty": (
        Break("its heir has ended", _merge_into_ended),
        Break("works under a board that ended", _end_own_board),
        Break("open under a board that ended", _end_own_board),
        Break("held at a board that ended", _end_board),
        Break(f"{Bloc.__name__} ", _end_own_board),
    ),
    "years_agree": (
        Break("its year differs", lambda _story: first(Membership, year=2025).update(year=2030)),
    ),
    "names_follow_each_other": (
        Break("names overlap", _second_name),
        Break(
            "not the last of its dated names",
            lambda story: rows(Unit, pk=story.units["own"]).update(name="Tên khác"),
        ),
    ),
    "successions_stay_in_their_lineage": (Break("units of two boards", _succeed_abroad),),
    "ended_units_leave_nothing_running": (
        Break("held in a unit that ended", _end_unit),
        Break("outlasts its unit", _end_unit),
    ),
    "posts_do_not_overlap": (Break("overlap", _second_post),),
    "rows_stay_in_their_year": (
        Break(
            "MeetingAttendance",
            lambda story: last(MeetingAttendance).update(membership=_other_member(story)),
        ),
        Break(
            "DeadlineExtension",
            lambda story: first(DeadlineExtension).update(membership=_other_member(story)),
        ),
        Break("ended before it began", _name_secretary_backwards),
    ),
}
