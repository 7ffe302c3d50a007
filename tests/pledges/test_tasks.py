"""What stands on "Việc cần làm", and who is awaited."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.enums import DeadlineKind, YearStatus
from emulation import clock
from pledges.services.comments import comment_on_pledge
from pledges.services.signatures import sign_pledge
from pledges.tasks import desk
from tests.factories import make_world
from tests.pledges.builders import (
    at_day,
    consulting,
    drafted,
    paper_signed,
    registered,
    reported,
    running_world,
    set_due,
    signing_world,
)

pytestmark = pytest.mark.django_db


def titles(user):
    return [task.title for task in desk(user).tasks if task.ready]


def test_the_secretary_is_asked_for_a_draft():
    world = make_world()
    assert titles(world.secretary) == ["Soạn dự thảo giao ước"]
    drafted(world)
    assert titles(world.secretary) == []


def test_units_are_asked_to_comment_and_the_head_to_answer():
    world = make_world()
    pledge = consulting(world)
    assert titles(world.officers[2]) == ["Góp ý dự thảo giao ước"]
    comment_on_pledge(
        actor=world.officers[2],
        pledge=pledge,
        item=None,
        membership=world.memberships[2],
        text="Đề nghị nêu rõ",
    )
    assert titles(world.officers[2]) == []
    head = desk(world.head_leader).tasks
    assert [(t.title, t.count) for t in head if t.capacity.startswith("Trưởng khối")] == [
        ("Trả lời ý kiến góp ý giao ước", "1 ý kiến"),
        ("Chốt nội dung giao ước", "3 nội dung"),
    ]


def test_the_leader_signs_the_officer_brings_it_to_be_signed():
    world, pledge = signing_world()
    assert titles(world.leaders[2]) == ["Ký giao ước thi đua", "Gửi đăng ký chỉ tiêu, danh hiệu"]
    assert titles(world.officers[2])[0] == "Trình lãnh đạo ký giao ước thi đua"
    sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    registered(world)
    assert titles(world.leaders[2]) == []


def test_reports_come_up_when_their_deadline_is_near():
    world, _ = running_world()
    set_due(world, DeadlineKind.INTERIM_REPORT, dt.date(2026, 7, 1))
    with clock.at(at_day(2026, 4, 1)):
        later = [task for task in desk(world.officers[2]).tasks if not task.ready]
        assert "Gửi báo cáo sơ kết" in [task.title for task in later]
    with clock.at(at_day(2026, 6, 1)):
        (task,) = [t for t in desk(world.officers[2]).tasks if "sơ kết" in t.title]
        assert (task.ready, task.due_on) == (True, dt.date(2026, 7, 1))
        reported(world)
        assert "Gửi báo cáo sơ kết" not in titles(world.officers[2])


def test_the_secretary_awaits_units_with_officer_phone_and_reminder():
    world, pledge = signing_world()
    paper_signed(world, pledge, 1)
    (awaited,) = desk(world.secretary).awaited
    assert (awaited.what, awaited.unit) == ("ký giao ước", world.memberships[2].unit_name)
    assert world.officers[2].full_name in awaited.contact
    assert awaited.phone == world.officers[2].phone
    assert world.memberships[2].unit_name in awaited.reminder
    assert "ký" in awaited.reminder
    for person in (world.officers[1], world.leaders[2], world.board_officer):
        assert desk(person).awaited == ()


def test_reports_are_awaited_a_fortnight_before_and_when_overdue():
    world, pledge = running_world(2)
    paper_signed(world, pledge, 1)
    set_due(world, DeadlineKind.INTERIM_REPORT, dt.date(2026, 7, 1))

    def waiting(day):
        with clock.at(at_day(2026, *day)):
            return [(a.what, a.note) for a in desk(world.secretary).awaited]

    assert waiting((6, 1)) == []
    assert waiting((6, 20)) == [("gửi báo cáo sơ kết", "hạn 01/07/2026")]
    assert waiting((7, 3)) == [("gửi báo cáo sơ kết", "quá hạn 2 ngày")]


@pytest.mark.parametrize("status", [YearStatus.ADOPTED, YearStatus.CLOSED])
def test_a_year_that_is_over_asks_for_nothing(status):
    world, _ = signing_world()
    world.set_status(status)
    for person in (*world.leaders, *world.officers):
        assert desk(person).tasks == ()
        assert desk(person).awaited == ()


def test_strangers_have_an_empty_desk():
    world, _ = signing_world()
    other = make_world()
    assert desk(world.board_officer).tasks == ()
    assert all(str(world.bloc_year) not in task.capacity for task in desk(other.leaders[2]).tasks)


def test_queries_do_not_grow_with_members_and_years(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for members in (3, 30):
        world, _ = signing_world(members)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk(world.secretary)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
