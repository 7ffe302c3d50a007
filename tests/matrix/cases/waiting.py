"""Whoever owes a sheet of his or her own waits: deputies, cross-checkers, at their own pages."""

from __future__ import annotations

from scoring.services.cross_checks import assign_cross_check
from tests.matrix.cases.frame import Case, body
from tests.matrix.cases.sheets import check, evidence, head_sheet, sheet
from tests.story import Story


def only_the_head_is_in(story: Story) -> None:
    """The head unit has handed in, and no deputy has."""
    story._fill("head")
    story._submit("head")


def checker_owes(story: Story) -> None:
    """Own and head have handed in; the unit of own's cross-checker has not."""
    story._submit("own")
    only_the_head_is_in(story)
    assigned = assign_cross_check(
        actor=story.officer_of("head"), sheet=story.sheet(), checker=story.officer_of("checker")
    )
    story.keys["check"] = assigned.pk


WAITING = {
    "sheet@deputy_waits": Case("drafting", head_sheet, prepare=only_the_head_is_in),
    "appraise@deputy_waits": Case("drafting", head_sheet, prepare=only_the_head_is_in),
    "sheet@checker_waits": Case("drafting", sheet, prepare=checker_owes),
    "evidence@checker_waits": Case("drafting", evidence, prepare=checker_owes),
    "cross_checks@checker_waits": Case("drafting", sheet, prepare=checker_owes),
    "cross_check_opinion@checker_waits": Case(
        "drafting", check, body(opinion="Đủ minh chứng"), prepare=checker_owes
    ),
}
