"""Common deadlines of a province: exceptions, what is left alone, whom they make late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import BoardDeadline, Deadline, DeadlineExtension
from blocs.selectors.board_deadlines import board_deadline_history, common_rows
from blocs.selectors.deadlines import deadline_history, due_on
from blocs.services.board_deadlines import plan_board_deadlines, set_board_deadlines
from blocs.services.deadlines import set_deadline
from blocs.services.years import copy_bloc_year, create_bloc_year
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.plans import PlanMoved
from pledges.models import Registration
from tests.factories import (
    BlocFactory,
    UnitFactory,
    make_bloc_year,
    make_board_officer,
    make_membership,
    make_post,
    make_world,
)

pytestmark = pytest.mark.django_db

K = DeadlineKind
KIND = K.SELF_SCORE
PASSED = dt.date(2026, 3, 25)
FAR = dt.date(2026, 12, 20)
LATER = dt.date(2026, 12, 28)


@pytest.fixture
def in_spring():
    with clock.at(dt.datetime(2026, 4, 1, 3, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def world(in_spring):
    return make_world(3, status=YearStatus.RUNNING)


@pytest.fixture
def other(world):
    """A second bloc of the same board and year, with one unit."""
    year = make_bloc_year(BlocFactory(board=world.board, name="Khối B"), status=YearStatus.SIGNING)
    make_membership(year, UnitFactory(board=world.board, name="Sở B"))
    return year


def put(world, day, kind=KIND, actor=None, year=2026, **options):
    return set_board_deadlines(
        actor=actor or world.board_officer,
        board=world.board,
        year=year,
        dates={kind: day},
        **options,
    )


def apart(world, day=LATER, reason="Khối họp muộn", actor=None):
    return set_deadline(
        actor=actor or world.board_officer,
        bloc_year=world.bloc_year,
        kind=KIND,
        due_on=day,
        reason=reason,
    )


def told(plan) -> str:
    return "\n".join(plan.sentences)


# ---------------------------------------------------------------- setting


def test_a_common_day_reaches_every_bloc_and_each_keeps_its_history(world, other):
    set_deadline(actor=world.secretary, bloc_year=world.bloc_year, kind=KIND, due_on=LATER)
    plan = put(world, FAR)
    assert {due_on(each, KIND) for each in (world.bloc_year, other)} == {FAR}
    assert f"Dời ở 1 khối đang có hạn 28/12/2026: {world.bloc.name}." in told(plan)
    assert "Đặt cho 1 khối chưa có hạn này: Khối B." in told(plan)
    newest = deadline_history(world.bloc_year)[0]
    assert (newest.change, newest.who) == (
        "28/12/2026 → 20/12/2026",
        world.board_officer.full_name,
    )
    years = [world.bloc_year, other]
    assert board_deadline_history(world.board, years, 2026)[0].what == "Đặt hạn chung"


def test_other_boards_and_other_years_are_not_touched(world):
    neighbour = make_world(3, status=YearStatus.RUNNING)
    last = make_bloc_year(world.bloc, year=2025, status=YearStatus.RUNNING)
    put(world, FAR)
    assert due_on(neighbour.bloc_year, KIND) is None
    assert due_on(last, KIND) is None
    with pytest.raises(Refused):
        put(world, LATER, actor=neighbour.board_officer)
    for actor in (world.secretary, world.head_leader):
        with pytest.raises(Refused):
            put(world, LATER, actor=actor)


@pytest.mark.parametrize("day", [dt.date(2024, 12, 31), dt.date(2029, 1, 1)])
def test_a_day_far_from_the_year_is_refused_at_its_kind(world, day):
    with pytest.raises(ValidationError) as refused:
        put(world, day)
    assert "quá xa năm 2026" in refused.value.message_dict[KIND][0]
    assert not BoardDeadline.objects.exists()


def test_what_changes_nothing_is_not_recorded(world):
    put(world, FAR)
    with pytest.raises(Conflict) as conflict:
        put(world, FAR)
    assert "không có gì để ghi" in conflict.value.details[0]
    assert BoardDeadline.history.count() == 1


def test_a_plan_that_moved_is_shown_again(world):
    seen = plan_board_deadlines(
        actor=world.board_officer, board=world.board, year=2026, dates={KIND: FAR}
    ).fingerprint
    set_deadline(actor=world.secretary, bloc_year=world.bloc_year, kind=KIND, due_on=LATER)
    with pytest.raises(PlanMoved):
        put(world, FAR, seen=seen)
    assert due_on(world.bloc_year, KIND) == LATER


def test_closed_and_tabled_years_are_passed_over_and_named(world, other):
    world.set_status(YearStatus.MEETING)
    plan = put(world, FAR)
    assert due_on(world.bloc_year, KIND) is None
    assert due_on(other, KIND) == FAR
    assert f"{world.bloc.name} (bước “Hội nghị bình xét”)" in told(plan)
    put(world, FAR, K.DOSSIER)
    assert due_on(world.bloc_year, K.DOSSIER) == FAR


def test_lifting_a_common_day_leaves_the_blocs_theirs(world, other):
    put(world, FAR)
    apart(world)
    plan = put(world, None)
    assert "Bỏ hạn chung 20/12/2026" in told(plan)
    assert not BoardDeadline.objects.exists()
    assert {due_on(world.bloc_year, KIND), due_on(other, KIND)} == {FAR, LATER}
    assert not Deadline.objects.filter(is_exception=True).exists()
    history = board_deadline_history(world.board, [], 2026)
    assert {each.what for each in history} == {"Đặt hạn chung", "Bỏ hạn chung"}
    set_deadline(actor=world.secretary, bloc_year=world.bloc_year, kind=KIND, due_on=FAR)


# ---------------------------------------------------------------- exceptions


def test_the_secretary_asks_the_board_where_the_day_is_common(world):
    put(world, FAR)
    for actor in (world.secretary, world.head_leader):
        with pytest.raises(Refused) as refused:
            apart(world, actor=actor)
        assert "Hạn chung của tỉnh là 20/12/2026" in refused.value.reason
        assert "đặt riêng cho Khối" in refused.value.reason
    set_deadline(actor=world.secretary, bloc_year=world.bloc_year, kind=K.REGISTRATION, due_on=FAR)


def test_an_exception_needs_its_reason_and_stays(world, other):
    put(world, FAR)
    with pytest.raises(ValidationError) as refused:
        apart(world, reason="  ")
    assert "reason" in refused.value.message_dict
    assert apart(world).is_exception
    plan = put(world, dt.date(2026, 12, 22))
    assert f"{world.bloc.name} giữ hạn đặt riêng 28/12/2026: Khối họp muộn." in told(plan)
    assert due_on(world.bloc_year, KIND) == LATER
    assert due_on(other, KIND) == dt.date(2026, 12, 22)
    row = next(
        each
        for each in common_rows(world.board, [world.bloc_year, other], 2026)
        if each.kind == KIND
    )
    assert (row.following, [each.why for each in row.differing]) == (1, ["Khối họp muộn"])


def test_an_exception_ends_at_the_common_day(world):
    put(world, FAR)
    apart(world)
    row = apart(world, day=FAR, reason="")
    assert (row.is_exception, row.exception_reason) == (False, "")
    whats = {each.what for each in deadline_history(world.bloc_year)}
    assert whats == {"Đặt thời hạn", "Đặt riêng cho Khối", "Thôi đặt riêng"}
    apart(world)
    plan = put(world, LATER)
    assert f"Thôi đặt riêng vì trùng hạn chung: {world.bloc.name}." in told(plan)
    assert not Deadline.objects.get(kind=KIND).is_exception


# ---------------------------------------------------------------- lateness


def test_moving_a_passed_day_names_whom_it_waives(world):
    put(world, PASSED, K.REGISTRATION)
    early, tardy, _ = world.memberships
    for membership, day in ((early, 20), (tardy, 30)):
        at = dt.datetime(2026, 3, day, 3, tzinfo=dt.UTC)
        Registration.objects.create(membership=membership, first_sent_at=at)
    plan = put(world, dt.date(2026, 3, 31), K.REGISTRATION)
    waived = next(text for text in plan.sentences if "Trở thành đúng hạn" in text)
    assert tardy.unit_name in waived
    assert early.unit_name not in waived
    back = put(world, dt.date(2026, 3, 15), K.REGISTRATION)
    late = next(text for text in back.sentences if "Trở thành quá hạn" in text)
    assert early.unit_name in late
    assert tardy.unit_name in late
    assert world.memberships[2].unit_name not in late  # late before and after


def test_an_extended_unit_keeps_its_own_day(world):
    put(world, FAR)
    DeadlineExtension.objects.create(
        deadline=Deadline.objects.get(),
        membership=world.memberships[1],
        due_on=dt.date(2026, 12, 23),
        reason="Bão",
        actor=world.board_officer,
        acting_as="Ban",
    )
    plan = put(world, LATER)
    assert due_on(world.bloc_year, KIND, world.memberships[1]) == dt.date(2026, 12, 23)
    kept = next(text for text in plan.sentences if "gia hạn riêng" in text)
    assert world.memberships[1].unit_name in kept


def test_an_officer_of_a_member_is_left_out_of_the_own_bloc_only(world, other):
    put(world, PASSED)
    make_post(world.board_officer, unit=world.units[2])
    plan = put(world, FAR)
    assert due_on(world.bloc_year, KIND) == PASSED
    assert due_on(other, KIND) == FAR
    assert f"Không đổi ở {world.bloc.name}: hạn đã qua" in told(plan)
    colleague = make_board_officer(world.board)
    again = put(world, FAR, actor=colleague)
    assert due_on(world.bloc_year, KIND) == FAR
    assert "Hạn chung 20/12/2026, không đổi." in told(again)


# ---------------------------------------------------------------- new years


def test_new_years_take_the_common_days_and_no_exception(world):
    put(world, FAR)
    apart(world, day=LATER)
    set_deadline(
        actor=world.secretary, bloc_year=world.bloc_year, kind=K.INTERIM_REPORT, due_on=FAR
    )
    put(world, dt.date(2027, 6, 30), K.APPRAISAL, year=2027)
    copied = copy_bloc_year(
        actor=world.board_officer, source=world.bloc_year, year=2027, name="Khối",
        unit_ids=[unit.pk for unit in world.units],
    )  # fmt: skip
    dates = dict(Deadline.objects.filter(bloc_year=copied).values_list("kind", "due_on"))
    assert dates == {K.INTERIM_REPORT: dt.date(2027, 12, 20), K.APPRAISAL: dt.date(2027, 6, 30)}
    fresh = create_bloc_year(
        actor=world.board_officer, bloc=BlocFactory(board=world.board), year=2027, name="Khối mới",
        issuing_style="state",
    )  # fmt: skip
    assert due_on(fresh, K.APPRAISAL) == dt.date(2027, 6, 30)


# ---------------------------------------------------------------- pages


def urls(world, year=2026):
    here = f"/toan-tinh/{world.board.pk}/thoi-han/{year}/"
    return here, f"{here}dat/"


def test_the_guided_page_shows_the_effects_and_writes_on_confirmation(as_user, world, other):
    here, url = urls(world)
    client = as_user(world.board_officer)
    assert "Để trống nếu không đặt chung" in client.get(url).content.decode()
    review = client.post(url, {"self_score": "20.12.2026"})
    page = review.content.decode()
    assert "Đặt cho 2 khối chưa có hạn này" in page
    assert not BoardDeadline.objects.exists()
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert client.post(url, {"self_score": "20.12.2026", "seen": seen}).status_code == 302
    shown = client.get(here).content.decode()
    assert "2/2 khối" in shown
    assert "Đặt hạn chung" in shown


def test_a_wrong_day_keeps_what_was_typed(as_user, world):
    _, url = urls(world)
    response = as_user(world.board_officer).post(
        url, {"self_score": "31/02/2026", "appeal": "20/12/2036"}
    )
    page = response.content.decode()
    assert "chỗ cần sửa" in page
    assert "31/02/2026" in page
    assert "20/12/2036" in page


def test_whose_page_it_is(as_user, world):
    stranger = make_world(3)
    for url in urls(world):
        assert as_user(stranger.board_officer).get(url).status_code == 404
        assert as_user(world.secretary).get(url).status_code == 403
    assert as_user(world.board_officer).get(urls(world, 3000)[0]).status_code == 404


def test_the_bloc_page_offers_an_exception_to_the_board_only(as_user, world):
    put(world, FAR)
    page, edit = (f"/nam/{world.bloc_year.pk}/thoi-han/{end}" for end in ("", "dat/"))
    client = as_user(world.secretary)
    assert "hạn chung của tỉnh" in client.get(page).content.decode()
    assert client.post(edit, {"self_score": "28/12/2026"}).status_code == 302
    assert due_on(world.bloc_year, KIND) == FAR  # the field is closed
    client = as_user(world.board_officer)
    refused = client.post(edit, {"self_score": "28/12/2026"})
    assert "Đề nghị ghi lý do đặt riêng" in refused.content.decode()
    values = {"self_score": "28/12/2026", "reason": "Khối họp muộn <b>"}
    assert client.post(edit, values).status_code == 302
    assert "đặt riêng: Khối họp muộn &lt;b&gt;" in client.get(page).content.decode()
    follow = f"{page}{Deadline.objects.get().pk}/theo-han-chung/"
    assert as_user(world.secretary).post(follow).status_code == 403
    assert as_user(world.board_officer).post(follow).status_code == 302
    assert due_on(world.bloc_year, KIND) == FAR
    assert as_user(world.board_officer).post(f"{page}999/theo-han-chung/").status_code == 404


def test_the_copy_page_says_which_days_are_common(as_user, world):
    put(world, dt.date(2027, 12, 20), year=2027)
    page = as_user(world.board_officer).get(f"/khoi/{world.bloc.pk}/nam-moi/").content.decode()
    assert "20/12/2027, hạn chung của tỉnh" in page
