"""Proposing awards: quotas walked in order, the best-ranked units first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby

from scoring.rules.conditions import AwardFacts, AwardQuota, Fitness, fitness
from scoring.rules.numbers import InputError, show, show_percent
from scoring.rules.plain import PlainForm
from scoring.rules.ranking import Ranking, RankRow
from scoring.rules.standings import Key

__all__ = [
    "AwardDecision",
    "AwardFacts",
    "AwardQuota",
    "AwardReport",
    "OpenPlace",
    "Proposal",
    "QuotaTie",
    "propose",
]


@dataclass(frozen=True)
class AwardDecision(PlainForm):
    """A recorded decision: this unit gets (`granted`) or does not get this award."""

    award: str
    key: Key
    granted: bool
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError("Quyết định về đề nghị khen thưởng phải nêu lý do.")


@dataclass(frozen=True)
class Proposal(PlainForm):
    """An award proposed for a unit. `pending` is what must still be settled first."""

    key: Key
    award: str
    label: str
    reason: str
    pending: str = ""


@dataclass(frozen=True)
class OpenPlace(PlainForm):
    """Places of an award that stay open: left by these units, or reached by nobody."""

    award: str
    label: str
    count: int
    keys: tuple[Key, ...]
    reason: str


@dataclass(frozen=True)
class QuotaTie(PlainForm):
    """Units of equal rank across a quota's line, for people to decide."""

    award: str
    label: str
    keys: tuple[Key, ...]
    places: int
    text: str


@dataclass(frozen=True)
class AwardReport(PlainForm):
    """What is proposed, what stays open, what waits for a decision."""

    proposals: tuple[Proposal, ...]
    open_places: tuple[OpenPlace, ...]
    ties: tuple[QuotaTie, ...]
    warnings: tuple[str, ...]


def propose(
    ranking: Ranking,
    quotas: Sequence[AwardQuota],
    facts: Mapping[Key, AwardFacts],
    decisions: Sequence[AwardDecision] = (),
) -> AwardReport:
    """Return the proposals that follow from a ranking.

    The quotas are walked in their order. A unit that fails a condition leaves its place
    open and is considered for the next award; nobody moves up without a decision.
    """
    walk = _Walk(ranking, facts, decisions)
    for quota in quotas:
        _QuotaWalk(walk, quota).run()
    return AwardReport(
        tuple(walk.proposals),
        tuple(walk.open_places),
        tuple(walk.ties),
        (*walk.warnings, *_too_many(ranking, quotas)),
    )


def places_of(quota: AwardQuota, ranked: int) -> int:
    """Return how many units may get the award; without a limit, all ranked ones."""
    by_share = int(Fraction(quota.max_share) * ranked) if quota.max_share is not None else ranked
    return min(by_share, ranked if quota.max_count is None else quota.max_count)


def _too_many(ranking: Ranking, quotas: Sequence[AwardQuota]) -> Iterator[str]:
    ranked = len(ranking.ranked)
    counts = [quota.max_count for quota in quotas if quota.max_count is not None]
    if sum(counts) > ranked:
        yield f"Tổng số suất khen thưởng ({sum(counts)}) nhiều hơn số đơn vị xếp hạng ({ranked})."
    for quota in quotas:
        if quota.max_share is not None and places_of(quota, ranked) == 0 and ranked:
            share = show_percent(Fraction(quota.max_share))
            yield f"{quota.label}: {share} của {ranked} đơn vị chưa đủ 1 suất."


@dataclass
class _Walk:
    """What the walk knows so far. `owed` counts, by rank, the units of an undecided tie
    that will not get the award they are tied for and come down to the next ones.
    """

    ranking: Ranking
    facts: Mapping[Key, AwardFacts]
    decisions: Sequence[AwardDecision]
    proposals: list[Proposal] = field(default_factory=list)
    open_places: list[OpenPlace] = field(default_factory=list)
    ties: list[QuotaTie] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    owed: dict[int, int] = field(default_factory=dict)

    def groups(self) -> list[tuple[int, list[RankRow]]]:
        """Return the units not yet proposed, by rank."""
        placed = {proposal.key for proposal in self.proposals}
        rows = [row for row in self.ranking.ranked if row.key not in placed]
        return [(rank, list(group)) for rank, group in groupby(rows, lambda row: row.rank or 0)]


class _QuotaWalk:
    """The walk through one quota."""

    def __init__(self, walk: _Walk, quota: AwardQuota) -> None:
        self.walk = walk
        self.quota = quota
        self.ranked = len(walk.ranking.ranked)
        self.left = places_of(quota, self.ranked)
        self.open = 0
        decided = [each for each in walk.decisions if each.award == quota.award]
        self.granted = {each.key: each.reason for each in decided if each.granted}
        self.refused = {each.key: each.reason for each in decided if not each.granted}

    def run(self) -> None:
        """Fill the places from the best rank down, then hand out what decisions pass on."""
        for rank, rows in self.walk.groups():
            if not self.left or self._is_too_low(rank):
                break
            if rank in self.walk.owed:
                self._reserve(rank, rows)
            else:
                self._place(rank, rows)
        self._report_unreached()
        self._pass_on()

    def _is_too_low(self, rank: int) -> bool:
        return self.quota.worst_rank is not None and rank > self.quota.worst_rank

    def _place(self, rank: int, rows: Sequence[RankRow]) -> None:
        """Place the units of one rank, or record that they are tied across the line."""
        fits = {row.key: self._fitness(row) for row in rows}
        fitting = [row for row in rows if not fits[row.key].failures]
        room = self._room(rank, rows)
        if len(fitting) > room:
            chosen = [row for row in fitting if row.key in self.granted]
            if len(chosen) != room:
                self._record_tie(rank, fitting, room)
                return
            fitting = chosen
        for row in fitting:
            self._propose(row, self._reason(row), fits[row.key])
        self.left -= len(fitting)
        self._leave_open([(row, fits[row.key]) for row in rows if fits[row.key].failures])

    def _room(self, rank: int, rows: Sequence[RankRow]) -> int:
        """Return the places within reach; a tie still open may push some below the line."""
        worst = self.quota.worst_rank
        if worst is None or not any(row.tie_pending for row in rows):
            return self.left
        return min(self.left, worst - rank + 1)

    def _fitness(self, row: RankRow) -> Fitness:
        """Judge a unit, a recorded decision before the conditions."""
        if row.key in self.refused:
            return Fitness((f"theo quyết định: {self.refused[row.key]}",))
        if row.key in self.granted:
            return Fitness()
        facts = self.walk.facts.get(row.key, AwardFacts())
        return fitness(row, self.quota, facts, self.walk.ranking.grade_order)

    def _propose(self, row: RankRow, reason: str, fit: Fitness) -> None:
        quota = self.quota
        pending = "; ".join(fit.pending)
        self.walk.proposals.append(Proposal(row.key, quota.award, quota.label, reason, pending))

    def _reason(self, row: RankRow) -> str:
        """Return why the unit is proposed, from its row."""
        tied = " (đồng hạng)" if row.is_tied else ""
        grade = f", xếp loại {row.grade}" if row.grade else ""
        total = f", {show(row.total)} điểm" if row.total is not None else ""
        decided = self.granted.get(row.key)
        suffix = f"; theo quyết định: {decided}" if decided else ""
        return f"Hạng {row.rank} trên {self.ranked}{tied}{grade}{total}{suffix}."

    def _record_tie(self, rank: int, rows: Sequence[RankRow], room: int) -> None:
        """Record units tied across the line; those that fall short are owed a lower award."""
        waits = next((row.tie_pending for row in rows if row.tie_pending), "Chờ quyết định.")
        text = f"{len(rows)} đơn vị cùng hạng {rank}, còn {room} suất {self.quota.label}. {waits}"
        self._append_tie(rows, room, text)
        self.walk.owed[rank] = len(rows) - room
        self.left -= room

    def _reserve(self, rank: int, rows: Sequence[RankRow]) -> None:
        """Keep places for the units that an undecided tie above will send down."""
        taken = min(self.walk.owed[rank], self.left)
        if taken:
            text = f"Giữ {taken} suất {self.quota.label} chờ kết quả phân định hạng {rank}."
            self._append_tie(rows, taken, text)
        self.walk.owed[rank] -= taken
        self.left -= taken

    def _append_tie(self, rows: Sequence[RankRow], places: int, text: str) -> None:
        keys = tuple(row.key for row in rows)
        quota = self.quota
        self.walk.ties.append(QuotaTie(quota.award, quota.label, keys, places, text))

    def _leave_open(self, failing: Sequence[tuple[RankRow, Fitness]]) -> None:
        count = min(len(failing), self.left)
        if count:
            reasons = "; ".join(f"hạng {row.rank}: {', '.join(f.failures)}" for row, f in failing)
            keys = tuple(row.key for row, _ in failing)
            self._append_open(count, keys, f"Để trống {count} suất ({reasons}).")
        self.left -= count

    def _report_unreached(self) -> None:
        """Record places that no ranked unit reached, where their number is a limit."""
        limited = self.quota.max_count is not None or self.quota.max_share is not None
        if limited and self.left:
            self._append_open(self.left, (), f"Còn {self.left} suất không có đơn vị đạt thứ hạng.")

    def _append_open(self, count: int, keys: tuple[Key, ...], reason: str) -> None:
        quota = self.quota
        self.open += count
        self.walk.open_places.append(OpenPlace(quota.award, quota.label, count, keys, reason))

    def _pass_on(self) -> None:
        """Give open places to the units that a recorded decision names."""
        placed = {proposal.key for proposal in self.walk.proposals}
        for row in self.walk.ranking.ranked:
            if row.key not in self.granted or row.key in placed or self._is_tied_here(row):
                continue
            if not self.open:
                self.walk.warnings.append(f"{self.quota.label}: không còn suất để chuyển.")
                return
            self._propose(row, self._reason(row), Fitness())
            self._close_one()

    def _is_tied_here(self, row: RankRow) -> bool:
        return row.rank in self.walk.owed

    def _close_one(self) -> None:
        """Take one place off the last open ones of this award."""
        self.open -= 1
        last = self.walk.open_places.pop()
        if last.count > 1:
            self.walk.open_places.append(replace(last, count=last.count - 1))
