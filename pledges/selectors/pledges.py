"""The pledge of a bloc-year: its text, its comments, its history."""

from __future__ import annotations

from collections.abc import Iterable

from blocs.models import BlocYear, Meeting
from emulation.history import Entry
from pledges.enums import SignatureMethod, TextChangeKind
from pledges.models import Pledge, PledgeComment, PledgeItem, PledgeSignature, PledgeTextChange

SHOWN_OF_A_CHANGE = 240
CHANGES_SHOWN = 200


def pledge_of(bloc_year: BlocYear) -> Pledge | None:
    """Return the bloc-year's pledge, or None before it has been drafted."""
    return Pledge.objects.filter(bloc_year=bloc_year).select_related("agreed_by").first()


def items_of(pledge: Pledge) -> list[PledgeItem]:
    """Return the items that stand, in order."""
    return list(
        PledgeItem.objects.filter(pledge=pledge, dropped_at__isnull=True).order_by("position", "pk")
    )


def item_count(bloc_year: BlocYear) -> int:
    """Return how many items the bloc-year's pledge has; 0 without a pledge."""
    return PledgeItem.objects.filter(pledge__bloc_year=bloc_year, dropped_at__isnull=True).count()


def comments_of(pledge: Pledge) -> list[PledgeComment]:
    """Return every comment, oldest first, with who made it, where, and who replied."""
    return list(
        PledgeComment.objects.filter(pledge=pledge)
        .select_related("membership", "author", "item", "meeting", "replied_by")
        .order_by("made_at", "pk")
    )


def meetings_of(bloc_year: BlocYear) -> list[Meeting]:
    """Return the meetings at which something may have been said, newest first."""
    return list(Meeting.objects.filter(bloc_year=bloc_year).order_by("-held_on", "-pk"))


def text_history(pledge: Pledge) -> list[Entry]:
    """Return the newest changes of the text as history entries."""
    changes = (
        PledgeTextChange.objects.filter(pledge=pledge)
        .select_related("actor")
        .order_by("-at", "-pk")[:CHANGES_SHOWN]
    )
    return [_entry_of_change(change) for change in changes]


def _entry_of_change(change: PledgeTextChange) -> Entry:
    before, after = _shortened(change.before), _shortened(change.after)
    return Entry(
        at=change.at,
        who=change.actor.full_name,
        acting_as=change.acting_as,
        what=TextChangeKind(change.kind).label,
        change=" → ".join(part for part in (before, after) if part),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_OF_A_CHANGE else f"{text[:SHOWN_OF_A_CHANGE]}…"


def comment_history(comments: Iterable[PledgeComment]) -> list[Entry]:
    """Return comments and replies as history entries."""
    entries = [
        Entry(
            comment.made_at,
            comment.author.full_name,
            comment.membership.unit_name,
            "Góp ý" if comment.meeting is None else "Ghi ý kiến nêu tại hội nghị",
            _shortened(comment.text),
        )
        for comment in comments
    ]
    entries += [
        Entry(
            comment.replied_at,
            comment.replied_by.full_name,
            "Trưởng khối",
            f"Trả lời ý kiến của {comment.membership.unit_name}",
            _shortened(comment.reply),
        )
        for comment in comments
        if comment.replied_at and comment.replied_by
    ]
    return entries


def signature_history(signatures: Iterable[PledgeSignature]) -> list[Entry]:
    """Return signatures and revocations as history entries."""
    entries = [
        Entry(
            each.recorded_at,
            each.recorded_by.full_name,
            each.acting_as,
            SignatureMethod(each.method).label,
            str(each.membership),
        )
        for each in signatures
    ]
    entries += [
        Entry(
            each.revoked_at,
            each.revoked_by.full_name,
            each.revoked_as,
            "Hủy ghi nhận chữ ký",
            str(each.membership),
            each.revoked_reason,
        )
        for each in signatures
        if each.revoked_at and each.revoked_by
    ]
    return entries
