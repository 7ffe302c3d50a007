"""Several files at once, each with its own outcome; a paper opened beside its line."""

from __future__ import annotations

from playwright.sync_api import expect

from scoring.models import EvidenceView
from tests.browser.conftest import OpenAs
from tests.scoring.builders import PDF, line_of, make_scoring_world, sheet_of


def test_files_are_sent_one_by_one_and_opened_beside_the_line(open_as: OpenAs) -> None:
    world = make_scoring_world(3)
    line = line_of(sheet_of(world, 2), "A1")
    page = open_as(world.officers[2])
    page.goto(f"/phieu/{line.sheet_id}/minh-chung/them/{line.criterion_id}/")
    names = ("tốt.pdf", "chương trình.pdf", "trống.pdf")
    contents = (PDF, b"MZ" + b"0" * 99, b"")
    page.get_by_label("Tệp minh chứng").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": content}
            for name, content in zip(names, contents, strict=True)
        ]
    )
    expect(page.locator("#cac-tep")).to_contain_text("Tệp không có nội dung")
    page.get_by_role("button", name="Thêm minh chứng").click()
    expect(page.locator(".uploads-said")).to_have_text("Đã thêm 1 tệp, 2 tệp không được nhận.")
    expect(page.locator("#cac-tep")).to_contain_text("là chương trình")
    page.goto(f"/phieu/{line.sheet_id}/")
    opener = page.get_by_role("button", name="tốt.pdf").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#xem-ten")).to_be_focused()
    expect(page.locator("#xem-minh-chung iframe")).to_have_attribute("title", "tốt.pdf")
    assert EvidenceView.objects.get().user == world.officers[2]
    page.keyboard.press("Escape")
    expect(page.locator("#xem-minh-chung")).to_be_hidden()
    expect(opener).to_be_focused()
