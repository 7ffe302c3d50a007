"""The pledge, its items, comments and signatures; registrations and targets; reports."""

from __future__ import annotations

from pledges.models.pledge import (
    Pledge,
    PledgeComment,
    PledgeItem,
    PledgeSignature,
    PledgeTextChange,
    PledgeTransition,
)
from pledges.models.reports import (
    RegisteredTitle,
    Registration,
    RegistrationTransition,
    Report,
    ReportTransition,
    Target,
)

__all__ = [
    "Pledge",
    "PledgeComment",
    "PledgeItem",
    "PledgeSignature",
    "PledgeTextChange",
    "PledgeTransition",
    "RegisteredTitle",
    "Registration",
    "RegistrationTransition",
    "Report",
    "ReportTransition",
    "Target",
]
