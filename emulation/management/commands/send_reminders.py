"""``manage.py send_reminders``: reminders, the day's mails, and mails not taken; meant for cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from emulation.site.reminders import send_reminders


class Command(BaseCommand):
    """Run it every ten minutes or so; each person is reminded at most once a day."""

    help = "Reminds people of tasks near or past their deadline, and sends the mails that wait."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--dry-run``."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would be told of what, send nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Send, and say in one line what was sent."""
        done = send_reminders(dry_run=options["dry_run"])
        for line in done.lines:
            self.stdout.write(line)
        words = "would be reminded" if options["dry_run"] else "reminded"
        self.stdout.write(
            f"{done.looked_after} people looked after, {done.reminded} {words}, "
            f"{done.mailed} daily mails, {done.resent} notices mailed again"
        )
