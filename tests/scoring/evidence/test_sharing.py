"""Evidence used for further lines, and put in the place of what stood before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from emulation import clock
from emulation.access import Conflict
from emulation.models import StoredFile
from scoring.models import Evidence
from scoring.selectors.evidence_room import room_left
from scoring.selectors.sheet_lines import evidence_of
from scoring.services.evidence import replace_evidence, share_evidence
from tests.factories import World
from tests.scoring.builders import PDF, a_pdf, line_of, save, sheet_of
from tests.scoring.evidence.builders import OTHER, UNIT, attach, cite

pytestmark = pytest.mark.django_db


def lines(world: World, *codes: str, unit: int = UNIT) -> list:
    return [line_of(sheet_of(world, unit), code) for code in codes]


def share(world: World, source: Evidence, *codes: str) -> list[Evidence]:
    return share_evidence(actor=world.officers[UNIT], source=source, lines=lines(world, *codes))


def test_a_shared_file_is_one_and_takes_room_once(world: World) -> None:
    source = attach(world, "A2", title="Báo cáo", number="1/BC", issued_on=clock.today())
    save(world.officers[UNIT], sheet_of(world, UNIT))
    left = room_left(sheet_of(world, UNIT))
    first, second = share(world, source, "A1", "A3")
    assert {first.file, second.file} == {source.file}
    assert (first.source, first.title, first.number) == (source, "Báo cáo", "1/BC")
    assert StoredFile.objects.count() == 1
    assert room_left(sheet_of(world, UNIT)) == left
    assert line_of(sheet_of(world, UNIT), "A1").self_points == 25


def test_what_a_line_has_already_is_shared_with_no_line(world: World) -> None:
    source, paper = attach(world, "A2"), cite(world, "A2")
    attach(world, "A3", "ten-khac.pdf")
    with pytest.raises(ValidationError, match="đã có ở tiêu chí A3"):
        share(world, source, "A1", "A3")
    share(world, paper, "A1")
    with pytest.raises(ValidationError, match="12/QĐ đã có ở tiêu chí A1"):
        share(world, paper, "A1")
    assert evidence_of(sheet_of(world, UNIT)).count() == 4


def test_another_sheets_lines_take_nothing(world: World) -> None:
    with pytest.raises(Conflict):
        share_evidence(
            actor=world.officers[UNIT],
            source=attach(world, "A2"),
            lines=lines(world, "A1", unit=OTHER),
        )


def test_replacing_keeps_the_old_row_and_says_so(
    as_user: Callable[..., Client], world: World
) -> None:
    old = attach(world, "A1", "cu.pdf")
    kept = old.file
    client, args = as_user(world.officers[UNIT]), [old.line.sheet_id, old.pk]
    url = reverse("evidence_replace", args=args)
    answer = client.post(url, {"file": a_pdf("moi.pdf", PDF + b"moi"), "title": "Bản ký"})
    assert answer.status_code == 302
    old.refresh_from_db()
    new = old.replaced_by
    assert (old.file, old.removed_by) == (kept, world.officers[UNIT])
    assert (new.replaces, new.title, new.file.original_name) == (old, "Bản ký", "moi.pdf")
    with kept.file.open() as file:
        assert file.read() == PDF
    assert client.post(url, {"title": "Lần hai"}).status_code == 409
    assert client.get(reverse("evidence", args=args)).status_code == 404
    add = reverse("evidence_add", args=[args[0], old.line.criterion_id])
    assert "cu.pdf: " in client.get(add).content.decode()
    assert "thay cho “cu.pdf”" in client.get(reverse("sheet", args=args[:1])).content.decode()


def test_a_correction_keeps_the_file_and_must_change_something(world: World) -> None:
    old, actor = attach(world, "A1", title="Báo cáo"), world.officers[UNIT]
    with pytest.raises(ValidationError, match="Chưa có gì thay đổi"):
        replace_evidence(actor=actor, evidence=old, title="Báo cáo")
    with pytest.raises(ValidationError, match="giống hệt"):
        replace_evidence(actor=actor, evidence=old, uploaded=a_pdf("x.pdf"), title="Khác")
    old.refresh_from_db()
    assert (old.removed_at, StoredFile.objects.count()) == (None, 1)
    new = replace_evidence(actor=actor, evidence=old, title="Báo cáo năm")
    assert (new.file, new.replaces) == (old.file, old)
    with pytest.raises(Conflict):
        replace_evidence(actor=actor, evidence=old, title="Thẻ thứ hai")


def test_sharing_asks_for_a_line(as_user: Callable[..., Client], world: World) -> None:
    source = attach(world, "A2")
    url = reverse("evidence_share", args=[source.line.sheet_id, source.pk])
    client = as_user(world.officers[UNIT])
    assert "Chưa chọn tiêu chí nào" in client.post(url).content.decode()
    codes = {"tieu-chi": [line.criterion_id for line in lines(world, "A1", "A3")]}
    assert client.post(url, codes).status_code == 302
    assert "đã có ở tiêu chí A1" in client.post(url, codes).content.decode()
    assert Evidence.objects.filter(source=source).count() == 2
