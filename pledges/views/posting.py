"""What was posted: the form's data, the version of the text the person saw, who overtook whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from blocs.views.answers import number_in
from pledges.services.checks import EditedMeanwhile

CONFLICT = 409


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the data of a form that was sent, even an empty one; None where none was sent."""
    return request.POST if request.method == "POST" else None


def posted_version(request: HttpRequest) -> int:
    """Return the version of the text the person saw; 0 when the form did not say."""
    return number_in(request.POST.get("version")) or 0


@dataclass(frozen=True, slots=True)
class Saving:
    """What came of saving: done or not, the version the form carries on, what stood against it."""

    version: int
    done: bool = False
    stale: EditedMeanwhile | None = None

    @property
    def context(self) -> dict[str, Any]:
        """What ``pledges/stale.html`` and the hidden field show."""
        return {"version": self.version, "stale": self.stale}

    @property
    def status(self) -> int:
        """The status of the page that shows the form again."""
        return CONFLICT if self.stale else 200


def save_versioned(request: HttpRequest, stored: int, deed: Callable[[int], bool]) -> Saving:
    """Do ``deed`` with the version the person saw, if the form was sent.

    ``deed`` tells whether it was accepted. Overtaken by another person, the form is shown again
    with what was typed beside what is stored; sent once more, it replaces the stored text.
    """
    if request.method != "POST":
        return Saving(stored)
    seen = posted_version(request)
    try:
        return Saving(seen, done=deed(seen))
    except EditedMeanwhile as stale:
        return Saving(stale.version, stale=stale)
