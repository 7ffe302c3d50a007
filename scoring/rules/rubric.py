"""Rubrics: the one module that others import for structure, documents and sentences."""

from __future__ import annotations

from scoring.rules.document_writing import to_document
from scoring.rules.documents import from_document
from scoring.rules.soundness import RubricError
from scoring.rules.structure import (
    CriterionRules,
    GradeBand,
    Level,
    Place,
    RubricRules,
    SectionFloor,
    SectionRules,
)
from scoring.rules.wording import sentence

__all__ = [
    "CriterionRules",
    "GradeBand",
    "Level",
    "Place",
    "RubricError",
    "RubricRules",
    "SectionFloor",
    "SectionRules",
    "from_document",
    "sentence",
    "to_document",
]
