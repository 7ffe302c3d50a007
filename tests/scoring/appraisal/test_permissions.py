"""Who acts on which sheet: every clause of the conflict of interest, and the literal table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from blocs.enums import PostRole, TermKind, YearStatus
from blocs.selectors.standing import standing_in
from blocs.standing import NO_STAND_IN
from emulation.access import Refused, Verdict
from emulation.models import User
from scoring.models import CrossCheck, ScoreSheet
from scoring.permissions import appraisal as rules
from scoring.permissions import cross_check as checks
from scoring.services.appraisal import reopen_appraisal, start_appraisal
from scoring.services.cross_checks import assign_cross_check
from tests.factories import make_person, make_post, make_user, set_term
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    make_scene,
    name_secretary,
    submit,
    submitted_scene,
)

pytestmark = pytest.mark.django_db
Rule = Callable[..., Verdict]


def ask(rule: Rule, user: User, sheet: ScoreSheet, *more: Any) -> Verdict:
    fresh = ScoreSheet.objects.get(pk=sheet.pk)
    return rule(standing_in(user, fresh.bloc_year), fresh, *more)


# ---------------------------------------------------------------- appraise


def test_officers_of_the_head_appraise_and_leaders_do_not() -> None:
    scene = submitted_scene()
    assert ask(rules.can_appraise, scene.secretary, scene.sheets[2])
    refused = ask(rules.can_appraise, scene.head, scene.sheets[2])
    assert not refused
    assert "lãnh đạo duyệt" in refused.reason


@pytest.mark.parametrize("rule", [rules.can_appraise, rules.can_approve, rules.can_return])
def test_nobody_acts_on_the_sheet_of_his_own_unit(rule: Rule) -> None:
    """Also whoever serves the head, but has a post in the scored unit besides."""
    scene = submitted_scene()
    for user in (scene.secretary, scene.head):
        make_post(user, unit=scene.world.units[2])
        verdict = ask(rule, user, scene.sheets[2])
        assert not verdict
        assert "chính đơn vị mình" in verdict.reason


@pytest.mark.parametrize("rule", [rules.can_appraise, rules.can_approve, rules.can_return])
def test_the_head_does_not_act_on_its_own_sheet(rule: Rule) -> None:
    scene = submitted_scene()
    for user in (scene.secretary, scene.head):
        assert not ask(rule, user, scene.sheets[0])


def test_the_deputy_stands_in_for_the_head() -> None:
    scene = submitted_scene()
    world = scene.world
    assert ask(rules.can_appraise, world.deputy_officer, scene.sheets[0])
    assert not ask(rules.can_appraise, world.deputy_leader, scene.sheets[0])
    assert ask(rules.can_approve, world.deputy_leader, scene.sheets[0])
    assert not ask(rules.can_approve, world.deputy_officer, scene.sheets[0])
    assert not ask(rules.can_appraise, world.deputy_officer, scene.sheets[2])


def test_a_named_unit_stands_in_where_there_is_no_deputy() -> None:
    scene = submitted_scene(deputy=False)
    verdict = ask(rules.can_appraise, scene.world.officers[3], scene.sheets[0])
    assert verdict.reason == NO_STAND_IN
    set_term(scene.world.bloc_year, scene.world.units[3], TermKind.STAND_IN)
    assert ask(rules.can_appraise, scene.world.officers[3], scene.sheets[0])
    assert ask(rules.can_approve, scene.world.leaders[3], scene.sheets[0])


def test_a_unit_of_one_person_does_both() -> None:
    scene = submitted_scene()
    world = scene.world
    world.deputy_officer.posts.update(ends_on="2020-01-01")
    only = world.deputy_leader
    assert ask(rules.can_appraise, only, scene.sheets[0])
    appraise_all(scene, (0,), actor=only)
    assert ask(rules.can_approve, only, scene.sheets[0])
    staffed = rules.oversight_of(
        standing_in(only, world.bloc_year), ScoreSheet.objects.get(pk=scene.sheets[0].pk)
    )
    assert staffed.is_alone


def test_an_officer_who_is_alone_approves_too() -> None:
    scene = submitted_scene()
    scene.world.deputy_leader.posts.update(ends_on="2020-01-01")
    appraise_all(scene, (0,))
    assert ask(rules.can_approve, scene.world.deputy_officer, scene.sheets[0])


def test_two_people_mean_four_eyes() -> None:
    """A leader who is also an officer finishes the appraisal: another leader approves."""
    scene = submitted_scene()
    both = make_person(scene.world.units[0], PostRole.LEADER)
    make_post(both, unit=scene.world.units[0])
    appraise_all(scene, actor=both)
    verdict = ask(rules.can_approve, both, scene.sheets[2])
    assert not verdict
    assert "phải là người khác" in verdict.reason
    assert ask(rules.can_approve, scene.head, scene.sheets[2])


def test_named_secretaries_appraise_but_not_their_own_unit() -> None:
    scene = submitted_scene()
    named = name_secretary(scene, 3)
    assert ask(rules.can_appraise, named, scene.sheets[2])
    assert not ask(rules.can_appraise, named, scene.sheets[3])
    assert not ask(rules.can_appraise, named, scene.sheets[0])
    assert not ask(rules.can_approve, named, scene.sheets[2])


def test_the_head_reads_others_only_after_its_own_sheet_is_in() -> None:
    scene = make_scene()
    submit(scene, 2)
    verdict = ask(rules.can_appraise, scene.secretary, scene.sheets[2])
    assert not verdict
    assert "chưa nộp bảng tự chấm điểm" in verdict.reason
    assert not ask(rules.can_return, scene.head, scene.sheets[2])
    with pytest.raises(Refused):
        start_appraisal(actor=scene.secretary, sheet=scene.sheet(2))
    submit(scene, 0)
    assert ask(rules.can_appraise, scene.secretary, scene.sheets[2])


def test_nothing_is_appraised_after_tabling_but_approval_goes_on() -> None:
    scene = submitted_scene()
    appraise_all(scene)
    scene.world.set_status(YearStatus.MEETING)
    assert "trình hội nghị" in ask(rules.can_appraise, scene.secretary, scene.sheets[2]).reason
    assert not ask(rules.can_return, scene.head, scene.sheets[2])
    assert ask(rules.can_approve, scene.head, scene.sheets[2])
    scene.world.set_status(YearStatus.ADOPTED)
    assert not ask(rules.can_approve, scene.head, scene.sheets[2])


def test_a_post_that_ended_gives_nothing() -> None:
    scene = submitted_scene()
    scene.secretary.posts.update(ends_on="2020-01-01")
    assert not ask(rules.can_appraise, scene.secretary, scene.sheets[2])


# ---------------------------------------------------------------- cross-check


def test_checkers_come_from_other_members_and_never_check_their_own() -> None:
    scene = submitted_scene()
    sheet, checker = scene.sheets[2], scene.world.officers[3]
    assert ask(checks.can_assign_cross_check, scene.head, sheet)
    assert ask(checks.can_assign_cross_check, scene.world.deputy_leader, sheet)
    assert not ask(checks.can_assign_cross_check, scene.world.officers[3], sheet)
    assert not ask(checks.can_assign_cross_check, scene.secretary, scene.sheets[0])
    check = assign_cross_check(actor=scene.secretary, sheet=sheet, checker=checker)
    assert ask(checks.can_cross_check, checker, sheet, check)
    assert not ask(checks.can_cross_check, scene.world.officers[1], sheet, check)
    make_post(checker, unit=scene.world.units[2])
    assert "chính đơn vị mình" in ask(checks.can_cross_check, checker, sheet, check).reason


def test_a_checker_who_left_the_bloc_checks_no_more() -> None:
    scene = submitted_scene()
    checker = scene.world.officers[3]
    check = assign_cross_check(actor=scene.secretary, sheet=scene.sheets[2], checker=checker)
    checker.posts.update(ends_on="2020-01-01")
    assert not ask(checks.can_cross_check, checker, scene.sheets[2], check)


# ---------------------------------------------------------------- the literal table


def people(scene: Scene) -> dict[str, User]:
    """One person per role. The sheet asked about is that of unit 2, finished and not approved."""
    world = scene.world
    other = make_scene(2)
    checker = make_person(world.units[3])
    CrossCheck.objects.create(sheet=scene.sheets[2], checker=checker, assigned_by=scene.secretary)
    former = make_person(world.units[2])
    former.posts.update(ends_on="2020-01-01")
    return {
        "other_bloc": other.world.officers[0],
        "own_officer": world.officers[2],
        "own_leader": world.leaders[2],
        "member_officer": world.officers[3],
        "member_leader": world.leaders[3],
        "checker": checker,
        "secretary": scene.secretary,
        "deputy": world.deputy_leader,
        "head": scene.head,
        "former": former,
        "board": world.board_officer,
        "other_board": other.world.board_officer,
        "admin": make_user(is_superuser=True, is_staff=True),
    }


ROLES = (
    *("other_bloc", "own_officer", "own_leader", "member_officer", "member_leader", "checker"),
    *("secretary", "deputy", "head", "former", "board", "other_board", "admin"),
)
TABLE = {
    # a finished sheet of unit 2       obl oof ole mof mle chk sec dep hea for boa obo adm
    ("GET", "appraise"): "404 200 200 404 404 403 200 404 200 404 200 404 404",
    ("POST", "appraise_start"): "404 403 403 404 404 403 409 404 403 404 403 404 404",
    ("POST", "appraise_save"): "404 403 403 404 404 403 302 404 403 404 403 404 404",
    ("POST", "appraise_finish"): "404 403 403 404 404 403 409 404 403 404 403 404 404",
    ("POST", "appraise_reopen"): "404 403 403 404 404 403 302 404 302 404 403 404 404",
    ("POST", "explanation_request"): "404 403 403 404 404 403 200 404 403 404 403 404 404",
    ("GET", "explanations"): "404 200 200 404 404 403 200 404 200 404 200 404 404",
    ("POST", "explanations_send"): "404 403 403 404 404 403 403 404 403 404 403 404 404",
    ("POST", "explanations_close"): "404 403 403 404 404 403 409 404 403 404 403 404 404",
    ("GET", "cross_checks"): "404 200 200 404 404 200 200 200 200 404 200 404 404",
    ("POST", "cross_check_assign"): "404 403 403 404 404 403 200 200 200 404 403 404 404",
    ("GET", "approve"): "404 403 403 404 404 403 403 404 200 404 403 404 404",
    ("POST", "approve"): "404 403 403 404 404 403 403 404 302 404 403 404 404",
    ("GET", "dispute_raise"): "404 200 200 404 404 403 403 404 403 404 403 404 404",
    ("GET", "appraisal_list"): "404 200 200 200 200 200 200 200 200 404 200 404 404",
    ("GET", "summary_xlsx"): "404 403 403 403 403 403 200 200 200 404 200 404 404",
    ("GET", "approve_several"): "404 403 403 403 403 403 403 403 200 404 403 404 404",
    ("POST", "approve_several"): "404 403 403 403 403 403 403 403 302 404 403 404 404",
}
OF_YEAR = {"appraisal_list", "summary_xlsx", "approve_several"}


@pytest.mark.parametrize("method_name", TABLE, ids=" ".join)
def test_the_literal_table(client: Client, method_name: tuple[str, str]) -> None:
    scene = submitted_scene()
    appraise_all(scene)
    method, name = method_name
    expected = dict(zip(ROLES, map(int, TABLE[method_name].split()), strict=True))
    who = people(scene)
    got = {}
    for role in ROLES:
        sheet = scene.sheet()
        if sheet.status != "appraised":
            if sheet.status != "approved":
                appraise_all(scene)
            else:
                got_back(scene)
        client.force_login(who[role])
        pk = scene.world.bloc_year.pk if name in OF_YEAR else sheet.pk
        data = {"reason": "Đã rõ", "sheet": str(sheet.pk)} if name in OF_YEAR else {"reason": "Rõ"}
        got[role] = getattr(client, method.lower())(reverse(name, args=[pk]), data).status_code
    assert got == expected


def got_back(scene: Scene) -> None:
    """Put an approved sheet back to finished."""
    reopen_appraisal(actor=scene.secretary, sheet=scene.sheet(), reason="Kiểm thử")
    appraise_all(scene)


def test_anonymous_people_log_in_first(client: Client) -> None:
    scene = submitted_scene()
    for method, name in TABLE:
        pk = scene.world.bloc_year.pk if name in OF_YEAR else scene.sheets[2].pk
        response = getattr(client, method.lower())(reverse(name, args=[pk]))
        assert response.status_code == 302
        assert "/dang-nhap/" in response.url


def test_an_approver_of_the_past_sees_the_note_that_one_did_both(client: Client) -> None:
    scene = submitted_scene()
    scene.world.deputy_officer.posts.update(ends_on="2020-01-01")
    only = scene.world.deputy_leader
    appraise_all(scene, (0,), actor=only)
    approve_all(scene, (0,))
    client.force_login(scene.world.board_officer)
    page = client.get(reverse("appraise", args=[scene.sheets[0].pk])).content.decode()
    assert rules.ONE_DOES_BOTH in page
