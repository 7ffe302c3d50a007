"""``manage.py import_rubric``: a rubric from its Excel workbook into a bloc-year's draft."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from emulation.access import Conflict, Refused
from scoring.management.acting import actor_of, bloc_year_of
from scoring.services.rubric_import import (
    CellError,
    RubricPlan,
    apply_rubric_import,
    plan_rubric_import,
)


class Command(BaseCommand):
    """Plans the import, tells errors and changes, and writes unless told not to."""

    help = "Brings a rubric's Excel workbook into the draft of a bloc-year, or drafts the next one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, the bloc-year, and how to go about it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--bloc-year", type=int, required=True)
        parser.add_argument("--dry-run", action="store_true", help="tell only, write nothing")
        parser.add_argument("--json", action="store_true", help="print errors and changes as JSON")
        parser.add_argument("--actor", default="", help="log-in name; else the year's secretary")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print errors and changes; CommandError where there are errors or it may not be done."""
        bloc_year = bloc_year_of(options["bloc_year"])
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Không mở được tệp “{options['file']}”.") from error
        plan = plan_rubric_import(bloc_year=bloc_year, content=content)
        self._tell(plan, as_json=options["json"])
        if plan.errors:
            raise CommandError(f"Tệp còn {len(plan.errors)} lỗi nên chưa ghi gì.")
        if options["dry_run"] or not plan.changes:
            return
        actor = actor_of(bloc_year, options["actor"])
        try:
            rubric = apply_rubric_import(actor=actor, plan=plan)
        except (Refused, Conflict, ValidationError) as error:
            raise CommandError(_said(error)) from error
        if not options["json"]:
            self.stdout.write(f"Đã ghi vào bảng chấm điểm lần {rubric.version}.")

    def _tell(self, plan: RubricPlan, *, as_json: bool) -> None:
        if as_json:
            document = {
                "errors": [_error(each) for each in plan.errors],
                "changes": [asdict(each) for each in plan.changes],
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
            return
        for error in plan.errors:
            self.stdout.write(f"{_place(error)}: {error.message}")
        for change in plan.changes:
            what = f"{change.field}: {change.before or '(trống)'} → {change.after or '(trống)'}"
            whole = {"added": f"thêm: {change.after}", "removed": f"bỏ: {change.before}"}
            self.stdout.write(f"{change.place}: {whole.get(change.kind.value, what)}")
        if not plan.errors and not plan.changes:
            self.stdout.write("Không có lỗi, không có thay đổi.")


def _error(error: CellError) -> dict[str, Any]:
    return {
        "sheet": error.sheet,
        "row": error.row,
        "column": error.column,
        "message": error.message,
    }


def _place(error: CellError) -> str:
    parts = [
        f"trang “{error.sheet}”" if error.sheet else "",
        f"dòng {error.row}" if error.row else "",
        f"cột “{error.column}”" if error.column else "",
    ]
    return ", ".join(part for part in parts if part) or "Tệp"


def _said(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
