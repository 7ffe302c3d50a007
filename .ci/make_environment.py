"""Make the virtual environment .venv, or say what the machine lacks. Standard library only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent.parent / ".venv"


def main() -> int:
    """Create .venv with pip; return the exit status."""
    if sys.version_info < (3, 11):
        print(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.\n"
            "Name another with: make run PYTHON=python3.12"
        )
        return 1
    made = subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=False)
    if made.returncode:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        print(
            "\nThe virtual environment could not be made: this Python lacks venv or ensurepip.\n"
            f"On Debian or Ubuntu: apt-get install python{version}-venv"
        )
    return made.returncode


if __name__ == "__main__":
    sys.exit(main())
