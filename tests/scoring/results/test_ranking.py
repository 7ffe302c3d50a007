"""The live ranking, its adoption, and what the snapshot keeps."""

from __future__ import annotations

import pytest

from scoring.models import Nomination, RankingSnapshot
from scoring.rules.ranking import RankingInputs, rank_bloc
from scoring.selectors.ranking import live_ranking
from scoring.services.ranking import adopt_ranking
from tests.scoring.results.builders import Points, tabled_world, thai_binh

pytestmark = pytest.mark.django_db


def test_thai_binh_stands_1_2_3_3_with_three_kinds_of_award() -> None:
    world = thai_binh()
    snapshot = adopt_ranking(actor=world.head_leader, bloc_year=world.bloc_year)
    ranks = {row.membership.unit_name: row.rank for row in snapshot.rows.all()}
    names = [unit.name for unit in world.units]
    assert [ranks[name] for name in names] == [1, 2, 3, 3, None]
    awards = {
        each.membership.unit_name: each.award.code if each.award else ""
        for each in Nomination.objects.select_related("membership", "award")
    }
    assert awards == dict(
        zip(names[:4], ["GOV_FLAG", "PROV_FLAG", "PROV_MERIT", "PROV_MERIT"], strict=True)
    )


def test_a_snapshot_recomputes_to_its_own_rows() -> None:
    world = thai_binh()
    snapshot = adopt_ranking(actor=world.head_leader, bloc_year=world.bloc_year)
    again = rank_bloc(RankingInputs.from_json(snapshot.inputs["ranking"]))
    stored = {row.membership_id: row.rank for row in snapshot.rows.all() if row.rank}
    assert {int(row.key): row.rank for row in again.ranked} == stored


def test_every_place_is_explained_with_names_and_compared_values() -> None:
    world = thai_binh()
    snapshot = adopt_ranking(actor=world.head_leader, bloc_year=world.bloc_year)
    third = snapshot.rows.get(membership=world.memberships[2]).explanation
    text = " ".join(third["placed"])
    assert f"Xếp sau {world.units[1].name}" in text
    assert "97,50 so với 99,25" in text
    assert f"Cùng hạng 3 với {world.units[3].name}" in text
    assert "điểm phần A bằng nhau (46,00)" in text
    assert third["graded"] == ["Xếp loại Xuất sắc: từ 90 điểm."]


def test_a_later_adoption_takes_the_next_number() -> None:
    world = thai_binh()
    for _ in range(2):
        adopt_ranking(actor=world.head_leader, bloc_year=world.bloc_year)
    numbers = RankingSnapshot.objects.values_list("number", flat=True)
    assert list(numbers) == [2, 1]


def test_drafts_never_rank() -> None:
    world = tabled_world([Points("95.00"), Points("90.00"), None])
    live = live_ranking(world.bloc_year)
    assert [row.rank for row in live.ranking.rows] == [1, 2, None]
    assert [each.pk for each in live.without_place] == [world.memberships[2].pk]
