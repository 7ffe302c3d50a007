"""Who has opened the evidence of a sheet; how files are shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from emulation.access import Conflict, Refused
from emulation.models import StoredFile
from scoring.models import EvidenceView
from scoring.selectors.evidence_views import opened_by
from scoring.services.evidence import remove_evidence
from scoring.services.evidence_views import note_opening
from tests.factories import World
from tests.scoring.builders import PDF, sheet_of
from tests.scoring.evidence.builders import SECRETARY, UNIT, attach, cite

pytestmark = pytest.mark.django_db


def test_a_line_is_opened_when_every_file_on_it_is(world: World) -> None:
    reader, sheet = world.officers[UNIT], sheet_of(world, UNIT)
    first, second = attach(world, "A1"), attach(world, "A1", "b.pdf", b"b")
    cite(world, "A2")
    line = first.line_id
    assert opened_by(sheet) == {line: set()}
    note_opening(actor=reader, evidence=first)
    note_opening(actor=reader, evidence=first)
    assert (EvidenceView.objects.count(), opened_by(sheet)) == (1, {line: set()})
    note_opening(actor=reader, evidence=second)
    assert opened_by(sheet) == {line: {reader.pk}}


def test_content_opened_once_counts_wherever_it_stands(world: World) -> None:
    first, again = attach(world, "A1"), attach(world, "A2", "khac.pdf")
    note_opening(actor=world.officers[UNIT], evidence=first)
    assert opened_by(sheet_of(world, UNIT))[again.line_id] == {world.officers[UNIT].pk}


def test_nobody_opens_what_is_closed_or_gone(world: World) -> None:
    evidence = attach(world, "A1")
    with pytest.raises(Refused):
        note_opening(actor=world.officers[SECRETARY], evidence=evidence)
    remove_evidence(actor=world.officers[UNIT], evidence=evidence)
    with pytest.raises(Conflict):
        note_opening(actor=world.officers[UNIT], evidence=evidence)
    assert not EvidenceView.objects.exists()


def test_opening_notes_and_leads_to_the_file(as_user: Callable[..., Client], world: World) -> None:
    evidence, client = attach(world, "A1"), as_user(world.officers[UNIT])
    args = [evidence.line.sheet_id, evidence.pk]
    view, go = reverse("evidence_view", args=args), reverse("evidence_open", args=args)
    shown = client.get(view)
    assert (shown["X-Frame-Options"], shown.getvalue()) == ("SAMEORIGIN", PDF)
    assert not EvidenceView.objects.exists()
    assert client.post(go).url == view
    assert client.post(go, headers={"X-Requested-With": "fetch"}).status_code == 204
    assert EvidenceView.objects.count() == 1
    paper = cite(world, "A2")
    assert client.post(reverse("evidence_open", args=[args[0], paper.pk])).status_code == 404


def test_only_pdf_and_pictures_are_shown_and_in_a_sandbox(
    as_user: Callable[..., Client], world: World
) -> None:
    evidence, client = attach(world, "A1", "<script>.pdf"), as_user(world.officers[UNIT])
    url = reverse("evidence_view", args=[evidence.line.sheet_id, evidence.pk])
    shown = client.get(url)
    assert shown["Content-Disposition"].startswith("inline;")
    assert shown["Content-Security-Policy"] == (
        "default-src 'none'; sandbox; frame-ancestors 'self'"
    )
    assert (shown["X-Content-Type-Options"], shown["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )
    StoredFile.objects.update(content_type="text/html")
    other = client.get(url)
    assert shown.getvalue() == other.getvalue() == PDF
    assert other["Content-Disposition"].startswith("attachment;")
    assert (other["Content-Security-Policy"], other["X-Frame-Options"]) == (
        "default-src 'none'; sandbox",
        "DENY",
    )


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bao-cao.pdf", b"MZ\x90\x00" + b"0" * 99, "chương trình"),
        ("anh.png", b"<html><script>alert(1)</script>", "không thuộc loại"),
        ("trong.pdf", b"", "không có nội dung"),
        ("../../etc/x.pdf", b"<svg onload=alert(1)>", "Tệp “x.pdf”"),
    ],
)  # fmt: skip
def test_each_file_is_told_its_fate(
    as_user: Callable[..., Client], world: World, name: str, content: bytes, why: str
) -> None:
    """As the script asks: one file, one answer, and nothing kept of what is refused."""
    line = sheet_of(world, UNIT).lines.get(criterion__code="A1")
    url = reverse("evidence_add", args=[line.sheet_id, line.criterion_id])
    client, headers = as_user(world.officers[UNIT]), {"Accept": "application/json"}
    answer = client.post(url, {"file": SimpleUploadedFile(name, content)}, headers=headers)
    assert (answer.status_code, answer.json()["added"]) == (422, False)
    assert why in " ".join(answer.json()["errors"]["file"])
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("door", ["evidence", "evidence_view", "evidence_open"])
def test_a_file_lost_from_the_disk_is_said_plainly(
    as_user: Callable[..., Client], world: World, door: str
) -> None:
    """Not a fault 500 and not as if it had never been: which file, and whom to ask."""
    evidence, client = attach(world, "A1", "Báo cáo.pdf"), as_user(world.officers[UNIT])
    assert evidence.file
    default_storage.delete(evidence.file.file.name)
    url = reverse(door, args=[evidence.line.sheet_id, evidence.pk])
    answer = client.post(url) if door == "evidence_open" else client.get(url)
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "“Báo cáo.pdf”" in page
    assert "quản trị hệ thống" in page
    assert str(evidence.file.pk) in page
    assert not EvidenceView.objects.exists()
