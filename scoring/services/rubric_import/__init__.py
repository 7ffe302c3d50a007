"""A rubric from one Excel workbook: read, compared with the draft, shown, then written whole."""

from __future__ import annotations

from scoring.services.rubric_import.applying import apply_rubric_import
from scoring.services.rubric_import.planning import (
    RubricPlan,
    plan_document,
    plan_rubric_import,
    settled,
)
from scoring.services.rubric_import.reading import CellError

__all__ = [
    "CellError",
    "RubricPlan",
    "apply_rubric_import",
    "plan_document",
    "plan_rubric_import",
    "settled",
]
