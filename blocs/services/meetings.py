"""Meetings: when and where, who came, which papers were presented, the minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear, Meeting, MeetingAttendance, MeetingPaper, Membership
from blocs.permissions import can_prepare_year, can_record_attendance
from blocs.selectors.standing import standing_in
from blocs.services.writing import lock_year, save_checked, tidy
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce

PAPERS_AT_MOST = 50


class MeetingChanged(Conflict):
    """Somebody else saved the meeting meanwhile; ``stored`` is what stands now."""

    def __init__(self, stored: Meeting) -> None:
        super().__init__(
            "Biên bản vừa được người khác lưu. Nội dung đồng chí nhập vẫn còn nguyên; đề nghị đối "
            "chiếu với nội dung đang lưu rồi lưu lại."
        )
        self.stored = stored


@transaction.atomic
def record_meeting(
    *,
    actor: User,
    bloc_year: BlocYear,
    kind: str,
    held_on: dt.date,
    held_at: dt.time | None = None,
    place: str = "",
    board_attends: bool = False,
    minutes: str = "",
    is_example: bool = False,
    note: str = "",
) -> Meeting:
    """Record a meeting, held or planned, and return it.

    By the secretary or the board, until the year is closed. The same kind, day and hour recorded
    twice is one meeting.
    """
    bloc_year = lock_year(bloc_year)
    require(can_prepare_year(standing_in(actor, bloc_year), bloc_year))
    same = Meeting.objects.filter(
        bloc_year=bloc_year, kind=kind, held_on=held_on, held_at=held_at, place=tidy(place)
    ).first()
    if same:
        return same
    meeting = Meeting(
        bloc_year=bloc_year,
        kind=kind,
        held_on=held_on,
        held_at=held_at,
        place=tidy(place),
        board_attends=board_attends,
        minutes=minutes.strip(),
        is_example=is_example,
        note=tidy(note),
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    save_checked(meeting, actor)
    announce("meeting.record", meeting, actor)
    return meeting


@transaction.atomic
def edit_meeting(
    *,
    actor: User,
    meeting: Meeting,
    version: int,
    kind: str,
    held_on: dt.date,
    held_at: dt.time | None,
    place: str,
    board_attends: bool,
    note: str = "",
) -> Meeting:
    """Correct when and where a meeting was, and return it; MeetingChanged for a stale version."""
    stored = _to_edit(actor, meeting, version)
    if (kind, held_on) != (stored.kind, stored.held_on):
        require(can_record_attendance(standing_in(actor, stored.bloc_year), stored))
    stored.kind, stored.held_on, stored.held_at = kind, held_on, held_at
    stored.place, stored.board_attends, stored.note = tidy(place), board_attends, tidy(note)
    return _saved(stored, actor)


@transaction.atomic
def edit_minutes(*, actor: User, meeting: Meeting, minutes: str, version: int) -> Meeting:
    """Write the minutes and return the meeting; MeetingChanged for a stale version."""
    stored = _to_edit(actor, meeting, version)
    if stored.minutes == minutes.strip():
        return stored
    stored.minutes = minutes.strip()
    return _saved(stored, actor)


def _to_edit(actor: User, meeting: Meeting, version: int) -> Meeting:
    bloc_year = lock_year(meeting.bloc_year)
    require(can_prepare_year(standing_in(actor, bloc_year), bloc_year))
    stored = Meeting.objects.select_related("bloc_year").get(pk=meeting.pk)
    if stored.version != version:
        raise MeetingChanged(stored)
    return stored


def _saved(meeting: Meeting, actor: User) -> Meeting:
    meeting.version += 1
    meeting.recorded_by, meeting.recorded_at = actor, clock.now()
    save_checked(meeting, actor)
    return meeting


@transaction.atomic
def record_attendance(
    *,
    actor: User,
    meeting: Meeting,
    present: Mapping[int, tuple[bool, str]],
    is_example: bool = False,
) -> list[MeetingAttendance]:
    """Record for memberships (by key) whether they came and through whom; return all rows.

    Rows not named stay as they are. Refused once the results of this meeting are adopted.
    ValidationError for a meeting still to come or a membership of another bloc-year.
    """
    lock_year(meeting.bloc_year)
    meeting = Meeting.objects.select_related("bloc_year").get(pk=meeting.pk)
    require(can_record_attendance(standing_in(actor, meeting.bloc_year), meeting))
    if meeting.held_on > clock.today():
        raise ValidationError("Hội nghị chưa diễn ra nên chưa ghi được thành phần dự họp.")
    members = Membership.objects.filter(bloc_year=meeting.bloc_year, pk__in=present)
    if members.count() != len(present):
        raise ValidationError("Danh sách có đơn vị không thuộc Khối năm này.")
    known = {row.membership_id: row for row in meeting.attendance.order_by("pk")}
    for key, (is_present, representative) in present.items():
        row = known.get(key) or MeetingAttendance(meeting=meeting, membership_id=key)
        row.is_present, row.representative = is_present, tidy(representative)
        row.is_example = is_example or row.is_example
        save_checked(row, actor)
    return list(meeting.attendance.select_related("membership").order_by("membership__sorting"))


@transaction.atomic
def record_papers(
    *, actor: User, meeting: Meeting, papers: Sequence[tuple[str, bool]]
) -> list[MeetingPaper]:
    """Record the papers presented, each with its title and whether adopted; return all of them.

    A title recorded before is brought up to date, a new one is added; none is removed.
    """
    bloc_year = lock_year(meeting.bloc_year)
    require(can_prepare_year(standing_in(actor, bloc_year), bloc_year))
    known = {row.title: row for row in MeetingPaper.objects.filter(meeting=meeting).order_by("pk")}
    for title, is_adopted in papers:
        name = tidy(title)
        row = known.setdefault(name, MeetingPaper(meeting=meeting, title=name))
        row.is_adopted = is_adopted
        save_checked(row, actor)
    if len(known) > PAPERS_AT_MOST:
        raise ValidationError(f"Mỗi hội nghị ghi nhiều nhất {PAPERS_AT_MOST} văn bản.")
    return list(MeetingPaper.objects.filter(meeting=meeting).order_by("pk"))
