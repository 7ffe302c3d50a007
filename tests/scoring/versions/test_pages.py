"""What people see of versions: difference, move, banner, tasks, comments beside criteria."""

from __future__ import annotations

import html

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import YearStatus
from emulation import clock
from emulation.vietnamese import format_date
from scoring.blockers import CHECKS
from scoring.models import Criterion, Rubric, RubricComment
from scoring.services.rubrics import comment_on_rubric, copy_rubric, open_rubric_consultation
from scoring.services.sheet_moving import move_sheets
from scoring.tasks import desk
from tests.scoring.appraisal.builders import fill, make_scene, submitted_scene
from tests.scoring.versions.builders import D, add, alter, drop, next_version

pytestmark = pytest.mark.django_db


def page(client, user, name: str, *args: int, status: int = 200) -> str:
    client.force_login(user)
    response = client.get(reverse(name, args=args))
    assert response.status_code == status
    return html.unescape(response.content.decode())


def titles(user) -> list[str]:
    return [task.title for task in desk(user).tasks]


def test_the_way_of_a_new_version_from_issue_to_the_unit(client) -> None:
    scene = make_scene()
    officer, sheet = scene.world.officers[2], scene.sheet()
    fill(officer, sheet)
    rubric = next_version(scene.world, alter("A2", per=D(1)), drop("P1"), add("P3", "P"))
    assert "Chuyển 4 bảng tự chấm sang lần 2" in titles(scene.head)
    assert "Chuyển 4 bảng tự chấm sang lần 2" in page(client, scene.head, "rubric", rubric.pk)
    difference = page(client, officer, "rubric_difference", rubric.pk)
    for words in ("Tiêu chí A2", "Điểm mỗi lần", "Tiêu chí P3", "Tiêu chí P1", "Sáng kiến"):
        assert words in difference
    page(client, officer, "rubric_move", rubric.pk, status=403)
    url = reverse("rubric_move", args=[rubric.pk])
    client.force_login(scene.head)
    plan = client.post(url, {"due_on": ""})
    told = html.unescape(plan.content.decode())
    assert scene.world.units[2].name in told
    seen = plan.context["plan"].fingerprint
    assert client.post(url, {"due_on": "", "seen": seen}).status_code == 302
    assert "Chuyển 4 bảng tự chấm sang lần 2" not in titles(scene.head)
    assert "Xem lại 2 dòng vì bảng chấm điểm ban hành lần 2" in titles(officer)
    shown = page(client, officer, "sheet", sheet.pk)
    for words in (
        "Chấm theo bảng ban hành lần 2, số 15/QĐ",
        "còn 2 tiêu chí cần xem lại: A2, P3",
        "Điểm mỗi lần: 0,5 → 1",
        "Không còn trong bảng, được lưu",
    ):
        assert words in shown
    line = sheet.lines.get(criterion__rubric=rubric, criterion__code="A2")
    client.post(reverse("sheet_save", args=[sheet.pk]), {"reviewed": str(line.criterion_id)})
    assert "Xem lại 1 dòng vì bảng chấm điểm ban hành lần 2" in titles(officer)


def test_the_secretary_prepares_a_move_that_the_head_confirms(client) -> None:
    scene = make_scene()
    rubric = next_version(scene.world, add("P3", "P"))
    label = "Xem trước việc chuyển 4 bảng tự chấm sang lần 2"
    shown = page(client, scene.secretary, "rubric", rubric.pk)
    assert label in shown
    assert "lãnh đạo đơn vị Trưởng khối xác nhận việc chuyển" in shown
    assert label not in page(client, scene.head, "rubric", rubric.pk)


def test_the_page_of_issue_says_that_sheets_do_not_move_alone(client) -> None:
    scene = make_scene()
    source = Rubric.objects.get(bloc_year=scene.world.bloc_year)
    draft = copy_rubric(actor=scene.secretary, bloc_year=scene.world.bloc_year, source=source)
    told = page(client, scene.head, "rubric_issue", draft.pk)
    assert "4 bảng tự chấm đang theo lần trước giữ nguyên" in told
    assert "các đơn vị tự chấm điểm theo bảng này" not in told


def test_another_rule_for_late_sheets_is_a_difference(client) -> None:
    scene = make_scene()

    def refuse(rubric: Rubric) -> None:
        Rubric.objects.filter(pk=rubric.pk).update(late_policy="refuse")

    rubric = next_version(scene.world, refuse)
    shown = page(client, scene.secretary, "rubric_difference", rubric.pk)
    for words in ("1 thay đổi", "Khi nộp muộn", "Không nhận sau hạn"):
        assert words in shown


def test_a_number_without_a_day_is_shown(client) -> None:
    scene = make_scene()
    rubric = next_version(scene.world)
    assert "Lần 2, số 15/QĐ. " in page(client, scene.secretary, "rubric", rubric.pk)


def test_the_code_of_a_dropped_criterion_is_not_offered_again(client) -> None:
    scene = make_scene()
    source = Rubric.objects.get(bloc_year=scene.world.bloc_year)
    draft = copy_rubric(actor=scene.secretary, bloc_year=scene.world.bloc_year, source=source)
    last = Criterion.objects.filter(rubric=draft, section__code="P").order_by("position").last()
    assert last
    section, gone = last.section, last.code
    last.delete()
    shown = page(client, scene.secretary, "rubric_criterion_add", draft.pk, section.pk)
    assert f'value="{gone}"' not in shown
    assert 'name="code"' in shown


def test_the_day_to_come_again_is_asked_for(client) -> None:
    scene = submitted_scene()
    rubric = next_version(scene.world, add("P3", "P"))
    client.force_login(scene.head)
    url = reverse("rubric_move", args=[rubric.pk])
    assert "Đề nghị ghi hạn nộp lại" in html.unescape(client.post(url, {}).content.decode())
    day = format_date(clock.today())
    told = html.unescape(client.post(url, {"due_on": day}).content.decode())
    assert f"Hạn nộp lại: hết ngày {day}." in told


def test_the_plan_takes_the_same_queries_for_more_units(client) -> None:
    counted = []
    for members in (3, 6):
        scene = make_scene(members)
        rubric = next_version(scene.world, alter("A2", per=D(1)))
        client.force_login(scene.head)
        url = reverse("rubric_move", args=[rubric.pk])
        with CaptureQueriesContext(connection) as queries:
            client.post(url, {"due_on": ""})
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_other_units_read_nothing_of_a_moved_draft(client) -> None:
    scene = make_scene()
    fill(scene.world.officers[2], scene.sheet())
    rubric = next_version(scene.world, alter("A3", kind="passfail", levels=[]))
    client.force_login(scene.head)
    told = html.unescape(
        client.post(reverse("rubric_move", args=[rubric.pk]), {"due_on": ""}).content.decode()
    )
    move_sheets(actor=scene.head, rubric=rubric)
    assert "Tốt" not in told.replace("Xếp loại Tốt", "")
    page(client, scene.world.officers[3], "sheet", scene.sheet().pk, status=404)
    page(client, scene.secretary, "sheet", scene.sheet().pk, status=403)


def test_the_appraisal_says_on_which_version(client) -> None:
    scene = submitted_scene()
    rubric = next_version(scene.world, alter("A2", per=D(1)))
    move_sheets(actor=scene.head, rubric=rubric)
    shown = page(client, scene.secretary, "appraise", scene.sheet().pk)
    assert "Chấm theo bảng ban hành lần 2" in shown
    assert "Cần xem lại." in shown
    assert "Chấm theo bảng ban hành lần 2" in page(
        client, scene.world.officers[2], "sheet_receipt", scene.sheet().pk
    )


# ---------------------------------------------------------------- consultation


def consulting(scene) -> tuple[Rubric, Criterion, Criterion]:
    source = scene.sheet().rubric
    rubric = copy_rubric(actor=scene.secretary, bloc_year=scene.world.bloc_year, source=source)
    open_rubric_consultation(actor=scene.secretary, rubric=rubric)
    found = Criterion.objects.filter(rubric=rubric)
    return rubric, found.get(code="A1"), found.get(code="A2")


def test_a_proposal_to_merge_names_the_other_criterion() -> None:
    scene = make_scene()
    rubric, one, other = consulting(scene)
    said = {
        "actor": scene.world.officers[2], "rubric": rubric, "text": "Trùng nội dung",
        "membership": scene.world.memberships[2], "criterion": one, "proposal": "merge",
    }  # fmt: skip
    for wrong in (None, one):
        with pytest.raises(ValidationError) as caught:
            comment_on_rubric(**said, merge_with=wrong)
        assert "merge_with" in caught.value.message_dict
    comment = comment_on_rubric(**said, merge_with=other)
    assert comment.text == f"Gộp với tiêu chí A2: {other.title}\nTrùng nội dung"


def test_comments_are_counted_beside_the_criterion_on_the_stepper_and_in_tasks(client) -> None:
    scene = make_scene()
    rubric, one, _ = consulting(scene)
    officer = scene.world.officers[2]
    assert "Góp ý dự thảo bảng chấm điểm" in titles(officer)
    comment_on_rubric(
        actor=officer, rubric=rubric, membership=scene.world.memberships[2], criterion=one,
        text="Đề nghị nói rõ",
    )  # fmt: skip
    assert "1 ý kiến, 1 chưa trả lời" in page(client, officer, "rubric", rubric.pk)
    assert "Trả lời 1 ý kiến góp ý bảng chấm điểm" in titles(scene.secretary)
    scene.world.set_status(YearStatus.RUNNING)
    texts = [
        each.text for check in CHECKS["open_self_scoring"] for each in check(scene.world.bloc_year)
    ]
    assert texts == ["Còn 1 ý kiến góp ý bảng chấm điểm chưa trả lời."]
    RubricComment.objects.update(
        reply="Tiếp thu", replied_by=scene.secretary, replied_at=clock.now()
    )
    assert "1 ý kiến" in page(client, officer, "rubric", rubric.pk)
    assert not [t for t in titles(scene.secretary) if t.startswith("Trả lời")]
