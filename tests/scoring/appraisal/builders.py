"""A bloc-year in the middle of its appraisal, built through the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from blocs.enums import DeadlineKind, MeetingKind, YearStatus
from blocs.models import Deadline, Meeting, SecretariatMember
from emulation import clock
from emulation.models import User
from scoring.models import Explanation, ScoreLine, ScoreSheet
from scoring.services.appraisal import (
    AppraisalDraft,
    accept_rest,
    appraise_lines,
    finish_appraisal,
    start_appraisal,
)
from scoring.services.approval import approve_sheet
from scoring.services.explanations import request_explanation
from scoring.services.rubrics import create_rubric, issue_rubric, open_rubric_consultation
from scoring.services.sheet_opening import open_sheets
from scoring.services.sheets import LineDraft, save_lines, submit_sheet
from tests.factories import World, make_person, make_world

CRITERIA: list[dict[str, Any]] = [
    {"code": "A1", "title": "Hoàn thành chỉ tiêu", "max": 25, "kind": "ratio", "step": "0.25"},
    {"code": "A2", "title": "Tham mưu đúng hạn", "max": 10, "kind": "deduct", "per": "0.5"},
    {
        "code": "A3",
        "title": "Cải cách hành chính",
        "max": 15,
        "kind": "choice",
        "levels": [["Tốt", 15], ["Khá", 10], ["Chưa đạt", 0]],
    },
    {"code": "A4", "title": "Điểm trực tiếp", "max": 50, "kind": "direct", "step": "0.5"},
]
SELF = {
    "A1": {"numerator": "18", "denominator": "20"},
    "A2": {"n": "3"},
    "A3": {"level": "0"},
    "A4": {"points": "48,5"},
    "P1": {"n": "1"},
}
SELF_TOTAL = "96.50"  # 22.50 + 8.50 + 15 + 48.50 + 2


def document(extra_base: int = 0) -> dict[str, Any]:
    """A table of 100 + 5 - 10 with every sort of line; more base lines on demand."""
    extra = [
        {"code": f"B{n}", "title": f"Tiêu chí thêm {n}", "max": 1, "kind": "passfail"}
        for n in range(1, extra_base + 1)
    ]
    sections = [
        {"code": "A", "kind": "BASE", "title": "Nhiệm vụ", "max": 100, "criteria": CRITERIA},
        {
            "code": "P",
            "kind": "PLUS",
            "title": "Điểm cộng",
            "cap": 5,
            "criteria": [
                {"code": "P1", "title": "Sáng kiến", "max": 4, "kind": "count", "per": 2},
                {"code": "P2", "title": "Mô hình mới", "max": 3, "kind": "passfail"},
            ],
        },
        {
            "code": "M",
            "kind": "MINUS",
            "title": "Điểm trừ",
            "cap": 10,
            "criteria": [
                {
                    "code": "M1",
                    "title": "Nộp muộn",
                    "max": 5,
                    "kind": "count",
                    "per": 1,
                    "automatic": "late_days",
                },
                {"code": "M2", "title": "Kỷ luật", "max": 6, "kind": "count", "per": 3},
            ],
        },
    ]
    if extra:
        more = {"code": "B", "kind": "BASE", "title": "Phần thêm", "max": extra_base}
        sections.insert(1, {**more, "criteria": extra})
    return {
        "title": "Bảng chấm điểm thử",
        "scale_max": 100 + extra_base,
        "plus_cap": 5,
        "minus_cap": 10,
        "floor": 0,
        "grades": [["Tốt", 80], ["Khá", 65], ["Chưa đạt", 0]],
        "tie_breaks": ["share"],
        "sections": sections,
    }


@dataclass
class Scene:
    """A world in self-scoring with its sheets by unit; 0 is head, 1 deputy, 2 an ordinary unit."""

    world: World
    sheets: list[ScoreSheet]

    def line(self, code: str, unit: int = 2) -> ScoreLine:
        """Read a line anew."""
        return ScoreLine.objects.select_related("criterion", "sheet").get(
            sheet=self.sheets[unit], criterion__code=code
        )

    def sheet(self, unit: int = 2) -> ScoreSheet:
        """Read a sheet anew."""
        return ScoreSheet.objects.get(pk=self.sheets[unit].pk)

    def total(self, stage: str, unit: int = 2) -> Any:
        """Read a stored total anew."""
        return self.sheets[unit].totals.get(stage=stage).total

    @property
    def secretary(self) -> User:
        return self.world.secretary

    @property
    def head(self) -> User:
        return self.world.head_leader


def make_scene(members: int = 4, *, extra_base: int = 0, deputy: bool = True) -> Scene:
    """Sheets opened for every member, nothing entered yet; the head has a second officer."""
    world = make_world(members, status=YearStatus.RUNNING, deputy=deputy)
    make_person(world.units[0])
    rubric = create_rubric(
        actor=world.secretary, bloc_year=world.bloc_year, document=document(extra_base)
    )
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    issue_rubric(actor=world.head_leader, rubric=rubric)
    Deadline.objects.create(
        bloc_year=world.bloc_year,
        kind=DeadlineKind.SELF_SCORE,
        due_on=clock.today() + dt.timedelta(days=5),
    )
    world.set_status(YearStatus.SELF_SCORING)
    open_sheets(actor=world.secretary, bloc_year=world.bloc_year)
    sheets = [ScoreSheet.objects.get(membership=membership) for membership in world.memberships]
    return Scene(world, sheets)


def submit(scene: Scene, *units: int) -> None:
    """Fill in and hand in the sheets of these units."""
    for unit in units:
        sheet, officer = scene.sheet(unit), scene.world.officers[unit]
        fill(officer, sheet)
        submit_sheet(actor=officer, sheet=sheet, approving_leader="Giám đốc", confirm_blanks=True)


def fill(officer: User, sheet: ScoreSheet, **other: dict[str, str]) -> None:
    """Enter the usual figures, some of them otherwise."""
    drafts = {}
    for line in ScoreLine.objects.filter(sheet=sheet).select_related("criterion").order_by("pk"):
        raw = {**SELF, **other}.get(line.criterion.code)
        if line.criterion.code.startswith("B"):
            raw = {"passed": "1"}
        if raw is not None:
            drafts[line.criterion_id] = LineDraft(raw=raw, version=line.version)
    saving = save_lines(actor=officer, sheet=sheet, lines=drafts)
    assert saving.is_whole, saving.errors


def submitted_scene(members: int = 4, **options: Any) -> Scene:
    """Every unit has handed its sheet in; the year is in appraisal."""
    scene = make_scene(members, **options)
    submit(scene, *range(members))
    scene.world.set_status(YearStatus.APPRAISING)
    return scene


def cut(
    scene: Scene, code: str = "A2", *, unit: int = 2, actor: User | None = None, **fields: str
) -> ScoreSheet:
    """Correct one line of a unit with a reason."""
    line = scene.line(code, unit)
    draft = AppraisalDraft(
        line.version, raw=fields or {"n": "6"}, reason="Văn phòng ghi nhận 6 văn bản chậm"
    )
    return appraise_lines(
        actor=actor or scene.secretary,
        sheet=line.sheet,
        lines={line.criterion_id: draft},
    )


def appraise_all(
    scene: Scene, units: Iterable[int] = (2,), *, actor: User | None = None, reason: str = "Đã rõ"
) -> None:
    """Keep every line not yet judged and finish, as the deputy's officer for the head's sheet."""
    for unit in units:
        who = actor or (scene.world.deputy_officer if unit == 0 else scene.secretary)
        sheet = scene.sheet(unit)
        if sheet.status == "submitted":
            start_appraisal(actor=who, sheet=sheet)
        accept_rest(actor=who, sheet=sheet)
        finish_appraisal(actor=who, sheet=sheet, reason=reason)


def approve_all(scene: Scene, units: Iterable[int] = (2,)) -> None:
    """Approve finished sheets, the head's by the deputy's leader."""
    for unit in units:
        who = scene.world.deputy_leader if unit == 0 else scene.head
        approve_sheet(actor=who, sheet=scene.sheet(unit))


def name_secretary(scene: Scene, unit: int) -> User:
    """Make the officer of a unit a member of the secretariat."""
    officer = scene.world.officers[unit]
    SecretariatMember.objects.create(
        bloc_year=scene.world.bloc_year, user=officer, named_by=scene.head
    )
    return officer


def year_end_meeting(scene: Scene) -> Meeting:
    """The meeting that settles disputes; the year steps there."""
    scene.world.set_status(YearStatus.MEETING)
    return Meeting.objects.create(
        bloc_year=scene.world.bloc_year,
        kind=MeetingKind.YEAR_END,
        held_on=clock.today(),
        recorded_by=scene.secretary,
    )


def text(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


def get(client: Client, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    """Open a page by the name of its address; fails on another status."""
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status, text(response)[:3000]
    return text(response)


def days(number: int) -> dt.date:
    """A day from today."""
    return clock.today() + dt.timedelta(days=number)


def asked(scene: Scene, until: int = 3) -> Explanation:
    """A2 of unit 2 was cut, the rest kept, and the unit was asked."""
    cut(scene)
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    request_explanation(actor=scene.secretary, sheet=scene.sheet(), due_on=days(until))
    return Explanation.objects.get(line=scene.line("A2"))
