"""A world in self-scoring, and evidence attached in it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from emulation import clock
from scoring.models import Evidence
from scoring.services.evidence import add_evidence
from tests.factories import World
from tests.scoring.builders import PDF, a_pdf, line_of, sheet_of

UNIT, OTHER, SECRETARY = 2, 1, 0


def attach(
    world: World,
    code: str,
    name: str = "a.pdf",
    more: bytes = b"",
    *,
    unit: int = UNIT,
    **citation: Any,
) -> Evidence:
    """A file on a unit's line; ``more`` makes its content another."""
    return add_evidence(
        actor=world.officers[unit],
        line=line_of(sheet_of(world, unit), code),
        uploaded=a_pdf(name, PDF + more),
        **citation,
    )


def cite(world: World, code: str, number: str = "12/QĐ") -> Evidence:
    """A paper cited on the unit's line."""
    line = line_of(sheet_of(world, UNIT), code)
    return add_evidence(
        actor=world.officers[UNIT], line=line, number=number, issued_on=clock.today()
    )


def unpacked(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(content))
