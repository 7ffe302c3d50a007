"""Edge case 6 and papers: what came after reads what was before; papers keep the year's names."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.services.structure.mergers import Merger, NewUnit, merge_units
from blocs.services.structure.names import rename_bloc, rename_unit
from blocs.services.structure.records import Ground
from tests.story import Story

pytestmark = pytest.mark.django_db

REASON = "Sắp xếp tổ chức bộ máy"
NEW_UNIT, NEW_BLOC = "Sở Y tế và Dân số", "Khối các sở"


def unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [packed.read(name).decode(errors="ignore") for name in packed.namelist()]
    return html.unescape(" ".join(parts))


def papers(story: Story) -> dict[str, list[int]]:
    year = [story.keys["year"]]
    return {
        "pledge_docx": year,
        "pledge_print": year,
        "ranking_docx": year,
        "ranking_xlsx": year,
        "sheet_docx": [story.sheet("own").pk],
    }


def test_papers_of_a_year_print_the_names_of_that_year(as_user: Callable[..., Client]) -> None:
    story = Story("published", units=5)
    with story.clock():
        board, ground = story.people["board"], Ground(story.day(), REASON)
        rename_unit(actor=board, unit=story.unit("own"), name=NEW_UNIT, ground=ground)
        rename_bloc(actor=board, bloc=story.bloc, name=NEW_BLOC, ground=ground)
        client = as_user(board)
        for name, args in papers(story).items():
            response = client.get(reverse(name, args=args))
            assert response.status_code == 200, name
            body = response.getvalue() if response.streaming else response.content
            said = unzipped(body) if body[:2] == b"PK" else body.decode()
            assert "Sở Y tế" in said, name
            assert NEW_UNIT not in said, name
            assert NEW_BLOC not in said, name


def merged(story: Story) -> None:
    """Own and a unit of another bloc become a new one; own's people go along."""
    merger = Merger(
        [story.unit("own"), story.unit("outside")],
        Ground(story.day(), REASON),
        new=NewUnit("Sở Hợp nhất"),
    )
    merge_units(actor=story.people["board"], merger=merger)


def test_edge_6_the_people_after_open_the_sheet_of_what_was_before(
    as_user: Callable[..., Client],
) -> None:
    story = Story("submitted", units=5)
    with story.clock():
        own, other = story.sheet("own"), story.sheet("other")
        merged(story)
        for person in ("own:officer", "outside:officer"):
            client = as_user(story.people[person])
            with CaptureQueriesContext(connection) as context:
                assert client.get(f"/phieu/{own.pk}/").status_code == 200
            assert len(context) <= 17, [each["sql"][:80] for each in context]
            assert client.get(f"/phieu/{other.pk}/").status_code == 404
            papers_of_own = f"/phieu/{own.pk}/minh-chung/{story.keys['evidence:own']}/"
            paper = client.get(papers_of_own)
            assert (paper.status_code, paper.getvalue()[:4]) == (200, b"%PDF")


def test_edge_6_they_read_and_do_not_write(as_user: Callable[..., Client]) -> None:
    story = Story("drafting", units=5)
    with story.clock():
        own = story.sheet("own")
        merged(story)
        client = as_user(story.people["own:officer"])
        criterion = story.criterion("A2")
        data = {f"n_{criterion.pk}": "9", "approving_leader": "Giám đốc", "confirm_blanks": "on"}
        answers = {page: client.post(f"/phieu/{own.pk}/{page}/", data).status_code
                   for page in ("luu", "nop", "tra-lai")}  # fmt: skip
        assert answers == {"luu": 403, "nop": 403, "tra-lai": 403}
        own.refresh_from_db()
        assert own.first_submitted_at is None
