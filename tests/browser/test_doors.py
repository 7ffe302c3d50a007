"""What a person typed survives a refusal at the doors, in a real browser."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from emulation import doors
from tests.browser.conftest import OpenAs
from tests.factories import PASSWORD, make_world

PHONE = "0911 222 333"


def test_too_many_forms_lose_nothing(open_as: OpenAs, settings: Any) -> None:
    page = open_as(make_world().secretary)
    settings.POSTS_ALLOWED = 0
    page.goto("/tai-khoan/lien-he/")
    page.get_by_label("Điện thoại").fill(PHONE)
    page.get_by_role("button", name="Lưu thông tin liên hệ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gửi quá nhiều lần trong một phút")
    page.go_back()
    expect(page.get_by_label("Điện thoại")).to_have_value(PHONE)


def test_a_form_of_a_closed_session_is_sent_again_after_logging_in(open_as: OpenAs) -> None:
    user = make_world().secretary
    page = open_as(user)
    page.goto("/tai-khoan/lien-he/")
    page.get_by_label("Điện thoại").fill(PHONE)
    row = Session.objects.get()
    left = {**row.get_decoded(), doors.LAST_SEEN: 0}
    Session.objects.filter(pk=row.pk).update(session_data=Session.objects.encode(left))
    page.get_by_role("button", name="Lưu thông tin liên hệ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiên làm việc đã đóng")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập ở cửa sổ mới").click()
    other = opened.value
    other.get_by_label("Tên đăng nhập").fill(user.username)
    other.get_by_label("Mật khẩu").fill(PASSWORD)
    other.get_by_role("button", name="Đăng nhập").click()
    other.wait_for_url("**/tai-khoan/lien-he/")
    page.get_by_role("button", name="Gửi lại nội dung đã nhập").click()
    expect(page.get_by_text("Đã lưu thông tin liên hệ.")).to_be_visible()
    user.refresh_from_db()
    assert user.phone == PHONE


def test_after_logging_out_going_back_shows_nothing(open_as: OpenAs) -> None:
    world = make_world()
    page = open_as(world.secretary)
    page.goto("/tai-khoan/")
    page.goto("/khoi/")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-nhap/**")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
