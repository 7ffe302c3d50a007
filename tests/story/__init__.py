"""A bloc's whole year, built through the services, with a stop at any moment.

``Story("tabled")`` walks a fictitious bloc from founding to the moment at which its table is
tabled, each deed by the person whose deed it is and on its day. ``story.go_to("adopted")`` walks
on. Sixteen roles look at it (``ROLES``): "own" is the unit whose papers are asked for, ``officer``
and ``leader`` are its people.

The story keeps keys only and reads its objects anew, so that many tests may share one.
"""

from __future__ import annotations

from tests.story.base import MOMENTS, NAMES, PASSWORD, PDF, ROLES, WHEN, YEAR, a_pdf, dec, moment_of
from tests.story.results import Results

__all__ = [
    "MOMENTS",
    "NAMES",
    "PASSWORD",
    "PDF",
    "ROLES",
    "WHEN",
    "YEAR",
    "Story",
    "a_pdf",
    "dec",
    "moment_of",
]


class Story(Results):
    """A bloc's year up to a moment. ``many`` is how many of everything that may be many."""
