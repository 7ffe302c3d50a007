"""Workbooks that mean harm: posts for oneself, another's address, texts that fill the memory."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError

from blocs.models import BoardImport, Post
from blocs.services.imports import confirm_import, desk, plan_of, upload_register
from emulation import clock
from emulation.access import Refused
from tests.blocs.workbooks import LEADER, OFFICER, upload, workbook
from tests.factories import BoardFactory, World, make_post, make_user, make_world

pytestmark = pytest.mark.django_db

SHARED = b'<?xml version="1.0"?><sst xmlns="x"><si><t>%s</t></si></sst>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINK = f'<Relationship Id="rIdS" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'


@pytest.fixture
def world() -> World:
    return make_world()


def uploaded(world: World, content: bytes, actor: object = None) -> BoardImport:
    return upload_register(
        actor=actor or world.board_officer, board=world.board, uploaded=upload(content)
    )


def test_an_administrator_gives_himself_no_post_by_a_workbook(world: World) -> None:
    chief = make_user(is_superuser=True, is_staff=True)
    make_post(chief, board=world.board)
    row = [chief.full_name, chief.username, "", "", world.units[2].name, LEADER]
    board_import = uploaded(world, workbook(people=[row]), chief)
    seen = plan_of(board_import).fingerprint
    with pytest.raises(Refused, match="không tự ghi chức vụ cho mình"):
        confirm_import(actor=chief, board_import=board_import, seen=seen)
    assert not Post.objects.filter(user=chief, unit__isnull=False).exists()


def test_the_address_of_who_goes_to_another_board_is_not_rewritten(world: World) -> None:
    """The other board's invitation would arrive there."""
    person = world.officers[2]
    soon = clock.today() + dt.timedelta(days=3)
    make_post(person, board=BoardFactory(), starts_on=soon)
    row = [person.full_name, person.username, "", "ke.gian@vi-du.vn", world.units[2].name, OFFICER]
    (problem,) = plan_of(uploaded(world, workbook(people=[row]))).problems
    assert (problem.column, "không sửa ở đây" in problem.text) == ("Thư điện tử", True)


def test_hints_are_looked_for_a_bounded_number_of_times(world: World) -> None:
    rows = [[f"Người {n}", "", "", "", f"Sở lạ {n}", OFFICER] for n in range(200)]
    with patch.object(desk, "nearest", wraps=desk.nearest) as looked:
        problems = plan_of(uploaded(world, workbook(people=rows))).problems
    assert len(problems) == 200
    assert looked.call_count <= 2 * desk.MOST_HINTS


# ---------------------------------------------------------------- one text, many cells


def sharing(cells: int, text: bytes, *, decoy: bool = False) -> bytes:
    """A workbook of so many cells that all refer to one text kept once."""
    source = zipfile.ZipFile(io.BytesIO(workbook([["NHIEU"] for _ in range(cells)])))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        if decoy:
            archive.writestr("xl/other.xml", SHARED % b"x")
        for name in source.namelist():
            part = source.read(name)
            part = part.replace(b't="inlineStr"><is><t>NHIEU</t></is>', b't="s"><v>0</v>')
            if name.endswith("workbook.xml.rels"):
                part = part.replace(b"</Relationships>", f"{LINK}</Relationships>".encode())
            archive.writestr(name, part)
        archive.writestr("xl/sharedStrings.xml", SHARED % text)
    return packed.getvalue()


@pytest.mark.parametrize("decoy", [False, True])
def test_a_text_that_every_cell_repeats_is_refused_before_it_is_read(
    world: World, decoy: bool
) -> None:
    content = sharing(3000, b"a" * 100_000, decoy=decoy)
    assert len(content) < 50_000
    with pytest.raises(ValidationError, match="lớn bất thường"):
        uploaded(world, content)


def test_a_shared_text_of_usual_length_is_read(world: World) -> None:
    content = sharing(30, b"S" * 200)
    problems = plan_of(uploaded(world, content)).problems
    assert len(problems) == 29  # one unit, written thirty times
