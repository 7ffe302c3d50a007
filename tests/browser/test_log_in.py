"""Logging in and out in a real browser, by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import OpenAs
from tests.factories import PASSWORD, make_world


def test_a_person_logs_in_and_sees_what_to_do(open_as: OpenAs) -> None:
    world = make_world()
    page = open_as(world.secretary)
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")


def test_the_keyboard_alone_is_enough(browser: Browser, live_server: LiveServer) -> None:
    world = make_world()
    page = browser.new_page(base_url=live_server.url)
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").focus()
    page.keyboard.type(world.secretary.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    page.close()


def test_a_wrong_password_is_refused_in_vietnamese(
    browser: Browser, live_server: LiveServer
) -> None:
    world = make_world()
    page = browser.new_page(base_url=live_server.url)
    page.goto("/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(world.secretary.username)
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Tên đăng nhập hoặc mật khẩu không đúng").first).to_be_visible()
    page.close()
