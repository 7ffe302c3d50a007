"""Everything the desk reads, in a fixed number of queries; each app says how far its part is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from blocs.models import BlocYear, Board
from blocs.selectors.progress import Led, Member, desk_years, leaders_by_year, members_by_year
from pledges.selectors.due import DueDates, due_dates_by_year
from pledges.selectors.progress import PledgeProgress, pledge_progress
from scoring.selectors.progress import ScoringProgress, scoring_progress


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What is known of one bloc-year: who, until when, how far."""

    bloc_year: BlocYear
    members: list[Member]
    led: Led
    due: DueDates
    pledge: PledgeProgress
    scoring: ScoringProgress

    @property
    def ranked(self) -> list[Member]:
        """The members that hand in a score sheet here."""
        return [member for member in self.members if member.is_ranking]


def year_facts(boards: Sequence[Board], year: int) -> list[YearFacts]:
    """Return the facts of every bloc-year of these boards: twelve queries."""
    years = desk_years(boards, year)
    keys = [each.pk for each in years]
    members, leaders = members_by_year(keys), leaders_by_year(years)
    due, pledges, sheets = due_dates_by_year(keys), pledge_progress(keys), scoring_progress(keys)
    return [
        YearFacts(
            each,
            members[each.pk],
            leaders[each.pk],
            due[each.pk],
            pledges[each.pk],
            sheets[each.pk],
        )
        for each in years
    ]
