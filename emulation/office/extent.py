"""How far the cells of a workbook reach, found before a reader builds the whole rectangle.

A single value in the last cell of a sheet makes seventeen thousand million cells of it; a text
kept once, to which every cell refers, is copied for each of them.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from emulation.office.archive import DAMAGED, STRANGE_PATHS, TOO_BIG, UnsafeArchive

MAX_PART = 60 * 1024 * 1024
MAX_TEXT = 30_000_000
"""Characters in all cells together, the texts they share counted for each."""
_CHUNK = 256 * 1024
_NUMBER_LENGTH = 12
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MARKUP = (".xml", ".rels", ".vml")


@dataclass(slots=True)
class Extent:
    """The farthest row and column with a value, from 1; addresses of cells that show an error,
    and of ``formulas`` that no program has worked out yet (they would read as blank).

    ``shared`` are the lengths of the shared texts, kept in so many ``parts`` of the file (one,
    where nobody means harm), ``used`` how many cells refer to each by its number.
    """

    row: int = 0
    column: int = 0
    faults: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    parts: int = 0
    shared: list[int] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)

    @property
    def characters(self) -> int:
        """How many characters the cells come to that refer to shared texts, by their numbers."""
        return sum(self._length(number) * count for number, count in self.used.items())

    def _length(self, number: str) -> int:
        """Return a shared text's length; the longest where the number is not to be trusted."""
        place = int(number) if number.isdecimal() and len(number) < _NUMBER_LENGTH else -1
        if self.parts == 1 and 0 <= place < len(self.shared):
            return self.shared[place]
        return max(self.shared, default=0)


def extent_of(file: IO[bytes] | Any, *, rows: int, columns: int) -> Extent:
    """Return how far the values in an .xlsx reach, over all its sheets; the file is rewound.

    Reading stops at the first value beyond ``rows`` or ``columns``, which the extent then names.
    UnsafeArchive for a part that is damaged, too big or carries entity declarations, and for
    shared texts that would fill the memory.
    """
    found = Extent()
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                if entry.file_size > MAX_PART:
                    raise UnsafeArchive(TOO_BIG)
                _scan(archive, entry, found, rows, columns)
                if found.row > rows or found.column > columns:
                    return found
        if found.characters > MAX_TEXT:
            raise UnsafeArchive(TOO_BIG)
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
    parser.buffer_text = True
    parser.StartElementHandler = pen.start
    parser.EndElementHandler = pen.end
    parser.CharacterDataHandler = pen.write
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
        self.has_cells = self.has_texts = self.refers = False
        self.number = self.formula = self.address = ""
        self.in_value = False

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
            self.in_value = True
            self._value()
        elif name == "f" and self.has_cells:
            self.formula = self.address
        elif name == "si":
            self.found.parts += not self.has_texts
            self.found.shared.append(0)
            self.has_texts = True

    def end(self, name: str) -> None:
        """Count the shared text to which a cell refers."""
        name = name.rpartition(":")[2]
        if name in {"v", "is"}:
            self.in_value = False
        if name == "v" and self.refers:
            self.found.used[self.number.strip()] += 1
            self.number = ""
        elif name == "c" and self.formula:
            self.found.formulas.append(self.formula)
            self.formula = ""

    def write(self, text: str) -> None:
        """Measure a shared text; note the number of the one to which a cell refers."""
        if self.in_value and text.strip():
            self.formula = ""
        if self.has_texts:
            self.found.shared[-1] += len(text)
        elif self.refers:
            self.number = (self.number + text)[:_NUMBER_LENGTH]

    def _cell(self, attributes: dict[str, str]) -> None:
        self.has_cells, self.refers = True, attributes.get("t") == "s"
        self.address, self.formula = attributes.get("r", "?"), ""
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
