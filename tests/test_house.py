"""The house keeps its rules: contracts, bans, pins, templates, settings."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("emulation", "blocs", "pledges", "scoring")
ORDER = {"blocs": 0, "pledges": 1, "scoring": 2, "site": 3}


def python_files() -> list[Path]:
    found = [path for name in PACKAGES for path in (ROOT / name).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def test_imports_run_one_way() -> None:
    configure()
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"))


@pytest.mark.parametrize("banned", ["has_perm(", "perms.", "has_module_perms(", "get_model("])
def test_permissions_are_our_own_predicates(banned: str) -> None:
    """A superuser passes ``has_perm`` always; our administrator sees no scores."""
    places = [*python_files(), *(ROOT / "templates").rglob("*.html")]
    assert [str(path) for path in places if banned in path.read_text(encoding="utf-8")] == []


def test_nothing_bulk_is_written_on_tables_that_keep_history() -> None:
    """Plain bulk writes leave no trace in simple-history."""
    tracked = {"Unit", "Post", "Bloc", "Membership", "HeadTerm", "Rubric", "Section", "Criterion"}
    pattern = re.compile(r"\b(\w+)\.objects[\w.()=,\s\"']*\.(bulk_create|bulk_update|update)\(")
    found = [
        f"{path.name}: {match.group(0)}"
        for path in python_files()
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
        if match.group(1) in tracked
    ]
    assert found == []


def test_templates_reverse_only_their_own_and_lower_apps() -> None:
    owner: dict[str, str] = {}
    for app in ("blocs", "pledges", "scoring"):
        text = (ROOT / app / "urls.py").read_text(encoding="utf-8")
        for name in re.findall(r"name=\"(\w+)\"", text):
            owner[name] = app
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        place = path.relative_to(ROOT / "templates").parts[0]
        if place not in ORDER:
            continue
        for name in re.findall(r"{%\s*url\s+['\"](\w+)['\"]", path.read_text(encoding="utf-8")):
            if name in owner and ORDER[owner[name]] > ORDER[place]:
                wrong.append(f"{path.name} → {name}")
    assert wrong == []


def test_templates_have_no_inline_script_style_or_event() -> None:
    """The content security policy would silence them."""
    pattern = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if pattern.search(path.read_text(encoding="utf-8")) and path.name != "500.html"
    ]
    assert found == []


def test_the_two_locks_pin_the_same_versions() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9_.-]+)(?:\[[a-z,]+\])?==(\S+)", text, re.MULTILINE))

    product, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert len(product) > 10
    assert {name: development.get(name) for name in product} == product


def test_every_locked_requirement_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[a-z0-9])", text)
        bare = [block.split()[0] for block in blocks if "==" in block and "--hash=" not in block]
        assert bare == []


def test_a_missing_secret_key_is_a_clear_refusal() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "SECRET_KEY"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**environment, "ENV_FILE": "", "DJANGO_SETTINGS_MODULE": "emulation.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "SECRET_KEY is missing" in done.stderr


def test_debug_is_off_and_cookies_are_secure_by_default() -> None:
    code = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)"
    )
    environment = {k: v for k, v in os.environ.items() if k not in {"DEMO", "DEBUG"}}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "ENV_FILE": "", "DJANGO_SETTINGS_MODULE": "emulation.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "True", "True", "True"]


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50:
                long.append(f"{path.name}:{node.lineno} {node.name}")
    assert long == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)} {lines}"
        for path in python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert long == []


def test_the_demo_is_built_through_the_services() -> None:
    """``seed_demo`` may not write rows itself."""
    banned = {"create", "bulk_create", "save", "update", "get_or_create", "update_or_create"}
    found = []
    for path in (ROOT / "emulation" / "management").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in banned:
                found.append(f"{path.name}:{node.lineno} .{node.attr}")
    assert found == []
