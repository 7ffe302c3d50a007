"""The sixteen roles with their browsers, logged in anew at each moment of the story."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from emulation import clock
from tests.story import ROLES, Story


@dataclass
class Visitors:
    """A client per role. Log in outside the savepoint that a test rolls back."""

    at: tuple[str, int] = ("", 0)
    clients: dict[str, Client] = field(default_factory=dict)

    def log_in(self, story: Story, days: int = 0) -> None:
        """Log everybody in, now, unless they are."""
        if self.at == (story.moment, days):
            return
        self.at = (story.moment, days)
        with story.clock(days=days):
            self.clients = {role: self._client(story, role) for role in ROLES}

    def _client(self, story: Story, role: str) -> Client:
        client, person = Client(raise_request_exception=False), story.person(role)
        if person is not None:
            client.force_login(person)
            session = client.session
            session["last_seen"] = int(clock.now().timestamp())
            session.save()
        return client

    def ask(self, role: str, method: str, url: str, data: Any = None) -> HttpResponse:
        """Send a request; a fault of the program comes back as page 500."""
        client = self.clients[role]
        response = client.post(url, data or {}) if method == "POST" else client.get(url)
        assert isinstance(response, HttpResponse) or response.streaming
        return response
