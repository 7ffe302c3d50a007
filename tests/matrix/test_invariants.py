"""Whatever must always be true of the data is true at every moment of the story."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emulation.site.wiring import INVARIANTS
from tests.story import MOMENTS, Story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_invariants_hold(moment: str, at: Callable[[str], Story]) -> None:
    with at(moment).clock():
        broken = [f"{each.__name__}: {found}" for each in INVARIANTS for found in each()]
    assert broken == []
