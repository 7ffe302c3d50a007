"""Mutation testing of the arithmetic: change scoring/rules in thousands of small ways, one at a
time, and see whether a test of the rules fails. Called by `make mutate`; takes about 20 minutes.
`make mutate MODULES="difference past"` tries those modules of the rules alone.

Works on a copy of the tree in a temporary folder. Fails below ``FLOOR`` per cent, and where more
mutants survive in a function than docs/mutation.md gives a reason for.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FLOOR = 90
REASONS = ROOT / "docs" / "mutation.md"
WHOLE = 'only_mutate = ["scoring/rules/*"]'
SURVIVES = {"survived", "no tests", "suspicious"}
_ROW = re.compile(r"^\| `([\w.]+)` \| (\d+) \|", re.MULTILINE)


def copy_tree(target: Path) -> None:
    """Copy every file that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def keep_to(folder: Path, modules: list[str]) -> None:
    """Let mutmut change those modules of the rules only."""
    settings = folder / "pyproject.toml"
    files = ", ".join(f'"scoring/rules/{module}.py"' for module in modules)
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(WHOLE, f"only_mutate = [{files}]"), encoding="utf-8")


def outcomes(folder: Path) -> dict[str, str]:
    """Run every mutant; return its outcome by its name."""
    subprocess.run([str(BIN / "mutmut"), "run"], cwd=folder, check=True)
    said = subprocess.run(
        [str(BIN / "mutmut"), "results", "--all", "true"],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = (line.strip().rpartition(": ") for line in said.stdout.splitlines())
    return {name: outcome for name, _, outcome in lines if "__mutmut_" in name}


def function_of(mutant: str) -> str:
    """Return "totals._item" of "scoring.rules.totals.x__item__mutmut_3"."""
    module, _, name = mutant.removeprefix("scoring.rules.").partition(".")
    plain = re.sub(r"__mutmut_\d+$", "", name).removeprefix("xǁ").removeprefix("x_")
    return f"{module}.{plain.replace('ǁ', '.')}"


def main() -> int:
    """Run, report, and return the exit status."""
    with tempfile.TemporaryDirectory(prefix="giao-uoc-mutants-") as name:
        copy_tree(Path(name))
        if sys.argv[1:]:
            keep_to(Path(name), sys.argv[1:])
        found = outcomes(Path(name))
    alive = Counter(function_of(mutant) for mutant, said in found.items() if said in SURVIVES)
    killed = len(found) - alive.total()
    share = 100 * killed / len(found) if found else 0
    explained = {name: int(n) for name, n in _ROW.findall(REASONS.read_text(encoding="utf-8"))}
    excess = {name: n for name, n in sorted(alive.items()) if n > explained.get(name, 0)}
    for function, n in sorted(alive.items()):
        print(f"{function}\t{n}")
    for function, n in excess.items():
        print(f"NOT EXPLAINED: {function}: {n} survive, {explained.get(function, 0)} explained")
    print(f"mutants={len(found)} killed={killed} share={share:.1f}")
    return 0 if share >= FLOOR and not excess else 1


if __name__ == "__main__":
    sys.exit(main())
