"""What a handing-in leaves: the receipt with the content's hash, and the paper it came from.

Called inside the transaction that hands the sheet in.
"""

from __future__ import annotations

from blocs.standing import Standing
from emulation import clock
from emulation.models import User
from emulation.vietnamese import format_date
from scoring.enums import PaperAnswer, RemarkKind
from scoring.models import PaperEntry, ScoreSheet, SheetReceipt
from scoring.selectors.sheet_hash import content_hash
from scoring.services.remarks import write_remark
from scoring.services.sheet_workflow import acting_on


def paper_handed_in(actor: User, standing: Standing, sheet: ScoreSheet) -> PaperEntry | None:
    """Return the paper that is handed in now; None where the unit itself hands in.

    A paper that nobody recorded, as of a whole imported table, came today. A unit that hands in
    itself takes the place of what was entered for it.
    """
    latest = sheet.paper_entries.order_by("-recorded_at", "-pk").first()
    if sheet.membership.unit_id in standing.units:
        if latest is not None:
            close_paper(actor, latest, PaperAnswer.OWN)
        return None
    if latest is not None and not latest.answer:
        return latest
    return open_paper(actor, standing, sheet)


def open_paper(actor: User, standing: Standing, sheet: ScoreSheet) -> PaperEntry:
    """Note a paper received today, with its row in the history."""
    return note_paper(actor, standing, PaperEntry(sheet=sheet, received_on=clock.today()))


def note_paper(actor: User, standing: Standing, entry: PaperEntry) -> PaperEntry:
    """Store when a paper came, and say so in the sheet's history."""
    entry.recorded_by, entry.acting_as = actor, acting_on(standing, entry.sheet).label
    entry.save()
    text = f"Bản giấy nhận ngày {format_date(entry.received_on)}."
    write_remark(actor, standing, entry.sheet, RemarkKind.PAPER, text)
    return entry


def close_paper(actor: User, entry: PaperEntry, answer: PaperAnswer) -> None:
    """Store what the unit answered, and when."""
    entry.answer, entry.answered_by, entry.answered_at = answer, actor, clock.now()
    entry.save(update_fields=["answer", "answered_by", "answered_at"])


def write_receipt(
    actor: User, standing: Standing, sheet: ScoreSheet, declaration: str
) -> SheetReceipt:
    """Store what was declared and the hash of what was handed in."""
    return SheetReceipt.objects.create(
        sheet=sheet,
        content_hash=content_hash(sheet),
        declaration=declaration[:500],
        actor=actor,
        acting_as=acting_on(standing, sheet).label,
    )
