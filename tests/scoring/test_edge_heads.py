"""Edge cases 41 and 42: several deputies or none; a head who also sits on the Council's board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from blocs.enums import PostRole, TermKind, TermSource
from blocs.models import HeadTerm
from blocs.services.people import appoint
from blocs.services.terms import end_term, name_stand_in, set_term
from emulation.access import Refused
from emulation.models import User
from scoring.models import Appeal
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.appraisal import accept_rest, finish_appraisal
from scoring.services.approval import approve_sheet
from scoring.services.decisions import record_council_decision
from tests.story import YEAR, Story

pytestmark = pytest.mark.django_db

OWN = "chính đơn vị mình"


def deputy_of(story: Story, unit: str, position: int) -> HeadTerm:
    return set_term(
        actor=story.people["board"],
        bloc=story.bloc,
        year=YEAR,
        unit=story.unit(unit),
        kind=TermKind.DEPUTY,
        source=TermSource.ANNOUNCED,
        position=position,
    )


def first_deputy(story: Story) -> HeadTerm:
    return HeadTerm.objects.get(
        bloc=story.bloc, year=YEAR, kind=TermKind.DEPUTY, position=1, ended_on=None
    )


def appraise_head(story: Story, unit: str) -> None:
    """People of a unit take the head's own sheet from start to approval."""
    officer, sheet = story.officer_of(unit), story.sheet("head")
    accept_rest(actor=officer, sheet=sheet)
    finish_appraisal(actor=officer, sheet=sheet)
    approve_sheet(actor=story.leader_of(unit), sheet=story.sheet("head"))


# ---------------------------------------------------------------- 41


def test_edge_41_of_several_deputies_the_first_stands_in_and_the_next_after_it() -> None:
    story = Story("appraising")
    with story.clock():
        deputy_of(story, "checker", 2)
        with pytest.raises(Refused):
            appraise_head(story, "checker")
        end_term(actor=story.people["board"], term=first_deputy(story), ended_on=story.day())
        with pytest.raises(Refused):
            appraise_head(story, "deputy")
        appraise_head(story, "checker")
    row = story.sheet("head").transitions.get(transition="approve")
    assert row.acting_for == story.unit("checker")
    assert row.acting_as.startswith("Phó Trưởng khối")


def test_edge_41_without_a_deputy_the_page_says_whom_to_ask_and_a_named_unit_acts(
    as_user: Callable[[User], Client],
) -> None:
    story = Story("appraising")
    with story.clock():
        end_term(actor=story.people["board"], term=first_deputy(story), ended_on=story.day())
        with pytest.raises(Refused, match="Khối chưa có Phó Trưởng khối"):
            appraise_head(story, "deputy")
        page = as_user(story.officer_of("head")).get(f"/nam/{story.keys['year']}/tham-dinh/")
        assert (
            "Đề nghị Thường trực Hội đồng phân công đơn vị thẩm định bảng chấm điểm của Trưởng "
            "khối." in page.content.decode()
        )
        with pytest.raises(Refused):
            name_stand_in(
                actor=story.leader_of("head"), bloc_year=story.year, unit=story.unit("next")
            )
        name_stand_in(actor=story.people["board"], bloc_year=story.year, unit=story.unit("next"))
        appraise_head(story, "next")
    row = story.sheet("head").transitions.get(transition="approve")
    assert row.acting_for == story.unit("next")


# ---------------------------------------------------------------- 42


def head_on_the_council(story: Story) -> User:
    """The head unit's leader, who is also an officer of the board."""
    person = story.leader_of("head")
    appoint(
        actor=story.people["board"],
        user=person,
        board=story.board,
        role=PostRole.BOARD_OFFICER,
        title="Ủy viên Hội đồng",
        starts_on=dt.date(2020, 1, 1),
    )
    return person


def decide(story: Story, actor: User, unit: str) -> None:
    nomination = story.nomination(unit)
    nomination.award = nomination.award or story.award("PROV_MERIT")
    nomination.save(update_fields=["award"])
    record_council_decision(
        actor=actor,
        nomination=nomination,
        outcome="approved",
        document_number="12/QĐ-UBND",
        decided_on=story.day(),
    )


def test_edge_42_a_head_on_the_council_is_kept_out_of_the_decision_on_the_own_unit() -> None:
    story = Story("sent")
    with story.clock():
        person = head_on_the_council(story)
        with pytest.raises(Refused, match=OWN):
            decide(story, person, "head")
        decide(story, person, "own")


def test_edge_42_and_out_of_the_appeal_of_the_own_unit() -> None:
    story = Story("published")
    with story.clock():
        person = head_on_the_council(story)
        appeal = file_appeal(
            actor=story.officer_of("head"), membership=story.membership("head"), text="Xem lại"
        )
        with pytest.raises(Refused, match=OWN):
            decide_appeal(actor=person, appeal=appeal, decision="Chấp nhận")
        other = Appeal.objects.get(pk=story.keys["appeal"])
        decide_appeal(actor=person, appeal=other, decision="Giữ nguyên kết quả.")


def test_edge_42_and_reads_no_other_sheet_before_the_own_one_is_in(
    as_user: Callable[[User], Client],
) -> None:
    story = Story("drafting")
    with story.clock():
        story._submit("own")
        client = as_user(head_on_the_council(story))
        assert client.get(f"/phieu/{story.sheet().pk}/").status_code == 403
        story._fill("head")
        story._submit("head")
        assert client.get(f"/phieu/{story.sheet().pk}/").status_code == 200
