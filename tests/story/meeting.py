"""The table is tabled, disputes settled, the ballot held."""

from __future__ import annotations

from blocs.enums import MeetingKind
from blocs.services.meetings import record_meeting
from blocs.services.terms import record_election
from scoring.services.ballots import BallotCount, record_ballot
from scoring.services.disputes import settle_dispute
from tests.story.appraising import Appraising


class AtTheMeeting(Appraising):
    """The table is tabled, disputes settled, the ballot held."""

    def _tabled(self) -> None:
        """The table lies before the meeting: a dispute and a tie wait."""
        self.step("table")
        record_meeting(
            actor=self.officer_of("head"),
            bloc_year=self.year,
            kind=MeetingKind.YEAR_END,
            held_on=self.day(),
            place="Hội trường Sở Nội vụ",
            minutes="Hội nghị nghe báo cáo và thảo luận.",
        )

    def _resolved(self) -> None:
        """Who came is recorded, the dispute settled, the tie voted on, next year's head elected."""
        self._everyone_came(self.meeting())
        self.settle()
        if {"own", "other"} <= set(self.members):
            self.vote()
        record_election(
            actor=self.officer_of("head"),
            bloc_year=self.year,
            head=self.unit("next"),
            deputies=[self.unit("deputy")],
            decided_on=self.day(),
        )

    def settle(self) -> None:
        """The meeting keeps the points in dispute."""
        from scoring.models import Dispute

        dispute = Dispute.objects.select_related("sheet__membership").get(pk=self.keys["dispute"])
        settle_dispute(
            actor=self.officer_of("head"),
            dispute=dispute,
            resolution="Hội nghị giữ điểm thẩm định.",
            meeting=self.meeting(),
        )

    def vote(self) -> None:
        """The members put own before other."""
        count = BallotCount(
            method="secret", eligible=7, issued=7, returned=7, valid=7, invalid=0, counters="Tổ 1"
        )
        votes = {self.membership("own").pk: 4, self.membership("other").pk: 3}
        ballot = record_ballot(
            actor=self.officer_of("head"),
            bloc_year=self.year,
            meeting=self.meeting(),
            count=count,
            votes=votes,
        )
        self.keys["ballot"] = ballot.pk
