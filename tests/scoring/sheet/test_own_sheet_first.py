"""Nobody reads another unit's sheet while a unit of his or her own owes its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import models
from django.test import Client

from blocs.enums import PostRole
from blocs.models import Membership, Unit
from blocs.services.people import appoint
from blocs.services.terms import name_secretary
from emulation.access import Refused
from emulation.models import User
from scoring.models import CrossCheck, SheetTransition
from scoring.services.cross_checks import assign_cross_check, give_opinion
from scoring.services.standing_decisions import exclude_member, revoke_standing_decision
from scoring.tasks import desk
from tests.story import NAMES, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    """Own and head have handed in; nobody else has. The officer of next is named secretary."""
    story = Story("drafting")
    with story.clock():
        story._submit("own")
        story._fill("head")
        story._submit("head")
        name_secretary(
            actor=story.leader_of("head"), bloc_year=story.year, user=story.officer_of("next")
        )
    return story


def pages(client: Client, story: Story, unit: str = "own") -> list[int]:
    """What the pages of a sheet's content answer."""
    sheet = f"/phieu/{story.sheet(unit).pk}/"
    answers = [client.get(sheet + page) for page in ("", "lich-su/", "tham-dinh/")]
    return [answer.status_code for answer in answers]


def hand_in(story: Story, unit: str) -> None:
    story._fill(unit)
    story._submit(unit)


def test_a_named_secretary_waits_for_the_own_units_sheet(
    story: Story, as_user: Callable[[User], Client]
) -> None:
    with story.clock():
        client = as_user(story.officer_of("next"))
        assert pages(client, story) == [403] * 3
        refusal = client.get(f"/phieu/{story.sheet().pk}/").content.decode()
        assert f"({NAMES['next']}) chưa nộp bảng tự chấm điểm" in refusal
        assert client.get(f"/nam/{story.keys['year']}/xep-hang/").status_code == 403
        hand_in(story, "next")
        assert pages(client, story) == [200] * 3
        assert client.get(f"/nam/{story.keys['year']}/xep-hang/").status_code == 200


def test_a_deputy_waits_before_reading_the_heads_sheet(
    story: Story, as_user: Callable[[User], Client]
) -> None:
    with story.clock():
        client = as_user(story.officer_of("deputy"))
        assert pages(client, story, "head") == [403] * 3
        hand_in(story, "deputy")
        assert pages(client, story, "head") == [200] * 3


def test_a_cross_checker_waits_and_gives_no_opinion(
    story: Story, as_user: Callable[[User], Client]
) -> None:
    with story.clock():
        checker = story.officer_of("checker")
        check = assign_cross_check(
            actor=story.officer_of("head"), sheet=story.sheet(), checker=checker
        )
        with pytest.raises(Refused, match="Đề nghị đơn vị nộp bảng tự chấm điểm của mình trước"):
            give_opinion(actor=checker, check=check, opinion="Tốt")
        page = as_user(checker).get(f"/phieu/{story.sheet().pk}/kiem-tra-cheo/").content.decode()
        assert page.count("chưa nộp bảng tự chấm điểm nên") == 1
        assert "Minh chứng</th>" not in page
        assert checks_ready(checker) == [False]
        hand_in(story, "checker")
        assert checks_ready(checker) == [True]
        give_opinion(actor=checker, check=check, opinion="Tốt")
    assert CrossCheck.objects.get().opinion == "Tốt"


def checks_ready(user: User) -> list[bool]:
    return [task.ready for task in desk(user).tasks if task.title.startswith("Kiểm tra chéo")]


def test_an_officer_of_the_board_with_a_post_in_a_member_waits_too(
    story: Story, as_user: Callable[[User], Client]
) -> None:
    with story.clock():
        clerk = story.people["board"]
        appoint(
            actor=clerk,
            user=clerk,
            unit=story.unit("other"),
            role=PostRole.OFFICER,
            title="Chuyên viên",
            starts_on=dt.date(2020, 1, 1),
        )
        client = as_user(clerk)
        assert pages(client, story) == [403] * 3
        hand_in(story, "other")
        assert pages(client, story) == [200] * 3


def left(story: Story) -> None:
    Membership.objects.filter(pk=story.membership("next").pk).update(
        ends_on=story.day(-1), starts_on=story.day(-90)
    )


def does_not_rank(story: Story) -> None:
    Membership.objects.filter(pk=story.membership("next").pk).update(is_ranking=False)


def is_excluded(story: Story) -> None:
    exclude_member(
        actor=story.leader_of("head"),
        membership=story.membership("next"),
        ground="no_sheet",
        reason="Đơn vị không nộp",
    )


def is_dissolved(story: Story) -> None:
    Unit.objects.filter(pk=story.units["next"]).update(ended_on=story.day(-1))


def was_never_opened(story: Story) -> None:
    sheet = story.sheet("next")
    log = models.QuerySet(SheetTransition).filter(sheet=sheet)
    log._raw_delete(log.db)  # past the guard of the log
    sheet.lines.all().delete()
    sheet.totals.all().delete()
    sheet.delete()


@pytest.mark.parametrize(
    "settled", [left, does_not_rank, is_excluded, is_dissolved, was_never_opened]
)
def test_a_unit_that_owes_nothing_holds_nobody_back(
    story: Story, as_user: Callable[[User], Client], settled: Callable[[Story], None]
) -> None:
    with story.clock():
        settled(story)
        assert pages(as_user(story.officer_of("next")), story) == [200] * 3


def test_an_exclusion_taken_back_closes_the_sheets_again(
    story: Story, as_user: Callable[[User], Client]
) -> None:
    with story.clock():
        is_excluded(story)
        decision = story.membership("next").standing_decisions.get()
        client = as_user(story.officer_of("next"))
        assert pages(client, story) == [200] * 3
        revoke_standing_decision(
            actor=story.leader_of("head"), decision=decision, reason="Đơn vị xin nộp muộn"
        )
        assert pages(client, story) == [403] * 3


def test_from_tabling_on_it_matters_no_more(as_user: Callable[[User], Client]) -> None:
    """Whoever never handed in was recorded as not considered, and reads as others do."""
    story = Story("tabled")
    with story.clock():
        name_secretary(
            actor=story.leader_of("head"), bloc_year=story.year, user=story.officer_of("absent")
        )
        assert pages(as_user(story.officer_of("absent")), story) == [200] * 3
