"""Invitations: the code, who may give one to whom; it works once, for a week, with ground."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import PostRole
from blocs.models import Invitation, SecretariatMember
from blocs.permissions import can_invite
from blocs.services.invitations import (
    ALPHABET,
    NotValid,
    accept_invitation,
    invitation_of,
    invite,
    new_code,
    plain_code,
)
from blocs.services.people import appoint, end_post
from emulation import clock
from emulation.enums import DoorEvent
from emulation.models import DoorRecord, User
from scoring.models import CrossCheck
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
PASSWORD = "hoa-sen-no-ngay-he"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def world() -> World:
    return make_world(3)


def code_for(actor: User, person: User) -> str:
    done = invite(actor=actor, people=[person])
    assert done.refused == ()
    return done.issued[0].code


# ---------------------------------------------------------------- the code


def test_a_code_can_be_read_from_paper_and_typed_with_a_vietnamese_keyboard():
    code = new_code()
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert set(plain_code(code)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("AEIOUYWD01")
    assert len(ALPHABET) == len(set(ALPHABET)) == 26
    assert new_code() != code


def test_case_spaces_and_dashes_do_not_matter(world):
    code = code_for(world.board_officer, world.leaders[0])
    typed = f"  {code.lower().replace('-', ' – ')} "
    assert invitation_of(typed).user == world.leaders[0]


def test_only_the_hash_is_kept(world):
    code = code_for(world.board_officer, world.leaders[0])
    row = Invitation.objects.values().get()
    assert plain_code(code) not in str(row)
    assert len(row["code_hash"]) == 64


# ---------------------------------------------------------------- who may be invited by whom


def test_the_board_invites_its_units_and_its_own_officers(world):
    colleague = make_board_officer(world.board)
    for person in (world.leaders[2], world.officers[2], colleague):
        assert can_invite(world.board_officer, person)


def test_a_leader_invites_the_own_unit_only(world):
    assert can_invite(world.leaders[2], world.officers[2])
    assert not can_invite(world.leaders[2], world.officers[1])
    assert not can_invite(world.leaders[2], world.board_officer)


def test_an_officer_invites_nobody(world):
    assert not can_invite(world.officers[2], world.leaders[2])
    assert not can_invite(world.officers[2], make_person(world.units[2]))


def test_nobody_invites_himself(world):
    assert "Đổi mật khẩu" in can_invite(world.leaders[2], world.leaders[2]).reason
    assert not can_invite(world.board_officer, world.board_officer)


def test_another_boards_people_are_out_of_reach(world):
    stranger = make_person(UnitFactory())
    assert not can_invite(world.board_officer, stranger)
    assert not can_invite(world.board_officer, make_board_officer(BoardFactory()))


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_an_administrators_account_is_never_taken_over_through_a_post(world, flag):
    admin = make_person(world.units[2], **{flag: True})
    for actor in (world.board_officer, world.leaders[2], make_user(is_superuser=True)):
        assert "quản trị" in can_invite(actor, admin).reason


def test_a_person_of_two_boards_is_the_administrators(world):
    person = make_person(world.units[2])
    make_post(person, unit=UnitFactory())
    assert "ở nơi khác" in can_invite(world.board_officer, person).reason
    assert can_invite(make_user(is_superuser=True), person)


def test_a_post_to_come_counts_for_a_password_outlasts_the_day(world):
    person = make_person(world.units[2])
    make_post(person, board=BoardFactory(), starts_on=clock.today() + dt.timedelta(days=3))
    assert not can_invite(world.board_officer, person)
    assert not can_invite(world.leaders[2], person)


def test_a_leader_does_not_reset_who_also_works_for_the_board(world):
    person = make_person(world.units[2])
    assert can_invite(world.leaders[2], person)
    make_post(person, board=world.board)
    assert "ở nơi khác" in can_invite(world.leaders[2], person).reason
    assert can_invite(make_board_officer(world.board), person)


def test_a_leader_does_not_reset_who_also_works_for_another_unit(world):
    person = make_person(world.units[2])
    make_post(person, unit=world.units[1])
    assert "ở nơi khác" in can_invite(world.leaders[2], person).reason
    assert can_invite(world.board_officer, person)


def test_a_post_of_before_is_no_hindrance(world):
    person = make_person(world.units[2])
    make_post(person, unit=world.units[1], ends_on=clock.today() - dt.timedelta(days=1))
    assert can_invite(world.leaders[2], person)


def test_a_leader_does_not_reset_a_named_secretary(world):
    """The secretariat reads and appraises what the leader's own posts do not open."""
    person = world.officers[2]
    SecretariatMember.objects.create(
        bloc_year=world.bloc_year, user=person, named_by=world.head_leader
    )
    assert "thư ký" in can_invite(world.leaders[2], person).reason
    assert can_invite(world.board_officer, person)


def test_a_leader_does_not_reset_a_cross_checker(world, monkeypatch):
    person = world.officers[2]
    asked = CrossCheck.objects.filter(checker=person)
    assert not asked.exists()
    assert can_invite(world.leaders[2], person)
    monkeypatch.setattr("blocs.slots.slots.entrusted", (lambda keys: [person.pk],))
    assert "kiểm tra chéo" in can_invite(world.leaders[2], person).reason
    assert can_invite(world.board_officer, person)


def test_without_a_post_today_there_is_nobody_to_invite(world):
    late = make_user()
    make_post(late, unit=world.units[2], starts_on=clock.today() + dt.timedelta(days=1))
    gone = make_user()
    make_post(gone, unit=world.units[2], ends_on=clock.today() - dt.timedelta(days=1))
    for person in (late, gone, make_user()):
        assert not can_invite(world.board_officer, person)
        assert not can_invite(world.leaders[2], person)
        assert not can_invite(make_user(is_superuser=True), person)


def test_a_deactivated_account_stays_closed(world):
    person = make_person(world.units[2], is_active=False)
    assert "ngừng hoạt động" in can_invite(world.board_officer, person).reason
    world.board_officer.is_active = False
    assert not can_invite(world.board_officer, world.leaders[2])


def test_a_round_invites_whom_it_may_and_names_the_others(world):
    stranger = make_person(UnitFactory())
    done = invite(actor=world.board_officer, people=[world.leaders[0], stranger])
    assert [each.person for each in done.issued] == [world.leaders[0]]
    assert [person for person, _ in done.refused] == [stranger]
    assert Invitation.objects.count() == 1
    record = DoorRecord.objects.get(event=DoorEvent.INVITED)
    assert (record.user, record.actor) == (world.leaders[0], world.board_officer)


# ---------------------------------------------------------------- using it


def test_a_code_sets_the_password_once(world):
    person = world.officers[2]
    code = code_for(world.leaders[2], person)
    assert accept_invitation(code=code, password=PASSWORD) == person
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    with pytest.raises(NotValid):
        accept_invitation(code=code, password="khac-han-lan-truoc")
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_new_code_revokes_the_one_before(world):
    first, second = (code_for(world.board_officer, world.leaders[0]) for _ in range(2))
    with pytest.raises(NotValid):
        invitation_of(first)
    assert invitation_of(second)
    assert Invitation.objects.filter(revoked_at__isnull=True).count() == 1


def test_a_code_lives_seven_days(world):
    given = clock.now()
    code = code_for(world.board_officer, world.leaders[0])
    with clock.at(given + WEEK - dt.timedelta(minutes=1)):
        assert invitation_of(code)
    with clock.at(given + WEEK + dt.timedelta(minutes=1)), pytest.raises(NotValid):
        accept_invitation(code=code, password=PASSWORD)


def test_a_weak_password_leaves_the_code_open(world):
    code = code_for(world.board_officer, world.leaders[0])
    with pytest.raises(ValidationError):
        accept_invitation(code=code, password="12345678")
    assert invitation_of(code).used_at is None


def test_a_code_dies_when_its_giver_may_not_give_it_any_more(world):
    """A leader who left must not come back through an envelope he kept."""
    make_person(world.units[2], PostRole.LEADER)
    code = code_for(world.leaders[2], world.officers[2])
    post = world.leaders[2].posts.get()
    end_post(actor=world.board_officer, post=post, ends_on=clock.today(), close_now=True)
    with pytest.raises(NotValid):
        accept_invitation(code=code, password=PASSWORD)
    assert Invitation.objects.get().revoked_at is not None


def test_a_code_dies_when_its_giver_leaves_by_the_calendar_alone(world):
    code = code_for(world.leaders[2], world.officers[2])
    world.leaders[2].posts.update(ends_on=clock.today() - dt.timedelta(days=1))
    with pytest.raises(NotValid):
        invitation_of(code)


def test_a_code_dies_when_its_owner_rises_above_the_giver(world):
    """Kept by a unit's leader until the person works for the board, it would open the board."""
    person = world.officers[2]
    code = code_for(world.leaders[2], person)
    appoint(
        actor=make_user(is_superuser=True),
        user=person,
        board=world.board,
        role=PostRole.BOARD_OFFICER,
        title="",
        starts_on=clock.today(),
    )
    with pytest.raises(NotValid):
        accept_invitation(code=code, password=PASSWORD)
    assert Invitation.objects.get().revoked_at is not None


def test_a_code_dies_when_its_owner_becomes_an_administrator(world):
    code = code_for(world.board_officer, world.officers[2])
    User.objects.filter(pk=world.officers[2].pk).update(is_superuser=True)
    with pytest.raises(NotValid):
        accept_invitation(code=code, password=PASSWORD)


def test_a_leaving_person_takes_no_open_code_along(world):
    code = code_for(world.board_officer, world.officers[2])
    end_post(
        actor=world.board_officer,
        post=world.officers[2].posts.get(),
        ends_on=clock.today(),
        close_now=True,
    )
    with pytest.raises(NotValid):
        invitation_of(code)
