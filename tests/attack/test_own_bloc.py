"""An officer of the board who also serves a member sets no rules for that bloc."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from blocs.enums import PostRole, YearStatus
from tests.factories import make_post, make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["chi-tieu/hinh-thuc/", "chi-tieu/can-cu/"])
def test_whoever_competes_sets_neither_quotas_nor_grounds(
    as_user: Callable[..., Client], page: str
) -> None:
    world = make_world(3, status=YearStatus.RUNNING)
    path = f"/nam/{world.bloc_year.pk}/{page}"
    assert as_user(world.board_officer).get(path).status_code == 200
    make_post(world.board_officer, unit=world.units[2], role=PostRole.OFFICER)
    assert as_user(world.board_officer).get(path).status_code == 403
