"""What a confirmed workbook writes: all of it or nothing, once, and only what was seen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import TermKind, TermSource, UnitKind, YearStatus
from blocs.exports.register import current_register, empty_register
from blocs.models import (
    Bloc,
    BlocYear,
    BoardDeadline,
    BoardImport,
    Deadline,
    HeadTerm,
    Membership,
    Post,
    Unit,
    UnitName,
)
from blocs.services.imports import (
    confirm_import,
    plan_import,
    plan_of,
    read_workbook,
    upload_register,
)
from blocs.services.units import create_unit
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.management.commands import check_invariants
from emulation.models import User
from emulation.plans import PlanMoved
from tests.blocs.workbooks import LEADER, OFFICER, province_workbook, upload, workbook
from tests.factories import (
    BlocFactory,
    BoardFactory,
    UnitFactory,
    make_bloc_year,
    make_board_officer,
    make_person,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db(transaction=True)
FILLED = {
    "units": [["Sở A", "", "", "01/02/2020"], ["Ban B", "Cơ quan Đảng"]],
    "people": [
        ["Nguyễn Văn An", "", 912345678, "an@a.vn", "Sở A", LEADER, "Giám đốc", "01/03/2021"],
        ["Trần Thị Bình", "", "", "", "Ban B", OFFICER],
        ["Lê Tư", "", "", "", "", "Cán bộ Ban TĐKT"],
    ],
    "blocs": [["Khối 1", "Cụm thi đua", 2026, 2, "", "Sở A", "Ban B"]],
    "members": [["Khối 1", 2026, "Sở A"], ["Khối 1", 2026, "Ban B", "01/04/2026"]],
}


@pytest.fixture
def board():
    return BoardFactory(name="Tỉnh A")


@pytest.fixture
def officer(board):
    return make_board_officer(board)


def uploaded(officer, board, content: bytes) -> BoardImport:
    return upload_register(actor=officer, board=board, uploaded=upload(content))


def confirmed(officer, board, content: bytes) -> BoardImport:
    found = uploaded(officer, board, content)
    seen = plan_of(found).fingerprint
    return confirm_import(actor=officer, board_import=found, seen=seen)


def rows_written() -> list[int]:
    models = (Unit, UnitName, User, Post, Bloc, BlocYear, HeadTerm, Membership, Deadline)
    return [model.objects.count() for model in models]


# ---------------------------------------------------------------- writing


def test_everything_is_written_as_if_made_one_by_one(board, officer):
    BoardDeadline.objects.create(
        board=board, year=2026, kind="self_score", due_on=dt.date(2026, 12, 5)
    )
    done = confirmed(officer, board, workbook(**FILLED))
    assert done.summary == (
        "Đã ghi 2 đơn vị mới; 3 người mới; 3 chức vụ mới; 1 khối mới; 1 năm thi đua mới; "
        "2 vai trò Trưởng khối, Phó Trưởng khối; 2 đơn vị thành viên của các khối."
    )
    unit = Unit.objects.get(name="Sở A")
    assert (unit.folded, unit.kind) == ("so a", UnitKind.STATE)
    assert unit.sorting
    assert unit.names.get().starts_on == dt.date(2020, 2, 1)
    an = User.objects.get(username="nguyen.van.an")
    assert (an.phone, an.email, an.has_usable_password()) == ("0912345678", "an@a.vn", False)
    assert an.folded == "nguyen van an nguyen.van.an"
    assert an.posts.get().starts_on == dt.date(2021, 3, 1)
    assert User.objects.get(username="le.tu").posts.get().board == board
    assert Post.objects.get(user__username="tran.thi.binh").starts_on == clock.today()
    year = BlocYear.objects.get(bloc__name="Khối 1")
    assert (year.status, year.declared_count, year.bloc.kind) == (YearStatus.DRAFT, 2, "cluster")
    assert year.transitions.get().actor == officer
    assert year.deadlines.get().due_on == dt.date(2026, 12, 5)
    terms = HeadTerm.objects.filter(bloc=year.bloc).order_by("-kind")
    assert [(t.kind, t.unit.name, t.position, t.source) for t in terms] == [
        (TermKind.HEAD, "Sở A", 1, TermSource.ANNOUNCED),
        (TermKind.DEPUTY, "Ban B", 1, TermSource.ANNOUNCED),
    ]
    members = Membership.objects.filter(bloc_year=year).order_by("unit_name")
    assert [(m.unit_name, m.starts_on, m.is_ranking) for m in members] == [
        ("Ban B", dt.date(2026, 4, 1), True),
        ("Sở A", None, True),
    ]


def test_history_names_who_and_when(board, officer):
    confirmed(officer, board, workbook(**FILLED))
    change = workbook(
        [["Sở A", "Doanh nghiệp"]], [["Nguyễn Văn An", "", "", "", "Sở A", LEADER, "Quyền GĐ"]]
    )
    done = confirmed(officer, board, change)
    assert done.summary == "Đã ghi 1 đơn vị sửa thông tin; 1 chức vụ sửa tên gọi."
    unit, post = Unit.objects.get(name="Sở A"), Post.objects.get(user__username="nguyen.van.an")
    assert [row.history_type for row in unit.history.order_by("history_id")] == ["+", "~"]
    for row in (*unit.history.all(), *post.history.all()):
        assert row.history_user == officer
    for model in (Bloc, HeadTerm, Membership):
        assert model.history.count() == model.objects.count()


def test_contact_and_spelling_change_for_the_whole_person(board, officer):
    confirmed(officer, board, workbook(**FILLED))
    row = ["Nguyễn Văn Ân", "nguyen.van.an", "", "moi@a.vn", "Sở A", LEADER]
    assert confirmed(officer, board, workbook(people=[row])).summary == (
        "Đã ghi 1 người sửa thông tin."
    )
    an = User.objects.get(username="nguyen.van.an")
    assert (an.full_name, an.email, an.phone) == ("Nguyễn Văn Ân", "moi@a.vn", "0912345678")


def test_a_member_carries_the_name_of_its_year(board, officer):
    unit = UnitFactory(board=board, name="Sở Mới")
    old = unit.names.get()
    old.name, old.ends_on = "Sở Cũ", dt.date(2024, 6, 30)
    old.save()
    UnitName.objects.create(unit=unit, name="Sở Mới", starts_on=dt.date(2024, 7, 1))
    blocs = [["Khối 1", "", year] for year in (2023, 2024)]
    members = [["Khối 1", year, "Sở Mới"] for year in (2023, 2024)]
    confirmed(officer, board, workbook(blocs=blocs, members=members))
    names = Membership.objects.order_by("year").values_list("unit_name", flat=True)
    assert list(names) == ["Sở Cũ", "Sở Mới"]


def test_the_rules_of_all_data_hold_afterwards(board, officer):
    confirmed(officer, board, province_workbook(12))
    broken = [sentence for check in check_invariants.INVARIANTS for sentence in check()]
    assert broken == []


# ---------------------------------------------------------------- all or nothing, once


def test_with_one_error_nothing_is_written(board, officer):
    before = rows_written()
    content = workbook(**{**FILLED, "members": [["Khối 1", 2026, "Sở Lạ"]]})
    found = uploaded(officer, board, content)
    with pytest.raises(Conflict):
        confirm_import(actor=officer, board_import=found, seen=plan_of(found).fingerprint)
    assert rows_written() == before
    found.refresh_from_db()
    assert found.applied_at is None


def test_a_fault_half_way_leaves_nothing(board, officer, monkeypatch):
    found = uploaded(officer, board, workbook(**FILLED))
    before = rows_written()

    def fail(*_args, **_values):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("blocs.services.imports.applying.create_bloc_year", fail)
    with pytest.raises(RuntimeError):
        confirm_import(actor=officer, board_import=found, seen=plan_of(found).fingerprint)
    assert rows_written() == before


def test_confirming_twice_writes_once(board, officer):
    done = confirmed(officer, board, workbook(**FILLED))
    before = rows_written()
    again = confirm_import(actor=officer, board_import=done, seen=done.fingerprint)
    assert (rows_written(), again.applied_at) == (before, done.applied_at)


def test_what_moved_meanwhile_is_not_written_over(board, officer):
    found = uploaded(officer, board, workbook(**FILLED))
    seen = plan_of(found).fingerprint
    create_unit(actor=officer, board=board, name="Sở A", kind="state", issuing_style="party")
    before = rows_written()
    with pytest.raises(PlanMoved):
        confirm_import(actor=officer, board_import=found, seen=seen)
    assert rows_written() == before
    fresh = plan_of(found).fingerprint
    confirm_import(actor=officer, board_import=found, seen=fresh)
    assert Unit.objects.filter(name="Sở A").count() == 1


def test_two_tabs_with_the_same_file_make_it_once(board, officer):
    tabs = [uploaded(officer, board, workbook(**FILLED)) for _ in range(2)]
    seen = [plan_of(each).fingerprint for each in tabs]
    confirm_import(actor=officer, board_import=tabs[0], seen=seen[0])
    with pytest.raises(PlanMoved):
        confirm_import(actor=officer, board_import=tabs[1], seen=seen[1])
    assert plan_of(tabs[1]).is_empty


def test_a_log_in_name_taken_by_another_board_at_the_last_moment(board, officer, monkeypatch):
    found = uploaded(officer, board, workbook(**FILLED))
    seen = plan_of(found).fingerprint
    monkeypatch.setattr("blocs.services.imports.uploads.lock_years", lambda _board: None)
    original = plan_of

    def planned_then_taken(board_import):
        plan = original(board_import)
        make_user(username="nguyen.van.an")
        return plan

    monkeypatch.setattr("blocs.services.imports.uploads.plan_of", planned_then_taken)
    with pytest.raises(PlanMoved):
        confirm_import(actor=officer, board_import=found, seen=seen)
    assert not Unit.objects.filter(name="Sở A").exists()


def test_a_year_that_begins_meanwhile_takes_no_members(board, officer):
    year = make_bloc_year(BlocFactory(board=board, name="Khối 1"))
    UnitFactory(board=board, name="Sở A")
    found = uploaded(officer, board, workbook(members=[["Khối 1", 2026, "Sở A"]]))
    seen = plan_of(found).fingerprint
    BlocYear.objects.filter(pk=year.pk).update(status=YearStatus.CONSULTING)
    with pytest.raises(PlanMoved):
        confirm_import(actor=officer, board_import=found, seen=seen)
    assert not Membership.objects.exists()


def test_only_officers_of_the_board_confirm(board, officer):
    found = uploaded(officer, board, workbook(**FILLED))
    seen = plan_of(found).fingerprint
    for actor in (make_user(is_superuser=True), make_board_officer(BoardFactory())):
        with pytest.raises(Refused):
            confirm_import(actor=actor, board_import=found, seen=seen)
    assert not Unit.objects.exists()


def test_an_officer_who_left_confirms_nothing(board, officer):
    found = uploaded(officer, board, workbook(**FILLED))
    seen = plan_of(found).fingerprint
    Post.objects.filter(user=officer).update(ends_on=clock.today(), closed_at=clock.now())
    with pytest.raises(Refused):
        confirm_import(actor=officer, board_import=found, seen=seen)


# ---------------------------------------------------------------- the workbook we write


def test_unchanged_the_workbook_changes_nothing(board, officer):
    confirmed(officer, board, workbook(**FILLED))
    plan = plan_import(board, read_workbook(current_register(board)))
    assert plan.is_empty, (plan.problems, plan.differences)
    assert [(c.sheet, c.same) for c in plan.counts] == [
        ("Đơn vị", 2), ("Người", 4), ("Khối", 1), ("Thành viên", 2),
    ]  # fmt: skip


def test_unchanged_also_where_much_has_happened(officer, board):
    world = make_world(4, status=YearStatus.RUNNING)
    gone, head = world.units[3], world.units[0]
    gone.ended_on = clock.today()
    gone.save()
    ended = world.memberships[2]
    ended.ends_on = clock.today() - dt.timedelta(days=1)
    ended.save()
    make_bloc_year(world.bloc, year=2015, status=YearStatus.CLOSED)
    twins = [BlocFactory(board=world.board, name="Khối Đôi") for _ in range(2)]
    make_bloc_year(twins[0])
    make_person(head, full_name="=SUM(A1)", phone="+84 912 345 678", username="-an")
    Post.objects.filter(user=world.officers[1]).update(ends_on=clock.today(), closed_at=clock.now())
    plan = plan_import(world.board, read_workbook(current_register(world.board)))
    assert plan.is_empty, (plan.problems, plan.differences)
    head.ended_on = clock.today()
    head.save()
    plan = plan_import(world.board, read_workbook(current_register(world.board)))
    assert plan.is_empty, (plan.problems, plan.differences)


def test_cells_that_read_as_formulas_are_escaped(board, officer):
    names = ["=1+1", "+Sở", "-Ban", "@Phòng"]
    confirmed(officer, board, workbook([[f"'{name}"] for name in names]))
    assert set(Unit.objects.values_list("name", flat=True)) == set(names)
    content = current_register(board)
    rows = read_workbook(content).sheets["Đơn vị"].data
    assert sorted(rows["Tên đơn vị"]) == sorted(f"'{name}" for name in names)
    assert plan_import(board, read_workbook(content)).is_empty


def test_the_empty_workbook_brings_in_nothing(board):
    plan = plan_import(board, read_workbook(empty_register()))
    assert plan.is_empty
    assert plan.remarks == ()
    assert [c.same for c in plan.counts] == [0, 0, 0, 0]


# ---------------------------------------------------------------- size


def test_planning_asks_as_often_for_many_rows_as_for_few(board, officer):
    counts = []
    for size in (5, 40):
        book = read_workbook(province_workbook(size))
        with CaptureQueriesContext(connection) as queries:
            assert plan_import(board, book).problems == ()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_writing_units_and_people_asks_hardly_more_for_many(board, officer):
    counts = []
    for size in (5, 40):
        other = BoardFactory()
        actor = make_board_officer(other)
        rows = read_workbook(province_workbook(size)).sheets
        content = workbook(
            list(rows["Đơn vị"].data), [[*r[:4], *r[4:]] for r in rows["Người"].data]
        )
        found = uploaded(actor, other, content)
        seen = plan_of(found).fingerprint
        with CaptureQueriesContext(connection) as queries:
            confirm_import(actor=actor, board_import=found, seen=seen)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 10
