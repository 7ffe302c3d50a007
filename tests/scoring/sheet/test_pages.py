"""The sheet's pages: who gets in, what is kept, how many queries."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import YearStatus
from emulation.models import User
from scoring.enums import SheetStatus
from scoring.forms.self_score import draft_of, shown_mark
from scoring.models import ScoreSheet
from scoring.services.sheets import save_lines
from tests.factories import World, make_person, make_user, make_world
from tests.scoring.builders import (
    PDF,
    a_pdf,
    criterion_id,
    draft,
    fill,
    hand_in,
    line_of,
    make_scoring_world,
    save,
    sheet_of,
)
from tests.scoring.sheet.test_saving import long_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_scoring_world()


def post_of(sheet: ScoreSheet, code: str, **fields: str) -> dict[str, str]:
    """What a browser posts for a line whose page showed it blank."""
    key = criterion_id(sheet, code)
    seen = shown_mark(draft_of(None, "", line_of(sheet, code).version))
    return {f"c{key}-v": seen, **{f"c{key}-{name}": text for name, text in fields.items()}}


# ---------------------------------------------------------------- who gets in


def people(world: World) -> dict[str, User | None]:
    return {
        "anonymous": None,
        "own officer": world.officers[2],
        "own leader": world.leaders[2],
        "another member": world.officers[3],
        "secretary": world.secretary,
        "head": world.head_leader,
        "deputy": world.deputy_leader,
        "board": world.board_officer,
        "other board": make_world(2).board_officer,
        "nobody": make_user(),
        "administrator": make_user(is_staff=True, is_superuser=True),
    }


def shut(response) -> None:
    """Close a download's file (``response.close()`` would close the test's database too)."""
    for close in response._resource_closers:
        close()


def statuses(client, world: World, url: str) -> dict[str, int]:
    found = {}
    for name, user in people(world).items():
        client.logout()
        if user is not None:
            client.force_login(user)
        response = client.get(url)
        found[name] = response.status_code
        shut(response)
    return found


BEFORE = {
    "anonymous": 302,
    "own officer": 200,
    "own leader": 200,
    "another member": 404,
    "secretary": 403,
    "head": 403,
    "deputy": 404,
    "board": 403,
    "other board": 404,
    "nobody": 404,
    "administrator": 404,
}


def test_before_submission_only_the_unit_reads(client) -> None:
    world = make_scoring_world(4)
    sheet = fill(world, 2)
    for name in ("sheet", "sheet_history", "sheet_docx"):
        assert statuses(client, world, reverse(name, args=[sheet.pk])) == BEFORE, name


def test_after_submission_the_head_waits_for_its_own(client) -> None:
    world = make_scoring_world(4)
    sheet = hand_in(world, 2)
    url = reverse("sheet", args=[sheet.pk])
    assert statuses(client, world, url) == {**BEFORE, "board": 200}
    hand_in(world, 0)
    opened = {**BEFORE, "board": 200, "secretary": 200, "head": 200}
    assert statuses(client, world, url) == opened


def test_the_heads_sheet_opens_to_its_stand_in(client) -> None:
    world = make_scoring_world(4)
    sheet = hand_in(world, 0)
    client.force_login(world.deputy_officer)
    assert client.get(reverse("sheet", args=[sheet.pk])).status_code == 403
    hand_in(world, 1)
    assert client.get(reverse("sheet", args=[sheet.pk])).status_code == 200
    client.force_login(world.officers[3])
    assert client.get(reverse("sheet", args=[sheet.pk])).status_code == 404


def test_evidence_leaves_only_through_its_own_sheet(client) -> None:
    world = make_scoring_world(4)
    sheet, other = sheet_of(world, 2), sheet_of(world, 3)
    client.force_login(world.officers[2])
    key = criterion_id(sheet, "A1")
    url = reverse("evidence_add", args=[sheet.pk, key])
    assert client.post(url, {"file": a_pdf("BIMAT báo cáo.pdf")}).status_code == 302
    [each] = line_of(sheet, "A1").evidence.all()
    download = reverse("evidence", args=[sheet.pk, each.pk])
    assert statuses(client, world, download) == BEFORE
    client.force_login(world.officers[3])
    assert client.get(reverse("evidence", args=[other.pk, each.pk])).status_code == 404
    client.force_login(world.officers[2])
    response = client.get(download)
    assert b"".join(response.streaming_content) == PDF
    shut(response)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in response["Content-Disposition"]


def test_others_neither_edit_nor_hand_in(client) -> None:
    world = make_scoring_world(4)
    sheet = fill(world, 2)
    posts = ["sheet_save", "sheet_submit"]
    for name, expected in {"secretary": 403, "board": 403, "another member": 404}.items():
        user = people(world)[name]
        assert user is not None
        client.force_login(user)
        for url in posts:
            assert client.post(reverse(url, args=[sheet.pk])).status_code == expected, (name, url)
        key = criterion_id(sheet, "A1")
        add = reverse("evidence_add", args=[sheet.pk, key])
        assert client.get(add).status_code == expected
        assert client.post(add, {"file": a_pdf()}).status_code == expected
    assert sheet_of(world, 2).status == SheetStatus.DRAFTING


def test_a_former_officer_is_out(client, world: World) -> None:
    sheet = fill(world, 2)
    post = world.officers[2].posts.get()
    post.ends_on = post.starts_on
    post.save()
    client.force_login(world.officers[2])
    assert client.get(reverse("sheet", args=[sheet.pk])).status_code == 404


# ---------------------------------------------------------------- saving


def test_a_save_keeps_what_could_not_be_read(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    data = post_of(sheet, "A4", points="7,3", note="ghi <b>chú</b>") | post_of(sheet, "A2", n="3")
    response = client.post(reverse("sheet_save", args=[sheet.pk]), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="7,3"' in page
    assert "ghi &lt;b&gt;chú&lt;/b&gt;" in page
    assert "bội số của 0,5" in page
    assert f'href="#c{criterion_id(sheet, "A4")}-points"' in page
    assert line_of(sheet, "A2").self_points == Decimal("8.50")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "x" * 10_000])
def test_hostile_text_is_shown_harmless(client, world: World, text: str) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    data = post_of(sheet, "A4", points=text)
    response = client.post(reverse("sheet_save", args=[sheet.pk]), data)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_saving_then_going_on(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    url, key = reverse("sheet_save", args=[sheet.pk]), criterion_id(sheet, "A1")
    check = client.post(url, {**post_of(sheet, "A2", n="3"), "next": "check"})
    assert check["Location"] == reverse("sheet_check", args=[sheet.pk])
    add = client.post(url, {**post_of(sheet, "A4", points="5"), "next": str(key)})
    assert add["Location"] == reverse("evidence_add", args=[sheet.pk, key])
    assert line_of(sheet, "A4").self_points == Decimal("5.00")


def test_going_on_with_nothing_to_save_says_nothing_of_saving(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    url, key = reverse("sheet_save", args=[sheet.pk]), criterion_id(sheet, "A1")
    add = client.post(url, {"next": str(key)}, follow=True).content.decode()
    assert "Không có thay đổi nào" not in add
    assert "Không có thay đổi nào" in client.post(url, follow=True).content.decode()


def test_the_evidence_page_says_what_the_criterion_wants(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    pages = {
        code: client.get(
            reverse("evidence_add", args=[sheet.pk, criterion_id(sheet, code)])
        ).content.decode()
        for code in ("A1", "A2", "E1")
    }
    assert "bắt buộc có minh chứng" in pages["A1"]
    assert "số và ngày của quyết định" in pages["E1"]
    assert "tính 0 điểm" not in pages["A2"]
    assert "(không bắt buộc)" not in "".join(pages.values())


def test_the_second_person_sees_both_and_chooses(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    mine = post_of(sheet, "A2", n="5", note="đếm lại")
    save(world.leaders[2], sheet, {"A2": {"n": "3"}})
    client.force_login(world.officers[2])
    url = reverse("sheet_save", args=[sheet.pk])
    response = client.post(url, mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert world.leaders[2].full_name in page
    assert "3 văn bản chậm" in page
    assert 'value="5"' in page
    assert "đếm lại" in page
    again = dict(re.findall(r'name="(c\d+-v)" value="([^"]+)"', page))
    key = criterion_id(sheet, "A2")
    kept = client.post(url, {**mine, f"c{key}-v": again[f"c{key}-v"], f"c{key}-keep": "1"})
    assert kept.status_code == 302
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 3}
    assert client.post(url, {**mine, f"c{key}-v": again[f"c{key}-v"]}).status_code == 302
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 5}


def test_untouched_lines_never_clash(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    page = client.get(reverse("sheet", args=[sheet.pk])).content.decode()
    data = dict(re.findall(r'name="(c\d+-v)" value="([^"]+)"', page))
    save(world.leaders[2], sheet, {"A2": {"n": "3"}, "B1": {"passed": "1"}})
    data[f"c{criterion_id(sheet, 'C1')}-level"] = "1"
    assert client.post(reverse("sheet_save", args=[sheet.pk]), data).status_code == 302
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 3}
    assert line_of(sheet, "C1").self_points == Decimal("10.00")


def test_a_posted_page_as_it_was_shown_changes_nothing(client, world: World) -> None:
    sheet = fill(world, 2)
    save_lines(
        actor=world.officers[2], sheet=sheet, lines=draft(sheet, "B3b", na=True, note="a\nb")
    )
    versions = dict(sheet.lines.order_by("pk").values_list("pk", "version"))
    client.force_login(world.officers[2])
    page = client.get(reverse("sheet", args=[sheet.pk])).content.decode()
    assert client.post(reverse("sheet_save", args=[sheet.pk]), form_of(page)).status_code == 302
    assert dict(sheet.lines.order_by("pk").values_list("pk", "version")) == versions


def form_of(page: str) -> dict[str, str]:
    """The fields of the page's form as a browser would post them untouched."""
    data = dict(re.findall(r'<input[^>]*name="(c\d+-\w+)"[^>]*value="([^"]*)"', page))
    for name in re.findall(r'type="checkbox"[^>]*name="(c\d+-\w+)"', page):
        data.pop(name, None)
    checked = re.findall(r'name="(c\d+-na)"\s+value="1"\s+checked', page)
    data |= dict.fromkeys(checked, "1")
    for name, options in re.findall(
        r'<select[^>]*name="(c\d+-\w+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)"\s+selected', options)
        data[name] = chosen[1] if chosen else ""
    for name, text in re.findall(
        r'<textarea[^>]*name="(c\d+-note)"[^>]*>(.*?)</textarea>', page, re.DOTALL
    ):
        data[name] = text.replace("\n", "\r\n")
    return data


# ---------------------------------------------------------------- the other pages


def test_the_walk_to_the_receipt(client, world: World) -> None:
    sheet = fill(world, 2)
    client.force_login(world.officers[2])
    check = client.get(reverse("sheet_check", args=[sheet.pk])).content.decode()
    assert "E1, E2, F2" in check
    assert f'<option value="{world.leaders[2].full_name}' in check
    for shown in ("20 trên 20 chỉ tiêu", "0 văn bản chậm", "Xuất sắc", "25,00 / 25"):
        assert shown in check
    url = reverse("sheet_submit", args=[sheet.pk])
    refused = client.post(url, {"approving_leader": "Trần Thị Bình, Giám đốc"})
    assert refused.status_code == 200
    assert "Đề nghị đánh dấu xác nhận" in refused.content.decode()
    data = {
        "approving_leader": "Trần Thị Bình, Giám đốc",
        "confirm_blanks": "on",
        "declared": "on",
    }
    receipt = reverse("sheet_receipt", args=[sheet.pk])
    assert client.post(url, data)["Location"] == receipt
    assert client.post(url, data)["Location"] == receipt
    page = client.get(receipt).content.decode()
    assert "Trần Thị Bình, Giám đốc" in page
    assert re.search(r"2026/\d{6}", page)
    assert "Nộp đúng hạn" in page
    assert sheet_of(world, 2).transitions.filter(transition="submit").count() == 1
    closed = client.get(reverse("sheet", args=[sheet.pk])).content.decode()
    assert "Lưu bảng" not in closed


def test_an_unfinished_sheet_names_what_blocks(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    save(world.officers[2], sheet, {"A2": {"n": "0"}})
    client.force_login(world.officers[2])
    page = client.get(reverse("sheet_check", args=[sheet.pk])).content.decode()
    assert "Còn 8 tiêu chí chưa chấm" in page
    data = {"approving_leader": "A", "confirm_blanks": "on", "declared": "on"}
    assert client.post(reverse("sheet_submit", args=[sheet.pk]), data).status_code == 409


def test_returning(client, world: World) -> None:
    hand_in(world, 0)
    sheet = hand_in(world, 2)
    url = reverse("sheet_return", args=[sheet.pk])
    client.force_login(world.officers[2])
    assert client.get(url).status_code == 403
    client.force_login(world.secretary)
    assert client.get(url).status_code == 200
    past = client.post(url, {"reason": "Thiếu số liệu", "due_on": "01/01/2020"})
    assert "phải từ hôm nay" in past.content.decode()
    assert client.post(url, {"due_on": "01/01/2199"}).status_code == 200
    done = client.post(url, {"reason": "Thiếu số liệu", "due_on": "01/01/2199"})
    assert done.status_code == 302
    client.force_login(world.officers[2])
    page = client.get(reverse("sheet", args=[sheet.pk])).content.decode()
    assert "hạn nộp lại 01/01/2199" in page
    assert "Thiếu số liệu" in page


def test_the_word_file(client, world: World) -> None:
    sheet = hand_in(world, 2)
    client.force_login(world.officers[2])
    response = client.get(reverse("sheet_docx", args=[sheet.pk]))
    assert response.status_code == 200
    import io

    import docx

    paper = docx.Document(io.BytesIO(response.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "20 trên 20 chỉ tiêu" in cells
    assert any("214/BC" in text for text in cells)
    assert any("100,00 + 0,00 − 0,00 = 100,00" in each.text for each in paper.paragraphs)


def test_the_list_tells_state_but_no_points(client) -> None:
    world = make_scoring_world(4)
    fill(world, 2)
    hand_in(world, 3)
    client.force_login(world.officers[1])
    page = client.get(reverse("sheet_list", args=[world.bloc_year.pk])).content.decode()
    assert "9/9 tiêu chí" in page
    assert "Đang chờ 3/4 đơn vị nộp" in page
    assert "100,00" not in page
    assert reverse("sheet", args=[sheet_of(world, 3).pk]) not in page


def test_the_list_is_searched_without_diacritics(client, world: World) -> None:
    client.force_login(world.officers[1])
    url = reverse("sheet_list", args=[world.bloc_year.pk])
    page = client.get(url, {"q": "so vi du"}).content.decode()
    assert all(unit.name in page for unit in world.units)
    assert "Không có đơn vị nào khớp" in client.get(url, {"q": "zzz"}).content.decode()


# ---------------------------------------------------------------- evidence


def test_evidence_needs_a_file_or_a_citation(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    url = reverse("evidence_add", args=[sheet.pk, criterion_id(sheet, "A1")])
    assert "Đề nghị chọn tệp" in client.post(url, {"title": "x"}).content.decode()
    program = SimpleUploadedFile("a.pdf", b"MZ" + b"0" * 100)
    assert "chương trình" in client.post(url, {"file": program}).content.decode()
    assert "tối đa" in client.post(url, {"title": "x" * 301}).content.decode()
    assert not line_of(sheet, "A1").evidence.exists()
    assert client.post(url, {"number": "12/QĐ", "issued_on": "05/06/2026"}).status_code == 302


def test_the_same_file_twice_is_told(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    client.force_login(world.officers[2])
    url = reverse("evidence_add", args=[sheet.pk, criterion_id(sheet, "A1")])
    two = {"file": [a_pdf("a.pdf", PDF + b"1"), a_pdf("b.pdf", PDF + b"2")]}
    assert client.post(url, two).status_code == 302
    again = client.post(url, {"file": a_pdf("a.pdf", PDF + b"1")})
    assert "đã có ở tiêu chí" in again.content.decode()
    assert line_of(sheet, "A1").evidence.count() == 2
    other = reverse("evidence_add", args=[sheet.pk, criterion_id(sheet, "A2")])
    assert client.post(other, {"file": a_pdf("a.pdf", PDF + b"1")}).status_code == 302
    page = client.get(reverse("sheet", args=[sheet.pk])).content.decode()
    assert "cùng nội dung với tiêu chí A2" in page


def test_removing_keeps_the_row(client, world: World) -> None:
    sheet = fill(world, 2)
    [each] = line_of(sheet, "A1").evidence.all()
    client.force_login(world.officers[2])
    url = reverse("evidence_remove", args=[sheet.pk, each.pk])
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 404
    each.refresh_from_db()
    assert each.removed_by == world.officers[2]
    assert line_of(sheet, "A1").self_points == Decimal("0.00")


def test_removing_saves_what_was_typed_beside_it(client, world: World) -> None:
    sheet = fill(world, 2, {"A1": {"numerator": "1", "denominator": "2"}})
    [each] = line_of(sheet, "A1").evidence.all()
    client.force_login(world.officers[2])
    url = reverse("evidence_remove", args=[sheet.pk, each.pk])
    wrong = client.post(url, post_of(sheet, "A4", points="bảy"))
    assert 'value="bảy"' in wrong.content.decode()
    assert line_of(sheet, "A1").evidence.filter(removed_at__isnull=True).exists()
    assert client.post(url, post_of(sheet, "A4", points="7")).status_code == 302
    assert line_of(sheet, "A4").self_points == Decimal("7.00")
    assert not line_of(sheet, "A1").evidence.filter(removed_at__isnull=True).exists()


# ---------------------------------------------------------------- queries


@pytest.mark.parametrize("criteria", [12, 60])
def test_the_sheet_takes_nine_queries_whatever_its_size(client, criteria: int) -> None:
    """Eight, and one for the unit's own people: last year's points, pledge, words inside."""
    world = make_scoring_world(document=long_document(criteria))
    sheet = fill(world, 2, {f"A{n}": {"n": "1"} for n in range(1, criteria + 1)} | {})
    client.force_login(world.officers[2])
    client.get(reverse("sheet", args=[sheet.pk]))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("sheet", args=[sheet.pk])).status_code == 200
    assert len(queries) <= 9, "\n".join(q["sql"][:200] for q in queries)


@pytest.mark.parametrize("members", [3, 30])
def test_the_list_takes_the_same_queries(client, members: int) -> None:
    world = make_scoring_world(members)
    client.force_login(world.officers[1])
    url = reverse("sheet_list", args=[world.bloc_year.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    assert len(queries) == 9, "\n".join(q["sql"][:200] for q in queries)


@pytest.mark.parametrize("members", [3, 12])
def test_the_step_opens_a_sheet_for_everybody_once(client, members: int) -> None:
    world = make_scoring_world(members)
    client.force_login(world.secretary)
    url = reverse("sheet_open", args=[world.bloc_year.pk])
    assert client.post(url).status_code == 302
    assert ScoreSheet.objects.filter(bloc_year=world.bloc_year).count() == members
    client.force_login(world.officers[2])
    assert client.post(url).status_code == 403
    world.set_status(YearStatus.RUNNING)
    client.force_login(make_person(world.units[0]))
    assert client.post(url).status_code == 403
