"""``manage.py import_scores``: a whole score table from a workbook, or every error in it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError

from blocs.models import BlocYear
from blocs.services.imports.uploads import excel_content
from emulation.models import User
from scoring.enums import PointStage
from scoring.services.score_tables.applying import Outcome, import_scores
from scoring.services.score_tables.planning import Problem
from scoring.services.score_tables.reading import read_table

MAX_FILE = 20 * 1024 * 1024
STAGES = {"self": PointStage.SELF, "appraised": PointStage.APPRAISED}


class Command(BaseCommand):
    """Reads, compares and writes a score table; never approves."""

    help = "Nhập bảng điểm của cả khối từ tệp Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", help="tệp .xlsx theo mẫu")
        parser.add_argument("--bloc-year", type=int, required=True, help="mã năm thi đua của khối")
        parser.add_argument("--as", dest="stage", choices=list(STAGES), required=True)
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người nhập")
        parser.add_argument("--values", choices=["points", "input"], default="input")
        parser.add_argument("--submit", action="store_true", help="nộp luôn bảng tự chấm điểm")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem, không ghi")
        parser.add_argument("--json", action="store_true", help="in dạng JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and report; CommandError if there is any error."""
        bloc_year = BlocYear.objects.filter(pk=options["bloc_year"]).first()
        if bloc_year is None:
            raise CommandError(f"Không có năm thi đua mã {options['bloc_year']}.")
        actor = User.objects.filter(username__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError(f"Không có người dùng “{options['actor']}”.")
        try:
            table = read_table(_content(options["file"]))
        except ValidationError as error:
            faults = [Problem("", 0, "", "", text) for text in error.messages]
            self._report(faults, None, as_json=options["json"])
            return
        outcome = import_scores(
            actor=actor,
            bloc_year=bloc_year,
            stage=STAGES[options["stage"]],
            table=table,
            as_points=options["values"] == "points",
            submit=options["submit"],
            dry_run=options["dry_run"],
        )
        self._report(outcome.plan.problems, outcome, as_json=options["json"])

    def _report(self, problems: list[Problem], outcome: Outcome | None, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(
                json.dumps(_document(problems, outcome), ensure_ascii=False, indent=2)
            )
        else:
            self._tell(problems, outcome)
        if problems:
            raise CommandError(f"{len(problems)} lỗi, chưa ghi gì.")

    def _tell(self, problems: list[Problem], outcome: Outcome | None) -> None:
        for each in problems:
            place = f"Trang “{each.sheet}”, dòng {each.row}, cột {each.column}: "
            self.stdout.write(f"{place if each.sheet else ''}{each.text}")
        if outcome is None or problems:
            return
        for change in outcome.plan.changes:
            self.stdout.write(
                f"{change.unit}, {change.column}: “{change.before}” → “{change.after}”"
            )
        for notice in outcome.plan.notices:
            self.stdout.write(notice)
        if outcome.submitted and outcome.written:
            self.stdout.write(f"Đã nộp bảng của: {', '.join(outcome.submitted)}.")
        said = "Đã ghi" if outcome.written else "Chưa ghi"
        self.stdout.write(f"{said} {len(outcome.plan.changes)} thay đổi.")


def _document(problems: list[Problem], outcome: Outcome | None) -> dict[str, Any]:
    plan = outcome.plan if outcome else None
    return {
        "errors": [asdict(each) for each in problems],
        "changes": [asdict(each) for each in plan.changes] if plan else [],
        "notices": list(plan.notices) if plan else [],
        "submitted": list(outcome.submitted) if outcome else [],
        "written": bool(outcome and outcome.written),
    }


def _content(name: str) -> bytes:
    """Return the content of a file that passes as an upload would."""
    path = Path(name)
    try:
        if path.stat().st_size > MAX_FILE:
            raise ValidationError("Tệp nặng quá 20 MB.")
        content = path.read_bytes()
    except OSError as fault:
        raise CommandError(f"Không mở được tệp “{name}”.") from fault
    return excel_content(SimpleUploadedFile(path.name, content))
