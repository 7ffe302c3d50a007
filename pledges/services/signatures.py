"""Signing the pledge: by a leader in the browser, or recorded from paper; and taking it back."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from blocs.enums import PostRole
from blocs.models import Membership, Post
from blocs.selectors.standing import held_on, standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.files import FileRefused, atomic_with_files, store
from emulation.models import StoredFile, User
from emulation.notices.announcing import announce
from pledges.enums import SignatureMethod
from pledges.models import Pledge, PledgeSignature
from pledges.permissions import can_record_signature, can_revoke_signature, can_sign
from pledges.services.checks import NAME_LENGTH, REASON_LENGTH, checked_text
from pledges.services.locks import locked_pledge


def office_of(user: User, unit_id: int) -> str:
    """Return the office in which ``user`` leads the unit today, as printed beside a signature."""
    post = (
        Post.objects.filter(
            held_on(clock.today()), user=user, unit_id=unit_id, role=PostRole.LEADER
        )
        .order_by("pk")
        .first()
    )
    return (post.title or post.get_role_display()) if post else ""


def sign_pledge(
    *, actor: User, pledge: Pledge, membership: Membership, version: int | None = None
) -> PledgeSignature:
    """Sign for one's own unit, as its leader.

    ``version`` is that of the text the person read; a text reopened since is refused. Signing
    twice by the same person returns the first signature. Effects, in order: locks the pledge;
    checks; writes the signature with name and office of today. Raises Refused, Conflict.
    """
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        standing = standing_in(actor, pledge.bloc_year)
        _check_member(pledge, membership)
        require(can_sign(standing, pledge, membership))
        if version is not None and version != pledge.version:
            raise Conflict(
                "Nội dung giao ước đã thay đổi sau khi trang ký được mở. "
                "Đề nghị mở lại trang ký, đọc nội dung mới rồi ký."
            )
        standing_signature = _in_effect(pledge, membership)
        if standing_signature is not None:
            return _same_person(standing_signature, actor)
        signature = PledgeSignature.objects.create(
            pledge=pledge,
            membership=membership,
            method=SignatureMethod.BROWSER,
            signatory=actor.full_name,
            office=office_of(actor, membership.unit_id),
            signed_on=clock.today(),
            recorded_by=actor,
            recorded_at=clock.now(),
            acting_as=standing.acting_member(membership.unit_id).label,
        )
        announce("signature.sign", signature, actor)
    return signature


def record_paper_signature(
    *,
    actor: User,
    pledge: Pledge,
    membership: Membership,
    signatory: str,
    office: str,
    signed_on: dt.date,
    scan: UploadedFile[bytes] | None = None,
    is_example: bool = False,
) -> PledgeSignature:
    """Record, as the secretary, that a unit signed on paper.

    ``signatory`` may be empty where the paper or report names the office only. Effects, in order:
    locks the pledge; checks; keeps the scan if any; writes the signature. Raises Refused, Conflict
    (the unit's signature stands already), ValidationError.
    """
    signatory = checked_text(
        signatory, field="signatory", label="Người ký", limit=NAME_LENGTH, required=False
    )
    office = checked_text(office, field="office", label="Chức vụ", limit=NAME_LENGTH)
    with _transaction(scan):
        pledge = locked_pledge(pledge)
        standing = standing_in(actor, pledge.bloc_year)
        _check_member(pledge, membership)
        require(can_record_signature(standing, pledge, membership))
        _check_day(signed_on, pledge.bloc_year.year)
        if _in_effect(pledge, membership) is not None:
            raise Conflict(f"{membership.unit_name} đã ký giao ước này.")
        signature = PledgeSignature.objects.create(
            pledge=pledge,
            membership=membership,
            method=SignatureMethod.PAPER,
            signatory=signatory,
            office=office,
            signed_on=signed_on,
            scan=_stored(scan, actor),
            recorded_by=actor,
            recorded_at=clock.now(),
            acting_as=standing.acting_head.label,
            is_example=is_example,
        )
        announce("signature.record", signature, actor)
    return signature


def revoke_signature(*, actor: User, signature: PledgeSignature, reason: str) -> PledgeSignature:
    """Take back a signature recorded wrongly; the row stays, the unit may sign again.

    Effects, in order: locks pledge and signature; checks; writes who, when and why. Raises
    Refused, Conflict (taken back already), ValidationError (no reason).
    """
    reason = checked_text(reason, field="reason", label="Lý do hủy", limit=REASON_LENGTH)
    with transaction.atomic():
        locked_pledge(signature.pledge)
        signature = (
            PledgeSignature.objects.select_for_update(of=("self",))
            .select_related("pledge__bloc_year", "membership")
            .get(pk=signature.pk)
        )
        standing = standing_in(actor, signature.pledge.bloc_year)
        require(can_revoke_signature(standing, signature))
        if signature.revoked_at is not None:
            raise Conflict("Chữ ký này đã được hủy ghi nhận.", [signature.revoked_reason])
        by_leader = signature.method == SignatureMethod.BROWSER
        unit_id = signature.membership.unit_id
        acting = standing.acting_member(unit_id) if by_leader else standing.acting_head
        signature.revoked_at, signature.revoked_by = clock.now(), actor
        signature.revoked_as, signature.revoked_reason = acting.label, reason
        signature.save(update_fields=["revoked_at", "revoked_by", "revoked_as", "revoked_reason"])
        announce("signature.revoke", signature, actor)
    return signature


def _transaction(scan: UploadedFile[bytes] | None) -> AbstractContextManager[None]:
    return atomic_with_files() if scan else transaction.atomic()


def _stored(scan: UploadedFile[bytes] | None, actor: User) -> StoredFile | None:
    if scan is None:
        return None
    try:
        return store(uploaded=scan, actor=actor)
    except FileRefused as refusal:
        raise ValidationError({"scan": str(refusal)}) from refusal


def _check_member(pledge: Pledge, membership: Membership) -> None:
    if membership.bloc_year_id != pledge.bloc_year_id:
        raise ValidationError({"membership": "Đơn vị này không thuộc Khối trong năm."})


def _check_day(signed_on: dt.date, year: int) -> None:
    if signed_on > clock.today():
        raise ValidationError({"signed_on": "Ngày ký không được sau ngày hôm nay."})
    if abs(signed_on.year - year) > 1:
        raise ValidationError(
            {"signed_on": f"Ngày ký phải trong khoảng từ năm {year - 1} đến năm {year + 1}."}
        )


def _in_effect(pledge: Pledge, membership: Membership) -> PledgeSignature | None:
    return PledgeSignature.objects.filter(
        pledge=pledge, membership=membership, revoked_at__isnull=True
    ).first()


def _same_person(signature: PledgeSignature, actor: User) -> PledgeSignature:
    if signature.method == SignatureMethod.BROWSER and signature.recorded_by_id == actor.pk:
        return signature
    raise Conflict(
        "Đơn vị đã ký giao ước này.",
        [f"{signature.signatory or signature.office}, ngày {signature.signed_on:%d/%m/%Y}"],
    )
