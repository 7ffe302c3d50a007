"""The users' guide names buttons and pages exactly as they stand on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = sorted((ROOT / "docs" / "huong-dan").glob("*.md"))
SOURCES = ("templates", "blocs", "pledges", "scoring", "emulation")
# What is stressed and stands on no page, and what a page puts together from several words.
OWN_WORDS = {
    "Góp ý nội dung 1",
    "Viết báo cáo sơ kết",
    "Trả lại báo cáo sơ kết",
    "Duyệt điểm của",
    "Thẩm định bảng chấm điểm của Trưởng khối",
    "không ai xử lý việc của chính đơn vị mình",
    "Đúng hạn",
    "Lần đầu vào",
    "ngay phút ấy",
    "quên mật khẩu",
}


def _written() -> str:
    """Everything our pages may say: templates and code, with broken strings put together."""
    files = [
        path
        for folder in SOURCES
        for suffix in ("*.html", "*.txt", "*.py")
        for path in (ROOT / folder).rglob(suffix)
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return re.sub(r"\s+", " ", re.sub(r'"\s*\n\s*f?"', "", text)).casefold()


def _named(page: Path) -> Iterator[str]:
    """The bold words of a page that end with no stop: names of buttons, tabs, columns."""
    text = re.sub(r"\s*\n\s*", " ", page.read_text(encoding="utf-8"))
    for bold in re.findall(r"\*\*(.+?)\*\*", text):
        if not bold.endswith("."):
            parts = (part.strip(" ,:") for part in re.split("[…“”]", bold))
            yield from (part for part in parts if part)


@pytest.fixture(scope="module", name="written")
def fixture_written() -> str:
    return _written()


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_what_it_names_stands_on_a_page(page: Path, written: str) -> None:
    missing = [
        each for each in _named(page) if each not in OWN_WORDS and each.casefold() not in written
    ]
    assert missing == []


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_its_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_index_lists_every_page() -> None:
    index = (GUIDE[0].parent / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in GUIDE if page.name != "README.md" and page.name not in index
    ] == []
