"""Everything `make test` checks: lint, types, contracts, then all tests on both databases.

The PostgreSQL pass uses ``DATABASE_URL`` if it names one, else a real server that is started for
it (``postgresql.py``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from postgresql import postgresql

PARTS = {"--look", "--coverage"}
ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip
STRICT = ("--fail-level", "WARNING")
STATIC = (
    ("ruff check", [BIN / "ruff", "check", "."]),
    ("ruff format", [BIN / "ruff", "format", "--check", "."]),
    ("djlint", [BIN / "djlint", "templates", "--check", "--lint", "--quiet"]),
    ("import contracts", [BIN / "lint-imports"]),
    ("types", [BIN / "mypy"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("deployment check", [sys.executable, "manage.py", "check", "--deploy", *STRICT]),
)  # fmt: skip
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
# What docs/deployment.md tells a province to set.
PRODUCTION = {
    "SECRET_KEY": "check-only-" + "k7Qp2Zt9" * 8,
    "ALLOWED_HOSTS": "giaouoc.example.vn",
    "ENV_FILE": "",
}


# What a page shows, how often it asks, and what day the demonstration is told on, does not depend
# on the database; to look at every page of every role at every moment takes minutes. Once will do.
LOOKING = "tests/demo/test_demo.py::test_every_page_can_be_read"
ANY_DAY = "tests/emulation/test_demo.py::test_it_can_be_seeded_on_any_day"
COUNTS = "tests/matrix/test_query_counts.py"
ONCE = (
    *("--ignore", "tests/leaks", "--ignore", COUNTS),
    *("--deselect", ANY_DAY, "--deselect", LOOKING),
)
# Counting lines makes everything slower by a third: `make coverage`.
COVERAGE = ("--cov", "--cov-report=term:skip-covered", "--cov-fail-under=85")


def run(name: str, command: list[object], **environment: str) -> bool:
    """Run a command in the project's folder, saying what it is and how long it took."""
    began = time.monotonic()
    print(f"── {name}", flush=True)
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}, check=False
    )
    verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
    print(f"── {name}: {verdict}, {time.monotonic() - began:.0f} s", flush=True)
    return done.returncode == 0


def static_checks() -> bool:
    """Run lint, types and Django's own checks; every one, even after a failure."""
    settings = {**PRODUCTION}
    for variable in ("DEMO", "DEBUG", "DATABASE_URL"):
        os.environ.pop(variable, None)
    passed = [run(name, command, **settings) for name, command in STATIC]
    return all(passed)


def browser() -> str | None:
    """Return the path of a Chromium that the tests can drive, or None."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if mac.exists():
        return str(mac)
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], check=False, cwd=ROOT
    )
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            ASK_PLAYWRIGHT,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    own = asked.stdout.strip()
    return own if own and Path(own).exists() else None


def tests(database: str, *options: str, **environment: str) -> bool:
    """Run the whole suite on one database; exit code 5 (nothing ran) is a failure too.

    First the migrations, once: the suite itself makes its tables from the models.
    """
    alone = [sys.executable, "-m", "pytest", "-q", "--migrations", "tests/test_migrated.py"]
    migrated = run(f"migrations on {database}", alone, **environment)
    workers = str(min(4, os.cpu_count() or 1))
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, *options]
    return run(f"tests on {database}", command, **environment) and migrated


def main() -> int:
    """Run what was asked for; return the exit status."""
    given = os.environ.get("DATABASE_URL", "")
    good = bool(PARTS & set(sys.argv)) or static_checks()
    if "--static" in sys.argv:
        return 0 if good else 1
    path = browser()
    if path is None:
        print(
            "\nThe browser tests need Chromium or Chrome, and none was found or could be "
            "downloaded.\nOn Debian or Ubuntu: apt-get install chromium\n"
            "Elsewhere: install Google Chrome, then run make test again."
        )
        return 1
    os.environ["CHROMIUM"] = path
    if "--look" in sys.argv:
        return 0 if run("every page", [sys.executable, "-m", "pytest", "-q", LOOKING]) else 1
    if "--coverage" in sys.argv:
        return 0 if tests("SQLite", *ONCE, *COVERAGE) else 1
    good = tests("SQLite") and good
    if given:
        os.environ["DATABASE_URL"] = given
    with postgresql() as url:
        good = tests("PostgreSQL", *ONCE, DATABASE_URL=url) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
