"""The ranking as it stands now: one pure function over what is stored.

Nothing is cached and nothing is written: totals come from the latest column of each sheet, the
rest from standing decisions, signatures, ballots and the issued table. Adoption stores the very
inputs read here, so that the snapshot recomputes to the same ranks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef

from blocs.models import BlocYear, BlocYearTransition
from blocs.selectors.standing import heads_of
from blocs.standing import Standing
from emulation.vietnamese import format_date
from scoring.enums import PointStage, SheetStatus
from scoring.models import AwardQuota as StoredQuota
from scoring.models import BallotVote, TieDecision
from scoring.rules.awards import AwardFacts, AwardQuota, AwardReport, propose
from scoring.rules.enums import GroundEffect, SanctionEffect
from scoring.rules.grounds import Ground, GroundFact
from scoring.rules.ranking import (
    BallotResult,
    HeadDecision,
    Key,
    Ranking,
    RankingInputs,
    UnitStanding,
    rank_bloc,
)
from scoring.rules.sheet import TriggeredSanction
from scoring.selectors.gathering import Member, Rulebook, Table, Total, members_of, rulebook_of

BACK_FROM_MEETING = ("back_to_appraising", "back_to_meeting")


@dataclass(frozen=True, slots=True)
class LiveRanking:
    """The ranking now: its inputs, its outcome, and the members it speaks of."""

    bloc_year: BlocYear
    members: Mapping[int, Member]
    table: Table
    inputs: RankingInputs
    ranking: Ranking

    def name(self, key: Key) -> str:
        """Return a unit's name in this year."""
        return self.members[int(key)].unit

    def names(self, keys: Iterable[Key]) -> tuple[str, ...]:
        """Return units' names in Vietnamese order."""
        ordered = sorted((self.members[int(key)] for key in keys), key=lambda each: each.sorting)
        return tuple(member.unit for member in ordered)

    @property
    def competing(self) -> list[Member]:
        """The members that rank in this bloc, those not considered among them."""
        return [each for each in self.members.values() if each.is_ranking and not each.has_left]

    @property
    def considered(self) -> list[Member]:
        """The members that compete and are considered: the base of every share."""
        excluded = {each.key for each in self.ranking.excluded}
        return [member for member in self.competing if member.pk not in excluded]

    @property
    def without_place(self) -> list[Member]:
        """Members that neither have a place nor were taken out by a decision or a rule."""
        placed = {row.key for row in self.ranking.ranked}
        return [member for member in self.considered if member.pk not in placed]


def live_ranking(bloc_year: BlocYear, standing: Standing | None = None) -> LiveRanking:
    """Return the ranking as it stands: two queries, two more where a tie waits for people.

    A reader's ``standing`` saves the query for who is head, and leaves out what the reader's own
    unit has not been told: while its sheet is being appraised, its own total stands in.
    """
    head_unit = standing.head if standing else heads_of(bloc_year).head
    members, rulebook = members_of(bloc_year, head_unit), rulebook_of(bloc_year)
    if standing:
        _leave_out_untold(members.values(), standing)
    inputs = RankingInputs(
        settings=rulebook.table.settings,
        units=tuple(_standings(members.values(), rulebook, bloc_year)),
    )
    ranking = rank_bloc(inputs, _display_key(members))
    if ranking.ties_pending:
        inputs = replace(
            inputs,
            ballots=tuple(ballots_of(bloc_year)),
            head_decisions=tuple(tie_decisions_of(bloc_year)),
        )
        ranking = rank_bloc(inputs, _display_key(members))
    return LiveRanking(bloc_year, members, rulebook.table, inputs, ranking)


_UNTOLD = (SheetStatus.APPRAISING, SheetStatus.SECOND_ROUND)


def _leave_out_untold(members: Iterable[Member], standing: Standing) -> None:
    for member in members:
        if member.unit_id in standing.units and member.sheet_status in _UNTOLD:
            member.totals.pop(PointStage.APPRAISED, None)


def _display_key(members: Mapping[int, Member]) -> Any:
    return lambda key: members[int(key)].sorting


# ---------------------------------------------------------------- standings


def _standings(
    members: Iterable[Member], rulebook: Rulebook, bloc_year: BlocYear
) -> Iterator[UnitStanding]:
    """Yield a standing for each member that ranks in this bloc."""
    for member in members:
        if member.is_ranking and not member.has_left:
            yield _standing(member, tuple(grounds_of(member, rulebook, bloc_year)))


def _standing(member: Member, grounds: tuple[GroundFact, ...]) -> UnitStanding:
    counted = member.counted
    if counted is None:
        return UnitStanding(key=member.pk, total=None, is_head=member.is_head, grounds=grounds)
    return UnitStanding(
        key=member.pk,
        total=counted.total,
        base=counted.base,
        plus=counted.plus,
        minus=counted.minus,
        section_points={code: Decimal(value) for code, value in counted.sections.items()},
        section_shares=_shares(counted, "section_shares"),
        criterion_shares=_shares(counted, "criterion_shares"),
        missing=counted.missing,
        is_head=member.is_head,
        sanctions=tuple(_sanction(each) for each in counted.facts.get("sanctions", ())),
        grounds=grounds,
    )


def _shares(total: Total, name: str) -> dict[str, Fraction]:
    shares: Mapping[str, str] = total.facts.get(name, {})
    return {code: Fraction(share) for code, share in shares.items()}


def _sanction(stored: Mapping[str, str]) -> TriggeredSanction:
    return TriggeredSanction(
        stored["code"], stored["title"], SanctionEffect(stored["effect"]), stored.get("grade", "")
    )


def grounds_of(member: Member, rulebook: Rulebook, bloc_year: BlocYear) -> Iterator[GroundFact]:
    """Yield what keeps a member back: decisions in force, then what holds by rule.

    A decision on the same ground goes before the rule; one to consider the unit all the same, with
    its reason, takes the rule's effect away.
    """
    decided = {each.ground: each for each in member.decisions.values() if not each.is_override}
    overrides = {each.ground: each.reason for each in member.decisions.values() if each.is_override}
    if superseded := superseded_by(member, rulebook):
        decided.pop(Ground.UNIT_DISSOLVED, None)
        yield GroundFact(Ground.UNIT_DISSOLVED, superseded, GroundEffect.EXCLUDED)
    for ground, decision in decided.items():
        yield GroundFact(
            ground, decision.reason, decision.effect, _ceiling(decision.effect, decision)
        )
    for ground, reason in _by_rule(member, rulebook, bloc_year):
        if ground not in decided:
            yield GroundFact(
                ground,
                reason,
                rulebook.effects[ground],
                override_reason=overrides.get(ground, ""),
            )


def superseded_by(member: Member, rulebook: Rulebook) -> str:
    """Return why a dissolved unit never ranks beside the one that came after it; "" if it may."""
    if not member.successor or not is_gone(member, rulebook):
        return ""
    return (
        f"{_dissolved(member)}; đơn vị kế thừa “{member.successor}” xếp hạng tại Khối này nên "
        "không tính hai lần"
    )


def _dissolved(member: Member) -> str:
    day = format_date(member.dissolved_on) if member.dissolved_on else ""
    return f"đơn vị giải thể ngày {day}"


def _by_rule(
    member: Member, rulebook: Rulebook, bloc_year: BlocYear
) -> Iterator[tuple[Ground, str]]:
    """Yield the grounds that hold without anybody's decision, each with what was found."""
    if rulebook.has_pledge and not member.is_signed:
        yield (
            Ground.PLEDGE_NOT_SIGNED,
            f"đến nay đơn vị chưa ký giao ước thi đua năm {bloc_year.year}",
        )
    if is_gone(member, rulebook) and not superseded_by(member, rulebook):
        yield Ground.UNIT_DISSOLVED, _dissolved(member)
    if is_too_short(member, rulebook):
        yield (
            Ground.TOO_SHORT,
            f"ở trong Khối {member.months} tháng, chưa đủ {rulebook.min_months} tháng",
        )


def is_gone(member: Member, rulebook: Rulebook) -> bool:
    """Return whether the unit was dissolved by the day on which the result is decided."""
    return member.dissolved_on is not None and member.dissolved_on <= rulebook.decided_on


def is_too_short(member: Member, rulebook: Rulebook) -> bool:
    """Return whether the unit has been in the bloc for fewer months than the year asks."""
    months, minimum = member.months, rulebook.min_months
    return months is not None and minimum is not None and months < minimum


def _ceiling(effect: GroundEffect, decision: Any) -> str:
    return str(decision.grade_ceiling) if effect is GroundEffect.GRADE_CEILING else ""


# ---------------------------------------------------------------- what people decided on ties


def ballots_of(bloc_year: BlocYear) -> Iterator[BallotResult]:
    """Yield the ballots that are not void; a repeated vote on the same units is a later round."""
    votes = (
        BallotVote.objects.filter(ballot__bloc_year=bloc_year, ballot__voided_at__isnull=True)
        .order_by("ballot__recorded_at", "ballot_id", "pk")
        .values_list("ballot_id", "membership_id", "votes")
    )
    counted: dict[int, list[tuple[Key, int]]] = {}
    for ballot, membership, count in votes:
        counted.setdefault(ballot, []).append((membership, count))
    rounds: dict[frozenset[Key], int] = {}
    for each in counted.values():
        units = frozenset(key for key, _ in each)
        rounds[units] = rounds.get(units, 0) + 1
        yield BallotResult(votes=tuple(each), round=rounds[units])


def tie_decisions_of(bloc_year: BlocYear) -> Iterator[HeadDecision]:
    """Yield the head's latest order of each set of units, unless the year went back since."""
    went_back = BlocYearTransition.objects.filter(
        bloc_year=bloc_year, transition__in=BACK_FROM_MEETING, at__gte=OuterRef("at")
    )
    decisions = TieDecision.objects.filter(~Exists(went_back), bloc_year=bloc_year)
    seen: set[frozenset[int]] = set()
    for decision in decisions.order_by("-at", "-pk"):
        units = frozenset(decision.order)
        if units not in seen:
            seen.add(units)
            yield HeadDecision(tuple(decision.order), decision.reason)


# ---------------------------------------------------------------- awards


def quotas_of(bloc_year: BlocYear) -> list[StoredQuota]:
    """Return the bloc-year's quotas, the highest award first."""
    quotas = StoredQuota.objects.filter(bloc_year=bloc_year).select_related("award")
    return list(quotas.order_by("award__position", "pk"))


def quota_rules(quota: StoredQuota) -> AwardQuota:
    """Return a stored quota as the rules read it."""
    return AwardQuota(
        award=quota.award.code,
        label=quota.award.label,
        max_count=quota.max_count,
        max_share=quota.max_share,
        worst_rank=quota.worst_rank,
        lowest_grade=quota.lowest_grade,
        lowest_total=quota.lowest_total,
        needs=tuple(quota.needs),
        extra_condition=quota.extra_condition,
    )


def award_report(live: LiveRanking, quotas: Iterable[StoredQuota]) -> AwardReport:
    """Return what the quotas propose for this ranking, what stays open, what waits."""
    facts: dict[Key, AwardFacts] = {
        member.pk: AwardFacts(conditions={"pledge_signed": member.is_signed})
        for member in live.members.values()
    }
    return propose(live.ranking, [quota_rules(each) for each in quotas], facts)
