"""Forms of the pledge: its text, comments, signatures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from blocs.models import Meeting, Membership
from emulation.files import ALLOWED_TEXT
from emulation.forms import DayField, OfficialForm
from emulation.vietnamese import format_date
from pledges.models import PledgeItem
from pledges.services.checks import (
    COMMENT_LENGTH,
    ITEM_LENGTH,
    NAME_LENGTH,
    PART_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
)
from pledges.services.items import MOST_ITEMS

WHOLE = ""
REVOKE_PHRASES = (
    "Ghi nhầm đơn vị.",
    "Ghi sai người ký hoặc chức vụ.",
    "Ghi sai ngày ký.",
    "Bản ký giấy không hợp lệ.",
)


def text_area(rows: int) -> forms.Textarea:
    """Return a text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


class HeadingForm(OfficialForm):
    """Title, preamble and closing words."""

    title = forms.CharField(label="Tên giao ước", max_length=TITLE_LENGTH)
    preamble = forms.CharField(
        label="Lời mở đầu", max_length=PART_LENGTH, required=False, widget=text_area(4)
    )
    closing = forms.CharField(
        label="Lời kết", max_length=PART_LENGTH, required=False, widget=text_area(3)
    )


class DraftForm(HeadingForm):
    """A new pledge with its first items."""

    items = forms.CharField(
        label="Các nội dung giao ước",
        required=False,
        max_length=ITEM_LENGTH * 10,
        widget=text_area(8),
        help_text="Mỗi dòng là một nội dung. Sau khi lưu, sửa, thêm, bỏ và xếp lại được.",
    )
    field_order = ("title", "preamble", "items", "closing")

    def clean_items(self) -> list[str]:
        """Return the items, one per line; refuse one that is too long, or too many."""
        lines = [line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip()]
        if len(lines) > MOST_ITEMS:
            raise forms.ValidationError(f"Nhiều nhất {MOST_ITEMS} nội dung.")
        for place, line in enumerate(lines, start=1):
            if len(line) > ITEM_LENGTH:
                raise forms.ValidationError(
                    f"Nội dung {place} dài {len(line)} ký tự; tối đa {ITEM_LENGTH} ký tự."
                )
        return lines


class ItemForm(OfficialForm):
    """One item."""

    text = forms.CharField(label="Nội dung giao ước", max_length=ITEM_LENGTH, widget=text_area(4))


class CommentForm(OfficialForm):
    """A comment on an item or on the whole; the secretary also says whose and at which meeting."""

    membership = forms.ChoiceField(label="Ý kiến của đơn vị")
    meeting = forms.ChoiceField(label="Nêu tại hội nghị", required=False)
    item = forms.ChoiceField(label="Về nội dung", required=False)
    text = forms.CharField(label="Ý kiến", max_length=COMMENT_LENGTH, widget=text_area(5))

    def __init__(
        self,
        *args: Any,
        members: Iterable[Membership],
        items: Iterable[PledgeItem],
        meetings: Iterable[Meeting] | None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        units = [(str(each.pk), each.unit_name) for each in members]
        self._choose("membership", units)
        self._choose("item", [(WHOLE, "Toàn văn giao ước"), *map(_item_choice, items)])
        self.fields["item"].label = "Về nội dung"
        if meetings is None:
            del self.fields["meeting"]
        else:
            none = (WHOLE, "Không, đơn vị mình góp ý trực tiếp")
            self._choose("meeting", [none, *map(_meeting_choice, meetings)])
            self.fields[
                "meeting"
            ].help_text = (
                "Ý kiến của đơn vị khác chỉ ghi được khi nêu tại một hội nghị đã có trong sổ."
            )
        if len(units) == 1:
            self.fields["membership"].widget = forms.HiddenInput()
            self.initial.setdefault("membership", units[0][0])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices


def _item_choice(item: PledgeItem) -> tuple[str, str]:
    shown = item.text if len(item.text) <= 90 else f"{item.text[:90]}…"
    return str(item.pk), f"{item.position}. {shown}"


def _meeting_choice(meeting: Meeting) -> tuple[str, str]:
    return str(meeting.pk), f"{meeting.get_kind_display()}, ngày {format_date(meeting.held_on)}"


class ReplyForm(OfficialForm):
    """The head's answer to a comment."""

    reply = forms.CharField(
        label="Trả lời của Trưởng khối", max_length=COMMENT_LENGTH, widget=text_area(4)
    )


class PaperSignatureForm(OfficialForm):
    """A signature as it stands on paper."""

    signatory = forms.CharField(
        label="Họ và tên người ký",
        max_length=NAME_LENGTH,
        required=False,
        help_text="Để trống nếu bản giấy chỉ ghi chức vụ.",
    )
    office = forms.CharField(label="Chức vụ", max_length=NAME_LENGTH)
    signed_on = DayField(label="Ngày ký")
    scan = forms.FileField(label="Bản chụp", required=False, help_text=f"{ALLOWED_TEXT}.")


class RevokeForm(OfficialForm):
    """Why a signature is taken back."""

    reason = forms.CharField(label="Lý do hủy", max_length=REASON_LENGTH, widget=text_area(3))
