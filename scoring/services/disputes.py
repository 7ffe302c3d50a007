"""Disputes: a unit does not accept its result; the meeting settles it by resolution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import Meeting
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from emulation.workflow import Acting
from scoring.enums import PointStage, SheetStatus
from scoring.models import Dispute, ScoreLine, ScoreSheet
from scoring.permissions.explanations import can_dispute, can_settle
from scoring.rules.numbers import InputError
from scoring.rules.rubric import Place
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_lines import lines_of
from scoring.services.appraisal_work import read_input
from scoring.services.relative import settle_relative
from scoring.services.sheet_lock import locked_sheet
from scoring.services.sheet_workflow import acting_on
from scoring.services.totals import put_points, record_changes, score, snapshot, store_total

TEXT_LENGTH = 10_000
FINAL = PointStage.FINAL


def raise_dispute(
    *, actor: User, sheet: ScoreSheet, text: str, line: ScoreLine | None = None
) -> Dispute:
    """Put the unit's disagreement before the meeting: on one line, or on the whole sheet.

    Effects, in order: locks the sheet; permission and moment; the dispute. Raises Conflict where
    the same is already before the meeting, Refused, ValidationError with key ``text``.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        require(can_dispute(standing_in(actor, sheet.bloc_year), sheet))
        if line is not None and line.sheet_id != sheet.pk:
            raise Conflict("Bảng chấm điểm không có tiêu chí này. Đề nghị tải lại trang.")
        checked = _checked(text, "text", "Đề nghị ghi nội dung đơn vị không đồng ý.")
        if Dispute.objects.filter(sheet=sheet, line=line, resolved_at=None).exists():
            raise Conflict("Nội dung này đã được nêu và đang chờ hội nghị kết luận.")
        dispute = Dispute.objects.create(
            sheet=sheet, line=line, text=checked, raised_by=actor, raised_at=clock.now()
        )
        announce("sheet.dispute", sheet, actor)
    return dispute


def _checked(text: str, key: str, missing: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise ValidationError({key: missing})
    if len(stripped) > TEXT_LENGTH:
        raise ValidationError(
            {
                key: f"Nội dung dài {len(stripped)} ký tự; tối đa {TEXT_LENGTH} ký tự. "
                "Đề nghị viết gọn lại."
            }
        )
    return stripped


def settle_dispute(
    *,
    actor: User,
    dispute: Dispute,
    resolution: str,
    meeting: Meeting,
    raw: Mapping[str, str] | None = None,
) -> Dispute:
    """Record what the meeting resolved; with ``raw`` the line's final input and points follow.

    No approval is dropped. Effects, in order: locks the sheet; permission and moment; resolution,
    meeting, who and when; the final input, points, PointChange and total of an approved sheet
    (one not yet approved takes the input over when it is approved). Raises Conflict, Refused,
    ValidationError with keys ``resolution``, ``meeting`` and the names of the line's fields.
    """
    with transaction.atomic():
        sheet = locked_sheet(dispute.sheet)
        row = _unsettled(dispute, sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_settle(standing, row))
        row.resolution = _checked(resolution, "resolution", "Đề nghị ghi kết luận của hội nghị.")
        if meeting.bloc_year_id != sheet.bloc_year_id:
            raise ValidationError({"meeting": "Đề nghị chọn hội nghị của chính năm thi đua này."})
        row.meeting, row.resolved_by, row.resolved_at = meeting, actor, clock.now()
        row.save(update_fields=["resolution", "meeting", "resolved_by", "resolved_at"])
        if raw is not None:
            _correct(actor, acting_on(standing, sheet), sheet, row, raw)
        announce("sheet.settle", sheet, actor)
    return row


def _unsettled(dispute: Dispute, sheet: ScoreSheet) -> Dispute:
    row = Dispute.objects.select_related("line__criterion").get(pk=dispute.pk)
    row.sheet = sheet
    if row.resolved_at is not None:
        raise Conflict("Nội dung này đã có kết luận của hội nghị. Đề nghị tải lại trang.")
    return row


def _correct(
    actor: User, acting: Acting, sheet: ScoreSheet, row: Dispute, raw: Mapping[str, str]
) -> None:
    """Put the resolved input on its line; an approved sheet's final points and total follow."""
    if sheet.stage not in (SheetStatus.APPRAISED, SheetStatus.APPROVED):
        raise Conflict("Bảng chấm điểm chưa thẩm định xong nên chưa ghi được điểm chính thức.")
    is_approved = sheet.stage is SheetStatus.APPROVED
    lines, rules = list(lines_of(sheet)), rules_of(sheet.rubric)
    if not is_approved:
        _as_if_approved(lines)
    before = snapshot(lines, FINAL)
    line = _disputed_line(lines, row)
    line.final_input = _resolved_input(rules.places[line.criterion.code], raw)
    scored = score(sheet, FINAL, rules, lines)
    changed = put_points(scored, FINAL, lines) if is_approved else put_points(scored, FINAL, [line])
    ScoreLine.objects.bulk_update({line, *changed}, ["final_input", "final_points"])
    if is_approved:
        store_total(sheet, FINAL, scored)
    reasons = {line.pk: row.resolution[:5000]}
    record_changes(lines, FINAL, before, actor=actor, acting=acting, reasons=reasons)
    if is_approved:
        settle_relative(actor=actor, bloc_year=sheet.bloc_year)


def _as_if_approved(lines: list[ScoreLine]) -> None:
    """Let the final column read as the appraised one, in memory."""
    for line in lines:
        if line.final_input is None:
            line.final_input, line.final_points = line.appraised_input, line.appraised_points


def _disputed_line(lines: list[ScoreLine], row: Dispute) -> ScoreLine:
    for line in lines:
        if line.pk == row.line_id:
            return line
    raise ValidationError(
        {"resolution": "Chỉ sửa được số liệu khi nội dung nêu ở một tiêu chí cụ thể."}
    )


def _resolved_input(place: Place, raw: Mapping[str, str]) -> dict[str, Any]:
    try:
        document = read_input(place, raw)
    except InputError as error:
        raise ValidationError({error.field or "resolution": error.message}) from error
    if document is None:
        raise ValidationError({"resolution": "Đề nghị nhập số liệu hội nghị kết luận."})
    return document
