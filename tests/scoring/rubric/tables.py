"""The rubrics that people gave us, as JSON documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emulation.management import demo
from scoring.models import Rubric
from scoring.selectors.rubrics import errors_of

_DEMO = Path(demo.__file__).parent / "party_agencies.json"
_COMMUNE = Path(__file__).parents[1] / "rules" / "thanh_hoa_commune.json"


def party_agencies() -> dict[str, Any]:
    """Return the rubric of the Party agencies' bloc."""
    return _read(_DEMO)


def commune() -> dict[str, Any]:
    """Return the draft for the communes' people's councils, three levels deep, errors left in."""
    return _read(_COMMUNE)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def waived(rubric: Rubric) -> dict[str, str]:
    """Return a reason for every error that the check finds in a table."""
    return {finding.key: "In theo văn bản" for finding in errors_of(rubric)}
