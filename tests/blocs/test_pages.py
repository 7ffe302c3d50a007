"""Every page of blocs: who gets 200, 302, 403, 404 — a literal table — and how many queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import PostRole, TermKind, YearStatus
from blocs.models import HeadTerm, Post
from tests.blocs.builders import fill, make_deadline, make_import, name_to_secretariat
from tests.factories import (
    BlocFactory,
    UnitFactory,
    World,
    make_board_officer,
    make_person,
    make_post,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db

ROLES = (
    "board",
    "head",
    "secretary",
    "named",
    "deputy",
    "member",
    "next_head",
    "former",
    "outsider",
    "other_board",
    "admin",
)


def cast(world: World) -> dict[str, Any]:
    """One person per role; the world has five members, unit 3's officer is named secretary."""
    name_to_secretariat(world, world.officers[3])
    elected = UnitFactory(board=world.board)
    HeadTerm.objects.create(
        bloc=world.bloc, year=world.bloc_year.year + 1, unit=elected, kind=TermKind.HEAD
    )
    former = make_user()
    make_post(former, unit=world.units[2], ends_on=dt.date(2020, 1, 1))
    admin = make_user(is_staff=True, is_superuser=True)
    return {
        "board": world.board_officer,
        "head": world.head_leader,
        "secretary": world.secretary,
        "named": world.officers[3],
        "deputy": world.deputy_leader,
        "member": world.officers[2],
        "next_head": make_person(elected, PostRole.LEADER),
        "former": former,
        "outsider": make_person(UnitFactory(board=world.board)),
        "other_board": make_board_officer(BlocFactory().board),
        "admin": admin,
    }


#                          board head secr named depu memb next form outs oth  adm
GETS = {
    "/hoi-dong/lap/": "403 403 403 403 403 403 403 403 403 403 200",
    "/hoi-dong/hop-nhat/": "403 403 403 403 403 403 403 403 403 403 200",
    "/ban/{board}/": "200 403 403 403 403 403 403 404 403 404 200",
    "/ban/{board}/sua/": "200 403 403 403 403 403 403 404 403 404 200",
    "/ban/{board}/thay-doi/": "200 403 403 403 403 403 403 404 403 404 200",
    "/khoi/": "200 200 200 200 200 200 200 200 200 200 200",
    "/khoi/lap-moi/": "200 403 403 403 403 403 403 403 403 200 403",
    "/khoi/{bloc}/": "200 200 200 200 200 200 200 404 404 404 404",
    "/khoi/{bloc}/doi-ten/": "200 403 403 403 403 403 403 404 404 404 404",
    "/khoi/{bloc}/ket-thuc/": "200 403 403 403 403 403 403 404 404 404 404",
    "/khoi/{bloc}/nam-moi/": "200 403 403 403 403 403 200 404 404 404 404",
    "/nam/{year}/": "200 200 200 200 200 200 200 404 404 404 404",
    "/nam/{year}/sua/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/don-vi/": "200 200 200 200 200 200 200 404 404 404 404",
    "/nam/{year}/don-vi/them/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/don-vi/{membership}/chuyen-khoi/": "200 403 403 403 403 403 403 404 404 404 404",
    "/nam/{year}/don-vi/{membership}/roi-khoi/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/truong-khoi/them/": "200 403 403 403 403 403 403 404 404 404 404",
    "/nam/{year}/truong-khoi/{term}/thoi/": "200 403 403 403 403 403 403 404 404 404 404",
    "/nam/{year}/thay-truong-khoi/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/bau/": "403 403 403 403 403 403 403 404 404 404 404",
    "/nam/{year}/to-thu-ky/them/": "403 200 403 403 403 403 403 404 404 404 404",
    "/nam/{year}/thoi-han/": "200 200 200 200 200 200 200 404 404 404 404",
    "/nam/{year}/thoi-han/dat/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/thoi-han/{deadline}/gia-han/": "200 200 403 403 200 403 403 404 404 404 404",
    "/toan-tinh/{board}/thoi-han/2026/": "200 403 403 403 403 403 403 403 403 404 403",
    "/toan-tinh/{board}/thoi-han/2026/dat/": "200 403 403 403 403 403 403 403 403 404 403",
    "/nam/{year}/hoi-nghi/": "200 200 200 200 200 200 200 404 404 404 404",
    "/nam/{year}/hoi-nghi/ghi/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/hoi-nghi/{meeting}/": "200 200 200 200 200 200 200 404 404 404 404",
    "/nam/{year}/hoi-nghi/{meeting}/sua/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/hoi-nghi/{meeting}/bien-ban/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/hoi-nghi/{meeting}/thanh-phan/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/hoi-nghi/{meeting}/van-ban/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/van-ban/": "200 200 200 200 200 200 200 404 404 404 404",
    "/nam/{year}/van-ban/them/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/van-ban/{paper}/tai/": "404 404 404 404 404 404 404 404 404 404 404",
    "/nam/{year}/hoat-dong/them/": "200 200 200 200 403 403 403 404 404 404 404",
    "/nam/{year}/hoat-dong/{activity}/sua/": "200 200 200 200 403 403 403 404 404 404 404",
    "/don-vi/": "200 403 403 403 403 403 403 403 403 200 403",
    "/don-vi/them/": "200 403 403 403 403 403 403 403 403 200 403",
    "/don-vi/nhap-danh-sach/": "200 403 403 403 403 403 403 403 403 200 403",
    "/don-vi/nhap-danh-sach/mau/": "200 403 403 403 403 403 403 403 403 200 403",
    "/don-vi/nhap-danh-sach/hien-tai/": "200 403 403 403 403 403 403 403 403 200 403",
    "/don-vi/nhap-danh-sach/{import}/": "200 404 404 404 404 404 404 404 404 404 404",
    "/don-vi/nhap-danh-sach/{import}/tep/": "200 404 404 404 404 404 404 404 404 404 404",
    "/don-vi/{unit}/": "200 404 404 404 404 200 404 404 404 404 404",
    "/don-vi/{unit}/doi-ten/": "200 404 404 404 404 403 404 404 404 404 404",
    "/don-vi/sap-nhap/": "200 403 403 403 403 403 403 403 403 200 403",
    "/don-vi/{unit}/chia-tach/": "200 404 404 404 404 403 404 404 404 404 404",
    "/don-vi/{unit}/giai-the/": "200 404 404 404 404 403 404 404 404 404 404",
    "/don-vi/{unit}/chuc-vu/ghi/": "200 404 404 404 404 403 404 404 404 404 404",
    "/don-vi/{unit}/nguoi-moi/": "200 404 404 404 404 403 404 404 404 404 404",
    "/don-vi/{unit}/chuc-vu/{post}/thoi/": "200 404 404 404 404 403 404 404 404 404 404",
    "/don-vi/{unit}/chuc-vu/{post}/ban-giao/": "200 404 404 404 404 403 404 404 404 404 404",
    "/ban/{board}/can-bo/them/": "200 403 403 403 403 403 403 404 403 404 200",
    "/ban/{board}/can-bo/{board_post}/thoi/": "200 403 403 403 403 403 403 404 403 404 200",
    "/nguoi/{person}/sua/": "200 404 404 404 404 403 404 404 404 404 404",
    "/don-vi/loi-moi/": "200 200 403 403 200 403 200 403 403 200 200",
    "/loi-moi/": "200 200 200 200 200 200 200 200 200 200 200",
    "/loi-moi/BCDF-GHJK-LMNP-QRST/": "404 404 404 404 404 404 404 404 404 404 404",
}


@pytest.fixture
def stage():
    """A running year of five members with rows of every kind, and the addresses of its pages."""
    world = make_world(5, status=YearStatus.RUNNING)
    keys = fill(world)
    keys["deadline"] = make_deadline(world, dt.date(2099, 12, 20)).pk
    keys["import"] = make_import(world).pk
    keys |= {
        "board": world.board.pk,
        "year": world.bloc_year.pk,
        "bloc": world.bloc.pk,
        "membership": world.memberships[4].pk,
        "term": world.bloc.terms.get(kind="head").pk,
        "unit": world.units[2].pk,
        "post": Post.objects.filter(unit=world.units[2]).order_by("pk")[0].pk,
        "board_post": Post.objects.filter(board=world.board).order_by("pk")[0].pk,
        "person": world.officers[2].pk,
    }
    return world, cast(world), keys


@pytest.mark.parametrize("address", list(GETS))
def test_who_may_open_which_page(client, stage, address):
    _, people, keys = stage
    expected = dict(zip(ROLES, GETS[address].split(), strict=True))
    url = address.format(**keys)
    found = {}
    for role in ROLES:
        client.force_login(people[role])
        response = client.get(url)
        if response.streaming:
            response.getvalue()
        found[role] = str(response.status_code)
    assert found == expected


def test_every_url_of_the_app_stands_in_the_table():
    from blocs.urls import urlpatterns

    posts_only = {
        "take_step",
        "member_remove",
        "secretary_end",
        "paper_revoke",
        "import_confirm",
        "deadline_follow",
        "invitation_send",
        "invitation_print",
    }
    assert len(urlpatterns) == len(GETS) + len(posts_only)


BEFORE_LOG_IN = ("/loi-moi/", "/loi-moi/BCDF-GHJK-LMNP-QRST/")


@pytest.mark.parametrize("address", [each for each in GETS if each not in BEFORE_LOG_IN])
def test_anonymous_is_sent_to_log_in(client, stage, address):
    _, _, keys = stage
    response = client.get(address.format(**keys))
    assert response.status_code == 302
    assert response.url.startswith("/dang-nhap/")


READ_BY_BOARD = [
    address for address, row in GETS.items() if row.startswith("200") and "nam-moi" not in address
]


def measured(client, members: int, rows: int) -> dict[str, int]:
    world = make_world(members, status=YearStatus.RUNNING)
    keys = fill(world, rows)
    keys["deadline"] = make_deadline(world, dt.date(2099, 12, 20)).pk
    keys["import"] = make_import(world, rows).pk
    keys |= {
        "board": world.board.pk,
        "year": world.bloc_year.pk,
        "bloc": world.bloc.pk,
        "membership": world.memberships[-1].pk,
        "term": world.bloc.terms.get(kind="head").pk,
        "unit": world.units[2].pk,
        "post": Post.objects.filter(unit=world.units[2]).order_by("pk")[0].pk,
        "board_post": Post.objects.filter(board=world.board).order_by("pk")[0].pk,
        "person": world.officers[2].pk,
    }
    client.force_login(world.board_officer)
    client.get("/khoi/")
    counts = {}
    for address in READ_BY_BOARD:
        with CaptureQueriesContext(
            connection,
        ) as context:
            response = client.get(address.format(**keys))
            if response.streaming:
                response.getvalue()
            assert response.status_code == 200
        written = [q["sql"] for q in context if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == [], address
        counts[address] = len(context)
    return counts


def test_pages_cost_the_same_at_3_and_30_and_write_nothing(client):
    few, many = measured(client, 3, 1), measured(client, 30, 8)
    assert {a: (few[a], many[a]) for a in few if few[a] != many[a]} == {}
