"""What must always hold of blocs' data, and the check of transition logs for every app.

Each function yields one sentence per broken rule; nothing yielded, nothing broken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol

from django.db import models
from django.db.models import F

from blocs.models import (
    BlocYear,
    BlocYearTransition,
    DeadlineExtension,
    MeetingAttendance,
    Membership,
    Post,
    SecretariatMember,
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
    """A bloc-year stands under its bloc's board, a member under the bloc-year's."""
    for year in BlocYear.objects.exclude(board=F("bloc__board")).order_by("pk"):
        yield f"BlocYear {year.pk}: another board than its bloc's."
    strangers = Membership.objects.exclude(unit__board=F("bloc_year__board"))
    for row in strangers.order_by("pk"):
        yield f"Membership {row.pk}: a unit of another board."


def years_agree() -> Iterator[str]:
    """A membership repeats the year of its bloc-year."""
    for row in Membership.objects.exclude(year=F("bloc_year__year")).order_by("pk"):
        yield f"Membership {row.pk}: its year differs from the bloc-year's."


def names_follow_each_other() -> Iterator[str]:
    """A unit's names do not overlap, and the last one is the name it carries."""
    names: dict[int, list[UnitName]] = defaultdict(list)
    for row in UnitName.objects.order_by("unit_id", F("starts_on").asc(nulls_first=True), "pk"):
        names[row.unit_id].append(row)
    for unit in Unit.objects.order_by("pk").iterator():
        rows = names.get(unit.pk, [])
        yield from _overlaps(f"Unit {unit.pk}: names", rows)
        if not rows or rows[-1].ends_on is not None or rows[-1].name != unit.name:
            yield f"Unit {unit.pk}: its name is not the last of its dated names."


def posts_do_not_overlap() -> Iterator[str]:
    """One person holds the same post in one place once at a time."""
    posts: dict[tuple[Any, ...], list[Post]] = defaultdict(list)
    for post in Post.objects.order_by("starts_on", "pk").iterator():
        posts[post.user_id, post.unit_id, post.board_id, post.role].append(post)
    for rows in posts.values():
        yield from _overlaps(f"User {rows[0].user_id}: posts {[row.pk for row in rows]}", rows)


def _overlaps(name: str, rows: Iterable[Any]) -> Iterator[str]:
    for before, after in pairwise(rows):
        starts = after.starts_on
        if before.ends_on is None or (starts is not None and starts <= before.ends_on):
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
    years_agree,
    names_follow_each_other,
    posts_do_not_overlap,
    rows_stay_in_their_year,
)
