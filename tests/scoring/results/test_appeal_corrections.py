"""An upheld appeal: the board corrects a line's input; points, ranking and history follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from blocs.enums import YearStatus
from blocs.models import BlocYear
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.plans import PlanMoved
from scoring.models import Appeal, PointChange, RankingRow, RankingSnapshot
from scoring.services.appeal_corrections import (
    Correction,
    Upheld,
    preview_upholding,
    uphold_appeal,
)
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.ranking import adopt_ranking
from tests.factories import make_post
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    cut,
    submitted_scene,
)

pytestmark = pytest.mark.django_db
DECISION = "Đơn vị có 3 văn bản chậm như đã khai; Khối ghi nhầm của đơn vị khác."
As = Callable[..., Client]


@pytest.fixture
def scene() -> Scene:
    """Four units alike; unit 2 was cut by one and a half points, published, and appeals."""
    scene = submitted_scene()
    cut(scene, "A2", unit=2, n="6")
    appraise_all(scene, range(4))
    approve_all(scene, range(4))
    year = scene.world.bloc_year
    adopt_ranking(actor=scene.head, bloc_year=BlocYear.objects.get(pk=year.pk))
    scene.world.set_status(YearStatus.DECIDED)
    BlocYear.objects.filter(pk=year.pk).update(
        published_at=clock.now(), published_by=scene.world.board_officer
    )
    return scene


@pytest.fixture
def appeal(scene: Scene) -> Appeal:
    actor, membership = scene.world.officers[2], scene.world.memberships[2]
    return file_appeal(actor=actor, membership=membership, text="Xem lại A2")


def corrected(
    scene: Scene, n: str = "3", reason: str = "Đối chiếu sổ công văn", **more: Any
) -> Any:
    line = scene.line("A2")
    version = more.get("version", line.version)
    return {line.criterion_id: Correction(version, {"n": n}, reason)}


def uphold(scene: Scene, appeal: Appeal, **more: Any) -> Upheld:
    given = {
        "actor": scene.world.board_officer,
        "appeal": appeal,
        "lines": corrected(scene),
        "decision": DECISION,
        **more,
    }
    seen = preview_upholding(**given).fingerprint
    return uphold_appeal(**given, seen=seen)


def places(scene: Scene, number: int) -> dict[str, tuple[int | None, Decimal | None]]:
    rows = RankingRow.objects.filter(snapshot__number=number)
    return {row.membership.unit_name: (row.rank, row.total) for row in rows}


def test_the_input_is_corrected_and_points_total_and_ranking_follow(
    scene: Scene, appeal: Appeal
) -> None:
    name = scene.world.memberships[2].unit_name
    assert places(scene, 1)[name] == (4, Decimal("95.00"))
    upheld = uphold(scene, appeal)
    line = scene.line("A2")
    assert (line.final_input, line.final_points) == ({"kind": "count", "n": 3}, Decimal("8.50"))
    assert line.appraised_points == Decimal("7.00"), "what was appraised stays as it was"
    assert scene.total("final") == Decimal("96.50")
    assert places(scene, 2)[name] == (1, Decimal("96.50"))
    assert places(scene, 1)[name] == (4, Decimal("95.00")), "the old table stays readable"
    assert DECISION in RankingSnapshot.objects.get(number=2).reason
    change = PointChange.objects.filter(line=line, stage="final").latest("pk")
    assert (change.old_points, change.new_points) == (Decimal("7.00"), Decimal("8.50"))
    assert change.reason == "Đối chiếu sổ công văn"
    assert change.actor == scene.world.board_officer
    appeal.refresh_from_db()
    assert (appeal.status, appeal.decision) == ("decided", DECISION)
    assert [str(each.code) for each in upheld.lines] == ["A2"]
    assert name in {each.unit for each in upheld.places}


def test_a_preview_writes_nothing(scene: Scene, appeal: Appeal) -> None:
    preview_upholding(
        actor=scene.world.board_officer, appeal=appeal, lines=corrected(scene), decision=DECISION
    )
    appeal.refresh_from_db()
    assert (appeal.status, RankingSnapshot.objects.count()) == ("open", 1)
    assert scene.line("A2").final_points == Decimal("7.00")


def test_only_the_board_and_never_for_ones_own_unit(scene: Scene, appeal: Appeal) -> None:
    for actor in (scene.head, scene.secretary, scene.world.officers[2]):
        with pytest.raises(Refused):
            uphold(scene, appeal, actor=actor)
    make_post(scene.world.board_officer, unit=scene.world.units[2])
    with pytest.raises(Refused):
        uphold(scene, appeal)


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"n": "hai"}, "n"),
        ({"n": ""}, "reason"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_fault_is_named_at_its_field(
    scene: Scene, appeal: Appeal, wrong: dict[str, str], key: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        uphold(scene, appeal, lines=corrected(scene, **wrong))
    assert f"{scene.line('A2').criterion_id}-{key}" in caught.value.message_dict


def test_nothing_corrected_no_decision_or_another_hand_meanwhile(
    scene: Scene, appeal: Appeal
) -> None:
    for more in ({"lines": {}}, {"lines": corrected(scene, n="6")}, {"decision": " "}):
        with pytest.raises(ValidationError) as caught:
            uphold(scene, appeal, **more)
        assert "decision" in caught.value.message_dict
    with pytest.raises(Conflict, match="người khác sửa"):
        uphold(scene, appeal, lines=corrected(scene, version=0))
    with pytest.raises(PlanMoved):
        uphold_appeal(
            actor=scene.world.board_officer,
            appeal=appeal,
            lines=corrected(scene),
            decision=DECISION,
            seen="khác",
        )
    assert scene.line("A2").final_points == Decimal("7.00")
    decide_appeal(actor=scene.world.board_officer, appeal=appeal, decision="Giữ nguyên")
    with pytest.raises(Conflict, match="đã được giải quyết"):
        uphold(scene, appeal)


def test_the_page_shows_what_follows_before_it_is_done(
    as_user: As, scene: Scene, appeal: Appeal
) -> None:
    client, year = as_user(scene.world.board_officer), scene.world.bloc_year.pk
    decide = client.get(reverse("appeal_decide", args=[year, appeal.pk])).content.decode()
    url = reverse("appeal_correct", args=[year, appeal.pk])
    assert url in decide
    line = scene.line("A2")
    page = client.get(url).content.decode()
    assert f'name="c{line.criterion_id}-n"' in page
    typed = form_of(page) | {f"c{line.criterion_id}-n": "3", "decision": DECISION}
    refused = client.post(url, typed).content.decode()
    assert "đề nghị ghi lý do sửa" in refused
    typed[f"c{line.criterion_id}-reason"] = "Đối chiếu sổ công văn"
    shown = client.post(url, typed).content.decode()
    assert "95,00 → 96,50" in shown
    assert "thứ 4 → thứ 1 (đồng hạng)" in shown
    assert scene.line("A2").final_points == Decimal("7.00")
    seen = shown.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert client.post(url, typed | {"seen": "cũ"}).status_code == 409
    done = client.post(url, typed | {"seen": seen}, follow=True).content.decode()
    assert "Bảng xếp hạng có bản mới" in done
    assert scene.line("A2").final_points == Decimal("8.50")
    assert client.get(url).status_code == 409
    assert as_user(scene.head).get(url).status_code == 404


def form_of(page: str) -> dict[str, str]:
    """The versions and texts of the page's lines, as a browser posts them untouched."""
    inputs = re.findall(r"<input[^>]*>", page)
    fields = {}
    for each in inputs:
        name, value = re.search(r'name="(c\d+-\w+)"', each), re.search(r'value="([^"]*)"', each)
        if name and value and 'type="checkbox"' not in each:
            fields[name[1]] = value[1]
    for name, options in re.findall(
        r'<select[^>]*name="(c\d+-\w+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)"\s+selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields
