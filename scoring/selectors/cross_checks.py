"""Cross-checks: the door for whoever assigns them, and who can be assigned."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from blocs.enums import PostRole, YearStatus
from blocs.models import Post
from blocs.selectors.members import members_not_ended
from blocs.selectors.standing import held_on, standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.models import User
from scoring.models import CrossCheck, ScoreSheet
from scoring.selectors.sheets import concerns


def get_sheet_to_check(user: User, sheet_id: int) -> tuple[ScoreSheet, Standing]:
    """Return a sheet for its cross-check page; Http404 unless it concerns the person.

    Besides those of ``get_sheet_for_user`` it concerns deputies, who lead the cross-check.
    """
    sheet = (
        ScoreSheet.objects.select_related(
            "bloc_year__bloc", "bloc_year__board", "membership__unit", "rubric"
        )
        .filter(pk=sheet_id)
        .first()
    )
    if sheet is None:
        raise Http404
    standing = standing_in(user, sheet.bloc_year)
    if not (standing.is_of_deputy or standing.is_secretary or concerns(standing, sheet)):
        raise Http404
    return sheet, standing


def possible_checkers(sheet: ScoreSheet) -> QuerySet[User]:
    """Return the officers of the year's other members today, nobody of the sheet's own unit."""
    today = clock.today()
    members = members_not_ended(sheet.bloc_year).order_by()
    posts = Post.objects.filter(held_on(today), user=OuterRef("pk")).order_by()
    officers = posts.filter(role=PostRole.OFFICER, unit_id__in=members.values("unit_id"))
    own = posts.filter(unit_id=sheet.membership.unit_id)
    return (
        User.objects.filter(Exists(officers), ~Exists(own), is_active=True)
        .prefetch_related("posts__unit")
        .order_by("sorting", "pk")
    )


def checkers_among(people: Collection[int]) -> frozenset[int]:
    """Return which of these people check a sheet of a year not closed: one query."""
    rows = CrossCheck.objects.filter(checker__in=people, ended_at__isnull=True)
    running = rows.exclude(sheet__bloc_year__status=YearStatus.CLOSED).order_by("pk")
    return frozenset(running.values_list("checker_id", flat=True))
