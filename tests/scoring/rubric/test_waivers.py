"""Errors of a rubric: each is waived with a reason of its own, which the issued rubric carries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import Deadline
from scoring.enums import RubricStatus
from scoring.models import Award, AwardQuota
from scoring.rules.lint import LintRule
from scoring.selectors.rubrics import errors_of, findings_of
from scoring.services.rubrics import (
    comment_on_rubric,
    copy_rubric,
    issue_rubric,
    open_rubric_consultation,
)
from tests.factories import World, make_world
from tests.scoring.builders import DOCUMENT, make_rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


WRONG = {**DOCUMENT, "scale_max": 90, "tie_breaks": ["section:Z:desc", "share"]}
SUM, TIE = "sections_sum:Bảng chấm điểm", "tie_break_names_nothing:Quy tắc phân hạng thứ 1"


@pytest.mark.parametrize(
    ("waivers", "refused"),
    [
        ({}, ["Bảng chấm điểm: Các phần", "Quy tắc phân hạng thứ 1"]),
        ({SUM: "Theo văn bản"}, ["Quy tắc phân hạng thứ 1"]),
        ({SUM: "Theo văn bản", TIE: "   "}, ["Quy tắc phân hạng thứ 1"]),
        ({SUM: "x" * 2001, TIE: "Theo văn bản"}, ["Bảng chấm điểm: lý do dài 2001 ký tự"]),
        ({TIE: "Theo văn bản", "sections_sum:Phần A": "Nhầm"}, ["Bảng chấm điểm: Các phần"]),
    ],
)
def test_every_error_needs_a_reason_of_its_own(world: World, waivers, refused) -> None:
    first = make_rubric(world)
    rubric = make_rubric(world, WRONG, issued=False)
    with pytest.raises(ValidationError) as error:
        issue_rubric(actor=world.head_leader, rubric=rubric, reason="Cứ ban hành", waivers=waivers)
    said = error.value.message_dict["waivers"]
    assert len(said) == len(refused)
    for sentence, beginning in zip(said, refused, strict=True):
        assert sentence.startswith(beginning)
    rubric.refresh_from_db()
    first.refresh_from_db()
    assert (rubric.issued_at, rubric.waivers) == (None, [])
    assert first.status == RubricStatus.ISSUED


def test_the_issued_rubric_carries_its_waivers(world: World) -> None:
    rubric = make_rubric(world, WRONG, issued=False)
    assert [each.key for each in errors_of(rubric)] == [SUM, TIE]
    issued = issue_rubric(
        actor=world.head_leader,
        rubric=rubric,
        waivers={SUM: " Theo đúng văn bản ", TIE: "Sửa ở lần sau", "cap_idle:Phần E": "Thừa"},
    )
    issued.refresh_from_db()
    assert issued.waivers == [
        {
            "rule": "sections_sum",
            "place": "Bảng chấm điểm",
            "message": "Các phần cộng lại 100 điểm, thang điểm là 90.",
            "reason": "Theo đúng văn bản",
        },
        {
            "rule": "tie_break_names_nothing",
            "place": "Quy tắc phân hạng thứ 1",
            "message": "“Điểm phần Z”: không có phần Z.",
            "reason": "Sửa ở lần sau",
        },
    ]
    copied = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=issued)
    assert copied.waivers == []


def test_waivers_do_not_answer_comments(world: World) -> None:
    rubric = make_rubric(world, WRONG, issued=False)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    comment_on_rubric(
        actor=world.officers[2], rubric=rubric, membership=world.memberships[2], text="Bỏ A3"
    )
    waivers = {SUM: "Theo văn bản", TIE: "Theo văn bản"}
    with pytest.raises(ValidationError) as error:
        issue_rubric(actor=world.head_leader, rubric=rubric, waivers=waivers)
    assert set(error.value.message_dict) == {"reason"}
    issued = issue_rubric(
        actor=world.head_leader, rubric=rubric, waivers=waivers, reason="Trả lời tại hội nghị"
    )
    assert issued.transitions.get(transition="issue").reason == "Trả lời tại hội nghị"


def test_the_check_compares_with_the_year(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    assert LintRule.AWARDS_ABOVE_MEMBERS not in {each.rule for each in findings_of(rubric)}
    award = Award.objects.create(board=world.board, code="GOV_FLAG", label="Cờ thi đua")
    AwardQuota.objects.create(bloc_year=world.bloc_year, award=award, max_count=4)
    Deadline.objects.create(
        bloc_year=world.bloc_year, kind=DeadlineKind.SELF_SCORE, due_on=dt.date(2026, 12, 1)
    )
    rules = {each.rule: each.message for each in findings_of(rubric)}
    assert rules[LintRule.AWARDS_ABOVE_MEMBERS] == "Số suất khen thưởng là 4, Khối có 3 đơn vị."
    assert LintRule.NO_DEADLINE not in rules
