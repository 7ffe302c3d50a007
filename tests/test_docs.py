"""The document of pages and workflows is fresh and says the same as the literal tables."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

from emulation.management.commands.write_docs import NOTICES_PLACE, PLACE, document
from emulation.management.notices_document import notices_document

EXPECTED = Path(__file__).parent / "expected"
ROOT = Path(__file__).parent.parent
EDGE_CASES = ROOT / "docs" / "edge-cases.md"


def _rows(heading: str) -> dict[str, list[list[str]]]:
    """The tables of a part of the document, by their own headings."""
    part = PLACE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    found: dict[str, list[list[str]]] = {}
    for name, table in re.findall(r"### (\w+)\n\n((?:\|.*\n)+)", part):
        lines = table.strip().splitlines()[2:]
        found[name] = [
            [cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in lines
        ]
    return found


def _listed(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_document_is_fresh() -> None:
    assert PLACE.read_text(encoding="utf-8") == document(), "run manage.py write_docs"


def test_the_document_of_notices_is_fresh() -> None:
    assert NOTICES_PLACE.read_text(encoding="utf-8") == notices_document(), "run write_docs"


def test_it_lists_the_pages_and_methods_of_the_table() -> None:
    written = {
        (row[1], method)
        for rows in _rows("Pages").values()
        for row in rows
        for method in row[2].split(", ")
    }
    listed = {(row["url"].split("@")[0], row["method"]) for row in _listed("permissions.csv")}
    assert written == {row for row in listed if not row[0].startswith("admin:")}


def test_it_lists_the_transitions_of_the_table() -> None:
    written = {
        (name, row[0], source.strip("`"), row[2])
        for name, rows in _rows("Workflows").items()
        for row in rows
        for source in row[1].split(", ")
    }
    listed = {
        (row["object"], row["transition"], row["from"], row["to"])
        for row in _listed("transitions.csv")
    }
    assert written == {row for row in listed if row[0] not in {"head_sheet", "head_nomination"}}


def test_every_proof_of_an_edge_case_exists() -> None:
    named = re.findall(r"`(tests/[\w/.]+)::(\w+)`", EDGE_CASES.read_text(encoding="utf-8"))
    gone = [f"{path}::{name}" for path, name in named if name not in _tests_in(path)]
    assert named
    assert gone == [], "these tests named in docs/edge-cases.md do not exist"


def _tests_in(path: str) -> set[str]:
    if not (ROOT / path).exists():
        return set()
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_cases_promised_are_listed() -> None:
    listed = {
        int(number)
        for number in re.findall(r"(?m)^\| (\d+) \|", EDGE_CASES.read_text(encoding="utf-8"))
    }
    assert {*range(1, 8), *range(32, 36), 39, 41, 42} <= listed
