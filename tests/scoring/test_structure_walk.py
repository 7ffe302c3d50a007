"""Edge case 5: a unit dissolved at any step keeps its sheet, is out of awards and of every base."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import Deadline, MeetingAttendance
from blocs.selectors.meetings import quorum_of
from blocs.selectors.members import members_on
from blocs.services.steps import YEAR_WORKFLOW, take_step
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.workflow import Blocker
from scoring.invariants import successors_rank_alone
from scoring.models import AwardQuota, Nomination, RankingRow, RankingSnapshot, ScoreSheet
from scoring.rules.grounds import Ground
from scoring.selectors.competing import competing_ids
from scoring.selectors.ranking import live_ranking
from scoring.services.rubrics import create_rubric, issue_rubric
from scoring.services.standing_decisions import override_ground
from scoring.tasks import desk
from tests.factories import World, make_world
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    document,
    fill,
    submit,
    year_end_meeting,
)
from tests.scoring.results.builders import Points, adopt, make_quotas, tabled_world
from tests.scoring.test_structure_leaving import succeed

pytestmark = pytest.mark.django_db

S = YearStatus
GONE = 4
OTHERS = (0, 1, 2, 3)


def running() -> World:
    """Five members in the year's work, table issued, deadline set, a quota of 80 %."""
    world = make_world(5, status=S.RUNNING)
    rubric = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=document())
    issue_rubric(actor=world.head_leader, rubric=rubric)
    Deadline.objects.create(
        bloc_year=world.bloc_year,
        kind=DeadlineKind.SELF_SCORE,
        due_on=clock.today() + dt.timedelta(days=5),
    )
    [quota] = make_quotas(world, [(1, None)])
    AwardQuota.objects.filter(pk=quota.pk).update(max_count=None, max_share=Decimal("0.8"))
    return world


def dissolve(world: World, place: int = GONE) -> None:
    unit = world.units[place]
    unit.ended_on = clock.today()
    unit.save(update_fields=["ended_on"])


def in_the_way(world: World, step: str) -> list[Blocker]:
    """The blockers that scoring names, in the eyes of the head."""
    offer = YEAR_WORKFLOW.offer(world.head_leader, world.bloc_year, step)
    return [each for each in offer.blockers if "báo cáo sơ kết" not in each.text]


def go(world: World, step: str) -> None:
    """Take the step; nothing of a dissolved unit is in the way."""
    offer = YEAR_WORKFLOW.offer(world.head_leader, world.bloc_year, step)
    gone = {unit.name for unit in world.units if unit.ended_on}
    assert not [each for each in offer.blockers if gone & set(each.names)]
    assert in_the_way(world, step) == []
    take_step(actor=world.head_leader, bloc_year=world.bloc_year, name=step, reason="Theo kế hoạch")


def hold_meeting(world: World, scene: Scene) -> None:
    meeting = year_end_meeting(scene)
    for membership in members_on(world.bloc_year, meeting.held_on):
        MeetingAttendance.objects.create(meeting=meeting, membership=membership, is_present=True)
    quorum = quorum_of(meeting)
    assert quorum is not None
    assert (quorum.present, quorum.members) == (4, 4)


@pytest.mark.parametrize("when", [S.RUNNING, S.SELF_SCORING, S.APPRAISING])
def test_05_the_year_reaches_its_end_without_the_dissolved_unit(when: str) -> None:
    world = running()
    if when == S.RUNNING:
        dissolve(world)
    go(world, "open_self_scoring")
    sheets = list(ScoreSheet.objects.filter(bloc_year=world.bloc_year).order_by("membership"))
    assert len(sheets) == (4 if when == S.RUNNING else 5)
    scene = Scene(world, sheets)
    submit(scene, *OTHERS)
    if when == S.SELF_SCORING:
        fill(world.officers[GONE], scene.sheet(GONE))
        dissolve(world)
    if when == S.APPRAISING:
        submit(scene, GONE)
    go(world, "start_appraising")
    if when == S.APPRAISING:
        dissolve(world)
    appraise_all(scene, OTHERS)
    approve_all(scene, OTHERS)
    go(world, "table")
    hold_meeting(world, scene)
    resolve_ties(world)
    go(world, "adopt")
    check_result(world)
    kept = ScoreSheet.objects.filter(membership=world.memberships[GONE]).values_list("status")
    assert (
        list(kept)
        == {
            S.RUNNING: [],
            S.SELF_SCORING: [("drafting",)],
            S.APPRAISING: [("submitted",)],
        }[when]
    )


def resolve_ties(world: World) -> None:
    """Equal sheets share their rank by this table: nothing waits."""
    assert live_ranking(world.bloc_year).ranking.ties_pending == ()


def check_result(world: World) -> None:
    """Four are ranked and proposed by 80 % of four; the dissolved one is named apart."""
    rows = RankingRow.objects.filter(snapshot__bloc_year=world.bloc_year)
    assert rows.filter(rank__isnull=False).count() == 4
    out = rows.get(membership=world.memberships[GONE])
    assert (out.rank, out.explanation["group"]) == (None, "excluded")
    assert out.explanation["reasons"][0].startswith("Đơn vị đã giải thể: đơn vị giải thể ngày")
    assert not Nomination.objects.filter(
        membership=world.memberships[GONE], award__isnull=False
    ).exists()
    awards = RankingSnapshot.objects.get(bloc_year=world.bloc_year).inputs["awards"]
    [tie] = awards["ties"]  # four equal units before three places: the base is four, not five
    assert (len(tie["keys"]), tie["places"]) == (4, 3)


# ---------------------------------------------------------------- those who left


def scoring(leave: dt.timedelta) -> tuple[World, Scene]:
    """All have handed in; the last unit's last day is so far from the deadline."""
    world = running()
    go(world, "open_self_scoring")
    sheets = list(ScoreSheet.objects.filter(bloc_year=world.bloc_year).order_by("membership"))
    scene = Scene(world, sheets)
    submit(scene, *OTHERS, GONE)
    membership = world.memberships[GONE]
    membership.ends_on = Deadline.objects.get(bloc_year=world.bloc_year).due_on + leave
    membership.is_ranking = leave >= dt.timedelta(0)
    membership.save(update_fields=["ends_on", "is_ranking"])
    return world, scene


def test_a_unit_that_left_in_time_holds_nobody_up() -> None:
    world, scene = scoring(dt.timedelta(days=-1))
    assert scene.sheets[GONE].pk not in competing_ids(world.bloc_year)
    go(world, "start_appraising")
    appraise_all(scene, OTHERS)
    approve_all(scene, OTHERS)
    assert in_the_way(world, "table") == []


def test_a_unit_that_left_after_the_deadline_is_ranked_and_must_be_approved() -> None:
    world, scene = scoring(dt.timedelta(days=1))
    assert scene.sheets[GONE].pk in competing_ids(world.bloc_year)
    go(world, "start_appraising")
    appraise_all(scene, OTHERS)
    approve_all(scene, OTHERS)
    [found] = in_the_way(world, "table")
    assert (found.hard, found.names) == (True, (world.units[GONE].name,))


# ---------------------------------------------------------------- pages, tasks, people


def test_the_kept_sheet_is_marked_not_counted_and_not_asked_for(client: Client) -> None:
    world = running()
    go(world, "open_self_scoring")
    dissolve(world)
    client.force_login(world.secretary)
    page = client.get(reverse("sheet_list", args=[world.bloc_year.pk])).content.decode()
    assert "đã giải thể ngày" in page
    assert "Đang chờ 4/4 đơn vị nộp" in page
    overview = client.get(reverse("appraisal_list", args=[world.bloc_year.pk])).content.decode()
    assert "Đã duyệt 0/4 bảng chấm điểm." in overview
    assert "đã giải thể ngày" in overview
    name = world.units[GONE].name
    found = desk(world.secretary)
    assert name not in {each.unit for each in found.awaited}
    assert [each.title for each in desk(world.officers[GONE]).tasks] == []


def test_its_people_can_neither_fill_in_nor_hand_in() -> None:
    world = running()
    go(world, "open_self_scoring")
    sheet = ScoreSheet.objects.get(membership=world.memberships[GONE])
    dissolve(world)
    with pytest.raises(Refused, match="được giữ nguyên"):
        fill(world.officers[GONE], sheet)


# ---------------------------------------------------------------- decided otherwise, decided before


def test_somebody_may_decide_that_it_is_considered_all_the_same() -> None:
    world = running()
    go(world, "open_self_scoring")
    sheet = ScoreSheet.objects.get(membership=world.memberships[GONE])
    dissolve(world)
    override_ground(
        actor=world.board_officer,
        membership=world.memberships[GONE],
        ground=Ground.UNIT_DISSOLVED.value,
        reason="Thành tích cả năm trước khi giải thể",
    )
    assert sheet.pk in competing_ids(world.bloc_year)
    fill(world.officers[GONE], sheet)
    assert len(live_ranking(world.bloc_year).considered) == 5


def test_what_happens_after_the_adoption_changes_nothing_of_it() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    adopt(world)
    with clock.at(clock.now() + dt.timedelta(days=90)):
        dissolve(world, 1)
        assert [row.rank for row in live_ranking(world.bloc_year).ranking.ranked] == [1, 2, 3]


# ---------------------------------------------------------------- nothing counted twice


def merged() -> World:
    """Unit 1 ended and unit 2 came after it; both have an approved sheet at the meeting."""
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    dissolve(world, 1)
    succeed(world, world.units[1], world.units[2])
    return world


def test_06_a_predecessor_never_ranks_beside_its_successor() -> None:
    world = merged()
    ranking = live_ranking(world.bloc_year).ranking
    assert [row.key for row in ranking.ranked] == [world.memberships[n].pk for n in (0, 2)]
    [out] = ranking.excluded
    assert f"đơn vị kế thừa “{world.units[2].name}” xếp hạng tại Khối này" in out.reasons[0]
    with pytest.raises(Conflict, match="không tính hai lần"):
        override_ground(
            actor=world.board_officer,
            membership=world.memberships[1],
            ground=Ground.UNIT_DISSOLVED.value,
            reason="Cả hai cùng xếp hạng",
        )
    adopt(world)
    assert list(successors_rank_alone()) == []


def test_06_a_unit_that_gives_off_a_part_and_goes_on_is_ranked() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    succeed(world, world.units[1], world.units[2])
    assert len(live_ranking(world.bloc_year).ranking.ranked) == 3


def test_06_the_invariant_finds_both_in_one_table() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    adopt(world)
    assert list(successors_rank_alone()) == []
    dissolve(world, 1)
    succeed(world, world.units[1], world.units[2])
    [found] = successors_rank_alone()
    assert f"member {world.memberships[1].pk}" in found


def test_06_a_merger_after_the_adoption_leaves_the_table_alone() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    adopt(world)
    with clock.at(clock.now() + dt.timedelta(days=60)):
        dissolve(world, 1)
        succeed(world, world.units[1], world.units[2])
        assert list(successors_rank_alone()) == []
