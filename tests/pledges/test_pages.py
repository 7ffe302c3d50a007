"""Pages: who gets what, what the forms refuse, stale forms, double submission, query counts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import DeadlineKind, YearStatus
from emulation import clock
from pledges.models import PledgeSignature, Registration, Report
from pledges.selectors.pledges import items_of
from pledges.services.comments import comment_on_pledge
from pledges.services.items import edit_item
from pledges.services.signatures import sign_pledge
from tests.factories import make_user, make_world
from tests.pledges.builders import (
    agreed,
    consulting,
    drafted,
    make_meeting,
    paper_signed,
    registered,
    reported,
    running_world,
    set_due,
    signing_world,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def status(user, name, *args, data=None) -> int:
    client = login(user)
    url = reverse(name, args=args)
    return (client.get(url) if data is None else client.post(url, data)).status_code


def html(response) -> str:
    return response.content.decode()


# ---------------------------------------------------------------- doors


def test_strangers_find_nothing():
    world, pledge = running_world()
    signature = paper_signed(world, pledge)
    registered(world)
    reported(world)
    year, member = world.bloc_year.pk, world.memberships[2].pk
    stranger = make_world().officers[1]
    urls = [
        ("pledge", year),
        ("pledge_print", year),
        ("pledge_docx", year),
        ("pledge_draft", year),
        ("pledge_edit", year),
        ("pledge_comment", year),
        ("pledge_sign", year, member),
        ("pledge_paper_signature", year, member),
        ("pledge_receipt", year, signature.pk),
        ("pledge_revoke", year, signature.pk),
        ("registration_list", year),
        ("registration", member),
        ("registration_edit", member),
        ("registration_send", member),
        ("registration_return", member),
        ("report_list", year),
        ("unit_report", member, "so-ket"),
        ("unit_report_edit", member, "so-ket"),
        ("bloc_report", year, "so-ket"),
    ]
    for who in (stranger, make_user()):
        assert {name: status(who, name, *args) for name, *args in urls} == {
            name: 404 for name, *_ in urls
        }


def test_a_draft_text_is_the_secretarys_and_the_boards():
    world = make_world()
    drafted(world, items=("BIMAT-42",))
    year = world.bloc_year.pk
    for reader in (world.secretary, world.head_leader, world.board_officer):
        assert "BIMAT-42" in html(login(reader).get(reverse("pledge", args=[year])))
        assert status(reader, "pledge_docx", year) == 200
    for other in (world.officers[2], world.leaders[2]):
        page = login(other).get(reverse("pledge", args=[year]))
        assert page.status_code == 200
        assert "BIMAT-42" not in html(page)
        assert "đang soạn dự thảo" in html(page)
        assert status(other, "pledge_docx", year) == 404
        assert status(other, "pledge_print", year) == 404


def test_drafts_of_registration_and_report_are_the_units():
    world, _ = running_world()
    registered(world, sent=False, title="BIMAT-DK")
    reported(world, sent=False, results="BIMAT-BC")
    member, year = world.memberships[2].pk, world.bloc_year.pk
    for other in (world.secretary, world.head_leader, world.officers[1], world.board_officer):
        assert status(other, "registration", member) == 404
        assert status(other, "unit_report", member, "so-ket") == 404
        for name in ("registration_list", "report_list"):
            assert "BIMAT" not in html(login(other).get(reverse(name, args=[year])))
    for own in (world.officers[2], world.leaders[2]):
        assert "BIMAT-DK" in html(login(own).get(reverse("registration", args=[member])))
        report = login(own).get(reverse("unit_report", args=[member, "so-ket"]))
        assert "BIMAT-BC" in html(report)


def test_what_was_sent_is_read_by_bloc_and_board():
    world, _ = running_world()
    registered(world)
    reported(world)
    member = world.memberships[2].pk
    for reader in (world.secretary, world.officers[1], world.leaders[1], world.board_officer):
        assert status(reader, "registration", member) == 200
        assert status(reader, "unit_report", member, "so-ket") == 200
    assert status(world.officers[1], "unit_report", member, "khac") == 404


def test_action_pages_refuse_the_wrong_role_with_a_reason():
    world, pledge = running_world()
    signature = paper_signed(world, pledge, 1)
    registered(world)
    reported(world)
    year, member = world.bloc_year.pk, world.memberships[2].pk
    officer = world.officers[1]
    forbidden = [
        ("pledge_draft", year),
        ("pledge_edit", year),
        ("pledge_heading", year),
        ("pledge_comment", year),
        ("pledge_sign", year, member),
        ("pledge_paper_signature", year, member),
        ("pledge_revoke", year, signature.pk),
        ("registration_edit", member),
        ("registration_send", member),
        ("registration_return", member),
        ("unit_report_edit", member, "so-ket"),
        ("unit_report_send", member, "so-ket"),
        ("unit_report_return", member, "so-ket"),
    ]
    found = {name: status(officer, name, *args) for name, *args in forbidden}
    assert found == {name: 403 for name, *_ in forbidden}
    page = login(officer).get(reverse("pledge_sign", args=[year, member]))
    assert "lãnh đạo đơn vị" in html(page)


def test_posts_of_the_wrong_role_are_refused():
    world = make_world()
    pledge = consulting(world)
    item, year = items_of(pledge)[0], world.bloc_year.pk
    for who in (world.officers[2], world.board_officer):
        assert status(who, "pledge_item_add", year, data={"text": "x"}) == 403
        assert status(who, "pledge_item_move", year, item.pk, data={"huong": "len"}) == 403
        assert status(who, "pledge_item_drop", year, item.pk, data={}) == 403
        assert status(who, "pledge_take", year, data={"transition": "agree"}) == 403
    assert status(world.secretary, "pledge_take", year, data={"transition": "agree"}) == 403
    assert status(world.secretary, "pledge_take", year, data={"transition": "close"}) == 404
    assert items_of(pledge)[0] == item


def test_methods():
    world = make_world()
    consulting(world)
    year = world.bloc_year.pk
    assert status(world.secretary, "pledge_take", year) == 405
    assert status(world.secretary, "pledge_item_add", year) == 405
    assert status(world.secretary, "pledge", year, data={}) == 405


# ---------------------------------------------------------------- the text


def test_the_secretary_drafts_and_the_bloc_agrees_in_the_browser():
    world = make_world()
    year = world.bloc_year.pk
    client = login(world.secretary)
    assert "Soạn giao ước" in html(client.get(reverse("pledge", args=[year])))
    typed = {"title": "Giao ước", "items": "Một\n\nHai <script>alert(1)</script>\n=1+1"}
    made = client.post(reverse("pledge_draft", args=[year]), typed, follow=True)
    assert made.status_code == 200
    assert "Hai &lt;script&gt;" in html(made)
    again = client.get(reverse("pledge_draft", args=[year]))
    assert again["Location"] == reverse("pledge", args=[year])
    assert status(world.secretary, "pledge_draft", year, data=typed) == 409
    client.post(reverse("pledge_item_add", args=[year]), {"text": "Bốn"})
    pledge = world.bloc_year.pledge
    last = items_of(pledge)[-1]
    client.post(reverse("pledge_item_move", args=[year, last.pk]), {"huong": "len"})
    client.post(reverse("pledge_item_edit", args=[year, last.pk]), {"text": "Tư", "version": "1"})
    client.post(reverse("pledge_item_drop", args=[year, items_of(pledge)[0].pk]))
    assert [i.text for i in items_of(pledge)] == ["Hai <script>alert(1)</script>", "Tư", "=1+1"]
    taken = client.post(
        reverse("pledge_take", args=[year]), {"transition": "open_consultation"}, follow=True
    )
    assert "Đang lấy ý kiến" in html(taken)
    login(world.head_leader).post(reverse("pledge_take", args=[year]), {"transition": "agree"})
    pledge.refresh_from_db()
    assert pledge.status == "agreed"
    again = {"transition": "agree"}
    assert status(world.head_leader, "pledge_take", year, data=again) == 409


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": "", "items": "Một"}, "Đề nghị nhập “Tên giao ước”"),
        ({"title": "G", "items": "x" * 5001}, "tối đa 5000 ký tự"),
        ({"title": "x" * 10_000}, "10000 ký tự"),
    ],
)
def test_a_refused_draft_keeps_what_was_typed(typed, said):
    world = make_world()
    url = reverse("pledge_draft", args=[world.bloc_year.pk])
    page = login(world.secretary).post(url, typed)
    assert page.status_code == 200
    assert said in html(page)
    assert typed["title"] in html(page)
    assert not hasattr(world.bloc_year, "pledge")


def test_a_stale_item_form_shows_both_texts_and_can_be_saved_again():
    world = make_world()
    item = items_of(drafted(world))[0]
    edit_item(actor=world.head_leader, item=item, text="Bản của Trưởng khối", version=1)
    url = reverse("pledge_item_edit", args=[world.bloc_year.pk, item.pk])
    client = login(world.secretary)
    page = client.post(url, {"text": "Bản của Thư ký", "version": "1"})
    assert page.status_code == 409
    assert "Bản của Trưởng khối" in html(page)
    assert "Bản của Thư ký" in html(page)
    assert 'name="version" value="2"' in html(page)
    assert client.post(url, {"text": "Bản của Thư ký", "version": "2"}).status_code == 302
    item.refresh_from_db()
    assert item.text == "Bản của Thư ký"


def test_a_stale_heading_form_shows_both():
    world = make_world()
    drafted(world)
    url = reverse("pledge_heading", args=[world.bloc_year.pk])
    login(world.head_leader).post(url, {"title": "Một", "version": "1"})
    page = login(world.secretary).post(url, {"title": "Hai", "version": "1"})
    assert page.status_code == 409
    assert "Một" in html(page)
    assert "Hai" in html(page)


def test_reopening_asks_for_a_reason_again_on_its_own_page():
    world, _ = signing_world()
    url = reverse("pledge_take", args=[world.bloc_year.pk])
    client = login(world.head_leader)
    page = client.post(url, {"transition": "reopen", "reason": " "})
    assert page.status_code == 200
    assert "Đề nghị ghi lý do" in html(page)
    assert client.post(url, {"transition": "reopen", "phrase": "Sai sót."}).status_code == 302


# ---------------------------------------------------------------- comments


def test_commenting_and_replying():
    world = make_world()
    pledge = consulting(world)
    item, year = items_of(pledge)[1], world.bloc_year.pk
    url = reverse("pledge_comment", args=[year])
    own = str(world.memberships[2].pk)
    client = login(world.officers[2])
    assert "Nêu tại hội nghị" not in html(client.get(url + f"?muc={item.pk}"))
    typed = {"membership": own, "item": str(item.pk), "text": "Ý kiến <b>đậm</b>"}
    page = client.post(url, typed, follow=True)
    assert "Ý kiến &lt;b&gt;đậm&lt;/b&gt;" in html(page)
    comment = pledge.comments.get()
    assert (comment.item, comment.membership) == (item, world.memberships[2])
    reply = reverse("pledge_reply", args=[year, comment.pk])
    assert status(world.secretary, "pledge_reply", year, comment.pk) == 403
    head = login(world.head_leader)
    assert head.post(reply, {"reply": "Tiếp thu"}).status_code == 302
    assert head.post(reply, {"reply": "Khác"}).status_code == 409
    assert "Tiếp thu" in html(client.get(reverse("pledge", args=[year])))


def test_another_units_comment_cannot_be_chosen():
    world = make_world()
    pledge = consulting(world)
    url = reverse("pledge_comment", args=[world.bloc_year.pk])
    typed = {"membership": str(world.memberships[1].pk), "text": "x"}
    page = login(world.officers[2]).post(url, typed)
    assert page.status_code == 200
    assert "không có trong danh sách" in html(page)
    assert not pledge.comments.exists()


def test_the_secretary_needs_a_meeting_for_others():
    world = make_world()
    pledge = consulting(world)
    meeting = make_meeting(world)
    url = reverse("pledge_comment", args=[world.bloc_year.pk])
    client = login(world.secretary)
    typed = {"membership": str(world.memberships[2].pk), "text": "Nêu miệng"}
    assert "Đề nghị chọn hội nghị" in html(client.post(url, typed))
    page = client.post(url, {**typed, "meeting": str(meeting.pk)}, follow=True)
    assert "nêu tại" in html(page)
    assert pledge.comments.get().meeting == meeting


# ---------------------------------------------------------------- signing


def test_the_page_shows_the_unit_its_own_duty_first():
    world, pledge = signing_world()
    year = world.bloc_year.pk
    leader = html(login(world.leaders[2]).get(reverse("pledge", args=[year])))
    sign = reverse("pledge_sign", args=[year, world.memberships[2].pk])
    assert leader.index(sign) < leader.index("Nội dung giao ước</h2>")
    officer = html(login(world.officers[2]).get(reverse("pledge", args=[year])))
    assert sign not in officer
    assert f"Giao ước do lãnh đạo đơn vị ký: {world.leaders[2].full_name}." in officer
    sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    after = html(login(world.leaders[2]).get(reverse("pledge", args=[year])))
    assert "1/3 đơn vị đã ký" in after
    assert reverse("registration", args=[world.memberships[2].pk]) in after


def test_signing_with_check_receipt_and_double_click():
    world, pledge = signing_world()
    year, member = world.bloc_year.pk, world.memberships[2]
    url = reverse("pledge_sign", args=[year, member.pk])
    client = login(world.leaders[2])
    check = html(client.get(url))
    assert world.leaders[2].full_name in check
    assert "Giám đốc" in check
    assert items_of(pledge)[0].text in check
    assert not PledgeSignature.objects.exists()
    typed = {"version": str(pledge.version)}
    first, second = client.post(url, typed), client.post(url, typed)
    assert first.url == second.url
    receipt = html(client.get(first.url))
    assert "Số ghi nhận" in receipt
    assert "GU2026-" in receipt
    assert "đã ký" in html(client.get(url))
    assert PledgeSignature.objects.count() == 1


def test_an_old_signing_page_is_a_conflict():
    world, pledge = signing_world()
    url = reverse("pledge_sign", args=[world.bloc_year.pk, world.memberships[2].pk])
    page = login(world.leaders[2]).post(url, {"version": str(pledge.version + 1)})
    assert page.status_code == 409
    assert login(world.leaders[2]).post(url, {"version": "x" * 50}).status_code == 409


def test_recording_paper_with_a_scan_and_taking_it_back():
    world, _ = signing_world()
    year, member = world.bloc_year.pk, world.memberships[2]
    url = reverse("pledge_paper_signature", args=[year, member.pk])
    client = login(world.secretary)
    assert client.get(url).status_code == 200
    today = f"{clock.today():%d/%m/%Y}"
    typed = {"signatory": "Trần Văn K", "office": "Phó Giám đốc", "signed_on": today}
    bad = client.post(url, {**typed, "scan": SimpleUploadedFile("a.exe", b"MZ1234")})
    assert bad.status_code == 200
    assert "Chỉ nhận" in html(bad)
    assert "Trần Văn K" in html(bad)
    for day in ("2026-03-12", "31/02/2026", "01/01/2199"):
        assert client.post(url, {**typed, "signed_on": day}).status_code == 200
    assert not PledgeSignature.objects.exists()
    done = client.post(url, {**typed, "scan": SimpleUploadedFile("bản ký.pdf", PDF)})
    assert done.status_code == 302
    signature = PledgeSignature.objects.get()
    scan = reverse("pledge_scan", args=[year, signature.pk])
    response = login(world.officers[1]).get(scan)
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == PDF
    assert client.post(url, typed).status_code == 409
    revoke = reverse("pledge_revoke", args=[year, signature.pk])
    assert client.post(revoke, {"reason": ""}).status_code == 200
    assert client.post(revoke, {"reason": "Ghi nhầm"}).status_code == 302
    assert client.post(revoke, {"reason": "Ghi nhầm"}).status_code == 409
    receipt = client.get(reverse("pledge_receipt", args=[year, signature.pk]))
    assert "đã hủy ghi nhận" in html(receipt)


def test_phones_only_within_the_bloc_and_its_board():
    world, _ = signing_world()
    url = reverse("pledge", args=[world.bloc_year.pk])
    phone = world.officers[2].phone
    for reader in (world.officers[1], world.secretary, world.board_officer):
        assert phone in html(login(reader).get(url))
    later = make_later_head(world)
    page = login(later).get(url)
    assert page.status_code == 200
    assert phone not in html(page)


def make_later_head(world):
    """The officer of a unit that heads a later year but is no member of this one."""
    from blocs.enums import TermKind
    from blocs.models import HeadTerm
    from tests.factories import UnitFactory, make_person

    unit = UnitFactory(board=world.board)
    HeadTerm.objects.create(
        bloc=world.bloc, year=world.bloc_year.year + 1, unit=unit, kind=TermKind.HEAD
    )
    return make_person(unit)


def test_the_word_file_is_a_download():
    world, _ = signing_world()
    response = login(world.officers[2]).get(reverse("pledge_docx", args=[world.bloc_year.pk]))
    assert response.status_code == 200
    assert response.content.startswith(b"PK")
    assert response["Content-Disposition"].startswith("attachment")


# ---------------------------------------------------------------- registrations


def rows(*targets, titles=("Cờ thi đua",), version=0, **more):
    typed = {"version": str(version), "so-targets": str(len(targets)), "so-titles": "2", **more}
    for place, (title, value, measure) in enumerate(targets):
        typed |= {
            f"chi-tieu-{place}-title": title,
            f"chi-tieu-{place}-value": value,
            f"chi-tieu-{place}-measure": measure,
        }
    return typed | {f"danh-hieu-{n}-title": title for n, title in enumerate(titles)}


def test_a_registration_is_typed_checked_and_sent():
    world, _ = signing_world()
    member = world.memberships[2]
    edit = reverse("registration_edit", args=[member.pk])
    client = login(world.officers[2])
    assert client.get(edit).status_code == 200
    assert status(world.officers[2], "registration_send", member.pk) == 403
    typed = rows(("Hồ sơ đúng hạn", "7,5", "%"), ("", "", ""), gui="1")
    saved = client.post(edit, typed)
    assert saved.url == reverse("registration_send", args=[member.pk])
    assert member.registration.targets.get().value == 7.5
    assert "7,5" in html(client.get(saved.url))
    assert "7,5" in html(client.get(edit))
    sent = client.post(saved.url, {"version": "1"}, follow=True)
    assert "số ghi nhận DK2026-" in html(sent)
    assert client.post(saved.url, {"version": "1"}).status_code == 403
    assert client.get(edit).status_code == 403
    back = reverse("registration_return", args=[member.pk])
    secretary = login(world.secretary)
    assert "Đề nghị ghi lý do" in html(secretary.post(back, {}))
    assert secretary.post(back, {"phrase": "Chỉ tiêu chưa có số cụ thể."}).status_code == 302
    page = html(client.get(reverse("registration", args=[member.pk])))
    assert "đã trả lại" in page
    assert "Chỉ tiêu chưa có số cụ thể" in page


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("A", "-1", "%"), "Chỉ tiêu 1: Phải là số từ 0,01"),
        (("A", "0", "%"), "Chỉ tiêu 1: Phải là số từ 0,01"),
        (("A", "mười", "%"), "ví dụ 7,5"),
        (("A", "1.000", "%"), "đọc được hai cách"),
        (("A", "=1+1", "%"), "ví dụ 7,5"),
        (("A", "7,555", "%"), "2 chữ số sau dấu phẩy"),
        (("A", "", "%"), "Đề nghị nhập số đăng ký"),
        (("", "7", "%"), "Đề nghị nhập tên chỉ tiêu"),
        (("A", "7", ""), "Đề nghị nhập đơn vị tính"),
        (("x" * 10_000, "7", "%"), "10000 ký tự"),
    ],
)
def test_a_refused_row_keeps_what_was_typed(row, said):
    world, _ = signing_world()
    edit = reverse("registration_edit", args=[world.memberships[2].pk])
    page = login(world.officers[2]).post(edit, rows(row))
    assert page.status_code == 200
    assert said in html(page)
    assert f'value="{row[1]}"' in html(page) or not row[1]
    assert not Registration.objects.exists()


def test_titles_twice_are_refused_in_the_summary():
    world, _ = signing_world()
    edit = reverse("registration_edit", args=[world.memberships[2].pk])
    page = login(world.officers[2]).post(edit, rows(titles=("Cờ", "Cờ")))
    assert "được ghi hai lần" in html(page)


def test_more_rows_keep_what_was_typed():
    world, _ = signing_world()
    edit = reverse("registration_edit", args=[world.memberships[2].pk])
    more = {"them-dong": "1"}
    page = html(login(world.officers[2]).post(edit, rows(("A", "7,5", "%"), **more)))
    assert 'name="so-targets" value="4"' in page
    assert 'value="7,5"' in page
    assert not Registration.objects.exists()
    huge = login(world.officers[2]).post(edit, rows(**more) | {"so-targets": "9" * 30})
    assert huge.status_code == 200


def test_a_stale_registration_shows_both():
    world, _ = signing_world()
    registered(world, sent=False)
    edit = reverse("registration_edit", args=[world.memberships[2].pk])
    page = login(world.leaders[2]).post(edit, rows(("Khác", "3", "vụ")))
    assert page.status_code == 409
    assert "Tỷ lệ hồ sơ đúng hạn: 98,5 %" in html(page)
    assert 'value="Khác"' in html(page)
    assert 'name="version" value="1"' in html(page)


def test_lists_are_searched_without_diacritics():
    world, _ = running_world()
    member = world.memberships[2]
    member.unit_name = "Đảng ủy Khối Doanh nghiệp"
    member.save()
    for name in ("registration_list", "report_list"):
        url = reverse(name, args=[world.bloc_year.pk])
        found = html(login(world.officers[1]).get(url, {"q": "dang uy"}))
        table = found[found.index("<tbody>") : found.index("</tbody>")]
        assert "Đảng ủy Khối Doanh nghiệp" in table
        assert world.memberships[1].unit_name not in table
        none = html(login(world.officers[1]).get(url, {"q": "không có <b>"}))
        assert "Không có đơn vị nào khớp với “không có &lt;b&gt;”" in none


# ---------------------------------------------------------------- reports


def test_a_report_is_written_checked_and_sent():
    world, _ = running_world()
    set_due(world, DeadlineKind.INTERIM_REPORT, clock.today() - dt.timedelta(days=1))
    member = world.memberships[2]
    edit = reverse("unit_report_edit", args=[member.pk, "so-ket"])
    client = login(world.officers[2])
    typed = {"version": "0", "results": "", "limitations": "", "next_tasks": ""}
    assert client.post(edit, typed | {"luu": "1"}).status_code == 302
    send = reverse("unit_report_send", args=[member.pk, "so-ket"])
    assert "Phần kết quả chưa có nội dung" in html(client.get(send))
    assert client.post(send, {"version": "1"}).status_code == 409
    text = typed | {"version": "1", "results": "Tốt <script>", "gui": "1"}
    assert client.post(edit, text).url == send
    check = html(client.get(send))
    assert "Tốt &lt;script&gt;" in check
    assert "Chưa ghi phần hạn chế, nguyên nhân và nhiệm vụ thời gian tới" in check
    assert client.post(send, {"version": "1"}).status_code == 409
    sent = client.post(send, {"version": "2"}, follow=True)
    assert "số ghi nhận BC2026-" in html(sent)
    assert "gửi chậm 1 ngày" in html(sent)
    assert client.get(edit).status_code == 403
    back = reverse("unit_report_return", args=[member.pk, "so-ket"])
    done = login(world.secretary).post(back, {"reason": "Thiếu số liệu"}, follow=True)
    assert "Đã trả lại báo cáo sơ kết" in html(done)
    assert "Đã được trả lại" not in html(done)


def test_a_stale_report_shows_both_texts():
    world, _ = running_world()
    reported(world, sent=False, results="Bản đã lưu")
    edit = reverse("unit_report_edit", args=[world.memberships[2].pk, "so-ket"])
    typed = {"version": "0", "results": "Bản đang gõ"}
    page = login(world.leaders[2]).post(edit, typed)
    assert page.status_code == 409
    assert "Bản đã lưu" in html(page)
    assert "Bản đang gõ" in html(page)
    again = login(world.leaders[2]).post(edit, typed | {"version": "1"})
    assert again.status_code == 302
    assert Report.objects.get().results == "Bản đang gõ"


def test_a_report_too_long_is_refused_with_its_text():
    world, _ = running_world()
    edit = reverse("unit_report_edit", args=[world.memberships[2].pk, "so-ket"])
    page = login(world.officers[2]).post(edit, {"version": "0", "results": "x" * 50_001})
    assert page.status_code == 200
    assert "50001 ký tự" in html(page)


def test_the_blocs_report_is_the_secretarys_until_sent():
    world, _ = running_world()
    year = world.bloc_year.pk
    assert status(world.officers[2], "bloc_report", year, "so-ket") == 404
    edit = reverse("bloc_report_edit", args=[year, "so-ket"])
    client = login(world.secretary)
    typed = {"version": "0", "results": "Khối đã làm"}
    assert client.post(edit, typed).status_code == 302
    assert status(world.board_officer, "bloc_report", year, "so-ket") == 404
    send = reverse("bloc_report_send", args=[year, "so-ket"])
    assert client.post(send, {"version": "1"}).status_code == 302
    for reader in (world.officers[2], world.board_officer):
        assert status(reader, "bloc_report", year, "so-ket") == 200
    back = reverse("bloc_report_return", args=[year, "so-ket"])
    assert client.get(back).status_code == 403
    returned = login(world.board_officer).post(back, {"reason": "Thiếu"})
    assert returned.status_code == 302


# ---------------------------------------------------------------- the whole


def crowded(members):
    world, pledge = signing_world(members)
    for place in range(2, members):
        paper_signed(world, pledge, place)
    world.set_status(YearStatus.RUNNING)
    for place in range(1, members):
        registered(world, place)
        reported(world, place)
    return world


def queries_for(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("name", ["pledge", "pledge_print", "registration_list", "report_list"])
def test_queries_do_not_grow_and_nothing_is_written(name):
    counts = []
    for members in (3, 30):
        world = crowded(members)
        client = login(world.secretary)
        url = reverse(name, args=[world.bloc_year.pk])
        client.get(url)
        sql = queries_for(client, url)
        counts.append(len(sql))
        written = [q for q in sql if not q.startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
        assert written == []
    assert counts[0] == counts[1]


def test_comments_do_not_add_queries():
    counts = []
    for many in (1, 20):
        world = make_world()
        pledge = consulting(world)
        for number in range(many):
            comment_on_pledge(
                actor=world.officers[2],
                pledge=pledge,
                item=items_of(pledge)[number % 3],
                membership=world.memberships[2],
                text=f"Ý kiến {number}",
            )
        client = login(world.head_leader)
        url = reverse("pledge", args=[world.bloc_year.pk])
        client.get(url)
        counts.append(len(queries_for(client, url)))
    assert counts[0] == counts[1]


def test_a_closed_year_is_read_and_not_changed():
    world = make_world()
    pledge = agreed(world)
    world.set_status(YearStatus.SIGNING)
    paper_signed(world, pledge)
    registered(world)
    world.set_status(YearStatus.CLOSED)
    year, member = world.bloc_year.pk, world.memberships[2].pk
    assert status(world.officers[2], "pledge", year) == 200
    assert status(world.officers[2], "registration", member) == 200
    assert status(world.leaders[1], "pledge_sign", year, world.memberships[1].pk) == 403
    assert status(world.secretary, "registration_return", member) == 403
