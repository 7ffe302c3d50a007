"""``manage.py check_invariants``: what must always be true of the stored data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from emulation.site.wiring import INVARIANTS


class Command(BaseCommand):
    """Runs every invariant of every app and fails if one is broken."""

    help = "Verifies that totals equal their lines, snapshots recompute, statuses agree with logs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print each broken rule; CommandError if there is any."""
        broken = 0
        for invariant in INVARIANTS:
            for finding in invariant():
                broken += 1
                self.stderr.write(f"{invariant.__name__}: {finding}")
        if broken:
            raise CommandError(f"{broken} broken, {len(INVARIANTS)} invariants checked")
        self.stdout.write(f"{len(INVARIANTS)} invariants hold")
