"""A small rubric built in the editor with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from blocs.enums import YearStatus
from scoring.models import Criterion, Section
from scoring.rules.rubric import from_document
from scoring.services.rubrics import RubricSettings, draft_rubric
from tests.browser.conftest import OpenAs
from tests.factories import make_world
from tests.scoring.builders import DOCUMENT


def press(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.focus()
    page.keyboard.press("Enter")


def test_a_rubric_is_built_with_the_keyboard(open_as: OpenAs) -> None:
    world = make_world(3, status=YearStatus.RUNNING)
    rubric = draft_rubric(
        actor=world.secretary,
        bloc_year=world.bloc_year,
        settings=RubricSettings(title="Bảng mới"),
        grades=from_document(DOCUMENT).grades,
    )
    page = open_as(world.secretary)
    page.goto(f"/bang-cham-diem/{rubric.pk}/soan/")
    press(page, "Thêm phần")
    expect(page.locator("#them-phan-title")).to_be_focused()
    page.keyboard.type("Nhiệm vụ")
    press(page, "Lưu và thêm tiêu chí")
    expect(page.get_by_role("heading", name="A. Nhiệm vụ")).to_be_visible()
    section = Section.objects.get(rubric=rubric)
    for title in ("Một", "Hai"):
        expect(page.locator(f"#them-{section.pk}-title")).to_be_focused()
        page.keyboard.type(title)
        page.keyboard.press("Tab")
        page.keyboard.type("50")
        if title == "Một":
            press(page, "Lưu và thêm tiêu chí nữa")
            expect(page.locator(f"#them-{section.pk}-code")).to_have_value("A2")
        else:
            page.keyboard.press("Enter")
    second = page.get_by_role("button", name="Chuyển tiêu chí A2 lên")
    second.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thong-bao")).to_have_text("Đã chuyển A2.")
    expect(page.get_by_role("button", name="Chuyển tiêu chí A2 lên")).to_be_focused()
    press(page, "Sửa tiêu chí A1")
    expect(page.locator(".ed-form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".ed-form")).to_have_count(0)
    expect(page.locator("#tong")).to_contain_text("100 / 100 điểm")
    rows = Criterion.objects.filter(rubric=rubric).order_by("position")
    assert [row.code for row in rows] == ["A2", "A1"]
