"""For every URL name: at which moment of the story it is asked, with what arguments and body.

A key is the URL's name, or ``name@variant`` where the same page is asked at a second moment or of
a second object. ``post`` is a valid body for whoever may; ``prepare`` brings about what the deed
needs and the moment does not have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from emulation.vietnamese import format_date
from tests.story import Story

Arguments = Callable[[Story], dict[str, Any]]
Body = Callable[[Story, str], dict[str, Any]]


def nothing(_story: Story) -> None:
    """The moment has what the page needs."""


def none(_story: Story) -> dict[str, Any]:
    return {}


def year(story: Story) -> dict[str, Any]:
    return {"year_id": story.keys["year"]}


def empty(_story: Story, _role: str) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Case:
    """A page of the story. ``leaves_no_trace`` marks a POST that writes to the session only."""

    moment: str
    args: Arguments = year
    post: Body = empty
    prepare: Callable[[Story], None] = nothing
    query: Arguments = none
    days: int = 0
    leaves_no_trace: bool = False

    def url(self, name: str, story: Story) -> str:
        """The address, query included."""
        path = reverse(name, kwargs=self.args(story))
        query = self.query(story)
        return f"{path}?{urlencode(query, doseq=True)}" if query else path


# ---------------------------------------------------------------- words of the bodies


def body(**values: Any) -> Body:
    """The same body for every role."""
    return lambda _story, _role: dict(values)


REASON = body(reason="Theo kết luận của hội nghị")

UNIT_OF = {
    "officer": "own",
    "leader": "own",
    "member_officer": "other",
    "member_leader": "other",
    "cross_checker": "checker",
    "secretary": "head",
    "head": "head",
    "deputy": "deputy",
    "next_head": "next",
}


def unit_of(role: str) -> str:
    """The member a role works for; own for those who work for none."""
    return UNIT_OF.get(role, "own")


def day(story: Story, days: int = 0) -> str:
    return format_date(story.day(days))
