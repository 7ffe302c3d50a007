"""The pages that hand out a rubric's workbook, take it back and show what it would do."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blocs.enums import YearStatus
from scoring.exports.rubric_workbook import export_rubric, rubric_workbook
from scoring.models import Criterion, Rubric
from scoring.rules.rubric import from_document
from scoring.services.rubric_edit import drop_criterion
from tests.factories import World, make_world
from tests.scoring.builders import DOCUMENT, make_rubric

pytestmark = pytest.mark.django_db
CHANGED = rubric_workbook(from_document({**DOCUMENT, "title": "Bảng sửa đổi"}))


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


def upload(client, url: str, content: bytes, name: str = "bang.xlsx") -> str:
    answer = client.post(url, {"uploaded": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.content.decode()


def confirmed(page: str) -> dict[str, str]:
    seen = re.search(r'name="seen"\s+value="([0-9a-f]{64})"', page)
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert seen
    assert kept
    return {"seen": seen[1], "kept": unescape(kept[1])}


def test_template_and_export_are_workbooks(world, as_user):
    rubric = make_rubric(world)
    client = as_user(world.officers[2])
    template = client.get(reverse("rubric_template", args=[world.bloc_year.pk]))
    assert "Phần" in openpyxl.load_workbook(io.BytesIO(template.content)).sheetnames
    answer = client.get(reverse("rubric_export", args=[rubric.pk]))
    assert "attachment" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["Thông tin chung"]["B2"].value == DOCUMENT["title"]
    page = client.get(reverse("rubric", args=[rubric.pk])).content.decode()
    assert "Tải bảng này (Excel)" in page
    assert "Nhập từ tệp Excel" not in page


def test_a_draft_is_exported_only_to_its_readers(world, as_user):
    draft = make_rubric(world, issued=False)
    url = reverse("rubric_export", args=[draft.pk])
    assert as_user(world.secretary).get(url).status_code == 200
    assert as_user(world.officers[2]).get(url).status_code == 404


def test_upload_preview_confirm(world, as_user):
    draft = make_rubric(world, issued=False)
    client = as_user(world.secretary)
    url = reverse("rubric_import_into", args=[draft.pk])
    assert "Tải bảng này (Excel)" in client.get(url).content.decode()
    page = upload(client, url, CHANGED)
    assert "Bảng sửa đổi" in page
    assert DOCUMENT["title"] in page
    draft.refresh_from_db()
    assert draft.title == DOCUMENT["title"]
    confirm = reverse("rubric_import_confirm", args=[world.bloc_year.pk])
    answer = client.post(confirm, confirmed(page))
    assert answer["Location"] == reverse("rubric", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.title == "Bảng sửa đổi"


def test_a_year_without_a_draft_gets_one(world, as_user):
    client = as_user(world.secretary)
    page = upload(client, reverse("rubric_import", args=[world.bloc_year.pk]), CHANGED)
    assert "lần ban hành mới" in page
    client.post(reverse("rubric_import_confirm", args=[world.bloc_year.pk]), confirmed(page))
    assert Rubric.objects.get(bloc_year=world.bloc_year).title == "Bảng sửa đổi"


def test_errors_are_listed_and_nothing_can_be_confirmed(world, as_user):
    draft = make_rubric(world, issued=False)
    book = openpyxl.load_workbook(io.BytesIO(export_rubric(draft)))
    book["Tiêu chí"]["F2"] = "<b>tám</b>"
    buffer = io.BytesIO()
    book.save(buffer)
    client = as_user(world.secretary)
    page = upload(client, reverse("rubric_import_into", args=[draft.pk]), buffer.getvalue())
    assert "Còn 1 lỗi" in page
    assert "&lt;b&gt;tám&lt;/b&gt;" in page
    assert 'name="seen"' not in page


def test_an_unchanged_workbook_says_so(world, as_user):
    draft = make_rubric(world, issued=False)
    client = as_user(world.secretary)
    page = upload(client, reverse("rubric_import_into", args=[draft.pk]), export_rubric(draft))
    assert "tệp giống hệt bảng đang có" in page
    assert 'name="seen"' not in page


def test_a_draft_changed_meanwhile_is_shown_anew(world, as_user):
    draft = make_rubric(world, issued=False)
    client = as_user(world.secretary)
    page = upload(client, reverse("rubric_import_into", args=[draft.pk]), CHANGED)
    drop_criterion(actor=world.secretary, criterion=Criterion.objects.get(rubric=draft, code="A4"))
    confirm = reverse("rubric_import_confirm", args=[world.bloc_year.pk])
    again = client.post(confirm, confirmed(page)).content.decode()
    assert "Dự thảo đã thay đổi" in again
    assert "Tiêu chí A4" in again
    draft.refresh_from_db()
    assert draft.title == DOCUMENT["title"]
    client.post(confirm, confirmed(again))
    draft.refresh_from_db()
    assert draft.title == "Bảng sửa đổi"


def test_a_forged_confirmation_writes_nothing(world, as_user):
    make_rubric(world, issued=False)
    confirm = reverse("rubric_import_confirm", args=[world.bloc_year.pk])
    answer = as_user(world.secretary).post(confirm, {"seen": "x", "kept": "forged"}, follow=True)
    assert "Đề nghị tải tệp lên lại" in answer.content.decode()
    assert Rubric.objects.get().title == DOCUMENT["title"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "rỗng"),
        (b"%PDF-1.4\n%%EOF\n", "a.pdf", "Chỉ nhận tệp Excel (.xlsx)"),
        (b"PK\x03\x04" + b"0" * 100, "a.xlsx", "bị hỏng"),
    ],
)
def test_other_files_are_refused_on_the_form(world, as_user, content, name, said):
    url = reverse("rubric_import", args=[world.bloc_year.pk])
    page = unescape(upload(as_user(world.secretary), url, content, name))
    assert said in page or "không có nội dung" in page
