"""Posts that come back to life, last days overruled, one post handed over twice."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from blocs.enums import PostRole
from blocs.models import Post
from blocs.services.handover import Handover, hand_over
from blocs.services.people import NewPerson, add_person, appoint, end_post
from blocs.services.structure.endings import dissolve_unit
from blocs.services.structure.records import Ground
from emulation import clock
from emulation.access import Conflict
from tests.factories import World, make_person, make_post, make_world

ROUNDS = 5
SECONDS = 20


@pytest.fixture
def world() -> World:
    return make_world()


def newcomer(world: World, place: int, name: str = "Lê Thị Mới") -> Post:
    return add_person(
        actor=world.board_officer,
        person=NewPerson(name),
        unit=world.units[place],
        role=PostRole.LEADER,
        title="",
        starts_on=clock.today(),
    )


@pytest.mark.django_db
def test_nobody_is_given_a_post_in_a_unit_that_ended(world: World) -> None:
    """Its sheet of a tabled year is still there, and a post would open it."""
    stale = world.units[2]
    dissolve_unit(
        actor=world.board_officer, unit=world.units[2], ground=Ground(clock.today(), "Giải thể")
    )
    assert stale.ended_on is None
    with pytest.raises(ValidationError, match="đã kết thúc hoạt động"):
        newcomer(world, 2)
    assert not Post.objects.filter(unit=stale, closed_at__isnull=True).exists()


@pytest.mark.django_db
def test_nobody_overrules_the_last_day_of_the_own_post(world: World) -> None:
    leader, post = world.leaders[2], Post.objects.get(user=world.leaders[2])
    make_person(world.units[2], PostRole.LEADER)
    last = clock.today() + dt.timedelta(days=3)
    end_post(actor=world.board_officer, post=post, ends_on=last)
    with pytest.raises(ValidationError, match="không tự kéo dài"):
        end_post(actor=leader, post=post, ends_on=last + dt.timedelta(days=90))
    with pytest.raises(ValidationError, match="không tự ghi tiếp"):
        appoint(
            actor=leader,
            user=leader,
            unit=world.units[2],
            role=PostRole.LEADER,
            title="",
            starts_on=last + dt.timedelta(days=1),
        )
    assert Post.objects.get(user=leader).ends_on == last
    later = last + dt.timedelta(days=90)
    assert end_post(actor=world.board_officer, post=post, ends_on=later).ends_on == later


@pytest.mark.django_db
def test_a_post_that_is_over_is_not_opened_again_by_its_last_day(world: World) -> None:
    post = Post.objects.get(user=world.officers[2])
    ended = clock.today() - dt.timedelta(days=10)
    end_post(actor=world.leaders[2], post=post, ends_on=ended)
    with pytest.raises(ValidationError, match="đã kết thúc ngày"):
        end_post(actor=world.leaders[2], post=post, ends_on=clock.today())
    corrected = ended + dt.timedelta(days=3)
    assert end_post(actor=world.leaders[2], post=post, ends_on=corrected).ends_on == corrected


@pytest.mark.django_db
def test_a_post_to_come_gives_nothing_today(world: World) -> None:
    soon = make_person(world.units[1])
    make_post(soon, unit=world.units[2], role=PostRole.LEADER, starts_on=dt.date(2199, 1, 1))
    with pytest.raises(Exception, match="lãnh đạo đơn vị"):
        appoint(
            actor=soon,
            user=world.officers[2],
            unit=world.units[2],
            role=PostRole.LEADER,
            title="",
            starts_on=clock.today(),
        )


@pytest.mark.django_db
def test_a_leader_does_not_make_an_appraiser_partial(world: World) -> None:
    """The secretary, once of this unit, would not be let near its sheet any more."""
    left = clock.today() - dt.timedelta(days=400)
    make_post(world.secretary, unit=world.units[2], ends_on=left)
    wanted = {"user": world.secretary, "unit": world.units[2], "role": PostRole.OFFICER}
    with pytest.raises(ValidationError, match="đang giữ chức vụ ở nơi khác"):
        appoint(actor=world.leaders[2], title="", starts_on=clock.today(), **wanted)
    assert appoint(
        actor=world.board_officer, title="", starts_on=clock.today(), **wanted
    ).is_current(clock.today())


@pytest.mark.django_db
def test_a_board_does_not_reach_for_who_works_for_another_by_now(world: World) -> None:
    other = make_world()
    left = clock.today() - dt.timedelta(days=400)
    make_post(other.board_officer, unit=world.units[2], ends_on=left)
    with pytest.raises(ValidationError, match="ở Hội đồng khác"):
        appoint(
            actor=world.board_officer,
            user=other.board_officer,
            unit=world.units[2],
            role=PostRole.OFFICER,
            title="",
            starts_on=clock.today(),
        )


# ---------------------------------------------------------------- at the same moment


def at_once(*names: str, world: World, post: Post) -> list[str]:
    """Hand one post over to several newcomers at the same moment; what became of each."""
    barrier = Barrier(len(names))

    def go(name: str) -> str:
        handover = Handover(post, newcomer=NewPerson(name))
        try:
            barrier.wait(SECONDS)
            hand_over(actor=world.board_officer, handover=handover)
        except Conflict:
            return "conflict"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(names)) as pool:
        return sorted(pool.map(go, names))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_one_post_has_one_successor() -> None:
    for _ in range(ROUNDS):
        world = make_world()
        post = Post.objects.get(user=world.leaders[2])
        assert at_once("Lê A", "Trần B", world=world, post=post) == ["conflict", "done"]
        assert Post.objects.filter(unit=world.units[2], closed_at__isnull=True).count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
@pytest.mark.django_db(transaction=True)
def test_two_boards_at_once_make_one_log_in_name_once() -> None:
    for number in range(ROUNDS):
        worlds, barrier = [make_world(), make_world()], Barrier(2)

        def go(world: World, name: str = f"Trần Trùng {'abcde'[number]}") -> str:
            try:
                barrier.wait(SECONDS)  # noqa: B023 - used within the round
                return newcomer(world, 2, name).user.username
            except ValidationError as error:
                return str(error.message_dict["username"][0])
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(go, worlds))
        assert len(set(said)) == 2, said
