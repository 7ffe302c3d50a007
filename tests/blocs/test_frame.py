"""The frame and the one door to a bloc-year."""

from __future__ import annotations

import pytest

from tests.factories import make_world

pytestmark = pytest.mark.django_db


def test_a_member_opens_the_year(as_user):
    world = make_world()
    response = as_user(world.officers[2]).get(f"/nam/{world.bloc_year.pk}/")
    assert response.status_code == 200
    assert world.bloc_year.name in response.content.decode()
