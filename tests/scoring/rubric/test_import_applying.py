"""What an import would do to a draft, and that it does just that or nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from blocs.enums import YearStatus
from emulation.access import Conflict, Refused
from emulation.plans import PlanMoved
from scoring.enums import CommentProposal, LatePolicy, RubricStatus
from scoring.exports.rubric_workbook import export_rubric, rubric_workbook
from scoring.models import Criterion, Rubric, RubricComment, Section
from scoring.rules.difference import ChangeKind
from scoring.rules.rubric import RubricRules, from_document
from scoring.selectors.rubrics import rules_of
from scoring.services.rubric_edit import drop_criterion
from scoring.services.rubric_import import apply_rubric_import, plan_rubric_import
from scoring.services.rubrics import create_rubric, issue_rubric
from tests.factories import World, make_world
from tests.scoring.builders import DOCUMENT, make_rubric
from tests.scoring.rubric.tables import commune, party_agencies, waived

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


def document(**changes: Any) -> dict[str, Any]:
    return {**DOCUMENT, **changes}


def plan_of(world: World, rules: RubricRules | dict[str, Any], **options: Any):
    rules = rules if isinstance(rules, RubricRules) else from_document(rules)
    content = rubric_workbook(rules, options.pop("late_policy", LatePolicy.MINUS))
    return plan_rubric_import(bloc_year=world.bloc_year, content=content, **options)


@pytest.mark.parametrize("table", [lambda: DOCUMENT, party_agencies, commune])
@pytest.mark.parametrize("issued", [True, False])
def test_an_unchanged_export_gives_no_errors_and_no_changes(world, table, issued):
    rubric = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=table())
    if issued:
        rubric = issue_rubric(actor=world.head_leader, rubric=rubric, waivers=waived(rubric))
    plan = plan_rubric_import(bloc_year=world.bloc_year, content=export_rubric(rubric))
    assert (plan.errors, plan.changes) == ((), ())
    with pytest.raises(Conflict, match="giống hệt"):
        apply_rubric_import(actor=world.secretary, plan=plan)


@pytest.mark.parametrize("table", [party_agencies, commune])
def test_a_year_without_a_rubric_gets_its_first_draft(world, table):
    plan = plan_of(world, table())
    assert plan.draft is None
    assert {each.kind for each in plan.changes} == {ChangeKind.ADDED, ChangeKind.CHANGED}
    assert Rubric.objects.count() == 0
    rubric = apply_rubric_import(actor=world.secretary, plan=plan, seen=plan.fingerprint)
    assert (rubric.version, rubric.status) == (1, RubricStatus.DRAFT)
    again = plan_rubric_import(bloc_year=world.bloc_year, content=export_rubric(rubric))
    assert (again.errors, again.changes) == ((), ())


def test_an_issued_table_is_followed_by_the_next_version(world):
    issued = make_rubric(world, document(late_policy="refuse"))
    changed = document(title="Bảng sửa đổi")
    plan = plan_of(world, changed, late_policy="refuse")
    assert [each.field for each in plan.changes] == ["tên bảng chấm điểm"]
    rubric = apply_rubric_import(actor=world.secretary, plan=plan)
    assert (rubric.version, rubric.title, rubric.late_policy) == (2, "Bảng sửa đổi", "refuse")
    origins = set(rubric.criteria.values_list("origin__rubric", flat=True))
    assert origins == {issued.pk}
    assert Rubric.objects.get(pk=issued.pk).title == DOCUMENT["title"]


def test_rows_are_matched_by_code_and_keep_key_comments_and_origin(world):
    draft = make_rubric(world, issued=False)
    keys = dict(Criterion.objects.filter(rubric=draft).values_list("code", "pk"))
    comment = RubricComment.objects.create(
        rubric=draft, criterion_id=keys["A2"], criterion_code="A2", author=world.officers[1],
        text="Giữ nguyên", proposal=CommentProposal.KEEP,
    )  # fmt: skip
    sections = [dict(section) for section in DOCUMENT["sections"]]
    sections[0] = {**sections[0], "criteria": list(sections[0]["criteria"])}
    by_code = {each["code"]: each for each in sections[0]["criteria"]}
    renamed = by_code["A4"]
    sections[0]["criteria"] = [
        {**by_code["A2"], "title": "Tên mới"},
        by_code["A1"],
        {**renamed, "code": "A9"},
    ]
    plan = plan_of(world, document(sections=sections, floor="-5"))
    told = {(each.kind.value, each.code, each.field) for each in plan.changes}
    moved = {each for each in told if each[2] == "thứ tự"}
    assert len(moved) == 1
    assert told - moved == {
        ("changed", "", "tổng điểm thấp nhất"),
        ("changed", "A2", "nội dung"),
        ("removed", "A3", ""),
        ("removed", "A4", ""),
        ("added", "A9", ""),
    }
    before = draft.edit_version
    rubric = apply_rubric_import(actor=world.secretary, plan=plan, seen=plan.fingerprint)
    assert rubric.pk == draft.pk
    assert rubric.edit_version == before + 1
    rows = list(Criterion.objects.filter(rubric=rubric, section__code="A").order_by("position"))
    assert [(row.code, row.position) for row in rows] == [("A2", 1), ("A1", 2), ("A9", 3)]
    assert [row.pk for row in rows[:2]] == [keys["A2"], keys["A1"]]
    comment.refresh_from_db()
    assert comment.criterion_id == keys["A2"]
    assert rules_of(rubric) == from_document(document(sections=sections, floor="-5"))


def test_history_names_who_and_says_only_what_changed(world):
    draft = make_rubric(world, issued=False)
    sections = [dict(section) for section in DOCUMENT["sections"]]
    first = dict(sections[0]["criteria"][0], title="Tên mới")
    sections[0] = {**sections[0], "criteria": [first, *sections[0]["criteria"][1:]]}
    counts = {row.code: row.history.count() for row in Criterion.objects.filter(rubric=draft)}
    plan = plan_of(world, document(sections=sections))
    apply_rubric_import(actor=world.secretary, plan=plan)
    for row in Criterion.objects.filter(rubric=draft):
        more = 1 if row.code == first["code"] else 0
        assert row.history.count() == counts[row.code] + more
    newest = Criterion.objects.get(rubric=draft, code=first["code"]).history.first()
    assert newest.history_user == world.secretary


def test_criteria_move_between_sections_and_become_parts(world):
    draft = make_rubric(world, commune(), issued=False)
    party = from_document(party_agencies())
    plan = plan_of(world, party)
    apply_rubric_import(actor=world.secretary, plan=plan)
    assert rules_of(Rubric.objects.get(pk=draft.pk)) == party
    back = plan_of(world, commune())
    apply_rubric_import(actor=world.secretary, plan=back)
    assert rules_of(Rubric.objects.get(pk=draft.pk)) == from_document(commune())
    assert Section.objects.filter(rubric=draft).count() == len(commune()["sections"])


def test_a_part_that_moves_survives_the_criterion_it_leaves(world):
    draft = make_rubric(world, issued=False)
    key = Criterion.objects.get(rubric=draft, code="B3a").pk
    sections = [dict(section) for section in DOCUMENT["sections"]]
    b = sections[1]
    parts = next(each for each in b["criteria"] if each["code"] == "B3")["parts"]
    kept = [each for each in b["criteria"] if each["code"] != "B3"]
    sections[1] = {**b, "criteria": [*kept, parts[0]]}
    apply_rubric_import(actor=world.secretary, plan=plan_of(world, document(sections=sections)))
    moved = Criterion.objects.get(rubric=draft, code="B3a")
    assert (moved.pk, moved.parent) == (key, None)
    assert not Criterion.objects.filter(rubric=draft, code__in=["B3", "B3b"]).exists()


def test_a_draft_changed_meanwhile_is_not_overwritten(world):
    draft = make_rubric(world, issued=False)
    plan = plan_of(world, document(title="Bảng sửa đổi"))
    drop_criterion(actor=world.secretary, criterion=Criterion.objects.get(rubric=draft, code="A4"))
    with pytest.raises(PlanMoved):
        apply_rubric_import(actor=world.secretary, plan=plan, seen=plan.fingerprint)
    draft.refresh_from_db()
    assert draft.title == DOCUMENT["title"]


def test_only_the_secretary_imports(world):
    make_rubric(world, issued=False)
    plan = plan_of(world, document(title="Bảng sửa đổi"))
    for actor in (world.officers[1], world.board_officer):
        with pytest.raises(Refused):
            apply_rubric_import(actor=actor, plan=plan)


def test_a_tabled_year_takes_no_import(world):
    make_rubric(world)
    plan = plan_of(world, document(title="Bảng sửa đổi"))
    world.set_status(YearStatus.MEETING)
    with pytest.raises(Refused):
        apply_rubric_import(actor=world.secretary, plan=plan)


def test_the_late_policy_is_a_difference_too(world):
    draft = make_rubric(world, issued=False)
    plan = plan_of(world, DOCUMENT, late_policy="refuse")
    (change,) = plan.changes
    assert (change.field, change.after) == ("khi nộp muộn", LatePolicy.REFUSE.label)
    apply_rubric_import(actor=world.secretary, plan=plan)
    draft.refresh_from_db()
    assert draft.late_policy == LatePolicy.REFUSE


def test_an_item_that_the_pledge_does_not_have_is_an_error(world):
    sections = [dict(section) for section in DOCUMENT["sections"]]
    first = dict(sections[0]["criteria"][0], pledge_item="7")
    sections[0] = {**sections[0], "criteria": [first, *sections[0]["criteria"][1:]]}
    plan = plan_of(world, document(sections=sections))
    (error,) = plan.errors
    assert (error.sheet, error.row, error.column) == ("Tiêu chí", 2, "Nội dung giao ước số")
    with pytest.raises(Conflict, match="còn lỗi"):
        apply_rubric_import(actor=world.secretary, plan=plan)
    assert not Rubric.objects.exists()


def test_a_large_rubric_is_planned_and_written_in_few_queries(world, django_assert_max_num_queries):
    sections = [
        {"code": f"S{n}", "kind": "BASE", "title": f"Phần {n}", "max": 20, "criteria": [
            {"code": f"S{n}.{m}", "title": f"Tiêu chí {m}", "max": "1", "kind": "passfail"}
            for m in range(20)
        ]}
        for n in range(10)
    ]  # fmt: skip
    draft = make_rubric(world, document(sections=sections, tie_breaks=[]), issued=False)
    for section in sections:
        for each in section["criteria"]:  # type: ignore[attr-defined]
            each["title"] += " (sửa)"
    plan = plan_of(world, document(sections=sections, tie_breaks=[]))
    assert len(plan.changes) == 200
    with django_assert_max_num_queries(70):
        apply_rubric_import(actor=world.secretary, plan=plan)
    assert Criterion.objects.filter(rubric=draft, title__endswith="(sửa)").count() == 200
    assert Decimal(20) == Section.objects.filter(rubric=draft).first().max_points
