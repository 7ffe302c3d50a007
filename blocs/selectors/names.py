"""Names of units as they were called in a year: what lists and pages print."""

from __future__ import annotations

from collections.abc import Sequence

from blocs.models import BlocYear, Membership, Unit
from blocs.selectors.standing import heads_by_year
from blocs.standing import Heads


def head_names(bloc_years: Sequence[BlocYear]) -> dict[int, str]:
    """Return the head's name of each bloc-year, as called that year, "" without one: 3 queries."""
    heads = {key: found.head for key, found in heads_by_year(bloc_years).items()}
    wanted = {unit_id for unit_id in heads.values() if unit_id}
    in_year = Membership.objects.filter(bloc_year__in=heads, unit_id__in=wanted).order_by("pk")
    as_member = {(row.bloc_year_id, row.unit_id): row.unit_name for row in in_year}
    today = dict(Unit.objects.filter(pk__in=wanted).order_by("pk").values_list("pk", "name"))
    return {
        key: as_member.get((key, unit_id), today.get(unit_id, "")) if unit_id else ""
        for key, unit_id in heads.items()
    }


def unit_names(bloc_year: BlocYear, heads: Heads) -> dict[int, str]:
    """Return the names of the units that lead the bloc this year, by unit key: 2 queries."""
    known = (heads.head, *heads.deputies, heads.named_stand_in)
    wanted = {unit_id for unit_id in known if unit_id}
    today = dict(Unit.objects.filter(pk__in=wanted).order_by("pk").values_list("pk", "name"))
    rows = Membership.objects.filter(bloc_year=bloc_year, unit_id__in=wanted).order_by("pk")
    return today | dict(rows.values_list("unit_id", "unit_name"))
