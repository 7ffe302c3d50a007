"""What pages tell before their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import pytest
from django.test import Client

from blocs.enums import PostRole, TermKind
from blocs.models import HeadTerm
from blocs.services.people import appoint, end_post
from blocs.services.structure.endings import dissolve_unit
from blocs.services.structure.records import Ground
from blocs.services.terms import end_term
from emulation.models import User
from tests.story import YEAR, Story

pytestmark = pytest.mark.django_db

PAGES = ("xep-hang/", "xep-hang/excel/", "xep-hang/bang-tong-hop/", "de-nghi/")


def statuses(client: Client, pages: Iterable[str]) -> list[int]:
    """What a client gets for each page; files are read to their end, which closes them."""
    answers = [client.get(page) for page in pages]
    for answer in answers:
        if answer.streaming:
            answer.getvalue()
    return [answer.status_code for answer in answers]


def of_board_and_head(story: Story) -> User:
    """An officer of the board who also leads the head unit."""
    board, head = story.people["board"], story.unit("head")
    appoint(
        actor=board,
        user=board,
        unit=head,
        role=PostRole.LEADER,
        title="Phó Giám đốc",
        starts_on=dt.date(2020, 1, 1),
    )
    return board


@pytest.mark.parametrize("who", ["head", "secretary", "board and head"])
def test_heads_people_see_no_result_before_their_own_sheet_is_in(
    as_user: Callable[..., Client], who: str
) -> None:
    story = Story("drafting", units=3)
    with story.clock():
        story._submit("own")
        person = of_board_and_head(story) if who == "board and head" else story.person(who)
        client, year = as_user(person), f"/nam/{story.keys['year']}/"
        answers = {page: client.get(year + page).status_code for page in PAGES}
        assert answers == dict.fromkeys(PAGES, 403)
        story._fill("head")
        story._submit("head")
        answers = {page: client.get(year + page).status_code for page in PAGES}
    assert answers == dict.fromkeys(PAGES, 200)


@pytest.mark.parametrize("gone", ["dissolved", "ended"])
def test_whoever_acts_as_head_waits_for_the_own_sheet_not_for_the_gone_heads(
    as_user: Callable[..., Client], gone: str
) -> None:
    story = Story("drafting", units=3)
    with story.clock():
        story._submit("own")
        if gone == "dissolved":
            ground = Ground(story.day(), "Sắp xếp tổ chức bộ máy")
            dissolve_unit(actor=story.people["board"], unit=story.unit("head"), ground=ground)
        else:
            term = HeadTerm.objects.get(bloc=story.bloc, year=YEAR, kind=TermKind.HEAD)
            end_term(actor=story.people["board"], term=term, ended_on=story.day())
        client, page = as_user(story.officer_of("deputy")), f"/phieu/{story.sheet().pk}/tham-dinh/"
        assert client.get(page).status_code == 403
        story._fill("deputy")
        story._submit("deputy")
        assert client.get(page).status_code == 200


def test_a_cross_checker_who_left_the_bloc_reads_nothing_more(
    as_user: Callable[..., Client],
) -> None:
    story = Story("submitted", units=5)
    with story.clock():
        checker, page = story.officer_of("checker"), f"/phieu/{story.sheet().pk}/"
        papers = f"{page}minh-chung/{story.keys['evidence:own']}/"
        pages = (page, f"{page}lich-su/", f"{page}bang-tu-cham.docx", papers)
        client = as_user(checker)
        assert statuses(client, pages) == [200] * 4
        end_post(actor=story.people["board"], post=checker.posts.get(), ends_on=story.day(-1))
        assert statuses(client, pages) == [404] * 4
