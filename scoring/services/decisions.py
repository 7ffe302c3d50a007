"""What the Council decided: recorded by the board, apart from the bloc's own result."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from scoring.enums import DecisionOutcome
from scoring.models import Award, CouncilDecision, Nomination
from scoring.permissions.results import can_record_decision
from scoring.services.nominations import nomination_workflow

REASON_LENGTH = 2000
TRANSITION_OF = {
    DecisionOutcome.APPROVED: "approve",
    DecisionOutcome.LOWERED: "lower",
    DecisionOutcome.REJECTED: "reject",
}


def record_council_decision(
    *,
    actor: User,
    nomination: Nomination,
    outcome: str,
    award: Award | None = None,
    document_number: str = "",
    decided_on: dt.date | None = None,
    reason: str = "",
) -> CouncilDecision:
    """Record what the Council decided on a nomination, or correct what was recorded.

    The bloc's place, grade and proposal stay untouched. Effects, in order: locks the nomination;
    checks; moves it to approved, lowered or rejected, with a record; writes the decision.
    Raises Refused, Conflict (nothing is proposed for the unit), ValidationError.
    """
    with transaction.atomic():
        BlocYear.objects.select_for_update().get(pk=nomination.bloc_year_id)
        nomination = Nomination.objects.select_related("membership", "bloc_year", "award").get(
            pk=nomination.pk
        )
        standing = standing_in(actor, nomination.bloc_year)
        verdict = can_record_decision(standing, nomination.bloc_year, nomination)
        require(verdict)
        if nomination.award is None:
            raise Conflict("Khối không đề nghị khen thưởng đơn vị này nên không có gì để ghi.")
        chosen = _outcome(outcome)
        given = _award_given(nomination, chosen, award)
        _check(chosen, decided_on, reason)
        workflow = nomination_workflow(standing.acting_board, verdict)
        workflow.take(TRANSITION_OF[chosen], nomination, actor=actor, reason=reason)
        decision, _ = CouncilDecision.objects.update_or_create(
            nomination=nomination,
            defaults={
                "outcome": chosen,
                "award": given,
                "document_number": document_number.strip(),
                "decided_on": decided_on,
                "reason": reason.strip(),
                "recorded_by": actor,
                "recorded_at": clock.now(),
            },
        )
    return decision


def _outcome(outcome: str) -> DecisionOutcome:
    if outcome not in DecisionOutcome.values:
        raise ValidationError({"outcome": "Đề nghị chọn quyết định của Hội đồng."})
    return DecisionOutcome(outcome)


def _award_given(
    nomination: Nomination, outcome: DecisionOutcome, award: Award | None
) -> Award | None:
    """Return the award given: as proposed, another one, or none."""
    if outcome is DecisionOutcome.APPROVED:
        return nomination.award
    if outcome is DecisionOutcome.REJECTED:
        return None
    if award is None:
        raise ValidationError({"award": "Đề nghị chọn hình thức khen thưởng được quyết định."})
    if award.pk == nomination.award_id:
        raise ValidationError(
            {"award": "Hình thức này đúng như đề nghị; đề nghị chọn “Khen thưởng như đề nghị”."}
        )
    if award.board_id != nomination.bloc_year.board_id:
        raise ValidationError({"award": "Hình thức khen thưởng thuộc Hội đồng khác."})
    return award


def _check(outcome: DecisionOutcome, decided_on: dt.date | None, reason: str) -> None:
    if outcome is not DecisionOutcome.APPROVED and not reason.strip():
        raise ValidationError(
            {"reason": "Đề nghị ghi lý do vì quyết định khác với đề nghị của Khối."}
        )
    if len(reason) > REASON_LENGTH:
        raise ValidationError(
            {"reason": f"Lý do dài {len(reason)} ký tự; tối đa {REASON_LENGTH} ký tự."}
        )
    if decided_on and decided_on > clock.today():
        raise ValidationError({"decided_on": "Ngày quyết định không được sau hôm nay."})
