"""The officer's night: a cut line, a second window, an expired log-in, a reload."""

from __future__ import annotations

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from emulation.models import User
from scoring.models import ScoreSheet
from tests.browser.conftest import OpenAs
from tests.factories import PASSWORD
from tests.scoring.builders import criterion_id, line_of, make_scoring_world, sheet_of

SAVED = re.compile(r"^Đã lưu \d\d:\d\d:\d\d$")


def field(page: Page, sheet: ScoreSheet, code: str, name: str) -> Locator:
    return page.locator(f"#c{criterion_id(sheet, code)}-{name}")


def state(page: Page) -> Locator:
    return page.locator("#trang-thai-luu")


def test_nothing_that_was_typed_is_lost(open_as: OpenAs) -> None:
    world = make_scoring_world(3)
    sheet, officer = sheet_of(world, 2), world.officers[2]
    page = open_as(officer)
    page.goto(f"/phieu/{sheet.pk}/")
    _it_saves_itself(page, sheet)
    _the_line_is_cut(page, sheet)
    _a_bound_is_named_and_a_reload_brings_back_what_was_refused(page, sheet)
    _half_of_a_ratio_is_with_the_server(page, sheet)
    _a_second_window_gets_both_versions(page, sheet)
    _the_log_in_expires(page, sheet, officer)
    assert page.evaluate("Object.keys(localStorage).filter(k => /phieu:\\d/.test(k))") == []
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    page.wait_for_url("**/kiem-tra/")


def _it_saves_itself(page: Page, sheet: ScoreSheet) -> None:
    field(page, sheet, "A2", "n").focus()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(field(page, sheet, "A3", "level")).to_be_focused()
    expect(state(page)).to_have_text(SAVED)
    row = page.locator(f"#tieu-chi-{criterion_id(sheet, 'A2')}")
    expect(row.get_by_text("8,50 / 10")).to_be_visible()
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 3}


def _the_line_is_cut(page: Page, sheet: ScoreSheet) -> None:
    page.context.set_offline(True)
    field(page, sheet, "A4", "points").fill("7,5")
    expect(state(page)).to_contain_text("số liệu còn giữ trên máy này, sẽ tự lưu khi có mạng")
    field(page, sheet, "A1", "numerator").fill("19")
    field(page, sheet, "A1", "denominator").fill("20")
    assert line_of(sheet, "A4").self_input is None
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    assert line_of(sheet, "A4").self_input == {"kind": "direct", "points": "7.50"}
    assert line_of(sheet, "A1").self_input["denominator"] == "20.0"


def _a_bound_is_named_and_a_reload_brings_back_what_was_refused(
    page: Page, sheet: ScoreSheet
) -> None:
    field(page, sheet, "A4", "points").fill("81")
    field(page, sheet, "A4", "note").focus()
    field(page, sheet, "B1", "passed").focus()
    expect(page.get_by_text(re.compile("từ 0 đến 8|tối đa 8|quá 8"))).to_be_visible()
    wrong = page.locator(f"#tieu-chi-{criterion_id(sheet, 'A4')}-tinh-trang")
    expect(wrong).to_have_text("chưa đúng, chưa lưu")
    expect(state(page).get_by_role("link", name="A4")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(field(page, sheet, "A4", "points")).to_have_value("81")
    field(page, sheet, "A4", "points").fill("8")
    expect(state(page)).to_have_text(SAVED)


def _half_of_a_ratio_is_with_the_server(page: Page, sheet: ScoreSheet) -> None:
    """On another computer, which keeps nothing of its own, it stands in its field."""
    field(page, sheet, "B2", "actual").fill("9")
    stands = page.locator(f"#tieu-chi-{criterion_id(sheet, 'B2')}-tinh-trang")
    expect(stands).to_have_text("nhập dở, chưa tính điểm")
    expect(state(page)).to_have_text(SAVED)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(field(page, sheet, "B2", "actual")).to_have_value("9")
    expect(stands).to_have_text("nhập dở, chưa tính điểm")
    expect(page.locator("#con-thieu")).to_contain_text("nhập dở, chưa tính điểm")
    field(page, sheet, "B2", "target").fill("10")
    expect(stands).to_contain_text("đủ")


def _a_second_window_gets_both_versions(page: Page, sheet: ScoreSheet) -> None:
    other = page.context.new_page()
    other.goto(f"/phieu/{sheet.pk}/")
    field(page, sheet, "A2", "n").fill("4")
    field(page, sheet, "A2", "note").focus()
    expect(state(page)).to_have_text(SAVED)
    field(other, sheet, "A2", "n").fill("5")
    field(other, sheet, "A2", "note").focus()
    both = other.locator("[data-clash]")
    expect(both).to_contain_text("4 văn bản chậm")
    expect(both.get_by_role("row", name=re.compile("5.*4"))).to_be_visible()
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 4}
    both.get_by_role("button", name="Giữ bản của tôi").click()
    expect(state(other)).to_have_text(SAVED)
    assert line_of(sheet, "A2").self_input == {"kind": "count", "n": 5}
    other.close()


def _the_log_in_expires(page: Page, sheet: ScoreSheet, officer: User) -> None:
    """Logged in again in another window, what was typed is saved, and nothing is left here."""
    Session.objects.all().delete()
    field(page, sheet, "B3a", "n").fill("1")
    with page.context.expect_page() as opened:
        state(page).get_by_role("link", name="Đăng nhập lại ở cửa sổ mới").click()
    door = opened.value
    door.get_by_label("Tên đăng nhập").fill(officer.username)
    door.get_by_label("Mật khẩu").fill(PASSWORD)
    door.get_by_role("button", name="Đăng nhập").click()
    door.wait_for_url("**/")
    door.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(state(page)).to_have_text(SAVED)
    assert line_of(sheet, "B3a").self_input == {"kind": "count", "n": 1}


def test_on_the_last_day_the_time_left_is_told_in_words(open_as: OpenAs) -> None:
    """Hours and minutes, in the last hour minutes and seconds: never "3:12:34", read as a time."""
    world = make_scoring_world(3)
    page = open_as(world.officers[2])
    page.goto(f"/phieu/{sheet_of(world, 2).pk}/")
    figure = page.locator("[data-until]")
    for seconds, words in (
        (3 * 3600 + 754, "còn 3 giờ 12 phút"),
        (754, r"còn 12 phút \d+ giây"),
        (-754, r"quá hạn 12 phút \d+ giây"),
    ):
        until = f"String(Date.now() + {seconds * 1000})"
        page.evaluate(f"document.querySelector('[data-until]').dataset.until = {until}")
        expect(figure).to_contain_text(re.compile(words))
