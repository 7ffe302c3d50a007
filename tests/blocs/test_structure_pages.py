"""The guided pages of structure: filled in, read, confirmed; typed data kept; odd input."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import YearStatus
from blocs.models import Membership, StructureChange, Unit
from blocs.services.structure.mergers import merge_units
from emulation.vietnamese import format_date
from tests.blocs.builders import confirm
from tests.blocs.test_structure_mergers import DAY, YEAR, a_world, merger
from tests.factories import BlocFactory, UnitFactory, make_bloc_year, make_post, make_world

pytestmark = pytest.mark.django_db

GROUND = {"effective_on": format_date(DAY), "basis": "Quyết định số 15", "reason": "Sắp xếp lại"}


def merge_url(*units: Unit) -> str:
    return "/don-vi/sap-nhap/?" + "&".join(f"don-vi={unit.pk}" for unit in units)


def new_unit(world, **values: str) -> dict[str, str]:
    joined = {f"join_{world.bloc_year.year}": str(world.bloc_year.pk)}
    return {"into": "new", "name": "Sở Hợp nhất", "kind": "state", "issuing_style": "state",
            "people": "move", "keeps_roles": "on", **joined, **GROUND, **values}  # fmt: skip


def text(response) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split()))


# ---------------------------------------------------------------- the merger


def test_units_are_chosen_then_merged(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    assert "Sáp nhập với đơn vị khác" in text(client.get(f"/don-vi/{world.units[2].pk}/"))
    picking = text(client.get(merge_url(world.units[2])))
    assert "Đã chọn (1 đơn vị)" in picking
    assert world.units[3].name in picking
    url = merge_url(world.units[2], world.units[3])
    assert "Sau khi sáp nhập" in text(client.get(url))
    read = text(client.post(url, new_unit(world)))
    for said in ("kết thúc hoạt động", "Thành lập Sở Hợp nhất", "vào Khối thi đua", "2 người của"):
        assert said in read
    assert not StructureChange.objects.exists()
    answer = confirm(client, url, new_unit(world))
    made = Unit.objects.get(name="Sở Hợp nhất")
    assert (answer.status_code, answer.url) == (302, f"/don-vi/{made.pk}/")
    page = text(client.get(answer.url))
    assert "Đơn vị tiền thân" in page
    assert f"Tiền thân {world.units[2].name}" in page
    assert "Quyết định số 15" in page
    assert "đã sáp nhập, chia" in text(client.get(f"/don-vi/{world.units[2].pk}/"))
    assert "đã kết thúc hoạt động" in text(client.get("/don-vi/"))


def test_choosing_keeps_what_is_chosen_while_one_searches(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    found = text(client.get(f"{merge_url(world.units[2])}&q=khong+co&tim=1"))
    assert world.units[2].name in found
    assert "Không có đơn vị nào phù hợp" in found
    alone = text(client.get(f"{merge_url(world.units[2])}&tiep=1"))
    assert "Đề nghị chọn ít nhất hai đơn vị" in alone


def test_going_back_keeps_what_was_typed(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    url = merge_url(world.units[2], world.units[3])
    page = client.post(url, {**new_unit(world), "again": "1"}).content.decode()
    for typed in ("Sở Hợp nhất", "Quyết định số 15", "Sắp xếp lại", format_date(DAY)):
        assert typed in html.unescape(page)
    assert not StructureChange.objects.exists()


def test_a_second_confirmation_and_a_second_tab_change_nothing(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    url = merge_url(world.units[2], world.units[3])
    assert confirm(client, url, new_unit(world)).status_code == 302
    again = client.post(url, {**new_unit(world), "seen": "x" * 64})
    assert again.status_code == 409
    assert "đã kết thúc hoạt động" in text(again)
    assert client.get(url).status_code == 409
    assert client.get(f"/don-vi/{world.units[2].pk}/giai-the/").status_code == 409
    assert StructureChange.objects.count() == 1


def test_a_stale_plan_is_shown_anew(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    url = merge_url(world.units[2], world.units[3])
    read = client.post(url, new_unit(world)).content.decode()
    seen = re.search(r'name="seen"\s+value="(\w+)"', read)
    assert seen
    make_post(world.leaders[0], unit=world.units[3])
    answer = client.post(url, {**new_unit(world), "seen": seen[1]})
    assert answer.status_code == 200
    assert "Tình hình đã thay đổi" in text(answer)
    assert world.leaders[0].full_name in text(answer)
    assert not StructureChange.objects.exists()


def test_an_obstacle_leaves_nothing_to_confirm(as_user):
    world = a_world()
    world.memberships[2].starts_on = DAY
    world.memberships[2].save()
    page = as_user(world.board_officer).post(
        merge_url(world.units[2], world.units[3]), new_unit(world)
    )
    assert "Chưa thực hiện được" in text(page)
    assert 'name="seen"' not in page.content.decode()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Đề nghị ghi tên đơn vị mới"),
        ({"reason": ""}, "Đề nghị ghi lý do"),
        ({"reason": "x" * 10_000}, "tối đa 2000 ký tự"),
        ({"name": "x" * 10_000}, "tối đa 300 ký tự"),
        ({"basis": "x" * 10_000}, "tối đa 500 ký tự"),
        ({"effective_on": "31/02/2026"}, "Không có ngày 31/02/2026"),
        ({"effective_on": "01/01/2199"}, "không được sau ngày hôm nay"),
        ({"into": "999999"}, "không có trong danh sách"),
    ],
)
def test_a_wrong_form_says_what_to_mend(as_user, values, said):
    world = a_world()
    page = as_user(world.board_officer).post(
        merge_url(world.units[2], world.units[3]), new_unit(world, **values)
    )
    assert page.status_code == 200
    assert said in text(page)
    assert not StructureChange.objects.exists()


def test_a_script_in_the_reason_is_words(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    url = merge_url(world.units[2], world.units[3])
    data = new_unit(world, reason="<script>alert(1)</script>", name="<script>x</script>")
    assert "<script>alert" not in client.post(url, data).content.decode()
    answer = confirm(client, url, data)
    assert "<script>alert" not in client.get(answer.url).content.decode()


def test_units_of_another_board_or_none_are_not_found(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    for query in (merge_url(world.units[2], UnitFactory()), "/don-vi/sap-nhap/?don-vi=x"):
        assert client.get(query).status_code == 404
    assert client.post("/don-vi/sap-nhap/", {}).status_code == 404
    many = "&".join(f"don-vi={n}" for n in range(1, 30))
    assert client.get(f"/don-vi/sap-nhap/?{many}").status_code == 404


def test_whoever_works_in_one_of_them_is_told_so(as_user):
    world = a_world()
    make_post(world.board_officer, unit=world.units[3])
    client = as_user(world.board_officer)
    answer = client.get(merge_url(world.units[2], world.units[3]))
    assert answer.status_code == 403
    assert "việc của chính đơn vị mình" in text(answer)
    assert "việc của chính đơn vị mình" in text(client.get(f"/don-vi/{world.units[3].pk}/"))


def test_long_names_are_recorded_whole_or_with_an_ellipsis(as_user):
    world = a_world()
    for place in (2, 3):
        Unit.objects.filter(pk=world.units[place].pk).update(name=f"{place}" * 300)
    client = as_user(world.board_officer)
    url = merge_url(world.units[2], world.units[3])
    assert confirm(client, url, new_unit(world)).status_code == 302
    change = StructureChange.objects.get()
    assert (len(change.title), change.title[-1]) == (500, "…")


def test_the_units_page_costs_the_same_at_any_size(as_user):
    counted = []
    for members in (3, 20):
        world = make_world(members, status=YearStatus.RUNNING, year=YEAR)
        for _ in range(members):
            UnitFactory(board=world.board)
        client = as_user(world.board_officer)
        counted.append(_queries(client, f"/don-vi/{world.units[2].pk}/"))
    assert counted[0] == counted[1]


def _queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(url).status_code == 200
    return len(context)


# ---------------------------------------------------------------- the other pages


def test_a_split_on_its_page(as_user):
    world = a_world()
    client = as_user(world.board_officer)
    data = {"continues": "no", "name_1": "Sở A", "kind_1": "state", "name_3": "Sở B",
            "heir": "3", f"join_{YEAR}": str(world.bloc_year.pk), **GROUND}  # fmt: skip
    url = f"/don-vi/{world.units[2].pk}/chia-tach/"
    assert "Thành lập Sở A và Sở B" in text(client.post(url, data))
    assert confirm(client, url, data).status_code == 302
    heir = Unit.objects.get(name="Sở B")
    assert heir.posts.count() == 2
    assert Membership.objects.filter(unit=heir, bloc_year=world.bloc_year).exists()
    wrong = {**data, "heir": "2"}
    other = f"/don-vi/{world.units[3].pk}/chia-tach/"
    assert "một trong các đơn vị mới" in text(
        client.post(other, {**wrong, "name_1": "Sở C", "name_3": "Sở D"})
    )


def test_a_move_on_its_page(as_user):
    world = a_world()
    to = make_bloc_year(BlocFactory(board=world.board), year=YEAR, status=YearStatus.RUNNING)
    client = as_user(world.board_officer)
    list_page = text(client.get(f"/nam/{world.bloc_year.pk}/don-vi/"))
    assert "Ghi chuyển khối" in list_page
    assert "Ghi chuyển khối" not in text(
        as_user(world.secretary).get(f"/nam/{world.bloc_year.pk}/don-vi/")
    )
    client = as_user(world.board_officer)
    url = f"/nam/{world.bloc_year.pk}/don-vi/{world.memberships[2].pk}/chuyen-khoi/"
    answer = confirm(client, url, {"to": to.pk, **GROUND})
    assert (answer.status_code, answer.url) == (302, f"/nam/{to.pk}/don-vi/")
    assert world.units[2].name in text(client.get(answer.url))
    assert "đã rời khối" in text(client.get(f"/nam/{world.bloc_year.pk}/don-vi/"))


def test_a_bloc_is_renamed_and_ended_on_its_pages(as_user):
    world = a_world()
    world.set_status(YearStatus.CLOSED)
    client = as_user(world.board_officer)
    url = f"/khoi/{world.bloc.pk}/"
    assert "Đổi tên khối" in text(client.get(url))
    assert confirm(client, f"{url}doi-ten/", {"name": "Khối Mới", **GROUND}).status_code == 302
    after = BlocFactory(board=world.board)
    answer = confirm(client, f"{url}ket-thuc/", {"successor": after.pk, **GROUND})
    assert answer.status_code == 302
    page = text(client.get(url))
    assert "Khối Mới" in page
    assert "đã kết thúc" in page
    assert f"Khối kế tục: {after.name}" in page
    assert "không lập năm mới được nữa" in page
    assert client.get(f"{url}doi-ten/").status_code == 409
    assert "Đổi tên khối" not in page.split("Thay đổi tổ chức")[0]


def test_those_who_came_after_open_the_page_of_what_was_before(as_user):
    world = a_world()
    made = merge_units(actor=world.board_officer, merger=merger(world, 2, 3))
    client = as_user(world.officers[2])
    page = client.get(f"/don-vi/{made.pk}/")
    assert f"/don-vi/{world.units[3].pk}/" in page.content.decode()
    before = text(client.get(f"/don-vi/{world.units[3].pk}/"))
    assert "Kế thừa" in before
    assert client.get(f"/don-vi/{world.units[1].pk}/").status_code == 404
    assert client.get(f"/don-vi/{world.units[3].pk}/doi-ten/").status_code == 403


def test_names_of_their_time_stand_on_the_list_of_members(as_user):
    world = a_world()
    old = world.units[2].name
    client = as_user(world.board_officer)
    ground = {**GROUND, "effective_on": format_date(DAY + dt.timedelta(days=1))}
    url = f"/don-vi/{world.units[2].pk}/doi-ten/"
    assert confirm(client, url, {"name": "Tên Mới Tinh", **ground}).status_code == 302
    page = text(client.get(f"/nam/{world.bloc_year.pk}/don-vi/"))
    assert old in page
    assert "Tên Mới Tinh" not in page
