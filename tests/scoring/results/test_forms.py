"""Every form of the results, sent once by the right person, refused to others, shown again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from blocs.enums import YearStatus
from emulation.models import User
from scoring.models import (
    Appeal,
    Award,
    AwardQuota,
    Ballot,
    CouncilDecision,
    GroundRule,
    Nomination,
    NotConsidered,
    TieDecision,
)
from scoring.services.appeals import file_appeal
from scoring.services.standing_decisions import exclude_member
from tests.factories import World, make_world
from tests.scoring.results.builders import TIED, Points, adopt, tabled_world, thai_binh
from tests.scoring.results.test_awards_and_appeals import submitted
from tests.scoring.results.test_pages import decided, url
from tests.scoring.results.test_standing_decisions import make_pledge

pytestmark = pytest.mark.django_db

S = YearStatus


def post(user: User, address: str, data: dict[str, Any] | None = None) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(address, {"csrf": "", **(data or {})})


def page(user: User, address: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(address)


def test_the_board_names_an_award_and_sets_its_quota() -> None:
    world = tabled_world(TIED, quotas=False)
    sent = {"code": "prov_flag", "label": "Cờ thi đua của tỉnh", "position": "1"}
    assert post(world.board_officer, url("award_new", world), sent).status_code == 302
    award = Award.objects.get(code="PROV_FLAG")
    quota = {
        "max_count": "1",
        "max_share": "12,5",
        "lowest_total": "89,75",
        "needs": "pledge_signed",
    }
    address = url("quota_edit", world, award.pk)
    assert page(world.board_officer, address).status_code == 200
    assert post(world.board_officer, address, quota).status_code == 302
    stored = AwardQuota.objects.get()
    assert (str(stored.max_share), str(stored.lowest_total)) == ("0.1250", "89.75")
    text = page(world.officers[1], url("quota_list", world)).content.decode()
    assert "12,5 % số đơn vị xếp hạng" in text
    assert page(world.head_leader, address).status_code == 403
    assert post(world.head_leader, address, quota).status_code == 403
    assert page(make_world(2).board_officer, address).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"max_count": "-1"},
        {"max_count": "7,5"},
        {"max_share": "101"},
        {"max_count": "1", "lowest_total": "<script>"},
        {"max_count": "1", "extra_condition": "x" * 10_000},
        {"max_count": "=1+1"},
    ],
)
def test_a_bad_quota_comes_back_with_what_was_typed(bad: dict[str, str]) -> None:
    world = tabled_world(TIED)
    award = Award.objects.get(code="GOV_FLAG")
    before = AwardQuota.objects.get(award=award).max_count
    answer = post(world.board_officer, url("quota_edit", world, award.pk), bad)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert AwardQuota.objects.get(award=award).max_count == before


def test_an_award_of_another_board_is_absent() -> None:
    world, other = tabled_world(TIED), tabled_world(TIED, quotas=False)
    award = Award.objects.get(code="GOV_FLAG")
    assert page(other.board_officer, url("quota_edit", other, award.pk)).status_code == 404
    assert world.board_officer


def test_the_board_sets_what_grounds_do() -> None:
    world = tabled_world(TIED)
    form = page(world.board_officer, url("ground_rules", world)).context["form"]
    sent = {name: field.initial for name, field in form.fields.items()} | {"other": "excluded"}
    assert post(world.board_officer, url("ground_rules", world), sent).status_code == 302
    assert GroundRule.objects.get().ground == "other"
    assert post(world.head_leader, url("ground_rules", world), sent).status_code == 403


def test_exclude_override_and_revoke_on_their_pages() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), Points("85.00")])
    make_pledge(world, signed=2)
    third = world.memberships[2]
    assert page(world.head_leader, url("override_ground", world, third.pk)).status_code == 200
    sent = {"ground": "pledge_not_signed", "reason": "Đã ký bản giấy"}
    assert post(world.head_leader, url("override_ground", world, third.pk), sent).status_code == 302
    assert page(world.head_leader, url("override_ground", world, third.pk)).status_code == 409
    second = world.memberships[1]
    exclude = url("exclude_member", world, second.pk)
    assert page(world.head_leader, exclude).status_code == 200
    empty = post(world.head_leader, exclude, {"ground": "other", "reason": ""})
    assert empty.status_code == 200
    assert "error-summary" in empty.content.decode()
    sent = {"ground": "under_inspection", "effect": "", "reason": "<script>alert(1)</script>"}
    assert post(world.head_leader, exclude, sent).status_code == 302
    assert post(world.head_leader, exclude, sent).status_code == 409
    decision = NotConsidered.objects.get(membership=second)
    assert decision.effect == "ranked_no_award"
    listed = page(world.officers[1], url("standing_decision_list", world)).content.decode()
    assert "<script>alert" not in listed
    assert world.head_leader.full_name in listed
    revoke = url("revoke_standing_decision", world, decision.pk)
    assert page(world.head_leader, revoke).status_code == 200
    assert post(world.leaders[1], revoke, {"reason": "x"}).status_code == 403
    assert post(world.head_leader, revoke, {"reason": "Đã có kết luận"}).status_code == 302


def test_own_unit_s_pages_are_refused_with_the_reason() -> None:
    world = tabled_world(TIED)
    refused = page(world.head_leader, url("exclude_member", world, world.memberships[0].pk))
    assert refused.status_code == 403
    assert page(world.head_leader, url("exclude_member", world, 999_999)).status_code == 404


def ballot_url(world: World, name: str, *places: int) -> str:
    asked = "&".join(f"don-vi={world.memberships[place].pk}" for place in places)
    return f"{url(name, world)}?{asked}"


def test_a_ballot_is_recorded_on_its_page() -> None:
    world = tabled_world(TIED, tie_breaks=["ballot", "share"])
    address = ballot_url(world, "ballot_new", 1, 2)
    assert page(world.secretary, address).status_code == 200
    second, third = world.memberships[1].pk, world.memberships[2].pk
    sent = {
        "meeting": world.bloc_year.meetings.get().pk,
        "method": "secret",
        "eligible": "6",
        "issued": "6",
        "returned": "6",
        "valid": "5",
        "invalid": "0",
        "counters": "Ông A",
        f"votes_{second}": "2",
        f"votes_{third}": "3",
    }
    wrong = post(world.secretary, address, sent)
    assert wrong.status_code == 200
    assert "phải bằng số phiếu thu về (6)" in wrong.content.decode()
    assert post(world.officers[2], address, sent).status_code == 403
    assert post(world.secretary, address, sent | {"invalid": "1"}).status_code == 302
    assert Ballot.objects.count() == 1
    again = post(world.secretary, address, sent | {"invalid": "1"})
    assert again.status_code == 409
    assert page(world.secretary, ballot_url(world, "ballot_new", 0, 1)).status_code == 409
    assert page(world.secretary, url("ballot_new", world)).status_code == 404


def test_the_head_orders_on_the_page() -> None:
    world = tabled_world(TIED, tie_breaks=["head"])
    address = ballot_url(world, "tie_decision", 1, 2)
    second, third = world.memberships[1].pk, world.memberships[2].pk
    same = {f"place_{second}": "1", f"place_{third}": "1", "reason": "Mô hình mới"}
    assert "thứ tự khác nhau" in post(world.head_leader, address, same).content.decode()
    sent = same | {f"place_{second}": "2"}
    assert post(world.secretary, address, sent).status_code == 403
    assert post(world.head_leader, address, sent).status_code == 302
    assert TieDecision.objects.get().order == [third, second]
    assert page(world.officers[2], url("ballot_list", world)).status_code == 200


def test_nominations_are_confirmed_and_decided_on_their_pages() -> None:
    world = thai_binh()
    adopt(world)
    assert post(world.secretary, url("nominations_confirm", world)).status_code == 403
    nomination = Nomination.objects.get(membership=world.memberships[2])
    address = url("nomination_decide", world, nomination.pk)
    assert page(world.head_leader, address).status_code == 200
    assert page(world.officers[2], address).status_code == 403
    missing = post(world.head_leader, address, {"award": "", "reason": ""})
    assert "Đề nghị ghi lý do" in missing.content.decode()
    assert post(world.head_leader, address, {"award": "", "reason": "Xin rút"}).status_code == 302
    assert post(world.head_leader, url("nominations_confirm", world)).status_code == 302
    assert post(world.head_leader, url("nominations_confirm", world)).status_code == 409
    assert page(make_world(2).head_leader, address).status_code == 404
    assert (
        reverse("take_step", args=[world.bloc_year.pk])
        in page(world.head_leader, url("nomination_list", world)).content.decode()
    )


def test_the_forecast_before_adoption_is_called_a_forecast() -> None:
    world = thai_binh()
    text = page(world.officers[2], url("nomination_list", world)).content.decode()
    assert "chưa phải đề nghị của Khối" in text
    assert "Cờ thi đua của Chính phủ" in text


def test_the_board_records_decides_publishes() -> None:
    world = submitted()
    nomination = Nomination.objects.get(membership=world.memberships[0])
    address = url("decision_record", world, nomination.pk)
    assert page(world.board_officer, address).status_code == 200
    assert page(world.head_leader, address).status_code == 403
    bad = post(world.board_officer, address, {"outcome": "rejected", "decided_on": "31/02/2026"})
    assert bad.status_code == 200
    assert 'value="31/02/2026"' in bad.content.decode()
    sent = {"outcome": "approved", "document_number": "12/QĐ", "decided_on": "05/01/2026"}
    assert post(world.board_officer, address, sent).status_code == 302
    assert post(world.board_officer, address, sent).status_code == 302, "corrected, not doubled"
    assert CouncilDecision.objects.count() == 1
    assert page(world.board_officer, url("publish", world)).status_code == 403


def test_publishing_says_first_what_it_does() -> None:
    world = decided(thai_binh())
    assert page(world.head_leader, url("publish", world)).status_code == 403
    text = page(world.board_officer, url("publish", world)).content.decode()
    assert "Ai xem được sau khi công bố" in text
    assert world.units[1].name in text
    assert post(world.board_officer, url("publish", world)).status_code == 302
    assert post(world.board_officer, url("publish", world)).status_code == 403


def test_appeals_on_their_pages() -> None:
    world = decided(thai_binh(), publish=True)
    sent = {"membership": world.memberships[3].pk, "text": "Tính sai điểm SENTINEL"}
    assert page(world.officers[3], url("appeal_new", world)).status_code == 200
    foreign = post(world.officers[2], url("appeal_new", world), sent)
    assert foreign.status_code == 200, "another unit is no choice of the form"
    assert post(world.officers[3], url("appeal_new", world), sent).status_code == 302
    assert post(world.officers[3], url("appeal_new", world), sent).status_code == 409
    for name in ("appeal_list",):
        assert "SENTINEL" not in page(world.officers[2], url(name, world)).content.decode()
        assert "SENTINEL" in page(world.board_officer, url(name, world)).content.decode()
    address = url("appeal_decide", world, Appeal.objects.get().pk)
    assert page(world.officers[2], address).status_code == 404
    assert page(world.officers[3], address).status_code == 403
    assert page(world.board_officer, address).status_code == 200
    assert post(world.board_officer, address, {"decision": "Giữ nguyên"}).status_code == 302
    assert post(world.board_officer, address, {"decision": "Giữ nguyên"}).status_code == 409


def test_appeals_are_closed_before_publication() -> None:
    world = decided(thai_binh())
    assert page(world.officers[3], url("appeal_list", world)).status_code == 403
    assert page(world.officers[3], url("appeal_new", world)).status_code == 403


def test_a_decision_shows_on_the_ranking_with_author_and_date() -> None:
    world = tabled_world(TIED)
    exclude_member(
        actor=world.head_leader,
        membership=world.memberships[2],
        ground="leader_disciplined",
        reason="Quyết định số 12",
    )
    text = page(world.officers[1], url("ranking", world)).content.decode()
    assert "Không xét thi đua" in text
    assert "Quyết định số 12" in text
    assert world.head_leader.full_name in text


def test_the_only_get_pages_refuse_post_and_the_other_way_round() -> None:
    world = tabled_world(TIED)
    assert post(world.head_leader, url("ranking", world)).status_code == 405
    assert page(world.head_leader, url("nominations_confirm", world)).status_code == 405
    assert file_appeal
