"""Deeds on one piece of evidence: linked, shared, replaced, shown, opened; all of it as a ZIP."""

from __future__ import annotations

from typing import Any

from blocs.models import StructureChange, Succession
from emulation import clock
from scoring.models import Evidence
from scoring.services.evidence import add_evidence
from scoring.services.sheet_opening import open_newcomers_sheet
from tests.factories import make_membership
from tests.matrix.cases.frame import Arguments, Case, body
from tests.scoring.builders import a_pdf
from tests.story import Story


def ancestor(story: Story) -> None:
    """A unit of the bloc attached a file, ended, and the story's own unit came after it."""
    story._unit("ancestor", "Sở Thể thao")
    unit, clerk = story.unit("ancestor"), story.people["board"]
    sheet = open_newcomers_sheet(actor=clerk, membership=make_membership(story.year, unit))
    assert sheet is not None
    line = sheet.lines.get(criterion__code="A1")
    add_evidence(actor=story.people["ancestor:officer"], line=line, uploaded=a_pdf("cu.pdf"))
    unit.ended_on = clock.today()
    unit.save(update_fields=["ended_on"])
    change = StructureChange.objects.create(
        board=story.board, kind="units_merged", title="Sáp nhập", effective_on=clock.today(),
        reason="Sắp xếp tổ chức", actor=clerk, acting_as="Ban Thi đua - Khen thưởng",
    )  # fmt: skip
    Succession.objects.create(change=change, predecessor=unit, successor=story.unit("own"))


def stranger(story: Story) -> None:
    """A unit of the bloc, no predecessor, attached a file."""
    officer, line = story.officer_of("other"), story.line("A1", "other")
    add_evidence(actor=officer, line=line, uploaded=a_pdf("cua-don-vi-khac.pdf"))


def linking(unit: str) -> Arguments:
    """The own sheet's line A1, and the file that ``unit`` attached last."""

    def made(story: Story) -> dict[str, Any]:
        line = story.line("A1")
        files = Evidence.objects.filter(
            line__sheet__membership__unit=story.unit(unit), file__isnull=False
        )
        return {
            "sheet_id": line.sheet_id,
            "criterion_id": line.criterion_id,
            "evidence_id": files.order_by("pk").values_list("pk", flat=True).last(),
        }

    return made


def own(story: Story) -> dict[str, Any]:
    """The own sheet, and the file on its line A1."""
    return {"sheet_id": story.sheet().pk, "evidence_id": story.keys["evidence:own"]}


def own_sheet(story: Story) -> dict[str, Any]:
    return {"sheet_id": story.sheet().pk}


def another_line(story: Story, _role: str) -> dict[str, Any]:
    return {"tieu-chi": [story.line("A2").criterion_id]}


EVIDENCE_LINKS = {
    "evidence_view": Case("submitted", own),
    "evidence_view@drafting": Case("drafting", own),
    "evidence_open": Case("submitted", own),
    "evidence_open@drafting": Case("drafting", own),
    "evidence_zip": Case("submitted", own_sheet),
    "evidence_zip@drafting": Case("drafting", own_sheet),
    "evidence_share": Case("drafting", own, another_line),
    "evidence_replace": Case("drafting", own, body(title="Báo cáo đã sửa")),
    "evidence_link": Case("drafting", linking("ancestor"), prepare=ancestor),
    "evidence_link@stranger": Case("drafting", linking("other"), prepare=stranger),
}
