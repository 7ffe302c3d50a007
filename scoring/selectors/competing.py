"""Whose sheet still matters: members that compete in their bloc, and why others do not.

A unit is ranked where it is a member on the day self-scores are due. A sheet of a unit that left
before, or was dissolved, is kept and holds nobody up: neither a step of the year nor a list of
those awaited.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from blocs.enums import DeadlineKind
from blocs.models import BlocYear, Deadline, Membership
from blocs.selectors.deadlines import due_on
from emulation import clock
from emulation.vietnamese import format_date
from scoring.models import GroundRule, NotConsidered, ScoreSheet
from scoring.rules.enums import GroundEffect
from scoring.rules.grounds import Ground


def competing(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """Return those of the sheets whose units compete: still there on the day that counts.

    A dissolved unit competes only where somebody decided so, with a reason, or where the board
    gave the ground another effect in that year.
    """
    today = clock.today()
    due = Deadline.objects.filter(
        bloc_year=OuterRef("bloc_year_id"), kind=DeadlineKind.SELF_SCORE
    ).values("due_on")[:1]
    ranked_on = Coalesce(Subquery(due), Value(today), output_field=DateField())
    dissolved = Ground.UNIT_DISSOLVED.value
    overrides = NotConsidered.objects.filter(
        membership=OuterRef("membership_id"),
        ground=dissolved,
        is_override=True,
        revoked_at__isnull=True,
    )
    milder = GroundRule.objects.filter(
        bloc_year=OuterRef("bloc_year_id"), ground=dissolved
    ).exclude(effect=GroundEffect.EXCLUDED)
    stands = Q(membership__unit__ended_on__isnull=True) | Q(membership__unit__ended_on__gt=today)
    return sheets.filter(
        Q(membership__ends_on__isnull=True) | Q(membership__ends_on__gte=ranked_on),
        stands | Exists(overrides) | Exists(milder),
        membership__is_ranking=True,
    )


def competing_ids(bloc_year: BlocYear) -> frozenset[int]:
    """Return the year's sheets whose units compete, by key: one query."""
    sheets = competing(ScoreSheet.objects.filter(bloc_year=bloc_year))
    return frozenset(sheets.order_by().values_list("pk", flat=True))


def ranked_on(bloc_year: BlocYear) -> dt.date:
    """Return the day on which a member of this year is ranked: of the self-score, else the last."""
    return due_on(bloc_year, DeadlineKind.SELF_SCORE) or last_day_of(bloc_year.year)


def last_day_of(year: int) -> dt.date:
    """Return 31 December."""
    return dt.date(year, 12, 31)


def why_out(membership: Membership) -> str:
    """Return why a member that does not compete does not, in a few words with the day."""
    gone = membership.unit.ended_on
    if gone is not None and gone <= clock.today():
        return f"đã giải thể ngày {format_date(gone)}"
    if membership.ends_on is not None:
        return f"thuộc Khối đến hết ngày {format_date(membership.ends_on)}"
    return "không xếp hạng tại Khối này"


def still_in(sheet: ScoreSheet) -> bool:
    """Return whether a sheet is among :func:`competing`; a page that asks often asks once."""
    known = vars(sheet)
    if "still_in" not in known:
        known["still_in"] = competing(ScoreSheet.objects.filter(pk=sheet.pk)).exists()
    return bool(known["still_in"])
