"""After the year is closed nothing about it is decided any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from scoring.models import NotConsidered
from tests.story import Story

pytestmark = pytest.mark.django_db


def test_nobody_is_excluded_included_or_restored_after_closing(
    as_user: Callable[..., Client],
) -> None:
    story = Story("closed")
    year = f"/nam/{story.keys['year']}/khong-xet"
    own, absent = story.membership("own").pk, story.membership("absent").pk
    deeds = {
        f"{year}/{own}/": {"ground": "under_inspection", "reason": "Thanh tra"},
        f"{year}/{absent}/van-xet/": {"ground": "pledge_not_signed", "reason": "Mới lập"},
        f"{year}/quyet-dinh-{story.keys['exclusion']}/rut-lai/": {"reason": "Nhầm"},
    }
    before = list(NotConsidered.objects.order_by("pk").values())
    with story.clock():
        client = as_user(story.people["board"])
        answers = {url: client.post(url, data).status_code for url, data in deeds.items()}
    assert answers == dict.fromkeys(deeds, 403)
    assert list(NotConsidered.objects.order_by("pk").values()) == before
