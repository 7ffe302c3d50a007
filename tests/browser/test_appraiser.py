"""A sheet appraised with the keyboard alone: walked, kept, cut with a reason, finished."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from scoring.models import ScoreLine
from tests.browser.conftest import OpenAs
from tests.scoring.appraisal.builders import submitted_scene


def stands_on(page: Page, code: str) -> None:
    expect(page.locator("tr.row-current")).to_have_attribute("data-line", code)


def test_a_sheet_is_appraised_with_the_keyboard(open_as: OpenAs) -> None:
    scene = submitted_scene(3)
    page = open_as(scene.secretary)
    page.goto(f"/phieu/{scene.sheets[2].pk}/tham-dinh/")
    expect(page.locator("[data-keys]")).to_be_visible()
    said = page.locator("#da-luu")
    page.keyboard.press("j")
    stands_on(page, "A1")
    page.keyboard.press("a")
    stands_on(page, "A2")
    expect(said).to_contain_text("Đã lưu")
    page.keyboard.press("s")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("đề nghị ghi lý do")
    reason = page.get_by_label("Lý do sửa A2")
    expect(reason).to_be_focused()
    expect(page.get_by_label("Số lỗi").first).to_have_value("6")
    page.keyboard.press("Alt+1")
    expect(reason).to_have_value("Minh chứng không đúng với tiêu chí")
    reason.fill("")
    page.keyboard.press("s")
    expect(reason).to_have_value("s")
    page.keyboard.type("ổ ghi 6 văn bản chậm")
    page.keyboard.press("Enter")
    stands_on(page, "A3")
    expect(page.locator("#tong-hop")).to_contain_text("−1,50")
    expect(page.locator("#chenh-lech")).to_contain_text("sổ ghi 6 văn bản chậm")
    newest = page.locator("#lich-su .history-entry").first
    expect(newest).to_contain_text("sổ ghi 6 văn bản chậm")

    # What was typed and left with Escape keeps the rest of its section waiting until it is dropped.
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+A")
    expect(said).to_contain_text("A3 có nội dung chưa lưu")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("Đã bỏ nội dung chưa lưu")
    stands_on(page, "A3")

    # The history can still be sifted after it was renewed.
    sought = page.get_by_label("Lọc theo người, đơn vị hoặc mục")
    sought.fill("so ghi 6")
    expect(page.locator("#lich-su [role=status]")).to_contain_text("Còn 1/")
    page.locator("tr.row-current").focus()
    page.keyboard.press("Shift+A")
    stands_on(page, "P1")
    page.keyboard.press("ArrowUp")
    stands_on(page, "A4")
    page.keyboard.press("a")
    expect(said).to_contain_text("đã thẩm định")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Gửi đơn vị giải trình")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_label("Hạn đơn vị giải trình")).to_be_focused()
    expect(page.locator("#tinh-trang")).not_to_contain_text("chưa thẩm định")
    lines = ScoreLine.objects.filter(sheet=scene.sheets[2], appraised_by=scene.secretary)
    assert lines.count() == 5
    assert scene.line("A2").appraised_points == 7
