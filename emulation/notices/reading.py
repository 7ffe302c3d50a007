"""A person's own notices: what there is, and what has been seen."""

from __future__ import annotations

from django.db.models import QuerySet

from emulation import clock
from emulation.models import Notice, User


def notices_of(user: User) -> QuerySet[Notice]:
    """Return the person's own notices, the newest first."""
    return Notice.objects.filter(user=user).order_by("-at", "-pk")


def unread_of(user: User) -> QuerySet[Notice]:
    """Return those that the person has not seen."""
    return notices_of(user).filter(read_at__isnull=True)


def mark_read(user: User, notice_id: int) -> Notice | None:
    """Write that the person has seen one notice and return it; None where it is somebody else's.

    Seeing it again leaves the first time.
    """
    notice = notices_of(user).filter(pk=notice_id).first()
    if notice is not None:
        unread_of(user).filter(pk=notice_id).update(read_at=clock.now())
    return notice


def mark_all_read(user: User, up_to: int) -> int:
    """Write that the person has seen all notices up to a key, those on the page; return how many.

    One that came meanwhile stays unread.
    """
    return unread_of(user).filter(pk__lte=up_to).update(read_at=clock.now())
