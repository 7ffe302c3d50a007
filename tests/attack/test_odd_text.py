"""Text that no keyboard makes: refused at the door, on every database alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from blocs.models import BoardImport
from blocs.services.imports import plan_of, upload_register
from blocs.services.units import create_unit
from tests.blocs.workbooks import upload, workbook
from tests.factories import UnitFactory, World, make_world
from tests.story import Story

pytestmark = pytest.mark.django_db
NUL = "a\0b"


@pytest.mark.parametrize("address", ["/khoi/?q=a%00b", "/?a%00b=1", "/dang-nhap/?next=%00"])
def test_nul_in_an_address_is_refused(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert 'lang="vi"' in answer.content.decode()


def test_nul_in_a_form_is_refused_and_writes_nothing(as_user: Callable[..., Client]) -> None:
    story = Story("drafting", units=3)
    line, name = story.line("A2"), f"c{story.line('A2').criterion_id}"
    with story.clock():
        answer = as_user(story.officer_of("own")).post(
            f"/phieu/{line.sheet_id}/luu/",
            {f"{name}-v": str(line.version), f"{name}-n": "3", f"{name}-note": NUL},
        )
    assert answer.status_code == 400
    assert (story.line("A2").self_input, story.line("A2").version) == (
        line.self_input,
        line.version,
    )


@pytest.mark.parametrize(
    "name", ["Sở Y tế\u200b", "\u202eSở Y tế", "S\u00adở Y\u00a0tế", "\ufeffSở Y tế"]
)
def test_signs_that_nobody_sees_make_no_second_unit(name: str) -> None:
    world = make_world()
    UnitFactory(board=world.board, name="Sở Y tế")
    values = {"kind": "state", "issuing_style": "state"}
    with pytest.raises(ValidationError, match="đã có đơn vị"):
        create_unit(actor=world.board_officer, board=world.board, name=name, **values)
    problem = plan_of(make_import_of(world, [[name], [name]])).problems
    assert [each.column for each in problem] == ["Tên đơn vị"]
    with pytest.raises(ValidationError):
        create_unit(actor=world.board_officer, board=world.board, name="\u200b\u2060", **values)


def make_import_of(world: World, units: list[list[str]]) -> BoardImport:
    content = upload(workbook(units))
    return upload_register(actor=world.board_officer, board=world.board, uploaded=content)


def test_a_cookie_with_nul_is_not_looked_up(client: Client) -> None:
    """PostgreSQL fails on it; whoever sends one is simply not logged in."""
    answer = client.get("/", HTTP_COOKIE='giao_uoc="abcdefgh\\000ijklmnop"; other=1')
    assert answer.status_code == 302
    assert list(answer.wsgi_request.COOKIES) == ["other"]
