"""Writing what was said or done around a sheet; called inside the caller's transaction."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from blocs.standing import Standing
from emulation.models import User
from emulation.vietnamese import nfc
from scoring.enums import RemarkKind
from scoring.models import ScoreSheet, SheetRemark
from scoring.services.sheet_workflow import acting_on

TEXT_LENGTH = 2000
_MUST_SAY = {RemarkKind.COMMENT, RemarkKind.RETURNED, RemarkKind.OBJECTED}


def checked_text(kind: RemarkKind, text: str) -> str:
    """Return what was typed, cleaned; ValidationError where something had to be said."""
    text = nfc(text.replace("\r\n", "\n").strip())
    if not text and kind in _MUST_SAY:
        raise ValidationError({"text": "Đề nghị ghi nội dung cần trao đổi hoặc cần sửa."})
    if len(text) > TEXT_LENGTH:
        raise ValidationError(
            {"text": f"Nội dung dài {len(text)} ký tự; tối đa {TEXT_LENGTH} ký tự."}
        )
    return text


def write_remark(
    actor: User, standing: Standing, sheet: ScoreSheet, kind: RemarkKind, text: str = ""
) -> SheetRemark:
    """Write the row; permission was given and the text checked."""
    acting = acting_on(standing, sheet)
    return SheetRemark.objects.create(
        sheet=sheet, kind=kind, text=text, actor=actor, acting_as=acting.label
    )
