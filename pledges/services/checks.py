"""What every deed checks of typed text, and the conflict of two people on one text."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from emulation.access import Conflict
from emulation.office import legal_text

TITLE_LENGTH, PART_LENGTH, ITEM_LENGTH, COMMENT_LENGTH = 300, 10_000, 5000, 5000
NAME_LENGTH, REASON_LENGTH, REPORT_LENGTH, NOTE_LENGTH = 200, 500, 50_000, 500


def checked_text(text: str, *, field: str, label: str, limit: int, required: bool = True) -> str:
    """Return the text composed and trimmed; ValidationError when empty or longer than ``limit``."""
    clean = legal_text(text).replace("\x00", "").strip()
    if required and not clean:
        raise ValidationError({field: f"Đề nghị nhập “{label}”."})
    if len(clean) > limit:
        raise ValidationError(
            {
                field: f"“{label}” dài {len(clean)} ký tự; tối đa {limit} ký tự. "
                "Đề nghị viết gọn lại."
            }
        )
    return clean


class EditedMeanwhile(Conflict):
    """Somebody saved the same text since this person opened it.

    ``theirs`` are the parts as now stored, as (label, text); what this person typed stays in the
    form. ``version`` is the stored one: saving with it replaces the stored text knowingly.
    """

    def __init__(self, theirs: list[tuple[str, str]], version: int) -> None:
        super().__init__(
            "Nội dung này vừa được người khác lưu. Hệ thống chưa ghi phần đồng chí vừa nhập; "
            "đề nghị so hai bản rồi lưu lại.",
            [f"{label}: {text}" for label, text in theirs],
        )
        self.theirs = theirs
        self.version = version


def require_version(given: int, stored: int, theirs: list[tuple[str, str]]) -> None:
    """Raise :class:`EditedMeanwhile` unless the person saw what is stored."""
    if given != stored:
        raise EditedMeanwhile(theirs, stored)
