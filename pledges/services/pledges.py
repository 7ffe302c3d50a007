"""Drafting the pledge and taking it from draft to agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from pledges.enums import TextChangeKind
from pledges.models import Pledge, PledgeItem
from pledges.permissions import can_draft_pledge, can_edit_text
from pledges.services.checks import (
    ITEM_LENGTH,
    NOTE_LENGTH,
    PART_LENGTH,
    TITLE_LENGTH,
    checked_text,
    require_version,
)
from pledges.services.locks import locked_pledge
from pledges.services.pledge_workflow import PLEDGE_WORKFLOW
from pledges.services.text_log import log_change


def draft_pledge(
    *,
    actor: User,
    bloc_year: BlocYear,
    title: str,
    preamble: str = "",
    closing: str = "",
    items: Sequence[str] = (),
    is_example: bool = False,
    note: str = "",
) -> Pledge:
    """Begin the bloc-year's pledge, as the secretary.

    Effects, in order: locks the bloc-year; writes the pledge and its numbered items; writes the
    first row of its log. Raises Refused, Conflict (there is one already), ValidationError.
    """
    parts = _checked_parts(title, preamble, closing)
    texts = [_checked_item(text) for text in items]
    note = checked_text(note, field="note", label="Ghi chú", limit=NOTE_LENGTH, required=False)
    with transaction.atomic():
        bloc_year = BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
        standing = standing_in(actor, bloc_year)
        require(can_draft_pledge(standing, bloc_year))
        if Pledge.objects.filter(bloc_year=bloc_year).exists():
            raise Conflict("Khối đã có giao ước của năm này. Đề nghị sửa bản đang có.")
        pledge = Pledge.objects.create(
            bloc_year=bloc_year, **parts, is_example=is_example, note=note
        )
        PledgeItem.objects.bulk_create(
            PledgeItem(pledge=pledge, position=place, text=text)
            for place, text in enumerate(texts, start=1)
        )
        PLEDGE_WORKFLOW.begin(pledge, actor=actor, acting=standing.acting_head)
    return pledge


def _checked_parts(title: str, preamble: str, closing: str) -> dict[str, str]:
    return {
        "title": checked_text(title, field="title", label="Tên giao ước", limit=TITLE_LENGTH),
        "preamble": checked_text(
            preamble, field="preamble", label="Lời mở đầu", limit=PART_LENGTH, required=False
        ),
        "closing": checked_text(
            closing, field="closing", label="Lời kết", limit=PART_LENGTH, required=False
        ),
    }


def _checked_item(text: str) -> str:
    return checked_text(text, field="items", label="Nội dung giao ước", limit=ITEM_LENGTH)


def edit_pledge(
    *, actor: User, pledge: Pledge, title: str, preamble: str, closing: str, version: int
) -> Pledge:
    """Change title, preamble and closing words before the text is agreed.

    Effects, in order: locks the pledge; checks permission and version; writes the parts, the
    version and one row of the text's log. Raises Refused, EditedMeanwhile, ValidationError.
    """
    parts = _checked_parts(title, preamble, closing)
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        standing = standing_in(actor, pledge.bloc_year)
        require(can_edit_text(standing, pledge))
        before = heading_parts(pledge)
        require_version(version, pledge.version, before)
        for name, text in parts.items():
            setattr(pledge, name, text)
        if heading_parts(pledge) != before:
            pledge.version += 1
            pledge.save(update_fields=[*parts, "version"])
            log_change(
                pledge,
                TextChangeKind.HEADING,
                actor=actor,
                acting=standing.acting_head,
                before=_joined(before),
                after=_joined(heading_parts(pledge)),
            )
    return pledge


def heading_parts(pledge: Pledge) -> list[tuple[str, str]]:
    """Return title, preamble and closing with their labels."""
    return [
        ("Tên giao ước", pledge.title),
        ("Lời mở đầu", pledge.preamble),
        ("Lời kết", pledge.closing),
    ]


def _joined(parts: list[tuple[str, str]]) -> str:
    return "\n".join(text for _, text in parts if text)


def open_consultation(*, actor: User, pledge: Pledge, reason: str = "") -> Pledge:
    """Let the members read and comment on the draft: gateway only (status and record)."""
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        PLEDGE_WORKFLOW.take("open_consultation", pledge, actor=actor, reason=reason)
    return pledge


def agree_pledge(*, actor: User, pledge: Pledge, reason: str = "") -> Pledge:
    """Freeze the text, as the head.

    Effects, in order: locks the pledge; gateway; ``agreed_at`` and ``agreed_by`` are set with the
    status. Raises Conflict (no item, status moved on), Refused.
    """
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        pledge.agreed_at, pledge.agreed_by = clock.now(), actor
        PLEDGE_WORKFLOW.take(
            "agree", pledge, actor=actor, reason=reason, also=("agreed_at", "agreed_by")
        )
    return pledge


def reopen_pledge(*, actor: User, pledge: Pledge, reason: str) -> Pledge:
    """Open an agreed text again, as the head, with a reason, while nobody's signature stands.

    Effects, in order: locks the pledge; gateway; ``agreed_at`` and ``agreed_by`` are emptied and
    the version raised, so that a signing page opened before refuses to sign.
    """
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        pledge.agreed_at, pledge.agreed_by = None, None
        pledge.version += 1
        PLEDGE_WORKFLOW.take(
            "reopen", pledge, actor=actor, reason=reason, also=("agreed_at", "agreed_by", "version")
        )
    return pledge


def close_pledge(*, actor: User, pledge: Pledge, reason: str = "") -> Pledge:
    """Close the pledge with its year, as the board: gateway only."""
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        PLEDGE_WORKFLOW.take("close", pledge, actor=actor, reason=reason)
    return pledge


STEPS: dict[str, Callable[..., Pledge]] = {
    "open_consultation": open_consultation,
    "agree": agree_pledge,
    "reopen": reopen_pledge,
}
