"""Dated decisions on members: not considered, considered all the same, revoked; and the grounds."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear, Membership
from blocs.permissions import is_board
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from scoring.enums import GroundEffect
from scoring.models import GradeBand, GroundRule, NotConsidered
from scoring.permissions.results import can_decide_standing, can_set_grounds
from scoring.rules.grounds import Ground
from scoring.selectors.gathering import RULED, members_of, rulebook_of
from scoring.selectors.ranking import superseded_by
from scoring.services.relative import settle_relative

REASON_LENGTH = 2000


def exclude_member(
    *,
    actor: User,
    membership: Membership,
    ground: str,
    effect: str | None = None,
    reason: str,
    grade_ceiling: str = "",
) -> NotConsidered:
    """Decide that a member is not considered, or only in part, on a ground.

    ``effect`` None takes what the ground does in this bloc-year. Effects, in order: locks the
    member; checks; writes the decision with author and date. Raises Refused, Conflict (a decision
    on the ground is in force), ValidationError.
    """
    chosen = _ground(ground)
    applied = GroundEffect(effect) if effect else effect_of(membership.bloc_year, chosen)
    with transaction.atomic():
        standing = _entered(actor, membership)
        _check_reason(reason)
        _check_ceiling(membership.bloc_year, applied, grade_ceiling)
        return _write(
            actor,
            standing,
            membership,
            ground=chosen,
            effect=applied,
            reason=reason.strip(),
            grade_ceiling=grade_ceiling if applied == GroundEffect.GRADE_CEILING else "",
        )


def override_ground(
    *, actor: User, membership: Membership, ground: str, reason: str
) -> NotConsidered:
    """Decide that a member is considered in spite of a ground that holds by rule.

    Effects and errors as by ``exclude_member``; ValidationError for a ground that rests on a
    decision: that decision is revoked instead. Conflict for a dissolved unit beside whose
    successor it would be counted twice.
    """
    chosen = _ground(ground)
    if chosen not in RULED:
        raise ValidationError(
            {"ground": "Căn cứ này do quyết định mà có; đề nghị rút lại quyết định đó."}
        )
    with transaction.atomic():
        standing = _entered(actor, membership)
        _check_reason(reason)
        if chosen is Ground.UNIT_DISSOLVED:
            _check_not_superseded(membership)
        return _write(
            actor,
            standing,
            membership,
            ground=chosen,
            effect=effect_of(membership.bloc_year, chosen),
            reason=reason.strip(),
            is_override=True,
        )


def revoke_standing_decision(*, actor: User, decision: NotConsidered, reason: str) -> NotConsidered:
    """Take a decision back; it stays readable.

    Effects, in order: locks the decision; checks; writes who took it back, when and why.
    Raises Refused, Conflict (taken back already), ValidationError.
    """
    with transaction.atomic():
        locked = NotConsidered.objects.select_for_update().get(pk=decision.pk)
        _entered(actor, locked.membership)
        if locked.revoked_at is not None:
            raise Conflict("Quyết định này đã được rút lại.")
        _check_reason(reason)
        locked.revoked_at, locked.revoked_by = clock.now(), actor
        locked.revoked_reason = reason.strip()
        locked.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
        settle_relative(actor=actor, bloc_year=locked.membership.bloc_year)
    return locked


def set_ground_rule(*, actor: User, bloc_year: BlocYear, ground: str, effect: str) -> GroundRule:
    """Set what a ground does in this bloc-year. Raises Refused, ValidationError."""
    chosen = _ground(ground)
    if effect not in GroundEffect.values:
        raise ValidationError({"effect": "Đề nghị chọn một hệ quả trong danh sách."})
    with transaction.atomic():
        require(can_set_grounds(standing_in(actor, bloc_year), bloc_year))
        rule, _ = GroundRule.objects.update_or_create(
            bloc_year=bloc_year, ground=chosen.value, defaults={"effect": effect}
        )
        settle_relative(actor=actor, bloc_year=bloc_year)
    return rule


def effect_of(bloc_year: BlocYear, ground: Ground) -> GroundEffect:
    """Return what a ground does in this bloc-year: the board's rule, else the usual effect."""
    rule = GroundRule.objects.filter(bloc_year=bloc_year, ground=ground.value).first()
    return GroundEffect(rule.effect if rule else ground.default_effect.value)


# ---------------------------------------------------------------- how it is done


def _entered(actor: User, membership: Membership) -> Standing:
    """Lock the member and require that the person may decide on it now."""
    locked = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("bloc_year")
        .get(pk=membership.pk)
    )
    standing = standing_in(actor, locked.bloc_year)
    require(can_decide_standing(standing, locked.bloc_year, locked.unit_id))
    return standing


def _write(
    actor: User, standing: Standing, membership: Membership, *, ground: Ground, **values: object
) -> NotConsidered:
    in_force = NotConsidered.objects.filter(
        membership=membership, ground=ground.value, revoked_at__isnull=True
    )
    if in_force.exists():
        raise Conflict(
            f"Đơn vị đang có quyết định về “{ground.label}”. Đề nghị rút lại quyết định đó trước."
        )
    acting = standing.acting_board if is_board(standing) else standing.acting_head
    decision = NotConsidered.objects.create(
        membership=membership,
        ground=ground.value,
        actor=actor,
        acting_as=acting.label,
        decided_at=clock.now(),
        **values,
    )
    settle_relative(actor=actor, bloc_year=membership.bloc_year)
    return decision


def _check_not_superseded(membership: Membership) -> None:
    bloc_year = membership.bloc_year
    reason = superseded_by(members_of(bloc_year)[membership.pk], rulebook_of(bloc_year))
    if reason:
        raise Conflict(f"Không ghi được quyết định vẫn xét thi đua: {reason}.")


def _ground(ground: str) -> Ground:
    try:
        return Ground(ground)
    except ValueError:
        raise ValidationError({"ground": "Đề nghị chọn một căn cứ trong danh sách."}) from None


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Đề nghị ghi lý do của quyết định."})
    if len(reason) > REASON_LENGTH:
        raise ValidationError(
            {"reason": f"Lý do dài {len(reason)} ký tự; tối đa {REASON_LENGTH} ký tự."}
        )


def _check_ceiling(bloc_year: BlocYear, effect: GroundEffect, grade: str) -> None:
    if effect != GroundEffect.GRADE_CEILING or not grade:
        return
    bands = GradeBand.objects.filter(rubric__bloc_year=bloc_year, name=grade)
    if not bands.exists():
        raise ValidationError({"grade_ceiling": f"Bảng chấm điểm không có xếp loại “{grade}”."})
