"""People and posts, in units and in boards; their accounts and invitations."""

from __future__ import annotations

from typing import Any

from blocs.models import Post
from blocs.services.handover import Handover, plan_handover
from blocs.services.invitations import invite
from blocs.services.people import NewPerson, add_person
from emulation.models import User
from tests.matrix.cases.frame import Body, Case, body, day, none, unit_of
from tests.story import Story

PASSWORD = "hoa-sen-no-ngay-he"
CODE: dict[str, str] = {}
BODIES = {"board": "board", "other_board": "other_board", "administrator": "other_board"}


def unit(story: Story) -> dict[str, Any]:
    return {"unit_id": story.units["own"]}


def board(story: Story) -> dict[str, Any]:
    return {"board_id": story.keys["board"]}


def post_of_own(story: Story) -> dict[str, Any]:
    """The officer's: a leader ends it without leaving the unit to nobody."""
    post = Post.objects.get(unit=story.units["own"], user=story.officer_of("own"))
    return unit(story) | {"post_id": post.pk}


def new_post(story: Story, _role: str) -> dict[str, Any]:
    person = story.people["former_officer"]
    return {"user": person.pk, "role": "officer", "title": "Chuyên viên", "starts_on": day(story)}


def new_person(story: Story, _role: str) -> dict[str, Any]:
    return {"full_name": "Trần Thị Mới", "role": "officer", "starts_on": day(story),
            "username": "tranthimoi"}  # fmt: skip


def last_day(story: Story, _role: str) -> dict[str, Any]:
    return {"ends_on": day(story), "close_now": "on"}


def handover(story: Story, _role: str) -> dict[str, Any]:
    """What a newcomer takes over, as it was read on the page before."""
    post = Post.objects.select_related("unit", "board", "user").get(
        pk=post_of_own(story)["post_id"]
    )
    newcomer = NewPerson("Trần Thị Kế")
    plan = plan_handover(Handover(post, newcomer=newcomer, title="Chuyên viên"))
    return {"full_name": newcomer.full_name, "title": "Chuyên viên", "seen": plan.fingerprint}


def own_officer(story: Story) -> dict[str, Any]:
    return {"person_id": story.officer_of("own").pk}


CORRECTED = body(full_name="Lê Văn Sửa", phone="0912 345 678", email="sua@donvi.vn")

# ---------------------------------------------------------------- the board's officers


def colleague(story: Story, role: str = "board") -> User:
    """A second officer of a board, made where there is none."""
    clerk, name = story.people[role], "Cán Bộ Thứ Hai"
    place = clerk.posts.get().board
    found = User.objects.filter(posts__board=place, full_name=name).first()
    if found:
        return found
    post = add_person(
        actor=clerk,
        person=NewPerson(name),
        board=place,
        role="board_officer",
        title="Chuyên viên",
        starts_on=story.day(-1),
    )
    return post.user


def colleagues(story: Story) -> None:
    for role in ("board", "other_board"):
        colleague(story, role)


def post_of_colleague(story: Story) -> dict[str, Any]:
    return board(story) | {"post_id": colleague(story).posts.get().pk}


def new_officer(story: Story, _role: str) -> dict[str, Any]:
    return {"full_name": "Trần Thị Mới", "title": "Chuyên viên", "starts_on": day(story)}


# ---------------------------------------------------------------- invitations


def invited() -> Body:
    """Somebody each role looks after: the own unit's officer, the own board's second officer."""

    def ticked(story: Story, role: str) -> dict[str, Any]:
        if role in BODIES:
            person = colleague(story, BODIES[role])
        else:
            name = "last" if role == "last_head" else unit_of(role)
            person = story.people[f"{name}:officer"]
        User.objects.filter(pk=person.pk).update(email="ten@donvi.vn")
        return {"nguoi": [person.pk]}

    return ticked


def with_code(story: Story) -> None:
    done = invite(actor=story.people["board"], people=[story.officer_of("own")])
    CODE["own"] = done.issued[0].code


def code(_story: Story) -> dict[str, Any]:
    return {"code": CODE["own"]}


def typed(_story: Story, _role: str) -> dict[str, Any]:
    return {"code": CODE["own"].lower()}


PEOPLE = {
    "post_add": Case("running", unit, new_post),
    "person_add": Case("running", unit, new_person),
    "post_end": Case("running", post_of_own, last_day),
    "post_hand_over": Case("running", post_of_own, handover),
    "person_edit": Case("running", own_officer, CORRECTED),
    "board_post_add": Case("running", board, new_officer),
    "board_post_end": Case("running", post_of_colleague, last_day, prepare=colleagues),
    "invitation_list": Case("running", none),
    "invitation_send": Case("running", none, invited(), prepare=colleagues),
    "invitation_print": Case("running", none, invited(), prepare=colleagues),
    "invitation_enter": Case("running", none, typed, prepare=with_code, leaves_no_trace=True),
    "invitation": Case(
        "running",
        code,
        body(new_password1=PASSWORD, new_password2=PASSWORD),
        prepare=with_code,
    ),
}
