"""The page about the workbook names every sheet and every column."""

from __future__ import annotations

from pathlib import Path

from scoring.services.rubric_import.layout import COLUMNS, INFO, INFO_ROWS

PAGE = Path(__file__).parents[3] / "docs" / "rubric-workbook.md"


def test_every_sheet_and_column_is_described():
    page = PAGE.read_text(encoding="utf-8")
    for title, columns in COLUMNS.items():
        section = page.partition(f"## Trang “{title}”\n")[2].partition("\n## ")[0]
        for column in INFO_ROWS if title == INFO else columns:
            assert f"| {column.shown.replace('*', chr(92) + '*')} | {column.hint} |" in section
