"""A real browser that gets pages already rendered, and what axe-core and a phone say of them."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Route
from playwright.sync_api import Page as Tab

from tests.demo.walking import Page

HOST = "http://demo.example"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}
UNFOLD = "for (const each of document.querySelectorAll('main details')) each.open = true"
# Of rows and entries built alike, one under another, axe looks at the first two: a table of sixty
# criteria has the faults of its first lines sixty times over.
THIN = """() => {
  const shape = (each) => `${each.tagName} ${each.className} ${each.getAttributeNames()} ` +
    `(${[...each.children].map(shape)})`;
  for (const parent of document.querySelectorAll('main tbody, main ul, main ol, main select')) {
    const met = {};
    for (const each of [...parent.children]) {
      const alike = shape(each);
      met[alike] = (met[alike] || 0) + 1;
      if (met[alike] > 2) each.remove();
    }
  }
}"""
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
# The rules of WCAG, and of axe's own advice those that it calls serious.
RUN = """axe.run(document, {
  resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  rules: Object.fromEntries(
    ['accesskeys', 'aria-dialog-name', 'aria-text', 'aria-treeitem-name', 'label-title-only',
     'scope-attr-valid', 'tabindex'].map((name) => [name, {enabled: true}])
  ),
}).then((found) => found.violations)"""


class Looker:
    """A window that shows pages and finds fault with them."""

    def __init__(self, tab: Tab, pages: list[Page]) -> None:
        self._tab = tab
        self._pages = {(page.who, page.url): page for page in pages}
        self._who = ""

    def answer(self, route: Route) -> None:
        """Give the browser what it asks for: a page of the walk, or a static file."""
        url = urlsplit(route.request.url)
        address = f"{url.path}?{url.query}" if url.query else url.path
        page = self._pages.get((self._who, address))
        if page:
            route.fulfill(status=page.status, headers=page.headers, body=page.body)
            return
        static = url.path.startswith("/static/")
        found = finders.find(url.path.removeprefix("/static/")) if static else None
        if not isinstance(found, str):
            route.fulfill(status=404, body="")
            return
        kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
        route.fulfill(status=200, content_type=kind, body=Path(found).read_bytes())

    def faults(self, page: Page) -> list[str]:
        """Show a page, everything unfolded; return axe's serious findings, and what is too wide."""
        self._who = page.who
        self._tab.goto(HOST + page.url)
        self._tab.evaluate(UNFOLD)
        too_wide = list(self._too_wide())
        self._tab.evaluate(THIN)
        return [*too_wide, *self._barriers()]

    def _barriers(self) -> Iterator[str]:
        for found in self._tab.evaluate(RUN):
            if found["impact"] in SERIOUS:
                for node in found["nodes"][:3]:
                    yield f"{found['id']}: {found['help']}: {node['html'][:200]}"

    def _too_wide(self) -> Iterator[str]:
        self._tab.set_viewport_size(PHONE)
        wide, shown = self._tab.evaluate(WIDTHS)
        self._tab.set_viewport_size(DESK)
        if wide > shown:
            yield f"{wide} px wide on a phone of {shown} px"


@contextmanager
def looker(browser: Browser, pages: list[Page]) -> Iterator[Looker]:
    """Yield a window that knows these pages."""
    window = browser.new_context(viewport=DESK, locale="vi-VN")
    window.add_init_script(Axe().axe_script)
    tab = window.new_page()
    looking = Looker(tab, pages)
    tab.route("**/*", looking.answer)
    try:
        yield looking
    finally:
        window.close()
