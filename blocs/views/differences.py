"""What a file would change, row by row, as every preview of an upload shows it."""

from __future__ import annotations

from dataclasses import dataclass

EMPTY = "(trống)"


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A value before and after, in words; ``before`` is empty where there was nothing to say."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A row that the file changes: what it is, where in the file, the deed as a chip, the changes.

    ``otherwise`` stands where no single change is told.
    """

    label: str
    where: str
    word: str
    tone: str
    changes: tuple[ShownChange, ...]
    otherwise: str = ""


def in_file(sheet: str, row: int) -> str:
    """Return where in the file a row stands."""
    return f"Trang {sheet}, dòng {row}"
