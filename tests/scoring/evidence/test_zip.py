"""All evidence of a sheet as one ZIP, with readable names and an index."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from emulation.files import safe_name
from scoring.exports.evidence_zip import INDEX, LOST
from scoring.services.evidence import share_evidence
from tests.factories import World
from tests.scoring.builders import PDF, line_of, sheet_of
from tests.scoring.evidence.builders import UNIT, attach, cite, unpacked

pytestmark = pytest.mark.django_db


def test_a_zip_has_readable_names_and_an_index(
    as_user: Callable[..., Client], world: World
) -> None:
    first = attach(world, "A1", unicodedata.normalize("NFD", "Báo cáo \u202ecod.pdf"))
    attach(world, "A1", "Báo cáo.pdf", b"2", title="=HYPERLINK(1)")
    cite(world, "A2", "7/QĐ")
    lost = attach(world, "A3", "mat.pdf", b"3")
    share_evidence(
        actor=world.officers[UNIT], source=first, lines=[line_of(sheet_of(world, UNIT), "A4")]
    )
    default_storage.delete(lost.file.file.name)
    client = as_user(world.officers[UNIT])
    answer = client.get(reverse("evidence_zip", args=[sheet_of(world, UNIT).pk]))
    with unpacked(answer.getvalue()) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "A1 Chỉ tiêu được giao/01 Báo cáo cod.pdf",
            "A1 Chỉ tiêu được giao/02 Báo cáo.pdf",
            INDEX,
        ]
        assert archive.read("A1 Chỉ tiêu được giao/01 Báo cáo cod.pdf") == PDF
        page = load_workbook(BytesIO(archive.read(INDEX))).active
    assert "Thiếu 1 minh chứng" in page["A3"].value
    assert "quản trị hệ thống" in page["A3"].value
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    assert [(row[0], row[2], row[7]) for row in rows] == [
        ("A1", "Báo cáo cod.pdf", "A1 Chỉ tiêu được giao/01 Báo cáo cod.pdf"),
        ("A1", "'=HYPERLINK(1)", "A1 Chỉ tiêu được giao/02 Báo cáo.pdf"),
        ("A2", "Văn bản 7/QĐ", "không có tệp, chỉ dẫn văn bản"),
        ("A3", "mat.pdf", LOST),
        ("A4", "Báo cáo cod.pdf", "A1 Chỉ tiêu được giao/01 Báo cáo cod.pdf"),
    ]
    assert rows[0][9] == first.file.sha256


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('1.2 Tỷ lệ: "đạt" > 90%? a/b\\c|d*', "1.2 Tỷ lệ- -đạt- - 90%- a-b-c-d-"),
        ("Kết thúc bằng chấm. . ", "Kết thúc bằng chấm"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("\u202e\u0000", "tệp"),
        ("ư" * 10_000, "ư" * 50),
    ],
)  # fmt: skip
def test_a_name_is_safe_on_any_system(text: str, name: str) -> None:
    assert safe_name(text, 50) == name
