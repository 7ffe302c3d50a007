"""A draft against past years: for the board, and for all members once it is open."""

from __future__ import annotations

from typing import Any

from blocs.enums import YearStatus
from blocs.models import BlocYear
from emulation import clock
from scoring.enums import SheetStatus, WhatIfDeed
from scoring.models import (
    RankingRow,
    RankingSnapshot,
    Rubric,
    ScoreLine,
    ScoreSheet,
    WhatIfUse,
)
from scoring.rules.inputs import parse_input, to_json
from scoring.rules.ranking import RankingInputs, RankingSettings
from scoring.selectors.rubrics import criteria_of, rules_of
from tests.matrix.cases.frame import Case, body
from tests.story import YEAR, Story
from tests.story_rubric import answers


def rubric(story: Story) -> dict[str, Any]:
    return {"rubric_id": story.keys["rubric"]}


def past(story: Story) -> None:
    """Last year is over: its two members ranked, on a table with the same criteria."""
    year = BlocYear.objects.get(pk=story.keys["last_year"])
    year.status = YearStatus.CLOSED
    year.save(update_fields=["status"])
    rules = rules_of(story.rubric)
    inputs = RankingInputs(settings=RankingSettings.from_rubric(rules), units=())
    snapshot = RankingSnapshot.objects.create(
        bloc_year=year,
        number=1,
        rubric=story.rubric,
        inputs={"ranking": inputs.to_json()},
        adopted_by=story.leader_of("head"),
    )
    criteria = {each.code: each.pk for each in criteria_of(story.rubric)}
    raw = answers("own", story.lines)
    for place, membership in enumerate(year.memberships.order_by("pk"), 1):
        sheet = ScoreSheet.objects.create(
            board_id=year.board_id,
            bloc_year=year,
            membership=membership,
            rubric=story.rubric,
            status=SheetStatus.APPROVED,
            blanks_confirmed=True,
            approved_at=clock.now(),
            approved_by=story.leader_of("head"),
        )
        RankingRow.objects.create(snapshot=snapshot, membership=membership, rank=place)
        for code, criterion in criteria.items():
            entered = parse_input(rules.places[code].leaf, raw[code]) if code in raw else None
            final = to_json(entered) if entered else None
            ScoreLine.objects.create(sheet=sheet, criterion_id=criterion, final_input=final)


def opened(story: Story) -> None:
    """The board has opened the comparison to all members."""
    past(story)
    row = Rubric.objects.get(pk=story.keys["rubric"])
    row.what_if_open = True
    row.save(update_fields=["what_if_open"])


def looked(story: Story) -> None:
    """The board has run it once."""
    opened(story)
    use = WhatIfUse.objects.create(
        rubric=story.rubric,
        deed=WhatIfDeed.RUN,
        edit_version=story.rubric.edit_version,
        years=[YEAR - 1],
        actor=story.people["board"],
        acting_as="Ban Thi đua - Khen thưởng",
    )
    story.keys["what_if_use"] = use.pk


def run(story: Story) -> dict[str, Any]:
    return rubric(story) | {"use_id": story.keys["what_if_use"]}


YEARS = body(years=[YEAR - 1])

WHAT_IF = {
    "what_if": Case("consulting", rubric, YEARS, prepare=past),
    "what_if@open": Case("consulting", rubric, YEARS, prepare=opened),
    "what_if_access": Case("consulting", rubric, body(deed="open")),
    "what_if_result": Case("consulting", run, prepare=looked),
}
