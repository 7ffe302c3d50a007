"""The search itself: a leak put there on purpose is found, also in Office files and archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from docx import Document
from openpyxl import Workbook

from blocs.views import year as year_views
from emulation.access import ALLOWED
from emulation.office import docx_response, xlsx_response
from scoring.selectors import sheets
from scoring.views import overview, self_score
from tests.leaks.conftest import look_around
from tests.leaks.search import secrets_in, secrets_of
from tests.leaks.story import SecretStory, own_points, word
from tests.leaks.test_who_sees_what import leaks

# measuring coverage would double the time of what reads the same pages again and again
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

SECRET = f"{word('own', 'GHICHU')} {own_points('own')}"


def a_workbook() -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.active["C7"] = 19.37
    book.save(file)
    return file.getvalue()


def a_document() -> bytes:
    paper, file = Document(), io.BytesIO()
    paper.add_table(1, 1).cell(0, 0).text = word("own", "TRALOI")
    paper.save(file)
    return file.getvalue()


def an_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ho-so/bang.xlsx", a_workbook())
        archive.writestr(f"ho-so/{word('other', 'TEP')}.pdf", b"%PDF")
    return file.getvalue()


@pytest.mark.parametrize(
    ("response", "found"),
    [
        (HttpResponse(f"<td>{SECRET}</td>"), {("own_line", "own")}),
        (HttpResponse("<td>19,37</td>"), {("own_line", "own")}),
        (HttpResponse('{"total": 100.370}'), {("own_total", "own")}),
        (HttpResponse("Tử số 91.239"), {("own_line", "own")}),
        (HttpResponse("0988177002"), {("phone", "own")}),
        (HttpResponse("119,37 · 19,370.5 · 2019.37,1"), set()),
        (HttpResponseRedirect(f"/?ghi-chu={word('own', 'LYDO')}"), {("appraised_line", "own")}),
        (
            HttpResponse(headers={"Content-Disposition": "filename*=utf-8''BIMAT%2Down%2DTEP"}),
            {("own_line", "own")},
        ),
        (xlsx_response(a_workbook(), "Bảng"), {("own_line", "own")}),
        (docx_response(a_document(), "Phiếu"), {("appraised_line", "own")}),
        (HttpResponse(an_archive()), {("own_line", "own"), ("own_line", "other")}),
    ],
)  # fmt: skip
def test_a_secret_is_found(response: Any, found: set[tuple[str, str]]) -> None:
    assert secrets_in(response) == found


def test_every_secret_word_has_its_kind() -> None:
    with pytest.raises(KeyError):
        secrets_of(word("own", "CHUAKHAI"))


def test_a_door_left_open_is_found(
    at: Callable[[str], SecretStory],
    quick_doors: Callable[[], None],
    bare_refusals: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = at("drafting")
    page = ("sheet", reverse("sheet", args=[story.sheet("own").pk]))
    assert leaks(look_around(story, [page]), "drafting") == []
    monkeypatch.setattr(sheets, "may_read_content", lambda *_: ALLOWED)
    assert leaks(look_around(story, [page]), "drafting") == [
        f"{role} sees {kind} of own at sheet"
        for role in ("board", "head", "secretary")
        for kind in ("own_line", "own_total")
    ]


def test_a_page_that_says_too_much_is_found(
    at: Callable[[str], SecretStory], bare_refusals: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = at("drafting")
    page = ("bloc_year", reverse("bloc_year", args=[story.keys["year"]]))
    shown = year_views.render

    def told(request: Any, template: str, context: Any, **options: Any) -> HttpResponse:
        response = shown(request, template, context, **options)
        response.content += SECRET.encode()
        return response

    monkeypatch.setattr(year_views, "render", told)
    found = leaks(look_around(story, [page]), "drafting")
    assert "member_officer sees own_line of own at bloc_year" in found
    assert not any(each.startswith("officer ") for each in found)


def test_a_workbook_and_a_paper_that_say_too_much_are_found(
    at: Callable[[str], SecretStory],
    quick_doors: Callable[[], None],
    bare_refusals: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = at("submitted")
    quick_doors()
    monkeypatch.setattr(overview, "summary_workbook", lambda *_: a_workbook())
    monkeypatch.setattr(overview, "can_read_summary", lambda *_: ALLOWED)
    monkeypatch.setattr(self_score, "sheet_paper", lambda *_: docx_response(a_document(), "Phiếu"))
    pages = [
        ("summary_xlsx", reverse("summary_xlsx", args=[story.keys["year"]])),
        ("sheet_docx", reverse("sheet_docx", args=[story.sheet("other").pk])),
    ]
    found = leaks(look_around(story, pages), "submitted")
    assert "member_leader sees own_line of own at summary_xlsx" in found
    assert "member_leader sees appraised_line of own at sheet_docx" in found
