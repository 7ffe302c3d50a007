"""What leaves the house: the same as the page shows, no more, and nothing that runs."""

from __future__ import annotations

import io
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client
from docx.enum.section import WD_ORIENT

from blocs.enums import YearStatus
from emulation.models import User
from tests.factories import World, make_world
from tests.scoring.results.builders import adopt, thai_binh
from tests.scoring.results.test_pages import decided, url

pytestmark = pytest.mark.django_db


def download(user: User, world: World, name: str, query: str = "") -> bytes:
    client = Client()
    client.force_login(user)
    answer = client.get(url(name, world) + query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return bytes(answer.content)


def cells(content: bytes) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [value for page in book for row in page.iter_rows(values_only=True) for value in row]


def words(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    tables = [c.text for t in paper.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *tables])


def test_the_workbook_holds_the_table_and_the_explanations() -> None:
    world = thai_binh()
    adopt(world)
    found = cells(download(world.officers[2], world, "ranking_xlsx"))
    assert "3 (đồng hạng)" in found
    assert 102.25 in found
    assert any("Cùng hạng 3 với" in str(value) for value in found)


def test_no_cell_is_a_formula() -> None:
    world = thai_binh()
    member = world.memberships[1]
    member.unit_name = "=1+1"
    member.save()
    adopt(world)
    book = openpyxl.load_workbook(io.BytesIO(download(world.officers[2], world, "ranking_xlsx")))
    assert not [c for page in book for row in page.iter_rows() for c in row if c.data_type == "f"]


def test_the_paper_lies_and_leaves_number_and_date_to_the_clerk() -> None:
    world = thai_binh()
    adopt(world)
    content = download(world.officers[2], world, "ranking_docx")
    assert docx.Document(io.BytesIO(content)).sections[0].orientation == WD_ORIENT.LANDSCAPE
    text = words(content)
    assert "BẢNG TỔNG HỢP ĐIỂM VÀ XẾP HẠNG" in text
    assert "ngày ...... tháng" in text
    assert "Bản tin không nêu kết quả" in text


@pytest.mark.parametrize("name", ["ranking_xlsx", "ranking_docx"])
def test_exports_keep_the_council_s_decision_until_published(name: str) -> None:
    world = decided(thai_binh())
    read = words if name == "ranking_docx" else lambda content: str(cells(content))
    assert "Không khen thưởng" not in read(download(world.officers[2], world, name))
    assert "Quyết định của Hội đồng" not in read(download(world.officers[2], world, name))
    assert "Không khen thưởng" in read(download(world.board_officer, world, name))


@pytest.mark.parametrize("name", ["ranking_xlsx", "ranking_docx"])
def test_exports_are_as_closed_as_the_page(name: str) -> None:
    world = thai_binh()
    world.set_status(YearStatus.APPRAISING)
    client = Client()
    client.force_login(world.officers[2])
    assert client.get(url(name, world)).status_code == 403
    client.force_login(make_world(2).board_officer)
    assert client.get(url(name, world)).status_code == 404


def test_an_older_table_can_be_taken_along() -> None:
    world = thai_binh()
    adopt(world)
    assert "bản số 1" in words(download(world.officers[2], world, "ranking_docx", "?ban=1"))
    client = Client()
    client.force_login(world.officers[2])
    assert client.get(url("ranking_xlsx", world) + "?ban=9").status_code == 404
    assert client.get(url("ranking_xlsx", world) + "?ban=<script>").status_code == 200
