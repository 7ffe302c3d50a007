"""Pages: who gets what, and the whole way through them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import YearStatus
from pledges.selectors.pledges import items_of
from pledges.services.comments import comment_on_pledge
from tests.factories import make_user, make_world
from tests.pledges.builders import (
    agreed,
    consulting,
    drafted,
    html,
    login,
    paper_signed,
    registered,
    reported,
    running_world,
    signing_world,
    status,
)

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- doors


def test_strangers_find_nothing():
    world, pledge = running_world()
    signature = paper_signed(world, pledge)
    registered(world)
    reported(world)
    year, member = world.bloc_year.pk, world.memberships[2].pk
    stranger = make_world().officers[1]
    urls = [
        ("pledge", year),
        ("pledge_print", year),
        ("pledge_docx", year),
        ("pledge_draft", year),
        ("pledge_edit", year),
        ("pledge_comment", year),
        ("pledge_sign", year, member),
        ("pledge_paper_signature", year, member),
        ("pledge_receipt", year, signature.pk),
        ("pledge_revoke", year, signature.pk),
        ("registration_list", year),
        ("registration", member),
        ("registration_edit", member),
        ("registration_send", member),
        ("registration_return", member),
        ("report_list", year),
        ("unit_report", member, "so-ket"),
        ("unit_report_edit", member, "so-ket"),
        ("bloc_report", year, "so-ket"),
    ]
    for who in (stranger, make_user()):
        assert {name: status(who, name, *args) for name, *args in urls} == {
            name: 404 for name, *_ in urls
        }


def test_a_draft_text_is_the_secretarys_and_the_boards():
    world = make_world()
    drafted(world, items=("BIMAT-42",))
    year = world.bloc_year.pk
    for reader in (world.secretary, world.head_leader, world.board_officer):
        assert "BIMAT-42" in html(login(reader).get(reverse("pledge", args=[year])))
        assert status(reader, "pledge_docx", year) == 200
    for other in (world.officers[2], world.leaders[2]):
        page = login(other).get(reverse("pledge", args=[year]))
        assert page.status_code == 200
        assert "BIMAT-42" not in html(page)
        assert "đang soạn dự thảo" in html(page)
        assert status(other, "pledge_docx", year) == 404
        assert status(other, "pledge_print", year) == 404


def test_drafts_of_registration_and_report_are_the_units():
    world, _ = running_world()
    registered(world, sent=False, title="BIMAT-DK")
    reported(world, sent=False, results="BIMAT-BC")
    member, year = world.memberships[2].pk, world.bloc_year.pk
    for other in (world.secretary, world.head_leader, world.officers[1], world.board_officer):
        assert status(other, "registration", member) == 404
        assert status(other, "unit_report", member, "so-ket") == 404
        for name in ("registration_list", "report_list"):
            assert "BIMAT" not in html(login(other).get(reverse(name, args=[year])))
    for own in (world.officers[2], world.leaders[2]):
        assert "BIMAT-DK" in html(login(own).get(reverse("registration", args=[member])))
        report = login(own).get(reverse("unit_report", args=[member, "so-ket"]))
        assert "BIMAT-BC" in html(report)


def test_what_was_sent_is_read_by_bloc_and_board():
    world, _ = running_world()
    registered(world)
    reported(world)
    member = world.memberships[2].pk
    for reader in (world.secretary, world.officers[1], world.leaders[1], world.board_officer):
        assert status(reader, "registration", member) == 200
        assert status(reader, "unit_report", member, "so-ket") == 200
    assert status(world.officers[1], "unit_report", member, "khac") == 404


def test_action_pages_refuse_the_wrong_role_with_a_reason():
    world, pledge = running_world()
    signature = paper_signed(world, pledge, 1)
    registered(world)
    reported(world)
    year, member = world.bloc_year.pk, world.memberships[2].pk
    officer = world.officers[1]
    forbidden = [
        ("pledge_draft", year),
        ("pledge_edit", year),
        ("pledge_heading", year),
        ("pledge_comment", year),
        ("pledge_sign", year, member),
        ("pledge_paper_signature", year, member),
        ("pledge_revoke", year, signature.pk),
        ("registration_edit", member),
        ("registration_send", member),
        ("registration_return", member),
        ("unit_report_edit", member, "so-ket"),
        ("unit_report_send", member, "so-ket"),
        ("unit_report_return", member, "so-ket"),
    ]
    found = {name: status(officer, name, *args) for name, *args in forbidden}
    assert found == {name: 403 for name, *_ in forbidden}
    page = login(officer).get(reverse("pledge_sign", args=[year, member]))
    assert "lãnh đạo đơn vị" in html(page)


def test_posts_of_the_wrong_role_are_refused():
    world = make_world()
    pledge = consulting(world)
    item, year = items_of(pledge)[0], world.bloc_year.pk
    for who in (world.officers[2], world.board_officer):
        assert status(who, "pledge_item_add", year, data={"text": "x"}) == 403
        assert status(who, "pledge_item_move", year, item.pk, data={"huong": "len"}) == 403
        assert status(who, "pledge_item_drop", year, item.pk, data={}) == 403
        assert status(who, "pledge_take", year, data={"transition": "agree"}) == 403
    assert status(world.secretary, "pledge_take", year, data={"transition": "agree"}) == 403
    assert status(world.secretary, "pledge_take", year, data={"transition": "close"}) == 404
    assert items_of(pledge)[0] == item


def test_methods():
    world = make_world()
    consulting(world)
    year = world.bloc_year.pk
    assert status(world.secretary, "pledge_take", year) == 405
    assert status(world.secretary, "pledge_item_add", year) == 405
    assert status(world.secretary, "pledge", year, data={}) == 405


# ---------------------------------------------------------------- the whole


def crowded(members):
    world, pledge = signing_world(members)
    for place in range(2, members):
        paper_signed(world, pledge, place)
    world.set_status(YearStatus.RUNNING)
    for place in range(1, members):
        registered(world, place)
        reported(world, place)
    return world


def queries_for(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("name", ["pledge", "pledge_print", "registration_list", "report_list"])
def test_queries_do_not_grow_and_nothing_is_written(name):
    counts = []
    for members in (3, 30):
        world = crowded(members)
        client = login(world.secretary)
        url = reverse(name, args=[world.bloc_year.pk])
        client.get(url)
        sql = queries_for(client, url)
        counts.append(len(sql))
        written = [q for q in sql if not q.startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
        assert written == []
    assert counts[0] == counts[1]


def test_comments_do_not_add_queries():
    counts = []
    for many in (1, 20):
        world = make_world()
        pledge = consulting(world)
        for number in range(many):
            comment_on_pledge(
                actor=world.officers[2],
                pledge=pledge,
                item=items_of(pledge)[number % 3],
                membership=world.memberships[2],
                text=f"Ý kiến {number}",
            )
        client = login(world.head_leader)
        url = reverse("pledge", args=[world.bloc_year.pk])
        client.get(url)
        counts.append(len(queries_for(client, url)))
    assert counts[0] == counts[1]


def test_a_closed_year_is_read_and_not_changed():
    world = make_world()
    pledge = agreed(world)
    world.set_status(YearStatus.SIGNING)
    paper_signed(world, pledge)
    registered(world)
    world.set_status(YearStatus.CLOSED)
    year, member = world.bloc_year.pk, world.memberships[2].pk
    assert status(world.officers[2], "pledge", year) == 200
    assert status(world.officers[2], "registration", member) == 200
    assert status(world.leaders[1], "pledge_sign", year, world.memberships[1].pk) == 403
    assert status(world.secretary, "registration_return", member) == 403
