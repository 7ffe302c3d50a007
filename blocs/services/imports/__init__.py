"""The register of a board from one Excel workbook: read, compared, shown, then written whole."""

from __future__ import annotations

from blocs.services.imports.planning import ImportPlan, plan_import
from blocs.services.imports.reading import read_workbook
from blocs.services.imports.uploads import confirm_import, plan_of, upload_register

__all__ = [
    "ImportPlan",
    "confirm_import",
    "plan_import",
    "plan_of",
    "read_workbook",
    "upload_register",
]
