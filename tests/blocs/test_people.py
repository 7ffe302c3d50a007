"""People and posts: names to log in with, who records whom, what ends with a post."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import PostRole
from blocs.invariants import posts_do_not_overlap
from blocs.models import Post, SecretariatMember
from blocs.selectors.standing import posts_today
from blocs.services.people import (
    NewPerson,
    add_person,
    appoint,
    create_person,
    edit_person,
    end_post,
    free_username,
    taken_usernames,
)
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, User
from tests.factories import (
    BoardFactory,
    UnitFactory,
    World,
    make_board_officer,
    make_person,
    make_post,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world(3)


def today() -> dt.date:
    return clock.today()


# ---------------------------------------------------------------- names to log in with


@pytest.mark.parametrize(
    ("full_name", "taken", "made"),
    [
        ("Nguyễn Văn Ân", (), "nguyen.van.an"),
        ("  Đỗ   Thị Hồng-Hà ", (), "do.thi.hong.ha"),
        ("Nguyễn Văn Ân", ("nguyen.van.an",), "nguyen.van.an2"),
        ("Nguyễn Văn Ân", ("Nguyen.Van.An", "nguyen.van.an2"), "nguyen.van.an3"),
        ("Nguyễn Văn Ân", ("nguyen.van.an2",), "nguyen.van.an"),
        ("???", (), "nguoi.dung"),
        ("Á" * 300, (), "a" * 140),
    ],
)
def test_a_log_in_name_is_made_from_the_name(full_name, taken, made):
    assert free_username(full_name, taken) == made


def test_namesakes_are_numbered_as_they_come(world):
    made = [
        create_person(actor=world.board_officer, username="", full_name="Lê Thị Bé").username
        for _ in range(3)
    ]
    assert made == ["le.thi.be", "le.thi.be2", "le.thi.be3"]
    assert taken_usernames("Lê Thị Bé") == set(made)


# ---------------------------------------------------------------- who records whom


def give(actor: User, user: User, **values) -> Post:
    values = {"role": PostRole.OFFICER, "title": "", "starts_on": today(), **values}
    return appoint(actor=actor, user=user, **values)


def test_a_leader_staffs_the_own_unit_with_people_it_knows(world):
    unit, leader = world.units[2], world.leaders[2]
    former = make_user()
    make_post(former, unit=unit, ends_on=today() - DAY)
    assert give(leader, former, unit=unit).unit == unit
    with pytest.raises(ValidationError):
        give(leader, world.officers[1], unit=unit)
    with pytest.raises(ValidationError):
        give(leader, make_user(), unit=unit)
    with pytest.raises(Refused):
        give(leader, former, unit=world.units[1])


def test_an_officer_staffs_nothing(world):
    with pytest.raises(Refused):
        give(world.officers[2], world.leaders[2], unit=world.units[2])
    with pytest.raises(Refused):
        create_person(actor=world.officers[2], username="", full_name="Lê An")


def test_a_leader_appoints_no_officer_of_the_board(world):
    with pytest.raises(Refused):
        give(world.leaders[2], world.officers[2], board=world.board, role=PostRole.BOARD_OFFICER)


def test_a_leader_adds_a_new_person_to_the_own_unit(world):
    post = add_person(
        actor=world.leaders[2],
        person=NewPerson("Trần Thị Mới"),
        role=PostRole.OFFICER,
        title="Chuyên viên",
        starts_on=today(),
        unit=world.units[2],
    )
    assert post.user.username == "tran.thi.moi"
    assert not post.user.has_usable_password()
    before = User.objects.count()
    with pytest.raises(Refused):
        add_person(
            actor=world.leaders[2],
            person=NewPerson("Trần Thị Khác"),
            role=PostRole.OFFICER,
            title="",
            starts_on=today(),
            unit=world.units[1],
        )
    assert User.objects.count() == before


def test_an_administrator_gives_no_post_to_himself(world):
    admin, other = make_user(is_superuser=True), make_user()
    for place in ({"unit": world.units[2]}, {"board": world.board, "role": "board_officer"}):
        with pytest.raises(Refused):
            give(admin, admin, **place)
        assert give(admin, other, **place).user == other


def test_a_board_does_not_reach_for_an_account_of_administration(world):
    with pytest.raises(ValidationError):
        give(world.board_officer, make_user(is_staff=True), unit=world.units[2])
    assert give(world.board_officer, make_user(), unit=world.units[2]).pk


def test_a_board_that_was_merged_takes_nobody_on(world):
    world.board.ended_on = today()
    world.board.save()
    with pytest.raises(Conflict):
        give(make_user(is_superuser=True), make_user(), board=world.board, role="board_officer")


# ---------------------------------------------------------------- correcting what is written


def test_a_name_is_corrected_by_who_looks_after_the_account(world):
    person = world.officers[2]
    for actor in (world.leaders[2], world.board_officer):
        edit_person(actor=actor, person=person, full_name=" Lê  Văn Ba ", email="ba@vidu.vn")
        person.refresh_from_db()
        assert (person.full_name, person.email, person.folded[:9]) == (
            "Lê Văn Ba",
            "ba@vidu.vn",
            "le van ba",
        )
    assert DoorRecord.objects.filter(event=DoorEvent.ACCOUNT_CHANGED).count() == 1


def test_a_leader_corrects_nobody_who_works_elsewhere_too(world):
    """The mail address is where an invitation goes."""
    person = world.officers[2]
    make_post(person, board=world.board)
    colleague = make_person(world.units[2])
    for actor in (world.leaders[2], colleague, world.leaders[1]):
        with pytest.raises(Refused):
            edit_person(actor=actor, person=person, full_name="Khác", email="khac@vidu.vn")
    with pytest.raises(Refused):
        edit_person(actor=make_board_officer(BoardFactory()), person=person, full_name="Khác")


# ---------------------------------------------------------------- the end of a post


def test_access_closes_the_same_minute(world):
    person = world.officers[2]
    post = person.posts.get()
    end_post(actor=world.leaders[2], post=post, ends_on=today())
    assert posts_today(person).exists()
    end_post(actor=world.leaders[2], post=post, ends_on=today(), close_now=True)
    assert not posts_today(person).exists()


def test_access_is_closed_at_once_on_the_last_day_only(world):
    post = world.officers[2].posts.get()
    for day in (today() - DAY, today() + DAY):
        with pytest.raises(ValidationError):
            end_post(actor=world.board_officer, post=post, ends_on=day, close_now=True)
    end_post(actor=world.board_officer, post=post, ends_on=today(), close_now=True)
    with pytest.raises(ValidationError):
        end_post(actor=world.board_officer, post=post, ends_on=today() + DAY)


def test_a_closed_post_can_be_taken_up_again_the_same_day(world):
    person, unit = world.officers[2], world.units[2]
    end_post(actor=world.board_officer, post=person.posts.get(), ends_on=today(), close_now=True)
    again = give(world.board_officer, person, unit=unit)
    assert list(posts_today(person)) == [again]
    assert list(posts_do_not_overlap()) == []
    with pytest.raises(ValidationError):
        give(world.board_officer, person, unit=unit)


def test_an_open_last_day_is_not_overlapped(world):
    person, unit = world.officers[2], world.units[2]
    end_post(actor=world.board_officer, post=person.posts.get(), ends_on=today())
    with pytest.raises(ValidationError):
        give(world.board_officer, person, unit=unit)
    assert give(world.board_officer, person, unit=unit, starts_on=today() + DAY)
    assert list(posts_do_not_overlap()) == []


def test_the_last_leader_goes_only_by_the_board(world):
    leader = world.leaders[2]
    with pytest.raises(ValidationError, match="Bàn giao"):
        end_post(actor=leader, post=leader.posts.get(), ends_on=today())
    deputy = make_person(world.units[2], PostRole.LEADER)
    end_post(actor=deputy, post=leader.posts.get(), ends_on=today())
    end_post(actor=world.board_officer, post=deputy.posts.get(), ends_on=today())
    assert deputy.posts.get().ends_on == today()


def test_a_leader_whose_account_is_closed_leads_nobody(world):
    make_person(world.units[2], PostRole.LEADER, is_active=False)
    with pytest.raises(ValidationError):
        end_post(actor=world.leaders[2], post=world.leaders[2].posts.get(), ends_on=today())


def test_a_board_keeps_its_last_officer(world):
    post = world.board_officer.posts.get()
    with pytest.raises(ValidationError, match="duy nhất"):
        end_post(actor=world.board_officer, post=post, ends_on=today())
    make_board_officer(world.board)
    end_post(actor=world.board_officer, post=post, ends_on=today(), close_now=True)
    assert not posts_today(world.board_officer).exists()


def test_a_leader_ends_no_post_elsewhere(world):
    for post in (world.officers[1].posts.get(), world.board_officer.posts.get()):
        with pytest.raises(Refused):
            end_post(actor=world.leaders[2], post=post, ends_on=today())


def test_a_naming_lapses_with_the_last_post_in_the_bloc(world):
    person = world.officers[2]
    naming = SecretariatMember.objects.create(
        bloc_year=world.bloc_year, user=person, named_by=world.head_leader
    )
    second = make_post(person, unit=world.units[1])
    end_post(actor=world.board_officer, post=person.posts.first(), ends_on=today(), close_now=True)
    naming.refresh_from_db()
    assert naming.ended_at is None
    end_post(actor=world.board_officer, post=second, ends_on=today(), close_now=True)
    naming.refresh_from_db()
    assert naming.ended_at is not None


def test_a_unit_of_another_board_stays_out_of_reach(world):
    stranger = make_person(UnitFactory())
    with pytest.raises(Refused):
        end_post(actor=world.board_officer, post=stranger.posts.get(), ends_on=today())
