"""What a handing-in left, as the receipt's page and the Word paper say it."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.models import ScoreSheet, SheetReceipt
from scoring.selectors.sheet_hash import content_hash

NO_RECEIPT = (
    "Bảng này nộp trước khi hệ thống lập biên nhận có mã nội dung, nên không có mã để đối chiếu."
)


@dataclass(frozen=True, slots=True)
class Received:
    """A handing-in: its number, its receipt or None, whether the content is still the same."""

    number: str
    receipt: SheetReceipt | None
    matches: bool


def received_of(sheet: ScoreSheet) -> Received | None:
    """Return what the last handing-in left; None where the sheet is with its unit."""
    if sheet.submitted_at is None:
        return None
    taken = sheet.transitions.filter(transition="submit").order_by("-at", "-pk").first()
    receipt = sheet.receipts.order_by("-at", "-pk").first()
    if receipt is not None and receipt.at < sheet.submitted_at:
        receipt = None
    return Received(
        number=f"{sheet.bloc_year.year}/{taken.pk:06d}" if taken else "",
        receipt=receipt,
        matches=receipt is not None and receipt.content_hash == content_hash(sheet),
    )
