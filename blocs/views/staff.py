"""A unit's people as its page lists them: posts of today, to come and of before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from blocs.models import Post, Unit
from blocs.permissions import account_verdicts, can_manage_people
from blocs.selectors.people import Account, account_of, with_invitations
from emulation import clock
from emulation.access import Verdict
from emulation.models import User


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A post held today; ``account`` and ``may_edit`` for whoever manages the unit's people."""

    post: Post
    account: Account | None = None
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of a unit. ``verdict`` says whether the person may change who works there."""

    verdict: Verdict
    rows: Sequence[StaffRow]
    coming: Sequence[Post]
    former: Sequence[Post]

    @property
    def waiting(self) -> int:
        """How many have never come in."""
        return len({row.post.user_id for row in self.rows if row.post.user.last_login is None})


def staff_of(user: User, unit: Unit) -> Staff:
    """Return the unit's people; how their accounts stand only to whoever manages them."""
    posts = Post.objects.filter(unit=unit).select_related("user")
    known = list(posts.order_by("role", "user__sorting", "starts_on", "pk"))
    today = clock.today()
    current = [post for post in known if post.is_current(today)]
    verdict = can_manage_people(user, unit)
    over = [post for post in known if post.closed_at or (post.ends_on and post.ends_on < today)]
    return Staff(
        verdict=verdict,
        rows=_rows(user, current) if verdict else [StaffRow(post) for post in current],
        coming=[post for post in known if post.starts_on > today and not post.closed_at],
        former=sorted(over, key=_last_day, reverse=True),
    )


def _last_day(post: Post) -> tuple[int, int]:
    return (post.ends_on.toordinal() if post.ends_on else 0, post.pk)


def _rows(user: User, posts: Sequence[Post]) -> list[StaffRow]:
    people = User.objects.filter(pk__in=[post.user_id for post in posts])
    known = {each.pk: each for each in with_invitations(people).order_by("pk")}
    verdicts, now = account_verdicts(user, list(known.values())), clock.now()
    return [
        StaffRow(post, account_of(known[post.user_id], now), bool(verdicts[post.user_id]))
        for post in posts
    ]
