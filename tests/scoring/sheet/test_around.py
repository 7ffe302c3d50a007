"""Around the sheet: autosave, last year and pledge, the round inside the unit, receipt, paper."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import docx
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from blocs.enums import YearStatus
from emulation import clock
from emulation.access import Refused
from emulation.vietnamese import format_moment
from pledges.models import Pledge, PledgeItem, Registration, Target
from scoring.enums import PaperAnswer, RemarkKind
from scoring.models import Criterion, ScoreLine, ScoreSheet, SheetReceipt
from scoring.selectors.own_facts import LastYear, own_facts
from scoring.selectors.receipts import NO_RECEIPT
from scoring.selectors.sheet_hash import content_hash
from scoring.services.evidence import add_evidence
from scoring.services.paper import answer_paper, record_paper
from scoring.services.sheet_round import remark_on_sheet
from scoring.services.sheets import submit_sheet
from scoring.tasks import desk
from tests.factories import World, make_bloc_year, make_membership
from tests.scoring.builders import (
    criterion_id,
    fill,
    hand_in,
    line_of,
    make_scoring_world,
    save,
    sheet_of,
)
from tests.scoring.sheet.test_pages import post_of

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def world() -> World:
    return make_scoring_world(due_on=clock.today() - dt.timedelta(days=1))


def titles(world: World, user) -> list[str]:
    return [task.title for task in desk(user).tasks]


def test_autosave_answers_line_by_line(client, world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    url = reverse("sheet_autosave", args=[sheet.pk])
    typed = post_of(sheet, "A2", n="3") | post_of(sheet, "A4", points="7,3")
    assert client.post(url, typed, **JSON).status_code == 401
    client.force_login(officer)
    assert client.post(url, typed | {"person": "0"}).status_code == 403
    answer = client.post(url, typed | {"person": str(officer.pk)}).json()
    a2, a4 = criterion_id(sheet, "A2"), criterion_id(sheet, "A4")
    assert answer["lines"][str(a2)]["v"].startswith("2.")
    assert "bội số của 0,5" in answer["lines"][str(a4)]["errors"][f"c{a4}-points"]
    assert f'data-part="tieu-chi-{a2}-diem">8,50 / 10<' in answer["parts"]
    save(world.leaders[2], sheet, {"A2": {"n": "5"}})
    stale = {**typed, f"c{a2}-n": "4", "person": str(officer.pk)}
    clash = client.post(url, stale).json()["lines"][str(a2)]["clash"]
    assert world.leaders[2].full_name in clash
    assert "<td>4</td>" in clash
    assert "<td>5</td>" in clash
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 5}


def test_home_says_what_was_handed_in_and_leads_to_the_receipt(client, world: World) -> None:
    sheet = fill(world, 2)
    assert desk(world.officers[2]).done == ()
    hand_in(world, 2)
    for who in (world.officers[2], world.leaders[2]):
        [done] = desk(who).done
        assert done.url == reverse("sheet_receipt", args=[sheet.pk])
        assert "Nộp lúc" in done.detail
    assert desk(world.officers[1]).done == ()
    client.force_login(world.officers[2])
    home = client.get("/").content.decode()
    assert "Đã nộp" in home
    assert "xem biên nhận" in home


def test_last_year_and_the_pledge_stand_beside_a_line(client, world: World) -> None:
    sheet = sheet_of(world, 2)
    before = make_bloc_year(
        world.bloc,
        year=2025,
        status=YearStatus.DECIDED,
        published_at=clock.now(),
        published_by=world.board_officer,
    )
    old = before.rubrics.create(title="Bảng năm trước", version=1)
    section = old.sections.create(code="A", title="A")
    was = Criterion.objects.create(
        rubric=old, section=section, code="X9", title="Văn bản", max_points=10
    )
    Criterion.objects.filter(pk=criterion_id(sheet, "A2")).update(origin=was)
    past = ScoreSheet.objects.create(
        board=world.board,
        bloc_year=before,
        membership=make_membership(before, world.units[2]),
        rubric=old,
    )
    ScoreLine.objects.create(sheet=past, criterion=was, final_points=Decimal("9.50"))
    pledge = Pledge.objects.create(bloc_year=world.bloc_year, title="Giao ước")
    item = PledgeItem.objects.create(pledge=pledge, position=1, text="Văn bản đúng hạn")
    registration = Registration.objects.create(membership=sheet.membership)
    Target.objects.create(
        registration=registration, item=item, title="Hồ sơ đúng hạn", value=98, measure="%"
    )
    Criterion.objects.filter(pk=criterion_id(sheet, "A2")).update(pledge_item=item)
    facts = own_facts(sheet)
    assert facts.last_year == {criterion_id(sheet, "A2"): LastYear(Decimal("9.50"), is_final=True)}
    save(world.officers[2], sheet, {"A2": {"n": "3"}})
    client.force_login(world.officers[2])
    page = client.get(reverse("sheet", args=[sheet.pk])).content.decode()
    assert "năm trước 9,50" in page
    assert "Giao ước: Hồ sơ đúng hạn 98 % → đã đạt 3 văn bản chậm" in page


def test_leader_and_officer_hand_it_to_and_fro(client, world: World) -> None:
    sheet, officer, leader = fill(world, 2), world.officers[2], world.leaders[2]

    def say(actor, kind, text=""):
        return remark_on_sheet(actor=actor, sheet=sheet, kind=kind, text=text)

    with pytest.raises(Refused):
        say(officer, RemarkKind.RETURNED, "Sửa A2")
    with pytest.raises(ValidationError):
        say(leader, RemarkKind.RETURNED, "  ")
    say(leader, RemarkKind.RETURNED, "BIMAT đếm lại A2")
    assert sheet_of(world, 2).status == sheet.status
    assert "Sửa bảng tự chấm điểm theo ý kiến lãnh đạo" in titles(world, officer)
    client.force_login(officer)
    assert "Đã sửa, trình lãnh đạo" in client.get(f"/phieu/{sheet.pk}/").content.decode()
    say(officer, RemarkKind.FORWARDED)
    assert "Sửa bảng tự chấm điểm theo ý kiến lãnh đạo" not in titles(world, officer)
    assert "Xem bảng tự chấm điểm cán bộ trình" in titles(world, leader)
    hand_in(world, 0)
    submit_sheet(actor=leader, sheet=sheet_of(world, 2), confirm_blanks=True)
    assert "BIMAT" in client.get(f"/phieu/{sheet.pk}/lich-su/").content.decode()
    client.force_login(world.secretary)
    assert "BIMAT" not in client.get(f"/phieu/{sheet.pk}/lich-su/").content.decode()


def test_the_receipt_keeps_the_hash_of_what_was_handed_in(client, world: World) -> None:
    sheet = fill(world, 2)
    client.force_login(world.leaders[2])
    url = reverse("sheet_submit", args=[sheet.pk])
    data = {"approving_leader": "Giám đốc", "confirm_blanks": "on"}
    assert "đánh dấu cam đoan" in client.post(url, data).content.decode()
    client.post(url, data | {"declared": "on"})
    receipt = SheetReceipt.objects.get(sheet=sheet)
    assert receipt.declaration.startswith("Đơn vị cam đoan")
    assert receipt.content_hash == content_hash(sheet_of(world, 2))
    page = reverse("sheet_receipt", args=[sheet.pk])
    assert "đúng như khi nộp" in client.get(page).content.decode()
    ScoreLine.objects.filter(pk=line_of(sheet, "A2").pk).update(self_note="sửa ngoài hệ thống")
    assert "đã khác khi nộp" in client.get(page).content.decode()


def words_of(client: Client, sheet: ScoreSheet) -> str:
    """Everything the Word paper of a sheet says outside its tables."""
    content = client.get(reverse("sheet_docx", args=[sheet.pk])).content
    return "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)


def test_the_word_paper_carries_the_receipt(client: Client, world: World) -> None:
    sheet, officer = fill(world, 2), world.officers[2]
    client.force_login(officer)
    assert "SHA-256" not in words_of(client, sheet)
    sheet = hand_in(world, 2)
    receipt = SheetReceipt.objects.get(sheet=sheet)
    paper = words_of(client, sheet)
    assert f"{receipt.content_hash}. Nội dung bản này đúng như khi nộp." in paper
    assert format_moment(receipt.at) in paper
    ScoreLine.objects.filter(pk=line_of(sheet, "A2").pk).update(self_note="sửa sau")
    assert "đã khác khi nộp" in words_of(client, sheet)


def test_a_sheet_handed_in_before_there_were_receipts_says_so(client: Client, world: World) -> None:
    sheet = hand_in(world, 2)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM scoring_sheetreceipt")
    client.force_login(world.officers[2])
    page = client.get(reverse("sheet_receipt", args=[sheet.pk])).content.decode()
    assert NO_RECEIPT in page
    assert "SHA-256" not in page
    assert NO_RECEIPT in words_of(client, sheet)


def test_a_paper_is_late_by_the_day_it_came_and_its_unit_answers(client, world: World) -> None:
    sheet, secretary = sheet_of(world, 2), world.secretary
    client.force_login(secretary)
    assert client.get(f"/phieu/{sheet.pk}/").status_code == 403
    with pytest.raises(ValidationError, match="sau hôm nay"):
        record_paper(actor=secretary, sheet=sheet, received_on=clock.today() + dt.timedelta(days=1))
    yesterday = clock.today() - dt.timedelta(days=1)
    record_paper(actor=secretary, sheet=sheet, received_on=yesterday)
    assert "Lưu bảng" in client.get(f"/phieu/{sheet.pk}/").content.decode()
    save(secretary, sheet)
    key = criterion_id(sheet, "A1")
    add_evidence(actor=secretary, line=line_of(sheet, "A1"), number="12/BC", issued_on=yesterday)
    assert client.get(f"/phieu/{sheet.pk}/minh-chung/them/{key}/").status_code == 200
    check = client.get(f"/phieu/{sheet.pk}/kiem-tra/").content.decode()
    assert "Số liệu nhập đúng với bản giấy" in check
    data = {"approving_leader": "Giám đốc", "confirm_blanks": "on", "declared": "on"}
    assert client.post(f"/phieu/{sheet.pk}/nop/", data).status_code == 302
    assert sheet_of(world, 2).days_late == 0
    assert "Xác nhận số liệu nhập hộ" in titles(world, world.officers[2])
    client.force_login(world.board_officer)
    page = client.get(f"/phieu/{sheet.pk}/").content.decode()
    assert "chưa được đơn vị xác nhận" in page
    answer_paper(actor=world.officers[2], sheet=sheet, answer=PaperAnswer.OBJECTED, text="A2 là 2")
    assert "Xác nhận số liệu nhập hộ" not in titles(world, world.officers[2])
    assert any("Xử lý ý kiến" in each for each in titles(world, secretary))
    assert "A2 là 2" in client.get(f"/phieu/{sheet.pk}/lich-su/").content.decode()


def test_no_paper_over_what_the_unit_has_begun(world: World) -> None:
    sheet = sheet_of(world, 2)
    ScoreLine.objects.filter(pk=line_of(sheet, "A2").pk).update(self_note="ghi chú của đơn vị")
    with pytest.raises(Refused, match="ghi chú, đính kèm"):
        record_paper(actor=world.secretary, sheet=sheet, received_on=clock.today())
