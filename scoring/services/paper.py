"""A sheet that came on paper: received, entered by the secretary, answered for by its unit."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import require
from emulation.models import User
from emulation.vietnamese import format_date
from scoring.enums import PaperAnswer, RemarkKind
from scoring.models import PaperEntry, ScoreSheet
from scoring.permissions.sheet import can_answer_paper, can_record_paper
from scoring.services.receipts import close_paper, note_paper
from scoring.services.remarks import checked_text, write_remark
from scoring.services.sheet_lock import locked_sheet


def record_paper(*, actor: User, sheet: ScoreSheet, received_on: dt.date) -> PaperEntry:
    """Record the day on which a unit's sheet came on paper; lateness is judged by that day.

    Effects, in order: lock; permission; the day stored, or corrected as long as the sheet has not
    been handed in, with a row in the history. Raises Refused, ValidationError (a day to come).
    """
    if received_on > clock.today():
        raise ValidationError(
            {"received_on": f"Ngày nhận không được sau hôm nay, {format_date(clock.today())}."}
        )
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_record_paper(standing, sheet))
        entry = sheet.paper_entries.filter(answered_at__isnull=True).first()
        entry = entry or PaperEntry(sheet=sheet)
        entry.received_on = received_on
        return note_paper(actor, standing, entry)


def answer_paper(
    *, actor: User, sheet: ScoreSheet, answer: PaperAnswer, text: str = ""
) -> PaperEntry:
    """Let a unit confirm, or object to, what the secretary entered from its paper.

    Effects, in order: lock; permission; the answer stored, with a row in the history. An objection
    says what is wrong; the secretary then returns the sheet to the unit. Raises Refused,
    ValidationError.
    """
    confirms = answer is PaperAnswer.CONFIRMED
    kind = RemarkKind.CONFIRMED if confirms else RemarkKind.OBJECTED
    text = checked_text(kind, text)
    with transaction.atomic():
        sheet = locked_sheet(sheet)
        standing = standing_in(actor, sheet.bloc_year)
        require(can_answer_paper(standing, sheet))
        entry = sheet.paper_entries.get(answered_at__isnull=True)
        close_paper(actor, entry, answer)
        write_remark(actor, standing, sheet, kind, text)
    return entry
