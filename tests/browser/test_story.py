"""A bloc's year in a real browser, from the secretary's first step to the reader's why."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.year import Year, a_year

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HEAD, DEPUTY, OWN, OTHER = range(4)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).first.click()


def take(page: Page, year: Year, button: str, reason: str = "") -> None:
    """Take a step of the year on its page; a soft blocker asks for a reason."""
    page.goto(year.path)
    if not reason:
        press(page, button)
        return
    offer = page.locator("details.offer", has_text=button)
    offer.locator("summary").click()
    offer.locator("textarea").fill(reason)
    offer.get_by_role("button", name=button).click()


def test_a_year_from_founding_to_the_published_ranking(open_as: OpenAs) -> None:
    year = a_year()
    world = year.world
    secretary, head = open_as(world.secretary), open_as(world.head_leader)
    open_and_sign(year, secretary, head, open_as(world.leaders[OWN]))
    start_scoring(year, head)
    officer = open_as(world.officers[OWN])
    score_with_comma_and_pdf(year, officer, world.leaders[OWN].full_name)
    year.hand_in(HEAD, "10", "1")
    year.hand_in(DEPUTY, "10", "0")
    year.hand_in(OTHER, "7.5", "0")
    appraise_the_heads_sheet(year, open_as(world.deputy_officer), open_as(world.deputy_leader))
    approve_the_others(year, head)
    adopt_with_a_tie(year, head)
    decide_and_publish(year, head, open_as(world.board_officer))
    read_why(year, officer)


def open_and_sign(year: Year, secretary: Page, head: Page, leader: Page) -> None:
    take(secretary, year, "Gửi lấy ý kiến")
    expect(secretary.get_by_text("Lấy ý kiến").first).to_be_visible()
    year.agree()
    take(head, year, "Mở ký giao ước")
    leader.goto(f"{year.path}giao-uoc/")
    leader.get_by_role("link", name="Ký giao ước").first.click()
    press(leader, "Ký giao ước thay mặt")
    expect(leader.get_by_text("đã ký").first).to_be_visible()
    year.sign(HEAD, DEPUTY, OTHER)


def start_scoring(year: Year, head: Page) -> None:
    take(head, year, "Chuyển sang thực hiện")
    year.prepare_scoring()
    take(head, year, "Mở tự chấm điểm", reason="Khối sơ kết bằng hội nghị.")
    expect(head.get_by_text("Tự chấm điểm").first).to_be_visible()


def score_with_comma_and_pdf(year: Year, page: Page, leader: str) -> None:
    """Enter 7,5 as people write it, attach a PDF, hand in."""
    page.goto(f"/phieu/{year.sheet(OWN).pk}/")
    page.get_by_label("A1:").first.fill("7,5")
    page.get_by_label("A2:").first.fill("0")
    page.get_by_label("A3:").first.select_option(label="Tốt (50 điểm)")
    page.get_by_role("button", name="Lưu và thêm minh chứng cho A1").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "Báo cáo kết quả.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    press(page, "Thêm minh chứng")
    expect(page.get_by_role("row", name="A1").first).to_contain_text("7,50")
    press(page, "Kiểm tra và nộp")
    page.get_by_label("Họ tên, chức vụ lãnh đạo đơn vị đã đồng ý nộp").fill(leader)
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Nộp bảng tự chấm điểm")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận bảng tự chấm điểm")
    page.goto(f"/phieu/{year.sheet(OWN).pk}/")
    expect(page.get_by_text("97,50").first).to_be_visible()


def appraise_the_heads_sheet(year: Year, officer: Page, leader: Page) -> None:
    """The deputy acts for the head's own sheet: officer appraises, leader approves."""
    path = f"/phieu/{year.sheet(HEAD).pk}/"
    officer.goto(f"{path}tham-dinh/")
    press(officer, "Bắt đầu thẩm định")
    press(officer, "tiêu chí còn lại của A")
    press(officer, "Hoàn thành thẩm định")
    leader.goto(f"{path}duyet/")
    press(leader, "Duyệt điểm")
    expect(leader.get_by_text("Đã duyệt").first).to_be_visible()


def approve_the_others(year: Year, head: Page) -> None:
    for place in (DEPUTY, OWN, OTHER):
        year.appraise(place)
    head.goto(f"{year.path}tham-dinh/")
    press(head, "Duyệt các bảng đã chọn")
    press(head, "Duyệt")
    expect(head.get_by_text("Đã duyệt").first).to_be_visible()


def adopt_with_a_tie(year: Year, head: Page) -> None:
    take(head, year, "Chuyển sang thẩm định")
    take(head, year, "Trình bảng tổng hợp ra hội nghị")
    year.meet()
    take(head, year, "Thông qua kết quả")
    head.goto(f"{year.path}xep-hang/")
    places = {
        row.get_attribute("data-unit"): row.get_attribute("data-rank")
        for row in head.locator("tr[data-rank]").all()
    }
    assert places == {
        year.name(DEPUTY): "1",
        year.name(OWN): "2",
        year.name(OTHER): "2",
        year.name(HEAD): "4",
    }


def decide_and_publish(year: Year, head: Page, board: Page) -> None:
    head.goto(f"{year.path}de-nghi/")
    press(head, "đề nghị theo chỉ tiêu")
    take(head, year, "Trình Hội đồng Thi đua - Khen thưởng")
    for _ in range(3):
        board.goto(f"{year.path}quyet-dinh/")
        board.get_by_role("link", name="Ghi quyết định tiếp theo").click()
        board.get_by_label("Khen thưởng như đề nghị").check()
        board.get_by_label("Số, ký hiệu quyết định").fill("15/QĐ-UBND")
        board.get_by_label("Ngày quyết định").fill("20/11/2026")
        press(board, "Ghi quyết định")
    take(board, year, "Chốt quyết định của Hội đồng")
    board.goto(f"{year.path}cong-bo/")
    press(board, "Công bố kết quả")
    expect(board.get_by_text("công bố").first).to_be_visible()


def read_why(year: Year, officer: Page) -> None:
    """The unit reads why it came second together with another."""
    officer.goto(f"{year.path}xep-hang/")
    row = officer.locator(f'tr[data-unit="{year.name(OWN)}"]')
    expect(row).to_contain_text("đồng hạng")
    expect(row).to_contain_text("97,50")
    row.get_by_text("Vì sao?").click()
    expect(row).to_contain_text(year.name(OTHER))
    expect(row).to_contain_text("Bằng khen")
