"""Who appraises by the year's setting, and cross-checks dealt by the tool."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from blocs.enums import PostRole
from blocs.models import BlocYear
from blocs.selectors.standing import posts_today, standing_in
from emulation import clock
from emulation.access import Refused
from emulation.models import Notice, User
from scoring.models import AppraiserChange, CrossCheck, ScoreSheet, SheetTransition
from scoring.permissions import appraisal as rules
from scoring.services.appraisal import start_appraisal
from scoring.services.appraisers import set_appraisers
from scoring.services.cross_checks import assign_cross_check, end_cross_check
from scoring.services.dealing import DealWish, deal_cross_checks, plan_dealing
from scoring.tasks.acting import appraisal_tasks, check_tasks
from scoring.tasks.seats import seats_of
from tests.factories import make_person, set_term
from tests.scoring.appraisal.builders import Scene, appraise_all, get, submitted_scene
from tests.scoring.builders import hand_in, make_scoring_world, sheet_of

pytestmark = pytest.mark.django_db


def set_to(scene: Scene, who: str) -> None:
    year = set_appraisers(actor=scene.head, bloc_year=scene.world.bloc_year, appraised_by=who)
    scene.world.bloc_year = year


def appraises(scene: Scene, user: User, unit: int) -> bool:
    sheet = ScoreSheet.objects.select_related("bloc_year", "membership").get(
        pk=scene.sheets[unit].pk
    )
    return bool(rules.can_appraise(standing_in(user, sheet.bloc_year), sheet))


def tasks_of(user: User) -> list[str]:
    seats = seats_of(user, posts_today(user))
    found = [task for seat in seats for task in appraisal_tasks(seat)]
    return [task.title for task in [*found, *check_tasks(user)]]


# ---------------------------------------------------------------- who appraises


def test_deputies_appraise_all_but_their_own_and_the_head_approves() -> None:
    scene = submitted_scene()
    set_to(scene, "deputy")
    deputy = scene.world.deputy_officer
    assert [appraises(scene, deputy, unit) for unit in range(4)] == [True, False, True, True]
    assert [appraises(scene, scene.secretary, unit) for unit in range(4)] == [
        False,
        True,
        False,
        False,
    ]
    assert "Thẩm định 2 bảng chấm điểm" in tasks_of(deputy)
    assert "Thẩm định 1 bảng chấm điểm" in tasks_of(scene.secretary)
    appraise_all(scene, (2,), actor=deputy)
    done = SheetTransition.objects.filter(sheet=scene.sheets[2], transition="finish_appraisal")
    assert done.get().acting_as.startswith("Phó Trưởng khối")
    sheet = scene.sheet(2)
    assert rules.can_approve(standing_in(scene.head, sheet.bloc_year), sheet)
    assert rules.can_read_appraisal(standing_in(scene.secretary, sheet.bloc_year), sheet)
    assert not rules.can_approve(standing_in(scene.world.deputy_leader, sheet.bloc_year), sheet)


def test_the_second_deputy_appraises_the_first() -> None:
    scene = submitted_scene()
    set_term(scene.world.bloc_year, scene.world.units[3], "deputy", position=2)
    set_to(scene, "deputy")
    assert appraises(scene, scene.world.officers[3], 1)
    assert not appraises(scene, scene.secretary, 1)


def test_cross_checkers_appraise_their_sheets_only() -> None:
    scene = submitted_scene()
    set_to(scene, "cross_check")
    checker = scene.world.officers[3]
    assert not appraises(scene, checker, 2)
    assert tasks_of(scene.secretary) == ["Phân công người kiểm tra chéo cho 3 bảng chấm điểm"]
    check = assign_cross_check(actor=scene.secretary, sheet=scene.sheet(2), checker=checker)
    assert appraises(scene, checker, 2)
    assert not appraises(scene, checker, 0)
    assert not appraises(scene, scene.secretary, 2)
    assert f"Thẩm định bảng chấm điểm của {scene.world.memberships[2].unit_name}" in tasks_of(
        checker
    )
    appraise_all(scene, (2,), actor=checker)
    done = SheetTransition.objects.filter(sheet=scene.sheets[2], transition="finish_appraisal")
    assert done.get().acting_as.startswith("Tổ kiểm tra chéo")
    end_cross_check(actor=scene.secretary, check=check)
    assert not appraises(scene, checker, 2)


def test_the_setting_stands_once_an_appraisal_has_begun(as_user: Any) -> None:
    scene = submitted_scene()
    set_to(scene, "deputy")
    set_to(scene, "secretariat")
    assert list(AppraiserChange.objects.order_by("pk").values_list("before", "after")) == [
        ("secretariat", "deputy"),
        ("deputy", "secretariat"),
    ]
    url = reverse("appraisers", args=[scene.world.bloc_year.pk])
    client = as_user(scene.head)
    stale = client.post(url, {"appraised_by": "deputy", "seen": "cross_check"})
    assert stale.status_code == 409
    start_appraisal(actor=scene.secretary, sheet=scene.sheet(2))
    with pytest.raises(Refused, match="đã bắt đầu"):
        set_to(scene, "deputy")
    page = get(client, "appraisers", scene.world.bloc_year.pk)
    assert "Việc thẩm định đã bắt đầu" in page
    assert "Phó Trưởng khối → Tổ thư ký Khối" in page


def test_no_deputy_no_deputies_appraising() -> None:
    scene = submitted_scene(deputy=False)
    with pytest.raises(ValidationError, match="chưa có Phó Trưởng khối"):
        set_to(scene, "deputy")


# ---------------------------------------------------------------- dealing


def wish(scene: Scene, *units: int, per_sheet: int = 1, number: int = 1) -> DealWish:
    return DealWish(per_sheet, number, [scene.world.units[unit].pk for unit in units])


def year(scene: Scene) -> BlocYear:
    return BlocYear.objects.get(pk=scene.world.bloc_year.pk)


def test_dealing_is_proposed_then_confirmed_and_repeats() -> None:
    scene = submitted_scene()
    asked = wish(scene, 1, 2, 3)
    plan = plan_dealing(user=scene.secretary, bloc_year=year(scene), wish=asked)
    assert not CrossCheck.objects.exists()
    again = plan_dealing(user=scene.secretary, bloc_year=year(scene), wish=asked)
    assert again.fingerprint == plan.fingerprint
    assert [bool(row.left_out) for row in plan.rows] == [True, False, False, False]
    assert "chính đơn vị mình" in plan.rows[0].left_out
    deal_cross_checks(
        actor=scene.secretary, bloc_year=year(scene), wish=asked, seen=plan.fingerprint
    )
    made = {check.sheet_id: check for check in CrossCheck.objects.order_by("pk")}
    assert set(made) == {sheet.pk for sheet in scene.sheets[1:]}
    assert {check.deal_number for check in made.values()} == {1}
    assert len({check.checker_id for check in made.values()}) == 3
    head_sheet = plan_dealing(
        user=scene.world.deputy_leader, bloc_year=year(scene), wish=wish(scene, 2, 3)
    )
    assert [len(row.proposed) for row in head_sheet.rows] == [1, 0, 0, 0]


def test_who_was_taken_off_a_sheet_is_not_dealt_to_it_again() -> None:
    scene = submitted_scene()
    check = assign_cross_check(
        actor=scene.secretary, sheet=scene.sheet(2), checker=scene.world.officers[3]
    )
    end_cross_check(actor=scene.secretary, check=check)
    plan = plan_dealing(user=scene.secretary, bloc_year=year(scene), wish=wish(scene, 3))
    assert [row.lacking for row in plan.rows] == [0, 0, 1, 1]
    make_person(scene.world.units[3], role=PostRole.OFFICER)
    plan = plan_dealing(user=scene.secretary, bloc_year=year(scene), wish=wish(scene, 3))
    assert [row.lacking for row in plan.rows] == [0, 0, 0, 1]


def test_the_page_proposes_and_refuses_what_others_changed(as_user: Any) -> None:
    scene = submitted_scene()
    client = as_user(scene.secretary)
    pk, units = scene.world.bloc_year.pk, [str(unit.pk) for unit in scene.world.units[1:]]
    asked = {"per_sheet": "1", "number": "4", "units": units}
    assert "3/4 bảng chấm điểm chưa có người" in get(client, "cross_check_deal", pk)
    page = get(client, "cross_check_deal", pk, **asked)
    assert "Xác nhận, phân công 3 lượt" in page
    assert not CrossCheck.objects.exists()
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assign_cross_check(actor=scene.head, sheet=scene.sheet(2), checker=scene.world.officers[3])
    url = reverse("cross_check_deal", args=[pk])
    stale = client.post(url, asked | {"seen": seen})
    assert stale.status_code == 409
    assert "chưa ghi gì" in stale.content.decode()
    assert CrossCheck.objects.count() == 1
    fresh = stale.content.decode().split('name="seen"')[1].split('value="')[1].split('"')[0]
    done = client.post(url, asked | {"seen": fresh}, follow=True)
    assert "Đã phân công 2 lượt kiểm tra cho 2 bảng" in done.content.decode()
    wrong = client.get(url, {"per_sheet": "0", "number": "x"})
    assert "Đề nghị chọn ít nhất một đơn vị" in wrong.content.decode()
    assert as_user(scene.world.officers[3]).get(url).status_code == 403


# ---------------------------------------------------------------- who is told


def told(event: str) -> set[User]:
    return {row.user for row in Notice.objects.filter(event=event).select_related("user")}


def test_a_checker_named_before_is_told_when_the_sheet_comes_in(
    as_user: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Named in advance, taken off again, or gone from the bloc: only the first is told."""
    world = make_scoring_world(5)
    sheet, (_, _, _, waits, off) = sheet_of(world, 2), world.officers
    gone = make_person(world.units[3], role=PostRole.OFFICER)
    for checker in (waits, off, gone):
        check = assign_cross_check(actor=world.secretary, sheet=sheet, checker=checker)
        if checker == off:
            end_cross_check(actor=world.secretary, check=check)
    gone.posts.update(ends_on=clock.today(), closed_at=clock.now())
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(world, 2)
    told_by_page = Notice.objects.filter(event="sheet.submit", path__endswith="/kiem-tra-cheo/")
    assert [row.user for row in told_by_page] == [waits]
    notice = told_by_page.get()
    assert "phân công kiểm tra chéo" in notice.sentence
    assert as_user(waits).get(notice.path).status_code == 200
    assert not told("sheet.submit") & {off, gone}


def test_whoever_is_dealt_a_sheet_is_told(django_capture_on_commit_callbacks: Any) -> None:
    scene = submitted_scene()
    asked = wish(scene, 1, 2, 3)
    plan = plan_dealing(user=scene.secretary, bloc_year=year(scene), wish=asked)
    with django_capture_on_commit_callbacks(execute=True):
        deal_cross_checks(
            actor=scene.secretary, bloc_year=year(scene), wish=asked, seen=plan.fingerprint
        )
    assert told("check.assign") == set(scene.world.officers[1:])
