"""Text that no keyboard makes: refused at the door, on every database alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.story import Story

pytestmark = pytest.mark.django_db
NUL = "a\0b"


@pytest.mark.parametrize("address", ["/khoi/?q=a%00b", "/?a%00b=1", "/dang-nhap/?next=%00"])
def test_nul_in_an_address_is_refused(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert 'lang="vi"' in answer.content.decode()


def test_nul_in_a_form_is_refused_and_writes_nothing(as_user: Callable[..., Client]) -> None:
    story = Story("drafting", units=3)
    line, name = story.line("A2"), f"c{story.line('A2').criterion_id}"
    with story.clock():
        answer = as_user(story.officer_of("own")).post(
            f"/phieu/{line.sheet_id}/luu/",
            {f"{name}-v": str(line.version), f"{name}-n": "3", f"{name}-note": NUL},
        )
    assert answer.status_code == 400
    assert (story.line("A2").self_input, story.line("A2").version) == (
        line.self_input,
        line.version,
    )


def test_a_cookie_with_nul_is_not_looked_up(client: Client) -> None:
    """PostgreSQL fails on it; whoever sends one is simply not logged in."""
    answer = client.get("/", HTTP_COOKIE='giao_uoc="abcdefgh\\000ijklmnop"; other=1')
    assert answer.status_code == 302
    assert list(answer.wsgi_request.COOKIES) == ["other"]
