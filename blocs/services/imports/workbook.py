"""The uploaded workbook as rows, before anyone judges what the cells say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tablib import Dataset


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of a sheet that say something, with their numbers in Excel; ``absent`` columns."""

    title: str
    data: Dataset
    numbers: tuple[int, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """The four sheets by title; ``unread`` are the titles of sheets nobody asked for."""

    sheets: Mapping[str, SheetRows]
    unread: tuple[str, ...] = ()
