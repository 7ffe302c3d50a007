"""Boards merge in the middle of a bloc's year: what open years propose still resolves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest
from django.http import HttpResponse
from django.test import Client

from blocs.models import Board
from blocs.selectors.board_mergers import Merger
from blocs.services.board_mergers import merge_boards, plan_merger
from emulation.models import User
from emulation.site.wiring import INVARIANTS
from scoring.invariants import awards_stand_under_their_board
from scoring.models import Award, AwardQuota, CouncilDecision, Nomination, ScoreSheet
from scoring.services.appeals import decide_appeal
from scoring.services.quotas import set_award
from scoring.services.ranking import correct_snapshot
from tests.matrix.conftest import _django_db_helper, at, undone, walk
from tests.story import Story

__all__ = ["_django_db_helper", "at", "walk"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(request: pytest.FixtureRequest, at: Callable[[str], Story]) -> Iterator[Story]:
    """The module's one story at a moment, and whatever a test does to it taken back.

    The tests stand in the order of their moments.
    """
    kept = at(request.param)
    with undone():
        yield deepcopy(kept)


def heir_of(story: Story) -> Board:
    return Board.objects.get(pk=story.keys["other_board"])


def merge(story: Story) -> Board:
    merger = Merger((story.board,), heir_of(story), story.day(), "NQ 202", "Hợp nhất hai tỉnh")
    return merge_boards(actor=story.people["administrator"], merger=merger)


def broken() -> list[str]:
    return [f"{each.__name__}: {found}" for each in INVARIANTS for found in each()]


def page(user: User, url: str) -> HttpResponse:
    client = Client()
    client.force_login(user)
    return client.get(url)


@pytest.mark.parametrize("story", ["adopted"], indirect=True)
def test_the_year_goes_on_to_its_end_under_the_heir(story: Story):
    """Merged when the result has been adopted: proposals, decision and publication follow."""
    with story.clock():
        heir = merge(story)
        assert broken() == []
        assert story.year.board == heir
        assert set(ScoreSheet.objects.values_list("board_id", flat=True)) == {heir.pk}
    story.people["board"] = story.people["other_board"]
    story.go_to("closed")
    with story.clock():
        assert broken() == []
        assert CouncilDecision.objects.filter(award__board=heir).exists()
        assert not CouncilDecision.objects.filter(award__board=story.board).exists()


@pytest.mark.parametrize("story", ["adopted"], indirect=True)
def test_the_heirs_words_stand_for_the_same_award(story: Story):
    with story.clock():
        heir = heir_of(story)
        before = Award.objects.filter(board=story.board).order_by("position").first()
        assert before
        officer = story.people["other_board"]
        theirs = set_award(
            actor=officer, board=heir, code=before.code, label="Cờ của tỉnh mới", position=1
        )
        merger = Merger((story.board,), heir, story.day(), "NQ 202", "Hợp nhất")
        plan = plan_merger(actor=story.people["administrator"], merger=merger)
        assert f"“{before.label}” trong các năm đang mở được gọi là “Cờ của tỉnh mới”." in " ".join(
            plan.sentences
        )
        quotas = AwardQuota.objects.filter(award=before).count()
        proposals = Nomination.objects.filter(award=before).count()
        merge(story)
        assert AwardQuota.objects.filter(award=theirs).count() == quotas > 0
        assert Nomination.objects.filter(award=theirs).count() == proposals
        assert not AwardQuota.objects.filter(award=before).exists()
        assert broken() == []


@pytest.mark.parametrize("story", ["adopted"], indirect=True)
def test_units_outside_the_bloc_see_nothing_before_publication(story: Story):
    url = f"/nam/{story.keys['year']}/xep-hang/"
    with story.clock():
        merge(story)
        assert page(story.people["outside:officer"], url).status_code == 404


@pytest.mark.parametrize("story", ["decided"], indirect=True)
@pytest.mark.parametrize("what", ["quota", "proposal", "decision", "sheet"])
def test_what_names_another_boards_award_is_found(story: Story, what: str):
    foreign = Award.objects.create(board=heir_of(story), code="X", label="X")
    if what == "quota":
        AwardQuota.objects.filter(pk=AwardQuota.objects.order_by("pk")[0].pk).update(award=foreign)
    elif what == "proposal":
        rows = Nomination.objects.filter(award__isnull=False).order_by("pk")
        Nomination.objects.filter(pk=rows[0].pk).update(award=foreign)
    elif what == "decision":
        rows = CouncilDecision.objects.filter(award__isnull=False).order_by("pk")
        CouncilDecision.objects.filter(pk=rows[0].pk).update(award=foreign)
    else:
        first = ScoreSheet.objects.order_by("pk")[0]
        ScoreSheet.objects.filter(pk=first.pk).update(board=heir_of(story))
    assert len(list(awards_stand_under_their_board())) == 1


@pytest.mark.parametrize("story", ["published"], indirect=True)
def test_an_open_appeal_is_decided_by_the_heir(story: Story):
    with story.clock():
        merge(story)
        appeal = story.year.appeals.filter(status="open").first()
        assert appeal
        done = decide_appeal(
            actor=story.people["other_board"], appeal=appeal, decision="Giữ nguyên kết quả."
        )
        assert done.decided_by == story.people["other_board"]


@pytest.mark.parametrize("story", ["closed"], indirect=True)
def test_a_closed_year_keeps_its_awards_and_the_heir_still_corrects_it(story: Story):
    with story.clock():
        awards = dict(Nomination.objects.values_list("pk", "award_id"))
        old = story.board
        merge(story)
        assert dict(Nomination.objects.values_list("pk", "award_id")) == awards
        assert story.year.board == old
        assert broken() == []
        officer = story.people["other_board"]
        again = correct_snapshot(actor=officer, bloc_year=story.year, reason="Tính lại tổng điểm")
        assert again.number > 1
        assert broken() == []


@pytest.mark.parametrize("story", ["closed"], indirect=True)
def test_published_results_of_before_are_read_in_the_merged_province(story: Story):
    url = f"/nam/{story.keys['year']}/xep-hang/"
    with story.clock():
        neighbour = story.people["outside:officer"]
        assert page(neighbour, url).status_code == 200
        merge(story)
        assert page(neighbour, url).status_code == 200
        assert page(story.people["other_board"], url).status_code == 200
        assert page(story.people["administrator"], url).status_code == 404
