"""Pages of registrations and reports: what the forms refuse, what is sent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from blocs.enums import DeadlineKind
from emulation import clock
from pledges.models import Registration, Report
from tests.pledges.builders import (
    html,
    login,
    registered,
    reported,
    running_world,
    set_due,
    signing_world,
    status,
)

pytestmark = pytest.mark.django_db


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
