"""Ties settled by ballot or by the head; what blocks and goes with the year's steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import YearStatus
from blocs.services.steps import take_step
from emulation import clock
from emulation.access import Conflict, Refused
from scoring.models import (
    Appeal,
    Ballot,
    Dispute,
    Nomination,
    ScoreSheet,
    TieDecision,
)
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.ballots import BallotCount, record_ballot, record_tie_decision
from scoring.services.nominations import confirm_nominations
from scoring.services.publication import publish_results
from scoring.services.standing_decisions import (
    exclude_member,
)
from tests.factories import make_world
from tests.scoring.results.builders import (
    TIED,
    Points,
    adopt,
    blockers,
    make_meeting,
    make_rubric,
    make_sheet,
    ranks,
    tabled_world,
    thai_binh,
)
from tests.scoring.results.test_pages import decided

pytestmark = pytest.mark.django_db
S = YearStatus


# ---------------------------------------------------------------- ties

COUNT = BallotCount("secret", 6, 6, 5, 5, 0, "Ông A, bà B")


def test_a_ballot_separates_exactly_the_tied_units() -> None:
    world = tabled_world(TIED, tie_breaks=["ballot", "share"])
    second, third = world.memberships[1], world.memberships[2]
    assert "chưa được phân định" in " ".join(blockers(world, "adopt"))
    record_ballot(
        actor=world.secretary,
        bloc_year=world.bloc_year,
        meeting=world.bloc_year.meetings.get(),
        count=COUNT,
        votes={second.pk: 2, third.pk: 3},
    )
    assert ranks(world) == [1, 3, 2]
    assert blockers(world, "adopt") == []
    with pytest.raises(Conflict):
        record_ballot(
            actor=world.secretary,
            bloc_year=world.bloc_year,
            meeting=world.bloc_year.meetings.get(),
            count=COUNT,
            votes={second.pk: 2, third.pk: 3},
        )


@pytest.mark.parametrize(
    "count",
    [
        BallotCount("secret", 6, 7, 5, 5, 0, "A"),
        BallotCount("secret", 6, 5, 6, 5, 1, "A"),
        BallotCount("secret", 6, 6, 5, 5, 1, "A"),
        BallotCount("secret", 6, 6, 5, 4, 1, "A"),
        BallotCount("secret", 9, 9, 5, 5, 0, "A"),
        BallotCount("secret", 0, 0, 0, 0, 0, "A"),
        BallotCount("giơ chân", 6, 6, 5, 5, 0, "A"),
        BallotCount("secret", 6, 6, 5, 5, 0, " "),
    ],
)
def test_sums_and_quorum_of_a_ballot_are_checked(count: BallotCount) -> None:
    world = tabled_world(TIED, tie_breaks=["ballot", "share"])
    with pytest.raises(ValidationError):
        record_ballot(
            actor=world.secretary,
            bloc_year=world.bloc_year,
            meeting=world.bloc_year.meetings.get(),
            count=count,
            votes={world.memberships[1].pk: 2, world.memberships[2].pk: 3},
        )
    assert not Ballot.objects.exists()


def test_a_ballot_is_for_the_secretary_and_for_those_tied() -> None:
    world = tabled_world(TIED, tie_breaks=["ballot", "share"])
    votes = {world.memberships[1].pk: 2, world.memberships[2].pk: 3}
    meeting = world.bloc_year.meetings.get()
    given: dict[str, Any] = {"bloc_year": world.bloc_year, "meeting": meeting, "count": COUNT}
    for actor in (world.leaders[2], world.board_officer):
        with pytest.raises(Refused):
            record_ballot(actor=actor, votes=votes, **given)
    with pytest.raises(Conflict):
        record_ballot(actor=world.secretary, votes={world.memberships[0].pk: 5}, **given)


def test_going_back_voids_the_ballot_but_keeps_it() -> None:
    world = tabled_world(TIED, tie_breaks=["ballot", "share"])
    record_ballot(
        actor=world.secretary,
        bloc_year=world.bloc_year,
        meeting=world.bloc_year.meetings.get(),
        count=COUNT,
        votes={world.memberships[1].pk: 2, world.memberships[2].pk: 3},
    )
    take_step(
        actor=world.head_leader,
        bloc_year=world.bloc_year,
        name="back_to_appraising",
        reason="Sửa điểm",
    )
    assert Ballot.objects.get().voided_reason == "Sửa điểm"
    assert ranks(world) == [1, 2, 2]


def test_the_head_orders_tied_units_but_not_its_own() -> None:
    world = tabled_world(TIED, tie_breaks=["head"])
    first, second, third = world.memberships
    with pytest.raises(Refused):
        record_tie_decision(
            actor=world.leaders[1],
            bloc_year=world.bloc_year,
            order=[third.pk, second.pk],
            reason="Mô hình mới",
        )
    with pytest.raises(Conflict):
        record_tie_decision(
            actor=world.head_leader, bloc_year=world.bloc_year, order=[third.pk], reason="Lý do"
        )
    record_tie_decision(
        actor=world.head_leader,
        bloc_year=world.bloc_year,
        order=[third.pk, second.pk],
        reason="Có mô hình mới được công nhận",
    )
    assert ranks(world) == [1, 3, 2]
    assert TieDecision.objects.count() == 1
    own = tabled_world([Points("90.00"), Points("90.00")], tie_breaks=["head"])
    assert ranks(own) == [1, 1], "the head's rule is skipped with the head in the tie"
    with pytest.raises(Refused):
        record_tie_decision(
            actor=own.head_leader,
            bloc_year=own.bloc_year,
            order=[each.pk for each in own.memberships],
            reason="Lý do",
        )
    assert first.pk


# ---------------------------------------------------------------- the year's blockers


def test_table_names_what_is_missing() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), None], status=S.APPRAISING)
    found = blockers(world, "table")
    assert [world.units[2].name in text for text in found] == [True]
    exclude_member(
        actor=world.head_leader, membership=world.memberships[2], ground="no_sheet", reason="Lý do"
    )
    assert blockers(world, "table") == []


def test_table_wants_every_sheet_approved_or_its_dispute_listed() -> None:
    world = make_world(3, status=S.APPRAISING)
    rubric = make_rubric(world)
    for number, membership in enumerate(world.memberships):
        status = "approved" if number == 2 else "appraised"
        make_sheet(
            rubric,
            membership,
            world.officers[number],
            Points("90.00"),
            status=status,
            stage="final" if number == 2 else "appraised",
        )
    found = blockers(world, "table")
    assert world.units[1].name in found[0]
    assert "Đơn vị thay Trưởng khối chưa duyệt" in found[1]
    for sheet in ScoreSheet.objects.filter(status="appraised"):
        Dispute.objects.create(sheet=sheet, text="Không đồng ý", raised_by=world.officers[1])
    assert blockers(world, "table") == []
    world.set_status(S.MEETING)
    make_meeting(world)
    assert any("chưa kết luận" in text for text in blockers(world, "adopt"))


def test_without_a_stand_in_the_page_says_whom_to_ask() -> None:
    world = make_world(2, status=S.APPRAISING, deputy=False)
    make_sheet(
        make_rubric(world),
        world.memberships[0],
        world.officers[0],
        Points("90.00"),
        status="appraised",
        stage="appraised",
    )
    assert any("Thường trực Hội đồng phân công" in text for text in blockers(world, "table"))


def test_submission_waits_for_every_proposal_and_decision_for_each_outcome() -> None:
    world = thai_binh()
    adopt(world)
    assert any(world.units[0].name in text for text in blockers(world, "submit"))
    with pytest.raises(Conflict):
        take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="submit")
    confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
    with pytest.raises(Conflict):
        confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
    take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="submit")
    assert set(Nomination.objects.values_list("status", flat=True)) == {"sent"}
    assert any(world.units[3].name in text for text in blockers(world, "decide"))


def test_close_waits_for_publication_window_and_appeals() -> None:
    world = decided(thai_binh())
    assert blockers(world, "close") == ["Kết quả chưa được công bố."]
    publish_results(actor=world.board_officer, bloc_year=world.bloc_year)
    world.bloc_year.refresh_from_db()
    assert "Còn thời hạn kiến nghị" in blockers(world, "close")[0]
    file_appeal(actor=world.officers[3], membership=world.memberships[3], text="Tính sai điểm")
    with clock.at(clock.now() + dt.timedelta(days=16)):
        assert any(world.units[3].name in text for text in blockers(world, "close"))
        appeal = Appeal.objects.get()
        decide_appeal(actor=world.board_officer, appeal=appeal, decision="Giữ nguyên")
        assert blockers(world, "close") == []


def test_a_published_result_is_not_reopened() -> None:
    world = decided(thai_binh(), publish=True)
    with pytest.raises(Conflict):
        take_step(
            actor=world.board_officer,
            bloc_year=world.bloc_year,
            name="reopen_decision",
            reason="Sửa",
        )
