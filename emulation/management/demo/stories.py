"""The facts, read from the JSON files beside this module, and moments in local time."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

HERE = Path(__file__).resolve().parent
OFFICE_HOURS = dt.time(9, 0)


def load(name: str) -> dict[str, Any]:
    """Return the story or rubric called ``name``."""
    document: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return document


def moment(day: dt.date, time: dt.time = OFFICE_HOURS) -> dt.datetime:
    """Return ``time`` of ``day`` in the country's time zone."""
    return dt.datetime.combine(day, time, ZoneInfo(settings.TIME_ZONE))


def day_of(text: str) -> dt.date:
    """Return the day that an ISO date names."""
    return dt.date.fromisoformat(text)
