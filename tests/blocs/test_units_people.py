"""The register of units, dated names, people and their posts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import IssuingStyle, PostRole, UnitKind, YearStatus
from blocs.models import Board, Post, Unit, UnitName
from blocs.selectors.units import (
    name_on,
    people_known_to,
    search_units,
    units_managed_by,
    units_visible_to,
)
from blocs.services.boards import create_board
from blocs.services.people import appoint, create_person, end_post
from blocs.services.structure.endings import dissolve_unit
from blocs.services.structure.names import rename_unit
from blocs.services.structure.records import Ground
from blocs.services.units import create_unit
from emulation import clock
from emulation.access import Refused
from emulation.models import User
from tests.blocs.builders import confirm
from tests.factories import (
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

TODAY = clock.today()
DAY = dt.timedelta(days=1)


@pytest.fixture
def board():
    return BoardFactory()


@pytest.fixture
def officer(board):
    return make_board_officer(board)


def on(day: dt.date) -> Ground:
    """A change from that day on."""
    return Ground(day, "Thực hiện quyết định của Ủy ban nhân dân tỉnh")


def new_unit(officer, board, name="Sở Nội vụ", **values) -> Unit:
    return create_unit(
        actor=officer,
        board=board,
        name=name,
        kind=UnitKind.STATE,
        issuing_style=IssuingStyle.STATE,
        **values,
    )


def test_the_first_board_is_created_by_nobody_or_an_administrator():
    values = {"council_name": "Hội đồng", "office_name": "Sở Nội vụ"}
    assert create_board(actor=None, name="Tỉnh A", **values).pk
    admin = make_user(is_superuser=True)
    assert create_board(actor=admin, name="Tỉnh B", **values).pk
    with pytest.raises(Refused):
        create_board(actor=make_user(), name="Tỉnh C", **values)
    with pytest.raises(ValidationError):
        create_board(actor=admin, name="Tỉnh A", **values)
    assert Board.objects.filter(name="Tỉnh A").count() == 1


def test_a_unit_is_created_with_its_first_name(board, officer):
    unit = new_unit(officer, board, "  Sở   Nội vụ ", established_on=dt.date(2000, 1, 1))
    assert unit.name == "Sở Nội vụ"
    name = UnitName.objects.get(unit=unit)
    assert (name.name, name.starts_on, name.ends_on) == ("Sở Nội vụ", dt.date(2000, 1, 1), None)
    assert unit.history.get().history_user == officer


@pytest.mark.parametrize("other", ["SỞ NỘI VỤ", "So Noi vu", "Sở Nội vụ"])
def test_a_name_stands_once_in_a_board_diacritics_aside(board, officer, other):
    new_unit(officer, board)
    with pytest.raises(ValidationError) as refused:
        new_unit(officer, board, other)
    assert "đã có đơn vị mang tên" in refused.value.message_dict["name"][0]


def test_another_board_may_have_the_same_name(board, officer):
    new_unit(officer, board)
    other = BoardFactory()
    assert new_unit(make_board_officer(other), other).pk


def test_only_officers_of_that_board_create_units(board):
    world = make_world()
    for actor in (
        make_board_officer(BoardFactory()),
        world.head_leader,
        make_user(is_superuser=True),
    ):
        with pytest.raises(Refused):
            new_unit(actor, board)


@pytest.mark.parametrize("name", ["", "   ", "x" * 301])
def test_a_unit_needs_a_name_of_bounded_length(board, officer, name):
    with pytest.raises(ValidationError):
        new_unit(officer, board, name)


def test_renaming_keeps_every_name_with_its_dates(board, officer):
    unit = new_unit(officer, board, established_on=dt.date(2000, 1, 1))
    rename_unit(actor=officer, unit=unit, name="Sở Nội vụ mới", ground=on(dt.date(2024, 3, 1)))
    unit.refresh_from_db()
    assert unit.name == "Sở Nội vụ mới"
    assert name_on(unit, dt.date(2024, 2, 29)) == "Sở Nội vụ"
    assert name_on(unit, dt.date(2024, 3, 1)) == "Sở Nội vụ mới"
    assert UnitName.objects.filter(unit=unit, ends_on__isnull=True).count() == 1


def test_years_under_way_keep_the_name_they_began_with(board, officer):
    unit = new_unit(officer, board)
    year = TODAY.year
    for status, offset in ((YearStatus.RUNNING, 0), (YearStatus.DRAFT, 1)):
        bloc_year = make_bloc_year(year=year + offset, status=status)
        make_membership(bloc_year, unit)
    rename_unit(actor=officer, unit=unit, name="Tên mới", ground=on(TODAY))
    names = unit.memberships.order_by("year").values_list("unit_name", flat=True)
    assert list(names) == ["Sở Nội vụ", "Tên mới"]


@pytest.mark.parametrize(
    ("name", "from_day", "field"),
    [
        ("Sở Nội vụ", TODAY, "name"),
        ("Tên mới", TODAY + DAY, "effective_on"),
        ("Tên mới", dt.date(2000, 1, 1), "effective_on"),
        ("Tên khác đã có", TODAY, "name"),
        ("", TODAY, "name"),
    ],
)
def test_a_wrong_renaming_is_refused_at_its_field(board, officer, name, from_day, field):
    unit = new_unit(officer, board, established_on=dt.date(2000, 1, 1))
    new_unit(officer, board, "Tên khác đã có")
    with pytest.raises(ValidationError) as refused:
        rename_unit(actor=officer, unit=unit, name=name, ground=on(from_day))
    assert field in refused.value.message_dict
    unit.refresh_from_db()
    assert unit.name == "Sở Nội vụ"


def test_a_dissolved_unit_frees_its_name(board, officer):
    unit = new_unit(officer, board)
    with pytest.raises(ValidationError):
        dissolve_unit(actor=officer, unit=unit, ground=on(TODAY + DAY))
    dissolve_unit(actor=officer, unit=unit, ground=on(TODAY))
    assert new_unit(officer, board).pk != unit.pk


def test_search_knows_no_diacritics_and_finds_earlier_names(board, officer):
    unit = new_unit(officer, board, "Ban Dân tộc")
    new_unit(officer, board, "Sở Y tế")
    rename_unit(actor=officer, unit=unit, name="Sở Dân tộc và Tôn giáo", ground=on(TODAY))
    units = units_managed_by(officer)
    assert [each.name for each in search_units(units, "so y TE")] == ["Sở Y tế"]
    assert list(search_units(units, "ban dan toc")) == [unit]
    assert list(search_units(units, "", UnitKind.PARTY)) == []
    assert list(search_units(units, "%")) == []


def test_units_are_visible_to_their_board_and_their_people():
    world = make_world(3)
    assert set(units_visible_to(world.board_officer)) == set(world.units)
    assert set(units_visible_to(world.officers[2])) == {world.units[2]}
    assert not units_managed_by(world.officers[2]).exists()
    assert not units_visible_to(make_user(is_superuser=True)).exists()


# ---------------------------------------------------------------- people


def test_a_person_without_password_cannot_log_in(officer):
    user = create_person(actor=officer, username="canbo9", full_name=" Lê  Văn  An ")
    assert user.full_name == "Lê Văn An"
    assert not user.has_usable_password()


def test_a_first_password_must_be_strong(officer):
    with pytest.raises(ValidationError) as refused:
        create_person(actor=officer, username="canbo9", full_name="Lê An", password="12345678901")
    assert "password" in refused.value.message_dict
    assert not User.objects.filter(username="canbo9").exists()
    user = create_person(
        actor=officer, username="canbo9", full_name="Lê An", password="khoi-thi-dua-9"
    )
    assert user.check_password("khoi-thi-dua-9")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("username", {"username": "có dấu cách"}),
        ("full_name", {"full_name": "  "}),
        ("full_name", {"full_name": "x" * 201}),
        ("phone", {"phone": "không có số"}),
        ("email", {"email": "sai"}),
    ],
)
def test_a_wrong_account_is_refused_at_its_field(officer, field, values):
    with pytest.raises(ValidationError) as refused:
        create_person(actor=officer, **{"username": "a1", "full_name": "Lê An", **values})
    assert field in refused.value.message_dict


def test_boards_leaders_and_administrators_register_people():
    world = make_world()
    for actor in (world.secretary, make_user()):
        with pytest.raises(Refused):
            create_person(actor=actor, username="a1", full_name="Lê An")
    for actor in (world.board_officer, world.head_leader, make_user(is_superuser=True)):
        assert create_person(actor=actor, username="", full_name="Lê An").pk


def give(actor, user, unit, **values) -> Post:
    values = {"role": PostRole.OFFICER, "title": "Chuyên viên", "starts_on": TODAY, **values}
    return appoint(actor=actor, user=user, unit=unit, **values)


def test_appointing_and_ending(board, officer):
    unit, user = new_unit(officer, board), make_user()
    post = give(officer, user, unit)
    assert post.history.get().history_user == officer
    with pytest.raises(ValidationError):
        give(officer, user, unit)
    with pytest.raises(ValidationError):
        end_post(actor=officer, post=post, ends_on=TODAY - DAY)
    end_post(actor=officer, post=post, ends_on=TODAY)
    assert give(officer, user, unit, starts_on=TODAY + DAY).pk


def test_a_post_fits_its_place(board, officer):
    unit, user = new_unit(officer, board), make_user()
    with pytest.raises(ValidationError):
        give(officer, user, unit, role=PostRole.BOARD_OFFICER)
    with pytest.raises(ValueError, match="unit or in a board"):
        appoint(actor=officer, user=user, role=PostRole.OFFICER, title="", starts_on=TODAY)


def test_a_board_does_not_reach_for_anothers_people(board, officer):
    stranger = make_person(UnitFactory())
    with pytest.raises(ValidationError) as refused:
        give(officer, stranger, new_unit(officer, board))
    assert "user" in refused.value.message_dict
    assert not people_known_to(board.pk).filter(pk=stranger.pk).exists()


def test_neither_another_unit_nor_another_board_appoints():
    world = make_world(3)
    user = make_user()
    for actor in (world.officers[2], world.head_leader, make_board_officer(BoardFactory())):
        with pytest.raises(Refused):
            give(actor, user, world.units[2])
    assert give(make_user(is_superuser=True), user, world.units[2]).pk


def test_an_administrator_appoints_the_first_board_officer(board):
    post = appoint(
        actor=make_user(is_superuser=True),
        user=make_user(),
        board=board,
        role=PostRole.BOARD_OFFICER,
        title="Chuyên viên",
        starts_on=TODAY,
    )
    assert post.board == board


# ---------------------------------------------------------------- pages


def test_a_unit_is_added_on_the_page(as_user, board, officer):
    values = {
        "board": board.pk,
        "name": "Sở Y tế <script>",
        "kind": "state",
        "issuing_style": "state",
        "established_on": "01/02/2003",
    }
    response = as_user(officer).post("/don-vi/them/", values)
    unit = Unit.objects.get()
    assert response.status_code == 302
    assert response.url == f"/don-vi/{unit.pk}/"
    assert unit.established_on == dt.date(2003, 2, 1)
    page = as_user(officer).get(response.url).content.decode()
    assert "<script>" not in page.split("<main", 1)[1]
    assert "Sở Y tế &lt;script&gt;" in page


def test_a_refused_unit_keeps_what_was_typed(as_user, board, officer):
    new_unit(officer, board, "Sở Y tế")
    values = {"board": board.pk, "name": "sở y tế", "kind": "mass", "issuing_style": "party"}
    response = as_user(officer).post("/don-vi/them/", values)
    page = response.content.decode()
    assert response.status_code == 200
    assert "đã có đơn vị mang tên" in page
    assert 'value="sở y tế"' in page
    assert Unit.objects.count() == 1


def test_another_boards_number_in_the_form_is_refused(as_user, board, officer):
    other = BoardFactory()
    values = {"board": other.pk, "name": "Sở Y tế", "kind": "state", "issuing_style": "state"}
    assert as_user(officer).post("/don-vi/them/", values).status_code == 200
    assert not Unit.objects.exists()


def test_a_new_person_gets_account_and_post_or_neither(as_user, board, officer):
    unit = new_unit(officer, board)
    values = {
        "full_name": "Trần Thị Bình",
        "role": "leader",
        "title": "Giám đốc",
        "starts_on": "01/01/2020",
        "phone": "0912345678",
        "email": "",
        "username": "binhtt",
        "password": "",
    }
    url = f"/don-vi/{unit.pk}/nguoi-moi/"
    assert as_user(officer).post(url, {**values, "starts_on": "32/01/2020"}).status_code == 200
    assert not User.objects.filter(username="binhtt").exists()
    response = as_user(officer).post(url, values)
    assert response.status_code == 302
    assert Post.objects.get(user__username="binhtt").role == PostRole.LEADER
    assert as_user(officer).post(url, values).status_code == 200
    assert Post.objects.filter(unit=unit).count() == 1


def test_rename_dissolve_and_post_pages(as_user, board, officer):
    unit = new_unit(officer, board)
    user = make_person(unit)
    client = as_user(officer)
    ground = {"effective_on": "01/01/2026", "reason": "Quyết định số 7"}
    confirm(client, f"/don-vi/{unit.pk}/doi-ten/", {"name": "Sở Mới", **ground})
    unit.refresh_from_db()
    assert unit.name == "Sở Mới"
    values = {"user": user.pk, "role": "leader", "title": "Phó", "starts_on": "01/01/2026"}
    assert client.post(f"/don-vi/{unit.pk}/chuc-vu/ghi/", values).status_code == 302
    post = Post.objects.get(unit=unit, role="leader")
    url = f"/don-vi/{unit.pk}/chuc-vu/{post.pk}/thoi/"
    assert client.post(url, {"ends_on": "02/01/2026"}).status_code == 302
    ground["effective_on"] = "02/01/2026"
    assert confirm(client, f"/don-vi/{unit.pk}/giai-the/", ground).status_code == 302
    unit.refresh_from_db()
    assert unit.ended_on == dt.date(2026, 1, 2)
    page = client.get(f"/don-vi/{unit.pk}/").content.decode()
    assert "đã giải thể" in page
    assert "Sở Nội vụ" in page


def test_a_post_of_another_unit_is_not_found(as_user, board, officer):
    unit, other = new_unit(officer, board), new_unit(officer, board, "Sở Khác")
    post = Post.objects.get(user=make_person(other))
    assert as_user(officer).get(f"/don-vi/{unit.pk}/chuc-vu/{post.pk}/thoi/").status_code == 404


def test_the_list_is_searched_filtered_and_paged(as_user, board, officer):
    for n in range(30):
        new_unit(officer, board, f"Sở số {n:02}")
    new_unit(officer, board, "Báo Cần Thơ")
    client = as_user(officer)
    first = client.get("/don-vi/").content.decode()
    assert "Trang 1/2" in first
    assert "Báo Cần Thơ" in client.get("/don-vi/?q=bao+can").content.decode()
    assert "Trang 2/2" in client.get("/don-vi/?page=2").content.decode()
    assert client.get("/don-vi/?page=xyz&loai=<script>").status_code == 200
    assert "Không có đơn vị nào" in client.get("/don-vi/?loai=party").content.decode()
