"""Several files at once, each with its own outcome; a paper opened beside its line."""

from __future__ import annotations

from django.core.files.storage import default_storage
from playwright.sync_api import expect

from emulation.models import StoredFile
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
    expect(page.get_by_label("Tệp minh chứng")).to_be_focused()
    expect(page.locator(".file-field")).to_contain_text("Chưa chọn tệp nào")
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
    expect(page.get_by_role("link", name="Xong, quay lại bảng")).to_be_visible()
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

    # Its content is lost from the disk: said beside the line, and no empty frame opens.
    stored = StoredFile.objects.get()
    default_storage.delete(stored.file.name)
    opener.click()
    expect(page.locator("#xem-loi")).to_contain_text("quản trị hệ thống")
    expect(page.locator("#xem-minh-chung")).to_be_hidden()
