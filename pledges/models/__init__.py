"""The pledge, its items, comments and signatures; registrations and targets; reports."""

from __future__ import annotations

from pledges.models.pledge import (
    Pledge,
    PledgeComment,
    PledgeItem,
    PledgeSignature,
    PledgeTransition,
)
from pledges.models.reports import RegisteredTitle, Registration, Report, Target

__all__ = [
    "Pledge",
    "PledgeComment",
    "PledgeItem",
    "PledgeSignature",
    "PledgeTransition",
    "RegisteredTitle",
    "Registration",
    "Report",
    "Target",
]
