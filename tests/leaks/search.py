"""Asking an address as a role, and finding the secrets in whatever comes back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.test.client import RequestFactory

from tests.leaks.story import figures

Hit = tuple[str, str]
"""The kind of a secret and the unit whose it is."""

WORD = re.compile(r"bimat-([a-z]+)-([a-z]+)", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*(?![\d])")
FIGURES = figures()
ZIPPED = b"PK\x03\x04"

# What stands in one sheet is seen by the same people, whatever its form.
KIND_OF_WORD = {
    "ghichu": "own_line",
    "tep": "own_line",
    "noidung": "own_line",
    "minhchung": "own_line",
    "sohieu": "own_line",
    "noibanhanh": "own_line",
    "noiluu": "own_line",
    "lydo": "appraised_line",
    "traloi": "appraised_line",
    "ykien": "opinion",
    "giaitrinh": "explanation",
    "khieunai": "dispute",
    "ketluan": "dispute",
    "dangky": "registration",
    "baocao": "report",
    "gopy": "comment",
    "giahan": "extension",
    "khongxet": "exclusion",
    "quyetdinh": "decision",
    "kiennghi": "appeal",
}


class Asker:
    """Sends GET requests through the whole stack of middleware."""

    def __init__(self, cookie: str) -> None:
        self.handler, self.cookie = BaseHandler(), cookie
        self.handler.load_middleware()

    def get(self, url: str, session: str) -> HttpResponseBase:
        """The answer to a session; empty for nobody."""
        factory = RequestFactory()
        if session:
            factory.cookies[self.cookie] = session
        return self.handler.get_response(factory.get(url))


def texts_of(response: Any) -> Iterator[str]:
    """Everything that leaves with a response: headers, body, the parts of an Office file or ZIP."""
    yield unquote("\n".join(f"{name}: {value}" for name, value in response.items()))
    yield from texts_in(body_of(response))


def body_of(response: Any) -> bytes:
    """The whole body; a file is read to its end and closed."""
    if not response.streaming:
        return bytes(response.content)
    body = bytes(response.getvalue())
    for close in response._resource_closers:
        close()
    return body


def texts_in(content: bytes) -> Iterator[str]:
    """The text of a file; of a zipped one that of every part, however deep."""
    if not content.startswith(ZIPPED):
        yield content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            yield part.filename
            yield from texts_in(archive.read(part))


def secrets_in(response: HttpResponseBase) -> set[Hit]:
    """The secrets that leave with a response."""
    found: set[Hit] = set()
    for text in texts_of(response):
        found |= secrets_of(text)
    return found


def secrets_of(text: str) -> set[Hit]:
    """The secrets that stand in a text."""
    words = {(KIND_OF_WORD[kind.lower()], unit.lower()) for unit, kind in WORD.findall(text)}
    numbers = (FIGURES.get(_plain(number)) for number in NUMBER.findall(text))
    return words | {hit for hit in numbers if hit}


def _plain(number: str) -> str:
    """A number as it is looked up: ``83,37`` and ``83.370`` as ``83.37``, ``91.037`` as 91037."""
    whole, point, fraction = number.replace(",", ".").rpartition(".")
    if point and len(fraction) == 3 and fraction[-1] != "0":
        return (whole + fraction).replace(".", "")
    return f"{whole}.{fraction[:2]}" if point else number
