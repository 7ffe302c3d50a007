"""Edge cases 35 and 39: an officer leaves, a post is handed over; the unit keeps everything."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import PostRole, YearStatus
from blocs.models import Post, SecretariatMember
from blocs.permissions import can_invite
from blocs.selectors.standing import standing_in
from blocs.selectors.years import bloc_years_visible_to
from blocs.services.handover import Handover, hand_over, plan_handover
from blocs.services.people import NewPerson, end_post
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import User
from emulation.plans import PlanMoved
from tests.factories import World, make_bloc_year, make_membership, make_person, make_world
from tests.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blocs_alone() -> None:
    """Not here: the edges are walked with sheets and pledges, as people meet them."""


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


def post_of(person: User) -> Post:
    return person.posts.get()


# ---------------------------------------------------------------- 35


def test_edge_35_an_officer_leaves_and_the_unit_keeps_its_data(as_user):
    story = Story("drafting")
    with story.clock():
        officer, leader = story.officer_of("own"), story.leader_of("own")
        sheet, client = story.sheet(), as_user(officer)
        before = list(sheet.lines.order_by("pk").values())
        page = f"/phieu/{sheet.pk}/"
        assert client.get(page).status_code == 200
        end_post(actor=leader, post=post_of(officer), ends_on=clock.today(), close_now=True)
        assert not bloc_years_visible_to(officer).exists()
        assert client.get(f"/nam/{story.year.pk}/").status_code == 404
        assert client.get(page).status_code == 404
        assert bloc_years_visible_to(leader).filter(pk=story.year.pk).exists()
        assert list(story.sheet().lines.order_by("pk").values()) == before
        assert story.sheet().status == sheet.status


# ---------------------------------------------------------------- 39


def test_edge_39_the_new_head_reads_the_whole_dossier(world):
    """Handing over the head unit's leadership hands over the bloc, of all its years."""
    unit, old = world.units[0], world.head_leader
    earlier = make_bloc_year(world.bloc, year=world.bloc_year.year - 1)
    make_membership(earlier, unit)
    known = set(bloc_years_visible_to(old))
    assert known == {world.bloc_year, earlier}
    new = hand_over(
        actor=old, handover=Handover(post_of(old), newcomer=NewPerson("Trần Thị Kế"))
    ).user
    assert set(bloc_years_visible_to(new)) == known
    assert standing_in(new, world.bloc_year).leads_head
    assert not bloc_years_visible_to(old).exists()
    assert not standing_in(old, world.bloc_year).leads_head


def test_edge_39_every_paper_of_the_story_opens_to_the_successor(client):
    story = Story("tabled")
    with story.clock():
        old = story.leader_of("head")
        post = hand_over(
            actor=old, handover=Handover(post_of(old), newcomer=NewPerson("Trần Thị Kế"))
        )
        pages = [
            f"/nam/{story.year.pk}/{part}" for part in ("", "don-vi/", "hoi-nghi/", "van-ban/")
        ]
        for person, status in ((post.user, 200), (old, 404)):
            client.force_login(person)
            assert [client.get(page).status_code for page in pages] == [status] * len(pages)


# ---------------------------------------------------------------- handing over


def test_the_old_access_closes_the_minute_the_new_one_begins(world):
    old, successor, unit = world.leaders[2], world.officers[2], world.units[2]
    new = hand_over(actor=world.board_officer, handover=Handover(post_of(old), successor))
    ended = Post.objects.get(user=old)
    assert (ended.ends_on, new.starts_on) == (clock.today(), clock.today())
    assert ended.closed_at is not None
    assert not ended.is_current(clock.today())
    assert new.is_current(clock.today())
    assert (new.unit, new.role) == (unit, PostRole.LEADER)
    assert [post.unit for post in successor.posts.all()] == [unit, unit]


def test_a_leader_hands_the_own_post_over_though_it_is_the_last(world):
    leader = world.leaders[2]
    with pytest.raises(ValidationError):
        end_post(actor=leader, post=post_of(leader), ends_on=clock.today())
    new = hand_over(actor=leader, handover=Handover(post_of(leader), world.officers[2]))
    assert new.user == world.officers[2]


def test_the_plan_says_who_loses_and_gets_what(world):
    old = world.officers[1]
    naming = SecretariatMember.objects.create(
        bloc_year=world.bloc_year, user=old, named_by=world.head_leader
    )
    handover = Handover(post_of(old), newcomer=NewPerson("Trần Thị Kế"))
    said = " ".join(plan_handover(handover).sentences)
    for words in (
        old.full_name,
        "Trần Thị Kế",
        "Phó Trưởng khối",
        "thôi thuộc tổ thư ký",
        "lời mời",
    ):
        assert words in said
    hand_over(actor=world.leaders[1], handover=handover, seen=plan_handover(handover).fingerprint)
    naming.refresh_from_db()
    assert naming.ended_at is not None


def test_what_was_read_must_still_be_so(world):
    old = world.officers[1]
    handover = Handover(post_of(old), newcomer=NewPerson("Trần Thị Kế"))
    seen = plan_handover(handover).fingerprint
    SecretariatMember.objects.create(
        bloc_year=world.bloc_year, user=old, named_by=world.head_leader
    )
    with pytest.raises(PlanMoved):
        hand_over(actor=world.leaders[1], handover=handover, seen=seen)
    assert not User.objects.filter(full_name="Trần Thị Kế").exists()


def test_a_handover_that_cannot_be_is_refused(world):
    old, post = world.leaders[2], post_of(world.leaders[2])
    for successor in (old, make_person(world.units[2], PostRole.LEADER)):
        with pytest.raises(Conflict):
            hand_over(actor=world.board_officer, handover=Handover(post, successor))
    with pytest.raises(ValidationError):
        hand_over(actor=world.board_officer, handover=Handover(post))
    with pytest.raises(ValidationError):
        hand_over(actor=old, handover=Handover(post, world.officers[1]))
    for actor in (world.officers[2], world.leaders[1]):
        with pytest.raises(Refused):
            hand_over(actor=actor, handover=Handover(post, world.officers[2]))
    post.ends_on = clock.today() - dt.timedelta(days=1)
    post.save()
    with pytest.raises(Conflict):
        hand_over(actor=world.board_officer, handover=Handover(post, world.officers[2]))


def test_the_page_reads_confirms_and_sends_a_leader_home(as_user, world):
    leader, post = world.leaders[2], post_of(world.leaders[2])
    client, url = as_user(leader), f"/don-vi/{world.units[2].pk}/chuc-vu/{post.pk}/ban-giao/"
    values = {"full_name": "Trần Thị Kế", "title": "Giám đốc"}
    review = client.post(url, values)
    assert not User.objects.filter(full_name="Trần Thị Kế").exists()
    done = client.post(url, values | {"seen": review.context["plan"].fingerprint})
    assert (done.status_code, done.url) == (302, "/")
    new = User.objects.get(full_name="Trần Thị Kế")
    assert new.username == "tran.thi.ke"
    assert client.get(f"/don-vi/{world.units[2].pk}/").status_code == 404


def test_one_person_or_the_other_never_both(as_user, world):
    post = post_of(world.leaders[2])
    url = f"/don-vi/{world.units[2].pk}/chuc-vu/{post.pk}/ban-giao/"
    for values in ({"title": ""}, {"user": world.officers[2].pk, "full_name": "Trần Thị Kế"}):
        response = as_user(world.board_officer).post(url, values)
        assert "không cả hai" in response.content.decode()


def test_a_leader_does_not_reset_a_cross_checker_of_the_story():
    """The checker's password would open another unit's sheet."""
    story = Story("appraising")
    with story.clock():
        leader, checker = story.leader_of("checker"), story.officer_of("checker")
        assert "kiểm tra chéo" in can_invite(leader, checker).reason
        assert can_invite(story.people["board"], checker)
        assert can_invite(story.leader_of("own"), story.officer_of("own"))
