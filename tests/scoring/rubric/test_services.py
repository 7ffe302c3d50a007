"""Rubrics through their services: built, checked, consulted on, issued, frozen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import MeetingKind, YearStatus
from blocs.models import Meeting
from blocs.selectors.standing import standing_in
from emulation.access import Conflict, Refused
from scoring.enums import CriterionKind, RubricStatus
from scoring.models import Criterion, Rubric, Section
from scoring.rules.lint import LintRule
from scoring.rules.rubric import GradeBand, from_document
from scoring.selectors.rubrics import (
    findings_of,
    rubrics_seen_by,
    rules_from_lines,
    rules_of,
)
from scoring.selectors.sheet_lines import lines_of
from scoring.services.rubric_edit import (
    CriterionFields,
    SectionFields,
    StaleEdit,
    add_criterion,
    add_section,
    digest,
    drop_criterion,
    drop_section,
    edit_criterion,
    edit_settings,
    move_criterion,
)
from scoring.services.rubrics import (
    RubricSettings,
    comment_on_rubric,
    copy_rubric,
    create_rubric,
    draft_rubric,
    issue_rubric,
    open_rubric_consultation,
    reply_to_rubric_comment,
    withdraw_rubric,
)
from tests.factories import World, make_bloc_year, make_world
from tests.scoring.builders import DOCUMENT, make_rubric, make_scoring_world, sheet_of

pytestmark = pytest.mark.django_db
D = Decimal
BANDS = [
    GradeBand(name="Tốt", lower_bound=D(50), max_share_of_units=D("0.25")),
    GradeBand(name="Chưa đạt", lower_bound=D(0)),
]


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


def by(code: str, rubric: Rubric) -> Criterion:
    return Criterion.objects.select_related("section", "rubric").get(rubric=rubric, code=code)


def fields(code: str = "A1", points: int = 10, **more) -> CriterionFields:
    return CriterionFields(code=code, title=f"Tiêu chí {code}", max_points=D(points), **more)


def draft(world: World) -> tuple[Rubric, Section]:
    settings = RubricSettings(title="Bảng", scale_max=D(10))
    rubric = draft_rubric(
        actor=world.secretary, bloc_year=world.bloc_year, settings=settings, grades=BANDS
    )
    section = add_section(
        actor=world.secretary,
        rubric=rubric,
        fields=SectionFields(code="A", title="Phần A", max_points=D(10)),
    )
    return rubric, section


# ---------------------------------------------------------------- rows and rules


def test_rows_say_what_the_document_said(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    assert rules_of(rubric) == from_document(DOCUMENT)


def test_the_rules_take_three_queries(world: World) -> None:
    rubric = make_rubric(world)
    with CaptureQueriesContext(connection) as queries:
        rules_of(rubric)
    assert len(queries) == 3


def test_a_sheets_own_lines_give_the_same_rules() -> None:
    world = make_scoring_world()
    sheet = sheet_of(world, 2)
    rows = list(lines_of(sheet))
    grades = list(sheet.rubric.grades.order_by("-lower_bound"))
    assert rules_from_lines(sheet.rubric, rows, grades) == rules_of(sheet.rubric)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scale_max": "nhiều"}, "không phải là số"),
        ({"sections": [{"code": "A"}]}, "cấu trúc"),
        ({"late_policy": "beat"}, "nộp muộn"),
        ({"title": "x" * 301}, "300"),
    ],
)
def test_what_cannot_be_read_is_refused(world, change, message) -> None:
    with pytest.raises(ValidationError, match=message):
        create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=DOCUMENT | change)
    assert not Rubric.objects.exists()


def test_a_table_from_scratch(world: World) -> None:
    rubric, section = draft(world)
    actor = world.secretary
    top = add_criterion(actor=actor, section=section, fields=fields())
    add_criterion(
        actor=actor,
        section=section,
        parent=top,
        fields=fields("A1a", 4, kind=CriterionKind.DEDUCT, per=D("0.5"), unit_label="lần"),
    )
    part = add_criterion(
        actor=actor,
        section=section,
        parent=top,
        fields=fields(
            "A1b",
            6,
            kind=CriterionKind.CHOICE,
            levels=[
                {"label": "Tốt", "points": "6", "knocks_out": False},
                {"label": "Hỏng", "points": "0", "knocks_out": True},
            ],
        ),
    )
    move_criterion(actor=actor, criterion=part, direction="up")
    rules = rules_of(rubric)
    assert list(rules.places) == ["A1b", "A1a"]
    assert [each.rule for each in findings_of(rubric)] == [
        LintRule.GRADE_OUT_OF_REACH,
        LintRule.NO_DEADLINE,
        LintRule.NO_EVIDENCE_RULE,
    ]
    assert rules.grades[0].max_share_of_units == D("0.2500")
    assert Criterion.history.filter(code="A1a").first().history_user == actor


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (fields(kind=CriterionKind.CHOICE), "chọn mức"),
        (fields(kind=CriterionKind.COUNT), "mỗi lần"),
        (fields(sanction="not_excellent"), "điểm trừ"),
        (fields(points=0), "lớn hơn 0"),
        (fields(ladder=[["0.5", "3"]]), "tỷ lệ"),
        (fields("A2"), "đã có"),
        (fields("x" * 21), "20"),
    ],
)
def test_every_edit_leaves_a_readable_table(world, wrong, message) -> None:
    rubric, section = draft(world)
    add_criterion(actor=world.secretary, section=section, fields=fields("A2"))
    with pytest.raises(ValidationError, match=message):
        add_criterion(actor=world.secretary, section=section, fields=wrong)
    assert list(rules_of(rubric).places) == ["A2"]


def test_a_stale_edit_is_shown_what_stands(world: World) -> None:
    rubric, section = draft(world)
    row = add_criterion(actor=world.secretary, section=section, fields=fields())
    seen = digest(Criterion.objects.get(pk=row.pk))
    edit_criterion(actor=world.secretary, criterion=row, fields=fields(points=8), seen=seen)
    with pytest.raises(StaleEdit) as stale:
        edit_criterion(actor=world.head_leader, criterion=row, fields=fields(points=9), seen=seen)
    assert stale.value.stored.max_points == D(8)
    with pytest.raises(ValidationError, match="cùng tên"):
        edit_settings(
            actor=world.secretary,
            rubric=rubric,
            settings=RubricSettings(title="B"),
            grades=[BANDS[0], BANDS[0]],
        )


def test_dropping_keeps_what_was_said_of_it(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    said = comment_on_rubric(
        actor=world.officers[2],
        rubric=rubric,
        membership=world.memberships[2],
        text="Trùng với A2",
        criterion=by("A3", rubric),
        proposal="remove",
    )
    drop_criterion(actor=world.secretary, criterion=by("A3", rubric))
    drop_section(actor=world.secretary, section=Section.objects.get(rubric=rubric, code="F"))
    said.refresh_from_db()
    assert (said.criterion, said.criterion_code) == (None, "A3")
    assert "F1" not in rules_of(rubric).places


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("who", ["member", "deputy_officer", "board_officer"])
def test_only_the_secretary_builds(world: World, who: str) -> None:
    actor = world.officers[2] if who == "member" else getattr(world, who)
    with pytest.raises(Refused, match="Thư ký Khối"):
        create_rubric(actor=actor, bloc_year=world.bloc_year, document=DOCUMENT)
    rubric = make_rubric(world, issued=False)
    section = Section.objects.filter(rubric=rubric).first()
    with pytest.raises(Refused, match="Thư ký Khối"):
        add_criterion(actor=actor, section=section, fields=fields("Z"))


def test_only_a_leader_of_the_head_issues(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    for actor in (world.secretary, world.leaders[2], world.board_officer):
        with pytest.raises(Refused, match="Trưởng khối"):
            issue_rubric(actor=actor, rubric=rubric)


def test_drafts_are_the_secretarys_and_the_boards(world: World) -> None:
    rubric = make_rubric(world, issued=False)

    def seen_by(user) -> bool:
        return rubrics_seen_by(standing_in(user, world.bloc_year), world.bloc_year).exists()

    assert seen_by(world.secretary)
    assert seen_by(world.board_officer)
    assert not seen_by(world.officers[2])
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    assert seen_by(world.officers[2])
    assert not seen_by(make_world(2).secretary)


# ---------------------------------------------------------------- issue


def test_issued_is_frozen(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    issued = issue_rubric(
        actor=world.head_leader,
        rubric=rubric,
        issued_on=dt.date(2026, 4, 15),
        document_number="12/QĐ",
    )
    assert (issued.status, issued.issued_by) == (RubricStatus.ISSUED, world.head_leader)
    for deed in (
        lambda: drop_criterion(actor=world.secretary, criterion=by("A3", rubric)),
        lambda: edit_criterion(
            actor=world.secretary, criterion=by("A3", rubric), fields=fields("A3")
        ),
        lambda: add_section(
            actor=world.secretary, rubric=rubric, fields=SectionFields(code="Z", title="Z")
        ),
    ):
        with pytest.raises(Refused, match="đã ban hành"):
            deed()
    with pytest.raises(Conflict):
        issue_rubric(actor=world.head_leader, rubric=rubric)


def test_an_empty_table_is_never_issued(world: World) -> None:
    rubric, _ = draft(world)
    with pytest.raises(Conflict) as refused:
        issue_rubric(actor=world.head_leader, rubric=rubric, reason="Cứ ban hành")
    assert "chưa có tiêu chí nào" in refused.value.details[0]


def test_a_new_version_replaces_the_old_one(world: World) -> None:
    first = make_rubric(world)
    second = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=first)
    assert (second.version, second.status) == (2, RubricStatus.DRAFT)
    issue_rubric(actor=world.head_leader, rubric=second)
    first.refresh_from_db()
    assert first.status == RubricStatus.SUPERSEDED
    assert rules_of(second) == rules_of(first)


def test_next_year_starts_from_this_years_table(world: World) -> None:
    source = make_rubric(world)
    following = make_bloc_year(world.bloc, year=2027)
    from blocs.enums import TermKind
    from tests.factories import make_membership, set_term

    make_membership(following, world.units[0])
    set_term(following, world.units[0], TermKind.HEAD)
    copied = copy_rubric(actor=world.secretary, bloc_year=following, source=source)
    assert (copied.bloc_year, copied.version) == (following, 1)
    other = make_world(2, status=YearStatus.RUNNING)
    with pytest.raises(Conflict, match="chính Khối này"):
        copy_rubric(actor=other.secretary, bloc_year=other.bloc_year, source=source)


# ---------------------------------------------------------------- consultation


def meeting_of(world: World) -> Meeting:
    return Meeting.objects.create(
        bloc_year=world.bloc_year,
        kind=MeetingKind.SIGNING,
        held_on=dt.date(2026, 4, 13),
        recorded_by=world.secretary,
    )


def test_members_speak_for_themselves_the_secretary_for_a_meeting(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    member = world.memberships[2]
    said = {"rubric": rubric, "text": "Giảm điểm A1"}
    with pytest.raises(Refused, match="không ở bước lấy ý kiến"):
        comment_on_rubric(actor=world.officers[2], membership=member, **said)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    own = comment_on_rubric(actor=world.officers[2], membership=member, **said)
    with pytest.raises(Refused, match="Thư ký Khối"):
        comment_on_rubric(actor=world.officers[1], membership=member, **said)
    with pytest.raises(ValidationError, match="hội nghị"):
        comment_on_rubric(actor=world.secretary, membership=member, **said)
    meeting = meeting_of(world)
    oral = comment_on_rubric(actor=world.secretary, membership=None, meeting=meeting, **said)
    assert (own.membership, oral.membership, oral.meeting) == (member, None, meeting)


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_a_comment_says_something_short_enough(world: World, text: str) -> None:
    rubric = make_rubric(world, issued=False)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    with pytest.raises(ValidationError):
        comment_on_rubric(
            actor=world.officers[2], rubric=rubric, membership=world.memberships[2], text=text
        )


def test_replies_and_what_is_left_open(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    comment = comment_on_rubric(
        actor=world.officers[2], rubric=rubric, membership=world.memberships[2], text="Bỏ A3"
    )
    with pytest.raises(ValidationError, match="ghi lý do"):
        issue_rubric(actor=world.head_leader, rubric=rubric)
    with pytest.raises(Refused):
        reply_to_rubric_comment(actor=world.officers[2], comment=comment, reply="Tự trả lời")
    reply_to_rubric_comment(actor=world.secretary, comment=comment, reply="Đã tiếp thu")
    with pytest.raises(Conflict, match="đã được trả lời"):
        reply_to_rubric_comment(actor=world.head_leader, comment=comment, reply="Lần hai")
    assert issue_rubric(actor=world.head_leader, rubric=rubric).status == RubricStatus.ISSUED


def test_withdrawing_keeps_the_comments(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    comment_on_rubric(
        actor=world.officers[2], rubric=rubric, membership=world.memberships[2], text="Bỏ A3"
    )
    with pytest.raises(ValidationError, match="ghi lý do"):
        withdraw_rubric(actor=world.secretary, rubric=rubric, reason="")
    back = withdraw_rubric(actor=world.secretary, rubric=rubric, reason="Sửa lại phần A")
    assert (back.status, back.comments.count()) == (RubricStatus.DRAFT, 1)


def test_nothing_changes_once_tabled(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    world.set_status(YearStatus.MEETING)
    with pytest.raises(Refused, match="đã trình hội nghị"):
        issue_rubric(actor=world.head_leader, rubric=rubric)
    with pytest.raises(Refused, match="đã trình hội nghị"):
        make_rubric(world)
