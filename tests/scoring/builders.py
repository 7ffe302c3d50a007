"""Rubrics, sheets and hand-ins for tests of scoring, made through the services."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import Deadline
from emulation import clock
from emulation.models import User
from scoring.models import Criterion, Rubric, ScoreLine, ScoreSheet
from scoring.services.evidence import add_evidence
from scoring.services.rubrics import create_rubric, issue_rubric
from scoring.services.sheet_opening import open_sheets
from scoring.services.sheets import LineDraft, Saving, save_lines, submit_sheet
from tests.factories import World, make_world

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

# Every kind of criterion; base 50 + 30 + 20 = 100, plus up to 10, minus up to 15.
DOCUMENT: dict[str, Any] = {
    "title": "Bảng chấm điểm kiểm thử",
    "scale_max": 100,
    "plus_cap": 10,
    "minus_cap": 15,
    "floor": 0,
    "ceiling": 110,
    "grades": [["Xuất sắc", 90], ["Tốt", 80], ["Khá", 65], ["Chưa đạt", 0]],
    "tie_breaks": ["section:A:desc", "minus:asc", "ballot", "share"],
    "sections": [
        {
            "code": "A",
            "kind": "BASE",
            "title": "Nhiệm vụ chính trị",
            "max": 50,
            "criteria": [
                {"code": "A1", "title": "Chỉ tiêu được giao", "max": 25, "kind": "ratio",
                 "step": "0.25", "evidence": True, "unit": "chỉ tiêu"},
                {"code": "A2", "title": "Văn bản đúng hạn", "max": 10, "kind": "deduct",
                 "per": "0.5", "unit": "văn bản chậm"},
                {"code": "A3", "title": "Cải cách hành chính", "max": 7, "kind": "choice",
                 "levels": [["Xuất sắc", 7], ["Tốt", 5], ["Chưa đạt", 0]]},
                {"code": "A4", "title": "Điểm do đơn vị tự nhập", "max": 8, "kind": "direct",
                 "step": "0.5"},
            ],
        },
        {
            "code": "B",
            "kind": "BASE",
            "title": "Thi đua, khen thưởng",
            "max": 30,
            "criteria": [
                {"code": "B1", "title": "Đạt chuẩn văn hóa", "max": 10, "kind": "passfail"},
                {"code": "B2", "title": "Thu nhập theo chỉ tiêu", "max": 10, "kind": "target"},
                {"code": "B3", "title": "Hoạt động chung", "max": 10, "parts": [
                    {"code": "B3a", "title": "Dự họp", "max": 6, "kind": "deduct", "per": 2},
                    {"code": "B3b", "title": "Văn nghệ", "max": 4, "kind": "count", "per": 2,
                     "not_applicable": "full"},
                ]},
            ],
        },
        {
            "code": "C",
            "kind": "BASE",
            "title": "Hoạt động của Khối",
            "max": 20,
            "criteria": [
                {"code": "C1", "title": "Kiểm tra chéo", "max": 20, "kind": "choice",
                 "levels": [["Đủ", 20], ["Thiếu", 10], ["Không", 0]]},
            ],
        },
        {
            "code": "E",
            "kind": "PLUS",
            "title": "Điểm cộng",
            "cap": 10,
            "criteria": [
                {"code": "E1", "title": "Sáng kiến cấp tỉnh", "max": 4, "kind": "count", "per": 2,
                 "decision_required": True},
                {"code": "E2", "title": "Mô hình mới", "max": 3, "kind": "passfail"},
            ],
        },
        {
            "code": "F",
            "kind": "MINUS",
            "title": "Điểm trừ",
            "cap": 15,
            "criteria": [
                {"code": "F1", "title": "Nộp muộn", "max": 5, "kind": "count", "per": 1,
                 "automatic": "late_days"},
                {"code": "F2", "title": "Cán bộ bị kỷ luật", "max": 6, "kind": "count", "per": 3,
                 "sanction": "not_excellent"},
            ],
        },
    ],
}  # fmt: skip

# 25 + 10 + 7 + 8, 10 + 10 + 6 + 4, 20 with evidence for A1: 100.00.
FULL: dict[str, dict[str, str]] = {
    "A1": {"numerator": "20", "denominator": "20"},
    "A2": {"n": "0"},
    "A3": {"level": "0"},
    "A4": {"points": "8"},
    "B1": {"passed": "1"},
    "B2": {"actual": "100", "target": "100"},
    "B3a": {"n": "0"},
    "B3b": {"n": "2"},
    "C1": {"level": "0"},
}


def make_rubric(
    world: World, document: Mapping[str, Any] = DOCUMENT, *, issued: bool = True
) -> Rubric:
    """The world's rubric, issued unless said otherwise."""
    rubric = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=document)
    if issued:
        rubric = issue_rubric(actor=world.head_leader, rubric=rubric)
    return rubric


def make_scoring_world(
    members: int = 3,
    *,
    document: Mapping[str, Any] = DOCUMENT,
    due_on: dt.date | None = None,
    **values: Any,
) -> World:
    """A world in self-scoring: rubric issued, deadline in ten days, a sheet for every member."""
    world = make_world(members, status=YearStatus.RUNNING, **values)
    make_rubric(world, document)
    due_on = due_on or clock.today() + dt.timedelta(days=10)
    Deadline.objects.create(bloc_year=world.bloc_year, kind=DeadlineKind.SELF_SCORE, due_on=due_on)
    world.set_status(YearStatus.SELF_SCORING)
    open_sheets(actor=world.head_leader, bloc_year=world.bloc_year)
    return world


def sheet_of(world: World, place: int) -> ScoreSheet:
    """The sheet of the world's unit at ``place``, read anew."""
    return ScoreSheet.objects.select_related("bloc_year", "membership", "rubric").get(
        membership=world.memberships[place]
    )


def line_of(sheet: ScoreSheet, code: str) -> ScoreLine:
    """The sheet's line of that code, read anew."""
    return ScoreLine.objects.select_related("criterion", "sheet").get(
        sheet=sheet, criterion__code=code
    )


def criterion_id(sheet: ScoreSheet, code: str) -> int:
    """The id of a criterion of the sheet's rubric."""
    return Criterion.objects.get(rubric_id=sheet.rubric_id, code=code).pk


def draft(
    sheet: ScoreSheet, code: str, *, note: str = "", na: bool = False, version: int = 0, **raw: str
) -> dict[int, LineDraft]:
    """One draft for ``save_lines``, by criterion id; at the line's present version by default."""
    line = line_of(sheet, code)
    return {
        line.criterion_id: LineDraft(
            raw=raw, version=version or line.version, note=note, not_applicable=na
        )
    }


def save(actor: User, sheet: ScoreSheet, answers: Mapping[str, Mapping[str, str]] = FULL) -> Saving:
    """Save answers by criterion code at the lines' present versions."""
    drafts: dict[int, LineDraft] = {}
    for code, raw in answers.items():
        drafts |= draft(sheet, code, **raw)
    return save_lines(actor=actor, sheet=sheet, lines=drafts)


def a_pdf(name: str = "bao-cao.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A small file that passes for a PDF."""
    return SimpleUploadedFile(name, io.BytesIO(content).read(), content_type="application/pdf")


def fill(world: World, place: int, answers: Mapping[str, Mapping[str, str]] = FULL) -> ScoreSheet:
    """The unit's officer fills in the sheet and cites evidence for A1."""
    sheet, officer = sheet_of(world, place), world.officers[place]
    save(officer, sheet, answers)
    if "A1" in answers:
        add_evidence(
            actor=officer,
            line=line_of(sheet, "A1"),
            number="214/BC",
            issued_on=clock.today(),
            title="Báo cáo kết quả năm",
        )
    return sheet_of(world, place)


def hand_in(
    world: World, place: int, answers: Mapping[str, Mapping[str, str]] = FULL
) -> ScoreSheet:
    """The unit's officer fills in the sheet and hands it in."""
    sheet = fill(world, place, answers)
    return submit_sheet(
        actor=world.officers[place],
        sheet=sheet,
        approving_leader="Đồng chí Giám đốc",
        confirm_blanks=True,
    )
