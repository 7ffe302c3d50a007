"""``manage.py rank``: the ranking of a bloc-year as it was adopted, or as it stands."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blocs.models import BlocYear
from scoring.exports.rank_rows import rank_rows, rank_table


class Command(BaseCommand):
    """Prints the ranking."""

    help = "In bảng xếp hạng của một năm thi đua."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--bloc-year", type=int, required=True, help="mã năm thi đua của khối")
        parser.add_argument("--json", action="store_true", help="in dạng JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the rows; CommandError where there is no such year."""
        bloc_year = BlocYear.objects.filter(pk=options["bloc_year"]).first()
        if bloc_year is None:
            raise CommandError(f"Không có năm thi đua mã {options['bloc_year']}.")
        rows = rank_rows(bloc_year)
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(rank_table(rows))
