"""Comments: each for its own unit, the secretary at a meeting, the head replies."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from emulation.access import Conflict, Refused
from pledges.selectors.pledges import items_of
from pledges.services.comments import comment_on_pledge, reply_to_comment
from tests.factories import make_world
from tests.pledges.builders import agreed, consulting, drafted, make_meeting

pytestmark = pytest.mark.django_db


def say(world, pledge, actor, place=2, **values):
    return comment_on_pledge(
        actor=actor,
        pledge=pledge,
        item=values.pop("item", None),
        membership=world.memberships[place],
        text=values.pop("text", "Đề nghị nêu rõ thời hạn"),
        **values,
    )


def test_officer_and_leader_comment_for_their_unit():
    world = make_world()
    pledge = consulting(world)
    item = items_of(pledge)[1]
    say(world, pledge, world.officers[2], item=item)
    say(world, pledge, world.leaders[2])
    assert pledge.comments.count() == 2


def test_nobody_comments_for_another_unit():
    world = make_world()
    pledge = consulting(world)
    for actor in (world.officers[1], world.leaders[1], world.board_officer):
        with pytest.raises(Refused, match="Thư ký"):
            say(world, pledge, actor)


def test_the_secretary_records_what_was_said_at_a_meeting():
    world = make_world()
    pledge = consulting(world)
    with pytest.raises(ValidationError, match="hội nghị"):
        say(world, pledge, world.secretary)
    meeting = make_meeting(world)
    comment = say(world, pledge, world.secretary, meeting=meeting)
    assert (comment.meeting, comment.author) == (meeting, world.secretary)
    other = make_meeting(make_world())
    with pytest.raises(ValidationError, match="không thuộc năm"):
        say(world, pledge, world.secretary, meeting=other)


@pytest.mark.parametrize("state", [drafted, agreed])
def test_comments_only_while_consulting(state):
    world = make_world()
    pledge = state(world)
    with pytest.raises(Refused, match="lấy ý kiến"):
        say(world, pledge, world.officers[2])


def test_item_and_unit_belong_to_the_pledge():
    world, other = make_world(), make_world()
    pledge, strange = consulting(world), consulting(other)
    with pytest.raises(ValidationError, match="không thuộc giao ước"):
        say(world, pledge, world.officers[2], item=items_of(strange)[0])
    with pytest.raises(ValidationError, match="không thuộc Khối"):
        say(other, pledge, other.officers[2])


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_000])
def test_bounds(text):
    world = make_world()
    pledge = consulting(world)
    with pytest.raises(ValidationError):
        say(world, pledge, world.officers[2], text=text)


def test_only_the_head_replies_and_once():
    world = make_world()
    comment = say(world, consulting(world), world.officers[2])
    for actor in (world.secretary, world.leaders[2], world.board_officer):
        with pytest.raises(Refused, match="Trưởng khối"):
            reply_to_comment(actor=actor, comment=comment, reply="Tiếp thu")
    answered = reply_to_comment(actor=world.head_leader, comment=comment, reply="Tiếp thu")
    assert (answered.reply, answered.replied_by) == ("Tiếp thu", world.head_leader)
    with pytest.raises(Conflict) as refused:
        reply_to_comment(actor=world.head_leader, comment=comment, reply="Khác")
    assert refused.value.details == ("Tiếp thu",)


def test_the_head_still_replies_after_agreeing():
    world = make_world()
    pledge = consulting(world)
    comment = say(world, pledge, world.officers[2])
    from pledges.services.pledges import agree_pledge

    agree_pledge(actor=world.head_leader, pledge=pledge)
    assert reply_to_comment(actor=world.head_leader, comment=comment, reply="Đã sửa").reply
