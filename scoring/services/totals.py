"""Points and totals of one sheet at one stage: computed by the rules, stored beside the lines.

Nothing here locks or asks for permission: the services that change lines do, and call these
functions inside their own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from emulation import clock
from emulation.models import User
from emulation.workflow import Acting
from scoring.enums import PointStage
from scoring.models import PointChange, ScoreLine, ScoreSheet, StageTotal
from scoring.rules.inputs import from_json
from scoring.rules.plain import to_plain
from scoring.rules.rubric import RubricRules
from scoring.rules.standings import standing_of
from scoring.rules.totals import LineFacts, SheetResult, compute_sheet
from scoring.selectors.leaders import Leaders, leaders_for
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import line_facts, lines_of

Points: TypeAlias = Decimal | None
Snapshot: TypeAlias = Mapping[int, tuple[Any, Points]]

POINTS_COLUMN = {
    PointStage.SELF: "self_points",
    PointStage.APPRAISED: "appraised_points",
    PointStage.FINAL: "final_points",
}
INPUT_COLUMN = {
    PointStage.SELF: "self_input",
    PointStage.APPRAISED: "appraised_input",
    PointStage.FINAL: "final_input",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """What a stage came to: the result, and the codes whose input nobody has judged yet."""

    result: SheetResult
    untreated: tuple[str, ...] = ()

    @property
    def total(self) -> Points:
        """The total; None while a line is unscored or not yet judged."""
        return None if self.untreated else self.result.total

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes that still stand between the sheet and a total."""
        return tuple(dict.fromkeys((*self.result.missing, *self.untreated)))


def recompute(
    sheet: ScoreSheet, stage: PointStage | str, rules: RubricRules | None = None
) -> StageTotal:
    """Compute one stage of a sheet anew and store it: points of its lines, and its totals.

    Effects, in order: the points column of ``stage`` brought up to date on every line; the
    stage's total written. Returns the total. Changes of points are the caller's to record.
    """
    stage = PointStage(stage)
    lines = list(lines_of(sheet))
    scored = score(sheet, stage, rules or rules_of(sheet.rubric), lines)
    changed = put_points(scored, stage, lines)
    write_lines(changed, [POINTS_COLUMN[stage]])
    return store_total(sheet, stage, scored)


def score(
    sheet: ScoreSheet,
    stage: PointStage,
    rules: RubricRules,
    lines: Sequence[ScoreLine],
    leaders: Leaders | None = None,
) -> Scored:
    """Return what the lines of ``lines_of`` come to at ``stage``; nothing is written.

    A line that the unit filled in and the appraiser has not judged leaves the appraised stage
    without a total, even where a blank line would count 0. ``leaders`` are looked up where they
    are not given and the table is tabled; before that, relative points stay open.
    """
    result = compute_sheet(
        rules,
        {line.criterion.code: _facts(rules, line, stage) for line in lines},
        blanks_confirmed=sheet.blanks_confirmed,
        days_late=sheet.days_late,
        leaders=leaders_for(sheet, stage, rules) if leaders is None else leaders,
    )
    if stage is PointStage.SELF:
        return Scored(result)
    return Scored(
        result,
        tuple(
            line.criterion.code
            for line in lines
            if line.self_input is not None
            and line.appraised_input is None
            and not line.criterion.automatic
        ),
    )


def _facts(rules: RubricRules, line: ScoreLine, stage: PointStage) -> LineFacts:
    leaf = rules.places[line.criterion.code].leaf
    if leaf.automatic:
        return LineFacts()
    has_evidence, has_decision = line_facts(line)
    stored = getattr(line, INPUT_COLUMN[stage])
    return LineFacts(from_json(leaf, stored), has_evidence, has_decision)


def put_points(scored: Scored, stage: PointStage, lines: Iterable[ScoreLine]) -> list[ScoreLine]:
    """Set the stage's points on the lines in memory; return those whose points changed.

    What is set is what counts: 0 where papers are missing or the criterion was knocked out.
    """
    counted = {line.code: line.counted for line in scored.result.lines}
    untreated = set(scored.untreated)
    changed = []
    for line in lines:
        code = line.criterion.code
        points = None if code in untreated else counted[code]
        if getattr(line, POINTS_COLUMN[stage]) != points:
            setattr(line, POINTS_COLUMN[stage], points)
            changed.append(line)
    return changed


def store_total(sheet: ScoreSheet, stage: PointStage, scored: Scored) -> StageTotal:
    """Write the totals of one stage: one query, new or not."""
    result = scored.result
    total = StageTotal(
        sheet=sheet,
        stage=stage,
        total=scored.total,
        base=result.base,
        plus=result.plus,
        minus=result.minus,
        missing=len(scored.missing),
        sections={section.code: str(section.counted) for section in result.sections},
        facts=ranking_facts(scored),
    )
    columns = ["total", "base", "plus", "minus", "missing", "sections", "facts"]
    StageTotal.objects.bulk_create(
        [total], update_conflicts=True, unique_fields=["sheet", "stage"], update_fields=columns
    )
    return total


def ranking_facts(scored: Scored) -> dict[str, Any]:
    """Return what a ranking needs besides points, as plain data: shares, sanctions, steps."""
    standing = standing_of("", scored.result)
    facts: dict[str, Any] = to_plain(
        {
            "section_shares": standing.section_shares,
            "criterion_shares": standing.criterion_shares,
            "sanctions": standing.sanctions,
            "missing": scored.missing,
            "steps": scored.result.steps,
        }
    )
    return facts


def void_final(sheet: ScoreSheet) -> None:
    """Take back what an approval wrote: final points and final total become "not scored"."""
    ScoreLine.objects.filter(sheet=sheet).update(final_input=None, final_points=None)
    StageTotal.objects.filter(sheet=sheet, stage=PointStage.FINAL).update(
        total=None, base=None, plus=None, minus=None, missing=0, sections={}, facts={}
    )


def write_lines(lines: Iterable[ScoreLine], columns: Sequence[str]) -> None:
    """Write columns of lines that exist: one query, the lines' sheet locked.

    An upsert, because a ``bulk_update`` builds a CASE of every value of every line and takes
    several times as long.
    """
    lines = list(lines)
    if lines:
        ScoreLine.objects.bulk_create(
            lines, update_conflicts=True, unique_fields=["id"], update_fields=columns
        )


# ---------------------------------------------------------------- the history of points


def snapshot(lines: Iterable[ScoreLine], stage: PointStage) -> Snapshot:
    """Return input and points of every line, to compare with after a change."""
    return {
        line.pk: (getattr(line, INPUT_COLUMN[stage]), getattr(line, POINTS_COLUMN[stage]))
        for line in lines
    }


def record_changes(
    lines: Iterable[ScoreLine],
    stage: PointStage,
    before: Snapshot,
    *,
    actor: User,
    acting: Acting,
    reasons: Mapping[int, str] | None = None,
) -> list[PointChange]:
    """Write a history row for every line whose input or points differ from ``before``.

    ``reasons`` are by line id. One query, none if nothing changed.
    """
    lines = list(lines)
    now, after = clock.now(), snapshot(lines, stage)
    changes = [
        PointChange(
            line_id=line.pk,
            stage=stage,
            old_input=before[line.pk][0],
            new_input=after[line.pk][0],
            old_points=before[line.pk][1],
            new_points=after[line.pk][1],
            reason=(reasons or {}).get(line.pk, ""),
            actor=actor,
            acting_for_id=acting.unit_id,
            acting_as=acting.label,
            at=now,
        )
        for line in lines
        if before[line.pk] != after[line.pk]
    ]
    if changes:
        PointChange.objects.bulk_create(changes)
    return changes
