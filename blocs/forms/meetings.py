"""Forms of deadlines, meetings, papers and joint activities."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from blocs.enums import DeadlineKind, MeetingKind, PaperKind
from blocs.models import MeetingPaper, Membership
from emulation.forms import DayField, OfficialForm
from emulation.vietnamese import format_date
from emulation.workflow import REASON_MAX_LENGTH

HOUR_ERROR = "Giờ phải theo dạng giờ:phút, ví dụ 08:00."
NEW_PAPERS = 4
REASON_APART = "Lý do đặt riêng cho Khối này"


class HourField(forms.Field):
    """A time of day: 08:00, 8:00, 8h, 8h30, 8 giờ 30."""

    widget = forms.TextInput
    default_error_messages = {"invalid": HOUR_ERROR}

    def to_python(self, value: Any) -> dt.time | None:
        """Return the time typed, or None for an empty field."""
        text = str(value or "").strip().lower()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})\s*(?:[:h.]|giờ)\s*(\d{1,2})?\s*(?:phút)?", text)
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return dt.time(int(found[1]), int(found[2] or 0))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored time as 08:00; leave what was typed as it was typed."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value


class DeadlinesForm(OfficialForm):
    """Every deadline of the year on one form; an empty one is left as it is.

    ``common`` are the board's days for all blocs: who may not set another (``apart`` false) sees
    them and cannot type; who may, gives a reason for the days that differ.
    """

    def __init__(
        self,
        *args: Any,
        common: Mapping[str, dt.date] | None = None,
        office: str = "",
        apart: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.common, self.apart = dict(common or {}), apart
        self.fields = {kind.value: self._field(kind, office) for kind in DeadlineKind}
        if self.common and apart:
            self.add_field("reason", _reason_apart())
            self.fields["reason"].label = REASON_APART  # needed as soon as one day differs

    def _field(self, kind: DeadlineKind, office: str) -> DayField:
        day = self.common.get(kind.value)
        if day is None:
            return DayField(label=kind.label, required=False)
        if self.apart:
            help_text = f"Hạn chung của tỉnh: {format_date(day)}. Ngày khác là đặt riêng cho Khối."
            return DayField(label=kind.label, required=False, help_text=help_text)
        help_text = f"Hạn chung của tỉnh; cần ngày khác thì đề nghị {office} đặt riêng cho Khối."
        return DayField(label=kind.label, required=False, disabled=True, help_text=help_text)


def _reason_apart() -> forms.CharField:
    return forms.CharField(
        label=REASON_APART,
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Cần ghi khi có ngày khác hạn chung của tỉnh.",
    )


class BoardDeadlinesForm(OfficialForm):
    """The common days of a province for one year; an empty one is not common."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {
            kind.value: DayField(label=kind.label, required=False) for kind in DeadlineKind
        }


class ExtensionForm(OfficialForm):
    """More time for one unit."""

    membership = forms.TypedChoiceField(label="Đơn vị", coerce=int)
    due_on = DayField(label="Hạn mới của đơn vị")
    reason = forms.CharField(
        label="Lý do",
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, members: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["membership"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Chọn đơn vị"), *((row.pk, row.unit_name) for row in members)]


class MeetingForm(OfficialForm):
    """When and where a meeting was or will be."""

    kind = forms.ChoiceField(label="Loại hội nghị", choices=MeetingKind.choices)
    held_on = DayField(label="Ngày họp")
    held_at = HourField(label="Giờ họp", required=False, help_text="Ví dụ 08:00.")
    place = forms.CharField(label="Địa điểm", max_length=300, required=False)
    board_attends = forms.BooleanField(label="Có đại diện Hội đồng dự", required=False)
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)


class EditMeetingForm(MeetingForm):
    """The same, of a meeting that stands."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MinutesForm(OfficialForm):
    """The text of the minutes."""

    minutes = forms.CharField(
        label="Nội dung biên bản",
        max_length=50_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AttendanceForm(forms.Form):
    """Every member on one form, shown as a table: came or not, and through whom."""

    def __init__(
        self,
        *args: Any,
        members: Sequence[Membership],
        known: Mapping[int, tuple[bool, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.members = list(members)
        for row in self.members:
            came, through = known.get(row.pk, (False, ""))
            self.fields[f"came_{row.pk}"] = forms.BooleanField(
                label=f"{row.unit_name} có mặt",
                required=False,
                initial=came,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            self.fields[f"through_{row.pk}"] = forms.CharField(
                label=f"Người dự của {row.unit_name}",
                max_length=300,
                required=False,
                initial=through,
                widget=forms.TextInput(attrs={"class": "form-control"}),
                error_messages={
                    "max_length": f"Người dự của {row.unit_name} dài %(show_value)d ký tự; "
                    "tối đa %(limit_value)d ký tự. Đề nghị viết gọn lại."
                },
            )

    @property
    def rows(self) -> list[tuple[Membership, forms.BoundField, forms.BoundField]]:
        """Each member with its two fields."""
        return [(row, self[f"came_{row.pk}"], self[f"through_{row.pk}"]) for row in self.members]

    @property
    def present(self) -> dict[int, tuple[bool, str]]:
        """What was entered, by membership key."""
        return {
            row.pk: (
                self.cleaned_data[f"came_{row.pk}"],
                self.cleaned_data[f"through_{row.pk}"],
            )
            for row in self.members
        }


class PapersForm(OfficialForm):
    """The papers of a meeting: those recorded, whether adopted, and room for more."""

    def __init__(self, *args: Any, papers: Sequence[MeetingPaper], **options: Any) -> None:
        super().__init__(*args, **options)
        self.papers = list(papers)
        for paper in self.papers:
            self.fields[f"adopted_{paper.pk}"] = forms.BooleanField(
                label=f"“{paper.title}” được thông qua",
                required=False,
                initial=paper.is_adopted,
            )
        for place in range(1, NEW_PAPERS + 1):
            self.fields[f"title_{place}"] = forms.CharField(
                label=f"Văn bản trình thêm {place} (không bắt buộc)",
                max_length=300,
                required=False,
                error_messages={
                    "max_length": "Tên văn bản dài %(show_value)d ký tự; tối đa %(limit_value)d "
                    "ký tự. Đề nghị viết gọn lại."
                },
            )
            self.fields[f"new_{place}"] = forms.BooleanField(
                label=f"Văn bản trình thêm {place} được thông qua", required=False
            )

    @property
    def entered(self) -> list[tuple[str, bool]]:
        """The papers with whether each was adopted."""
        data = self.cleaned_data
        known = [(paper.title, data[f"adopted_{paper.pk}"]) for paper in self.papers]
        places = range(1, NEW_PAPERS + 1)
        added = [(data[f"title_{each}"], data[f"new_{each}"]) for each in places]
        return [*known, *((title, adopted) for title, adopted in added if title.strip())]


class PaperForm(OfficialForm):
    """A paper of the bloc."""

    kind = forms.ChoiceField(label="Loại văn bản", choices=PaperKind.choices)
    title = forms.CharField(label="Tên văn bản", max_length=300)
    number = forms.CharField(label="Số, ký hiệu", max_length=60, required=False)
    issued_on = DayField(label="Ngày ban hành", required=False)
    uploaded = forms.FileField(
        label="Tệp văn bản",
        required=False,
        help_text="PDF, ảnh, Word hoặc Excel, tối đa 20 MB. Không tải lên văn bản mật.",
    )


class ActivityForm(OfficialForm):
    """Something the members did or plan together."""

    title = forms.CharField(label="Hoạt động", max_length=300)
    held_on = DayField(label="Ngày tổ chức", required=False)
    description = forms.CharField(
        label="Nội dung, kết quả",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
