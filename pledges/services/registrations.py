"""A unit's registration for the year: saved as a draft, sent, handed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import Membership
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.vietnamese import format_number
from pledges.models import Pledge, PledgeItem, RegisteredTitle, Registration, Target
from pledges.permissions import can_register
from pledges.selectors.registrations import target_words, targets_in, titles_in
from pledges.services.checks import TITLE_LENGTH, checked_text, require_version
from pledges.services.sending_workflows import REGISTRATION_WORKFLOW

MOST_TARGETS, MOST_TITLES = 40, 20
MEASURE_LENGTH = 50
HIGHEST_VALUE = Decimal("9999999999.99")
_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TargetDraft:
    """A target as typed: title, number, what it counts, and the pledge item it serves, if any."""

    title: str
    value: Decimal
    measure: str
    item: PledgeItem | None = None


def save_registration(
    *,
    actor: User,
    membership: Membership,
    targets: Sequence[TargetDraft],
    titles: Sequence[str],
    version: int = 0,
    is_example: bool = False,
) -> Registration:
    """Save the unit's draft; ``version`` is the one the person saw, 0 before there was any.

    Effects, in order: locks the membership; checks permission, version, content; writes the
    registration with the first row of its log if it is new; drops rows no longer there (they stay
    readable in the database) and adds new ones. Raises Refused, EditedMeanwhile, ValidationError.
    """
    drafts = [_checked_target(each, place) for place, each in enumerate(targets, start=1)]
    names = [_checked_title(each) for each in titles]
    _check_counts(drafts, names)
    with transaction.atomic():
        membership = _locked(membership)
        standing = standing_in(actor, membership.bloc_year)
        stored = Registration.objects.filter(membership=membership).first()
        require(can_register(standing, membership, stored))
        require_version(version, stored.version if stored else 0, as_stored(stored))
        _check_items(drafts, membership)
        if stored is None:
            stored = Registration.objects.create(membership=membership, is_example=is_example)
            acting = standing.acting_member(membership.unit_id)
            REGISTRATION_WORKFLOW.begin(stored, actor=actor, acting=acting)
        else:
            stored.version += 1
            stored.save(update_fields=["version"])
        _write_targets(stored, drafts)
        _write_titles(stored, names)
    return stored


def send_registration(
    *, actor: User, membership: Membership, version: int | None = None
) -> Registration:
    """Send the saved registration; the first sending decides lateness.

    ``version`` is that of the page on which the person checked it. Effects, in order: locks the
    membership; gateway; sets who sent it and when. Raises Refused, Conflict.
    """
    with transaction.atomic():
        stored = _stored(_locked(membership))
        if version is not None:
            require_version(version, stored.version, as_stored(stored))
        stored.sent_at, stored.sent_by = clock.now(), actor
        stored.first_sent_at = stored.first_sent_at or stored.sent_at
        REGISTRATION_WORKFLOW.take(
            "send", stored, actor=actor, also=("sent_at", "sent_by", "first_sent_at")
        )
    return stored


def return_registration(*, actor: User, membership: Membership, reason: str) -> Registration:
    """Hand a sent registration back to the unit, with a reason.

    Effects, in order: locks the membership; gateway; empties who sent it and when (the first
    sending stays). Raises Refused, Conflict, ValidationError.
    """
    with transaction.atomic():
        stored = _stored(_locked(membership))
        stored.sent_at, stored.sent_by = None, None
        REGISTRATION_WORKFLOW.take(
            "return", stored, actor=actor, reason=reason, also=("sent_at", "sent_by")
        )
    return stored


def as_stored(registration: Registration | None) -> list[tuple[str, str]]:
    """Return what stands in a registration, for the person who was overtaken."""
    if registration is None:
        return [("Bản đăng ký", "chưa có")]
    targets = [target_words(each) for each in targets_in(registration)]
    titles = [each.title for each in titles_in(registration)]
    return [
        ("Chỉ tiêu", "\n".join(targets) or "không có"),
        ("Danh hiệu", "\n".join(titles) or "không có"),
    ]


# ---------------------------------------------------------------- checks


def _locked(membership: Membership) -> Membership:
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("bloc_year")
        .get(pk=membership.pk)
    )


def _stored(membership: Membership) -> Registration:
    stored = Registration.objects.filter(membership=membership).first()
    if stored is None:
        raise Conflict("Đơn vị chưa lưu bản đăng ký nào.")
    stored.membership = membership
    return stored


def _checked_target(draft: TargetDraft, place: int) -> TargetDraft:
    if not 0 < draft.value <= HIGHEST_VALUE:
        raise ValidationError(
            {
                "targets": f"Chỉ tiêu {place}: số đăng ký phải lớn hơn 0 và không quá "
                f"{format_number(HIGHEST_VALUE)}."
            }
        )
    if draft.value != draft.value.quantize(_PLACES):
        raise ValidationError({"targets": f"Chỉ tiêu {place}: nhiều nhất 2 chữ số sau dấu phẩy."})
    return TargetDraft(
        checked_text(draft.title, field="targets", label="Chỉ tiêu", limit=TITLE_LENGTH),
        draft.value.quantize(_PLACES),
        checked_text(draft.measure, field="targets", label="Đơn vị tính", limit=MEASURE_LENGTH),
        draft.item,
    )


def _checked_title(title: str) -> str:
    return checked_text(title, field="titles", label="Danh hiệu đăng ký", limit=TITLE_LENGTH)


def _check_counts(drafts: Sequence[TargetDraft], names: Sequence[str]) -> None:
    if len(drafts) > MOST_TARGETS:
        raise ValidationError({"targets": f"Nhiều nhất {MOST_TARGETS} chỉ tiêu."})
    if len(names) > MOST_TITLES:
        raise ValidationError({"titles": f"Nhiều nhất {MOST_TITLES} danh hiệu."})
    if len(set(names)) != len(names):
        raise ValidationError({"titles": "Có danh hiệu được ghi hai lần. Đề nghị bỏ bớt một."})


def _check_items(drafts: Sequence[TargetDraft], membership: Membership) -> None:
    wanted = {draft.item.pledge_id for draft in drafts if draft.item}
    if not wanted:
        return
    own = Pledge.objects.filter(bloc_year=membership.bloc_year).values_list("pk", flat=True)
    if wanted - set(own):
        raise ValidationError({"targets": "Nội dung giao ước được chọn không thuộc Khối."})


# ---------------------------------------------------------------- writing


def _key(row: Target | TargetDraft) -> tuple[str, Decimal, str, int | None]:
    return (row.title, row.value, row.measure, row.item.pk if row.item else None)


def _write_targets(registration: Registration, drafts: Sequence[TargetDraft]) -> None:
    """Keep rows that are unchanged, drop the others, add the new; then number them."""
    standing = targets_in(registration)
    for place, draft in enumerate(drafts, start=1):
        row = next((each for each in standing if _key(each) == _key(draft)), None)
        if row is None:
            Target.objects.create(
                registration=registration,
                item=draft.item,
                position=place,
                title=draft.title,
                value=draft.value,
                measure=draft.measure,
            )
            continue
        standing.remove(row)
        Target.objects.filter(pk=row.pk).update(position=place)
    Target.objects.filter(pk__in=[row.pk for row in standing]).update(dropped_at=clock.now())


def _write_titles(registration: Registration, names: Sequence[str]) -> None:
    standing = {each.title: each for each in titles_in(registration)}
    for place, name in enumerate(names, start=1):
        row = standing.pop(name, None)
        if row is None:
            RegisteredTitle.objects.create(registration=registration, position=place, title=name)
        else:
            RegisteredTitle.objects.filter(pk=row.pk).update(position=place)
    RegisteredTitle.objects.filter(pk__in=[row.pk for row in standing.values()]).update(
        dropped_at=clock.now()
    )
