"""Cells of a workbook that no reader of values can judge: formulas, and those showing an error.

A reader of values sees what a formula came to when the file was saved, perhaps by somebody's
program and never by Excel. Whoever takes figures from a file may want to refuse them by address.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.parsers import expat

MOST_MARKS = 1_000
_CHUNK = 256 * 1024
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell: its sheet's title, row and column from 1; a formula, or an error shown."""

    sheet: str
    row: int
    column: int
    is_formula: bool


def marks_of(content: bytes, *, rows: int) -> list[Mark]:
    """Return the cells with formulas or errors, the first ``MOST_MARKS``, in the file's order.

    Reading of a sheet stops below ``rows``. The file must have passed ``extent_of``, which bounds
    it and refuses entity declarations.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        titles = _titles_by_part(archive)
        pens = [_pen(archive, part, _Pen(title, rows)) for part, title in titles.items()]
    return [mark for pen in pens for mark in pen.marks][:MOST_MARKS]


def _pen(archive: zipfile.ZipFile, part: str, pen: _Pen) -> _Pen:
    parser = expat.ParserCreate()
    parser.StartElementHandler = pen.start
    with archive.open(part) as file:
        while (chunk := file.read(_CHUNK)) and not pen.is_done:
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it so
    return pen


def _titles_by_part(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the sheets' titles by the parts of the archive that hold them."""
    names = set(archive.namelist())
    if not {_BOOK, _RELATIONS} <= names:
        return {}
    targets = {
        each.get("Id", ""): posixpath.normpath(posixpath.join("xl", each.get("Target", "")))
        for each in _elements(archive, _RELATIONS, "Relationship")
    }
    found = {}
    for sheet in _elements(archive, _BOOK, "sheet"):
        key = next((text for name, text in sheet.items() if name.endswith(":id")), "")
        part = targets.get(key, "").lstrip("/")
        part = part if part in names else part.removeprefix("xl/")
        if part in names:
            found[part] = sheet.get("name", "")
    return found


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> Iterator[Mapping[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == wanted:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(archive.read(part), True)  # noqa: FBT003 - expat takes it so
    yield from found


class _Pen:
    """Notes the marked cells of one sheet."""

    def __init__(self, title: str, rows: int) -> None:
        self.title, self.rows = title, rows
        self.marks: list[Mark] = []
        self.row = self.column = 0

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to note."""
        return self.row > self.rows or len(self.marks) >= MOST_MARKS

    def start(self, name: str, attributes: dict[str, Any]) -> None:
        """Follow rows and cells; note a formula or an error."""
        match name.rpartition(":")[2]:
            case "row":
                given = attributes.get("r", "")
                self.row = int(given) if given.isdecimal() else self.row + 1
                self.column = 0
            case "c":
                self._cell(attributes)
            case "f":
                self._note(is_formula=True)

    def _cell(self, attributes: dict[str, Any]) -> None:
        address = _ADDRESS.fullmatch(attributes.get("r", ""))
        if address:
            self.column, self.row = _number(address[1]), int(address[2])
        else:
            self.column += 1
        if attributes.get("t") == "e":
            self._note(is_formula=False)

    def _note(self, *, is_formula: bool) -> None:
        if not self.is_done:
            self.marks.append(Mark(self.title, self.row, self.column, is_formula))


def _number(letters: str) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - ord("A") + 1
    return total
