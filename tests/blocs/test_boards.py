"""An empty installation becomes a province: the board, its page, its people's first checklist."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import PostRole, TermKind, YearStatus
from blocs.models import BlocYear, Board, BoardName, Invitation, Membership, Post, StructureChange
from blocs.selectors.blockers import own_blockers
from blocs.selectors.boards import board_counts
from blocs.selectors.checklist import BoardFacts as Facts
from blocs.selectors.checklist import facts_of, first_missing, items_of
from blocs.services.boards import BoardFacts, edit_board, found_board
from blocs.services.members import add_members
from blocs.services.people import NewPerson
from blocs.services.steps import YEAR_WORKFLOW
from emulation.access import Refused
from emulation.models import User
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
    set_term,
)

pytestmark = pytest.mark.django_db

FOUNDING = {
    "name": "Tỉnh Thái Bình",
    "council_name": "Hội đồng Thi đua - Khen thưởng tỉnh Thái Bình",
    "office_name": "Sở Nội vụ",
    "full_name": "Nguyễn Thị Hòa",
}
FACTS = BoardFacts("Tỉnh Thái Bình", "Hội đồng Thi đua - Khen thưởng", "Sở Nội vụ")


@pytest.fixture
def admin() -> User:
    return make_user(is_superuser=True, is_staff=True)


def open_page(client, user, url, **data):
    client.force_login(user)
    return client.post(url, data) if data else client.get(url)


# ---------------------------------------------------------------- founding


def test_the_board_and_its_first_officer_are_founded_together(client, admin):
    response = open_page(client, admin, "/hoi-dong/lap/", **FOUNDING)
    board = Board.objects.get()
    post = Post.objects.get(board=board)
    assert (post.role, post.user.username) == (PostRole.BOARD_OFFICER, "nguyen.thi.hoa")
    assert not post.user.has_usable_password()
    assert BoardName.objects.get(board=board).council_name == FOUNDING["council_name"]
    assert Invitation.objects.get(user=post.user).used_at is None
    page = response.content.decode()
    assert "Mã mời" in page
    assert "/loi-moi/" in page
    assert response["Cache-Control"] == "no-store, private"


def test_with_a_name_that_is_taken_nothing_is_founded(client, admin):
    make_user(username="hoa")
    response = open_page(client, admin, "/hoi-dong/lap/", **FOUNDING, username="hoa")
    assert "đã có người dùng" in response.content.decode()
    assert not Board.objects.exists()


def test_one_province_is_founded_once(admin):
    found_board(actor=admin, facts=FACTS, officer=NewPerson("Nguyễn Thị Hòa"))
    again = BoardFacts("tỉnh  thái bình", "Hội đồng", "Sở Nội vụ")
    with pytest.raises(ValidationError, match="Đã có Hội đồng của “Tỉnh Thái Bình”"):
        found_board(actor=admin, facts=again, officer=NewPerson("Trần Văn Ba"))
    assert User.objects.filter(full_name="Trần Văn Ba").count() == 0


def test_only_the_administrator_founds_a_board(client):
    officer = make_board_officer(BoardFactory())
    with pytest.raises(Refused):
        found_board(actor=officer, facts=FACTS, officer=NewPerson("Nguyễn Thị Hòa"))
    assert open_page(client, officer, "/hoi-dong/lap/").status_code == 403


# ---------------------------------------------------------------- the administrator's home


def test_an_administrator_without_a_board_has_one_primary_action(client, admin):
    page = open_page(client, admin, "/").content.decode()
    assert page.count("btn-primary") == 1
    assert 'href="/hoi-dong/lap/"' in page
    assert "/hoi-dong/hop-nhat/" not in page


def test_the_administrators_home_counts_and_names_no_bloc(client, admin):
    world, other = make_world(), make_world()
    page = open_page(client, admin, "/").content.decode()
    assert f'href="/ban/{world.board.pk}/"' in page
    assert "/hoi-dong/hop-nhat/" in page
    assert world.bloc.name not in page
    count = board_counts([world.board, other.board])[0]
    assert (count.units, count.blocs, count.people, count.officers) == (3, 1, 7, 1)
    assert count.absent == 7
    assert count.is_new


def test_who_has_come_in_is_counted_once(admin):
    world = make_world()
    client_user = world.board_officer
    client_user.last_login = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    client_user.save()
    count = board_counts([world.board])[0]
    assert (count.absent, count.absent_officers, count.is_new) == (6, 0, False)


# ---------------------------------------------------------------- the board's page


def test_the_boards_page_is_its_officers_and_the_administrators(client, admin):
    world, other = make_world(), make_world()
    url = f"/ban/{world.board.pk}/"
    assert open_page(client, world.board_officer, url).status_code == 200
    assert open_page(client, admin, url).status_code == 200
    assert open_page(client, world.officers[0], url).status_code == 403
    assert open_page(client, other.board_officer, url).status_code == 404
    assert open_page(client, other.officers[0], url).status_code == 404


def test_officers_edit_everything_but_the_provinces_name(client, admin):
    world = make_world()
    board, officer = world.board, world.board_officer
    url = f"/ban/{board.pk}/sua/"
    assert 'name="name"' not in open_page(client, officer, url).content.decode()
    open_page(
        client, officer, url, council_name="Hội đồng mới", office_name="Sở Nội vụ",
        phone="0227 123456", name="Tỉnh Khác",
    )  # fmt: skip
    board.refresh_from_db()
    assert (board.council_name, board.phone) == ("Hội đồng mới", "0227 123456")
    assert board.name != "Tỉnh Khác"
    facts = BoardFacts("Tỉnh Khác", board.council_name, board.office_name, board.phone)
    with pytest.raises(Refused):
        edit_board(actor=officer, board=board, facts=facts)


def test_the_administrator_changes_the_provinces_name_only(client, admin):
    board = make_world().board
    page = open_page(client, admin, f"/ban/{board.pk}/sua/").content.decode()
    assert 'name="council_name"' not in page
    response = open_page(client, admin, f"/ban/{board.pk}/sua/", name="Thành phố Huế")
    assert response.status_code == 302
    board.refresh_from_db()
    assert (board.name, board.place) == ("Thành phố Huế", "thành phố Huế")
    facts = BoardFacts(board.name, "Hội đồng của quản trị", board.office_name)
    with pytest.raises(Refused):
        edit_board(actor=admin, board=board, facts=facts)


def test_a_name_does_not_begin_in_the_future_nor_before_the_present_one():
    world = make_world()
    facts = BoardFacts(world.board.name, "Hội đồng mới", world.board.office_name)

    def rename(day: dt.date) -> None:
        edit_board(actor=world.board_officer, board=world.board, facts=facts, from_day=day)

    with pytest.raises(ValidationError, match="không được sau ngày hôm nay"):
        rename(dt.date(2199, 1, 1))
    BoardName.objects.create(
        board=world.board, name="A", council_name="B", starts_on=dt.date(2020, 5, 1)
    )
    with pytest.raises(ValidationError, match="01/05/2020"):
        rename(dt.date(2020, 5, 1))


def test_the_record_pages_changes_and_hides_blocs_from_the_administrator(client, admin):
    world = make_world()
    for number in range(30):
        StructureChange.objects.create(
            board=world.board,
            kind="bloc_renamed",
            title=f"Đổi tên khối lần {number}",
            effective_on=dt.date(2026, 1, 1),
            reason="Theo quyết định",
            effects=["Khối: đổi tên"],
            actor=world.board_officer,
            acting_as="Ban",
        )
    url = f"/ban/{world.board.pk}/thay-doi/"
    page = open_page(client, world.board_officer, url).content.decode()
    assert "Đổi tên khối lần 29" in page
    assert "Đổi tên khối lần 0<" not in page
    assert "Đổi tên khối" not in open_page(client, admin, url).content.decode()


# ---------------------------------------------------------------- merging, by hand


def merging(former: Board, heir: Board, **more: str) -> dict[str, object]:
    return {
        "formers": [former.pk],
        "heir": heir.pk,
        "day": "01/07/2025",
        "basis": "Nghị quyết 202/2025/QH15",
        "reason": "Hợp nhất tỉnh",
        **more,
    }


def test_boards_are_merged_after_the_effects_were_read(client, admin):
    world, heir = make_world(status=YearStatus.RUNNING), make_world()
    form = merging(world.board, heir.board)
    review = open_page(client, admin, "/hoi-dong/hop-nhat/", **form)
    page = review.content.decode()
    assert "3 đơn vị đang hoạt động chuyển sang" in page
    assert Board.objects.filter(ended_on=None).count() == 2
    seen = review.context["plan"].fingerprint
    done = open_page(client, admin, "/hoi-dong/hop-nhat/", **form, seen=seen)
    assert done.url == f"/ban/{heir.board.pk}/"
    world.board.refresh_from_db()
    assert world.board.heir == heir.board
    page = open_page(client, heir.board_officer, f"/ban/{world.board.pk}/").content.decode()
    assert "đã hợp nhất" in page
    assert "Sửa thông tin Hội đồng" not in page


def test_with_one_board_there_is_nothing_to_merge(client, admin):
    BoardFactory()
    page = open_page(client, admin, "/hoi-dong/hop-nhat/").content.decode()
    assert "Cần ít nhất hai Hội đồng" in page


def test_officers_do_not_learn_of_other_boards(client):
    world = make_world()
    make_world()
    assert open_page(client, world.board_officer, "/hoi-dong/hop-nhat/").status_code == 403


# ---------------------------------------------------------------- the checklist


def states(facts: Facts) -> list[str]:
    return [item.state for item in items_of(facts)]


def test_a_new_board_is_asked_for_units_first():
    items = items_of(Facts())
    following = first_missing(items)
    assert following
    assert following.title == "Danh sách đơn vị"
    assert "0 đơn vị" in following.detail
    assert states(Facts()) == ["còn thiếu", *["làm sau"] * 2, "còn thiếu", *["làm sau"] * 3]


def test_few_units_are_named_and_many_counted():
    few = Facts(units=3, without_leader=((1, "Sở Y tế"),))
    many = Facts(units=9, without_leader=tuple((n, f"Sở {n}") for n in range(5)))
    assert items_of(few)[1].detail == "Sở Y tế chưa có lãnh đạo."
    assert items_of(few)[1].url.endswith("/don-vi/1/")
    assert items_of(many)[1].detail == "5 đơn vị chưa có lãnh đạo."


def test_people_who_were_invited_keep_nobody_waiting():
    facts = Facts(units=2, people=4, absent=3)
    assert items_of(facts)[2].state == "đang chờ"
    assert items_of(Facts(units=2, people=4, absent=3, uninvited=1))[2].state == "còn thiếu"
    assert items_of(Facts(units=2, people=4))[2].state == "xong"


def test_a_count_that_differs_from_the_paper_is_said():
    facts = Facts(units=12, people=1, bloc_year=(1, "Khối"), members=11, declared=12)
    item = items_of(facts)[4]
    assert item.detail == "Văn bản ghi 12 đơn vị, danh sách có 11 đơn vị."
    assert item.waiting


def test_everything_done_leaves_nothing_to_do():
    facts = Facts(
        units=2, people=4, bloc_year=(1, "Khối"), members=2, head="Sở Nội vụ", has_stand_in=True
    )
    assert set(states(facts)) == {"xong"}
    assert first_missing(items_of(facts)) is None


def test_the_checklist_agrees_with_what_blocks_the_first_step():
    board = BoardFactory()
    bloc_year = make_bloc_year(BlocFactory(board=board))
    consult = YEAR_WORKFLOW.named("consult")

    def blocked() -> bool:
        return any(blocker.hard for blocker in own_blockers(bloc_year, consult))

    def asks() -> bool:
        facts = facts_of(board)
        assert facts
        return any(item.is_missing for item in items_of(facts)[4:6])

    assert blocked()
    assert asks()
    for _ in range(2):
        unit = UnitFactory(board=board)
        make_membership(bloc_year, unit)
    assert blocked()
    assert asks()
    set_term(bloc_year, unit, TermKind.HEAD)
    assert not blocked()
    assert not asks()


def test_the_checklist_goes_once_a_bloc_has_started(client):
    world = make_world(status=YearStatus.DRAFT)
    page = open_page(client, world.board_officer, "/").content.decode()
    assert "Chuẩn bị để khối đầu tiên bắt đầu" in page
    world.set_status(YearStatus.CONSULTING)
    page = open_page(client, world.board_officer, "/").content.decode()
    assert "Chuẩn bị để khối đầu tiên bắt đầu" not in page


def test_the_first_missing_thing_is_the_primary_action(client):
    board = BoardFactory()
    officer = make_board_officer(board)
    page = open_page(client, officer, "/").content.decode()
    assert page.count("btn-primary") == 1
    assert 'class="btn btn-primary" href="/don-vi/them/"' in page
    for _ in range(2):
        unit = UnitFactory(board=board)
        make_person(unit, PostRole.LEADER)
        make_person(unit)
    page = open_page(client, officer, "/").content.decode()
    assert 'class="btn btn-primary" href="/don-vi/loi-moi/"' in page


def test_the_facts_cost_the_same_for_a_large_board():
    def cost(members: int) -> int:
        world = make_world(members=members)
        with CaptureQueriesContext(connection) as queries:
            assert facts_of(world.board)
        return len(queries)

    assert cost(2) == cost(12)


# ---------------------------------------------------------------- many members at once


def test_twelve_units_are_added_at_once(client):
    board = BoardFactory()
    officer = make_board_officer(board)
    bloc_year = make_bloc_year(BlocFactory(board=board))
    units = [UnitFactory(board=board) for _ in range(12)]
    response = open_page(
        client,
        officer,
        f"/nam/{bloc_year.pk}/don-vi/them/",
        unit_ids=[unit.pk for unit in units],
        is_ranking="on",
    )
    assert response.status_code == 302
    assert bloc_year.memberships.count() == 12


def test_all_units_are_added_or_none():
    board = BoardFactory()
    officer = make_board_officer(board)
    bloc_year = make_bloc_year(BlocFactory(board=board))
    free, taken = UnitFactory(board=board), UnitFactory(board=board)
    make_membership(make_bloc_year(BlocFactory(board=board)), taken)
    with pytest.raises(ValidationError) as refused:
        add_members(actor=officer, bloc_year=bloc_year, units=[free, taken])
    assert taken.name in str(refused.value)
    assert not Membership.objects.filter(bloc_year=bloc_year).exists()


def test_nothing_ticked_is_said_beside_the_list(client):
    board = BoardFactory()
    officer = make_board_officer(board)
    bloc_year: BlocYear = make_bloc_year(BlocFactory(board=board))
    UnitFactory(board=board)
    page = open_page(client, officer, f"/nam/{bloc_year.pk}/don-vi/them/", note="x")
    assert "Đề nghị đánh dấu ít nhất một đơn vị." in page.content.decode()
