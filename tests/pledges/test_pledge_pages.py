"""Pages of the pledge: its text, comments, signing; stale forms, double submission."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from emulation import clock
from pledges.models import PledgeSignature
from pledges.selectors.pledges import items_of
from pledges.services.items import edit_item
from pledges.services.signatures import sign_pledge
from tests.factories import make_world
from tests.pledges.builders import (
    PDF,
    consulting,
    drafted,
    html,
    login,
    make_meeting,
    signing_world,
    status,
)

pytestmark = pytest.mark.django_db


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
