"""Score tables as workbooks, and the worlds they go into."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from openpyxl import Workbook

from emulation.models import User
from tests.factories import World


def table(
    rows: Mapping[str, Mapping[str, Any]],
    notes: Mapping[str, Mapping[str, str]] | None = None,
    *,
    leader: str = "",
    titles: Sequence[str] = (),
) -> bytes:
    """A workbook of cells by unit and code."""
    book = Workbook()
    book.remove(book.active)
    for title, cells in (("Điểm", rows), ("Ghi chú", notes or {})):
        page = book.create_sheet(title)
        codes = list(dict.fromkeys(code for row in cells.values() for code in row))
        extra = ["Lãnh đạo đồng ý nộp"] if leader and title == "Điểm" else []
        page.append(["Đơn vị", *extra, *codes])
        if titles:
            page.append(["", *titles])
        for unit, row in cells.items():
            page.append([unit, *([leader] if extra else []), *(row.get(code) for code in codes)])
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The content of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def names(world: World) -> list[str]:
    """The units' names, as the table writes them."""
    return [membership.unit_name for membership in world.memberships]


def run(
    path: Path, world: World, actor: User, content: bytes, *options: str, stage: str = "self"
) -> dict[str, Any]:
    """What ``import_scores --json`` says of a workbook."""
    file = path / "bang-diem.xlsx"
    file.write_bytes(content)
    out = io.StringIO()
    year = f"--bloc-year={world.bloc_year.pk}"
    with contextlib.suppress(CommandError):
        call_command(
            "import_scores",
            str(file),
            year,
            f"--as={stage}",
            f"--actor={actor.username}",
            "--json",
            *options,
            stdout=out,
        )
    said: dict[str, Any] = json.loads(out.getvalue())
    return said
