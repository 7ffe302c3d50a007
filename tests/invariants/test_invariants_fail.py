"""Every rule of ``check_invariants`` has a breach that it finds, and finds nothing before."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.test import override_settings

from emulation.site.wiring import INVARIANTS
from tests.invariants.blocs import BLOCS
from tests.invariants.breaks import Break, Breaks
from tests.invariants.pledges import PLEDGES
from tests.invariants.scoring import SCORING
from tests.matrix.conftest import undone
from tests.story import Story

pytestmark = pytest.mark.django_db

KNOWN: dict[str, Breaks] = {"blocs": BLOCS, "pledges": PLEDGES, "scoring": SCORING}
RULES = {f"{rule.__module__.split('.')[0]}.{rule.__name__}": rule for rule in INVARIANTS}
BREAKS: dict[str, tuple[Break, ...]] = {
    f"{app}.{name}": breaks for app, named in KNOWN.items() for name, breaks in named.items()
}
CASES = [(name, each) for name, breaks in BREAKS.items() for each in breaks]


def test_every_invariant_is_broken_here() -> None:
    assert sorted(set(RULES) - set(BREAKS)) == [], (
        "add what breaks them to tests/invariants/<app>.py"
    )
    assert sorted(set(BREAKS) - set(RULES)) == [], "these are not in wiring.INVARIANTS any more"


@pytest.mark.parametrize("name", sorted(set(RULES) & set(BREAKS)))
def test_every_sentence_of_an_invariant_is_broken(name: str) -> None:
    """A rule with several sentences has a breach for each."""
    source = textwrap.dedent(inspect.getsource(RULES[name]))
    sentences = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Yield)]
    assert len({each.says for each in BREAKS[name]}) >= len(sentences)


@pytest.fixture(scope="module")
def story(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """A published year, rolled back with the module."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with files, django_db_blocker.unblock(), undone():
        yield Story("published")


@pytest.fixture(autouse=True)
def files_go_with_their_test() -> None:
    """The story's files stay as long as the story."""


@pytest.fixture
def _django_db_helper() -> None:
    """Nothing per test: the story lives as long as its module."""


def found_by(rule: Callable[[], Iterable[str]]) -> list[str]:
    return list(rule())


@pytest.mark.parametrize(("name", "broken"), CASES, ids=lambda each: getattr(each, "says", each))
def test_the_breach_is_found(name: str, broken: Break, story: Story) -> None:
    rule = RULES[name]
    with story.clock():
        assert found_by(rule) == []
        with undone():
            broken.act(story)
            found = found_by(rule)
        assert any(broken.says in sentence for sentence in found), found
