"""The members a pledge concerns today, and whom to telephone there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from blocs.enums import PostRole
from blocs.models import BlocYear, Membership, Post
from blocs.selectors.members import members_not_ended, people_of


def current_members(bloc_year: BlocYear) -> QuerySet[Membership]:
    """Return the members that have not left the bloc, in Vietnamese order, with their units."""
    return members_not_ended(bloc_year)


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to telephone in a unit; shown within the bloc and to its board only."""

    name: str = ""
    title: str = ""
    phone: str = ""

    @property
    def words(self) -> str:
        """Name and title in one line."""
        return " · ".join(part for part in (self.name, self.title) if part)


def contacts_of(unit_ids: Iterable[int]) -> dict[int, Contact]:
    """Return one contact per unit: its officer, or a leader where it has none. One query."""
    return {unit_id: _contact(posts) for unit_id, posts in people_of(unit_ids).items()}


def _contact(posts: list[Post]) -> Contact:
    first = min(posts, key=lambda post: post.role != PostRole.OFFICER)
    return Contact(first.user.full_name, first.title or first.get_role_display(), first.user.phone)


def leaders_of(unit_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the names of each unit's leaders today: one query."""
    return {
        unit_id: [post.user.full_name for post in posts if post.role == PostRole.LEADER]
        for unit_id, posts in people_of(unit_ids).items()
    }
