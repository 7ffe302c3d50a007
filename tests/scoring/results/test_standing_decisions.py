"""Who is not considered, or considered in spite of a ground: reasons, conflicts, double clicks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import YearStatus
from emulation import clock
from emulation.access import Conflict, Refused
from pledges.models import Pledge, PledgeSignature
from scoring.models import (
    Award,
    NotConsidered,
)
from scoring.services.quotas import set_award, set_quota
from scoring.services.standing_decisions import (
    exclude_member,
    override_ground,
    revoke_standing_decision,
    set_ground_rule,
)
from tests.factories import World, make_post, make_world
from tests.scoring.results.builders import (
    TIED,
    Points,
    ranks,
    tabled_world,
)

pytestmark = pytest.mark.django_db
S = YearStatus


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
