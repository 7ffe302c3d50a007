"""What must always hold of blocs' data, and the check of transition logs for every app.

Each function yields one sentence per broken rule; nothing yielded, nothing broken.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from blocs.enums import YearStatus
from blocs.models import (
    Bloc,
    BlocYear,
    BlocYearTransition,
    Board,
    DeadlineExtension,
    MeetingAttendance,
    Membership,
    Post,
    SecretariatMember,
    Succession,
    Unit,
    UnitName,
)
from emulation.workflow import TransitionRecord


class Moved(Protocol):
    """A row of a transition log."""

    from_status: str
    to_status: str


def broken_log(name: str, rows: Sequence[Moved], stored: str, initial: str = "") -> Iterator[str]:
    """Yield what is wrong with one object's log, its rows in the order they were written.

    It starts from an empty status (at ``initial`` where that is given), each row begins where the
    one before ended, and the last one ends at the stored status.
    """
    if not rows:
        yield f"{name}: no log, though its status is {stored}."
        return
    if rows[0].from_status:
        yield f"{name}: the log starts from {rows[0].from_status}, not from the beginning."
    if initial and rows[0].to_status != initial:
        yield f"{name}: the log starts at {rows[0].to_status}, not at {initial}."
    for before, after in pairwise(rows):
        if after.from_status != before.to_status:
            yield f"{name}: the log jumps from {before.to_status} to {after.from_status}."
    if rows[-1].to_status != stored:
        yield f"{name}: the log ends at {rows[-1].to_status}, the stored status is {stored}."


def broken_logs(
    model: type[models.Model],
    record: type[TransitionRecord],
    subject: str,
    initial: str = "",
) -> Iterator[str]:
    """Yield what is wrong with the log of every object of ``model``: two queries.

    ``subject`` is the record's foreign key to the object.
    """
    logs: dict[int, list[Any]] = defaultdict(list)
    for row in record.objects.order_by("pk").iterator():
        logs[getattr(row, f"{subject}_id")].append(row)
    statuses = model._default_manager.order_by("pk").values_list("pk", "status")  # noqa: SLF001
    for pk, status in statuses.iterator():
        yield from broken_log(f"{model.__name__} {pk}", logs.get(pk, []), status, initial)


def year_logs() -> Iterator[str]:
    """Every bloc-year's log begins in preparation, is contiguous and ends where the year stands."""
    yield from broken_logs(BlocYear, BlocYearTransition, "bloc_year", "draft")


def boards_agree() -> Iterator[str]:
    """A bloc-year stands under its bloc's board, a member under the bloc-year's.

    A closed year stays under its board when that board merges; its bloc and its members may stand
    under the heir since.
    """
    closed = Q(status=YearStatus.CLOSED, board__heir=F("bloc__board"))
    for year in BlocYear.objects.exclude(Q(board=F("bloc__board")) | closed).order_by("pk"):
        yield f"BlocYear {year.pk}: another board than its bloc's."
    past = Q(bloc_year__status=YearStatus.CLOSED, unit__board=F("bloc_year__board__heir"))
    strangers = Membership.objects.exclude(Q(unit__board=F("bloc_year__board")) | past)
    for row in strangers.order_by("pk"):
        yield f"Membership {row.pk}: a unit of another board."


def merged_boards_are_empty() -> Iterator[str]:
    """What works stands under the heir, and the heir itself was not merged into another."""
    for board in Board.objects.filter(heir__ended_on__isnull=False).order_by("pk"):
        yield f"Board {board.pk}: its heir has ended."
    merged = {"board__ended_on__isnull": False}
    for unit in Unit.objects.filter(ended_on__isnull=True, **merged).order_by("pk"):
        yield f"Unit {unit.pk}: works under a board that ended."
    for bloc in Bloc.objects.filter(ended_on__isnull=True, **merged).order_by("pk"):
        yield f"Bloc {bloc.pk}: works under a board that ended."
    years = BlocYear.objects.filter(**merged).exclude(status=YearStatus.CLOSED)
    for year in years.order_by("pk"):
        yield f"BlocYear {year.pk}: open under a board that ended."
    posts = Post.objects.filter(closed_at__isnull=True, ends_on__isnull=True, **merged)
    for post in posts.order_by("pk"):
        yield f"Post {post.pk}: held at a board that ended."


def years_agree() -> Iterator[str]:
    """A membership repeats the year of its bloc-year."""
    for row in Membership.objects.exclude(year=F("bloc_year__year")).order_by("pk"):
        yield f"Membership {row.pk}: its year differs from the bloc-year's."


def names_follow_each_other() -> Iterator[str]:
    """A unit's names do not overlap; the last is the name it carries, to its own last day."""
    names: dict[int, list[UnitName]] = defaultdict(list)
    for row in UnitName.objects.order_by("unit_id", F("starts_on").asc(nulls_first=True), "pk"):
        names[row.unit_id].append(row)
    for unit in Unit.objects.order_by("pk").iterator():
        rows = names.get(unit.pk, [])
        yield from _overlaps(f"Unit {unit.pk}: names", rows)
        last_day = unit.ended_on - dt.timedelta(days=1) if unit.ended_on else None
        if not rows or rows[-1].ends_on != last_day or rows[-1].name != unit.name:
            yield f"Unit {unit.pk}: its name is not the last of its dated names."


def successions_stay_in_their_lineage() -> Iterator[str]:
    """A unit came after units of its own board, or of a board that its own came after."""
    of_one = Q(predecessor__board=F("successor__board"))
    after = Q(predecessor__board__heir=F("successor__board"))
    before = Q(successor__board__heir=F("predecessor__board"))
    strangers = Succession.objects.exclude(of_one | after | before)
    for row in strangers.order_by("pk"):
        yield f"Succession {row.pk}: units of two boards."


def ended_units_leave_nothing_running() -> Iterator[str]:
    """No post and no membership outlasts its unit.

    A year whose table had been tabled keeps the list it was tabled with.
    """
    beyond = Q(ends_on__isnull=True) | Q(ends_on__gte=F("unit__ended_on"))
    ended = Q(unit__ended_on__isnull=False)
    for post in Post.objects.filter(ended, beyond, closed_at__isnull=True).order_by("pk"):
        yield f"Post {post.pk}: held in a unit that ended."
    tabled = BlocYearTransition.objects.filter(
        bloc_year=OuterRef("bloc_year"), to_status=YearStatus.MEETING
    )
    late = [step for step in YearStatus if step.reached(YearStatus.MEETING)]
    rows = Membership.objects.filter(ended, beyond).exclude(
        Exists(tabled) | Q(bloc_year__status__in=late)
    )
    for row in rows.order_by("pk"):
        yield f"Membership {row.pk}: outlasts its unit."


def posts_do_not_overlap() -> Iterator[str]:
    """One person holds the same post in one place once at a time."""
    posts: dict[tuple[Any, ...], list[Post]] = defaultdict(list)
    for post in Post.objects.order_by("starts_on", "pk").iterator():
        posts[post.user_id, post.unit_id, post.board_id, post.role].append(post)
    for rows in posts.values():
        yield from _overlaps(f"User {rows[0].user_id}: posts {[row.pk for row in rows]}", rows)


def _overlaps(name: str, rows: Iterable[Any]) -> Iterator[str]:
    for before, after in pairwise(rows):
        starts, last = after.starts_on, before.ends_on
        closed = getattr(before, "closed_at", None) is not None  # left during its last day
        if last is None or (
            starts is not None and (starts < last or (starts == last and not closed))
        ):
            yield f"{name} overlap."


def rows_stay_in_their_year() -> Iterator[str]:
    """Attendance, extensions and the secretariat name members of their own bloc-year."""
    attendance = MeetingAttendance.objects.exclude(membership__bloc_year=F("meeting__bloc_year"))
    for came in attendance.order_by("pk"):
        yield f"MeetingAttendance {came.pk}: a member of another bloc-year."
    extensions = DeadlineExtension.objects.exclude(membership__bloc_year=F("deadline__bloc_year"))
    for extension in extensions.order_by("pk"):
        yield f"DeadlineExtension {extension.pk}: a member of another bloc-year."
    for row in SecretariatMember.objects.select_related("bloc_year").order_by("pk"):
        if row.ended_at and row.ended_at < row.named_at:
            yield f"SecretariatMember {row.pk}: ended before it began."


INVARIANTS: tuple[Callable[[], Iterator[str]], ...] = (
    year_logs,
    boards_agree,
    merged_boards_are_empty,
    years_agree,
    names_follow_each_other,
    successions_stay_in_their_lineage,
    ended_units_leave_nothing_running,
    posts_do_not_overlap,
    rows_stay_in_their_year,
)
