"""A ranking as page, workbook and paper show it, whether live or from a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from emulation.vietnamese import format_points
from scoring.enums import NominationStatus, PointStage
from scoring.models import CouncilDecision, Nomination, RankingRow
from scoring.selectors.explaining import EXCLUDED, RANKED, explanations_of
from scoring.selectors.ranking import LiveRanking
from scoring.selectors.results import decision_of

NOT_PROPOSED = "Không đề nghị"


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of a total; ``words`` as it stands beside the bar."""

    label: str
    points: Decimal
    tone: str
    title: str

    @property
    def words(self) -> str:
        """The part in words: "A 48,50"."""
        return f"{self.label} {format_points(self.points)}"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One unit of the table, live or from a snapshot, ready for page, workbook and paper."""

    membership_id: int
    unit: str
    rank: int | None
    is_tied: bool
    total: Decimal | None
    base: Decimal | None
    plus: Decimal | None
    minus: Decimal | None
    grade: str
    explanation: Mapping[str, Any]
    award: str = ""
    decision: str = ""
    unit_id: int = 0
    sheet_id: int | None = None
    parts: tuple[ShownPart, ...] = field(default=())

    @property
    def place(self) -> str:
        """The place as people say it: "3 (đồng hạng)"."""
        if self.rank is None:
            return ""
        return f"{self.rank} (đồng hạng)" if self.is_tied else str(self.rank)

    @property
    def placed(self) -> Sequence[str]:
        """Why the unit stands where it stands, sentence by sentence."""
        return list(self.explanation.get("placed", []))

    @property
    def graded(self) -> Sequence[str]:
        """Why the grade is what it is, and not higher."""
        return list(self.explanation.get("graded", []))

    @property
    def notes(self) -> Sequence[str]:
        """Grounds found of the unit that do not take its place away."""
        return list(self.explanation.get("notes", []))

    @property
    def needs_decision(self) -> Sequence[str]:
        """Grounds on which people have to decide whether the unit is considered."""
        return list(self.explanation.get("needs_decision", []))

    @property
    def proposal_reason(self) -> str:
        """Why the quotas propose what they propose."""
        return str((self.explanation.get("proposal") or {}).get("reason", ""))

    @property
    def decisions(self) -> Sequence[Mapping[str, str]]:
        """Standing decisions on the unit: ground, effect, reason, author, date."""
        return list(self.explanation.get("decisions", []))

    @property
    def note(self) -> str:
        """The remark on the membership, such as why a report gives no result."""
        return str(self.explanation.get("note", ""))

    @property
    def bar(self) -> list[tuple[str, Decimal, str]]:
        """The parts as the bar draws them."""
        return [(each.label, each.points, each.tone) for each in self.parts]

    @property
    def bar_words(self) -> str:
        """The parts in words, beside the bar."""
        return " · ".join(each.words for each in self.parts)

    @property
    def reasons(self) -> Sequence[str]:
        """Why the unit has no place."""
        return [each for each in self.explanation.get("reasons", []) if each]

    @property
    def is_example(self) -> bool:
        """Whether its figures are made up for demonstration."""
        return bool(self.explanation.get("is_example"))

    @property
    def unit_is_example(self) -> bool:
        """Whether the unit itself is made up, not only its figures."""
        return bool(self.explanation.get("unit_is_example"))

    @property
    def is_provisional(self) -> bool:
        """Whether the total is not yet the approved one."""
        stage = self.explanation.get("stage", "")
        return self.total is not None and stage != PointStage.FINAL.label

    @property
    def pending(self) -> str:
        """What the place or the grade still waits for."""
        waits = (self.explanation.get("tie_pending"), self.explanation.get("grade_pending"))
        return " ".join(each for each in waits if each)


@dataclass(frozen=True, slots=True)
class ShownRanking:
    """The whole table: ranked units, then those without a place, in three kinds."""

    rows: tuple[ShownRow, ...]

    def _of(self, *groups: str) -> list[ShownRow]:
        return [row for row in self.rows if row.explanation.get("group") in groups]

    @property
    def ranked(self) -> list[ShownRow]:
        """Units with a place, the best first."""
        return self._of(RANKED)

    @property
    def without_result(self) -> list[ShownRow]:
        """Units that have no total, no sheet, or no place in this bloc."""
        return [row for row in self.rows if row.explanation.get("group") not in {RANKED, EXCLUDED}]

    @property
    def excluded(self) -> list[ShownRow]:
        """Units that are not considered, by a decision or by rule."""
        return self._of(EXCLUDED)

    @property
    def bar_total(self) -> Decimal:
        """The length of the longest bar, so that all are drawn to one scale."""
        gains = [
            sum((p.points for p in row.parts if p.points > 0), Decimal(0)) for row in self.rows
        ]
        return max([Decimal(100), *gains])

    @property
    def has_examples(self) -> bool:
        """Whether any figure in the table is an example."""
        return any(row.is_example for row in self.rows)

    @property
    def is_provisional(self) -> bool:
        """Whether any place still rests on totals that are not approved."""
        return any(row.is_provisional for row in self.ranked)


def shown_live(live: LiveRanking) -> ShownRanking:
    """Return the live ranking as pages show it; proposals only come with adoption."""
    explanations = explanations_of(live)
    ranked = {int(row.key): row for row in live.ranking.rows}
    order = [int(row.key) for row in live.ranking.rows]
    others = [key for key in live.members if key not in ranked]
    shown = []
    for key in [*order, *others]:
        row, member = ranked.get(key), live.members[key]
        counted = member.counted
        shown.append(
            ShownRow(
                membership_id=key,
                unit=member.unit,
                rank=row.rank if row else None,
                is_tied=bool(row and row.is_tied),
                total=counted.total if counted else None,
                base=counted.base if counted else None,
                plus=counted.plus if counted else None,
                minus=counted.minus if counted else None,
                grade=row.grade if row else "",
                explanation=explanations[key],
                unit_id=member.unit_id,
                sheet_id=member.sheet_id,
                parts=parts_of(explanations[key]),
            )
        )
    return ShownRanking(tuple(shown))


def shown_snapshot(rows: Iterable[RankingRow], *, with_decisions: bool) -> ShownRanking:
    """Return a snapshot as pages show it.

    ``with_decisions`` adds what the Council decided; before publication only the board's pages
    pass it.
    """
    return ShownRanking(
        tuple(
            ShownRow(
                membership_id=row.membership_id,
                unit=row.explanation.get("unit") or row.membership.unit_name,
                rank=row.rank,
                is_tied=row.is_tied,
                total=row.total,
                base=row.base,
                plus=row.plus,
                minus=row.minus,
                grade=row.grade,
                explanation=row.explanation,
                award=award_label(row),
                decision=decision_label(row) if with_decisions else "",
                unit_id=row.membership.unit_id,
                sheet_id=row.explanation.get("sheet"),
                parts=parts_of(row.explanation),
            )
            for row in rows
        )
    )


def parts_of(explanation: Mapping[str, Any]) -> tuple[ShownPart, ...]:
    """Return the parts of a total out of its explanation."""
    return tuple(
        ShownPart(each["label"], Decimal(each["points"]), each["tone"], each["title"])
        for each in explanation.get("parts", [])
    )


def award_label(row: RankingRow) -> str:
    """Return what the bloc proposes now for the unit of a row."""
    nomination: Nomination | None = getattr(row.membership, "nomination", None)
    if row.rank is None or nomination is None:
        return ""
    pending = (row.explanation.get("proposal") or {}).get("pending", "")
    if pending and nomination.stage is NominationStatus.PROPOSED:
        return "Chờ quyết định"
    return nomination.award.label if nomination.award else NOT_PROPOSED


def decision_label(row: RankingRow) -> str:
    """Return what the Council decided on the unit of a row; empty if nothing yet."""
    nomination: Nomination | None = getattr(row.membership, "nomination", None)
    decision = decision_of(nomination) if nomination else None
    return outcome_label(decision) if decision else ""


def outcome_label(decision: CouncilDecision) -> str:
    """Return a decision in words: the award given, or that none was."""
    if decision.award is None:
        return str(decision.get_outcome_display())
    return decision.award.label
