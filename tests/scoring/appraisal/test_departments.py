"""A department per criterion: whose line is whose, who finishes, what each of them sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import PostRole
from blocs.models import Membership
from blocs.selectors.standing import posts_today, standing_in
from blocs.services.years import copy_bloc_year
from emulation.access import Conflict, Refused
from emulation.models import User
from scoring.consequences import leaving
from scoring.models import Criterion, DepartmentChange, DepartmentPerson, ScoreLine
from scoring.permissions import appraisal as rules
from scoring.selectors.departments import department_key
from scoring.selectors.shares import shares_of
from scoring.services.appraisal import (
    AppraisalDraft,
    accept_rest,
    appraise_lines,
    finish_appraisal,
    reopen_appraisal,
)
from scoring.services.appraisers import set_appraisers
from scoring.services.departments import end_department_person, name_department_person
from scoring.services.explanations import (
    Statement,
    answer_explanation,
    explain_lines,
    request_explanation,
)
from scoring.services.sheet_review import confirm_review
from scoring.services.sheets import return_sheet
from scoring.tasks import desk
from scoring.tasks.seats import seats_of
from tests.factories import make_person, make_post
from tests.scoring.appraisal.builders import Scene, days, get, submitted_scene, text

pytestmark = pytest.mark.django_db

FINANCE, INTERIOR = "Sở Tài chính", "Sở Nội vụ"


@dataclass
class Split:
    """A scene of five units where departments appraise. A1 and A2 are finance's, A3 interior's.

    Finance is an officer of unit 3, interior one of unit 4. The others are the secretariat's.
    """

    scene: Scene
    finance: User
    interior: User

    def name(self, department: str, person: User) -> DepartmentPerson:
        return name_department_person(
            actor=self.scene.head,
            bloc_year=self.scene.world.bloc_year,
            department=department,
            person=person,
        )


@pytest.fixture
def split() -> Split:
    scene = submitted_scene(5)
    criteria = Criterion.objects.filter(rubric__bloc_year=scene.world.bloc_year)
    criteria.filter(code="A1").update(checker=FINANCE)
    criteria.filter(code="A2").update(checker="  SỞ  Tài chính ")
    criteria.filter(code="A3").update(checker=INTERIOR)
    scene.world.bloc_year = set_appraisers(
        actor=scene.head, bloc_year=scene.world.bloc_year, appraised_by="departments"
    )
    made = Split(scene, scene.world.officers[3], scene.world.officers[4])
    made.name(FINANCE, made.finance)
    made.name(INTERIOR, made.interior)
    return made


def judge(split: Split, who: User, code: str, unit: int = 2, **raw: str) -> None:
    line = split.scene.line(code, unit)
    draft = AppraisalDraft(line.version, accept=not raw, raw=raw, reason="Theo sổ" if raw else "")
    appraise_lines(actor=who, sheet=line.sheet, lines={line.criterion_id: draft})


def judged(split: Split, unit: int = 2) -> set[str]:
    rows = ScoreLine.objects.filter(sheet=split.scene.sheets[unit], appraised_by__isnull=False)
    return set(rows.values_list("criterion__code", flat=True))


def tasks_of(user: User) -> list[str]:
    return [task.title for task in desk(user).tasks]


# ---------------------------------------------------------------- whose line is whose


def test_each_judges_its_own_lines_and_no_other(split: Split) -> None:
    judge(split, split.finance, "A1")
    judge(split, split.finance, "A2", n="6")
    judge(split, split.interior, "A3")
    judge(split, split.scene.secretary, "A4")
    assert judged(split) == {"A1", "A2", "A3", "A4"}
    with pytest.raises(Refused, match=r"A3 do Bộ phận Sở Nội vụ"):
        judge(split, split.finance, "A3")
    with pytest.raises(Refused, match=r"A4 do Tổ thư ký"):
        judge(split, split.finance, "A4")
    with pytest.raises(Refused, match=r"A1 do Bộ phận Sở Tài chính"):
        judge(split, split.scene.secretary, "A1", numerator="1", denominator="20")


def test_one_foreign_line_among_others_and_nothing_is_saved(split: Split) -> None:
    lines = {code: split.scene.line(code) for code in ("A1", "A3")}
    drafts = {
        line.criterion_id: AppraisalDraft(line.version, accept=True) for line in lines.values()
    }
    with pytest.raises(Refused, match="Chưa lưu nội dung nào"):
        appraise_lines(actor=split.finance, sheet=split.scene.sheet(), lines=drafts)
    assert judged(split) == set()


def test_keeping_the_rest_keeps_only_ones_own(split: Split) -> None:
    assert accept_rest(actor=split.finance, sheet=split.scene.sheet()) == 2
    assert judged(split) == {"A1", "A2"}
    assert accept_rest(actor=split.scene.secretary, sheet=split.scene.sheet()) == 2
    assert judged(split) == {"A1", "A2", "A4", "P1"}


def test_nobody_judges_the_sheet_of_his_own_unit(split: Split) -> None:
    with pytest.raises(Refused, match="chính đơn vị mình"):
        judge(split, split.finance, "A1", unit=3)
    make_post(split.finance, unit=split.scene.world.units[2])
    with pytest.raises(Refused, match="chính đơn vị mình"):
        judge(split, split.finance, "A1")


def test_the_secretariat_takes_over_only_where_the_whole_department_is_of_the_unit(
    split: Split,
) -> None:
    judge(split, split.scene.secretary, "A1", unit=3)
    with pytest.raises(Refused, match="Sở Nội vụ"):
        judge(split, split.scene.secretary, "A3", unit=3)
    another = make_person(split.scene.world.units[2])
    split.name(FINANCE, another)
    with pytest.raises(Refused, match="SỞ Tài chính"):
        judge(split, split.scene.secretary, "A2", unit=3)
    judge(split, another, "A2", unit=3)


def test_a_department_without_people_waits_and_the_secretariat_cannot_choose(split: Split) -> None:
    end_department_person(
        actor=split.scene.secretary, row=DepartmentPerson.objects.get(person=split.finance)
    )
    with pytest.raises(Refused, match="Sở Tài chính"):
        judge(split, split.scene.secretary, "A1")
    with pytest.raises(Refused):
        judge(split, split.finance, "A1")
    assert "Cử người thẩm định cho 1 bộ phận" in tasks_of(split.scene.secretary)


def test_who_left_the_bloc_appraises_no_longer(split: Split) -> None:
    split.finance.posts.update(ends_on="2020-01-01")
    assert not rules.can_appraise(
        standing_in(split.finance, split.scene.world.bloc_year), split.scene.sheet()
    )
    with pytest.raises(Refused):
        judge(split, split.finance, "A1")


def test_the_stand_in_judges_the_rest_of_the_heads_sheet(split: Split) -> None:
    deputy = split.scene.world.deputy_officer
    judge(split, split.finance, "A1", unit=0)
    judge(split, deputy, "A4", unit=0)
    with pytest.raises(Refused, match="A2 do Bộ phận SỞ Tài chính"):
        judge(split, deputy, "A2", unit=0)
    with pytest.raises(Refused):
        judge(split, split.scene.secretary, "A4", unit=0)
    sheet = split.scene.sheet(0)
    words = shares_of(standing_in(deputy, split.scene.world.bloc_year), sheet)
    assert words.owner(split.scene.line("A4", 0).criterion) == "Đơn vị thay Trưởng khối"


def test_a_part_belongs_to_the_department_of_its_criterion() -> None:
    above = Criterion(checker=" Sở  Y tế")
    assert department_key("SỞ Y TẾ") == department_key(above.checker)
    assert department_key("Sở Y tế") != department_key("So Y te")


def test_looking_again_is_for_whoever_judges_the_line(split: Split) -> None:
    line = split.scene.line("A1")
    ScoreLine.objects.filter(pk=line.pk).update(review="Mức điểm đổi")
    chosen = {"sheet": split.scene.sheet(), "criteria": [line.criterion_id]}
    with pytest.raises(Refused, match="A1 do Bộ phận Sở Tài chính"):
        confirm_review(actor=split.scene.secretary, **chosen)
    assert confirm_review(actor=split.finance, **chosen) == 1


# ---------------------------------------------------------------- the whole sheet


def test_the_secretariat_finishes_once_every_line_is_judged(split: Split) -> None:
    sheet, secretary = split.scene.sheet(), split.scene.secretary
    accept_rest(actor=secretary, sheet=sheet)
    accept_rest(actor=split.finance, sheet=sheet)
    with pytest.raises(Conflict) as refusal:
        finish_appraisal(actor=secretary, sheet=sheet)
    assert refusal.value.details == ("Bộ phận Sở Nội vụ: tiêu chí A3.",)
    accept_rest(actor=split.interior, sheet=sheet)
    with pytest.raises(Refused, match="việc chung của bảng chấm điểm do tổ thư ký"):
        finish_appraisal(actor=split.interior, sheet=sheet)
    assert finish_appraisal(actor=secretary, sheet=sheet).stage == "appraised"
    with pytest.raises(Refused):
        return_sheet(actor=split.interior, sheet=sheet, reason="Thiếu", due_on=days(3))
    judge(split, split.interior, "A3", level="1")
    assert split.scene.sheet().status == "appraising"
    accept_rest(actor=split.finance, sheet=sheet)
    finish_appraisal(actor=secretary, sheet=sheet, reason="Đã rõ")
    reopen_appraisal(actor=secretary, sheet=sheet, reason="Xem lại")


def test_the_answer_comes_from_the_lines_department_or_the_approver(split: Split) -> None:
    sheet, secretary = split.scene.sheet(), split.scene.secretary
    judge(split, split.finance, "A2", n="6")
    for who in (secretary, split.finance, split.interior):
        accept_rest(actor=who, sheet=sheet)
    with pytest.raises(Refused):
        request_explanation(actor=split.finance, sheet=sheet, due_on=days(3))
    request_explanation(actor=secretary, sheet=sheet, due_on=days(3))
    line = split.scene.line("A2")
    explain_lines(
        actor=split.scene.world.officers[2],
        sheet=sheet,
        statements={line.pk: Statement(agrees=False, text="Chỉ chậm 3 văn bản")},
    )
    asked = split.scene.line("A2").explanation
    colleague = make_person(split.scene.world.units[4])
    split.name(FINANCE, colleague)
    answer = "Trả lời giải trình tiêu chí của bộ phận ở 1 bảng chấm điểm"
    assert [answer in tasks_of(who) for who in (colleague, split.finance, split.interior)] == [
        True, False, False,
    ]  # fmt: skip
    for who, why in (
        (secretary, "Bộ phận SỞ Tài chính thẩm định và trả lời"),
        (split.interior, "Bộ phận SỞ Tài chính thẩm định và trả lời"),
        (split.finance, "phải là người khác"),
    ):
        with pytest.raises(Refused, match=why):
            answer_explanation(actor=who, explanation=asked, answer="Giữ")
    answer_explanation(actor=split.scene.head, explanation=asked, answer="Giữ điểm")
    assert answer not in tasks_of(colleague)


# ---------------------------------------------------------------- who is named


def test_naming_is_checked_recorded_and_cannot_be_done_to_oneself(split: Split) -> None:
    scene = split.scene
    with pytest.raises(Conflict, match="đã được cử"):
        split.name("sở  tài chính", split.finance)
    with pytest.raises(ValidationError, match="không ghi bộ phận này"):
        split.name("Sở Y tế", split.finance)
    with pytest.raises(ValidationError, match="không phải cán bộ đầu mối"):
        split.name(FINANCE, split.scene.world.board_officer)
    with pytest.raises(ValidationError, match="không tự cử mình"):
        name_department_person(
            actor=scene.secretary,
            bloc_year=scene.world.bloc_year,
            department=FINANCE,
            person=scene.secretary,
        )
    with pytest.raises(Refused):
        name_department_person(
            actor=split.interior,
            bloc_year=scene.world.bloc_year,
            department=FINANCE,
            person=split.finance,
        )
    judge(split, split.finance, "A1")
    row = DepartmentPerson.objects.get(person=split.finance)
    end_department_person(actor=scene.head, row=row)
    with pytest.raises(Conflict, match="đã thôi"):
        end_department_person(actor=scene.head, row=row)
    split.name(FINANCE, scene.world.officers[2])
    changes = DepartmentChange.objects.order_by("pk").values_list("person", "is_named")
    assert list(changes) == [
        (split.finance.pk, True),
        (split.interior.pk, True),
        (split.finance.pk, False),
        (scene.world.officers[2].pk, True),
    ]
    with pytest.raises(Refused, match="đã bắt đầu"):
        set_appraisers(actor=scene.head, bloc_year=scene.world.bloc_year, appraised_by="deputy")


def test_no_people_without_the_setting() -> None:
    scene = submitted_scene()
    with pytest.raises(Refused, match="không giao bộ phận chuyên môn"):
        name_department_person(
            actor=scene.head,
            bloc_year=scene.world.bloc_year,
            department=FINANCE,
            person=scene.world.officers[3],
        )


def test_a_copied_year_takes_setting_and_people_over(split: Split) -> None:
    world = split.scene.world
    split.interior.posts.update(ends_on="2020-01-01")
    year = copy_bloc_year(
        actor=world.board_officer,
        source=world.bloc_year,
        year=world.bloc_year.year + 1,
        name="Khối năm sau",
        unit_ids=[unit.pk for unit in world.units],
    )
    assert year.appraised_by == "departments"
    assert list(year.department_people.values_list("department", "person")) == [
        (FINANCE, split.finance.pk)
    ]
    assert str(world.bloc_year.year) in year.department_changes.get().note


# ---------------------------------------------------------------- pages, tasks


def test_the_page_of_the_setting_lists_departments_and_names_people(
    split: Split, as_user: Any
) -> None:
    pk = split.scene.world.bloc_year.pk
    client = as_user(split.scene.secretary)
    page = get(client, "appraisers", pk)
    assert page.count("Sở Tài chính</th>") == 1
    assert "35,00" in page
    assert "Không ghi bộ phận" in page
    row = DepartmentPerson.objects.get(person=split.finance)
    ended = client.post(reverse("department_person_end", args=[pk, row.pk]), follow=True)
    assert "Chưa có người thẩm định" in text(ended)
    add = reverse("department_person_add", args=[pk])
    wrong = client.post(add, {"department": "Sở Y tế", "person": str(split.finance.pk)})
    assert "không ghi bộ phận này" in text(wrong)
    named = client.post(add, {"department": FINANCE, "person": str(split.finance.pk)}, follow=True)
    assert f"Đã cử {split.finance.full_name}" in text(named)
    reader = as_user(split.interior)
    assert "Thôi cử" not in get(reader, "appraisers", pk).split("Các lần đổi")[0]
    assert reader.post(add, {"department": FINANCE}).status_code == 403


def test_the_appraisal_page_opens_ones_own_lines_only(split: Split, as_user: Any) -> None:
    pk = split.scene.sheets[2].pk
    page = get(as_user(split.finance), "appraise", pk)
    assert page.count("data-line=") == 2
    assert "Bộ phận Sở Nội vụ thẩm định" in page
    assert "Phần đồng chí thẩm định còn 2 tiêu chí" in page
    assert "Giữ điểm tự chấm 2 tiêu chí còn lại" in page
    assert "Hoàn thành thẩm định" not in page
    line = split.scene.line("A3")
    posted = {f"c{line.criterion_id}-v": str(line.version), "keep": str(line.criterion_id)}
    refused = as_user(split.finance).post(reverse("appraise_save", args=[pk]), posted)
    assert refused.status_code == 403
    assert "A3 do Bộ phận Sở Nội vụ" in text(refused)
    accept_rest(actor=split.scene.secretary, sheet=split.scene.sheet())
    mine = get(as_user(split.scene.secretary), "appraise", pk)
    assert "Phần đồng chí thẩm định đã xong" in mine
    assert "Bộ phận Sở Tài chính (2 tiêu chí: A1, A2)" in " ".join(mine.split())
    own = get(as_user(split.interior), "appraise", split.scene.sheets[3].pk)
    assert "đều công tác tại đơn vị này" in own


def test_a_department_reads_only_after_its_own_unit_has_handed_in(
    split: Split, as_user: Any
) -> None:
    client, pk = as_user(split.finance), split.scene.sheets[2].pk
    own = split.scene.sheet(3)
    type(own).objects.filter(pk=own.pk).update(
        status="drafting", submitted_at=None, submitted_by=None, first_submitted_at=None
    )
    assert client.get(reverse("appraise", args=[pk])).status_code == 403
    with pytest.raises(Refused, match="chưa nộp bảng tự chấm điểm"):
        judge(split, split.finance, "A1")


def test_the_rest_of_the_bloc_reads_nothing_more(split: Split, as_user: Any) -> None:
    outsider = make_person(split.scene.world.units[2])
    client = as_user(outsider)
    assert client.get(reverse("appraise", args=[split.scene.sheets[3].pk])).status_code == 404
    split.name(INTERIOR, outsider)
    assert client.get(reverse("appraise", args=[split.scene.sheets[3].pk])).status_code == 200


def test_tasks_go_to_those_who_owe_lines(split: Split) -> None:
    department = "Thẩm định tiêu chí của bộ phận ở 4 bảng chấm điểm"
    assert department in tasks_of(split.finance)
    assert "Thẩm định 4 bảng chấm điểm" in tasks_of(split.scene.secretary)
    for unit in (0, 1, 2, 4):
        accept_rest(actor=split.finance, sheet=split.scene.sheet(unit))
    assert not [title for title in tasks_of(split.finance) if "của bộ phận" in title]
    accept_rest(actor=split.scene.secretary, sheet=split.scene.sheet(2))
    assert "Thẩm định 3 bảng chấm điểm" in tasks_of(split.scene.secretary)
    accept_rest(actor=split.interior, sheet=split.scene.sheet(2))
    assert "Thẩm định 4 bảng chấm điểm" in tasks_of(split.scene.secretary)


def test_tasks_ask_no_more_where_no_department_appraises(
    split: Split, django_assert_num_queries: Any
) -> None:
    year = split.scene.world.bloc_year
    posts = list(posts_today(split.finance))
    with django_assert_num_queries(7):
        seats_of(split.finance, posts)
    type(year).objects.filter(pk=year.pk).update(appraised_by="secretariat")
    with django_assert_num_queries(3):
        seats_of(split.finance, posts)


def test_a_unit_about_to_leave_says_for_whom_its_people_appraise(split: Split) -> None:
    member = Membership.objects.get(pk=split.scene.world.memberships[3].pk)
    told = " ".join(leaving(member, days(-1)))
    assert f"{split.finance.full_name} của đơn vị đang thẩm định cho bộ phận {FINANCE}" in told
    assert INTERIOR not in told


def test_leaders_answer_for_no_department(split: Split) -> None:
    leader = make_person(split.scene.world.units[2], role=PostRole.LEADER)
    with pytest.raises(ValidationError, match="không phải cán bộ đầu mối"):
        split.name(FINANCE, leader)


def test_a_department_spelt_in_two_ways_is_one(split: Split) -> None:
    shares = shares_of(
        standing_in(split.interior, split.scene.world.bloc_year), split.scene.sheet()
    )
    lines = [split.scene.line(code) for code in ("A1", "A2", "A4")]
    assert shares.owing(lines) == {f"Bộ phận {FINANCE}": ["A1", "A2"], "Tổ thư ký": ["A4"]}


@pytest.mark.parametrize("name", ["appraise", "appraisal_list", "appraisers"])
def test_pages_ask_no_more_for_more_lines_people_and_units(name: str, as_user: Any) -> None:
    counts = []
    for members, extra in ((4, 2), (7, 9)):
        scene = submitted_scene(members, extra_base=extra)
        criteria = Criterion.objects.filter(rubric__bloc_year=scene.world.bloc_year)
        criteria.filter(code__startswith="B").update(checker=FINANCE)
        criteria.filter(code__in=["A1", "A2"][: members // 4 + 1]).update(checker=INTERIOR)
        year = set_appraisers(
            actor=scene.head, bloc_year=scene.world.bloc_year, appraised_by="departments"
        )
        for department, people in ((FINANCE, scene.world.officers[2:]), (INTERIOR, [])):
            for person in people:
                name_department_person(
                    actor=scene.head, bloc_year=year, department=department, person=person
                )
        pk = scene.sheets[2].pk if name == "appraise" else year.pk
        client = as_user(scene.secretary)
        with CaptureQueriesContext(connection) as asked:
            get(client, name, pk)
        counts.append(len(asked))
    assert counts[0] == counts[1]
