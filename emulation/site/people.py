"""Who is logged in, read with the number of notices waiting: every page shows it in its frame."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, Q

from emulation.models import User

UNREAD = "unread_notices"


class WithUnreadNotices(ModelBackend):
    """Log-in by name and password; the person of a request comes with ``unread_notices``.

    In the query that reads the person, so that the bell costs no page a query.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the person of the session, or None where the account was closed."""
        unread = Count("notices", filter=Q(notices__read_at__isnull=True))
        user = User.objects.annotate(**{UNREAD: unread}).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def unread_notices(user: User) -> int:
    """Return how many notices the person has not seen, as known from the request."""
    count: int = getattr(user, UNREAD, 0)
    return count
