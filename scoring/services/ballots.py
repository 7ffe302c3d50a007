"""Votes and orders that break a tie. Who voted for whom is never asked and never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear, Meeting
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.vietnamese import format_number
from scoring.enums import BallotMethod
from scoring.models import Ballot, BallotVote, TieDecision
from scoring.permissions.results import can_break_tie, can_record_ballot
from scoring.selectors.ranking import LiveRanking, live_ranking

NO_SUCH_TIE = (
    "Các đơn vị này không còn bằng nhau hoặc không chờ phân định. "
    "Đề nghị tải lại trang để xem bảng xếp hạng mới nhất."
)


@dataclass(frozen=True, slots=True)
class BallotCount:
    """The papers of a vote as the minutes of counting give them."""

    method: str
    eligible: int
    issued: int
    returned: int
    valid: int
    invalid: int
    counters: str


def record_ballot(
    *,
    actor: User,
    bloc_year: BlocYear,
    meeting: Meeting,
    count: BallotCount,
    votes: Mapping[int, int],
) -> Ballot:
    """Record a vote among units that are tied; ``votes`` are by membership.

    Each paper names one unit. A repeated vote on the same units is a later round. Effects, in
    order: locks the year; checks role, moment, sums, quorum and that exactly these units wait for
    a vote; writes the ballot and the votes of each. Raises Refused, Conflict, ValidationError.
    """
    with transaction.atomic():
        locked = _locked(bloc_year)
        require(can_record_ballot(standing_in(actor, locked), locked))
        if meeting.bloc_year_id != locked.pk:
            raise ValidationError({"meeting": "Hội nghị này không thuộc năm thi đua của Khối."})
        _check_sums(count, votes)
        _check_quorum(locked, count)
        _check_tie(live_ranking(locked), votes)
        ballot = Ballot.objects.create(
            bloc_year=locked,
            meeting=meeting,
            method=BallotMethod(count.method),
            eligible=count.eligible,
            issued=count.issued,
            returned=count.returned,
            valid=count.valid,
            invalid=count.invalid,
            counters=count.counters.strip(),
            recorded_by=actor,
            recorded_at=clock.now(),
        )
        BallotVote.objects.bulk_create(
            [
                BallotVote(ballot=ballot, membership_id=membership, votes=number)
                for membership, number in votes.items()
            ]
        )
    return ballot


def record_tie_decision(
    *, actor: User, bloc_year: BlocYear, order: Sequence[int], reason: str
) -> TieDecision:
    """Record the head's order among tied units, where the table lets the head decide.

    The rule is skipped where the head unit is itself in the tie, so such units never wait for it.
    Effects, in order: locks the year; checks; writes the order with its reason. Raises Refused,
    Conflict, ValidationError.
    """
    with transaction.atomic():
        locked = _locked(bloc_year)
        live, standing = live_ranking(locked), standing_in(actor, locked)
        known = [live.members[key] for key in order if key in live.members]
        require(can_break_tie(standing, locked, [member.unit_id for member in known]))
        if set(order) not in [set(keys) for keys in live.ranking.ties_pending]:
            raise Conflict(NO_SUCH_TIE)
        if not reason.strip():
            raise ValidationError({"reason": "Đề nghị ghi lý do của thứ tự này."})
        acting = standing.acting_head
        return TieDecision.objects.create(
            bloc_year=locked,
            order=list(order),
            reason=reason.strip(),
            actor=actor,
            acting_for_id=acting.unit_id,
            acting_as=acting.label,
            at=clock.now(),
        )


def void_ballots(bloc_year: BlocYear, reason: str) -> None:
    """Void the votes held so far: the year went back, its points may change. They stay readable."""
    held = Ballot.objects.filter(bloc_year=bloc_year, voided_at__isnull=True)
    held.update(voided_at=clock.now(), voided_reason=reason[:500])


# ---------------------------------------------------------------- checks


def _locked(bloc_year: BlocYear) -> BlocYear:
    return BlocYear.objects.select_for_update().get(pk=bloc_year.pk)


def _check_sums(count: BallotCount, votes: Mapping[int, int]) -> None:
    if count.method not in BallotMethod.values:
        raise ValidationError({"method": "Đề nghị chọn hình thức bỏ phiếu."})
    if not count.counters.strip():
        raise ValidationError({"counters": "Đề nghị ghi tên người kiểm phiếu."})
    if count.issued > count.eligible:
        raise ValidationError(
            {"issued": "Số phiếu phát ra không được nhiều hơn số người có quyền bỏ phiếu."}
        )
    if count.returned > count.issued:
        raise ValidationError(
            {"returned": "Số phiếu thu về không được nhiều hơn số phiếu phát ra."}
        )
    if count.valid + count.invalid != count.returned:
        raise ValidationError(
            {
                "valid": f"Số phiếu hợp lệ ({count.valid}) cộng không hợp lệ ({count.invalid}) "
                f"phải bằng số phiếu thu về ({count.returned})."
            }
        )
    if any(number < 0 for number in votes.values()) or sum(votes.values()) > count.valid:
        raise ValidationError(
            f"Tổng số phiếu của các đơn vị là {sum(votes.values())}, không được nhiều hơn "
            f"{count.valid} phiếu hợp lệ: mỗi phiếu chọn một đơn vị."
        )


def _check_quorum(bloc_year: BlocYear, count: BallotCount) -> None:
    if not count.eligible or count.returned * 100 < count.eligible * bloc_year.quorum_percent:
        raise ValidationError(
            {
                "returned": f"Cuộc bỏ phiếu chưa đủ số phiếu: thu về {count.returned} trên "
                f"{count.eligible}, cần ít nhất {format_number(bloc_year.quorum_percent)} %."
            }
        )


def _check_tie(live: LiveRanking, votes: Mapping[int, int]) -> None:
    """Require that exactly these units wait for people to separate them."""
    if set(votes) not in [set(keys) for keys in live.ranking.ties_pending]:
        raise Conflict(NO_SUCH_TIE)
