"""The reasons an appraiser keeps at hand: added and taken off by that person alone."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from scoring.models import ScoreSheet, StockPhrase
from scoring.permissions.appraisal import can_appraise
from scoring.selectors.phrases import own_phrases

LENGTH = 300
MOST = 30


def keep_phrase(*, actor: User, sheet: ScoreSheet, text: str) -> StockPhrase:
    """Keep a reason among the person's own; one taken off before comes back.

    Whoever appraises ``sheet`` may. Raises Refused, ValidationError with key ``phrase``.
    """
    with transaction.atomic():
        require(can_appraise(standing_in(actor, sheet.bloc_year), sheet))
        words = _checked(actor, " ".join(text.split()))
        row, _ = StockPhrase.objects.update_or_create(
            user=actor, text=words, defaults={"removed_at": None}
        )
    return row


def _checked(actor: User, words: str) -> str:
    if not words:
        raise ValidationError({"phrase": "Đề nghị ghi lý do mẫu."})
    if len(words) > LENGTH:
        raise ValidationError(
            {
                "phrase": f"Lý do mẫu dài {len(words)} ký tự; tối đa {LENGTH} ký tự. "
                "Đề nghị viết gọn lại."
            }
        )
    if own_phrases(actor.pk).exclude(text=words).count() >= MOST:
        raise ValidationError(
            {"phrase": f"Đã có {MOST} lý do mẫu. Đề nghị bỏ bớt lý do không dùng nữa."}
        )
    return words


def drop_phrase(*, actor: User, sheet: ScoreSheet, phrase_id: int) -> None:
    """Take a reason off the person's own list; reasons already given with it stay.

    Raises Refused, Conflict where it is not on the list any more.
    """
    with transaction.atomic():
        require(can_appraise(standing_in(actor, sheet.bloc_year), sheet))
        gone = own_phrases(actor.pk).filter(pk=phrase_id).update(removed_at=clock.now())
        if not gone:
            raise Conflict("Lý do mẫu này không còn trong danh sách. Đề nghị tải lại trang.")
