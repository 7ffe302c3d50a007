"""Registrations of a bloc-year: what each unit set itself, and who has not said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from blocs.enums import DeadlineKind
from blocs.models import Membership
from emulation.vietnamese import format_number
from pledges.enums import RegistrationStatus
from pledges.models import RegisteredTitle, Registration, Target
from pledges.selectors.due import Delivery, DueDates


def registration_of(membership: Membership) -> Registration | None:
    """Return the unit's registration with its targets and titles, or None."""
    return registrations_of([membership]).first()


def registrations_of(memberships: Iterable[Membership]) -> QuerySet[Registration]:
    """Return the registrations of these members with what stands in them: three queries."""
    return (
        Registration.objects.filter(membership__in=memberships)
        .select_related("membership", "sent_by")
        .prefetch_related(
            Prefetch(
                "targets",
                Target.objects.filter(dropped_at__isnull=True)
                .select_related("item")
                .order_by("position", "pk"),
                to_attr="standing_targets",
            ),
            Prefetch(
                "titles",
                RegisteredTitle.objects.filter(dropped_at__isnull=True).order_by("position", "pk"),
                to_attr="standing_titles",
            ),
        )
        .order_by("membership__sorting", "pk")
    )


def targets_in(registration: Registration) -> list[Target]:
    """Return the targets that stand, in order."""
    found = getattr(registration, "standing_targets", None)
    if found is not None:
        return list(found)
    return list(
        registration.targets.filter(dropped_at__isnull=True)
        .select_related("item")
        .order_by("position", "pk")
    )


def titles_in(registration: Registration) -> list[RegisteredTitle]:
    """Return the titles that stand, in order."""
    found = getattr(registration, "standing_titles", None)
    if found is not None:
        return list(found)
    return list(registration.titles.filter(dropped_at__isnull=True).order_by("position", "pk"))


def target_words(target: Target) -> str:
    """Return a target as a phrase: "Tỷ lệ hồ sơ đúng hạn: 98 %"."""
    return f"{target.title}: {format_number(target.value)} {target.measure}".strip()


def registration_delivery(
    registration: Registration | None, membership: Membership, due: DueDates
) -> Delivery:
    """Return how a unit's registration stands against its deadline."""
    return Delivery(
        due.of(DeadlineKind.REGISTRATION, membership.pk),
        registration.first_sent_at if registration else None,
        is_sent=bool(registration and registration.stage is RegistrationStatus.SENT),
    )


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A line of the list of registrations; ``registration`` only where it may be read."""

    membership: Membership
    registration: Registration | None
    delivery: Delivery
    is_own: bool

    @property
    def is_readable(self) -> bool:
        """Whether the person may open it."""
        return self.registration is not None

    @property
    def targets(self) -> list[str]:
        """The targets in words, where readable."""
        return (
            [target_words(each) for each in targets_in(self.registration)]
            if self.registration
            else []
        )

    @property
    def titles(self) -> list[str]:
        """The titles striven for, where readable."""
        return [each.title for each in titles_in(self.registration)] if self.registration else []


def registration_rows(
    memberships: Iterable[Membership], due: DueDates, own_units: frozenset[int]
) -> list[RegistrationRow]:
    """Return the lines of the list: a draft's content only to its own unit."""
    members = list(memberships)
    found = {each.membership_id: each for each in registrations_of(members)}
    return [_row(member, found, due, own_units) for member in members]


def _row(
    membership: Membership,
    found: Mapping[int, Registration],
    due: DueDates,
    own_units: frozenset[int],
) -> RegistrationRow:
    registration = found.get(membership.pk)
    delivery = registration_delivery(registration, membership, due)
    is_own = membership.unit_id in own_units
    return RegistrationRow(
        membership, registration if delivery.is_sent or is_own else None, delivery, is_own
    )
