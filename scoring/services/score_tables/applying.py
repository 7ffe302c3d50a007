"""A score table comes in: as a whole, through the services of the pages, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear
from emulation.access import Conflict, Refused
from emulation.models import User
from emulation.plans import PlanMoved
from scoring.enums import PointStage, SheetStatus
from scoring.models import ScoreSheet
from scoring.services.appraisal import appraise_lines
from scoring.services.appraisal_work import AppraisalDraft
from scoring.services.score_tables.cells import typed_of
from scoring.services.score_tables.planning import (
    Problem,
    Purpose,
    ScorePlan,
    SheetPlan,
    plan_scores,
)
from scoring.services.score_tables.reading import NOTES, POINTS, UNIT, ScoreTable
from scoring.services.sheets import LineDraft, save_lines, submit_sheet


@dataclass(slots=True)
class Outcome:
    """What became of a table: the plan, whether it was written, the sheets handed in."""

    plan: ScorePlan
    written: bool = False
    submitted: list[str] = field(default_factory=list)


def import_scores(
    *,
    actor: User,
    bloc_year: BlocYear,
    stage: PointStage,
    table: ScoreTable,
    as_points: bool = False,
    submit: bool = False,
    dry_run: bool = False,
    seen: str = "",
) -> Outcome:
    """Write a whole score table, all of it or nothing.

    Effects, in order: the year's sheets are locked; the table is planned against them, and where
    ``seen`` is given and differs, PlanMoved; each unit's lines are saved or appraised as on the
    page, with permission, history and totals; with ``submit`` every self-score that the table
    names and that is still with its unit is handed in as on paper. Errors of any unit, and
    ``dry_run``, take everything back. It never approves.
    """
    purpose = Purpose(actor, bloc_year, stage, as_points)
    outcome = Outcome(ScorePlan(stage))
    with transaction.atomic():
        _lock(bloc_year)
        outcome.plan = plan = plan_scores(purpose, table)
        if seen and seen != plan.fingerprint:
            raise PlanMoved
        if not plan.problems:
            _write(purpose, outcome, submit=submit)
        if plan.problems or dry_run:
            transaction.set_rollback(True)
        else:
            outcome.written = bool(plan.changes or outcome.submitted)
    return outcome


def _lock(bloc_year: BlocYear) -> None:
    sheets = ScoreSheet.objects.select_for_update(of=("self",)).filter(bloc_year=bloc_year)
    list(sheets.order_by("pk").values_list("pk", flat=True))


def _write(purpose: Purpose, outcome: Outcome, *, submit: bool) -> None:
    """Write each unit's lines; what a service refuses becomes an error of the unit's row."""
    for sheet_plan in outcome.plan.sheets:
        try:
            with transaction.atomic():
                if sheet_plan.entries:
                    outcome.plan.problems += list(_save(purpose, sheet_plan))
                if submit and purpose.is_self:
                    _hand_in(purpose, sheet_plan, outcome)
        except ValidationError as error:
            outcome.plan.problems += _told(sheet_plan, error)
        except (Conflict, Refused) as refusal:
            outcome.plan.problems.append(_row_problem(sheet_plan, _words(refusal)))


def _save(purpose: Purpose, sheet_plan: SheetPlan) -> Iterator[Problem]:
    if purpose.is_self:
        yield from _save_own(purpose, sheet_plan)
    else:
        appraise_lines(actor=purpose.actor, sheet=sheet_plan.sheet, lines=_appraisals(sheet_plan))


def _save_own(purpose: Purpose, sheet_plan: SheetPlan) -> Iterator[Problem]:
    drafts = {}
    for entry in sheet_plan.entries:
        raw = typed_of(entry.place.leaf, entry.entered)
        absent = bool(raw.pop("not_applicable", ""))
        if entry.entered is None:
            raw = dict(entry.line.self_typed or {})
        drafts[entry.line.criterion_id] = LineDraft(raw, entry.line.version, entry.note, absent)
    saving = save_lines(actor=purpose.actor, sheet=sheet_plan.sheet, lines=drafts)
    codes = {entry.line.criterion_id: entry.line.criterion.code for entry in sheet_plan.entries}
    for key, errors in saving.errors.items():
        for name, text in errors.items():
            page = NOTES if name == "note" else POINTS
            yield Problem(page, sheet_plan.row, codes[key], "", text)


def _appraisals(sheet_plan: SheetPlan) -> dict[int, AppraisalDraft]:
    return {
        entry.line.criterion_id: AppraisalDraft(
            entry.line.version, raw=typed_of(entry.place.leaf, entry.entered), reason=entry.note
        )
        for entry in sheet_plan.entries
    }


def _hand_in(purpose: Purpose, sheet_plan: SheetPlan, outcome: Outcome) -> None:
    sheet = ScoreSheet.objects.select_related("membership").get(pk=sheet_plan.sheet.pk)
    if sheet.stage is not SheetStatus.DRAFTING:
        return
    submit_sheet(
        actor=purpose.actor,
        sheet=sheet,
        approving_leader=sheet_plan.leader,
        confirm_blanks=True,
    )
    outcome.submitted.append(sheet.membership.unit_name)


def _told(sheet_plan: SheetPlan, error: ValidationError) -> list[Problem]:
    """Return what a service found wrong, at the cell that its key names."""
    if not hasattr(error, "error_dict"):
        return [_row_problem(sheet_plan, " ".join(error.messages))]
    codes = {str(each.line.criterion_id): each.line.criterion.code for each in sheet_plan.entries}
    problems = []
    for key, texts in error.message_dict.items():
        criterion, _, name = key.partition("-")
        page = NOTES if name == "reason" else POINTS
        column = codes.get(criterion, UNIT)
        problems += [Problem(page, sheet_plan.row, column, "", text) for text in texts]
    return problems


def _words(refusal: Conflict | Refused) -> str:
    details = refusal.details if isinstance(refusal, Conflict) else ()
    return " ".join([refusal.reason, *details])


def _row_problem(sheet_plan: SheetPlan, text: str) -> Problem:
    return Problem(POINTS, sheet_plan.row, UNIT, sheet_plan.sheet.membership.unit_name, text)
