"""How a status looks and speaks: one face per status, used by every app's enums."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The pale ground a status stands on; colour never speaks alone, the words do."""

    QUIET = "quiet"
    ACTIVE = "active"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Face:
    """What a status is called and what comes next.

    ``official`` is what the bloc's officials read, ``unit`` what the unit concerned reads,
    ``what_next`` one sentence on what happens now and who does it.
    """

    official: str
    unit: str
    tone: Tone
    what_next: str
