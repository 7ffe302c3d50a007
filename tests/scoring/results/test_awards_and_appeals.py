"""Nominations, the Council's decision, publication, appeals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import TermKind, YearStatus
from blocs.services.steps import take_step
from emulation import clock
from emulation.access import Conflict, Refused
from scoring.enums import NominationStatus
from scoring.models import (
    Award,
    CouncilDecision,
    Nomination,
    RankingSnapshot,
)
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.decisions import record_council_decision
from scoring.services.nominations import confirm_nominations, decide_nomination
from scoring.services.publication import publish_results
from scoring.services.standing_decisions import (
    exclude_member,
)
from tests.factories import World, make_post, make_world, set_term
from tests.scoring.results.builders import (
    Points,
    adopt,
    blockers,
    make_quotas,
    ranks,
    tabled_world,
    thai_binh,
)
from tests.scoring.results.test_pages import decided

pytestmark = pytest.mark.django_db
S = YearStatus


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
