"""What breaks each invariant of ``scoring``."""

from __future__ import annotations

from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from blocs.models import Membership, StructureChange, Succession, Unit
from emulation.models import StoredFile
from scoring.models import (
    Award,
    AwardQuota,
    BallotVote,
    CouncilDecision,
    Nomination,
    NominationTransition,
    RankingRow,
    RankingSnapshot,
    RubricTransition,
    ScoreLine,
    ScoreSheet,
    SheetTransition,
    StageTotal,
)
from tests.invariants.breaks import Break, Breaks, broken_logs, first, rows, twin
from tests.story import WHEN, Story


def _other_member(story: Story) -> int:
    return rows(Membership, bloc_year=story.keys["other_year"]).get().pk


def _foreign_award(story: Story) -> int:
    award = rows(Award).first()
    twin(award, board_id=story.keys["other_board"])
    return rows(Award).last().pk


def _wrong_total(name: str) -> Break:
    figure = {name: Decimal("1.11")}
    return Break(
        f"stored {name} ", lambda _story: first(StageTotal, stage="final").update(**figure)
    )


def _unreadable(_story: Story) -> None:
    first(RankingSnapshot).update(inputs={})


def _ranked_beside_its_successor(story: Story) -> None:
    before, after = (row.membership.unit for row in rows(RankingRow, rank__isnull=False)[:2])
    rows(Unit, pk=before.pk).update(ended_on=WHEN["running"])
    change = StructureChange.objects.create(
        board=story.board,
        kind="merged",
        title="Sáp nhập",
        effective_on=WHEN["running"],
        reason="Nghị quyết",
        actor=story.people["board"],
        acting_as="Ban",
    )
    Succession.objects.create(change=change, predecessor=before, successor=after)


def _lose_content(_story: Story) -> None:
    first(StoredFile).update(file="evidence/2025/khong-co")


def _stray_file(_story: Story) -> None:
    default_storage.save("evidence/2025/thua", ContentFile(b"x"))


def _ownerless(story: Story) -> None:
    twin(rows(StoredFile).first())


APPROVED = {"outcome": "approved"}

SCORING: Breaks = {
    "totals_equal_their_lines": (
        *(_wrong_total(name) for name in ("total", "base", "plus", "minus")),
        Break(
            "its input gives",
            lambda story: rows(ScoreLine, pk=story.line("A2").pk).update(
                final_points=Decimal("1.11")
            ),
        ),
    ),
    "approved_sheets_have_final_totals": (
        Break(
            "approved without a final total",
            lambda _story: first(StageTotal, stage="final").update(total=None),
        ),
    ),
    "snapshots_recompute": (
        Break("its inputs cannot be read", _unreadable),
        Break("stored place", lambda _story: first(RankingRow, rank=1).update(rank=7)),
        Break(
            "stored total",
            lambda _story: first(RankingRow, rank=1).update(total=Decimal("1.11")),
        ),
    ),
    "snapshots_are_numbered": (
        Break("are numbered [2]", lambda _story: first(RankingSnapshot).update(number=2)),
    ),
    "rows_stay_in_their_year": (
        Break(
            "RankingRow", lambda story: first(RankingRow).update(membership=_other_member(story))
        ),
        Break(
            "Nomination", lambda story: first(Nomination).update(membership=_other_member(story))
        ),
        Break(
            "BallotVote", lambda story: first(BallotVote).update(membership=_other_member(story))
        ),
    ),
    "successors_rank_alone": (
        Break("ranked beside its successor", _ranked_beside_its_successor),
    ),
    "logs_agree": (
        *broken_logs(SheetTransition, "sheet"),
        *broken_logs(RubricTransition, "rubric"),
        *broken_logs(NominationTransition, "nomination"),
    ),
    "decisions_fit_nominations": (
        Break(
            "decided approved",
            lambda _story: first(Nomination, decision__outcome="approved").update(
                status="rejected"
            ),
        ),
        Break(
            "nothing was proposed",
            lambda _story: first(Nomination, decision__isnull=False).update(award=None),
        ),
        Break(
            "another award than proposed",
            lambda story: first(CouncilDecision, **APPROVED).update(award=_foreign_award(story)),
        ),
        Break(
            "without a decision",
            lambda _story: first(Nomination, decision__isnull=True).update(status="approved"),
        ),
    ),
    "awards_stand_under_their_board": (
        Break(
            "AwardQuota", lambda story: first(AwardQuota).update(award=_foreign_award(story))
        ),
        Break(
            "Nomination", lambda story: first(Nomination).update(award=_foreign_award(story))
        ),
        Break(
            "CouncilDecision",
            lambda story: first(CouncilDecision).update(award=_foreign_award(story)),
        ),
        Break(
            "ScoreSheet",
            lambda story: first(ScoreSheet).update(board=story.keys["other_board"]),
        ),
    ),
    "files_have_owners": (
        Break("no row refers to it", _ownerless),
        Break("its content is missing", _lose_content),
        Break("a file without a row", _stray_file),
    ),
}  # fmt: skip
