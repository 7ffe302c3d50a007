"""Who has signed the pledge of a bloc-year, and who has not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from blocs.models import BlocYear, Membership
from blocs.selectors.members import has_left
from emulation.vietnamese import count_of
from pledges.models import Pledge, PledgeSignature
from pledges.selectors.members import current_members


@dataclass(frozen=True, slots=True)
class SigningRow:
    """One member and its signature in effect, if any."""

    membership: Membership
    signature: PledgeSignature | None = None

    @property
    def has_left(self) -> bool:
        """Whether the unit has left the bloc since."""
        return has_left(self.membership)


@dataclass(frozen=True, slots=True)
class Signing:
    """The signed state of a whole pledge. Units that left are shown but not counted."""

    rows: tuple[SigningRow, ...]

    @property
    def counted(self) -> list[SigningRow]:
        """The rows of units that are still members."""
        return [row for row in self.rows if not row.has_left]

    @property
    def unsigned(self) -> list[Membership]:
        """The members that have not signed."""
        return [row.membership for row in self.counted if row.signature is None]

    @property
    def signed_count(self) -> int:
        """How many members have signed."""
        return len(self.counted) - len(self.unsigned)

    @property
    def is_complete(self) -> bool:
        """Whether every member has signed."""
        return bool(self.rows) and not self.unsigned

    @property
    def share(self) -> str:
        """The signed share in words: "10/12 đơn vị đã ký"."""
        return count_of(self.signed_count, len(self.counted), "đơn vị đã ký")

    @property
    def unsigned_names(self) -> list[str]:
        """The names, as in that year, of those who have not signed."""
        return [membership.unit_name for membership in self.unsigned]

    def of(self, membership: Membership) -> PledgeSignature | None:
        """Return the member's signature in effect."""
        rows = (row for row in self.rows if row.membership.pk == membership.pk)
        return next((row.signature for row in rows), None)


def signatures_in_effect(bloc_year: BlocYear) -> QuerySet[PledgeSignature]:
    """Return the signatures that stand, with their members."""
    return (
        PledgeSignature.objects.filter(pledge__bloc_year=bloc_year, revoked_at__isnull=True)
        .select_related("membership__unit", "recorded_by", "scan")
        .order_by("membership__sorting", "pk")
    )


def every_signature(pledge: Pledge) -> list[PledgeSignature]:
    """Return the signatures ever recorded, revoked ones too, for the history."""
    return list(
        PledgeSignature.objects.filter(pledge=pledge)
        .select_related("membership", "recorded_by", "revoked_by")
        .order_by("recorded_at", "pk")
    )


def signing_of(bloc_year: BlocYear, *, first: Sequence[int | None] = ()) -> Signing:
    """Return the signed state of the bloc-year's pledge: two queries.

    ``first`` are unit ids that stand before the others: the head, then its deputies.
    """
    found = {each.membership_id: each for each in signatures_in_effect(bloc_year)}
    members = list(current_members(bloc_year))
    present = {membership.pk for membership in members}
    left = [each.membership for each in found.values() if each.membership_id not in present]
    places = {unit_id: place for place, unit_id in enumerate(first)}
    ordered = sorted(members, key=lambda each: places.get(each.unit_id, len(places)))
    return Signing(tuple(SigningRow(each, found.get(each.pk)) for each in [*ordered, *left]))


def unsigned_members(bloc_year: BlocYear) -> list[Membership]:
    """Return the members that have not signed, in Vietnamese order: two queries."""
    return signing_of(bloc_year).unsigned


def signed_unit_ids(bloc_year: BlocYear) -> frozenset[int]:
    """Return the units whose signature stands: one query."""
    return frozenset(each.membership.unit_id for each in signatures_in_effect(bloc_year))
