"""Proposals for awards: made by the quotas, decided by the head, sent to the board, sent back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear, Membership
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import ALLOWED, Conflict, Verdict, require
from emulation.models import User
from emulation.workflow import Acting, Transition, Workflow
from scoring.enums import NominationStatus
from scoring.models import Award, AwardQuota, Nomination, NominationTransition
from scoring.permissions.results import can_decide_nominations, can_depart
from scoring.rules.awards import AwardReport, places_of
from scoring.selectors.explaining import explanations_of
from scoring.selectors.ranking import LiveRanking, quota_rules
from scoring.selectors.results import latest_snapshot, undecided_nominations

S = NominationStatus
OPEN = (S.PROPOSED, S.CHECKED, S.RETURNED)
DECIDED = (S.APPROVED, S.LOWERED, S.REJECTED)

TRANSITIONS = (
    Transition(
        "propose", OPEN, S.PROPOSED, "Đề nghị theo chỉ tiêu", "Trưởng khối quyết định từng đề nghị."
    ),
    Transition(
        "decide", OPEN, S.CHECKED, "Quyết định đề nghị", "Đề nghị sẵn sàng để trình Hội đồng."
    ),
    Transition(
        "send", (S.CHECKED,), S.SENT, "Trình Hội đồng", "Ban Thi đua - Khen thưởng xem xét."
    ),
    Transition(
        "return",
        (S.SENT,),
        S.RETURNED,
        "Trả lại",
        "Trưởng khối xem lý do, sửa và trình lại.",
        needs_reason=True,
    ),
    Transition(
        "approve",
        (S.SENT, *DECIDED),
        S.APPROVED,
        "Ghi quyết định khen thưởng",
        "Quyết định được lưu riêng, không thay đổi thứ hạng của Khối.",
    ),
    Transition(
        "lower",
        (S.SENT, *DECIDED),
        S.LOWERED,
        "Ghi quyết định khen thưởng ở mức khác",
        "Quyết định được lưu riêng, không thay đổi thứ hạng của Khối.",
        needs_reason=True,
    ),
    Transition(
        "reject",
        (S.SENT, *DECIDED),
        S.REJECTED,
        "Ghi quyết định không khen thưởng",
        "Quyết định được lưu riêng, không thay đổi thứ hạng của Khối.",
        needs_reason=True,
    ),
)


def nomination_workflow(acting: Acting, verdict: Verdict = ALLOWED) -> Workflow:
    """Return the nominations' gateway for one service call.

    The calling service has worked out the standing once for all nominations it moves: ``verdict``
    is what it found, ``acting`` on whose behalf the person acts.
    """

    def permitted(_user: User, _nomination: Any, _transition: Transition) -> Verdict:
        return verdict

    def acts(_user: User, _nomination: Any, _transition: Transition) -> Acting:
        return acting

    return Workflow(
        subject="nomination",
        record=NominationTransition,
        transitions=TRANSITIONS,
        permitted=permitted,
        acting=acts,
    )


# ---------------------------------------------------------------- proposed by the quotas


def propose_nominations(
    *, actor: User, bloc_year: BlocYear, live: LiveRanking, report: AwardReport
) -> list[Nomination]:
    """Write what the quotas propose for every ranked unit, "không đề nghị" included.

    Called at adoption, which has asked who may. A nomination of an earlier adoption is proposed
    anew; one of a unit that has no place any more is proposed as "không đề nghị".
    """
    awards = {award.code: award for award in Award.objects.filter(board_id=bloc_year.board_id)}
    earlier = {each.membership_id: each for each in Nomination.objects.filter(bloc_year=bloc_year)}
    workflow = nomination_workflow(standing_in(actor, bloc_year).acting_head)
    written = []
    for key, explanation in explanations_of(live, report).items():
        proposal = explanation.get("proposal")
        if proposal is None and key not in earlier:
            continue
        award = awards.get(proposal["award"]) if proposal else None
        reason = proposal["reason"] if proposal else "Đơn vị không có thứ hạng."
        written.append(_proposed(workflow, actor, bloc_year, key, earlier.get(key), award, reason))
    return written


def _proposed(
    workflow: Workflow,
    actor: User,
    bloc_year: BlocYear,
    membership_id: int,
    nomination: Nomination | None,
    award: Award | None,
    reason: str,
) -> Nomination:
    if nomination is None:
        nomination = Nomination.objects.create(
            bloc_year=bloc_year,
            membership_id=membership_id,
            award=award,
            reason=reason,
            proposed_by=actor,
            proposed_at=clock.now(),
        )
        acting = workflow.acting(actor, nomination, TRANSITIONS[0])
        workflow.begin(nomination, actor=actor, acting=acting, name="propose")
        return nomination
    _fill(nomination, actor, award, reason)
    workflow.take("propose", nomination, actor=actor, reason=reason, also=FIELDS)
    return nomination


FIELDS = ("award", "reason", "proposed_by", "proposed_at")


def _fill(nomination: Nomination, actor: User, award: Award | None, reason: str) -> None:
    nomination.award, nomination.reason = award, reason
    nomination.proposed_by, nomination.proposed_at = actor, clock.now()


# ---------------------------------------------------------------- decided by the head


def decide_nomination(
    *, actor: User, nomination: Nomination, award: Award | None, reason: str = ""
) -> Nomination:
    """Decide what the bloc proposes for one unit; ``award`` None is "không đề nghị".

    A decision that departs from what the quotas propose, or settles what they left to people,
    needs a reason, and nobody takes it on what concerns his or her own unit. Effects, in order:
    locks the year; checks role, moment, reason and places; stores award and reason; records.
    Raises Refused, Conflict, ValidationError.
    """
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update().get(pk=nomination.bloc_year_id)
        nomination = Nomination.objects.select_related("membership").get(pk=nomination.pk)
        standing = standing_in(actor, bloc_year)
        proposal = proposal_for(bloc_year, nomination)
        departs = departs_from(proposal, award)
        verdict = deciding_verdict(standing, bloc_year, nomination, proposal, departs=departs)
        require(verdict)
        _check_reason(reason, needed=departs)
        _check_places(bloc_year, nomination, award)
        kept = reason.strip() or str(proposal.get("reason", ""))
        _fill(nomination, actor, award, kept)
        workflow = nomination_workflow(_acting_decider(standing), verdict)
        workflow.take("decide", nomination, actor=actor, reason=kept, also=FIELDS)
    return nomination


def confirm_nominations(*, actor: User, bloc_year: BlocYear) -> list[Nomination]:
    """Confirm every proposal that follows from the quotas and is not yet decided.

    What the quotas left to people (a tie across their line, a condition to confirm) and what was
    proposed otherwise stays for a decision of its own. Effects, in order: locks the year; checks;
    records each. Raises Refused, Conflict (nothing to confirm).
    """
    with transaction.atomic():
        locked = BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
        standing = standing_in(actor, locked)
        verdict = can_decide_nominations(standing, locked)
        require(verdict)
        confirmed = confirmable(locked)
        if not confirmed:
            raise Conflict("Không còn đề nghị nào theo chỉ tiêu chờ quyết định.")
        workflow = nomination_workflow(standing.acting_head, verdict)
        for nomination in confirmed:
            workflow.take("decide", nomination, actor=actor, reason=nomination.reason)
    return confirmed


def confirmable(bloc_year: BlocYear) -> list[Nomination]:
    """Return the undecided nominations that are as the quotas propose and wait for nothing."""
    proposals = proposals_of(bloc_year)
    return [
        each
        for each in undecided_nominations(bloc_year)
        if not departs_from(proposals.get(each.membership_id, {}), each.award)
    ]


def deciding_verdict(
    standing: Standing,
    bloc_year: BlocYear,
    nomination: Nomination,
    proposal: Mapping[str, Any],
    *,
    departs: bool,
) -> Verdict:
    """Return whether the person may decide this nomination, so or otherwise than proposed."""
    if not departs:
        return can_decide_nominations(standing, bloc_year)
    tied = Membership.objects.filter(pk__in=proposal.get("tied_with", ()))
    units = {nomination.membership.unit_id, *tied.values_list("unit_id", flat=True)}
    return can_depart(standing, bloc_year, units)


def _acting_decider(standing: Standing) -> Acting:
    """Return on whose behalf a person decides: the head, a deputy or stand-in, the board."""
    if standing.leads_head:
        return standing.acting_head
    if standing.is_board:
        return standing.acting_board
    mine = next((each for each in standing.deputies if each in standing.leads), None)
    if mine is not None:
        return standing.acting_for(mine, "Phó Trưởng khối")
    return standing.acting_for(standing.named_stand_in, "Đơn vị thay Trưởng khối")


def departs_from(proposal: Mapping[str, Any], award: Award | None) -> bool:
    """Tell whether a decision is not simply what the quotas propose."""
    if not proposal or proposal.get("pending"):
        return True
    return str(proposal.get("award", "")) != (award.code if award else "")


def proposal_for(bloc_year: BlocYear, nomination: Nomination) -> Mapping[str, Any]:
    """Return what the quotas proposed for a unit at the latest adoption; empty if nothing."""
    return proposals_of(bloc_year).get(nomination.membership_id, {})


def proposals_of(bloc_year: BlocYear) -> dict[int, Mapping[str, Any]]:
    """Return what the quotas proposed at the latest adoption, by membership."""
    snapshot = latest_snapshot(bloc_year)
    if snapshot is None:
        return {}
    rows = snapshot.rows.values_list("membership_id", "explanation")
    return {key: explanation.get("proposal") or {} for key, explanation in rows}


def _check_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason.strip():
        raise ValidationError(
            {"reason": "Đề nghị ghi lý do vì quyết định khác với đề nghị theo chỉ tiêu."}
        )


def _check_places(bloc_year: BlocYear, nomination: Nomination, award: Award | None) -> None:
    """Require a quota for the award, with a place left."""
    if award is None:
        return
    quota = AwardQuota.objects.filter(bloc_year=bloc_year, award=award).first()
    if quota is None:
        raise ValidationError({"award": f"Khối không có chỉ tiêu {award.label} năm nay."})
    others = Nomination.objects.filter(bloc_year=bloc_year, award=award).exclude(pk=nomination.pk)
    places = places_for(bloc_year, quota)
    if others.count() >= places:
        raise ValidationError({"award": f"{award.label}: {places} suất đã đề nghị hết."})


def places_for(bloc_year: BlocYear, quota: AwardQuota) -> int:
    """Return how many units may be proposed for the award of a quota."""
    snapshot = latest_snapshot(bloc_year)
    ranked = snapshot.rows.filter(rank__isnull=False).count() if snapshot else 0
    return places_of(quota_rules(quota), ranked)


# ---------------------------------------------------------------- with the dossier


def send_nominations(*, actor: User, bloc_year: BlocYear) -> None:
    """Send every decided nomination to the board; called by the year's step "submit"."""
    acting = standing_in(actor, bloc_year).acting_head
    _move("send", actor, acting, _with_status(bloc_year, S.CHECKED))


def return_nominations(*, actor: User, bloc_year: BlocYear, reason: str) -> None:
    """Send every nomination back to the head; called by the year's step "return_dossier"."""
    acting = standing_in(actor, bloc_year).acting_board
    _move("return", actor, acting, _with_status(bloc_year, S.SENT), reason)


def _with_status(bloc_year: BlocYear, status: NominationStatus) -> list[Nomination]:
    return list(Nomination.objects.filter(bloc_year=bloc_year, status=status).order_by("pk"))


def _move(
    name: str, actor: User, acting: Acting, nominations: Iterable[Nomination], reason: str = ""
) -> None:
    workflow = nomination_workflow(acting)
    for nomination in nominations:
        workflow.take(name, nomination, actor=actor, reason=reason)
