"""The world of the tests of evidence."""

from __future__ import annotations

import pytest

from tests.factories import World
from tests.scoring.builders import make_scoring_world


@pytest.fixture
def world() -> World:
    """Three units in self-scoring, a sheet for each."""
    return make_scoring_world(3)
