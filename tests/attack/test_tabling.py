"""A dispute that was settled once is no ticket to the meeting for a sheet opened again."""

from __future__ import annotations

import pytest

from emulation.access import Conflict
from scoring.services.appraisal import reopen_appraisal
from tests.story import NAMES, Story

pytestmark = pytest.mark.django_db


def test_a_sheet_reopened_after_its_dispute_was_settled_is_approved_before_tabling() -> None:
    story = Story("resolved")
    with story.clock():
        story.step("back_to_appraising", reason="Xem lại điểm B1")
        reopen_appraisal(actor=story.leader_of("head"), sheet=story.sheet(), reason="Sai sót")
        with pytest.raises(Conflict) as refusal:
            story.step("table")
    assert NAMES["own"] in " ".join(refusal.value.details)
    assert story.year.status == "appraising"
