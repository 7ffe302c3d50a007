"""How far the cells of a workbook reach, found before a reader builds the whole rectangle.

A single value in the last cell of a sheet makes seventeen thousand million cells of it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from emulation.office.archive import DAMAGED, STRANGE_PATHS, TOO_BIG, UnsafeArchive

MAX_PART = 60 * 1024 * 1024
_CHUNK = 256 * 1024
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MARKUP = (".xml", ".rels", ".vml")


@dataclass(slots=True)
class Extent:
    """The farthest row and column with a value, from 1; addresses of cells that show an error."""

    row: int = 0
    column: int = 0
    faults: list[str] = field(default_factory=list)


def extent_of(file: IO[bytes] | Any, *, rows: int, columns: int) -> Extent:
    """Return how far the values in an .xlsx reach, over all its sheets; the file is rewound.

    Reading stops at the first value beyond ``rows`` or ``columns``, which the extent then names.
    UnsafeArchive for a part that is damaged, too big or carries entity declarations.
    """
    found = Extent()
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                if entry.file_size > MAX_PART:
                    raise UnsafeArchive(TOO_BIG)
                _scan(archive, entry, found, rows, columns)
                if found.row > rows or found.column > columns:
                    break
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        raise UnsafeArchive(DAMAGED) from fault
    finally:
        file.seek(0)
    return found


class _Far(Exception):  # noqa: N818 - nothing is wrong: there is no need to read on
    """A value lies beyond what the caller takes."""


def _scan(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, found: Extent, rows: int, columns: int
) -> None:
    parser = expat.ParserCreate()
    pen = _Pen(found, rows, columns)
    parser.StartElementHandler = pen.start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it so
    except expat.ExpatError as fault:
        if pen.has_cells or entry.filename.lower().endswith(_MARKUP):
            raise UnsafeArchive(DAMAGED) from fault
    except _Far:
        return


def _refuse_doctype(*_declaration: object) -> None:
    raise UnsafeArchive(STRANGE_PATHS)


class _Pen:
    """Follows the cells of one part; names may carry a prefix, addresses may be left out."""

    def __init__(self, found: Extent, rows: int, columns: int) -> None:
        self.found, self.rows, self.columns = found, rows, columns
        self.row = self.column = 0
        self.has_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note where a row, a cell or a value begins."""
        name = name.rpartition(":")[2]
        if name == "row":
            given = attributes.get("r", "")
            self.row = int(given) if given.isdecimal() else self.row + 1
            self.column = 0
        elif name == "c":
            self._cell(attributes)
        elif name in {"v", "is"} and self.has_cells:
            self._value()

    def _cell(self, attributes: dict[str, str]) -> None:
        self.has_cells = True
        address = _CELL.fullmatch(attributes.get("r", ""))
        if address:
            self.column, self.row = _number(address[1]), int(address[2])
        else:
            self.column += 1
        if attributes.get("t") == "e":
            self.found.faults.append(attributes.get("r", "?"))

    def _value(self) -> None:
        self.found.row = max(self.found.row, self.row)
        self.found.column = max(self.found.column, self.column)
        if self.row > self.rows or self.column > self.columns:
            raise _Far


def _number(letters: str) -> int:
    """Return the number of a column from its letters: A is 1, AA is 27."""
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - ord("A") + 1
    return total
