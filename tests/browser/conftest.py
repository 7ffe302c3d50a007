"""Windows of a real Chromium, in which somebody has logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from emulation.models import User
from tests.factories import PASSWORD

WAIT = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


OpenAs = Callable[[User], Page]


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer) -> Iterator[OpenAs]:
    """``open_as(user)`` is a new window in which that person has logged in by the form."""
    windows = []

    def log_in(user: User) -> Page:
        window = browser.new_context(base_url=live_server.url, locale="vi-VN")
        window.set_default_timeout(WAIT)
        windows.append(window)
        page = window.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.goto("/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(user.username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url("**/")
        return page

    yield log_in
    for window in windows:
        window.close()
