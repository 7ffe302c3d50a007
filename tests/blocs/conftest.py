"""The tests of blocs run without higher apps: blocs stands on its own, its slots unfilled."""

from __future__ import annotations

import pytest

from blocs.slots import slots
from blocs.tabs import closing_tabs, opening_tabs


@pytest.fixture(autouse=True)
def blocs_alone(monkeypatch, settings):
    settings.ROOT_URLCONF = "tests.blocs.urls"
    for name in ("blockers", "effects", "handed_in"):
        monkeypatch.setattr(slots, name, ())
    monkeypatch.setattr(slots, "tabs", (opening_tabs, closing_tabs))
