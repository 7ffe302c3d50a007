"""Nobody acts on anything of a unit in which he or she has a post: clause by clause.

Each deed is refused to a person in conflict, done by the same person without the post, and done in
spite of it as soon as the one clause that stops it is taken out of the gateway. With all other
clauses out it stays refused; a clause without a deed fails.
"""

from __future__ import annotations

import ast
import importlib
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from emulation.access import ALLOWED, Refused
from emulation.models import User
from tests.attack.clauses import DEEDS, Clause, Deed, in_both
from tests.matrix.conftest import at, refusals_are_not_logged, undone, walk  # noqa: F401
from tests.story import MOMENTS, Story

pytestmark = pytest.mark.django_db

GUARDS = ("no_conflict", "_competes_not")
APPS = ("blocs", "pledges", "scoring")
IN_ORDER = sorted(DEEDS, key=lambda name: MOMENTS.index(DEEDS[name].moment))
CLAUSES = sorted({deed.clause for deed in DEEDS.values()})


@pytest.fixture
def _django_db_helper() -> None:
    """Nothing per test: the story lives as long as its module."""


# ---------------------------------------------------------------- the clauses there are


def clauses() -> Iterator[Clause]:
    """Every function of our apps that calls one of the guards."""
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name not in GUARDS:
                    yield from ((module, node.name) for _ in _calls(node))


def _calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GUARDS
    ]


def test_every_clause_has_a_deed() -> None:
    assert set(clauses()) == set(CLAUSES), "add a deed to tests/attack/clauses.py for each clause"


# ---------------------------------------------------------------- deeds


def outcome(story: Story, deed: Deed, person: Callable[[], User]) -> str:
    """ "done", or why the deed was refused; nothing of it stays."""
    with undone(), story.clock(days=deed.days):
        try:
            deed.act(story, person())
        except Refused as refusal:
            return refusal.reason
    return "done"


def in_conflict(story: Story, deed: Deed) -> str:
    return outcome(story, deed, lambda: in_both(story, deed))


def without_clause(monkeypatch: pytest.MonkeyPatch, clause: Clause) -> None:
    """Take the guards out of one function, wherever it is called from."""
    module = importlib.import_module(clause[0])
    whole = getattr(module, clause[1])
    open_ = {guard: lambda *_: ALLOWED for guard in GUARDS}
    weak = types.FunctionType(
        whole.__code__, {**vars(module), **open_}, whole.__name__, whole.__defaults__
    )
    weak.__kwdefaults__ = whole.__kwdefaults__
    for each in list(sys.modules.values()):
        if getattr(each, clause[1], None) is whole:
            monkeypatch.setattr(each, clause[1], weak)


@pytest.mark.parametrize("name", IN_ORDER)
def test_nobody_does_it_on_the_own_unit(
    name: str,
    at: Callable[[str], Story],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deed = DEEDS[name]
    story = at(deed.moment)
    person = story.person(deed.who)
    assert person
    assert outcome(story, deed, lambda: person) == "done", "the deed itself must be possible"
    assert "đang công tác tại" in in_conflict(story, deed)
    with monkeypatch.context() as patch:
        for clause in CLAUSES:
            if clause != deed.clause:
                without_clause(patch, clause)
        assert in_conflict(story, deed) != "done", "only another clause stops it"
    without_clause(monkeypatch, deed.clause)
    assert in_conflict(story, deed) == "done"
