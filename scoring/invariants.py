"""What must always hold of scoring's data.

Each function yields one sentence per broken rule; nothing yielded, nothing broken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache

from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Q

from blocs.invariants import broken_logs
from blocs.models import BlocPaper, BlocYearTransition, BoardImport, Succession
from emulation.clock import local_date
from emulation.models import StoredFile
from pledges.models import PledgeSignature
from scoring.enums import DecisionOutcome, NominationStatus, PointStage, SheetStatus
from scoring.models import (
    AwardQuota,
    BallotVote,
    CouncilDecision,
    Evidence,
    Nomination,
    NominationTransition,
    RankingRow,
    RankingSnapshot,
    Rubric,
    RubricTransition,
    ScoreLine,
    ScoreSheet,
    SheetTransition,
    StageTotal,
)
from scoring.rules.numbers import InputError
from scoring.rules.ranking import RankingInputs, RankRow, rank_bloc
from scoring.rules.rubric import RubricRules
from scoring.selectors.predecessors import predecessor_ids
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import lines_of
from scoring.services.totals import POINTS_COLUMN, Scored, score

STATUS_OF_OUTCOME = {
    DecisionOutcome.APPROVED: NominationStatus.APPROVED,
    DecisionOutcome.LOWERED: NominationStatus.LOWERED,
    DecisionOutcome.REJECTED: NominationStatus.REJECTED,
}

# ---------------------------------------------------------------- points


def totals_equal_their_lines() -> Iterator[str]:
    """Every stored total, and the points of every line, are what the rules make of the inputs."""

    @cache
    def rules(rubric: Rubric) -> RubricRules:
        return rules_of(rubric)

    sheets = (
        ScoreSheet.objects.select_related("rubric", "bloc_year")
        .prefetch_related("totals")
        .order_by("pk")
    )
    for sheet in sheets:
        lines = list(lines_of(sheet))
        for total in sheet.totals.all():
            if _is_void(sheet, total):
                continue
            scored = score(sheet, PointStage(total.stage), rules(sheet.rubric), lines)
            yield from _wrong_total(sheet, total, scored)
            yield from _wrong_lines(sheet, total, scored, lines)


def _is_void(sheet: ScoreSheet, total: StageTotal) -> bool:
    """A final total taken back with its approval stands for "not scored"."""
    return total.stage == PointStage.FINAL and sheet.status != SheetStatus.APPROVED


def _wrong_total(sheet: ScoreSheet, total: StageTotal, scored: Scored) -> Iterator[str]:
    result = scored.result
    for name, computed in (
        ("total", scored.total),
        ("base", result.base),
        ("plus", result.plus),
        ("minus", result.minus),
    ):
        stored = getattr(total, name)
        if stored != computed:
            yield (
                f"ScoreSheet {sheet.pk}, {total.stage}: stored {name} {stored}, "
                f"its lines give {computed}."
            )


def _wrong_lines(
    sheet: ScoreSheet, total: StageTotal, scored: Scored, lines: Iterable[ScoreLine]
) -> Iterator[str]:
    counted: Mapping[str, Decimal | None] = {
        line.code: line.counted for line in scored.result.lines
    }
    column = POINTS_COLUMN[PointStage(total.stage)]
    for line in lines:
        code = line.criterion.code
        computed = None if code in scored.untreated else counted[code]
        if getattr(line, column) != computed:
            yield (
                f"ScoreSheet {sheet.pk}, {total.stage}, {code}: stored {getattr(line, column)}, "
                f"its input gives {computed}."
            )


def approved_sheets_have_final_totals() -> Iterator[str]:
    """An approved sheet has a final total."""
    final = StageTotal.objects.filter(
        sheet=OuterRef("pk"), stage=PointStage.FINAL, total__isnull=False
    )
    lacking = ScoreSheet.objects.filter(~Exists(final), status=SheetStatus.APPROVED)
    for sheet in lacking.order_by("pk"):
        yield f"ScoreSheet {sheet.pk}: approved without a final total."


# ---------------------------------------------------------------- ranking


def snapshots_recompute() -> Iterator[str]:
    """Every adopted table follows from the inputs it keeps: ranks, ties, grades, totals."""
    for snapshot in RankingSnapshot.objects.order_by("pk").iterator():
        stored = {row.membership_id: row for row in snapshot.rows.all()}
        try:
            ranking = rank_bloc(RankingInputs.from_json(snapshot.inputs["ranking"]))
        except (InputError, KeyError) as error:
            yield f"RankingSnapshot {snapshot.pk}: its inputs cannot be read ({error})."
            continue
        computed = {int(row.key): row for row in ranking.rows}
        for key, row in stored.items():
            yield from _wrong_place(snapshot, row, computed.get(key))


def _wrong_place(
    snapshot: RankingSnapshot, stored: RankingRow, computed: RankRow | None
) -> Iterator[str]:
    place = (computed.rank, computed.is_tied, computed.grade) if computed else (None, False, "")
    if (stored.rank, stored.is_tied, stored.grade) != place:
        yield (
            f"RankingSnapshot {snapshot.pk}, member {stored.membership_id}: stored place "
            f"{stored.rank} {stored.grade}, its inputs give {place[0]} {place[2]}."
        )
    if computed and stored.total != computed.total:
        yield (
            f"RankingSnapshot {snapshot.pk}, member {stored.membership_id}: stored total "
            f"{stored.total}, its inputs say {computed.total}."
        )


def snapshots_are_numbered() -> Iterator[str]:
    """A bloc-year's tables are numbered 1, 2, 3 … without a gap."""
    numbers: dict[int, list[int]] = {}
    rows = RankingSnapshot.objects.order_by("bloc_year_id", "number")
    for year, number in rows.values_list("bloc_year_id", "number"):
        numbers.setdefault(year, []).append(number)
    for year, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"BlocYear {year}: its adopted tables are numbered {found}."


def rows_stay_in_their_year() -> Iterator[str]:
    """Rows, nominations and votes name members of their own bloc-year."""
    for row in RankingRow.objects.exclude(membership__bloc_year=F("snapshot__bloc_year")).order_by(
        "pk"
    ):
        yield f"RankingRow {row.pk}: a member of another bloc-year."
    for nomination in Nomination.objects.exclude(membership__bloc_year=F("bloc_year")).order_by(
        "pk"
    ):
        yield f"Nomination {nomination.pk}: a member of another bloc-year."
    for vote in BallotVote.objects.exclude(membership__bloc_year=F("ballot__bloc_year")).order_by(
        "pk"
    ):
        yield f"BallotVote {vote.pk}: a member of another bloc-year."


def successors_rank_alone() -> Iterator[str]:
    """No adopted table ranks a unit that had ended beside one that came after it."""
    rows = RankingRow.objects.filter(
        rank__isnull=False, membership__unit__in=Succession.objects.values("predecessor")
    ).select_related("snapshot", "membership__unit")
    for row in rows.order_by("pk"):
        gone = row.membership.unit.ended_on
        if gone is None or _decided_on(row.snapshot) < gone:
            continue
        others = RankingRow.objects.filter(snapshot=row.snapshot_id, rank__isnull=False)
        for other in others.select_related("membership").order_by("pk"):
            if row.membership.unit_id in predecessor_ids(other.membership.unit_id):
                yield (
                    f"RankingSnapshot {row.snapshot_id}: member {row.membership_id}, which had "
                    f"ended, is ranked beside its successor {other.membership_id}."
                )


def _decided_on(snapshot: RankingSnapshot) -> dt.date:
    """Return the day of the adoption that a table, or its correction, goes back to."""
    adopted = BlocYearTransition.objects.filter(
        bloc_year=snapshot.bloc_year_id, transition="adopt", at__lte=snapshot.adopted_at
    ).order_by("-at", "-pk")
    return local_date(adopted.values_list("at", flat=True).first() or snapshot.adopted_at)


# ---------------------------------------------------------------- logs


def logs_agree() -> Iterator[str]:
    """Every log of sheets, rubrics and nominations is contiguous and ends at the status."""
    yield from broken_logs(ScoreSheet, SheetTransition, "sheet", SheetStatus.NOT_STARTED.value)
    yield from broken_logs(Rubric, RubricTransition, "rubric")
    yield from broken_logs(
        Nomination, NominationTransition, "nomination", NominationStatus.PROPOSED.value
    )


# ---------------------------------------------------------------- nominations and decisions


def decisions_fit_nominations() -> Iterator[str]:
    """A decision's outcome is its nomination's status, and its award fits what was proposed."""
    for decision in CouncilDecision.objects.select_related("nomination").order_by("pk"):
        nomination = decision.nomination
        wanted = STATUS_OF_OUTCOME[DecisionOutcome(decision.outcome)]
        if nomination.stage not in (wanted, NominationStatus.REVOKED):
            yield f"Nomination {nomination.pk}: {nomination.status}, decided {decision.outcome}."
        if nomination.award_id is None:
            yield f"Nomination {nomination.pk}: decided although nothing was proposed."
        as_proposed = decision.award_id == nomination.award_id
        if decision.outcome == DecisionOutcome.APPROVED and not as_proposed:
            yield f"CouncilDecision {decision.pk}: approved, but another award than proposed."
    decided = Nomination.objects.filter(
        status__in=[status.value for status in STATUS_OF_OUTCOME.values()], decision__isnull=True
    )
    for nomination in decided.order_by("pk"):
        yield f"Nomination {nomination.pk}: {nomination.status} without a decision."


def awards_stand_under_their_board() -> Iterator[str]:
    """Quotas, proposals and decisions name awards of their year's board, sheets stand under it."""
    for quota in AwardQuota.objects.exclude(award__board=F("bloc_year__board")).order_by("pk"):
        yield f"AwardQuota {quota.pk}: an award of another board."
    proposed = Nomination.objects.filter(award__isnull=False)
    for each in proposed.exclude(award__board=F("bloc_year__board")).order_by("pk"):
        yield f"Nomination {each.pk}: an award of another board."
    given = CouncilDecision.objects.filter(award__isnull=False)
    year_board = F("nomination__bloc_year__board")
    for decision in given.exclude(award__board=year_board).order_by("pk"):
        yield f"CouncilDecision {decision.pk}: an award of another board."
    for sheet in ScoreSheet.objects.exclude(board=F("bloc_year__board")).order_by("pk"):
        yield f"ScoreSheet {sheet.pk}: another board than its year's."


# ---------------------------------------------------------------- files


def files_have_owners() -> Iterator[str]:
    """Every stored file has an owner (evidence, signature, paper, import) and lies in its place."""
    owned = (
        Q(Exists(Evidence.objects.filter(file=OuterRef("pk"))))
        | Q(Exists(PledgeSignature.objects.filter(scan=OuterRef("pk"))))
        | Q(Exists(BlocPaper.objects.filter(file=OuterRef("pk"))))
        | Q(Exists(BoardImport.objects.filter(file=OuterRef("pk"))))
    )
    for file in StoredFile.objects.exclude(owned).order_by("pk"):
        yield f"StoredFile {file.pk}: no row refers to it."
    known = set()
    for file in StoredFile.objects.order_by("pk").iterator():
        known.add(file.file.name)
        if not default_storage.exists(str(file.file.name)):
            yield f"StoredFile {file.pk}: its content is missing."
    yield from (f"{name}: a file without a row." for name in _on_disk() if name not in known)


def _on_disk() -> Iterator[str]:
    """Yield the names of all uploaded files that lie in the storage."""
    if not default_storage.exists("evidence"):
        return
    years, _ = default_storage.listdir("evidence")
    for year in sorted(years):
        _, names = default_storage.listdir(f"evidence/{year}")
        yield from (f"evidence/{year}/{name}" for name in sorted(names))


INVARIANTS: tuple[Callable[[], Iterator[str]], ...] = (
    totals_equal_their_lines,
    approved_sheets_have_final_totals,
    snapshots_recompute,
    snapshots_are_numbered,
    rows_stay_in_their_year,
    successors_rank_alone,
    logs_agree,
    decisions_fit_nominations,
    awards_stand_under_their_board,
    files_have_owners,
)
