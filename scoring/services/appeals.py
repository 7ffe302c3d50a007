"""Appeals about a published result: filed by a member within the window, decided by the board."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear, Membership
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from scoring.enums import AppealStatus
from scoring.models import Appeal
from scoring.permissions.results import can_appeal, can_decide_appeal
from scoring.services.ranking import correct_snapshot

TEXT_LENGTH = 10_000
CORRECTION_REASON_LENGTH = 2000


def file_appeal(*, actor: User, membership: Membership, text: str) -> Appeal:
    """File a unit's appeal.

    Effects, in order: locks the year; checks who, when, and that no appeal of the unit is open;
    writes the appeal. Raises Refused, Conflict, ValidationError.
    """
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update().get(pk=membership.bloc_year_id)
        standing = standing_in(actor, bloc_year)
        require(can_appeal(standing, bloc_year, membership.unit_id))
        _check_text(text, "text", "nội dung kiến nghị")
        open_ones = Appeal.objects.filter(membership=membership, status=AppealStatus.OPEN)
        if open_ones.exists():
            raise Conflict("Đơn vị đang có kiến nghị chờ giải quyết.")
        appeal = Appeal.objects.create(
            bloc_year=bloc_year,
            membership=membership,
            text=text.strip(),
            filed_by=actor,
            filed_at=clock.now(),
        )
        announce("appeal.file", appeal, actor)
    return appeal


def decide_appeal(*, actor: User, appeal: Appeal, decision: str, corrects: bool = False) -> Appeal:
    """Decide an appeal; ``corrects`` also makes a corrected table from the raw inputs.

    Effects, in order: locks year and appeal; checks; writes decision, author and time; where the
    result is corrected, the next numbered snapshot with the decision as its reason.
    Raises Refused, Conflict (decided already, a tie appears), ValidationError.
    """
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update().get(pk=appeal.bloc_year_id)
        locked = Appeal.objects.select_related("membership").get(pk=appeal.pk)
        require(can_decide_appeal(standing_in(actor, bloc_year), locked))
        if locked.status == AppealStatus.DECIDED:
            raise Conflict("Kiến nghị này đã được giải quyết.")
        _check_text(decision, "decision", "kết quả giải quyết")
        locked.status, locked.decision = AppealStatus.DECIDED, decision.strip()
        locked.decided_by, locked.decided_at = actor, clock.now()
        locked.save(update_fields=["status", "decision", "decided_by", "decided_at"])
        announce("appeal.decide", locked, actor)
        if corrects:
            reason = f"Giải quyết kiến nghị của {locked.membership}: {locked.decision}"
            correct_snapshot(
                actor=actor, bloc_year=bloc_year, reason=reason[:CORRECTION_REASON_LENGTH]
            )
    return locked


def _check_text(text: str, field: str, what: str) -> None:
    if not text.strip():
        raise ValidationError({field: f"Đề nghị ghi {what}."})
    if len(text) > TEXT_LENGTH:
        raise ValidationError(
            {field: f"Nội dung dài {len(text)} ký tự; tối đa {TEXT_LENGTH} ký tự."}
        )
