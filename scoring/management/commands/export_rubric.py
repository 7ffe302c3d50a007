"""``manage.py export_rubric``: a bloc-year's rubric as its Excel workbook."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.exports.rubric_workbook import export_rubric
from scoring.management.acting import bloc_year_of
from scoring.models import Rubric
from scoring.rules.rubric import RubricError
from scoring.selectors.rubrics import issued_rubric


class Command(BaseCommand):
    """Writes the workbook of the version in force, else of the newest draft."""

    help = "Writes a bloc-year's rubric as an Excel workbook that import_rubric reads back."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return the parser; ``--version`` is the rubric's here, not Django's."""
        kwargs.setdefault("conflict_handler", "resolve")
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, the bloc-year and the version."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--bloc-year", type=int, required=True)
        parser.add_argument("--version", type=int, dest="number")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file; CommandError where there is no such version or no such folder."""
        bloc_year = bloc_year_of(options["bloc_year"])
        versions = Rubric.objects.filter(bloc_year=bloc_year).order_by("-version")
        number = options["number"]
        if number is None:
            rubric = issued_rubric(bloc_year) or versions.first()
        else:
            rubric = versions.filter(version=number).first()
        if rubric is None:
            raise CommandError("Năm thi đua này chưa có bảng chấm điểm như vậy.")
        try:
            options["file"].write_bytes(export_rubric(rubric))
        except RubricError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Không ghi được tệp “{options['file']}”.") from error
        self.stdout.write(f"Đã ghi bảng chấm điểm lần {rubric.version} vào {options['file']}.")
