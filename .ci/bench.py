"""`make bench`: measure the pages on PostgreSQL beside their floors; write bench/results.json."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from postgresql import postgresql

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the measuring on a PostgreSQL; return its exit status."""
    with postgresql() as url:
        command = [sys.executable, "-m", "tests.bench.pages", *sys.argv[1:]]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=False
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
