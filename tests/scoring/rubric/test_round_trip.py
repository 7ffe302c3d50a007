"""A rubric written as rows gives back the same rules, whatever it uses."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

import emulation.management.demo
from blocs.enums import YearStatus
from pledges.models import Pledge, PledgeItem
from scoring.models import Rubric
from scoring.rules.enums import CriterionKind as RuleKind
from scoring.rules.rubric import from_document
from scoring.selectors.rubrics import rules_of
from scoring.services.rubrics import create_rubric
from tests.factories import make_world

EVERYTHING: dict[str, Any] = {
    "title": "Bảng dùng mọi mục",
    "scale_max": "100",
    "plus_cap": "10",
    "minus_cap": "15.5",
    "floor": "0",
    "ceiling": "107.5",
    "rounding": "0.25",
    "scale_back": True,
    "rank_capped": True,
    "rank_style": "dense",
    "grades": [["Xuất sắc", 95], ["Tốt", 85], ["Chưa đạt", 0]],
    "grade_conditions": [
        {"grade": "Xuất sắc", "lowest_criterion_share": "0.85"},
        {"grade": "Xuất sắc", "section": "A", "lowest_share": None},
        {"grade": "Xuất sắc", "section": "E", "lowest_share": "0.5"},
        {"grade": "Xuất sắc", "largest_share_of_units": "0.2", "overflow": "Tốt",
         "share_base": "next_or_higher"},
    ],
    "tie_breaks": ["section:A:desc", "base:desc", "minus:asc", "plus:desc", "ballot", "head"],
    "sections": [
        {"code": "A", "kind": "BASE", "title": "Điểm chuẩn", "max": 100, "criteria": [
            {"code": "A1", "title": "Thu ngân sách", "max": 60, "kind": "target", "step": "0.5",
             "relative": True, "not_applicable": "excluded", "unit": "tỷ đồng", "evidence": True,
             "evidence_hint": "Báo cáo tài chính", "checker": "Sở Tài chính", "pledge_item": 1,
             "note": "Theo số quyết toán", "printed_max": 50},
            {"code": "A2", "title": "Các việc", "max": 40, "not_applicable": "zero", "parts": [
                {"code": "a", "title": "Phối hợp", "max": 10, "kind": "event_average",
                 "levels": [["Tốt", 10], ["Kém", "2.5"]], "not_applicable": "full"},
                {"code": "b", "title": "Tỷ lệ", "max": 10, "kind": "ratio",
                 "ladder": [["0.9", 10], ["0.5", "4.5"]]},
                {"code": "c", "title": "Nghị quyết", "max": 10, "kind": "choice", "levels": [
                    ["Tốt", 10], {"label": "Bị bãi bỏ", "points": 0, "knocks_out": True}]},
                {"code": "d", "title": "Tự nhập", "max": 5, "kind": "direct", "step": "0.25"},
                {"code": "e", "title": "Văn bản", "max": 5, "kind": "deduct", "per": "0.5",
                 "exclusive_group": "muộn"},
            ]},
        ]},
        {"code": "E", "kind": "PLUS", "title": "Điểm cộng", "cap": 10, "criteria": [
            {"code": "E1", "title": "Sáng kiến", "max": 10, "kind": "passfail",
             "decision_required": True},
        ]},
        {"code": "F", "kind": "MINUS", "title": "Điểm trừ", "cap": 10, "criteria": [
            {"code": "F1", "title": "Muộn", "max": 5, "kind": "count", "per": 1,
             "automatic": "late_days", "exclusive_group": "muộn"},
            {"code": "F2", "title": "Kỷ luật", "max": 5, "kind": "count", "per": 5,
             "sanction": "not_above", "sanction_grade": "Tốt"},
        ]},
    ],
}  # fmt: skip
RULES = Path(__file__).parent.parent / "rules"
DEMO = Path(emulation.management.demo.__file__).parent


def file_of(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize(
    "document",
    [file_of(DEMO / "party_agencies.json"), file_of(RULES / "thanh_hoa_commune.json"), EVERYTHING],
    ids=["party_agencies", "thanh_hoa", "everything"],
)
@pytest.mark.django_db
def test_the_rows_give_back_every_rule(document) -> None:
    world = make_world(3, status=YearStatus.RUNNING)
    pledge = Pledge.objects.create(bloc_year=world.bloc_year, title="Giao ước")
    PledgeItem.objects.create(pledge=pledge, position=1, text="Hoàn thành nhiệm vụ")
    rubric = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=document)
    assert rules_of(Rubric.objects.get(pk=rubric.pk)) == from_document(document)


def test_everything_uses_every_field() -> None:
    rules = from_document(EVERYTHING)
    nodes = [n for s in rules.sections for c in s.criteria for n in (c, *c.parts)]
    for rows in ([rules], nodes, rules.grades):
        for field in dataclasses.fields(rows[0]):
            default = field.default
            assert any(getattr(row, field.name) != default for row in rows), field.name
    assert {node.kind for node in nodes} == {*RuleKind, None}
