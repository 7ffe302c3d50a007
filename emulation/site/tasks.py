"""The tasks of a person, all apps together: what home shows and what reminders are about."""

from __future__ import annotations

from emulation.models import User
from emulation.site import wiring
from emulation.tasks import Desk


def desk_of(user: User) -> Desk:
    """Return what the person has to do and whom he or she waits for: a fixed number of queries."""
    return Desk.merged(source(user) for source in wiring.TASK_SOURCES)
