"""A sheet appraised with the keyboard alone: walked, kept, cut with a reason, finished."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from scoring.models import ScoreLine
from tests.browser.conftest import OpenAs
from tests.scoring.appraisal.builders import submitted_scene


def stands_on(page: Page, code: str) -> None:
    expect(page.locator("tr.row-current")).to_have_attribute("data-line", code)


def said(page: Page) -> Locator:
    return page.locator("#da-luu")


def test_a_sheet_is_appraised_with_the_keyboard(open_as: OpenAs) -> None:
    scene = submitted_scene(3)
    page = open_as(scene.secretary)
    page.goto(f"/phieu/{scene.sheets[2].pk}/tham-dinh/")
    expect(page.locator("[data-keys]")).to_be_visible()
    _one_key_keeps_a_line(page)
    _a_cut_wants_its_reason(page)
    _what_is_typed_is_neither_lost_nor_overrun(page)
    _the_history_can_be_sifted_after_it_was_renewed(page)
    _the_rest_of_a_section_is_kept_and_the_next_step_is_there(page)
    lines = ScoreLine.objects.filter(sheet=scene.sheets[2], appraised_by=scene.secretary)
    assert lines.count() == 5


def _one_key_keeps_a_line(page: Page) -> None:
    page.keyboard.press("j")
    stands_on(page, "A1")
    page.keyboard.press("a")
    stands_on(page, "A2")
    expect(said(page)).to_contain_text("Đã lưu")


def _a_cut_wants_its_reason(page: Page) -> None:
    page.keyboard.press("s")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("đề nghị ghi lý do")
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


def _what_is_typed_is_neither_lost_nor_overrun(page: Page) -> None:
    """Left with Escape it keeps its line, and the rest of its section, until it is dropped."""
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    for key in ("a", "Shift+A"):
        page.keyboard.press(key)
        expect(said(page)).to_contain_text("A3 có nội dung chưa lưu")
        stands_on(page, "A3")
    page.keyboard.press("j")
    stands_on(page, "A4")
    expect(said(page)).to_contain_text("A3: điểm thẩm định khác điểm tự chấm")
    stands_on(page, "A4")
    page.keyboard.press("k")
    stands_on(page, "A3")
    page.keyboard.press("Escape")
    expect(said(page)).to_contain_text("Đã bỏ nội dung chưa lưu")
    stands_on(page, "A3")


def _the_history_can_be_sifted_after_it_was_renewed(page: Page) -> None:
    sought = page.get_by_label("Lọc theo người, đơn vị hoặc mục")
    sought.fill("so ghi 6")
    expect(page.locator("#lich-su [role=status]")).to_contain_text("Còn 1/")


def _the_rest_of_a_section_is_kept_and_the_next_step_is_there(page: Page) -> None:
    page.locator("tr.row-current").focus()
    page.keyboard.press("Shift+A")
    stands_on(page, "P1")
    page.keyboard.press("ArrowUp")
    stands_on(page, "A4")
    page.keyboard.press("a")
    expect(said(page)).to_contain_text("đã thẩm định")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Gửi đơn vị giải trình")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_label("Hạn đơn vị giải trình")).to_be_focused()
    expect(page.locator("#tinh-trang")).not_to_contain_text("chưa thẩm định")
