"""What breaks each invariant of ``pledges``."""

from __future__ import annotations

import datetime as dt

from blocs.models import Membership
from pledges.models import (
    Pledge,
    PledgeComment,
    PledgeItem,
    PledgeSignature,
    PledgeTransition,
    RegistrationTransition,
    Report,
    ReportTransition,
    Target,
)
from tests.invariants.breaks import Break, Breaks, broken_logs, first, rows, twin
from tests.story import Story

LATER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def _other_member(story: Story) -> int:
    return rows(Membership, bloc_year=story.keys["other_year"]).get().pk


def _without_pledge(story: Story) -> None:
    rows(Pledge).update(bloc_year=story.keys["other_year"])


def _foreign_item(story: Story) -> int:
    """An item of a pledge of another bloc-year."""
    pledge = rows(Pledge).get()
    twin(pledge, bloc_year_id=story.keys["other_year"])
    twin(first(PledgeItem).get(), pledge_id=rows(Pledge).last().pk)
    return rows(PledgeItem).last().pk


BROWSER = {"method": "browser", "revoked_at": None}

PLEDGES: Breaks = {
    "pledge_logs": (
        *broken_logs(PledgeTransition, "pledge"),
        Break(
            "the log starts at agreed",
            lambda _story: first(PledgeTransition).update(to_status="agreed"),
        ),
    ),
    "registration_logs": broken_logs(RegistrationTransition, "registration"),
    "report_logs": broken_logs(ReportTransition, "report"),
    "agreement_is_logged": (
        Break(
            "does not say by this person",
            lambda story: rows(Pledge).update(agreed_by=story.people["board"]),
        ),
    ),
    "years_have_the_pledge_they_need": (
        Break("without a pledge", _without_pledge),
        Break("while its year is", lambda _story: rows(Pledge).update(status="closed")),
    ),
    "signatures_stand_on_agreed_text": (
        Break(
            "a text that is not agreed",
            lambda _story: rows(Pledge).update(status="consulting", agreed_at=None, agreed_by=None),
        ),
        Break(
            "signed before the text was agreed",
            lambda _story: rows(Pledge).update(agreed_at=LATER),
        ),
        Break(
            "signed in the browser by nobody",
            lambda _story: first(PledgeSignature, **BROWSER).update(signatory=""),
        ),
    ),
    "rows_stay_in_their_year": (
        Break(
            "PledgeSignature",
            lambda story: first(PledgeSignature).update(membership=_other_member(story)),
        ),
        Break(
            "PledgeComment",
            lambda story: first(PledgeComment).update(membership=_other_member(story)),
        ),
        Break(
            "Comment on item",
            lambda story: first(PledgeComment).update(item=_foreign_item(story)),
        ),
        Break(
            "Report",
            lambda story: first(Report, membership__isnull=False).update(
                membership=_other_member(story)
            ),
        ),
        Break("Target", lambda story: first(Target).update(item=_foreign_item(story))),
    ),
    "items_are_numbered": (
        Break("its items are numbered", lambda _story: first(PledgeItem).update(position=9)),
    ),
}
