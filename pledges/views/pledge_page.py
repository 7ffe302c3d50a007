"""What the pledge's page shows, worked out before the template: no decision is left to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from blocs.models import Membership
from blocs.standing import Standing
from emulation.vietnamese import format_date, format_moment, join_names
from emulation.workflow import Offer
from pledges.enums import PledgeStatus, SignatureMethod
from pledges.models import PledgeComment, PledgeItem, PledgeSignature
from pledges.permissions import (
    can_record_signatures,
    can_reply,
    can_revoke_signature,
)
from pledges.selectors.duties import Duty, DutyKind, YearFacts, duties_of
from pledges.selectors.members import Contact, leaders_of
from pledges.selectors.signatures import Signing, SigningRow
from pledges.tasks import duty_url
from pledges.views.doors import Opened


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: a link, or the reason why it does not work yet."""

    label: str
    url: str
    after: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty of one's own unit as the page shows it."""

    duty: Duty
    words: str
    tone: str
    note: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """One's own unit on this pledge: every duty, and the single next one."""

    membership: Membership
    rows: list[DutyRow]
    next: Action | None
    sentence: str


def own_units(facts: YearFacts, standing: Standing) -> list[OwnUnit]:
    """Return the person's own member units with what each has to do."""
    members = [each for each in facts.members if each.unit_id in standing.units]
    leaders = leaders_of(each.unit_id for each in members) if members else {}
    return [_own(facts, standing, each, leaders.get(each.unit_id, [])) for each in members]


def _own(
    facts: YearFacts, standing: Standing, membership: Membership, leaders: list[str]
) -> OwnUnit:
    duties = duties_of(facts, membership)
    owed = next((duty for duty in duties if duty.is_awaited), None)
    action = _action(owed, standing, leaders) if owed else None
    return OwnUnit(
        membership,
        [_row(duty) for duty in duties],
        action,
        "" if action else _waiting_sentence(facts, duties),
    )


def _waiting_sentence(facts: YearFacts, duties: list[Duty]) -> str:
    waits = next((duty.waits_for for duty in duties if not duty.is_done and duty.waits_for), "")
    if facts.pledge is None or facts.pledge.stage is PledgeStatus.DRAFT:
        return "Chờ Thư ký Khối soạn xong dự thảo và gửi lấy ý kiến."
    if waits:
        return waits
    later = [duty for duty in duties if not duty.is_done and duty.delivery.due_on]
    if later and later[0].delivery.due_on:
        title, last = later[0].kind.title, format_date(later[0].delivery.due_on)
        return f"Đơn vị đã làm xong các việc đang mở. Việc tiếp theo: {title}, hạn {last}."
    return "Đơn vị đã làm xong các việc đang mở."


def _row(duty: Duty) -> DutyRow:
    words, tone, note = _state(duty)
    shows = duty.is_open and duty.kind not in {DutyKind.SIGN, DutyKind.COMMENT}
    return DutyRow(
        duty,
        words,
        tone,
        note,
        duty_url(duty) if shows else "",
        "Xem" if duty.is_done else "Mở",
    )


def _state(duty: Duty) -> tuple[str, str, str]:
    if duty.kind is DutyKind.COMMENT:
        return ("đã góp ý", "good", "") if duty.is_done else ("chưa góp ý", "quiet", "")
    if duty.kind is DutyKind.SIGN:
        signed = duty.delivery.first_sent_at
        if signed:
            return "đã ký", "good", f"ghi nhận lúc {format_moment(signed)}"
        return "chưa ký", "warning" if duty.is_open else "quiet", duty.waits_for
    return duty.delivery.words, duty.delivery.tone, duty.waits_for or duty.delivery.when


def _action(duty: Duty, standing: Standing, leaders: list[str]) -> Action:
    unit_id = duty.membership.unit_id
    if duty.kind is DutyKind.SIGN:
        url = reverse("pledge_sign", args=[duty.membership.bloc_year_id, duty.membership.pk])
        after = "Đồng chí xem lại nội dung, người ký và chức vụ trước khi ký."
        return Action("Ký giao ước", url, after, _why_not_sign(standing, unit_id, leaders))
    if duty.kind is DutyKind.COMMENT:
        return Action(
            duty.kind.title, duty_url(duty), "Trưởng khối trả lời ngay tại nội dung được góp ý."
        )
    return Action(duty.kind.title, duty_url(duty), "Viết, lưu nháp, xem lại rồi gửi.")


def _why_not_sign(standing: Standing, unit_id: int, leaders: list[str]) -> str:
    if unit_id in standing.leads:
        return ""
    if not leaders:
        return "Đơn vị chưa có lãnh đạo trong danh sách; đề nghị liên hệ Ban Thi đua - Khen thưởng."
    return f"Giao ước do lãnh đạo đơn vị ký: {join_names(leaders)}."


# ---------------------------------------------------------------- the text with its comments


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment, and where the head answers it, if this person may."""

    comment: PledgeComment
    reply_url: str

    @property
    def place(self) -> str:
        """Where it was made."""
        meeting = self.comment.meeting
        return f"nêu tại {meeting}" if meeting else format_moment(self.comment.made_at)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with what was said of it."""

    number: int
    item: PledgeItem
    comments: list[CommentRow]


@dataclass(frozen=True, slots=True)
class Talk:
    """The items with their comments; what was said of the whole, and of items dropped since."""

    items: list[ItemRow]
    whole: list[CommentRow]
    dropped: list[CommentRow]


def talk_of(opened: Opened, items: Iterable[PledgeItem], comments: list[PledgeComment]) -> Talk:
    """Return the text with its comments for this person."""
    answers = bool(can_reply(opened.standing, opened.pledge))
    rows = [_comment_row(opened, comment, answers=answers) for comment in comments]
    known = list(items)
    standing_ids = {item.pk for item in known}
    return Talk(
        [
            ItemRow(place, item, [row for row in rows if row.comment.item_id == item.pk])
            for place, item in enumerate(known, start=1)
        ],
        [row for row in rows if row.comment.item_id is None],
        [row for row in rows if row.comment.item_id and row.comment.item_id not in standing_ids],
    )


def _comment_row(opened: Opened, comment: PledgeComment, *, answers: bool) -> CommentRow:
    open_ = answers and not comment.reply
    url = reverse("pledge_reply", args=[opened.bloc_year.pk, comment.pk]) if open_ else ""
    return CommentRow(comment, url)


# ---------------------------------------------------------------- signatures


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A line of the table of signatures."""

    membership: Membership
    signature: PledgeSignature | None
    is_head: bool
    has_left: bool
    contact: Contact
    method: str
    record_url: str
    revoke_url: str
    scan_url: str


def signature_rows(
    opened: Opened, signing: Signing, contacts: dict[int, Contact]
) -> list[SignatureRow]:
    """Return the table of signatures; telephone numbers only where ``contacts`` has them."""
    records = bool(can_record_signatures(opened.standing, opened.pledge))
    return [_signature_row(opened, row, contacts, records=records) for row in signing.rows]


def _signature_row(
    opened: Opened, row: SigningRow, contacts: dict[int, Contact], *, records: bool
) -> SignatureRow:
    year_id, signature = opened.bloc_year.pk, row.signature
    unit_id = row.membership.unit_id
    record = records and signature is None and not row.has_left
    revocable = False
    if signature is not None:
        signature.pledge, signature.membership = opened.pledge, row.membership
        revocable = bool(can_revoke_signature(opened.standing, signature))
    return SignatureRow(
        row.membership,
        signature,
        unit_id == opened.standing.head,
        row.has_left,
        contacts.get(unit_id, Contact()),
        SignatureMethod(signature.method).label if signature else "",
        reverse("pledge_paper_signature", args=[year_id, row.membership.pk]) if record else "",
        reverse("pledge_revoke", args=[year_id, signature.pk]) if signature and revocable else "",
        reverse("pledge_scan", args=[year_id, signature.pk])
        if signature and signature.scan_id
        else "",
    )


# ---------------------------------------------------------------- offers


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps offered to head and secretary: the one forward, and the one back.

    ``url`` is where the forward step is taken: the year's own while the year is prepared, since
    sending the year for comments takes its pledge along.
    """

    forward: Offer | None
    back: Offer | None
    url: str

    @property
    def leads_the_page(self) -> bool:
        """Whether the forward step is the page's first button."""
        return self.forward is not None and self.forward.open


def steps_for(offers: list[Offer], consult: Offer | None, opened: Opened) -> Steps:
    """Return the offers that concern this person: none to ordinary members."""
    standing, key = opened.standing, [opened.bloc_year.pk]
    url = reverse("pledge_take", args=key)
    if not standing.is_secretary:
        return Steps(None, None, url)
    named = {offer.transition.name: offer for offer in offers}
    back = named.get("reopen") if standing.leads_head else None
    own = named.get("open_consultation")
    if own and consult and consult.open:
        return Steps(consult, back, reverse("take_step", args=key))
    return Steps(own or named.get("agree"), back, url)


def first_action(own: list[OwnUnit]) -> Action | None:
    """Return the single next action of the person's own units."""
    return next((unit.next for unit in own if unit.next), None)
