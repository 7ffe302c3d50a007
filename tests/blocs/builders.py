"""Builders for blocs' own objects, on top of tests.factories."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.test import Client

from blocs.enums import DeadlineKind, MeetingKind, PaperKind
from blocs.models import (
    BlocPaper,
    BoardImport,
    Deadline,
    HeadTerm,
    JointActivity,
    Meeting,
    MeetingAttendance,
    MeetingPaper,
    SecretariatMember,
)
from blocs.selectors.standing import standing_in
from blocs.services.imports import upload_register
from blocs.standing import Standing
from emulation.models import User
from tests.blocs.workbooks import upload, workbook
from tests.factories import World

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def standing(user: User, world: World) -> Standing:
    """The person's standing in the world's year, as stored now."""
    world.bloc_year.refresh_from_db()
    return standing_in(user, world.bloc_year)


def confirm(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Fill in a guided page, read what it says, confirm; the answer to the confirmation."""
    read = client.post(url, data)
    assert read.status_code == 200, read.status_code
    found = re.search(r'name="seen"\s+value="(\w+)"', read.content.decode())
    assert found, "the page shows no plan to confirm"
    return client.post(url, {**data, "seen": found[1]})


def make_deadline(world: World, due_on: dt.date, kind: str = DeadlineKind.SELF_SCORE) -> Deadline:
    return Deadline.objects.create(bloc_year=world.bloc_year, kind=kind, due_on=due_on)


def make_meeting(world: World, kind: str = MeetingKind.YEAR_END, **values: Any) -> Meeting:
    values.setdefault("held_on", dt.date(2026, 1, 15))
    return Meeting.objects.create(
        bloc_year=world.bloc_year, kind=kind, recorded_by=world.secretary, **values
    )


def make_attendance(meeting: Meeting, world: World, present: int) -> None:
    """The first ``present`` members came, the others did not."""
    for place, row in enumerate(world.memberships):
        MeetingAttendance.objects.create(
            meeting=meeting, membership=row, is_present=place < present
        )


def name_to_secretariat(world: World, user: User) -> SecretariatMember:
    return SecretariatMember.objects.create(
        bloc_year=world.bloc_year, user=user, named_by=world.head_leader
    )


def end_terms(world: World, kind: str) -> None:
    for term in HeadTerm.objects.filter(bloc=world.bloc, kind=kind):
        term.ended_on = dt.date(2026, 1, 1)
        term.save()


def fill(world: World, rows: int = 1) -> dict[str, int]:
    """Rows of every kind that pages of a year list, for counting queries."""
    for n in range(rows):
        meeting = make_meeting(world, place=f"Hội trường {n}")
        make_attendance(meeting, world, len(world.memberships))
        MeetingPaper.objects.create(meeting=meeting, title=f"Quy chế {n}")
        paper = BlocPaper.objects.create(
            bloc_year=world.bloc_year,
            kind=PaperKind.PLAN,
            title=f"Kế hoạch {n}",
            recorded_by=world.secretary,
        )
        activity = JointActivity.objects.create(
            bloc_year=world.bloc_year, title=f"Hội thao {n}", recorded_by=world.secretary
        )
    return {"meeting": meeting.pk, "paper": paper.pk, "activity": activity.pk}


def make_import(world: World, count: int = 1) -> BoardImport:
    """The last of ``count`` workbooks that the board uploaded and has not confirmed."""
    content = workbook([[world.units[0].name], ["Sở Nhập Mới"]])
    for _ in range(count):
        found = upload_register(
            actor=world.board_officer, board=world.board, uploaded=upload(content)
        )
    return found
