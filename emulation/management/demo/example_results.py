"""Last year's meeting, proposals, the Council's decision and its publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from blocs.enums import MeetingKind
from blocs.models import Meeting
from emulation import clock
from emulation.management.demo.results import award_called, confirm_proposals
from emulation.management.demo.stories import moment
from emulation.management.demo.year import Year, everyone_came, hold_meeting
from scoring.enums import DecisionOutcome
from scoring.models import Nomination
from scoring.services.ballots import BallotCount, record_ballot
from scoring.services.decisions import record_council_decision
from scoring.services.publication import publish_results

Story = dict[str, Any]
DAY = dt.timedelta(days=1)


def meet_and_adopt(year: Year, last: Story, names: Mapping[str, str], day: dt.date) -> None:
    """Table, meet, vote on the tie, adopt, confirm the proposals and send them."""
    year.step("table", day - DAY)
    meeting = hold_meeting(
        year,
        MeetingKind.YEAR_END,
        day,
        time=dt.time(8, 0),
        place="Hội trường cơ quan Trưởng khối",
        board_attends=True,
        minutes="Hội nghị thông qua bảng tổng hợp; bỏ phiếu kín phân định hai đơn vị bằng điểm, "
        "số phiếu bằng nhau nên đồng hạng; thống nhất đề nghị khen thưởng.",
    )
    everyone_came(year, meeting, day, example=False)
    _vote(year, last["ballot"], names, meeting, day)
    year.step("adopt", day)
    confirm_proposals(year, day)
    year.step("submit", day + 5 * DAY)


def _vote(
    year: Year, ballot: Story, names: Mapping[str, str], meeting: Meeting, day: dt.date
) -> None:
    votes = {year.members[names[key]].pk: count for key, count in ballot["votes"].items()}
    valid = sum(votes.values())
    returned = valid + ballot["invalid"]
    count = BallotCount(
        method=ballot["method"],
        eligible=len(year.members),
        issued=returned,
        returned=returned,
        valid=valid,
        invalid=ballot["invalid"],
        counters=ballot["counters"],
    )
    with clock.at(moment(day, dt.time(10, 0))):
        record_ballot(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            meeting=meeting,
            count=count,
            votes=votes,
        )


def decide_and_publish(year: Year, last: Story, names: Mapping[str, str], day: dt.date) -> None:
    """Record the Council's decision, one award lowered, and publish it days later."""
    lowered = last["lowered"]
    unit = year.members[names[lowered["unit"]]]
    sent = Nomination.objects.filter(bloc_year=year.bloc_year, award__isnull=False)
    with clock.at(moment(day)):
        for nomination in sent.select_related("award", "membership", "bloc_year"):
            less = nomination.membership_id == unit.pk
            record_council_decision(
                actor=year.cast.clerk,
                nomination=nomination,
                outcome=DecisionOutcome.LOWERED if less else DecisionOutcome.APPROVED,
                award=award_called(year.cast.board, lowered["award"]) if less else None,
                document_number="Số ví dụ",
                decided_on=day,
                reason=lowered["reason"] if less else "",
            )
    year.step("decide", day, actor=year.cast.clerk)
    with clock.at(moment(day + 3 * DAY)):
        year.bloc_year.refresh_from_db()
        publish_results(actor=year.cast.clerk, bloc_year=year.bloc_year)
