"""The sixteen roles, logged in anew at each moment of the story."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

from emulation import clock
from tests.story import ROLES, Story


@dataclass
class Visitors:
    """A session per role. Log in outside the savepoint that a test rolls back."""

    at: tuple[str, int] = ("", 0)
    sessions: dict[str, str] = field(default_factory=dict)

    def log_in(self, story: Story, days: int = 0) -> None:
        """Log everybody in, now, unless they are."""
        if self.at != (story.moment, days):
            self.at = (story.moment, days)
            with story.clock(days=days):
                self.sessions = {role: _session(story, role) for role in ROLES}

    def ask(self, role: str, method: str, url: str, data: Any = None) -> HttpResponseBase:
        """Send a request; a fault of the program comes back as page 500."""
        client = Client(raise_request_exception=False)
        if self.sessions[role]:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        response = client.post(url, data or {}) if method == "POST" else client.get(url)
        if response.streaming:
            response.getvalue()
        return response


def _session(story: Story, role: str) -> str:
    """The key of a fresh session, seen just now; empty for nobody."""
    client, person = Client(), story.person(role)
    if person is None:
        return ""
    client.force_login(person)
    session = client.session
    session["last_seen"] = int(clock.now().timestamp())
    session.save()
    return str(session.session_key)
