"""The example bloc's table of this year: commented on, issued, and revised once before scoring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from emulation import clock
from emulation.management.demo.stories import load, moment
from emulation.management.demo.year import Year
from scoring.models import Criterion, Rubric
from scoring.services.rubric_edit import CriterionFields, edit_criterion
from scoring.services.rubrics import (
    comment_on_rubric,
    copy_rubric,
    create_rubric,
    issue_rubric,
    open_rubric_consultation,
    reply_to_rubric_comment,
)

Story = dict[str, Any]
DAY = dt.timedelta(days=1)


def consult_and_issue(year: Year, story: Story, names: Mapping[str, str], day: dt.date) -> None:
    """Let members comment on the draft, answer each, and issue the year's first table."""
    with clock.at(moment(day)):
        rubric = create_rubric(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            document=load("party_agencies"),
            is_example=True,
        )
        open_rubric_consultation(actor=year.secretary, rubric=rubric)
    for key, code, proposal, text, reply in story["rubric_comments"]:
        with clock.at(moment(day + 3 * DAY)):
            comment = comment_on_rubric(
                actor=year.cast.officers[names[key]],
                rubric=rubric,
                membership=year.members[names[key]],
                criterion=Criterion.objects.get(rubric=rubric, code=code),
                text=text,
                proposal=proposal,
            )
            reply_to_rubric_comment(
                actor=year.secretary, comment=comment, reply=reply or "Tiếp thu."
            )
    with clock.at(moment(day + 10 * DAY)):
        rubric.refresh_from_db()
        issue_rubric(actor=year.chair, rubric=rubric, issued_on=day + 10 * DAY)


def revise_rubric(year: Year, story: Story, day: dt.date) -> None:
    """Issue a second table of the same year, by which a few criteria say more than before."""
    bloc_year = year.bloc_year
    with clock.at(moment(day - 5 * DAY)):
        source = Rubric.objects.get(bloc_year=bloc_year)
        draft = copy_rubric(actor=year.secretary, bloc_year=bloc_year, source=source)
        for code, said in story["criteria"].items():
            _say(year, Criterion.objects.get(rubric=draft, code=code), said)
    with clock.at(moment(day)):
        draft.refresh_from_db()
        number = story["document_number"]
        issue_rubric(actor=year.chair, rubric=draft, issued_on=day, document_number=number)


def _say(year: Year, criterion: Criterion, said: Story) -> None:
    kept = {name: getattr(criterion, name) for name in CriterionFields.__slots__}
    edit_criterion(
        actor=year.secretary, criterion=criterion, fields=CriterionFields(**(kept | said))
    )
