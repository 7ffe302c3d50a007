"""Serve the demo: settings, database, demo data, static files, gunicorn. Called by `make run`.

The first call builds everything; later calls start in seconds and keep the data.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env.demo"
HOST = "127.0.0.1"


def write_settings() -> None:
    """Write the demo's settings with a key of its own, once."""
    if not ENV_FILE.exists():
        ENV_FILE.write_text(f"DEMO=1\nSECRET_KEY={secrets.token_urlsafe(50)}\n", encoding="utf-8")
        ENV_FILE.chmod(0o600)


def is_free(port: int) -> bool:
    """Return whether nothing listens on the port yet."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def manage(*arguments: str) -> None:
    """Run manage.py and stop with its status if it fails."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments], cwd=ROOT, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def collect_static() -> None:
    """Collect static files if any of ours is newer than the last collection."""
    manifest = ROOT / "var" / "static" / "staticfiles.json"
    sources = [*(ROOT / "static").rglob("*"), ROOT / "requirements.txt"]
    newest = max(path.stat().st_mtime for path in sources)
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        manage("collectstatic", "--noinput", "--verbosity", "0")
        manifest.touch()


def main() -> None:
    """Prepare and serve."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    if not is_free(port):
        sys.exit(f"Port {port} is in use. Choose another: make run PORT={port + 1}")
    write_settings()
    (ROOT / "var").mkdir(exist_ok=True)
    os.environ.update(ENV_FILE=str(ENV_FILE), DEMO="1", DJANGO_SETTINGS_MODULE="emulation.settings")
    os.environ.pop("SECRET_KEY", None)
    manage("migrate", "--noinput", "--verbosity", "0")
    collect_static()
    manage("seed_demo", "--if-empty", "--accounts")
    print(f"\nGiao Ước: http://{HOST}:{port}/   (Ctrl-C stops it)\n", flush=True)
    os.chdir(ROOT)
    arguments = [
        sys.executable, "-m", "gunicorn", "emulation.wsgi:application",
        "--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--workers", "2",
        "--threads", "4", "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
