"""The cross-check: officers of other members read a sheet with its evidence and give an opinion."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from scoring.models import CrossCheck, ScoreSheet
from scoring.permissions.cross_check import can_assign_cross_check, can_cross_check
from scoring.selectors.cross_checks import possible_checkers
from scoring.services.sheet_lock import locked_sheet

OPINION_LENGTH = 10_000


def assign_cross_check(*, actor: User, sheet: ScoreSheet, checker: User) -> CrossCheck:
    """Name an officer of another member to check this sheet.

    Effects, in order: locks the sheet; permission; the checker has to be an officer of a member
    other than the sheet's unit (ValidationError); the assignment. Raises Conflict where the
    person is already assigned, Refused.
    """
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        require(can_assign_cross_check(standing_in(actor, sheet.bloc_year), sheet))
        if not possible_checkers(sheet).filter(pk=checker.pk).exists():
            raise ValidationError(
                {
                    "checker": f"{checker.full_name} không phải cán bộ đầu mối của đơn vị thành "
                    "viên khác nên không kiểm tra chéo bảng này được. Đề nghị chọn người khác."
                }
            )
        if CrossCheck.objects.filter(sheet=sheet, checker=checker, ended_at=None).exists():
            raise Conflict(f"{checker.full_name} đã được phân công kiểm tra bảng chấm điểm này.")
        check = CrossCheck.objects.create(
            sheet=sheet, checker=checker, assigned_by=actor, assigned_at=clock.now()
        )
        announce("check.assign", check, actor)
    return check


def end_cross_check(*, actor: User, check: CrossCheck) -> CrossCheck:
    """Take an assignment back; an opinion already given stays. Raises Conflict, Refused."""
    with transaction.atomic():
        sheet = locked_sheet(check.sheet)
        require(can_assign_cross_check(standing_in(actor, sheet.bloc_year), sheet))
        row = _running(check)
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        announce("check.end", row, actor)
    return row


def give_opinion(*, actor: User, check: CrossCheck, opinion: str) -> CrossCheck:
    """Write, or write anew, the checker's opinion.

    Effects, in order: locks the sheet; permission and moment; opinion and time. Raises Conflict
    (assignment ended), Refused, ValidationError with key ``opinion``.
    """
    with transaction.atomic():
        sheet = locked_sheet(check.sheet)
        row = _running(check)
        require(can_cross_check(standing_in(actor, sheet.bloc_year), sheet, row))
        row.opinion, row.opined_at = _checked_opinion(opinion), clock.now()
        row.save(update_fields=["opinion", "opined_at"])
        announce("check.opine", row, actor)
    return row


def _running(check: CrossCheck) -> CrossCheck:
    row = CrossCheck.objects.select_related("checker").get(pk=check.pk)
    if row.ended_at is not None:
        raise Conflict("Phân công kiểm tra chéo này đã kết thúc. Đề nghị tải lại trang.")
    return row


def _checked_opinion(opinion: str) -> str:
    text = opinion.strip()
    if not text:
        raise ValidationError({"opinion": "Đề nghị ghi ý kiến kiểm tra chéo."})
    if len(text) > OPINION_LENGTH:
        raise ValidationError(
            {
                "opinion": f"Ý kiến dài {len(text)} ký tự; tối đa {OPINION_LENGTH} ký tự. "
                "Đề nghị viết gọn lại."
            }
        )
    return text
