"""What blocs puts on "Việc cần làm", and the invariants with one failing row per rule."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs import invariants
from blocs.enums import DeadlineKind, TermKind, YearStatus
from blocs.models import (
    BlocYear,
    BlocYearTransition,
    DeadlineExtension,
    HeadTerm,
    Membership,
    SecretariatMember,
    StructureChange,
    Succession,
    Unit,
)
from blocs.tasks import desk
from emulation import clock
from tests.blocs.builders import (
    make_attendance,
    make_deadline,
    make_meeting,
    name_to_secretariat,
)
from tests.factories import (
    BlocFactory,
    BoardFactory,
    UnitFactory,
    make_bloc_year,
    make_person,
    make_post,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def titles(user, *, ready: bool | None = None) -> list[str]:
    tasks = desk(user).tasks
    return [task.title for task in tasks if ready is None or task.ready is ready]


def set_early_deadlines(world):
    for kind in (
        DeadlineKind.REGISTRATION,
        DeadlineKind.INTERIM_REPORT,
        DeadlineKind.SELF_SCORE,
    ):
        make_deadline(world, dt.date(2026, 12, 20), kind)


# ---------------------------------------------------------------- tasks


def test_outsiders_members_and_administrators_have_none():
    world = make_world(3)
    for user in (
        world.officers[2],
        make_user(),
        make_user(is_superuser=True),
        make_person(UnitFactory(board=world.board)),
    ):
        assert desk(user).tasks == ()
        assert desk(user).awaited == ()


def test_the_secretary_of_a_new_year():
    world = make_world(1)
    found = {task.title: task for task in desk(world.secretary).tasks}
    assert set(found) == {
        "Lập danh sách đơn vị thành viên",
        "Gỡ vướng để “Gửi lấy ý kiến”",
        "Đặt thời hạn của năm",
    }
    assert found["Đặt thời hạn của năm"].count == "3 hạn"
    assert found["Lập danh sách đơn vị thành viên"].capacity == f"Thư ký Khối · {world.bloc_year}"
    assert "ít nhất 2 đơn vị" in found["Gỡ vướng để “Gửi lấy ý kiến”"].detail


def test_the_head_takes_the_step_and_the_secretary_waits_for_him():
    world = make_world(3, status=YearStatus.CONSULTING)
    set_early_deadlines(world)
    (task,) = desk(world.head_leader).tasks
    assert task.title.startswith("Mở ký giao ước")
    assert task.capacity.startswith("Trưởng khối · ")
    secretary = desk(world.secretary)
    assert secretary.tasks == ()
    (awaited,) = secretary.awaited
    assert awaited.unit == world.units[0].name
    assert awaited.phone == world.head_leader.phone
    assert awaited.reminder.startswith("Kính đề nghị")


def test_a_named_secretary_has_the_clerical_tasks():
    world = make_world(3)
    name_to_secretariat(world, world.officers[2])
    assert "Đặt thời hạn của năm" in titles(world.officers[2])


def test_meetings_to_record():
    world = make_world(3, status=YearStatus.SIGNING)
    set_early_deadlines(world)
    assert "Ghi hội nghị ký kết giao ước" in titles(world.secretary)
    meeting = make_meeting(world, "signing")
    assert "Ghi thành phần dự họp" in titles(world.secretary)
    make_attendance(meeting, world, 3)
    assert titles(world.secretary) == []


def test_a_meeting_to_come_is_not_yet_a_task():
    world = make_world(3, status=YearStatus.SIGNING)
    make_meeting(world, "signing", held_on=clock.today() + dt.timedelta(days=1))
    assert "Ghi thành phần dự họp" not in titles(world.secretary)


def test_the_election_is_asked_for_until_it_is_recorded():
    world = make_world(3, status=YearStatus.ADOPTED)
    assert "Ghi kết quả bầu Trưởng khối năm 2027" in titles(world.secretary)
    HeadTerm.objects.create(bloc=world.bloc, year=2027, unit=world.units[2], kind=TermKind.HEAD)
    assert "Ghi kết quả bầu Trưởng khối năm 2027" not in titles(world.secretary)


def test_the_elected_head_creates_the_year():
    world = make_world(3)
    HeadTerm.objects.create(bloc=world.bloc, year=2027, unit=world.units[2], kind=TermKind.HEAD)
    assert titles(world.officers[2]) == ["Lập năm thi đua 2027"]
    make_bloc_year(world.bloc, year=2027)
    assert "Lập năm thi đua 2027" not in titles(world.officers[2])


def test_the_board_sees_what_lacks_in_its_blocs():
    world = make_world(3, deputy=False)
    bare = make_bloc_year(BlocFactory(board=world.board))
    make_world(3, deputy=False)
    found = {task.title: task for task in desk(world.board_officer).tasks}
    assert set(found) == {"Ghi Trưởng khối", "Phân công đơn vị thay Trưởng khối"}
    assert found["Ghi Trưởng khối"].url == f"/nam/{bare.pk}/"
    assert str(world.bloc_year) in found["Phân công đơn vị thay Trưởng khối"].detail


def test_a_closed_year_leaves_nothing_to_do():
    world = make_world(3, status=YearStatus.CLOSED)
    assert titles(world.secretary) == []


def count_queries(user) -> int:
    with CaptureQueriesContext(connection) as context:
        desk(user)
    return len(context)


def test_tasks_cost_the_same_whatever_the_size():
    few, many = (make_world(n, status=YearStatus.SIGNING) for n in (3, 30))
    for world in (few, many):
        for n in range(len(world.units) // 3):
            make_meeting(world, place=str(n))
    assert count_queries(few.secretary) == count_queries(many.secretary)
    assert count_queries(few.board_officer) == count_queries(many.board_officer)
    for n in range(12):
        make_bloc_year(BlocFactory(board=many.board, name=f"K{n}"))
    make_bloc_year(BlocFactory(board=few.board))
    assert count_queries(few.board_officer) == count_queries(many.board_officer)


# ---------------------------------------------------------------- invariants


def broken() -> list[str]:
    return [sentence for check in invariants.INVARIANTS for sentence in check()]


def test_a_sound_world_breaks_nothing():
    world = make_world(3)
    make_attendance(make_meeting(world), world, 3)
    assert broken() == []


def log(world, before, after):
    BlocYearTransition.objects.create(
        bloc_year=world.bloc_year,
        transition="x",
        from_status=before,
        to_status=after,
        actor=world.secretary,
        acting_as="Thử",
    )


@pytest.mark.parametrize(
    ("rows", "stored", "words"),
    [
        ([], "running", "ends at draft, the stored status is running"),
        ([("draft", "consulting")], "signing", "ends at consulting, the stored status is signing"),
        ([("signing", "running")], "running", "jumps from draft to signing"),
    ],
)
def test_a_broken_log_is_found(rows, stored, words):
    world = make_world(3)
    for before, after in rows:
        log(world, before, after)
    BlocYear.objects.filter(pk=world.bloc_year.pk).update(status=stored)
    (sentence,) = broken()
    assert words in sentence


def test_a_missing_log_is_found():
    world = make_world(3)
    BlocYearTransition.objects.filter(bloc_year=world.bloc_year)._raw_delete("default")
    (sentence,) = broken()
    assert "no log" in sentence


def test_a_log_that_does_not_begin_at_the_beginning_is_found():
    class Row:
        from_status, to_status = "draft", "consulting"

    found = list(invariants.broken_log("X", [Row()], "consulting", "draft"))
    assert found == [
        "X: the log starts from draft, not from the beginning.",
        "X: the log starts at consulting, not at draft.",
    ]


def break_board(world):
    BlocYear.objects.filter(pk=world.bloc_year.pk).update(board=BoardFactory())
    for unit in world.units:
        Unit.objects.filter(pk=unit.pk).update(board=BlocYear.objects.get().board)


def break_member_board(world):
    Unit.objects.filter(pk=world.units[2].pk).update(board=BoardFactory())


def break_year(world):
    Membership.objects.filter(pk=world.memberships[2].pk).update(year=1999)


def break_name(world):
    Unit.objects.filter(pk=world.units[2].pk).update(name="Tên lạ")


def break_names(world):
    world.units[2].names.update(ends_on=dt.date(2020, 1, 1))
    world.units[2].names.create(name=world.units[2].name, starts_on=dt.date(2019, 1, 1))


def break_succession(world):
    change = StructureChange.objects.create(
        board=world.board,
        kind="units_merged",
        title="Sáp nhập",
        effective_on=dt.date(2026, 1, 1),
        reason="x",
        actor=world.board_officer,
        acting_as="x",
    )
    Succession.objects.create(change=change, predecessor=UnitFactory(), successor=world.units[2])


def an_ended_unit(world):
    """A unit that ended as it should, its name with it."""
    unit = UnitFactory(board=world.board, ended_on=dt.date(2026, 1, 2))
    unit.names.update(ends_on=dt.date(2026, 1, 1))
    return unit


def break_ended_name(world):
    an_ended_unit(world).names.update(ends_on=dt.date(2026, 1, 2))


def break_ended_post(world):
    make_person(an_ended_unit(world))


def break_ended_membership(world):
    unit = an_ended_unit(world)
    row = Membership(bloc_year=world.bloc_year, unit=unit, year=2026, unit_name=unit.name)
    row.ends_on = dt.date(2026, 1, 2)
    row.save()


def break_posts(world):
    user = make_user()
    make_post(user, unit=world.units[2], ends_on=dt.date(2026, 1, 1))
    make_post(user, unit=world.units[2], starts_on=dt.date(2025, 1, 1))


def break_attendance(world):
    meeting = make_meeting(world)
    other = make_bloc_year(world.bloc, year=2020)
    row = Membership.objects.create(bloc_year=other, unit=world.units[0], year=2020, unit_name="X")
    meeting.attendance.create(membership=row, is_present=True)


def break_extension(world):
    deadline = make_deadline(world, dt.date(2026, 12, 20))
    other = make_bloc_year(world.bloc, year=2020)
    row = Membership.objects.create(bloc_year=other, unit=world.units[0], year=2020, unit_name="X")
    DeadlineExtension.objects.create(
        deadline=deadline,
        membership=row,
        due_on=dt.date(2026, 12, 25),
        reason="x",
        actor=world.secretary,
        acting_as="x",
    )


def break_secretariat(world):
    row = name_to_secretariat(world, world.officers[2])
    earlier = row.named_at - dt.timedelta(days=1)
    SecretariatMember.objects.filter(pk=row.pk).update(ended_at=earlier)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (break_board, "another board than its bloc's"),
        (break_member_board, "a unit of another board"),
        (break_year, "its year differs"),
        (break_name, "not the last of its dated names"),
        (break_names, "names overlap"),
        (break_ended_name, "not the last of its dated names"),
        (break_succession, "units of two boards"),
        (break_ended_post, "held in a unit that ended"),
        (break_ended_membership, "outlasts its unit"),
        (break_posts, "overlap"),
        (break_attendance, "MeetingAttendance"),
        (break_extension, "DeadlineExtension"),
        (break_secretariat, "ended before it began"),
    ],
)
def test_each_invariant_is_found_broken(spoil, words):
    spoil(make_world(3))
    (sentence,) = broken()
    assert words in sentence
