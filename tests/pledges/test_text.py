"""Drafting: who may write, items in order, two editors, bounds, the log of changes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import YearStatus
from emulation.access import Conflict, Refused
from pledges.enums import PledgeStatus, TextChangeKind
from pledges.models import PledgeTextChange
from pledges.selectors.pledges import items_of
from pledges.services.checks import EditedMeanwhile
from pledges.services.items import add_item, drop_item, edit_item, move_item
from pledges.services.pledges import agree_pledge, draft_pledge, edit_pledge, reopen_pledge
from tests.factories import make_world
from tests.pledges.builders import ITEMS, agreed, consulting, drafted, paper_signed, signing_world

pytestmark = pytest.mark.django_db


def texts(pledge):
    return [item.text for item in items_of(pledge)]


def test_the_secretary_drafts_with_ordered_items():
    world = make_world()
    pledge = drafted(world)
    assert texts(pledge) == list(ITEMS)
    assert pledge.status == PledgeStatus.DRAFT
    assert [row.to_status for row in pledge.transitions.all()] == ["draft"]


@pytest.mark.parametrize("who", ["board_officer", "deputy_leader", "deputy_officer"])
def test_others_do_not_draft(who):
    world = make_world()
    with pytest.raises(Refused, match="Thư ký Khối"):
        draft_pledge(actor=getattr(world, who), bloc_year=world.bloc_year, title="Giao ước")


def test_a_year_has_one_pledge():
    world = make_world()
    drafted(world)
    with pytest.raises(Conflict, match="đã có giao ước"):
        drafted(world)


def test_a_closed_year_gets_no_pledge():
    world = make_world(status=YearStatus.CLOSED)
    with pytest.raises(Refused, match="đã kết thúc"):
        drafted(world)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "G", "preamble": "x" * 10_001}, "preamble"),
        ({"title": "G", "items": ["x" * 5001]}, "items"),
        ({"title": "G", "items": [" "]}, "items"),
    ],
)
def test_bounds_of_the_draft(values, field):
    world = make_world()
    with pytest.raises(ValidationError) as refused:
        draft_pledge(actor=world.secretary, bloc_year=world.bloc_year, **values)
    assert list(refused.value.message_dict) == [field]


def test_text_is_composed_and_cleaned():
    world = make_world()
    decomposed = "Thi đua ye\u0302u nước\x00\x0b"
    pledge = drafted(world, items=(decomposed,))
    assert texts(pledge) == ["Thi đua yêu nước"]


def test_items_are_added_moved_edited_dropped():
    world = make_world()
    pledge = consulting(world)
    last = add_item(actor=world.secretary, pledge=pledge, text="Bốn")
    move_item(actor=world.secretary, item=last, direction="up")
    assert texts(pledge) == [ITEMS[0], ITEMS[1], "Bốn", ITEMS[2]]
    edit_item(actor=world.head_leader, item=last, text="Bốn mới", version=1)
    first = items_of(pledge)[0]
    drop_item(actor=world.secretary, item=first)
    assert texts(pledge) == [ITEMS[1], "Bốn mới", ITEMS[2]]
    assert [item.position for item in items_of(pledge)] == [1, 2, 3]
    kinds = PledgeTextChange.objects.order_by("pk").values_list("kind", flat=True)
    wanted = TextChangeKind
    assert list(kinds) == [wanted.ADDED, wanted.MOVED, wanted.EDITED, wanted.DROPPED]


def test_moving_past_the_ends_changes_nothing():
    world = make_world()
    pledge = drafted(world)
    move_item(actor=world.secretary, item=items_of(pledge)[0], direction="up")
    move_item(actor=world.secretary, item=items_of(pledge)[2], direction="down")
    assert texts(pledge) == list(ITEMS)
    assert not PledgeTextChange.objects.exists()


def test_a_second_editor_of_an_item_gets_both_texts():
    world = make_world()
    item = items_of(drafted(world))[0]
    edit_item(actor=world.secretary, item=item, text="Bản một", version=1)
    with pytest.raises(EditedMeanwhile) as stale:
        edit_item(actor=world.head_leader, item=item, text="Bản hai", version=1)
    assert stale.value.theirs == [("Nội dung", "Bản một")]
    edit_item(actor=world.head_leader, item=item, text="Bản hai", version=stale.value.version)
    item.refresh_from_db()
    assert (item.text, item.version) == ("Bản hai", 3)


def test_a_dropped_item_is_not_edited():
    world = make_world()
    item = items_of(drafted(world))[0]
    drop_item(actor=world.secretary, item=item)
    with pytest.raises(Conflict, match="đã được bỏ"):
        edit_item(actor=world.secretary, item=item, text="x", version=1)
    with pytest.raises(Conflict, match="đã được bỏ"):
        drop_item(actor=world.secretary, item=item)


def test_two_editors_of_different_items_do_not_fight():
    world = make_world()
    first, second, _ = items_of(drafted(world))
    edit_item(actor=world.secretary, item=first, text="A", version=1)
    edit_item(actor=world.head_leader, item=second, text="B", version=1)
    heading = {"title": "T", "preamble": "", "closing": ""}
    edit_pledge(actor=world.secretary, pledge=first.pledge, version=1, **heading)


def test_a_second_editor_of_the_heading_gets_both_texts():
    world = make_world()
    pledge = drafted(world)
    parts = {"preamble": "", "closing": ""}
    edit_pledge(actor=world.secretary, pledge=pledge, title="Một", version=1, **parts)
    with pytest.raises(EditedMeanwhile) as stale:
        edit_pledge(actor=world.head_leader, pledge=pledge, title="Hai", version=1, **parts)
    assert ("Tên giao ước", "Một") in stale.value.theirs


def test_agreed_text_is_frozen():
    world = make_world()
    pledge = agreed(world)
    item = items_of(pledge)[0]
    for deed in (
        lambda: add_item(actor=world.secretary, pledge=pledge, text="x"),
        lambda: edit_item(actor=world.secretary, item=item, text="x", version=1),
        lambda: move_item(actor=world.secretary, item=item, direction="down"),
        lambda: drop_item(actor=world.secretary, item=item),
        lambda: edit_pledge(
            actor=world.secretary, pledge=pledge, title="x", preamble="", closing="", version=1
        ),
    ):
        with pytest.raises(Refused, match="đã chốt"):
            deed()


@pytest.mark.parametrize("who", ["secretary", "deputy_leader", "board_officer"])
def test_only_the_head_agrees(who):
    world = make_world()
    pledge = consulting(world)
    with pytest.raises(Refused, match="Trưởng khối"):
        agree_pledge(actor=getattr(world, who), pledge=pledge)


def test_agreeing_needs_an_item_and_the_consultation():
    world = make_world()
    pledge = drafted(world)
    with pytest.raises(Conflict, match="trạng thái đã thay đổi"):
        agree_pledge(actor=world.head_leader, pledge=pledge)
    pledge = consulting(make_world())
    world = make_world()
    pledge = consulting(world)
    for item in items_of(pledge):
        drop_item(actor=world.secretary, item=item)
    with pytest.raises(Conflict) as refused:
        agree_pledge(actor=world.head_leader, pledge=pledge)
    assert "chưa có nội dung" in refused.value.details[0]
    pledge.refresh_from_db()
    assert (pledge.status, pledge.agreed_at) == ("consulting", None)


def test_agreeing_twice_is_a_conflict():
    world = make_world()
    pledge = agreed(world)
    assert pledge.agreed_by == world.head_leader
    with pytest.raises(Conflict):
        agree_pledge(actor=world.head_leader, pledge=pledge)


def test_the_head_reopens_with_a_reason_while_nobody_signed():
    world, pledge = signing_world()
    with pytest.raises(ValidationError, match="lý do"):
        reopen_pledge(actor=world.head_leader, pledge=pledge, reason=" ")
    with pytest.raises(Refused):
        reopen_pledge(actor=world.secretary, pledge=pledge, reason="Sai sót")
    pledge = reopen_pledge(actor=world.head_leader, pledge=pledge, reason="Sai sót")
    assert (pledge.status, pledge.agreed_at, pledge.agreed_by) == ("consulting", None, None)


def test_a_signed_text_is_not_reopened():
    world, pledge = signing_world()
    signature = paper_signed(world, pledge)
    with pytest.raises(Conflict) as refused:
        reopen_pledge(actor=world.head_leader, pledge=pledge, reason="Sai sót")
    assert signature.membership.unit_name in refused.value.details[0]


def test_a_running_year_keeps_its_text():
    world, pledge = signing_world()
    world.set_status(YearStatus.RUNNING)
    with pytest.raises(Refused, match="đã chuyển sang thực hiện"):
        reopen_pledge(actor=world.head_leader, pledge=pledge, reason="Sai sót")
