"""Rules and results do not change once made, and no float and no Django comes in."""

from __future__ import annotations

import ast
import importlib
import inspect
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import scoring.rules

FOLDER = Path(scoring.rules.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
STANDARD = {"collections", "dataclasses", "decimal", "difflib", "enum", "fractions", "functools"}
STANDARD |= {"__future__", "datetime", "hashlib", "itertools", "re", "typing", "unicodedata"}
WORKING_STATE = {"_Walk"}


@pytest.mark.parametrize("name", MODULES)
def test_data_is_frozen(name):
    module = importlib.import_module(f"scoring.rules.{name}")
    for cls in vars(module).values():
        if inspect.isclass(cls) and is_dataclass(cls) and cls.__name__ not in WORKING_STATE:
            assert cls.__dataclass_params__.frozen, cls


@pytest.mark.parametrize("name", MODULES)
def test_only_the_standard_library_and_no_floats(name):
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= STANDARD
        if isinstance(node, ast.ImportFrom):
            top = (node.module or "").split(".")
            assert top[0] in STANDARD or top[:2] == ["scoring", "rules"]
        assert not (isinstance(node, ast.Name) and node.id == "float")
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
