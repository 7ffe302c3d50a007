"""From a handed-in sheet every reader finds the page that is his or hers next."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.story import Story

pytestmark = pytest.mark.django_db


def links(client: Client, story: Story, role: str) -> set[str]:
    person = story.person(role)
    assert person is not None
    client.force_login(person)
    page = client.get(f"/phieu/{story.sheet().pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    words = (
        "Trả lời giải trình", "Xem kết quả thẩm định", "Xem thẩm định", "Ghi ý kiến kiểm tra chéo",
    )  # fmt: skip
    return {word for word in words if f">{word}</a>" in text}


@pytest.mark.parametrize(
    ("moment", "role", "expected"),
    [
        ("submitted", "officer", set()),
        ("explaining", "officer", {"Trả lời giải trình"}),
        ("explaining", "secretary", {"Xem thẩm định"}),
        ("explaining", "board", {"Xem thẩm định"}),
        ("explaining", "cross_checker", {"Ghi ý kiến kiểm tra chéo"}),
        ("appraised", "leader", {"Xem kết quả thẩm định"}),
    ],
)
def test_the_next_page(client: Client, moment: str, role: str, expected: set[str]) -> None:
    story = Story(moment)
    with story.clock():
        assert links(client, story, role) == expected
