"""Who still owes a sheet of his or her own, and so sees nothing of the others'.

Whoever has a post in a member that competes and has never handed in reads no other unit's inputs,
points, notes or evidence: not as head, deputy, secretary or cross-checker, and not for the board.
From tabling on it matters no more. A unit that left, was dissolved, does not rank here, has no
sheet or is not considered holds nobody back.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from blocs.enums import YearStatus
from blocs.models import BlocYear, Post
from blocs.selectors.standing import held_on
from blocs.standing import Standing
from emulation import clock
from emulation.access import ALLOWED, Verdict, refuse
from scoring.models import NotConsidered, ScoreSheet
from scoring.rules.enums import GroundEffect


def owed_sheets(user_id: int) -> QuerySet[ScoreSheet]:
    """Return the sheets, of any year, that units of the person owe and have never handed in."""
    today = clock.today()
    units = Post.objects.filter(held_on(today), user_id=user_id, unit__isnull=False)
    out = NotConsidered.objects.filter(
        membership=OuterRef("membership_id"),
        effect=GroundEffect.EXCLUDED,
        is_override=False,
        revoked_at__isnull=True,
    )
    return ScoreSheet.objects.filter(
        Q(membership__ends_on__isnull=True) | Q(membership__ends_on__gte=today),
        Q(membership__unit__ended_on__isnull=True) | Q(membership__unit__ended_on__gt=today),
        ~Exists(out),
        membership__is_ranking=True,
        membership__unit_id__in=units.order_by().values("unit_id"),
        first_submitted_at__isnull=True,
    ).order_by("membership__sorting", "pk")


def owing_unit(standing: Standing, bloc_year: BlocYear) -> int | None:
    """Return the unit of the person that owes its sheet of this year: one query, or none."""
    if not standing.is_member or bloc_year.step.reached(YearStatus.MEETING):
        return None
    owed = owed_sheets(standing.user_id).filter(bloc_year=bloc_year)
    return owed.values_list("membership__unit_id", flat=True).first()


def own_sheet_first(standing: Standing, unit_id: int | None) -> Verdict:
    """Refuse whoever works for ``unit_id``, which owes its sheet; allow where nothing is owed."""
    if unit_id is None:
        return ALLOWED
    return refuse(
        f"Đơn vị của đồng chí ({standing.name_of(unit_id)}) chưa nộp bảng tự chấm điểm nên đồng "
        "chí chưa xem, chưa xử lý được bảng chấm điểm của đơn vị khác. Đề nghị đơn vị nộp bảng tự "
        "chấm điểm của mình trước."
    )
