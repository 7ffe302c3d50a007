"""A walk through the demo: whoever logs in follows every link, one page of each kind.

Kept is the first page of each URL name and answer, and every later one that has a piece which no
page before it had: the roles see different tables made of the same cells. ``Page.shapes`` are its
pieces: each element with its classes and attributes under that of its parent, whatever it says.
"""

from __future__ import annotations

import html
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import Resolver404, resolve

from emulation.models import User

Shape = tuple[str, str]
LINK = re.compile(r'\shref="(/[^"#]*)')
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
SILENT = frozenset({"aria-current", "checked", "class", "href", "id", "open", "selected", "value"})
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
# Pages that differ by step of the year more than by who looks: so many of them for each person.
MANY = {"bloc_year": 3, "sheet": 3, "appraise": 2, "ranking": 2, "rubric": 2}


@dataclass(frozen=True)
class Page:
    """A page as one person got it."""

    who: str
    url: str
    name: str
    status: int
    body: str
    headers: dict[str, str]

    @property
    def shapes(self) -> set[Shape]:
        """The pieces of which the page's content consists; Django's own admin has no main."""
        reader, main = _Shapes(), MAIN.search(self.body)
        reader.feed(main[0] if main else self.body)
        return reader.found


class _Shapes(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[Shape] = set()
        self._open = [("", "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = " ".join(sorted((dict(attrs).get("class") or "").split()))
        names = " ".join(sorted(name for name, _ in attrs if name not in SILENT))
        shape = f"{tag}.{classes} {names}"
        self.found.add((self._open[-1][1], shape))
        if tag not in VOID:
            self._open.append((tag, shape))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1:
            if self._open.pop()[0] == tag:
                return


def distinct(accounts: tuple[str, ...]) -> list[Page]:
    """Walk as nobody and as each account; return the pages that show something new."""
    kinds, known = set[tuple[str, int]](), set[Shape]()
    kept: list[Page] = []
    for username in ("", *accounts):
        for page in walk(username):
            kind, shapes = (page.name, page.status), page.shapes
            if kind not in kinds or not shapes <= known:
                kept.append(page)
            kinds.add(kind)
            known |= shapes
    return kept


def walk(username: str) -> Iterator[Page]:
    """Yield the pages that a person reaches by links from home and from the log-in."""
    client = Client(raise_request_exception=False)
    if username:
        client.force_login(User.objects.get(username=username))
    waiting, known, met = deque(["/", "/dang-nhap/", "/khong-co/"]), set[str](), Counter[str]()
    while waiting:
        url = waiting.popleft()
        name = _name(url)
        if url in known or met[name] >= MANY.get(name, 1) or name.endswith(("docx", "xlsx")):
            continue
        known.add(url)
        response = client.get(url)
        if response.streaming:
            response.getvalue()
        elif response.status_code in {301, 302}:
            waiting.append(response["Location"])
        elif "html" in response.get("Content-Type", ""):
            met[name] += 1
            page = _page(username, url, name, response)
            waiting += [html.unescape(link) for link in LINK.findall(page.body)]
            yield page


def _name(url: str) -> str:
    try:
        return resolve(url.partition("?")[0]).view_name
    except Resolver404:
        return "not found"


def _page(username: str, url: str, name: str, response: Any) -> Page:
    headers = {key: value for key, value in response.headers.items() if key != "Set-Cookie"}
    return Page(username, url, name, response.status_code, response.content.decode(), headers)
