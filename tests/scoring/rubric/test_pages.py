"""The rubric's pages: built in the browser, read, commented on, issued."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import YearStatus
from scoring.enums import RubricStatus
from scoring.models import Criterion, Rubric, RubricComment, Section
from scoring.rules.rubric import SectionFloor
from scoring.selectors.rubrics import rules_of
from scoring.services.rubrics import comment_on_rubric, open_rubric_consultation
from tests.factories import World, make_user, make_world
from tests.scoring.builders import make_rubric
from tests.scoring.rubric.test_round_trip import RULES, file_of
from tests.scoring.rubric.test_services import meeting_of
from tests.scoring.sheet.test_saving import long_document

pytestmark = pytest.mark.django_db


def table(name: str, *rows: dict[str, str]) -> dict[str, str]:
    """A small table as its form posts it."""
    return {
        f"{name}-{place}-{key}": text for place, row in enumerate(rows) for key, text in row.items()
    }


SETTINGS = {
    "title": "Bảng chấm điểm năm 2026",
    "scale_max": "100",
    "plus_cap": "10",
    "minus_cap": "15,5",
    "floor": "0",
    "ceiling": "110",
    "rounding": "0,01",
    **table(
        "grades",
        {"name": "Xuất sắc", "bound": "90", "lowest": "85%", "most": "25", "base": "ranked"},
        {"name": "Tốt", "bound": "80", "base": "ranked"},
        {"name": "Chưa đạt", "bound": "0", "base": "ranked"},
        {"base": "ranked"},
    ),
    **table("floors", {"grade": "Xuất sắc", "section": "A", "lowest": "80"}),
    **table("tie_breaks", {"rule": "minus:asc"}, {"rule": "share"}, {"rule": ""}),
    "late_policy": "minus",
    "rank_style": "standard",
}
CRITERION = {
    "code": "A1",
    "title": "Cải cách hành chính",
    "max_points": "7,5",
    "kind": "choice",
    **table(
        "levels",
        {"label": "Xuất sắc", "points": "7,5"},
        {"label": "Tốt", "points": "5"},
        {"label": "Hỏng", "points": "0", "knocks_out": "1"},
        {},
    ),
    "not_applicable": "not_allowed",
}


@pytest.fixture
def world() -> World:
    return make_world(4, status=YearStatus.RUNNING)


def page_of(client, name: str, *args: int) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_a_table_is_built_from_nothing(client, world: World) -> None:
    client.force_login(world.secretary)
    url = reverse("rubric_create", args=[world.bloc_year.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, SETTINGS).status_code == 302
    rubric = Rubric.objects.get()
    section = {"code": "A", "title": "Phần A", "kind": "BASE", "max_points": "100"}
    assert client.post(reverse("rubric_section_add", args=[rubric.pk]), section).status_code == 302
    added = Section.objects.get()
    url = reverse("rubric_criterion_add", args=[rubric.pk, added.pk])
    assert client.post(url, CRITERION).status_code == 302
    part = {**CRITERION, "code": "A2a", "kind": "ratio"} | table(
        "ladder", {"threshold": "50%", "points": "4"}, {"threshold": "30", "points": "2"}
    )
    top = {**CRITERION, "code": "A2", "kind": "direct"}
    assert client.post(url, top).status_code == 302
    parent = Criterion.objects.get(code="A2")
    assert (
        client.post(reverse("rubric_part_add", args=[rubric.pk, parent.pk]), part).status_code
        == 302
    )
    page = page_of(client, "rubric", rubric.pk)
    assert "Chọn một mức. Xuất sắc: 7,5 điểm; Tốt: 5 điểm; Hỏng: 0 điểm (điểm liệt)." in page
    assert "từ 50% được 4 điểm" in page
    assert "Các tiêu chí cộng lại 15 điểm, phần ghi 100." in page
    again = client.get(reverse("rubric_settings", args=[rubric.pk])).content.decode()
    assert 'name="grades-0-most" value="25%"' in " ".join(again.split())
    assert rules_of(rubric).grades[0].section_floors == (SectionFloor("A", Decimal("0.8")),)
    assert 'value="15,5"' in again


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("max_points", "-1", "Phải là số từ 0,01 đến 9999,99"),
        ("max_points", "7,555", "chữ số sau dấu phẩy"),
        ("max_points", "=1+1", "nhập một số"),
        ("levels-1-points", "", "Dòng 2: chưa nhập điểm"),
        ("levels-1-points", "bảy", "Dòng 2"),
        ("levels-0-label", "x" * 250, "tên mức dài quá 200"),
        ("levels-0-label", "x" * 10_000, "tối đa 300 ký tự"),
        ("title", "<script>alert(1)</script>" * 50, "tối đa 1000"),
        ("code", "", "Đề nghị nhập “Mã”"),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(client, world: World, field, typed, said) -> None:
    rubric = make_rubric(world, issued=False)
    section = Section.objects.filter(rubric=rubric).order_by("position").first()
    assert section is not None
    client.force_login(world.secretary)
    url = reverse("rubric_criterion_add", args=[rubric.pk, section.pk])
    response = client.post(url, {**CRITERION, "code": "Z1", field: typed})
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "<script>alert" not in page
    assert not Criterion.objects.filter(code="Z1").exists()


def test_two_people_edit_one_criterion(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    row = Criterion.objects.get(rubric=rubric, code="A3")
    url = reverse("rubric_criterion_edit", args=[rubric.pk, row.pk])
    client.force_login(world.secretary)
    page = client.get(url).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    row.title = "Tên do người khác sửa"
    row.save()
    mine = {**CRITERION, "code": "A3", "title": "Tên của tôi", "seen": seen[1]}
    response = client.post(url, mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Tên do người khác sửa" in page
    assert "Tên của tôi" in page
    now = re.search(r'name="seen" value="(\w+)"', page)
    assert now
    assert client.post(url, {**mine, "seen": now[1]}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Tên của tôi"


def test_moving_and_dropping(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    client.force_login(world.secretary)
    row = Criterion.objects.get(rubric=rubric, code="A2")
    url = reverse("rubric_criterion_deed", args=[rubric.pk, row.pk])
    assert client.post(url, {"deed": "up"}).status_code == 302
    assert list(rules_of(rubric).places)[:2] == ["A2", "A1"]
    assert client.post(url, {"deed": "fly"}).status_code == 404
    assert client.post(url, {"deed": "drop"}).status_code == 302
    assert client.post(url, {"deed": "drop"}).status_code == 404


READERS = {
    "anonymous": (302, 302),
    "member": (404, 200),
    "secretary": (200, 200),
    "head": (200, 200),
    "board": (200, 200),
    "other board": (404, 404),
    "administrator": (404, 404),
}


@pytest.mark.parametrize("name", ["rubric", "rubric_comments"])
def test_who_reads_a_draft_and_a_table_out_for_comment(client, world: World, name: str) -> None:
    rubric = make_rubric(world, issued=False)
    users = {
        "anonymous": None,
        "member": world.officers[3],
        "secretary": world.secretary,
        "head": world.head_leader,
        "board": world.board_officer,
        "other board": make_world(2).board_officer,
        "administrator": make_user(is_superuser=True, is_staff=True),
    }

    def statuses() -> dict[str, int]:
        found = {}
        for who, user in users.items():
            client.logout()
            if user is not None:
                client.force_login(user)
            found[who] = client.get(reverse(name, args=[rubric.pk])).status_code
        return found

    assert statuses() == {who: pair[0] for who, pair in READERS.items()}
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    assert statuses() == {who: pair[1] for who, pair in READERS.items()}


def test_building_pages_are_the_secretarys(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    row = Criterion.objects.filter(rubric=rubric).order_by("pk").first()
    assert row is not None
    urls = [
        reverse("rubric_create", args=[world.bloc_year.pk]),
        reverse("rubric_settings", args=[rubric.pk]),
        reverse("rubric_section_add", args=[rubric.pk]),
        reverse("rubric_criterion_edit", args=[rubric.pk, row.pk]),
        reverse("rubric_issue", args=[rubric.pk]),
    ]
    client.force_login(world.officers[3])
    for url in urls:
        assert client.get(url).status_code == 403, url
        assert client.post(url, {}).status_code == 403, url
    client.force_login(make_world(2).secretary)
    for url in urls:
        assert client.get(url).status_code == 404, url


def test_comments_and_replies(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    client.force_login(world.secretary)
    step = reverse("rubric_step", args=[rubric.pk])
    assert client.post(step, {"transition": "consult"}).status_code == 302
    url = reverse("rubric_comments", args=[rubric.pk])
    client.force_login(world.officers[3])
    data = {"proposal": "change", "text": "Tăng <b>điểm</b>", "membership": world.memberships[3].pk}
    assert client.post(url, data).status_code == 302
    assert client.post(url, {**data, "membership": world.memberships[2].pk}).status_code == 200
    comment = RubricComment.objects.get()
    reply = reverse("rubric_comment_reply", args=[rubric.pk, comment.pk])
    assert client.post(reply, {"reply": "x"}).status_code == 403
    client.force_login(world.secretary)
    oral = {"proposal": "keep", "text": "Giữ nguyên", "meeting": meeting_of(world).pk}
    assert client.post(url, oral).status_code == 302
    assert "hội nghị tại đó" in client.post(url, {**oral, "meeting": ""}).content.decode()
    refused = client.post(reply, {"reply": ""}).content.decode()
    box = f"tra-loi-{comment.pk}-reply"
    assert f'<a href="#{box}">' in refused
    assert f'id="{box}"' in refused
    assert client.post(reply, {"reply": "Đã tiếp thu"}).status_code == 302
    page = page_of(client, "rubric_comments", rubric.pk)
    assert "2 ý kiến, 1 chưa trả lời" in page
    assert "Tăng &lt;b&gt;điểm&lt;/b&gt;" in page


def test_issuing_types_number_and_date(client, world: World) -> None:
    rubric = make_rubric(world, long_document(3) | {"scale_max": 4}, issued=False)
    client.force_login(world.head_leader)
    url = reverse("rubric_issue", args=[rubric.pk])
    page = client.get(url).content.decode()
    assert "Các phần cộng lại 3 điểm, thang điểm là 4." in page
    (field,) = set(re.findall(r'name="(waiver_\w+)"', page))
    assert 'name="reason"' not in page
    data = {"document_number": "12/QĐ-KTĐ", "issued_on": "15/04/2026", field: "Theo <b>văn bản"}
    assert "Đề nghị nhập" in client.post(url, {**data, field: " "}).content.decode()
    wrong = client.post(url, {**data, "issued_on": "2026-15-04"})
    assert "ngày/tháng/năm" in wrong.content.decode()
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 409
    rubric.refresh_from_db()
    assert rubric.status == RubricStatus.ISSUED
    assert f"{rubric.issued_on:%d/%m/%Y}" == "15/04/2026"
    assert_the_waiver_is_shown(client, world, rubric)
    client.force_login(world.secretary)
    assert client.post(reverse("rubric_copy", args=[rubric.pk])).status_code == 302
    assert Rubric.objects.filter(version=2, status=RubricStatus.DRAFT).exists()


def assert_the_waiver_is_shown(client, world: World, rubric: Rubric) -> None:
    """Every reader of the issued table sees what was let pass and why; the check no longer."""
    for reader in (world.secretary, world.officers[3]):
        client.force_login(reader)
        page = page_of(client, "rubric", rubric.pk)
        assert "Lỗi được chấp nhận khi ban hành" in page
        assert "Lý do: Theo &lt;b&gt;văn bản" in page
        assert page.count("Các phần cộng lại 3 điểm, thang điểm là 4.") == 1


def test_the_check_leads_to_the_place_and_sets_side_by_side(client, world: World) -> None:
    rubric = make_rubric(world, file_of(RULES / "thanh_hoa_commune.json"), issued=False)
    ids = dict(Criterion.objects.filter(rubric=rubric).values_list("code", "pk"))
    part = Section.objects.get(rubric=rubric, code="V")
    client.force_login(world.secretary)
    page = " ".join(page_of(client, "rubric", rubric.pk).split())
    assert f'<a href="#tieu-chi-{ids["IX.6"]}">Tiêu chí IX.6</a>: Văn bản in tối đa 3 điểm' in page
    assert f'<tr id="tieu-chi-{ids["IX.6"]}"' in page
    assert page.count(f'href="#phan-{part.pk}"') == 2
    assert f'id="phan-{part.pk}"' in page
    assert page.count('id="thong-tin-chung"') == 1
    assert page.count('class="side-by-side"') == 3
    for code in ("VII.1", "IX.3"):
        assert f'<a href="#tieu-chi-{ids[code]}">{code}. Báo cáo' in page
    assert "Xác định con số đúng, sửa văn bản hoặc sửa cách chấm trước khi ban hành." in page
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    client.force_login(world.officers[3])
    assert "Kiểm tra bảng chấm điểm" not in page_of(client, "rubric", rubric.pk)


def test_a_reason_is_asked_for_each_error(client, world: World) -> None:
    rubric = make_rubric(world, file_of(RULES / "thanh_hoa_commune.json"), issued=False)
    client.force_login(world.head_leader)
    url = reverse("rubric_issue", args=[rubric.pk])
    fields = sorted(set(re.findall(r'name="(waiver_\w+)"', client.get(url).content.decode())))
    assert len(fields) == 3
    data = {"issued_on": "15/04/2026", **{name: f"Lý do {name}" for name in fields}}
    assert client.post(url, {**data, fields[0]: ""}).status_code == 200
    assert client.post(url, data).status_code == 302
    rubric.refresh_from_db()
    assert sorted(each["reason"] for each in rubric.waivers) == [f"Lý do {f}" for f in fields]


@pytest.mark.parametrize("many", [3, 30])
def test_pages_take_the_same_queries(client, world: World, many: int) -> None:
    rubric = make_rubric(world, long_document(many), issued=False)
    open_rubric_consultation(actor=world.secretary, rubric=rubric)
    for place in range(many):
        comment_on_rubric(
            actor=world.officers[3],
            rubric=rubric,
            membership=world.memberships[3],
            criterion=Criterion.objects.filter(rubric=rubric).order_by("pk")[place],
            text="Ý kiến",
        )
    client.force_login(world.secretary)
    counted = {}
    for name, arg in (
        ("rubric_list", world.bloc_year.pk),
        ("rubric", rubric.pk),
        ("rubric_comments", rubric.pk),
    ):
        client.get(reverse(name, args=[arg]))
        with CaptureQueriesContext(connection) as queries:
            page_of(client, name, arg)
        counted[name] = len(queries)
    assert counted == {"rubric_list": 6, "rubric": 22, "rubric_comments": 11}
