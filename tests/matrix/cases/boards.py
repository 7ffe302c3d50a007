"""Boards: founded and merged by the administrator, kept by their officers."""

from __future__ import annotations

from typing import Any

from blocs.forms.boards import merger_of
from blocs.models import Board
from blocs.services.board_mergers import plan_merger
from emulation.clock import today
from emulation.vietnamese import format_date
from tests.matrix.cases.frame import Case, body, none
from tests.story import Story

FOUNDING = body(
    name="Tỉnh Mới",
    council_name="Hội đồng Thi đua - Khen thưởng",
    office_name="Sở Nội vụ",
    full_name="Nguyễn Thị Hòa",
)
EDITED = body(
    name="Tỉnh Đổi Tên",
    council_name="Hội đồng đổi tên",
    office_name="Sở Nội vụ",
    phone="024 123456",
)


def board(story: Story) -> dict[str, Any]:
    return {"board_id": story.keys["board"]}


def merging(story: Story, _role: str) -> dict[str, Any]:
    """The form as it is first sent: the effects are shown, nothing is written."""
    return {
        "formers": [story.keys["other_board"]],
        "heir": story.keys["board"],
        "day": format_date(today()),
        "basis": "Nghị quyết 202/2025/QH15",
        "reason": "Hợp nhất hai tỉnh",
    }


def confirmed(story: Story, role: str) -> dict[str, Any]:
    """The form as it is confirmed, with the plan that was read."""
    sent = merging(story, role)
    boards = {each.pk: each for each in Board.objects.all()}
    data = {
        **sent,
        "formers": [boards[key] for key in sent["formers"]],
        "heir": boards[sent["heir"]],
        "day": today(),
    }
    plan = plan_merger(actor=story.people["administrator"], merger=merger_of(data))
    assert not plan.obstacles
    return {**sent, "seen": plan.fingerprint}


BOARDS = {
    "board_found": Case("running", none, FOUNDING),
    "boards_merge": Case("running", none, confirmed),
    "boards_merge@review": Case("running", none, merging, leaves_no_trace=True),
    "board": Case("running", board),
    "board_edit": Case("running", board, EDITED),
    "structure_record": Case("running", board),
}
