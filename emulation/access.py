"""Verdicts and the guard every service calls.

A predicate answers a :class:`Verdict`: allowed, or refused with a reason that a user can read.
Pages show the reason beside a disabled button; services pass the same verdict to :func:`require`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a person may do something now, and if not, why (Vietnamese, a full sentence)."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(allowed=True)


class Refused(PermissionDenied):
    """The wrong role or the wrong moment: shown as page 403 with its reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Conflict(Exception):  # noqa: N818 - a state of affairs, shown as page 409
    """What the person saw is no longer so, or something still blocks the deed.

    ``details`` are further lines for the page: names of units, both versions of a value.
    """

    def __init__(self, reason: str, details: Iterable[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = tuple(details)


def refuse(reason: str) -> Verdict:
    """Return a refusal with its reason."""
    return Verdict(allowed=False, reason=reason)


def allow_if(condition: bool, reason: str) -> Verdict:  # noqa: FBT001 - reads as a sentence
    """Return permission where ``condition`` holds, else a refusal with ``reason``."""
    return ALLOWED if condition else refuse(reason)


def all_of(*verdicts: Verdict) -> Verdict:
    """Return the first refusal among ``verdicts``, or permission."""
    return next((verdict for verdict in verdicts if not verdict), ALLOWED)


def any_of(*verdicts: Verdict) -> Verdict:
    """Return permission if any verdict permits, else the last refusal."""
    return next((verdict for verdict in verdicts if verdict), verdicts[-1])


def require(verdict: Verdict) -> None:
    """Raise :class:`Refused` unless ``verdict`` permits."""
    if not verdict:
        raise Refused(verdict.reason)
