"""Returns, the explanation round, cross-checks, disputes: services with teeth."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import MeetingKind, YearStatus
from blocs.models import Meeting
from emulation import clock
from emulation.access import Conflict, Refused
from scoring.models import Dispute, Explanation, PointChange
from scoring.selectors.asked import AskedCut, asked_cuts, conclusion_of
from scoring.services.appraisal import (
    accept_rest,
    finish_appraisal,
    start_appraisal,
)
from scoring.services.approval import approve_sheet
from scoring.services.cross_checks import assign_cross_check, end_cross_check, give_opinion
from scoring.services.disputes import raise_dispute, settle_dispute
from scoring.services.explanations import (
    answer_explanation,
    close_explanations,
    explain_line,
    request_explanation,
)
from scoring.services.sheets import LineDraft, return_sheet, save_lines, submit_sheet
from scoring.views.appraisal_rows import mark_of
from tests.factories import make_world
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    asked,
    cut,
    days,
    submitted_scene,
    year_end_meeting,
)

pytestmark = pytest.mark.django_db
D = Decimal


def later(number: int) -> dt.datetime:
    return clock.now() + dt.timedelta(days=number)


# ---------------------------------------------------------------- returned and sent again


def test_after_a_return_only_changed_lines_are_judged_anew() -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene)
    return_sheet(actor=scene.secretary, sheet=scene.sheet(), reason="Thiếu", due_on=days(3))
    line, officer = scene.line("A4"), scene.world.officers[2]
    drafts = {line.criterion_id: LineDraft(raw={"points": "45"}, version=line.version)}
    save_lines(actor=officer, sheet=scene.sheet(), lines=drafts)
    submit_sheet(
        actor=officer, sheet=scene.sheet(), approving_leader="Giám đốc", confirm_blanks=True
    )
    start_appraisal(actor=scene.secretary, sheet=scene.sheet())
    assert scene.line("A4").appraised_input is None
    assert scene.line("A2").appraised_points == 7
    assert "sửa số liệu" in PointChange.objects.filter(line=line).latest("pk").reason


# ---------------------------------------------------------------- explanation


def test_the_unit_is_asked_once_and_only_about_lines_that_differ() -> None:
    scene = submitted_scene()
    row = asked(scene)
    assert Explanation.objects.count() == 1
    assert scene.sheet().explanation_due_on == days(3)
    explain_line(actor=scene.world.leaders[2], line=row.line, agrees=True, text="")
    close_explanations(actor=scene.secretary, sheet=scene.sheet())
    with pytest.raises(Conflict):
        request_explanation(actor=scene.secretary, sheet=scene.sheet(), due_on=days(3))
    finish_appraisal(actor=scene.secretary, sheet=scene.sheet())


def test_everything_is_appraised_before_the_one_round() -> None:
    scene = submitted_scene()
    cut(scene)
    with pytest.raises(Conflict):
        request_explanation(actor=scene.secretary, sheet=scene.sheet(), due_on=days(3))


def test_the_deadline_lies_ahead() -> None:
    scene = submitted_scene()
    cut(scene)
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    with pytest.raises(ValidationError):
        request_explanation(actor=scene.secretary, sheet=scene.sheet(), due_on=days(-1))


def test_arguing_needs_words_and_others_are_refused() -> None:
    scene = submitted_scene()
    row = asked(scene)
    with pytest.raises(ValidationError):
        explain_line(actor=scene.world.officers[2], line=row.line, agrees=False, text=" ")
    with pytest.raises(ValidationError):
        explain_line(actor=scene.world.officers[2], line=row.line, agrees=False, text="a" * 10_001)
    with pytest.raises(Refused):
        explain_line(actor=scene.world.officers[3], line=row.line, agrees=True, text="")
    with pytest.raises(Conflict):
        explain_line(actor=scene.world.officers[2], line=scene.line("A1"), agrees=True, text="")


def test_the_deadline_counts_until_the_end_of_its_day() -> None:
    scene = submitted_scene()
    row = asked(scene)
    with clock.at(later(3)):
        explain_line(actor=scene.world.officers[2], line=row.line, agrees=True, text="")
    with clock.at(later(4)), pytest.raises(Refused):
        explain_line(actor=scene.world.officers[2], line=row.line, agrees=False, text="Không")


def test_silence_ends_on_the_deadline_and_is_recorded() -> None:
    scene = submitted_scene()
    row = asked(scene)
    with pytest.raises(Conflict) as refused:
        close_explanations(actor=scene.secretary, sheet=scene.sheet())
    assert "A2" in refused.value.details[0]
    with clock.at(later(4)):
        close_explanations(actor=scene.secretary, sheet=scene.sheet())
    row.refresh_from_db()
    assert row.is_silent
    assert scene.line("A2").appraised_points == 7
    assert scene.sheet().status == "appraising"
    log = PointChange.objects.filter(line=row.line).latest("pk")
    assert "không có ý kiến" in log.reason
    assert log.old_points == log.new_points


def test_what_was_argued_is_answered_before_closing_even_after_the_deadline() -> None:
    scene = submitted_scene()
    row = asked(scene)
    explain_line(actor=scene.world.officers[2], line=row.line, agrees=False, text="Chỉ 4")
    with clock.at(later(4)), pytest.raises(Conflict):
        close_explanations(actor=scene.secretary, sheet=scene.sheet())


def test_another_person_than_the_one_who_cut_answers() -> None:
    scene = submitted_scene()
    row = asked(scene)
    explain_line(actor=scene.world.officers[2], line=row.line, agrees=False, text="Chỉ 4")
    with pytest.raises(Refused):
        answer_explanation(actor=scene.secretary, explanation=row, answer="Giữ")
    answer_explanation(actor=scene.head, explanation=row, answer="Theo sổ", raw={"n": "4"})
    line = scene.line("A2")
    assert (line.appraised_points, line.appraised_reason) == (D("8.00"), "Theo sổ")
    assert scene.total("appraised") == D("96.00")
    with pytest.raises(Conflict):
        explain_line(actor=scene.world.officers[2], line=line, agrees=True, text="")


def test_where_there_is_nobody_else_the_same_person_answers() -> None:
    scene = submitted_scene()
    world = scene.world
    world.deputy_officer.posts.update(ends_on="2020-01-01")
    only = world.deputy_leader
    cut(scene, unit=0, actor=only)
    accept_rest(actor=only, sheet=scene.sheet(0))
    request_explanation(actor=only, sheet=scene.sheet(0), due_on=days(1))
    line = scene.line("A2", 0)
    explain_line(actor=scene.secretary, line=line, agrees=False, text="Không đúng")
    answer_explanation(actor=only, explanation=line.explanation, answer="Giữ điểm")
    close_explanations(actor=only, sheet=scene.sheet(0))
    finish_appraisal(actor=only, sheet=scene.sheet(0))
    approve_sheet(actor=only, sheet=scene.sheet(0))
    assert scene.sheet(0).status == "approved"


def test_the_units_own_figures_can_be_taken_back() -> None:
    scene = submitted_scene()
    row = asked(scene)
    explain_line(actor=scene.world.officers[2], line=row.line, agrees=False, text="Chỉ 3")
    answer_explanation(actor=scene.head, explanation=row, answer="Đúng là 3", accept=True)
    assert scene.line("A2").appraised_points == D("8.50")


def test_only_what_was_argued_is_answered() -> None:
    scene = submitted_scene()
    row = asked(scene)
    with pytest.raises(Conflict):
        answer_explanation(actor=scene.head, explanation=row, answer="Giữ")


# ---------------------------------------------------------------- cross-check


def test_only_officers_of_other_members_are_assigned() -> None:
    scene = submitted_scene()
    stranger = make_world().officers[0]
    for wrong in (scene.world.officers[2], scene.world.leaders[3], stranger):
        with pytest.raises(ValidationError):
            assign_cross_check(actor=scene.secretary, sheet=scene.sheet(), checker=wrong)
    checker = scene.world.officers[3]
    check = assign_cross_check(actor=scene.secretary, sheet=scene.sheet(), checker=checker)
    with pytest.raises(Conflict):
        assign_cross_check(actor=scene.head, sheet=scene.sheet(), checker=checker)
    give_opinion(actor=checker, check=check, opinion="Khớp")
    with pytest.raises(Refused):
        give_opinion(actor=scene.secretary, check=check, opinion="Khớp")
    end_cross_check(actor=scene.secretary, check=check)
    with pytest.raises(Conflict):
        give_opinion(actor=checker, check=check, opinion="Sửa")
    assert assign_cross_check(actor=scene.secretary, sheet=scene.sheet(), checker=checker)


# ---------------------------------------------------------------- disputes


def disputed(scene: Scene) -> Dispute:
    cut(scene)
    appraise_all(scene)
    approve_all(scene)
    return raise_dispute(
        actor=scene.world.officers[2],
        sheet=scene.sheet(),
        line=scene.line("A2"),
        text="Chỉ 4 văn bản chậm",
    )


def test_the_meeting_settles_and_drops_no_approval() -> None:
    scene = submitted_scene()
    dispute = disputed(scene)
    meeting = year_end_meeting(scene)
    settle_dispute(
        actor=scene.secretary,
        dispute=dispute,
        resolution="Tính 4 văn bản",
        meeting=meeting,
        raw={"n": "4"},
    )
    line, sheet = scene.line("A2"), scene.sheet()
    assert sheet.status == "approved"
    assert sheet.approved_by == scene.head
    assert (line.appraised_points, line.final_points) == (D("7.00"), D("8.00"))
    assert (scene.total("appraised"), scene.total("final")) == (D("95.00"), D("96.00"))
    change = PointChange.objects.get(line=line, stage="final")
    assert (change.old_points, change.new_points) == (D("7.00"), D("8.00"))
    with pytest.raises(Conflict):
        settle_dispute(actor=scene.secretary, dispute=dispute, resolution="Khác", meeting=meeting)


def test_a_resolution_may_keep_the_points() -> None:
    scene = submitted_scene()
    dispute = disputed(scene)
    meeting = year_end_meeting(scene)
    settle_dispute(actor=scene.secretary, dispute=dispute, resolution="Giữ điểm", meeting=meeting)
    assert scene.line("A2").final_points == 7
    assert not PointChange.objects.filter(stage="final").exists()


def test_a_sheet_approved_after_the_meeting_takes_the_resolution_over() -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene)
    dispute = raise_dispute(
        actor=scene.world.officers[2], sheet=scene.sheet(), line=scene.line("A2"), text="Chỉ 4"
    )
    meeting = year_end_meeting(scene)
    settle_dispute(
        actor=scene.secretary,
        dispute=dispute,
        resolution="Tính 4",
        meeting=meeting,
        raw={"n": "4"},
    )
    approve_all(scene)
    assert scene.line("A2").final_points == 8
    assert scene.total("final") == D("96.00")


def test_disputes_are_settled_at_a_meeting_of_this_year_only() -> None:
    scene, other = submitted_scene(), submitted_scene()
    dispute = disputed(scene)
    early = Meeting.objects.create(
        bloc_year=scene.world.bloc_year,
        kind=MeetingKind.OTHER,
        held_on=clock.today(),
        recorded_by=scene.secretary,
    )
    with pytest.raises(Refused):
        settle_dispute(actor=scene.secretary, dispute=dispute, resolution="Giữ", meeting=early)
    foreign = year_end_meeting(other)
    year_end_meeting(scene)
    with pytest.raises(ValidationError):
        settle_dispute(actor=scene.secretary, dispute=dispute, resolution="Giữ", meeting=foreign)


def test_the_unit_does_not_settle_its_own_dispute() -> None:
    scene = submitted_scene()
    appraise_all(scene, (0,))
    approve_all(scene, (0,))
    dispute = raise_dispute(actor=scene.secretary, sheet=scene.sheet(0), text="Không đồng ý")
    meeting = year_end_meeting(scene)
    for own in (scene.secretary, scene.head):
        with pytest.raises(Refused):
            settle_dispute(actor=own, dispute=dispute, resolution="Giữ", meeting=meeting)
    settle_dispute(
        actor=scene.world.deputy_officer, dispute=dispute, resolution="Giữ", meeting=meeting
    )


def test_disputes_are_the_units_own_and_once_each() -> None:
    scene = submitted_scene()
    with pytest.raises(Refused):
        raise_dispute(actor=scene.world.officers[2], sheet=scene.sheet(), text="Sớm")
    dispute = disputed(scene)
    with pytest.raises(Refused):
        raise_dispute(actor=scene.secretary, sheet=scene.sheet(), text="Thay")
    with pytest.raises(Conflict):
        raise_dispute(
            actor=scene.world.leaders[2], sheet=scene.sheet(), line=dispute.line, text="Lại"
        )
    raise_dispute(actor=scene.world.leaders[2], sheet=scene.sheet(), text="Cả bảng")
    scene.world.set_status(YearStatus.ADOPTED)
    with pytest.raises(Refused):
        raise_dispute(
            actor=scene.world.leaders[2], sheet=scene.sheet(), line=scene.line("A1"), text="Muộn"
        )


# ---------------------------------------------------------------- what the unit was asked about


def cut_of_a2(scene: Scene) -> AskedCut:
    line = scene.line("A2")
    return asked_cuts({line.pk: Explanation.objects.get(line=line)})[line.pk]


def test_the_cut_keeps_its_own_reason_when_the_unit_is_asked_again() -> None:
    scene = submitted_scene()
    row = asked(scene)
    officer = scene.world.officers[2]
    explain_line(actor=officer, line=scene.line("A2"), agrees=False, text="Chỉ chậm 3 văn bản")
    answer_explanation(actor=scene.head, explanation=row, answer="Giữ điểm")
    close_explanations(actor=scene.secretary, sheet=scene.sheet())
    return_sheet(actor=scene.secretary, sheet=scene.sheet(), reason="Thiếu", due_on=days(3))
    submit_sheet(actor=scene.world.leaders[2], sheet=scene.sheet(), confirm_blanks=True)
    start_appraisal(actor=scene.secretary, sheet=scene.sheet())
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    request_explanation(actor=scene.secretary, sheet=scene.sheet(), due_on=days(5))
    found = cut_of_a2(scene)
    assert found.reason == "Văn phòng ghi nhận 6 văn bản chậm"
    assert (found.who, found.points) == (scene.secretary.full_name, D("7.00"))


def test_points_that_another_line_pulled_along_keep_the_reason_of_their_input() -> None:
    scene = submitted_scene()
    asked(scene)
    line = scene.line("A2")
    moment = line.explanation.asked_at
    for document, reason, actor in (
        ({"kind": "count", "n": 5}, "Lần đầu", scene.head),
        (line.appraised_input, "Sổ ghi 6", scene.secretary),
        (line.appraised_input, "", scene.head),
    ):
        PointChange.objects.create(
            line=line, stage="appraised", new_input=document, new_points=D("7.00"),
            reason=reason, actor=actor, acting_as="Thư ký Khối", at=moment,
        )  # fmt: skip
    found = cut_of_a2(scene)
    assert (found.reason, found.who) == ("Sổ ghi 6", scene.secretary.full_name)


def test_the_conclusion_is_that_of_the_answer_whatever_comes_later() -> None:
    scene = submitted_scene()
    row = asked(scene)
    line = scene.line("A2")
    explain_line(actor=scene.world.officers[2], line=line, agrees=False, text="Chỉ chậm 3")
    answer_explanation(actor=scene.head, explanation=row, answer="Nhận 3 văn bản", accept=True)
    row.refresh_from_db()
    close_explanations(actor=scene.secretary, sheet=scene.sheet())
    assert conclusion_of(row, scene.line("A2"), cut_of_a2(scene)).startswith("Lấy lại")
    cut(scene, n="9")
    found = cut_of_a2(scene)
    assert conclusion_of(row, scene.line("A2"), found).startswith("Lấy lại")
    assert found.answer == ({"kind": "count", "n": 3}, D("8.50"))
    row.answer = ""
    assert conclusion_of(row, scene.line("A2"), found) == ""


def test_a_reason_with_line_breaks_is_not_changed_by_looking_at_it() -> None:
    stored = {"n": "6"}
    assert mark_of(stored, "Một\nHai") == mark_of(stored, " Một\r\nHai ")
