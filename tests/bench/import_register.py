# ruff: noqa: E402 - Django is set up before its modules are imported
"""How long a province takes to come in: 300 units, 900 people, 30 blocs with their members.

Run by hand, on the database that DATABASE_URL names; it makes a test database and drops it:

    DATABASE_URL=… .venv/bin/python -m tests.bench.import_register [units]

Prints the seconds of the upload, the preview and the confirmation, each with its queries.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from blocs.models import Membership, Post, Unit
from blocs.services.imports import confirm_import, plan_of, upload_register
from tests.blocs.workbooks import province_workbook
from tests.factories import BoardFactory, make_board_officer


@contextmanager
def measured(what: str) -> Iterator[None]:
    """Print the seconds and the number of queries of the block."""
    queries: list[str] = []

    def note(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    began = time.perf_counter()
    with connection.execute_wrapper(note):
        yield
    print(f"{what:<14}{time.perf_counter() - began:6.2f} s {len(queries):6} queries")  # noqa: T201


def main(units: int) -> None:
    board = BoardFactory()
    officer = make_board_officer(board)
    content = province_workbook(units)
    uploaded = SimpleUploadedFile("danh-sach.xlsx", content)
    with measured("upload"):
        found = upload_register(actor=officer, board=board, uploaded=uploaded)
    with measured("preview"):
        plan = plan_of(found)
    with measured("confirm"):
        done = confirm_import(actor=officer, board_import=found, seen=plan.fingerprint)
    with measured("preview again"):
        again = plan_of(found)
    assert again.is_empty, again.problems[:3] or again.differences[:3]
    assert Unit.objects.filter(board=board).count() == units
    assert Post.objects.filter(unit__board=board).count() == 3 * units
    assert Membership.objects.filter(bloc_year__board=board).count() == units
    print(connection.vendor, done.summary)  # noqa: T201


if __name__ == "__main__":
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
    finally:
        teardown_databases(databases, verbosity=0)
