"""Two rounds of appraisal: another person goes through everything, then the unit is asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from blocs.services.years import copy_bloc_year
from emulation.access import Conflict, Refused
from emulation.models import User
from scoring.models import AppraiserChange, Criterion, PointChange, SheetTransition
from scoring.services.appraisal import (
    AppraisalDraft,
    accept_rest,
    appraise_lines,
    back_to_first_round,
    finish_appraisal,
    reopen_appraisal,
)
from scoring.services.appraisers import set_appraisers
from scoring.services.approval import approve_sheet
from scoring.services.departments import name_department_person
from scoring.services.explanations import (
    Statement,
    answer_explanation,
    close_explanations,
    explain_lines,
    request_explanation,
)
from scoring.services.sheets import return_sheet
from scoring.tasks import desk
from tests.factories import make_person, make_post, set_term
from tests.scoring.appraisal.builders import (
    Scene,
    cut,
    days,
    get,
    name_secretary,
    submitted_scene,
    text,
)

pytestmark = pytest.mark.django_db


def two_rounds(scene: Scene, who: str = "secretariat") -> None:
    scene.world.bloc_year = set_appraisers(
        actor=scene.head, bloc_year=scene.world.bloc_year, appraised_by=who, appraisal_rounds=2
    )


@pytest.fixture
def scene() -> Scene:
    """Four units; the deputy has a second officer, so that every sheet has two people."""
    found = submitted_scene()
    make_person(found.world.units[1])
    two_rounds(found)
    return found


def first_round(scene: Scene, unit: int = 2) -> None:
    """A2 was cut, everything else kept, and the secretary has finished the first round."""
    cut(scene, unit=unit)
    accept_rest(actor=scene.secretary, sheet=scene.sheet(unit))
    finish_appraisal(actor=scene.secretary, sheet=scene.sheet(unit))


def correct(scene: Scene, who: User, reason: str, code: str = "A2", **raw: str) -> None:
    line = scene.line(code)
    draft = AppraisalDraft(line.version, raw=raw or {"n": "5"}, reason=reason)
    appraise_lines(actor=who, sheet=line.sheet, lines={line.criterion_id: draft})


def tasks_of(user: User) -> list[str]:
    return [task.title for task in desk(user).tasks]


# ---------------------------------------------------------------- the rounds


def test_another_person_goes_through_it_before_it_is_approved(scene: Scene) -> None:
    deputy = scene.world.deputy_officer
    first_round(scene)
    sheet = scene.sheet()
    assert (sheet.status, sheet.first_round_by) == ("second_round", scene.secretary)
    assert sheet.appraised_by is None
    with pytest.raises(Refused, match="đã hoàn thành vòng một"):
        finish_appraisal(actor=scene.secretary, sheet=sheet, reason="Đã rõ")
    with pytest.raises(Conflict):
        approve_sheet(actor=scene.head, sheet=sheet)
    with pytest.raises(ValidationError, match="chưa được mời giải trình"):
        finish_appraisal(actor=deputy, sheet=sheet)
    finish_appraisal(actor=deputy, sheet=sheet, reason="Đã rõ")
    sheet = scene.sheet()
    assert (sheet.status, sheet.appraised_by, sheet.first_round_by) == (
        "appraised",
        deputy,
        scene.secretary,
    )
    steps = SheetTransition.objects.filter(sheet=sheet).order_by("pk")
    assert list(steps.values_list("transition", flat=True))[-2:] == [
        "finish_first_round",
        "finish_second_round",
    ]
    assert steps.last().acting_as.endswith("thẩm định vòng hai")  # type: ignore[union-attr]
    assert approve_sheet(actor=scene.head, sheet=sheet).stage == "approved"


def test_a_correction_of_the_second_round_has_its_own_reason_and_history_keeps_both(
    scene: Scene,
) -> None:
    deputy = scene.world.deputy_leader
    first_round(scene)
    earlier = scene.line("A2").appraised_reason
    with pytest.raises(ValidationError, match="đề nghị ghi lý do"):
        correct(scene, deputy, "")
    with pytest.raises(ValidationError, match="vòng hai sửa số liệu"):
        correct(scene, deputy, earlier)
    line = scene.line("A2")
    draft = AppraisalDraft(line.version, accept=True)
    with pytest.raises(ValidationError, match="vòng hai sửa số liệu"):
        appraise_lines(actor=deputy, sheet=line.sheet, lines={line.criterion_id: draft})
    with pytest.raises(Refused):
        correct(scene, scene.secretary, "Sửa lại")
    correct(scene, deputy, "Một văn bản gửi trước hạn")
    assert scene.sheet().status == "second_round"
    changes = PointChange.objects.filter(line=scene.line("A2"), stage="appraised").order_by("pk")
    assert [(each.actor, each.reason) for each in changes][-2:] == [
        (scene.secretary, earlier),
        (deputy, "Một văn bản gửi trước hạn"),
    ]
    assert changes.last().acting_as.startswith("Phó Trưởng khối")  # type: ignore[union-attr]


def test_nobody_makes_the_second_round_of_his_own_unit(scene: Scene) -> None:
    first_round(scene, unit=1)
    sheet = scene.sheet(1)
    for who in (scene.world.deputy_officer, scene.world.deputy_leader):
        with pytest.raises(Refused, match="chính đơn vị mình"):
            finish_appraisal(actor=who, sheet=sheet, reason="Đã rõ")
    first_round(scene)
    deputy = scene.world.deputy_officer
    make_post(deputy, unit=scene.world.units[2])
    with pytest.raises(Refused, match="chính đơn vị mình"):
        correct(scene, deputy, "Sửa")


def test_an_outsider_and_the_head_do_not_make_it(scene: Scene) -> None:
    first_round(scene)
    for who in (scene.head, scene.world.officers[3]):
        with pytest.raises(Refused, match="Vòng hai do cán bộ tổ thư ký"):
            finish_appraisal(actor=who, sheet=scene.sheet(), reason="Đã rõ")


def test_back_to_the_first_round_needs_a_reason_and_begins_anew(scene: Scene) -> None:
    deputy = scene.world.deputy_officer
    first_round(scene)
    with pytest.raises(Refused, match="đã hoàn thành vòng một"):
        back_to_first_round(actor=scene.secretary, sheet=scene.sheet(), reason="Sót")
    with pytest.raises(ValidationError):
        back_to_first_round(actor=deputy, sheet=scene.sheet(), reason=" ")
    back_to_first_round(actor=deputy, sheet=scene.sheet(), reason="Chưa đối chiếu minh chứng")
    sheet = scene.sheet()
    assert (sheet.status, sheet.first_round_by, sheet.first_round_at) == ("appraising", None, None)
    assert "Thẩm định 3 bảng chấm điểm" in tasks_of(scene.secretary)
    other = make_person(scene.world.units[0])
    finish_appraisal(actor=other, sheet=sheet)
    finish_appraisal(actor=scene.secretary, sheet=sheet, reason="Đã rõ")
    assert scene.sheet().appraised_by == scene.secretary


def test_the_unit_is_asked_and_answered_in_the_second_round(scene: Scene) -> None:
    deputy, sheet = scene.world.deputy_officer, scene.sheet()
    cut(scene)
    accept_rest(actor=scene.secretary, sheet=sheet)
    with pytest.raises(Refused, match="trong vòng hai"):
        request_explanation(actor=scene.secretary, sheet=sheet, due_on=days(3))
    finish_appraisal(actor=scene.secretary, sheet=sheet)
    request_explanation(actor=deputy, sheet=sheet, due_on=days(3))
    line = scene.line("A2")
    explain_lines(
        actor=scene.world.officers[2],
        sheet=sheet,
        statements={line.pk: Statement(agrees=False, text="Chỉ chậm 3 văn bản")},
    )
    assert "Trả lời và kết thúc giải trình 1 bảng chấm điểm" in tasks_of(deputy)
    with pytest.raises(Refused, match="phải là người khác"):
        answer_explanation(
            actor=scene.secretary, explanation=scene.line("A2").explanation, answer="Giữ"
        )
    answer_explanation(actor=deputy, explanation=scene.line("A2").explanation, answer="Giữ")
    with pytest.raises(Refused, match="đã hoàn thành vòng một"):
        close_explanations(actor=scene.secretary, sheet=sheet)
    close_explanations(actor=deputy, sheet=sheet)
    assert scene.sheet().status == "second_round"
    assert finish_appraisal(actor=deputy, sheet=scene.sheet()).stage == "appraised"


def test_who_finished_either_round_does_not_approve(scene: Scene) -> None:
    make_post(scene.head, unit=scene.world.units[1])
    first_round(scene)
    finish_appraisal(actor=scene.head, sheet=scene.sheet(), reason="Đã rõ")
    with pytest.raises(Refused, match="người duyệt phải là người khác"):
        approve_sheet(actor=scene.head, sheet=scene.sheet())


def test_a_change_afterwards_goes_through_both_rounds_again(scene: Scene) -> None:
    deputy = scene.world.deputy_officer
    first_round(scene)
    finish_appraisal(actor=deputy, sheet=scene.sheet(), reason="Đã rõ")
    with pytest.raises(Refused):
        correct(scene, deputy, "Sửa sau khi xong", n="4")
    correct(scene, scene.secretary, "Có văn bản mới", n="4")
    sheet = scene.sheet()
    assert (sheet.status, sheet.first_round_by, sheet.appraised_by) == ("appraising", None, None)
    finish_appraisal(actor=scene.secretary, sheet=sheet)
    finish_appraisal(actor=deputy, sheet=sheet, reason="Đã rõ")
    reopen_appraisal(actor=scene.head, sheet=scene.sheet(), reason="Xem lại")
    first = scene.sheet()
    assert first.first_round_by is None
    finish_appraisal(actor=scene.secretary, sheet=first)
    with pytest.raises(Refused):
        return_sheet(actor=scene.secretary, sheet=first, reason="Thiếu", due_on=days(3))
    return_sheet(actor=deputy, sheet=first, reason="Thiếu", due_on=days(3))
    assert (scene.sheet().status, scene.sheet().first_round_by) == ("drafting", None)


def test_the_second_round_is_whole_where_departments_made_the_first(scene: Scene) -> None:
    criteria = Criterion.objects.filter(rubric__bloc_year=scene.world.bloc_year)
    criteria.filter(code="A1").update(checker="Sở Tài chính")
    two_rounds(scene, "departments")
    finance = scene.world.officers[3]
    name_department_person(
        actor=scene.head,
        bloc_year=scene.world.bloc_year,
        department="Sở Tài chính",
        person=finance,
    )
    for who in (finance, scene.secretary):
        accept_rest(actor=who, sheet=scene.sheet())
    finish_appraisal(actor=scene.secretary, sheet=scene.sheet())
    with pytest.raises(Refused):
        correct(scene, finance, "Sửa", "A1", numerator="17", denominator="20")
    deputy = scene.world.deputy_officer
    correct(scene, deputy, "Theo quyết toán", "A1", numerator="17", denominator="20")
    assert scene.line("A1").appraised_by == deputy


# ---------------------------------------------------------------- the setting


def test_two_rounds_are_refused_where_one_person_would_make_both() -> None:
    scene = submitted_scene()
    units = scene.world.memberships
    with pytest.raises(ValidationError) as refusal:
        two_rounds(scene)
    told = refusal.value.message_dict["appraisal_rounds"][0]
    assert units[0].unit_name in told
    assert units[2].unit_name not in told
    assert "cử thêm người vào tổ thư ký" in told
    set_term(scene.world.bloc_year, scene.world.units[3], "deputy", position=2)
    two_rounds(scene)
    assert scene.world.bloc_year.appraisal_rounds == 2


def test_a_named_secretary_makes_it_possible() -> None:
    scene = submitted_scene(deputy=False)
    with pytest.raises(ValidationError, match="Chưa đủ hai người"):
        two_rounds(scene)
    set_term(scene.world.bloc_year, scene.world.units[1], "stand_in")
    make_person(scene.world.units[1])
    name_secretary(scene, 3)
    two_rounds(scene)


def test_the_setting_is_recorded_copied_and_fixed_once_begun(scene: Scene, as_user: Any) -> None:
    world = scene.world
    change = AppraiserChange.objects.get()
    assert (change.rounds_before, change.rounds_after, change.before) == (1, 2, change.after)
    client, url = as_user(scene.head), reverse("appraisers", args=[world.bloc_year.pk])
    posted = {"appraised_by": "secretariat", "seen": "secretariat"}
    stale = client.post(url, posted | {"appraisal_rounds": "1", "seen_rounds": "1"})
    assert stale.status_code == 409
    once = client.post(url, posted | {"appraisal_rounds": "1", "seen_rounds": "2"}, follow=True)
    assert "Tổ thư ký Khối thẩm định, một vòng" in text(once)
    assert "Hai vòng → Một vòng" in text(once)
    two_rounds(scene)
    copied = copy_bloc_year(
        actor=world.board_officer,
        source=world.bloc_year,
        year=world.bloc_year.year + 1,
        name="Khối năm sau",
        unit_ids=[unit.pk for unit in world.units],
    )
    assert copied.appraisal_rounds == 2
    first_round(scene)
    with pytest.raises(Refused, match="đã bắt đầu"):
        set_appraisers(
            actor=scene.head,
            bloc_year=world.bloc_year,
            appraised_by="secretariat",
            appraisal_rounds=1,
        )


def test_the_form_says_who_is_lacking(as_user: Any) -> None:
    scene = submitted_scene()
    client = as_user(scene.secretary)
    page = client.post(
        reverse("appraisers", args=[scene.world.bloc_year.pk]),
        {"appraised_by": "secretariat", "appraisal_rounds": "2"},
    )
    assert page.status_code == 200
    assert text(page).count("Chưa đủ hai người") == 2
    assert 'value="2" id="id_appraisal_rounds_1"' in " ".join(text(page).split())


# ---------------------------------------------------------------- pages, tasks


def test_pages_of_the_second_round(scene: Scene, as_user: Any) -> None:
    pk = scene.sheets[2].pk
    assert (
        as_user(scene.world.deputy_officer).get(reverse("appraise", args=[pk])).status_code == 200
    )
    cut(scene)
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    page = get(as_user(scene.secretary), "appraise", pk)
    assert "Hoàn thành vòng một" in page
    assert "Gửi đơn vị giải trình" not in page
    posted = as_user(scene.secretary).post(reverse("appraise_finish", args=[pk]), follow=True)
    assert "Một người khác thẩm định vòng hai" in text(posted)
    assert "đã hoàn thành vòng một của bảng này" in text(posted)
    assert "data-line=" not in text(posted)
    client = as_user(scene.world.deputy_officer)
    page = get(client, "appraise", pk)
    assert "Đang thẩm định vòng hai" in page
    assert "Gửi đơn vị giải trình" in page
    assert "Hoàn thành thẩm định vòng hai" in page
    assert "data-line=" in page
    assert "Lấy lại số liệu đơn vị tự chấm" not in page
    assert "đang thẩm định vòng hai" in get(client, "appraisal_list", scene.world.bloc_year.pk)
    back = client.post(reverse("appraise_back", args=[pk]), {"reason": "Chưa kỹ"}, follow=True)
    assert "về vòng một" in text(back)
    none = client.post(reverse("appraise_back", args=[pk]), {"reason": "Chưa kỹ"})
    assert none.status_code in (403, 409)


def test_the_page_says_that_nobody_is_left(scene: Scene, as_user: Any) -> None:
    first_round(scene)
    for person in (scene.world.deputy_officer, scene.world.deputy_leader):
        person.posts.update(ends_on="2020-01-01")
    for person in User.objects.filter(posts__unit__in=scene.world.units[:2]).exclude(
        pk__in=[scene.secretary.pk, scene.head.pk]
    ):
        person.posts.update(ends_on="2020-01-01")
    page = get(as_user(scene.secretary), "appraise", scene.sheets[2].pk)
    assert "Không còn ai làm vòng hai" in page


def test_tasks_of_the_second_round_go_to_others(scene: Scene) -> None:
    first_round(scene)
    task = "Thẩm định vòng hai 1 bảng chấm điểm"
    assert task in tasks_of(scene.world.deputy_officer)
    assert task in tasks_of(scene.world.deputy_leader)
    assert task not in tasks_of(scene.secretary)
    assert task not in tasks_of(scene.world.officers[2])
    assert task not in tasks_of(scene.world.officers[3])
