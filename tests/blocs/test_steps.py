"""The year as a state machine, against a literal table written from the domain."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import DeadlineKind, MeetingKind, TermKind, YearStatus
from blocs.models import BlocYearTransition, HeadTerm
from blocs.selectors.meetings import Quorum, quorum_of
from blocs.services.steps import YEAR_WORKFLOW, take_step
from blocs.slots import slots
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.workflow import Blocker
from tests.blocs.builders import (
    end_terms,
    make_attendance,
    make_deadline,
    make_meeting,
    name_to_secretariat,
)
from tests.factories import make_membership, make_user, make_world

pytestmark = pytest.mark.django_db

# name, from, to, who, whether a reason is always needed
TABLE = [
    ("consult", "draft", "consulting", "secretary", False),
    ("open_signing", "consulting", "signing", "head", False),
    ("start_running", "signing", "running", "head", False),
    ("open_self_scoring", "running", "self_scoring", "head", False),
    ("start_appraising", "self_scoring", "appraising", "head", False),
    ("table", "appraising", "meeting", "head", False),
    ("adopt", "meeting", "adopted", "head", False),
    ("submit", "adopted", "submitted", "head", False),
    ("decide", "submitted", "decided", "board", False),
    ("close", "decided", "closed", "board", False),
    ("back_to_draft", "consulting", "draft", "secretary", True),
    ("back_to_consulting", "signing", "consulting", "head", True),
    ("back_to_signing", "running", "signing", "head", True),
    ("back_to_running", "self_scoring", "running", "head", True),
    ("back_to_self_scoring", "appraising", "self_scoring", "head", True),
    ("back_to_appraising", "meeting", "appraising", "head", True),
    ("back_to_meeting", "adopted", "meeting", "head", True),
    ("return_dossier", "submitted", "adopted", "board", True),
    ("reopen_decision", "decided", "submitted", "board", True),
]
NAMES = [row[0] for row in TABLE]

WHO = {
    "secretary": {"head_leader", "secretary", "named"},
    "head": {"head_leader"},
    "board": {"board_officer"},
}


def ready_world(status: str):
    """A year at ``status`` in which nothing of blocs blocks any step."""
    world = make_world(3, status=status)
    make_deadline(world, dt.date(2026, 12, 20))
    make_attendance(make_meeting(world), world, 3)
    name_to_secretariat(world, world.officers[2])
    world.named = world.officers[2]
    world.outsider = make_user()
    world.admin = make_user(is_superuser=True, is_staff=True)
    return world


def test_the_table_is_the_domains():
    found = [
        (each.name, each.sources[0], each.target, each.needs_reason)
        for each in YEAR_WORKFLOW.transitions
    ]
    assert found == [(name, source, target, reason) for name, source, target, _, reason in TABLE]
    assert all(len(each.sources) == 1 for each in YEAR_WORKFLOW.transitions)


@pytest.mark.parametrize(("name", "source", "target", "who", "reason"), TABLE, ids=NAMES)
def test_who_takes_which_step(name, source, target, who, reason):
    for person in (
        "board_officer",
        "head_leader",
        "secretary",
        "named",
        "deputy_leader",
        "deputy_officer",
        "outsider",
        "admin",
    ):
        world = ready_world(source)
        actor = getattr(world, person)
        if person in WHO[who]:
            take_step(actor=actor, bloc_year=world.bloc_year, name=name, reason="Theo thống nhất")
            world.bloc_year.refresh_from_db()
            assert world.bloc_year.status == target
            row = BlocYearTransition.objects.get(transition=name, bloc_year=world.bloc_year)
            assert (row.from_status, row.to_status, row.actor) == (source, target, actor)
            assert row.reason == "Theo thống nhất"
        else:
            with pytest.raises(Refused) as refused:
                take_step(actor=actor, bloc_year=world.bloc_year, name=name, reason="Thử")
            assert refused.value.reason.startswith("Việc này do")
            world.bloc_year.refresh_from_db()
            assert world.bloc_year.status == source


@pytest.mark.parametrize(("name", "source", "target", "who", "reason"), TABLE, ids=NAMES)
def test_a_step_is_taken_from_its_own_status_only(name, source, target, who, reason):
    actor_name = min(WHO[who])
    for status in YearStatus.values:
        if status == source:
            continue
        world = ready_world(status)
        with pytest.raises(Conflict):
            take_step(
                actor=getattr(world, actor_name),
                bloc_year=world.bloc_year,
                name=name,
                reason="Thử",
            )


@pytest.mark.parametrize("name", [row[0] for row in TABLE if row[4]])
def test_going_back_needs_a_reason(name):
    row = next(row for row in TABLE if row[0] == name)
    world = ready_world(row[1])
    actor = getattr(world, min(WHO[row[3]]))
    with pytest.raises(ValidationError) as refused:
        take_step(actor=actor, bloc_year=world.bloc_year, name=name, reason="   ")
    assert "reason" in refused.value.message_dict


def test_a_second_click_is_a_conflict_and_changes_nothing():
    world = ready_world("signing")
    first, second = world.bloc_year, type(world.bloc_year).objects.get(pk=world.bloc_year.pk)
    take_step(actor=world.head_leader, bloc_year=first, name="start_running")
    with pytest.raises(Conflict):
        take_step(actor=world.head_leader, bloc_year=second, name="start_running")
    assert BlocYearTransition.objects.filter(transition="start_running").count() == 1


def test_after_closing_nothing_leads_on():
    world = ready_world("closed")
    assert YEAR_WORKFLOW.offers(world.board_officer, world.bloc_year) == []


def test_the_record_says_for_whom():
    world = ready_world("draft")
    take_step(actor=world.named, bloc_year=world.bloc_year, name="consult")
    row = BlocYearTransition.objects.get(transition="consult")
    assert row.acting_for == world.units[2]
    assert row.acting_as == f"Thư ký Khối – {world.units[2].name}"


def test_the_board_acts_for_no_unit():
    world = ready_world("submitted")
    take_step(actor=world.board_officer, bloc_year=world.bloc_year, name="decide")
    row = BlocYearTransition.objects.get(transition="decide")
    assert row.acting_for is None
    assert world.board.name in row.acting_as


# ---------------------------------------------------------------- blockers of blocs


def blocked(world, name: str, actor=None) -> list[str]:
    offer = YEAR_WORKFLOW.offer(actor or world.head_leader, world.bloc_year, name)
    return [blocker.text for blocker in offer.hard]


def test_consulting_needs_a_head():
    world = ready_world("draft")
    HeadTerm.objects.all().delete()
    assert blocked(world, "consult") == ["Chưa có Trưởng khối của năm này."]


def test_an_acting_head_is_a_head():
    world = ready_world("draft")
    end_terms(world, TermKind.HEAD)
    assert blocked(world, "consult") == []


def test_consulting_needs_two_members_who_have_not_left():
    world = ready_world("draft")
    assert blocked(world, "consult") == []
    for row in world.memberships[1:]:
        row.ends_on = clock.today() - dt.timedelta(days=1)
        row.save()
    assert blocked(world, "consult") == ["Khối phải có ít nhất 2 đơn vị; hiện có 1."]


def test_self_scoring_needs_its_deadline():
    world = make_world(3, status="running")
    make_deadline(world, dt.date(2026, 12, 1), DeadlineKind.YEAR_END_REPORT)
    assert blocked(world, "open_self_scoring") == ["Chưa đặt hạn nộp bảng tự chấm điểm."]
    make_deadline(world, dt.date(2026, 12, 20))
    assert blocked(world, "open_self_scoring") == []


def test_adopting_needs_the_attendance_of_the_year_end_meeting():
    world = make_world(3, status="meeting")
    unrecorded = ["Chưa ghi thành phần dự hội nghị tổng kết, bình xét."]
    assert blocked(world, "adopt") == unrecorded
    make_attendance(make_meeting(world, MeetingKind.SIGNING), world, 3)
    assert blocked(world, "adopt") == unrecorded
    meeting = make_meeting(world)
    assert blocked(world, "adopt") == unrecorded
    make_attendance(meeting, world, 1)
    (text,) = blocked(world, "adopt")
    assert "1/3 đơn vị, cần ít nhất 66,67 %" in text
    meeting.attendance.update(is_present=True)
    assert blocked(world, "adopt") == []


def test_the_last_year_end_meeting_counts():
    world = make_world(3, status="meeting")
    make_attendance(make_meeting(world, held_on=dt.date(2026, 1, 10)), world, 3)
    make_attendance(make_meeting(world, held_on=dt.date(2026, 1, 20)), world, 1)
    assert blocked(world, "adopt") != []


@pytest.mark.parametrize(
    ("present", "members", "percent", "reached"),
    [
        (2, 3, "66.67", True),
        (1, 3, "66.67", False),
        (8, 12, "66.67", True),
        (7, 12, "66.67", False),
        (4, 5, "80", True),
        (3, 4, "75.01", False),
        (0, 0, "50", False),
    ],
)
def test_two_thirds_of_three_is_two(present, members, percent, reached):
    assert Quorum(present, members, Decimal(percent)).reached is reached


def test_the_quorum_counts_the_members_of_that_day():
    world = make_world(4, status="meeting")
    meeting = make_meeting(world, held_on=dt.date(2026, 6, 1))
    world.memberships[3].ends_on = dt.date(2026, 5, 31)
    world.memberships[3].save()
    make_attendance(meeting, world, 4)
    quorum = quorum_of(meeting)
    assert (quorum.present, quorum.members) == (3, 3)


def test_a_member_that_joined_after_the_meeting_is_not_missed():
    world = make_world(3, status="meeting")
    meeting = make_meeting(world, held_on=dt.date(2026, 6, 1))
    make_attendance(meeting, world, 3)
    unit = make_world(1).units[0]
    make_membership(world.bloc_year, unit, starts_on=dt.date(2026, 7, 1), is_ranking=False)
    assert quorum_of(meeting).members == 3


def test_a_published_decision_is_not_reopened():
    world = ready_world("decided")
    world.bloc_year.published_at = clock.now()
    world.bloc_year.published_by = world.board_officer
    world.bloc_year.save()
    with pytest.raises(Conflict) as conflict:
        take_step(
            actor=world.board_officer,
            bloc_year=world.bloc_year,
            name="reopen_decision",
            reason="Sửa",
        )
    assert "đã công bố" in conflict.value.details[0]


# ---------------------------------------------------------------- what higher apps contribute


def test_blockers_of_higher_apps_are_asked_and_named(monkeypatch):
    def unsigned(bloc_year, transition):
        if transition.name == "start_running":
            yield Blocker("Còn 2/3 đơn vị chưa ký giao ước:", hard=False, names=("A", "B"))

    monkeypatch.setattr(slots, "blockers", (unsigned,))
    world = ready_world("signing")
    offer = YEAR_WORKFLOW.offer(world.head_leader, world.bloc_year, "start_running")
    assert offer.open
    assert offer.asks_reason
    with pytest.raises(ValidationError):
        take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="start_running")
    take_step(
        actor=world.head_leader,
        bloc_year=world.bloc_year,
        name="start_running",
        reason="Hai đơn vị ký sau",
    )
    assert world.bloc_year.status == "running"


def test_effects_run_after_the_step_and_in_its_transaction(monkeypatch):
    seen = []

    def effect(bloc_year, transition, actor, reason):
        seen.append((bloc_year.status, transition.name, actor, reason))
        if reason == "hỏng":
            raise Conflict("Không làm tiếp được.")

    monkeypatch.setattr(slots, "effects", (effect,))
    world = ready_world("consulting")
    with pytest.raises(Conflict):
        take_step(
            actor=world.head_leader, bloc_year=world.bloc_year, name="open_signing", reason="hỏng"
        )
    world.bloc_year.refresh_from_db()
    assert world.bloc_year.status == "consulting"
    assert not BlocYearTransition.objects.filter(transition="open_signing").exists()
    take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="open_signing")
    assert seen[-1] == ("signing", "open_signing", world.head_leader, "")
