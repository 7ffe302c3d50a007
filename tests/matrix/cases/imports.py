"""The register brought in from a workbook."""

from __future__ import annotations

from typing import Any

from blocs.models import Board, BoardImport
from blocs.services.imports import plan_of, upload_register
from tests.blocs.workbooks import OFFICER, upload, workbook
from tests.matrix.cases.frame import Case, none
from tests.story import Story


def content() -> bytes:
    return workbook(
        [["Sở Nhập Mới"], ["Sở Y tế", "Doanh nghiệp"]],
        [["Đỗ Thị Nhập", "", 912345678, "", "Sở Nhập Mới", OFFICER]],
        [["Khối số 7", "", 2027, 3, "", "Sở Nhập Mới", ""]],
    )


def with_file(_story: Story, _role: str) -> dict[str, Any]:
    return {"uploaded": upload(content())}


def uploaded(story: Story) -> None:
    """A workbook the board has uploaded and not confirmed."""
    board = Board.objects.get(pk=story.keys["board"])
    upload_register(actor=story.person("board"), board=board, uploaded=upload(content()))


def last(story: Story) -> dict[str, Any]:
    return {"import_id": BoardImport.objects.filter(board=story.keys["board"]).latest("pk").pk}


def seen(story: Story, _role: str) -> dict[str, Any]:
    return {"seen": plan_of(BoardImport.objects.get(pk=last(story)["import_id"])).fingerprint}


IMPORTS = {
    "import_page": Case("draft", none, with_file, prepare=uploaded),
    "import_template": Case("draft", none),
    "import_current": Case("draft", none),
    "import_preview": Case("draft", last, prepare=uploaded),
    "import_confirm": Case("draft", last, seen, prepare=uploaded),
    "import_file": Case("draft", last, prepare=uploaded),
}
