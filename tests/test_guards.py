"""The guards of ``tests/conftest.py`` do raise."""

from __future__ import annotations

import pytest
from django.template import Context, Engine, Origin, Template

from tests.conftest import TEMPLATES, UndefinedVariable


def drawn(source: str, place: str, **values: object) -> str:
    engine = Engine.get_default()
    return Template(source, Origin(place), engine=engine).render(Context(values))


OURS = str(TEMPLATES / "any.html")


@pytest.mark.parametrize("source", ["{{ gone }}", "{{ here.gone }}", "{{ gone|upper }}"])
def test_an_undefined_variable_fails_in_our_templates(source: str) -> None:
    with pytest.raises(UndefinedVariable, match="gone"):
        drawn(source, OURS, here="x")
    assert drawn(source, "/elsewhere.html", here="x") == ""


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ gone|default:'–' }}", "–"),
        ("{% if gone %}yes{% else %}no{% endif %}", "no"),
        ("{{ here }}", "x"),
    ],
)
def test_what_is_said_to_be_optional_does_not(source: str, text: str) -> None:
    assert drawn(source, OURS, here="x") == text
