"""Disputes that go to the meeting: of one year, and the door to one of them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet
from django.http import Http404

from blocs.models import BlocYear, Meeting
from blocs.standing import Standing
from emulation.models import User
from scoring.models import Dispute, ScoreSheet
from scoring.selectors.sheets import get_sheet_for_user


def disputes_of_year(bloc_year: BlocYear, sheet_ids: Collection[int]) -> QuerySet[Dispute]:
    """Return what units put before the meeting, of those sheets whose lines the reader sees."""
    return (
        Dispute.objects.filter(sheet__bloc_year=bloc_year, sheet__in=sheet_ids)
        .select_related("sheet__membership", "line__criterion", "meeting")
        .order_by("resolved_at", "sheet__membership__sorting", "pk")
    )


def get_dispute_for_user(
    user: User, sheet_id: int, dispute_id: int
) -> tuple[Dispute, ScoreSheet, Standing]:
    """Return a dispute of a sheet that concerns the person; Http404 otherwise."""
    sheet, standing = get_sheet_for_user(user, sheet_id)
    found = (
        Dispute.objects.filter(sheet=sheet, pk=dispute_id)
        .select_related("line__criterion", "raised_by", "resolved_by", "meeting")
        .first()
    )
    if found is None:
        raise Http404
    found.sheet = sheet
    return found, sheet, standing


def meetings_of(bloc_year: BlocYear) -> QuerySet[Meeting]:
    """Return the year's meetings, the latest first."""
    return Meeting.objects.filter(bloc_year=bloc_year).order_by("-held_on", "-pk")
