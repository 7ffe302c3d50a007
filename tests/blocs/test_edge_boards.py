"""Edge case 7: provinces merge. Names are dated, the heir reads what was, nobody else does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs import invariants
from blocs.enums import ChangeKind, DeadlineKind, YearStatus
from blocs.models import (
    BlocYear,
    Board,
    BoardDeadline,
    Deadline,
    Membership,
    Post,
    StructureChange,
    Unit,
    UnitName,
)
from blocs.selectors.board_mergers import Merger
from blocs.selectors.boards import council_in_year, twins_of
from blocs.selectors.standing import posts_today, standing_in
from blocs.selectors.units import people_known_to, units_managed_by
from blocs.selectors.years import bloc_years_visible_to, blocs_visible_to
from blocs.services.board_mergers import merge_boards, plan_merger
from blocs.services.boards import BoardFacts, edit_board
from blocs.services.units import create_unit
from blocs.services.years import copy_bloc_year, create_bloc
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import User
from emulation.plans import PlanMoved
from tests.blocs.builders import make_deadline
from tests.factories import (
    UnitFactory,
    World,
    make_bloc_year,
    make_board_officer,
    make_membership,
    make_person,
    make_post,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 7, 1)
NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def november():
    with clock.at(NOW):
        yield


@pytest.fixture
def admin() -> User:
    return make_user(is_superuser=True, is_staff=True)


def province(name: str, **values: object) -> World:
    """A board of that name with a running year of three units and one closed before."""
    world = make_world(status=YearStatus.RUNNING, **values)
    Board.objects.filter(pk=world.board.pk).update(name=name)
    world.board.refresh_from_db()
    closed = make_bloc_year(world.bloc, year=2025, status=YearStatus.CLOSED)
    for unit in world.units:
        make_membership(closed, unit)
    return world


def merge(admin: User, heir: World, *formers: World, seen: str | None = None) -> Board:
    merger = Merger(tuple(each.board for each in formers), heir.board, DAY, "NQ 202", "Hợp nhất")
    return merge_boards(actor=admin, merger=merger, seen=seen)


def broken() -> list[str]:
    return [found for each in invariants.INVARIANTS if each is not invariants.year_logs
            for found in each()]  # fmt: skip


@pytest.fixture
def former() -> World:
    return province("Tỉnh Thái Bình")


@pytest.fixture
def heir() -> World:
    return province("Tỉnh Hưng Yên")


def test_running_units_blocs_and_open_years_pass_to_the_heir(admin, former, heir):
    merge(admin, heir, former)
    former.board.refresh_from_db()
    assert (former.board.heir, former.board.ended_on) == (heir.board, DAY)
    assert set(Unit.objects.filter(board=heir.board)) == {*former.units, *heir.units}
    assert not Unit.objects.filter(board=former.board).exists()
    boards = dict(BlocYear.objects.values_list("pk", "board_id"))
    former.bloc.refresh_from_db()
    assert former.bloc.board == heir.board
    assert boards[former.bloc_year.pk] == heir.board.pk
    assert broken() == []


def test_closed_years_stay_under_the_old_board(admin, former, heir):
    closed = BlocYear.objects.get(board=former.board, status=YearStatus.CLOSED)
    merge(admin, heir, former)
    closed.refresh_from_db()
    assert closed.board == former.board
    assert council_in_year(closed.board, 2025) == former.board.council_name


def test_the_heirs_officer_reads_the_years_of_before_and_works_in_the_open_ones(
    admin, former, heir
):
    closed = BlocYear.objects.get(board=former.board, status=YearStatus.CLOSED)
    merge(admin, heir, former)
    mine = set(bloc_years_visible_to(heir.board_officer))
    assert {closed, former.bloc_year} <= mine
    assert standing_in(heir.board_officer, closed).is_board
    assert standing_in(heir.board_officer, former.bloc_year).is_board
    assert set(former.units) <= set(units_managed_by(heir.board_officer))
    assert former.bloc in blocs_visible_to(heir.board_officer)


def test_the_former_officers_work_for_the_heir_and_for_nobody_else(admin, former, heir):
    merge(admin, heir, former)
    posts = list(posts_today(former.board_officer))
    assert [post.board for post in posts] == [heir.board]
    old = Post.objects.get(user=former.board_officer, board=former.board)
    assert old.ends_on == DAY - dt.timedelta(days=1)
    assert old.closed_at is not None


def test_an_officer_of_both_boards_gets_no_second_post(admin, former, heir):
    make_post(heir.board_officer, board=former.board)
    merge(admin, heir, former)
    assert [post.board for post in posts_today(heir.board_officer)] == [heir.board]


def test_a_post_of_the_day_itself_closes_at_once(admin, former, heir):
    newcomer = make_user()
    make_post(newcomer, board=former.board, starts_on=clock.today())
    merger = Merger((former.board,), heir.board, clock.today(), "NQ", "Hợp nhất")
    merge_boards(actor=admin, merger=merger)
    assert [post.board for post in posts_today(newcomer)] == [heir.board]


def test_other_boards_still_see_nothing(admin, former, heir):
    stranger = province("Tỉnh Cà Mau")
    merge(admin, heir, former)
    seen = set(bloc_years_visible_to(stranger.board_officer))
    assert seen == set(BlocYear.objects.filter(board=stranger.board))
    assert set(units_managed_by(stranger.board_officer)) == set(stranger.units)
    assert not people_known_to(stranger.board.pk).filter(pk=former.board_officer.pk).exists()


def test_units_of_the_two_boards_see_no_more_blocs_than_before(admin, former, heir):
    before = {
        user.pk: set(bloc_years_visible_to(user).values_list("pk", flat=True))
        for world in (former, heir)
        for user in (*world.leaders, *world.officers)
    }
    merge(admin, heir, former)
    for key, years in before.items():
        user = User.objects.get(pk=key)
        assert set(bloc_years_visible_to(user).values_list("pk", flat=True)) == years


def test_the_administrator_sees_no_bloc_for_having_merged(admin, former, heir):
    merge(admin, heir, former)
    assert not bloc_years_visible_to(admin).exists()


def test_a_unit_whose_name_is_taken_carries_its_province_from_that_day(admin, former, heir):
    theirs = UnitFactory(board=heir.board, name="Sở Tài chính")
    ours = UnitFactory(board=former.board, name="Sở Tài chính")
    draft = make_bloc_year(former.bloc, year=2027, status=YearStatus.DRAFT)
    coming = make_membership(draft, ours)
    present = make_membership(former.bloc_year, ours)
    merge(admin, heir, former)
    ours.refresh_from_db()
    assert ours.name == "Sở Tài chính tỉnh Thái Bình"
    assert list(UnitName.objects.filter(unit=ours).order_by("pk").values_list(
        "name", "starts_on", "ends_on"
    )) == [
        ("Sở Tài chính", None, dt.date(2026, 6, 30)),
        ("Sở Tài chính tỉnh Thái Bình", DAY, None),
    ]  # fmt: skip
    assert Membership.objects.get(pk=coming.pk).unit_name == "Sở Tài chính tỉnh Thái Bình"
    assert Membership.objects.get(pk=present.pk).unit_name == "Sở Tài chính"
    assert twins_of(heir.board) == [(theirs, ours)]
    assert broken() == []


def test_three_units_of_one_name_get_three_names(admin, former, heir):
    third = province("Thành phố Hải Phòng")
    for world in (former, heir, third):
        UnitFactory(board=world.board, name="Sở Y tế")
    merge(admin, heir, former, third)
    names = set(Unit.objects.filter(name__startswith="Sở Y tế").values_list("name", flat=True))
    assert names == {
        "Sở Y tế",
        "Sở Y tế tỉnh Thái Bình",
        "Sở Y tế thành phố Hải Phòng",
    }


def test_a_dissolved_unit_stays_unless_its_year_is_open(admin, former, heir):
    gone = UnitFactory(board=former.board, ended_on=dt.date(2024, 3, 1))
    late = UnitFactory(board=former.board, ended_on=dt.date(2026, 3, 1))
    make_membership(former.bloc_year, late, ends_on=dt.date(2026, 2, 28))
    for unit in (gone, late):
        last = unit.ended_on - dt.timedelta(days=1)
        UnitName.objects.filter(unit=unit).update(ends_on=last)
    merge(admin, heir, former)
    gone.refresh_from_db()
    late.refresh_from_db()
    assert (gone.board, late.board) == (former.board, heir.board)
    assert broken() == []


def test_nothing_is_counted_twice(admin, former, heir):
    members = Membership.objects.count()
    units = Unit.objects.count()
    merge(admin, heir, former)
    assert (Membership.objects.count(), Unit.objects.count()) == (members, units)
    officer = heir.board_officer
    years = [year.pk for year in bloc_years_visible_to(officer)]
    assert len(years) == len(set(years)) == 4


def test_a_board_that_came_after_another_passes_it_on(admin, former, heir):
    third = province("Thành phố Hà Nội")
    merge(admin, heir, former)
    merge(admin, third, heir)
    assert set(third.board.forebears.all()) == {former.board, heir.board}
    closed = BlocYear.objects.get(board=former.board, status=YearStatus.CLOSED)
    assert closed in bloc_years_visible_to(third.board_officer)
    assert broken() == []


def test_a_next_year_copied_from_a_closed_one_stands_under_the_heir(admin, former, heir):
    source = BlocYear.objects.get(board=former.board, status=YearStatus.CLOSED)
    merge(admin, heir, former)
    copied = copy_bloc_year(
        actor=heir.board_officer,
        source=source,
        year=2027,
        name="Khối số 1",
        unit_ids=[former.units[0].pk],
    )
    assert copied.board == heir.board
    assert broken() == []


def test_the_old_board_takes_no_new_units_and_no_new_blocs(admin, former, heir):
    merge(admin, heir, former)
    with pytest.raises(Conflict, match="đã kết thúc từ ngày 01/07/2026"):
        create_unit(
            actor=heir.board_officer,
            board=former.board,
            name="Sở Mới",
            kind="state",
            issuing_style="state",
        )
    with pytest.raises(Conflict, match="tỉnh Hưng Yên"):
        create_bloc(actor=heir.board_officer, board=former.board, name="Khối 9", kind="bloc")


def test_own_days_are_marked_where_the_heirs_common_day_differs(admin, former, heir):
    moved = make_deadline(former, dt.date(2026, 12, 5), DeadlineKind.SELF_SCORE)
    same = make_deadline(former, dt.date(2026, 8, 1), DeadlineKind.INTERIM_REPORT)
    for kind, day in (("self_score", dt.date(2026, 12, 20)), ("interim_report", same.due_on)):
        BoardDeadline.objects.create(board=heir.board, year=2026, kind=kind, due_on=day)
    merge(admin, heir, former)
    found = {row.pk: row for row in Deadline.objects.all()}
    assert (found[moved.pk].due_on, found[moved.pk].is_exception) == (moved.due_on, True)
    assert "tỉnh Thái Bình" in found[moved.pk].exception_reason
    assert not found[same.pk].is_exception


# ---------------------------------------------------------------- the plan and the record


def test_the_plan_names_what_passes_and_no_score(admin, former, heir):
    merger = Merger((former.board,), heir.board, DAY, "NQ 202", "Hợp nhất")
    plan = plan_merger(actor=admin, merger=merger)
    said = " ".join(plan.sentences)
    assert plan.title == "Hợp nhất tỉnh Thái Bình vào tỉnh Hưng Yên từ ngày 01/07/2026"
    assert "3 đơn vị đang hoạt động chuyển sang tỉnh Hưng Yên." in said
    assert f"{former.bloc_year} (bước “Thực hiện”)" in said
    assert "1 năm thi đua đã kết thúc giữ tên Hội đồng cũ" in said
    assert former.board_officer.full_name in said
    assert "điểm" not in said.replace("bảng chấm điểm", "")
    assert plan.obstacles == ()


def test_the_plan_costs_the_same_for_many_units(admin, former, heir):
    def cost(units: range) -> int:
        for number in units:
            UnitFactory(board=former.board, name=f"Sở Trùng {number}")
            UnitFactory(board=heir.board, name=f"Sở Trùng {number}")
        merger = Merger((former.board,), heir.board, DAY, "NQ", "Hợp nhất")
        with CaptureQueriesContext(connection) as queries:
            plan_merger(actor=admin, merger=merger)
        return len(queries)

    assert cost(range(1)) == cost(range(1, 20))


def test_what_moved_since_the_person_read_it_is_not_done(admin, former, heir):
    plan = plan_merger(
        actor=admin, merger=Merger((former.board,), heir.board, DAY, "NQ 202", "Hợp nhất")
    )
    UnitFactory(board=former.board, name="Sở Mới lập")
    with pytest.raises(PlanMoved):
        merge(admin, heir, former, seen=plan.fingerprint)
    former.board.refresh_from_db()
    assert former.board.ended_on is None


def test_what_stands_in_the_way(admin, former, heir):
    def obstacles(*formers: World, into: World = heir, day: dt.date = DAY) -> str:
        merger = Merger(tuple(each.board for each in formers), into.board, day, "NQ", "Hợp nhất")
        return " ".join(plan_merger(actor=admin, merger=merger).obstacles)

    assert "vào chính tỉnh Hưng Yên" in obstacles(heir)
    assert "không được sau ngày hôm nay" in obstacles(former, day=dt.date(2027, 1, 1))
    ours = UnitFactory(board=former.board, name="Sở Tài chính")
    UnitFactory(board=heir.board, name="Sở Tài chính")
    UnitName.objects.filter(unit=ours).update(starts_on=dt.date(2026, 8, 1))
    assert "ngày hợp nhất phải sau ngày đó" in obstacles(former)
    UnitName.objects.filter(unit=ours).update(starts_on=None)
    merge(admin, heir, former)
    for world in (former, heir):
        world.board.refresh_from_db()
    assert "tỉnh Thái Bình đã kết thúc" in obstacles(former)
    with pytest.raises(Conflict):
        merge(admin, heir, former)


def test_only_the_administrator_merges_boards(former, heir):
    for user in (former.board_officer, heir.board_officer, make_user(is_staff=True)):
        with pytest.raises(Refused):
            merge(user, heir, former)
        with pytest.raises(Refused):
            plan_merger(actor=user, merger=Merger((former.board,), heir.board, DAY, "", "x"))


def test_each_board_records_the_merger_with_what_was_confirmed(admin, former, heir):
    UnitFactory(board=heir.board, name="Sở Tài chính")
    ours = UnitFactory(board=former.board, name="Sở Tài chính")
    merge(admin, heir, former)
    rows = StructureChange.objects.filter(kind=ChangeKind.BOARDS_MERGED)
    assert set(rows.values_list("board_id", "unit_id")) == {
        (former.board.pk, None),
        (heir.board.pk, None),
        (heir.board.pk, ours.pk),
    }
    whole = rows.get(board=heir.board, unit=None)
    assert (whole.basis, whole.reason, whole.effective_on) == ("NQ 202", "Hợp nhất", DAY)
    assert any("4 đơn vị đang hoạt động" in each for each in whole.effects)


# ---------------------------------------------------------------- names of the board itself


def test_papers_of_a_year_print_the_councils_name_of_that_year(heir):
    board = heir.board
    facts = BoardFacts(board.name, "Hội đồng TĐKT tỉnh Hưng Yên (mới)", board.office_name)
    edit_board(actor=heir.board_officer, board=board, facts=facts, from_day=DAY)
    board.refresh_from_db()
    assert council_in_year(board, 2025) == "Hội đồng Thi đua - Khen thưởng tỉnh"
    assert council_in_year(board, 2026) == "Hội đồng TĐKT tỉnh Hưng Yên (mới)"


def test_a_spelling_is_mended_for_every_year(heir):
    board = heir.board
    facts = BoardFacts(board.name, "Hội đồng Thi đua, Khen thưởng", board.office_name)
    edit_board(actor=heir.board_officer, board=board, facts=facts)
    board.refresh_from_db()
    assert council_in_year(board, 2025) == "Hội đồng Thi đua, Khen thưởng"


def test_a_person_of_the_old_board_is_known_to_the_heir(admin, former, heir):
    unit = UnitFactory(board=former.board, ended_on=dt.date(2024, 1, 1))
    person = make_person(unit)
    officer = make_board_officer(former.board)
    merge(admin, heir, former)
    known = people_known_to(heir.board.pk)
    assert {person, officer} <= set(known)
