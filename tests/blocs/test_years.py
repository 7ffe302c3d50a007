"""Blocs and their years: founding, copying, settings, the list, the pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import BlocKind, DeadlineKind, IssuingStyle, TermKind, YearStatus
from blocs.models import Bloc, BlocYear, BlocYearTransition, Deadline, HeadTerm
from blocs.selectors.deadlines import moved_by_years
from blocs.services.steps import YEAR_WORKFLOW
from blocs.services.years import (
    copy_bloc_year,
    create_bloc,
    create_bloc_year,
    edit_bloc_year,
)
from blocs.views.stages import STAGES, stages_of
from emulation.access import Conflict, Refused
from tests.blocs.builders import make_deadline, make_meeting, name_to_secretariat
from tests.factories import (
    BlocFactory,
    BoardFactory,
    UnitFactory,
    make_bloc_year,
    make_board_officer,
    make_membership,
    make_person,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db


def elect(world, unit, year=None, kind=TermKind.HEAD):
    return HeadTerm.objects.create(
        bloc=world.bloc, year=year or world.bloc_year.year + 1, unit=unit, kind=kind
    )


def test_a_bloc_and_its_first_year():
    board = BoardFactory()
    officer = make_board_officer(board)
    bloc = create_bloc(actor=officer, board=board, name="Khối  số 1", kind=BlocKind.BLOC)
    year = create_bloc_year(
        actor=officer,
        bloc=bloc,
        year=2026,
        name="Khối số 1",
        issuing_style=IssuingStyle.PARTY,
        declared_count=12,
    )
    assert (bloc.name, year.status, year.board) == ("Khối số 1", YearStatus.DRAFT, board)
    row = BlocYearTransition.objects.get(bloc_year=year)
    assert (row.from_status, row.to_status, row.actor) == ("", "draft", officer)
    assert board.name in row.acting_as
    with pytest.raises(Conflict):
        create_bloc_year(
            actor=officer, bloc=bloc, year=2026, name="Khối số 1", issuing_style=IssuingStyle.PARTY
        )
    assert BlocYear.objects.count() == 1


def test_two_blocs_may_share_a_name():
    board = BoardFactory()
    officer = make_board_officer(board)
    for _ in range(2):
        create_bloc(actor=officer, board=board, name="Khối số 1", kind=BlocKind.BLOC)
    assert Bloc.objects.filter(name="Khối số 1").count() == 2


def test_who_creates_the_next_year():
    world = make_world(4)
    elected, deputy = UnitFactory(board=world.board), UnitFactory(board=world.board)
    elect(world, elected)
    elect(world, deputy, kind=TermKind.DEPUTY)
    allowed = {world.board_officer, make_person(elected), make_person(elected, "leader")}
    refused = {
        world.head_leader,
        world.officers[2],
        make_person(deputy),
        make_board_officer(BoardFactory()),
        make_user(is_superuser=True),
    }
    values = {"bloc": world.bloc, "name": "Khối", "issuing_style": IssuingStyle.STATE}
    for actor in refused:
        with pytest.raises(Refused):
            create_bloc_year(actor=actor, year=2027, **values)
    for actor in allowed:
        year = create_bloc_year(actor=actor, year=2027, **values)
        BlocYearTransition.objects.filter(bloc_year=year)._raw_delete("default")
        year.delete()


def test_the_elected_head_creates_that_year_only():
    world = make_world()
    elected = make_person(UnitFactory(board=world.board))
    elect(world, elected.posts.get().unit)
    with pytest.raises(Refused):
        create_bloc_year(
            actor=elected,
            bloc=world.bloc,
            year=2028,
            name="Khối",
            issuing_style=IssuingStyle.STATE,
        )


@pytest.mark.parametrize("values", [{"year": 1900}, {"name": ""}, {"name": "x" * 301}])
def test_a_wrong_year_is_refused(values):
    world = make_world()
    with pytest.raises(ValidationError):
        create_bloc_year(
            actor=world.board_officer,
            bloc=world.bloc,
            **{"year": 2030, "name": "Khối", "issuing_style": IssuingStyle.STATE, **values},
        )


# ---------------------------------------------------------------- copying


def copied(world, actor=None, units=None, year=2027, **values) -> BlocYear:
    return copy_bloc_year(
        actor=actor or world.board_officer,
        source=world.bloc_year,
        year=year,
        name="Khối năm mới",
        unit_ids=[unit.pk for unit in (world.units if units is None else units)],
        **values,
    )


def test_copying_takes_what_is_listed_and_nothing_else():
    world = make_world(4, status=YearStatus.CLOSED, is_example=True, declared_count=12)
    world.bloc_year.quorum_percent = Decimal("75.00")
    world.bloc_year.appeal_days = 20
    world.bloc_year.issuing_style = IssuingStyle.PARTY
    world.bloc_year.save()
    make_deadline(world, dt.date(2024, 2, 29), DeadlineKind.REGISTRATION)
    make_deadline(world, dt.date(2026, 12, 20))
    make_meeting(world)
    name_to_secretariat(world, world.officers[2])
    year = copied(world, units=world.units[:3], declared_count=3)
    assert (year.status, year.year, year.name) == (YearStatus.DRAFT, 2027, "Khối năm mới")
    assert (year.issuing_style, year.quorum_percent, year.appeal_days) == (
        IssuingStyle.PARTY,
        Decimal("75.00"),
        20,
    )
    assert year.is_example
    assert year.declared_count == 3
    assert set(year.memberships.values_list("unit_id", flat=True)) == {
        unit.pk for unit in world.units[:3]
    }
    assert dict(year.deadlines.values_list("kind", "due_on")) == {
        DeadlineKind.REGISTRATION: dt.date(2025, 2, 28),
        DeadlineKind.SELF_SCORE: dt.date(2027, 12, 20),
    }
    assert not year.meetings.exists()
    assert not year.secretariat.exists()
    assert not HeadTerm.objects.filter(bloc=world.bloc, year=2027).exists()
    assert year.published_at is None
    assert BlocYearTransition.objects.filter(bloc_year=year).count() == 1


def test_a_year_is_copied_from_any_earlier_one_with_other_members():
    world = make_world(3, year=2018)
    make_bloc_year(world.bloc, year=2020)
    added = UnitFactory(board=world.board)
    year = copied(world, units=[world.units[0], added], year=2023)
    assert set(year.memberships.values_list("unit_id", flat=True)) == {
        world.units[0].pk,
        added.pk,
    }


def test_members_are_copied_under_the_name_of_the_new_year():
    world = make_world(3)
    world.units[1].name = "Tên hôm nay"
    world.units[1].save()
    world.units[1].names.update(name="Tên hôm nay")
    year = copied(world)
    assert year.memberships.get(unit=world.units[1]).unit_name == "Tên hôm nay"


def test_the_scored_period_of_school_year_units_moves_along():
    world = make_world(2)
    row = world.memberships[0]
    row.scored_from, row.scored_to = dt.date(2025, 9, 1), dt.date(2026, 8, 31)
    row.save()
    new = copied(world).memberships.get(unit=world.units[0])
    assert (new.scored_from, new.scored_to) == (dt.date(2026, 9, 1), dt.date(2027, 8, 31))


def test_units_of_other_boards_and_dissolved_ones_are_not_copied():
    world = make_world(3)
    with pytest.raises(ValidationError):
        copied(world, units=[world.units[0], UnitFactory()])
    world.units[2].ended_on = dt.date(2026, 1, 1)
    world.units[2].save()
    with pytest.raises(ValidationError):
        copied(world)
    assert BlocYear.objects.count() == 1


def test_a_unit_ranked_elsewhere_is_named():
    world = make_world(2)
    other = make_bloc_year(BlocFactory(board=world.board, name="Khối khác"), year=2027)
    make_membership(other, world.units[1])
    with pytest.raises(ValidationError) as refused:
        copied(world)
    assert "Khối khác, năm 2027" in str(refused.value)
    assert not BlocYear.objects.filter(bloc=world.bloc, year=2027).exists()


def test_an_earlier_or_existing_year_is_refused():
    world = make_world()
    with pytest.raises(ValidationError):
        copied(world, year=2026)
    copied(world)
    with pytest.raises(Conflict):
        copied(world)


def test_29_february_moves_to_the_28th():
    assert moved_by_years(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert moved_by_years(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)


# ---------------------------------------------------------------- settings


def edited(world, actor, **values) -> BlocYear:
    fields = {
        "name": "Tên mới",
        "declared_count": 12,
        "issuing_style": IssuingStyle.PARTY,
        "quorum_percent": Decimal(50),
        "appeal_days": 10,
        "min_members": 4,
        "min_member_months": None,
        "note": "",
    }
    return edit_bloc_year(actor=actor, bloc_year=world.bloc_year, **{**fields, **values})


def test_settings_are_edited_until_the_table_is_tabled():
    world = make_world(status=YearStatus.APPRAISING)
    assert edited(world, world.secretary).declared_count == 12
    with pytest.raises(Refused):
        edited(world, world.officers[2])
    with pytest.raises(ValidationError):
        edited(world, world.secretary, quorum_percent=Decimal(0))
    world.set_status(YearStatus.MEETING)
    with pytest.raises(Refused):
        edited(world, world.board_officer)


def test_the_edit_page_reads_7_5_and_refuses_minus(as_user):
    world = make_world(3)
    values = {
        "name": "Khối",
        "declared_count": "12",
        "issuing_style": "state",
        "quorum_percent": "7,5",
        "appeal_days": "15",
        "note": "=1+1",
    }
    url = f"/nam/{world.bloc_year.pk}/sua/"
    client = as_user(world.secretary)
    assert client.post(url, values).status_code == 302
    world.bloc_year.refresh_from_db()
    assert world.bloc_year.quorum_percent == Decimal("7.50")
    for wrong in (
        {"quorum_percent": "-1"},
        {"declared_count": "-1"},
        {"note": "x" * 10_000},
        {"name": ""},
        {"appeal_days": "7,5"},
    ):
        response = client.post(url, {**values, **wrong})
        assert response.status_code == 200
        assert "chỗ cần sửa" in response.content.decode()


# ---------------------------------------------------------------- the list


def test_the_list_shows_own_years_only_and_is_filtered(as_user):
    board = BoardFactory()
    officer = make_board_officer(board)
    for n in range(30):
        make_bloc_year(BlocFactory(board=board, name=f"Khối số {n:02}"), year=2020 + n % 3)
    special = make_bloc_year(
        BlocFactory(board=board, name="Cụm Đồng bằng"), year=2026, status=YearStatus.RUNNING
    )
    make_bloc_year(BlocFactory(name="Khối tỉnh khác"))
    client = as_user(officer)
    page = client.get("/khoi/").content.decode()
    assert "Trang 1/2" in page
    assert "Khối tỉnh khác" not in client.get("/khoi/?q=tinh").content.decode()
    assert special.name in client.get("/khoi/?q=dong+bang").content.decode()
    running = client.get("/khoi/?buoc=running").content.decode()
    assert special.name in running
    assert "Khối số 01" not in running
    assert special.name not in client.get("/khoi/?nam=2021").content.decode()
    assert client.get("/khoi/?nam=x&buoc=<b>&page=99").status_code == 200


def test_the_list_shows_the_head_and_the_mismatch(as_user):
    world = make_world(3, declared_count=12)
    page = as_user(world.officers[2]).get("/khoi/").content.decode()
    assert world.units[0].name in page
    assert "văn bản ghi 12" in page
    assert "Lập khối mới" not in page


def test_blocs_without_a_head_are_found(as_user):
    world = make_world(3)
    bare = make_bloc_year(BlocFactory(board=world.board, name="Khối chưa có đầu"))
    page = as_user(world.board_officer).get("/khoi/?truong-khoi=chua-co").content.decode()
    assert bare.name in page
    assert world.bloc_year.name + "</a>" not in page


def test_a_bloc_is_founded_on_the_page(as_user):
    board = BoardFactory()
    values = {
        "board": board.pk,
        "name": "Khối thi đua số 9",
        "kind": "cluster",
        "year": "2026",
        "issuing_style": "state",
        "declared_count": "",
        "note": "",
    }
    client = as_user(make_board_officer(board))
    assert client.post("/khoi/lap-moi/", {**values, "year": "0"}).status_code == 200
    assert not Bloc.objects.exists()
    response = client.post("/khoi/lap-moi/", values)
    year = BlocYear.objects.get()
    assert response.url == f"/nam/{year.pk}/don-vi/them/"
    assert year.bloc.kind == BlocKind.CLUSTER


# ---------------------------------------------------------------- lập năm mới


def test_the_copy_page_lists_what_is_copied_and_what_is_not(as_user):
    world = make_world(3, declared_count=12)
    make_deadline(world, dt.date(2026, 12, 20))
    UnitFactory(board=world.board, name="Đơn vị ngoài khối")
    page = as_user(world.board_officer).get(f"/khoi/{world.bloc.pk}/nam-moi/").content.decode()
    for words in (
        "20/12/2026 → 20/12/2027",
        "văn bản ghi 12 đơn vị; số năm mới cần ghi lại",
        "Không sao chép",
        "chữ ký",
        "Đơn vị ngoài khối",
    ):
        assert words in page
    assert page.count("checked") == 3


def test_the_new_year_is_confirmed_with_changed_members(as_user):
    world = make_world(3)
    added = UnitFactory(board=world.board)
    url = f"/khoi/{world.bloc.pk}/nam-moi/?nguon={world.bloc_year.pk}"
    values = {
        "year": "2027",
        "name": "Khối mới",
        "declared_count": "",
        "note": "",
        "unit_ids": [world.units[0].pk, added.pk],
    }
    client = as_user(world.board_officer)
    assert client.post(url, {**values, "unit_ids": []}).status_code == 200
    again = client.post(url, {**values, "name": ""}).content.decode()
    assert again.count("checked") == 2
    response = client.post(url, values)
    year = BlocYear.objects.get(year=2027)
    assert response.url == f"/nam/{year.pk}/"
    assert set(year.memberships.values_list("unit_id", flat=True)) == {
        world.units[0].pk,
        added.pk,
    }
    assert client.post(url, values).status_code == 409


def test_the_elected_head_opens_the_copy_page_and_a_member_does_not(as_user):
    world = make_world(3)
    elect(world, world.units[1])
    url = f"/khoi/{world.bloc.pk}/nam-moi/"
    assert as_user(world.deputy_leader).get(url).status_code == 200
    assert as_user(world.officers[2]).get(url).status_code == 403
    assert as_user(world.board_officer).get(f"{url}?nguon=999999").status_code == 404


def test_a_bloc_without_years_gets_its_first(as_user):
    bloc = BlocFactory()
    officer = make_board_officer(bloc.board)
    client = as_user(officer)
    assert bloc.name in client.get("/khoi/").content.decode()
    assert client.get(f"/khoi/{bloc.pk}/").status_code == 200
    url = f"/khoi/{bloc.pk}/nam-moi/"
    assert client.get(url).status_code == 200
    values = {"year": "2026", "name": "Khối", "issuing_style": "state", "declared_count": "5"}
    assert client.post(url, values).status_code == 302
    assert BlocYear.objects.get().declared_count == 5


# ---------------------------------------------------------------- the bloc-year page


def page_of(client, world) -> str:
    response = client.get(f"/nam/{world.bloc_year.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_mismatch_is_shown_and_never_repaired(as_user):
    world = make_world(3, declared_count=12)
    page = page_of(as_user(world.officers[2]), world)
    assert "Văn bản ghi 12 đơn vị, danh sách có 3 đơn vị" in page
    world.bloc_year.refresh_from_db()
    assert world.bloc_year.declared_count == 12
    assert world.bloc_year.memberships.count() == 3


def test_a_bloc_without_stand_in_says_so(as_user):
    world = make_world(3, deputy=False)
    sentence = (
        "Khối chưa có Phó Trưởng khối. Đề nghị Thường trực Hội đồng phân công đơn vị thẩm định "
        "bảng chấm điểm của Trưởng khối."
    )
    assert sentence in page_of(as_user(world.officers[2]), world)


def test_with_a_deputy_the_sentence_is_gone(as_user):
    world = make_world(3)
    assert "Khối chưa có Phó Trưởng khối" not in page_of(as_user(world.officers[2]), world)


def test_the_head_sees_a_working_button_and_a_member_its_reason(as_user):
    world = make_world(3, status=YearStatus.SIGNING)
    assert 'value="start_running"' in page_of(as_user(world.head_leader), world)
    page = page_of(as_user(world.officers[2]), world)
    assert 'value="start_running"' not in page
    assert "Việc này do lãnh đạo đơn vị Trưởng khối thực hiện." in page


def test_blockers_are_shown_to_every_member(as_user):
    world = make_world(3, status=YearStatus.RUNNING)
    page = page_of(as_user(world.officers[2]), world)
    assert "Chưa đặt hạn nộp bảng tự chấm điểm." in page


def test_a_step_is_taken_on_the_page_and_the_history_shows_it(as_user):
    world = make_world(3, status=YearStatus.CONSULTING)
    client = as_user(world.head_leader)
    url = f"/nam/{world.bloc_year.pk}/chuyen-buoc/"
    response = client.post(url, {"transition": "open_signing"}, follow=True)
    page = response.content.decode()
    assert "Đã mở ký giao ước." in page
    assert f"Trưởng khối – {world.units[0].name}" in page
    assert client.post(url, {"transition": "open_signing"}).status_code == 409


def test_a_missing_reason_is_asked_for_and_a_given_one_kept(as_user):
    world = make_world(3, status=YearStatus.SIGNING)
    client = as_user(world.head_leader)
    url = f"/nam/{world.bloc_year.pk}/chuyen-buoc/"
    response = client.post(url, {"transition": "back_to_consulting", "reason": " "})
    assert response.status_code == 200
    assert "Đề nghị ghi lý do" in response.content.decode()
    long = client.post(url, {"transition": "back_to_consulting", "reason": "x" * 10_000})
    assert long.status_code == 200
    assert "tối đa 2000 ký tự" in long.content.decode()
    values = {"transition": "back_to_consulting", "reason": "<script>=1+1"}
    assert client.post(url, values).status_code == 302
    page = page_of(client, world)
    assert "&lt;script&gt;=1+1" in page


def test_wrong_steps_over_http(as_user):
    world = make_world(3, status=YearStatus.SIGNING)
    url = f"/nam/{world.bloc_year.pk}/chuyen-buoc/"
    assert as_user(world.officers[2]).post(url, {"transition": "start_running"}).status_code == 403
    assert as_user(world.head_leader).post(url, {"transition": "bịa"}).status_code == 404
    assert as_user(make_user()).post(url, {"transition": "start_running"}).status_code == 404
    assert as_user(world.head_leader).get(url).status_code == 405
    world.bloc_year.refresh_from_db()
    assert world.bloc_year.status == YearStatus.SIGNING


# ---------------------------------------------------------------- the stepper


def states(world, user) -> list[str]:
    offers = YEAR_WORKFLOW.offers(user, world.bloc_year)
    forward = offers[0] if offers else None
    return [stage.state for stage in stages_of(world.bloc_year, forward)]


def test_every_step_stands_in_one_stage():
    placed = [status for _, statuses, _ in STAGES for status in statuses]
    assert placed == list(YearStatus)


def test_the_stepper_shows_done_current_blocked_later():
    world = make_world(3, status=YearStatus.RUNNING)
    assert states(world, world.head_leader) == [
        "done", "done", "current", "blocked", "later", "later", "later", "later",
    ]  # fmt: skip
    make_deadline(world, dt.date(2026, 12, 20))
    assert states(world, world.head_leader)[3] == "later"
    world.set_status(YearStatus.CLOSED)
    assert set(states(world, world.head_leader)) == {"done"}


def test_later_stages_carry_their_deadline():
    world = make_world(3, status=YearStatus.RUNNING)
    make_deadline(world, dt.date(2026, 12, 20))
    stage = stages_of(world.bloc_year, None)[3]
    assert (stage.label, stage.when) == ("Tự chấm điểm", "hạn 20/12/2026")
    assert Deadline.objects.count() == 1
