"""The numbered items of a pledge: added, edited, moved, dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from django.db import transaction

from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from pledges.enums import TextChangeKind
from pledges.models import Pledge, PledgeItem
from pledges.permissions import can_edit_text
from pledges.selectors.pledges import items_of
from pledges.services.checks import ITEM_LENGTH, checked_text, require_version
from pledges.services.locks import locked_pledge
from pledges.services.text_log import log_change

MOST_ITEMS = 100
Direction = Literal["up", "down"]


@contextmanager
def _editing(actor: User, pledge: Pledge) -> Iterator[tuple[Pledge, Standing]]:
    """Open the transaction, lock the pledge, check the permission."""
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        standing = standing_in(actor, pledge.bloc_year)
        require(can_edit_text(standing, pledge))
        yield pledge, standing


def _checked(text: str) -> str:
    return checked_text(text, field="text", label="Nội dung giao ước", limit=ITEM_LENGTH)


def _standing_item(item: PledgeItem) -> PledgeItem:
    """Return the item as stored now; Conflict when it was dropped meanwhile."""
    stored = PledgeItem.objects.get(pk=item.pk)
    if stored.dropped_at is not None:
        raise Conflict("Nội dung này đã được bỏ khỏi giao ước.", [stored.text])
    return stored


def add_item(*, actor: User, pledge: Pledge, text: str) -> PledgeItem:
    """Append an item. Effects: locks the pledge; writes the item and its log."""
    text = _checked(text)
    with _editing(actor, pledge) as (pledge, standing):
        items = items_of(pledge)
        if len(items) >= MOST_ITEMS:
            raise Conflict(f"Giao ước đã có {MOST_ITEMS} nội dung, không thêm được nữa.")
        item = PledgeItem.objects.create(pledge=pledge, position=len(items) + 1, text=text)
        log_change(
            pledge,
            TextChangeKind.ADDED,
            actor=actor,
            acting=standing.acting_head,
            item=item,
            after=text,
        )
    return item


def edit_item(*, actor: User, item: PledgeItem, text: str, version: int) -> PledgeItem:
    """Change an item's text.

    Effects, in order: locks the pledge; checks permission, that the item stands, and its version;
    writes text, version and log. Raises Refused, Conflict, EditedMeanwhile, ValidationError.
    """
    text = _checked(text)
    with _editing(actor, item.pledge) as (pledge, standing):
        stored = _standing_item(item)
        require_version(version, stored.version, [("Nội dung", stored.text)])
        before = stored.text
        if before == text:
            return stored
        stored.text, stored.version = text, stored.version + 1
        stored.save(update_fields=["text", "version"])
        log_change(
            pledge,
            TextChangeKind.EDITED,
            actor=actor,
            acting=standing.acting_head,
            item=stored,
            before=before,
            after=text,
        )
    return stored


def move_item(*, actor: User, item: PledgeItem, direction: Direction) -> PledgeItem:
    """Exchange an item with its neighbour; at the end of the list nothing happens.

    Effects, in order: locks the pledge; renumbers the items from 1; writes the log.
    """
    with _editing(actor, item.pledge) as (pledge, standing):
        stored = _standing_item(item)
        items = items_of(pledge)
        place = next(rank for rank, each in enumerate(items) if each.pk == stored.pk)
        target = place + (-1 if direction == "up" else 1)
        if not 0 <= target < len(items):
            return stored
        items.insert(target, items.pop(place))
        _renumber(items)
        log_change(
            pledge,
            TextChangeKind.MOVED,
            actor=actor,
            acting=standing.acting_head,
            item=stored,
            before=f"Nội dung {place + 1}",
            after=f"Nội dung {target + 1}",
        )
    return PledgeItem.objects.get(pk=item.pk)


def drop_item(*, actor: User, item: PledgeItem) -> PledgeItem:
    """Take an item out of the text; its comments stay readable.

    Effects, in order: locks the pledge; sets ``dropped_at``; renumbers the rest; writes the log.
    """
    with _editing(actor, item.pledge) as (pledge, standing):
        stored = _standing_item(item)
        stored.dropped_at = clock.now()
        stored.save(update_fields=["dropped_at"])
        _renumber(items_of(pledge))
        log_change(
            pledge,
            TextChangeKind.DROPPED,
            actor=actor,
            acting=standing.acting_head,
            item=stored,
            before=stored.text,
        )
    return stored


def _renumber(items: Sequence[PledgeItem]) -> None:
    for place, each in enumerate(items, start=1):
        each.position = place
    PledgeItem.objects.bulk_update(items, ["position"])
