"""Who has opened the evidence of a sheet, line by line."""

from __future__ import annotations

import pytest

from emulation.access import Conflict, Refused
from scoring.models import Evidence, EvidenceView
from scoring.selectors.evidence_views import opened_by
from scoring.services.evidence import add_evidence, remove_evidence
from scoring.services.evidence_views import note_opening
from tests.factories import World
from tests.scoring.builders import a_pdf, line_of, make_scoring_world, sheet_of

pytestmark = pytest.mark.django_db

UNIT, SECRETARY = 2, 0


@pytest.fixture
def world() -> World:
    return make_scoring_world(3)


def attach(world: World, code: str, name: str, content: bytes = b"") -> Evidence:
    return add_evidence(
        actor=world.officers[UNIT],
        line=line_of(sheet_of(world, UNIT), code),
        uploaded=a_pdf(name, content) if content else a_pdf(name),
    )


def test_a_line_is_opened_when_every_file_on_it_is(world: World) -> None:
    reader, sheet = world.officers[UNIT], sheet_of(world, UNIT)
    first, second = attach(world, "A1", "a.pdf"), attach(world, "A1", "b.pdf", b"%PDF-1.4 b")
    line = first.line_id
    assert opened_by(sheet) == {line: set()}
    note_opening(actor=reader, evidence=first)
    note_opening(actor=reader, evidence=first)
    assert (EvidenceView.objects.count(), opened_by(sheet)) == (1, {line: set()})
    note_opening(actor=reader, evidence=second)
    assert opened_by(sheet) == {line: {reader.pk}}


def test_content_opened_once_counts_wherever_it_stands(world: World) -> None:
    first, again = attach(world, "A1", "a.pdf"), attach(world, "A2", "khac.pdf")
    note_opening(actor=world.officers[UNIT], evidence=first)
    assert opened_by(sheet_of(world, UNIT))[again.line_id] == {world.officers[UNIT].pk}


def test_nobody_opens_what_is_closed_or_gone(world: World) -> None:
    evidence = attach(world, "A1", "a.pdf")
    with pytest.raises(Refused):
        note_opening(actor=world.officers[SECRETARY], evidence=evidence)
    remove_evidence(actor=world.officers[UNIT], evidence=evidence)
    with pytest.raises(Conflict):
        note_opening(actor=world.officers[UNIT], evidence=evidence)
    assert not EvidenceView.objects.exists()
