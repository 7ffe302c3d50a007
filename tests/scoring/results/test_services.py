"""The deeds of the results: who, when, with what reason; conflicts, double clicks, bad input."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import TermKind, YearStatus
from blocs.services.steps import YEAR_WORKFLOW, take_step
from emulation import clock
from emulation.access import Conflict, Refused
from pledges.models import Pledge, PledgeSignature
from scoring.enums import NominationStatus
from scoring.models import (
    Appeal,
    Award,
    Ballot,
    CouncilDecision,
    Dispute,
    Nomination,
    NotConsidered,
    RankingSnapshot,
    ScoreSheet,
    TieDecision,
)
from scoring.selectors.ranking import live_ranking
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.ballots import BallotCount, record_ballot, record_tie_decision
from scoring.services.decisions import record_council_decision
from scoring.services.nominations import confirm_nominations, decide_nomination
from scoring.services.publication import publish_results
from scoring.services.quotas import set_award, set_quota
from scoring.services.standing_decisions import (
    exclude_member,
    override_ground,
    revoke_standing_decision,
    set_ground_rule,
)
from tests.factories import World, make_post, make_world, set_term
from tests.scoring.results.builders import (
    Points,
    adopt,
    make_meeting,
    make_quotas,
    make_rubric,
    make_sheet,
    tabled_world,
    thai_binh,
)
from tests.scoring.results.test_pages import decided

pytestmark = pytest.mark.django_db

S = YearStatus
TIED = [Points("95.00"), Points("90.00"), Points("90.00")]


def ranks(world: World) -> list[int | None]:
    live = live_ranking(world.bloc_year)
    by_key = {row.key: row.rank for row in live.ranking.rows}
    return [by_key.get(each.pk) for each in world.memberships]


def blockers(world: World, step: str) -> list[str]:
    offer = YEAR_WORKFLOW.offer(world.head_leader, world.bloc_year, step)
    return [" ".join([each.text, *each.names]) for each in offer.blockers]


# ---------------------------------------------------------------- not considered


def test_head_excludes_with_reason_author_and_date_and_takes_it_back() -> None:
    world = tabled_world(TIED)
    decision = exclude_member(
        actor=world.head_leader,
        membership=world.memberships[2],
        ground="leader_disciplined",
        reason="Quyết định kỷ luật số 12",
    )
    assert decision.effect == "excluded"
    assert ranks(world) == [1, 2, None]
    revoke_standing_decision(actor=world.head_leader, decision=decision, reason="Ghi nhầm đơn vị")
    assert ranks(world) == [1, 2, 2]
    assert NotConsidered.objects.get().revoked_reason == "Ghi nhầm đơn vị"
    with pytest.raises(Conflict):
        revoke_standing_decision(actor=world.head_leader, decision=decision, reason="Lần nữa")


def test_nobody_excludes_or_includes_the_own_unit() -> None:
    world = tabled_world(TIED)
    own = {"membership": world.memberships[0], "ground": "other", "reason": "Lý do"}
    for actor in (world.head_leader, world.leaders[2], world.secretary):
        with pytest.raises(Refused):
            exclude_member(actor=actor, **own)
    exclude_member(actor=world.deputy_leader, effect="excluded", **own)
    assert ranks(world)[0] is None


def test_a_board_officer_with_a_post_in_the_unit_may_not_decide_on_it() -> None:
    world = tabled_world(TIED)
    make_post(world.board_officer, unit=world.units[2])
    with pytest.raises(Refused, match="chính đơn vị mình"):
        exclude_member(
            actor=world.board_officer,
            membership=world.memberships[2],
            ground="other",
            reason="Lý do",
        )


@pytest.mark.parametrize("who", ["secretary", "member"])
def test_others_may_not_exclude(who: str) -> None:
    world = tabled_world(TIED)
    actor = world.secretary if who == "secretary" else world.leaders[1]
    with pytest.raises(Refused):
        exclude_member(actor=actor, membership=world.memberships[2], ground="other", reason="Lý do")


def test_exclusion_needs_reason_ground_and_is_not_doubled() -> None:
    world = tabled_world(TIED)
    given: dict[str, Any] = {"actor": world.head_leader, "membership": world.memberships[2]}
    with pytest.raises(ValidationError):
        exclude_member(ground="other", reason="  ", **given)
    with pytest.raises(ValidationError):
        exclude_member(ground="khong-co", reason="Lý do", **given)
    with pytest.raises(ValidationError):
        exclude_member(ground="other", reason="x" * 10_000, **given)
    with pytest.raises(ValidationError):
        exclude_member(
            ground="other",
            effect="grade_ceiling",
            grade_ceiling="Không có",
            reason="Lý do",
            **given,
        )
    exclude_member(ground="other", effect="excluded", reason="Lý do", **given)
    with pytest.raises(Conflict):
        exclude_member(ground="other", effect="excluded", reason="Lý do", **given)


def test_after_adoption_nobody_excludes() -> None:
    world = tabled_world(TIED, status=S.ADOPTED)
    for actor in (world.head_leader, world.board_officer):
        with pytest.raises(Refused):
            exclude_member(
                actor=actor, membership=world.memberships[2], ground="other", reason="Lý do"
            )


def make_pledge(world: World, signed: int) -> None:
    pledge = Pledge.objects.create(
        bloc_year=world.bloc_year,
        title="Giao ước",
        status="agreed",
        agreed_at=clock.now(),
        agreed_by=world.head_leader,
    )
    for membership in world.memberships[:signed]:
        PledgeSignature.objects.create(
            pledge=pledge,
            membership=membership,
            method="browser",
            office="Giám đốc",
            signed_on=clock.today(),
            recorded_by=world.head_leader,
            acting_as="Lãnh đạo",
        )


def test_a_unit_that_never_signed_is_excluded_by_rule_unless_overridden() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    make_pledge(world, signed=2)
    assert ranks(world) == [1, 2, None]
    with pytest.raises(Refused):
        override_ground(
            actor=world.leaders[2],
            membership=world.memberships[2],
            ground="pledge_not_signed",
            reason="Đã ký bản giấy",
        )
    override_ground(
        actor=world.head_leader,
        membership=world.memberships[2],
        ground="pledge_not_signed",
        reason="Đã ký bản giấy, thất lạc",
    )
    assert ranks(world) == [1, 2, 3]
    set_ground_rule(
        actor=world.board_officer,
        bloc_year=world.bloc_year,
        ground="pledge_not_signed",
        effect="ranked_no_award",
    )
    assert ranks(world) == [1, 2, 3]


def test_only_the_board_sets_grounds_and_quotas() -> None:
    world = tabled_world(TIED)
    other = make_world(2)
    award = Award.objects.get(code="GOV_FLAG")
    for actor in (world.head_leader, world.secretary, other.board_officer):
        with pytest.raises(Refused):
            set_ground_rule(
                actor=actor, bloc_year=world.bloc_year, ground="other", effect="excluded"
            )
        with pytest.raises(Refused):
            set_quota(actor=actor, bloc_year=world.bloc_year, award=award, max_count=2)
        with pytest.raises(Refused):
            set_award(actor=actor, board=world.board, code="X1", label="Giấy khen", position=9)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"max_share": Decimal("1.5")},
        {"max_count": 1, "needs": ["khong-co"]},
        {"max_count": 1, "lowest_grade": "Không có"},
    ],
)
def test_a_quota_is_checked(values: dict[str, Any]) -> None:
    world = tabled_world(TIED)
    award = Award.objects.get(code="GOV_FLAG")
    with pytest.raises(ValidationError):
        set_quota(actor=world.board_officer, bloc_year=world.bloc_year, award=award, **values)


def test_an_award_of_another_board_is_refused() -> None:
    world, other = tabled_world(TIED), make_world(2)
    foreign = set_award(
        actor=other.board_officer, board=other.board, code="x", label="Cờ", position=1
    )
    with pytest.raises(ValidationError):
        set_quota(actor=world.board_officer, bloc_year=world.bloc_year, award=foreign, max_count=1)


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


# ---------------------------------------------------------------- nominations


def test_departing_from_the_quotas_needs_a_reason_and_a_place() -> None:
    world = thai_binh()
    adopt(world)
    nomination = Nomination.objects.get(membership=world.memberships[2])
    flag = Award.objects.get(code="PROV_FLAG")
    with pytest.raises(ValidationError) as refused:
        decide_nomination(actor=world.head_leader, nomination=nomination, award=None)
    assert "reason" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        decide_nomination(
            actor=world.head_leader, nomination=nomination, award=flag, reason="Mô hình mới"
        )
    assert "đã đề nghị hết" in refused.value.message_dict["award"][0]
    for actor in (world.secretary, world.leaders[2], world.board_officer):
        with pytest.raises(Refused):
            decide_nomination(actor=actor, nomination=nomination, award=None, reason="Lý do")
    decide_nomination(
        actor=world.head_leader, nomination=nomination, award=None, reason="Đơn vị xin rút"
    )
    nomination.refresh_from_db()
    assert (nomination.award, nomination.status) == (None, NominationStatus.CHECKED)
    assert nomination.transitions.count() == 2


def test_the_head_confirms_but_does_not_change_its_own_proposal() -> None:
    world = thai_binh()
    adopt(world)
    own = Nomination.objects.get(membership=world.memberships[0])
    with pytest.raises(Refused):
        decide_nomination(actor=world.head_leader, nomination=own, award=None, reason="Lý do")
    decide_nomination(actor=world.head_leader, nomination=own, award=own.award)
    decide_nomination(actor=world.deputy_leader, nomination=own, award=None, reason="Lý do")
    own.refresh_from_db()
    assert own.award is None


def test_a_tie_across_a_quota_line_is_undecided_until_people_decide() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("90.00")], quotas=False)
    make_quotas(world, ((1, 1), (1, 3)))
    adopt(world)
    tied = list(Nomination.objects.exclude(membership=world.memberships[0]))
    assert [each.award for each in tied] == [None, None]
    assert all("cùng hạng 2" in each.reason for each in tied)
    confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
    assert len(blockers(world, "submit")) == 1
    flag = Award.objects.get(code="PROV_FLAG")
    decide_nomination(
        actor=world.head_leader, nomination=tied[0], award=flag, reason="Theo kết quả bỏ phiếu"
    )
    decide_nomination(actor=world.head_leader, nomination=tied[1], award=None, reason="Hết suất")
    assert blockers(world, "submit") == []


def test_with_the_head_in_the_tie_somebody_unconcerned_decides() -> None:
    world = tabled_world([Points("90.00"), Points("80.00"), Points("90.00")], quotas=False)
    make_quotas(world, ((1, 1),))
    adopt(world)
    tied = Nomination.objects.get(membership=world.memberships[2])
    with pytest.raises(Refused):
        decide_nomination(actor=world.head_leader, nomination=tied, award=None, reason="Lý do")
    decide_nomination(actor=world.deputy_leader, nomination=tied, award=None, reason="Hết suất")


def test_a_new_adoption_proposes_anew() -> None:
    world = thai_binh()
    adopt(world)
    confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
    take_step(
        actor=world.head_leader, bloc_year=world.bloc_year, name="back_to_meeting", reason="Sửa"
    )
    exclude_member(
        actor=world.deputy_leader,
        membership=world.memberships[0],
        ground="other",
        effect="excluded",
        reason="Lý do",
    )
    adopt(world)
    assert RankingSnapshot.objects.count() == 2
    first = Nomination.objects.get(membership=world.memberships[0])
    assert (first.award, first.status) == (None, "proposed")
    second = Nomination.objects.get(membership=world.memberships[1])
    assert second.award is not None
    assert second.award.code == "GOV_FLAG"


# ---------------------------------------------------------------- decision and publication


def submitted() -> World:
    world = thai_binh()
    adopt(world)
    confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
    take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="submit")
    return world


def test_the_council_s_decision_never_touches_the_bloc_s_result() -> None:
    world = submitted()
    nomination = Nomination.objects.get(membership=world.memberships[0])
    before = (ranks(world), nomination.award_id, RankingSnapshot.objects.get().inputs)
    lower = Award.objects.get(code="PROV_FLAG")
    record_council_decision(
        actor=world.board_officer,
        nomination=nomination,
        outcome="lowered",
        award=lower,
        document_number="12/QĐ-UBND",
        decided_on=clock.today(),
        reason="Chưa có mô hình mới",
    )
    nomination.refresh_from_db()
    assert before == (ranks(world), nomination.award_id, RankingSnapshot.objects.get().inputs)
    assert nomination.decision.award == lower
    assert nomination.status == "lowered"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outcome": "rejected"}, "reason"),
        ({"outcome": "lowered", "reason": "x"}, "award"),
        ({"outcome": "khác"}, "outcome"),
        ({"outcome": "approved", "decided_on": dt.date(2199, 1, 1)}, "decided_on"),
        ({"outcome": "rejected", "reason": "x" * 10_000}, "reason"),
    ],
)
def test_a_decision_is_checked(values: dict[str, Any], field: str) -> None:
    world = submitted()
    nomination = Nomination.objects.get(membership=world.memberships[0])
    with pytest.raises(ValidationError) as refused:
        record_council_decision(actor=world.board_officer, nomination=nomination, **values)
    assert field in refused.value.message_dict
    assert not CouncilDecision.objects.exists()


def test_only_the_own_board_decides_and_only_on_what_is_submitted() -> None:
    world = submitted()
    nomination = Nomination.objects.get(membership=world.memberships[0])
    for actor in (world.head_leader, world.leaders[1], make_world(2).board_officer):
        with pytest.raises(Refused):
            record_council_decision(actor=actor, nomination=nomination, outcome="approved")
    world.set_status(S.ADOPTED)
    with pytest.raises(Refused):
        record_council_decision(
            actor=world.board_officer, nomination=nomination, outcome="approved"
        )


def test_a_dossier_comes_back_with_its_reason_and_is_decided_anew() -> None:
    world = submitted()
    take_step(
        actor=world.board_officer,
        bloc_year=world.bloc_year,
        name="return_dossier",
        reason="Thiếu biên bản",
    )
    assert set(Nomination.objects.values_list("status", flat=True)) == {"returned"}
    assert blockers(world, "submit")
    confirm_nominations(actor=world.head_leader, bloc_year=world.bloc_year)
    take_step(actor=world.head_leader, bloc_year=world.bloc_year, name="submit")
    first = Nomination.objects.filter(award__isnull=False).first()
    assert first is not None
    record_council_decision(actor=world.board_officer, nomination=first, outcome="approved")
    with pytest.raises(Conflict):
        take_step(
            actor=world.board_officer,
            bloc_year=world.bloc_year,
            name="return_dossier",
            reason="Sửa",
        )


def test_publication_is_a_step_of_its_own_and_happens_once() -> None:
    world = decided(thai_binh())
    for actor in (world.head_leader, make_world(2).board_officer):
        with pytest.raises(Refused):
            publish_results(actor=actor, bloc_year=world.bloc_year)
    publish_results(actor=world.board_officer, bloc_year=world.bloc_year)
    with pytest.raises(Conflict):
        publish_results(actor=world.board_officer, bloc_year=world.bloc_year)


# ---------------------------------------------------------------- appeals


def test_an_appeal_within_the_window_may_correct_the_result() -> None:
    world = decided(thai_binh(), publish=True)
    appeal = file_appeal(actor=world.officers[3], membership=world.memberships[3], text="Tính sai")
    with pytest.raises(Conflict):
        file_appeal(actor=world.leaders[3], membership=world.memberships[3], text="Lần hai")
    for actor in (world.head_leader, world.officers[3]):
        with pytest.raises(Refused):
            decide_appeal(actor=actor, appeal=appeal, decision="Được")
    with pytest.raises(ValidationError):
        decide_appeal(actor=world.board_officer, appeal=appeal, decision=" ")
    decide_appeal(actor=world.board_officer, appeal=appeal, decision="Giữ nguyên")
    with pytest.raises(Conflict):
        decide_appeal(actor=world.board_officer, appeal=appeal, decision="Lần nữa")


def test_appeals_come_from_the_unit_itself_and_in_time() -> None:
    world = decided(thai_binh(), publish=True)
    with pytest.raises(Refused):
        file_appeal(actor=world.officers[2], membership=world.memberships[3], text="Hộ")
    with clock.at(clock.now() + dt.timedelta(days=16)), pytest.raises(Refused, match="đã hết"):
        file_appeal(actor=world.officers[3], membership=world.memberships[3], text="Muộn")


def test_the_board_officer_of_the_unit_may_not_decide_its_appeal() -> None:
    world = decided(thai_binh(), publish=True)
    appeal = file_appeal(actor=world.officers[3], membership=world.memberships[3], text="Sai")
    make_post(world.board_officer, unit=world.units[3])
    with pytest.raises(Refused):
        decide_appeal(actor=world.board_officer, appeal=appeal, decision="Được")


def test_a_stand_in_named_by_the_board_acts_for_the_head() -> None:
    world = make_world(3, status=S.RUNNING, deputy=False)
    set_term(world.bloc_year, world.units[2], TermKind.STAND_IN)
    exclude_member(
        actor=world.leaders[2],
        membership=world.memberships[0],
        ground="under_inspection",
        reason="Đang thanh tra",
    )
    with pytest.raises(Refused):
        exclude_member(
            actor=world.leaders[1],
            membership=world.memberships[0],
            ground="other",
            reason="Lý do",
        )
