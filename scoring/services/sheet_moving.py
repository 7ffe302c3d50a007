"""Sheets moved to a later version of the table: planned, read, confirmed; no value is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from emulation import clock
from emulation.access import require
from emulation.models import User
from emulation.notices.announcing import announce
from emulation.plans import Effect, Plan, effects, require_plan
from emulation.vietnamese import format_date
from emulation.workflow import Acting
from scoring.enums import PointStage, SheetStatus
from scoring.models import Rubric, ScoreLine, ScoreSheet, SheetMove
from scoring.permissions.rubric import can_move_sheets, can_prepare_move
from scoring.selectors.rubric_versions import sheets_behind, version_words
from scoring.services.sheet_moves import (
    STAGES,
    Moving,
    Outcome,
    Target,
    in_sentences,
    movings,
)
from scoring.services.sheet_workflow import MOVE_BACK, MOVE_RETURN, SHEET_WORKFLOW
from scoring.services.totals import record_changes, store_total, void_final

WRITTEN = (
    *("criterion", "self_input", "self_typed", "self_points"),
    *("appraised_input", "appraised_points"),
    *("appraised_by", "final_input", "final_points", "review", "kept_input", "version"),
)
_APPRAISED = (
    *("first_round_at", "first_round_by"),
    *("appraised_at", "appraised_by", "approved_at", "approved_by"),
)
_SENT = ("submitted_at", "submitted_by", "explanation_due_on")


def plan_move(
    *,
    actor: User,
    rubric: Rubric,
    due_on: dt.date | None = None,
) -> Plan:
    """Return what moving the sheets to a version would do: each unit, what happens to its sheet.

    All that are scored on another version move together: nobody picks out a rival's. Raises
    Refused, ValidationError (a sheet goes back to its unit and ``due_on`` is missing or past).
    """
    standing = standing_in(actor, rubric.bloc_year)
    require(can_prepare_move(standing, rubric))
    found = movings(_behind(rubric), Target.of(rubric))
    return _plan(standing, rubric, found, due_on)


def move_sheets(
    *,
    actor: User,
    rubric: Rubric,
    due_on: dt.date | None = None,
    seen: str | None = None,
) -> list[SheetMove]:
    """Move the sheets to the version in force, all together, every value and file kept.

    Effects, in order: locks year and sheets; the plan made anew and compared with the one
    ``seen``; for each sheet the gateway where its approval or submission no longer holds; new
    lines; every line re-pointed to its criterion, what the new rule cannot read kept beside it,
    what to look at again said; points and totals of the stages computed anew with history; the
    record of the move. Raises Refused, Conflict, PlanMoved, ValidationError.
    """
    with transaction.atomic():
        BlocYear.objects.select_for_update(of=("self",)).get(pk=rubric.bloc_year_id)
        rubric = Rubric.objects.select_related("bloc_year__bloc").get(pk=rubric.pk)
        standing = standing_in(actor, rubric.bloc_year)
        require(can_move_sheets(standing, rubric))
        found = movings(_behind(rubric, lock=True), Target.of(rubric))
        require_plan(_plan(standing, rubric, found, due_on), seen)
        return [_move(actor, standing.acting_head, moving, due_on) for moving in found]


def _behind(rubric: Rubric, *, lock: bool = False) -> list[ScoreSheet]:
    rows = sheets_behind(rubric)
    if lock:
        ids = list(rows.values_list("pk", flat=True))
        list(ScoreSheet.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    return list(rows.select_related("bloc_year__bloc", "membership__unit", "rubric"))


# ---------------------------------------------------------------- the plan


def _plan(
    standing: Standing, rubric: Rubric, found: Sequence[Moving], due_on: dt.date | None
) -> Plan:
    returned = [each for each in found if each.outcome is Outcome.RETURNED]
    if returned:
        _check_due(due_on)
    obstacles = [] if found else ["Không có bảng tự chấm nào ở lần ban hành trước."]
    verdict = can_move_sheets(standing, rubric)
    if not verdict:
        obstacles.append(verdict.reason)
    told: list[Effect] = []
    for each in found:
        unit = each.sheet.membership.unit_name
        told += effects(unit, in_sentences(each))
        if each.outcome is Outcome.RETURNED and due_on:
            told.append(Effect(unit, f"Hạn nộp lại: hết ngày {format_date(due_on)}."))
    kept = (
        "Số liệu, minh chứng và lịch sử điểm được giữ nguyên; tiêu chí thay đổi ghi “cần xem lại”."
    )
    told += effects("Mọi bảng", [kept])
    title = f"Chuyển {len(found)} bảng tự chấm sang bảng chấm điểm {version_words(rubric)}"
    return Plan(title, tuple(told), tuple(obstacles))


def _check_due(due_on: dt.date | None) -> None:
    if due_on is None:
        raise ValidationError(
            {"due_on": "Có bảng phải trả lại đơn vị để bổ sung. Đề nghị ghi hạn nộp lại."}
        )
    if due_on < clock.today():
        raise ValidationError(
            {"due_on": f"Hạn nộp lại phải từ hôm nay, {format_date(clock.today())}, trở đi."}
        )


# ---------------------------------------------------------------- the deed


def _move(actor: User, acting: Acting, moving: Moving, due_on: dt.date | None) -> SheetMove:
    sheet, source, rubric = moving.sheet, moving.sheet.rubric, moving.target.rubric
    reason = f"Chuyển sang bảng chấm điểm lần {rubric.version}"
    _step(actor, moving, due_on, reason)
    sheet.rubric = rubric
    sheet.save(update_fields=["rubric"])
    counts = moving.counts
    _write_lines(moving)
    _write_points(actor, acting, moving, reason)
    return SheetMove.objects.create(
        sheet=sheet,
        from_rubric=source,
        to_rubric=rubric,
        counts={**counts, "outcome": moving.outcome.value},
        actor=actor,
        acting_as=acting.label,
        at=clock.now(),
    )


def _step(actor: User, moving: Moving, due_on: dt.date | None, reason: str) -> None:
    """Put the sheet back where its approval or submission no longer holds."""
    sheet = moving.sheet
    if moving.outcome is Outcome.MOVED:
        announce("sheet.move", sheet, actor)
        return
    for name in _APPRAISED:
        setattr(sheet, name, None)
    also: tuple[str, ...] = _APPRAISED
    name = MOVE_BACK.name
    if moving.outcome is Outcome.RETURNED:
        for column in _SENT:
            setattr(sheet, column, None)
        sheet.returned_due_on, sheet.blanks_confirmed = due_on, False
        also, name = (*also, *_SENT, "returned_due_on", "blanks_confirmed"), MOVE_RETURN.name
    SHEET_WORKFLOW.take(name, sheet, actor=actor, reason=reason, also=also)
    void_final(sheet)
    for line in (*moving.moved, *moving.dropped):
        line.final_input = line.final_points = None


def _write_lines(moving: Moving) -> None:
    ScoreLine.objects.bulk_create(moving.added)
    for line in moving.moved:
        line.version += line.pk in moving.changed
    ScoreLine.objects.bulk_update([*moving.moved, *moving.dropped], WRITTEN)


def _write_points(actor: User, acting: Acting, moving: Moving, reason: str) -> None:
    """Compute the stages that have a total anew, and record every input and point that changed."""
    befores = {
        PointStage.SELF: moving.before,
        PointStage.APPRAISED: moving.judged_before,
        PointStage.FINAL: moving.final_before,
    }
    approved = moving.sheet.stage is SheetStatus.APPROVED
    stages = [*STAGES, PointStage.FINAL] if approved else list(STAGES)
    for stage in stages:
        if stage not in moving.totals:
            continue
        scored = moving.scored(stage)
        store_total(moving.sheet, stage, scored)
        lines = moving.lines
        before = {**befores[stage], **{line.pk: (None, None) for line in moving.added}}
        reasons = {line.pk: reason for line in lines}
        record_changes(lines, stage, before, actor=actor, acting=acting, reasons=reasons)
    ScoreLine.objects.bulk_update(moving.lines, WRITTEN)
