"""What members say of the draft, and the head's replies."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.models import Meeting, Membership
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from pledges.models import Pledge, PledgeComment, PledgeItem
from pledges.permissions import can_comment, can_record_comment, can_reply
from pledges.services.checks import COMMENT_LENGTH, checked_text
from pledges.services.locks import locked_pledge


def comment_on_pledge(
    *,
    actor: User,
    pledge: Pledge,
    item: PledgeItem | None,
    membership: Membership,
    text: str,
    meeting: Meeting | None = None,
) -> PledgeComment:
    """Record what a member says of an item, or of the whole where ``item`` is None.

    A unit's people write for their own unit; the secretary enters for any unit what was said at a
    ``meeting``, which must then be named. Effects, in order: locks the pledge; checks; writes the
    comment. Raises Refused, ValidationError.
    """
    text = checked_text(text, field="text", label="Ý kiến", limit=COMMENT_LENGTH)
    with transaction.atomic():
        pledge = locked_pledge(pledge)
        standing = standing_in(actor, pledge.bloc_year)
        if membership.unit_id in standing.units and meeting is None:
            require(can_comment(standing, pledge, membership))
        else:
            require(can_record_comment(standing, pledge))
            if meeting is None:
                raise ValidationError({"meeting": "Đề nghị chọn hội nghị nơi đơn vị nêu ý kiến."})
        _check_belongs(pledge, item, membership, meeting)
        comment = PledgeComment.objects.create(
            pledge=pledge,
            item=item,
            membership=membership,
            author=actor,
            meeting=meeting,
            text=text,
            made_at=clock.now(),
        )
        announce("pledge_comment.add", comment, actor)
    return comment


def _check_belongs(
    pledge: Pledge, item: PledgeItem | None, membership: Membership, meeting: Meeting | None
) -> None:
    if membership.bloc_year_id != pledge.bloc_year_id:
        raise ValidationError({"membership": "Đơn vị này không thuộc Khối trong năm."})
    if meeting is not None and meeting.bloc_year_id != pledge.bloc_year_id:
        raise ValidationError({"meeting": "Hội nghị này không thuộc năm thi đua của Khối."})
    if item is not None and item.pledge_id != pledge.pk:
        raise ValidationError({"item": "Nội dung này không thuộc giao ước của Khối."})


def reply_to_comment(*, actor: User, comment: PledgeComment, reply: str) -> PledgeComment:
    """Answer a comment, as the head; a reply once given stands.

    Effects, in order: locks the comment; checks; writes reply, author and time. Raises Refused,
    Conflict (answered already), ValidationError.
    """
    reply = checked_text(reply, field="reply", label="Trả lời", limit=COMMENT_LENGTH)
    with transaction.atomic():
        comment = (
            PledgeComment.objects.select_for_update(of=("self",))
            .select_related("pledge__bloc_year", "membership")
            .get(pk=comment.pk)
        )
        standing = standing_in(actor, comment.pledge.bloc_year)
        require(can_reply(standing, comment.pledge))
        if comment.reply:
            raise Conflict("Ý kiến này đã được trả lời.", [comment.reply])
        comment.reply, comment.replied_by, comment.replied_at = reply, actor, clock.now()
        comment.save(update_fields=["reply", "replied_by", "replied_at"])
        announce("pledge_comment.reply", comment, actor)
    return comment
