"""Several files at once: all of them or none, and each with the whole citation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from scoring.models import Evidence
from tests.story import Story, a_pdf

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("second", "issued_on"),
    [(a_pdf(8), "31/12/2099"), (SimpleUploadedFile("b.pdf", b"MZ\0\0"), "01/11/2025")],
    ids=["a date to come", "a program among the files"],
)
def test_files_refused_leave_nothing_behind(
    as_user: Callable[..., Client], second: SimpleUploadedFile, issued_on: str
) -> None:
    story = Story("drafting", units=3)
    line = story.line("B1")
    with story.clock():
        answer = as_user(story.officer_of("own")).post(
            f"/phieu/{line.sheet_id}/minh-chung/them/{line.criterion_id}/",
            {"file": [a_pdf(7), second], "title": "Báo cáo", "number": "12/BC",
             "issued_on": issued_on},
        )  # fmt: skip
    assert answer.status_code == 200
    assert "12/BC" in answer.content.decode()
    assert not Evidence.objects.filter(line=line).exists()
