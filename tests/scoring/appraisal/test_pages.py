"""Pages of the appraisal in a browser's words: what is shown, saved, refused."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from scoring.models import Dispute
from scoring.services.appraisal import accept_rest
from scoring.services.explanations import explain_line
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    asked,
    cut,
    get,
    submitted_scene,
    text,
    year_end_meeting,
)

pytestmark = pytest.mark.django_db


def hidden(scene: Scene, code: str, **typed: str) -> dict[str, str]:
    """What the page posts for one line, with fields typed over."""
    line = scene.line(code)
    prefix = f"c{line.criterion_id}"
    return {f"{prefix}-v": str(line.version), f"{prefix}-o": "shown"} | {
        f"{prefix}-{name}": value for name, value in typed.items()
    }


# ---------------------------------------------------------------- appraisal


def test_the_page_shows_both_sides_and_saves_what_was_typed(as_user: Any) -> None:
    scene = submitted_scene()
    client = as_user(scene.secretary)
    page = get(client, "appraise", scene.sheets[2].pk)
    assert "96,50" in page
    assert "Trừ 0,5 điểm mỗi lỗi" in page
    response = client.post(
        reverse("appraise_save", args=[scene.sheets[2].pk]),
        hidden(scene, "A2", n="6", reason="Sổ theo dõi ghi 6"),
    )
    assert response.status_code == 302
    page = get(client, "appraise", scene.sheets[2].pk)
    assert "95,00" in page
    assert "Sổ theo dõi ghi 6" in page
    assert "6 lỗi" in page


def test_keep_one_line_and_the_rest_of_a_section(as_user: Any) -> None:
    scene = submitted_scene()
    client = as_user(scene.secretary)
    sheet = scene.sheets[2].pk
    line = scene.line("A1")
    data = hidden(scene, "A1") | {"keep": str(line.criterion_id)}
    client.post(reverse("appraise_save", args=[sheet]), data)
    assert scene.line("A1").appraised_points == line.self_points
    section = line.criterion.section_id
    response = client.post(reverse("appraise_save", args=[sheet]), {"keep_rest": str(section)})
    assert response.url.endswith(f"#phan-{section}")
    assert scene.line("A4").appraised_points == scene.line("A4").self_points
    assert scene.line("P1").appraised_points is None


@pytest.mark.parametrize("typed", ["7,5", "-1", "9" * 10_000, "<script>alert(1)</script>", "=1+1"])
def test_what_cannot_be_read_comes_back_as_typed(as_user: Any, typed: str) -> None:
    scene = submitted_scene()
    response = as_user(scene.secretary).post(
        reverse("appraise_save", args=[scene.sheets[2].pk]),
        hidden(scene, "A2", n=typed, reason="Vì <b>sổ</b>"),
    )
    assert response.status_code == 200
    page = text(response)
    assert "Còn 1 chỗ cần sửa" in page
    assert "Vì &lt;b&gt;sổ&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert scene.line("A2").appraised_points is None


def test_a_cut_without_reason_is_refused_on_the_page(as_user: Any) -> None:
    scene = submitted_scene()
    response = as_user(scene.secretary).post(
        reverse("appraise_save", args=[scene.sheets[2].pk]), hidden(scene, "A2", n="6")
    )
    assert response.status_code == 200
    assert "đề nghị ghi lý do" in text(response)


def test_a_second_appraiser_sees_both_versions(as_user: Any) -> None:
    scene = submitted_scene()
    client = as_user(scene.secretary)
    stale = hidden(scene, "A2", n="9", reason="Bản của tôi")
    cut(scene)
    response = client.post(reverse("appraise_save", args=[scene.sheets[2].pk]), stale)
    page = text(response)
    assert response.status_code == 409
    assert "6 lỗi" in page
    assert 'value="9"' in page
    assert "Bản của tôi" in page
    assert scene.line("A2").appraised_input == {"kind": "count", "n": 6}


def test_untouched_lines_are_not_sent(as_user: Any) -> None:
    scene = submitted_scene()
    client = as_user(scene.secretary)
    page = get(client, "appraise", scene.sheets[2].pk)
    fields = dict(re.findall(r'<input[^>]*?name="(c[^"]+)" value="([^"]*)"', page))
    data = {name: unescape(value) for name, value in fields.items()}
    selected = re.findall(
        r'<select[^>]*name="(c\d+-\w+)".*?<option value="([^"]*)" selected', page, re.DOTALL
    )
    data |= dict(selected)
    typed = re.findall(r'id="o-(c\d+-\w+)" name="[^"]*" value="([^"]*)"', page)
    data |= {name: unescape(value) for name, value in typed}
    data = {k: v for k, v in data.items() if not k.endswith("not_applicable")}
    client.post(reverse("appraise_save", args=[scene.sheets[2].pk]), data)
    assert scene.sheet().status == "submitted"


def test_the_steps_to_approval(as_user: Any) -> None:
    scene = submitted_scene()
    client = as_user(scene.secretary)
    pk = scene.sheets[2].pk
    assert client.post(reverse("appraise_start", args=[pk])).status_code == 302
    sections = {line.criterion.section_id for line in scene.sheets[2].lines.all()}
    for section in sections:
        client.post(reverse("appraise_save", args=[pk]), {"keep_rest": str(section)})
    assert "Hoàn thành thẩm định" in get(client, "appraise", pk)
    assert client.post(reverse("appraise_finish", args=[pk])).status_code == 302
    get(client, "approve", pk, status=403)
    client = as_user(scene.head)
    assert "Duyệt điểm của" in get(client, "approve", pk)
    assert client.post(reverse("approve", args=[pk])).status_code == 302
    assert scene.sheet().status == "approved"
    assert client.post(reverse("approve", args=[pk])).status_code == 409
    assert "Chính thức" in get(client, "appraise", pk)


def test_finishing_without_asking_needs_a_reason(as_user: Any) -> None:
    scene = submitted_scene()
    cut(scene)
    accept_rest(actor=scene.secretary, sheet=scene.sheet())
    client = as_user(scene.secretary)
    pk = scene.sheets[2].pk
    page = get(client, "appraise", pk)
    assert "Gửi đơn vị giải trình" in page
    assert "không mời giải trình" in page
    response = client.post(reverse("appraise_finish", args=[pk]))
    assert response.status_code == 200
    assert "Đề nghị mời giải trình" in text(response)
    assert client.post(reverse("appraise_finish", args=[pk]), {"reason": "Đã thống nhất"}).url
    assert scene.sheet().status == "appraised"


def test_an_edit_after_approval_says_that_it_reopens(as_user: Any) -> None:
    scene = submitted_scene()
    appraise_all(scene)
    approve_all(scene)
    client = as_user(scene.secretary)
    assert "trở lại bước thẩm định" in get(client, "appraise", scene.sheets[2].pk)
    data = hidden(scene, "A2", n="6", reason="Sai sót") | {"reason": "Phát hiện sai sót"}
    client.post(reverse("appraise_save", args=[scene.sheets[2].pk]), data)
    assert scene.sheet().status == "appraising"
    assert scene.line("A2").final_points is None


def test_reopening_by_button(as_user: Any) -> None:
    scene = submitted_scene()
    appraise_all(scene)
    client = as_user(scene.secretary)
    pk = scene.sheets[2].pk
    assert client.post(reverse("appraise_reopen", args=[pk]), {"reason": ""}).status_code == 200
    assert client.post(reverse("appraise_reopen", args=[pk]), {"reason": "Có số liệu mới"}).url
    assert scene.sheet().status == "appraising"


# ---------------------------------------------------------------- explanation


def test_the_unit_is_asked_answers_and_is_answered(as_user: Any) -> None:
    scene = submitted_scene()
    row = asked(scene)
    pk, line = scene.sheets[2].pk, scene.line("A2")
    unit = as_user(scene.world.officers[2])
    page = get(unit, "explanations", pk)
    assert "Gửi giải trình" in page
    assert "Văn phòng ghi nhận" in page
    send = reverse("explanations_send", args=[pk])
    refused = unit.post(send, {f"l{line.pk}": "argue", f"l{line.pk}-text": ""})
    assert refused.status_code == 200
    assert "nội dung giải trình" in text(refused)
    assert unit.post(send, {}).status_code == 302
    said = {f"l{line.pk}": "argue", f"l{line.pk}-text": "Chỉ 4 văn bản chậm"}
    assert unit.post(send, said).status_code == 302
    answer = reverse("explanation_answer", args=[pk, row.pk])
    head = as_user(scene.head)
    assert "Chỉ 4 văn bản chậm" in get(head, "explanations", pk)
    form = {f"e{row.pk}-decision": "correct", f"e{row.pk}-answer": "Chấp nhận 4 văn bản"}
    wrong = head.post(answer, form | {f"c{line.criterion_id}-n": "abc"})
    assert wrong.status_code == 200
    assert "không ghi số điểm" in text(wrong)
    assert head.post(answer, form | {f"c{line.criterion_id}-n": "4"}).status_code == 302
    assert scene.line("A2").appraised_points == 8
    assert head.post(answer, form).status_code == 409
    assert as_user(scene.secretary).post(reverse("explanations_close", args=[pk])).url
    assert scene.sheet().status == "appraising"


@pytest.mark.parametrize(
    ("decision", "conclusion"),
    [
        ({"decision": "keep"}, "Giữ điểm thẩm định."),
        ({"decision": "accept"}, "Lấy lại số liệu đơn vị tự chấm: 3 lỗi, 8,50 điểm."),
        ({"decision": "correct", "n": "4"}, "Sửa số liệu thẩm định: 4 lỗi, 8,00 điểm."),
    ],
)
def test_what_was_cut_stays_readable_after_the_answer(
    as_user: Any, decision: dict[str, str], conclusion: str
) -> None:
    scene = submitted_scene()
    row = asked(scene)
    pk, line = scene.sheets[2].pk, scene.line("A2")
    explain_line(actor=scene.world.officers[2], line=line, agrees=False, text="Chỉ 2 văn bản")
    form = {f"e{row.pk}-{name}": text for name, text in decision.items() if name != "n"}
    form |= {f"e{row.pk}-answer": "Đã xem lại", f"c{line.criterion_id}-n": decision.get("n", "")}
    head = as_user(scene.head)
    glance = get(head, "appraisal_list", scene.world.bloc_year.pk)
    assert "Đơn vị đã giải trình" in glance
    assert "Chờ đơn vị giải trình" not in glance
    answer = reverse("explanation_answer", args=[pk, row.pk])
    nothing = head.post(answer, {f"e{row.pk}-answer": "Đã xem lại"})
    assert "A2: Đề nghị chọn kết luận" in text(nothing)
    assert head.post(answer, form).status_code == 302
    page = " ".join(get(head, "explanations", pk).split())
    for shown in ("6 lỗi, 7,00 điểm", "Văn phòng ghi nhận", conclusion):
        assert shown in page
    assert scene.secretary.full_name in page
    unit = " ".join(get(as_user(scene.world.officers[2]), "appraise", pk).split())
    for entry in ("Đơn vị giải trình", "không đồng ý", "Chỉ 2 văn bản", "Trả lời giải trình"):
        assert entry in unit
    given_back = "được lấy lại số liệu tự chấm" in unit
    assert given_back == (decision["decision"] == "accept")


def test_who_cut_does_not_answer(as_user: Any) -> None:
    scene = submitted_scene()
    row = asked(scene)
    explain_line(
        actor=scene.world.officers[2], line=scene.line("A2"), agrees=False, text="Không đúng"
    )
    client = as_user(scene.secretary)
    assert "phải là người khác" in get(client, "explanations", scene.sheets[2].pk)
    answer = reverse("explanation_answer", args=[scene.sheets[2].pk, row.pk])
    form = {f"e{row.pk}-decision": "keep", f"e{row.pk}-answer": "Giữ"}
    assert client.post(answer, form).status_code == 403


# ---------------------------------------------------------------- cross-check


def test_assigning_reading_and_giving_an_opinion(as_user: Any) -> None:
    scene = submitted_scene()
    pk, checker = scene.sheets[2].pk, scene.world.officers[3]
    client = as_user(scene.world.deputy_officer)
    assert "Phân công kiểm tra chéo" in get(client, "cross_checks", pk)
    assign = reverse("cross_check_assign", args=[pk])
    own = client.post(assign, {"checker": str(scene.world.officers[2].pk)})
    assert own.status_code == 200
    assert "Lựa chọn không có" in text(own)
    assert client.post(assign, {"checker": str(checker.pk)}).status_code == 302
    assert client.post(assign, {"checker": str(checker.pk)}).status_code == 409
    mine = as_user(checker)
    page = get(mine, "cross_checks", pk)
    assert "18 trên 20" in page
    assert "Ghi ý kiến kiểm tra chéo" in page
    check = scene.sheets[2].cross_checks.get()
    opinion = reverse("cross_check_opinion", args=[pk, check.pk])
    assert mine.post(opinion, {"opinion": " "}).status_code == 200
    assert mine.post(opinion, {"opinion": "Số liệu khớp"}).status_code == 302
    assert "Số liệu khớp" in get(as_user(scene.secretary), "cross_checks", pk)
    end = reverse("cross_check_end", args=[pk, check.pk])
    assert as_user(scene.secretary).post(end).status_code == 302
    assert as_user(checker).get(reverse("cross_checks", args=[pk])).status_code in {403, 404}


# ---------------------------------------------------------------- disputes


def test_a_dispute_is_raised_and_settled_at_the_meeting(as_user: Any) -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene)
    approve_all(scene)
    pk, line = scene.sheets[2].pk, scene.line("A2")
    unit = as_user(scene.world.leaders[2])
    assert "Nêu nội dung không thống nhất" in get(unit, "appraise", pk)
    page = reverse("dispute_raise", args=[pk])
    assert unit.post(page, {"line": str(line.pk), "text": ""}).status_code == 200
    assert unit.post(page, {"line": str(line.pk), "text": "Chỉ 4 văn bản"}).status_code == 302
    assert unit.post(page, {"line": str(line.pk), "text": "Chỉ 4 văn bản"}).status_code == 409
    dispute = Dispute.objects.get()
    settle = reverse("dispute_settle", args=[pk, dispute.pk])
    assert as_user(scene.secretary).get(settle).status_code == 403
    meeting = year_end_meeting(scene)
    client = as_user(scene.secretary)
    assert "Chỉ 4 văn bản" in get(client, "dispute_settle", pk, dispute.pk)
    data = {"meeting": str(meeting.pk), "resolution": "Tính 4 văn bản", "corrects": "on"}
    wrong = client.post(settle, data | {f"c{line.criterion_id}-n": "-4"})
    assert wrong.status_code == 200
    assert "số nguyên từ 0 đến 9999" in text(wrong)
    assert client.post(settle, data | {f"c{line.criterion_id}-n": "4"}).status_code == 302
    assert client.post(settle, data).status_code in {403, 409}
    assert scene.line("A2").final_points == 8
    assert scene.sheet().status == "approved"
    assert "Tính 4 văn bản" in get(client, "appraise", pk)
