"""Mergers that favour who writes them, days that rewrite history, names too long to store."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from blocs.enums import YearStatus
from blocs.models import Board, StructureChange, Unit
from blocs.selectors.board_mergers import Merger as BoardsMerger
from blocs.services.board_mergers import merge_boards, plan_merger
from blocs.services.structure.endings import dissolve_unit, plan_dissolution
from blocs.services.structure.names import plan_unit_name
from blocs.services.structure.records import Ground
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import User
from tests.factories import (
    BlocFactory,
    UnitFactory,
    World,
    make_bloc_year,
    make_membership,
    make_post,
    make_world,
)

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


@pytest.fixture
def worlds() -> tuple[World, World]:
    return make_world(), make_world()


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("quantri", "x", full_name="Quản Trị Viên")


def boards(one: World, other: World) -> BoardsMerger:
    return BoardsMerger((one.board,), other.board, clock.today(), "", "Hợp nhất tỉnh")


@pytest.mark.parametrize("place", [0, 1])
def test_an_administrator_merges_no_board_of_his_own(
    worlds: tuple[World, World], chief: User, place: int
) -> None:
    make_post(chief, board=worlds[place].board, starts_on=dt.date(2199, 1, 1))
    with pytest.raises(Refused, match="quản trị khác"):
        plan_merger(actor=chief, merger=boards(*worlds))
    with pytest.raises(Refused, match="quản trị khác"):
        merge_boards(actor=chief, merger=boards(*worlds))
    assert not Board.objects.filter(ended_on__isnull=False).exists()


def test_a_name_that_would_grow_too_long_is_an_obstacle(
    worlds: tuple[World, World], chief: User
) -> None:
    for world in worlds:
        UnitFactory(board=world.board, name="Sở " + "x" * 296)
    with pytest.raises(Conflict) as refused:
        merge_boards(actor=chief, merger=boards(*worlds))
    assert "Không đặt được tên khác" in str(refused.value.details)


def test_a_change_does_not_begin_before_years_that_are_closed() -> None:
    world = make_world(year=clock.today().year)
    closed = make_bloc_year(world.bloc, year=2023, status=YearStatus.CLOSED)
    make_membership(closed, world.units[2])
    slip = Ground(dt.date(1926, 7, 1), "Gõ nhầm năm")
    with pytest.raises(ValidationError, match="không được trước năm 2023"):
        plan_dissolution(world.units[2], slip)
    with pytest.raises(ValidationError, match="không được trước năm 2023"):
        plan_unit_name(world.units[2], "Sở Khác", slip)
    late = Ground(dt.date(2023, 12, 1), "Quyết định đến muộn")
    assert dissolve_unit(actor=world.board_officer, unit=world.units[2], ground=late).ended_on


# ---------------------------------------------------------------- keys of another board in a form


def said(**more: str) -> dict[str, str]:
    day = f"{clock.today():%d/%m/%Y}"
    return {"effective_on": day, "reason": "Sắp xếp", "basis": "", **more}


def test_forms_take_no_key_of_another_board(client: Client, worlds: tuple[World, World]) -> None:
    own, other = worlds
    client.force_login(own.board_officer)
    second = make_bloc_year(BlocFactory(board=other.board), year=own.bloc_year.year)
    a, b = own.units[1].pk, own.units[2].pk
    merge = f"{reverse('unit_merge')}?don-vi={a}"
    new = said(into="new", name="Sở Mới", kind="state", issuing_style="state", people="move")
    year = f"join_{own.bloc_year.year}"
    member = own.memberships[2].pk
    stranger = {"user": str(other.officers[0].pk), "starts_on": "01/01/2026", "title": ""}
    tries: list[tuple[str, dict[str, str], str]] = [
        (f"{merge}&don-vi={other.units[0].pk}", new, ""),
        (f"{merge}&don-vi={a}", new, ""),
        (f"{merge}&don-vi={HUGE}", new, ""),
        (f"{merge}&don-vi={b}", {**new, "into": str(other.units[0].pk)}, "into"),
        (f"{merge}&don-vi={b}", {**new, year: str(second.pk)}, year),
        (reverse("bloc_end", args=[own.bloc.pk]), said(successor=str(other.bloc.pk)), "successor"),
        (reverse("bloc_end", args=[own.bloc.pk]), said(successor=HUGE), "successor"),
        (reverse("member_move", args=[own.bloc_year.pk, member]), said(to=str(second.pk)), "to"),
        (reverse("post_add", args=[a]), {**stranger, "role": "officer"}, "user"),
        (reverse("board_post_add", args=[own.board.pk]), stranger, "user"),
    ]
    people = User.objects.filter(posts__board=own.board).count()
    for path, data, field in tries:
        answer = client.post(path, {**data, "seen": "0" * 64})
        assert answer.status_code == (200 if field else 404), (path, data)
        assert not field or [*answer.context["form"].errors] == [field], (path, data)
    assert not StructureChange.objects.exists()
    assert not Unit.objects.filter(ended_on__isnull=False).exists()
    assert User.objects.filter(posts__board=own.board).count() == people


def test_a_fingerprint_of_one_form_confirms_no_other(
    client: Client, worlds: tuple[World, World]
) -> None:
    own, _ = worlds
    client.force_login(own.board_officer)
    seen = plan_dissolution(own.units[1], Ground(clock.today(), "Giải thể")).fingerprint
    page = reverse("unit_dissolve", args=[own.units[2].pk])
    answer = client.post(page, {**said(), "seen": seen})
    assert (answer.status_code, answer.context["moved"]) == (200, True)
    for wrong in ("x", "0" * 10_000):
        assert client.post(page, {**said(), "seen": wrong}).context["moved"]
    assert not StructureChange.objects.exists()


@pytest.mark.parametrize(
    "day", ["31/02/2026", "01/01/9999", "00/00/0000", "01/01/0001", "x" * 9999]
)
def test_days_that_are_none_are_refused_at_their_field(
    client: Client, worlds: tuple[World, World], day: str
) -> None:
    own, _ = worlds
    client.force_login(own.board_officer)
    member = [own.bloc_year.pk, own.memberships[2].pk]
    for name, args, field in (
        ("unit_dissolve", [own.units[2].pk], "effective_on"),
        ("member_move", member, "effective_on"),
        ("member_end", member, "ends_on"),
    ):
        answer = client.post(reverse(name, args=args), {**said(), field: day})
        assert field in answer.context["form"].errors, name


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd|'/c calc'!A1"])
def test_names_are_shown_as_text(client: Client, worlds: tuple[World, World], name: str) -> None:
    own, _ = worlds
    client.force_login(own.board_officer)
    page = reverse("unit_rename", args=[own.units[2].pk])
    answer = client.post(page, said(name=name))
    assert answer.context["plan"]
    assert "<script>alert" not in answer.content.decode()
    long = client.post(page, said(name="x" * 10_000))
    assert "name" in long.context["form"].errors
    twin = client.post(page, said(name=own.units[1].name.upper().replace("Ở", "O\u031b\u0309")))
    assert twin.status_code == 200
    assert not StructureChange.objects.exists()
