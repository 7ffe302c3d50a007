"""The small forms around an appraisal: deadlines, answers, opinions, disputes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from blocs.models import Meeting
from emulation.forms import DayField, OfficialForm
from emulation.models import User
from emulation.workflow import REASON_MAX_LENGTH

LONG_TEXT = 10_000
KEEP, ACCEPT, CORRECT = "keep", "accept", "correct"
ANSWERS = (
    (KEEP, "Giữ điểm thẩm định"),
    (ACCEPT, "Lấy lại số liệu đơn vị tự chấm"),
    (CORRECT, "Sửa số liệu thẩm định"),
)
REASON_PHRASES = (
    "Minh chứng không đúng với tiêu chí",
    "Đối chiếu sổ theo dõi của cơ quan quản lý",
    "Minh chứng ngoài kỳ chấm điểm",
    "Trùng với kết quả đã tính ở tiêu chí khác",
    "Đơn vị tự chấm thấp hơn minh chứng",
)
REOPEN_PHRASES = (
    "Phát hiện sai sót sau khi duyệt",
    "Có minh chứng, số liệu mới",
)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "class": "form-control"})


class ExplanationDueForm(OfficialForm):
    """Until when the unit may explain."""

    due_on = DayField(label="Hạn đơn vị giải trình")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["due_on"].widget.attrs["class"] = "form-control input-day"


class FinishForm(OfficialForm):
    """The reason for finishing without having asked the unit."""

    reason = forms.CharField(
        label="Lý do không mời giải trình", max_length=REASON_MAX_LENGTH, widget=_area(2)
    )


class AnswerForm(OfficialForm):
    """What the unit is answered, and what becomes of the points."""

    decision = forms.ChoiceField(
        label="Kết luận",
        choices=ANSWERS,
        error_messages={"required": "Đề nghị chọn kết luận: giữ, lấy lại hoặc sửa."},
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    answer = forms.CharField(label="Trả lời đơn vị", max_length=LONG_TEXT, widget=_area(3))


class CheckerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A list of officers, each with the units where they serve."""

    def label_from_instance(self, obj: User) -> str:
        """Return name and units."""
        units = dict.fromkeys(post.unit.name for post in obj.posts.all() if post.unit)
        return f"{obj.full_name} – {', '.join(units)}"


class AssignForm(OfficialForm):
    """Whom to assign to a cross-check."""

    checker = CheckerChoice(
        label="Cán bộ kiểm tra chéo", queryset=User.objects.none(), empty_label="Chọn cán bộ"
    )

    def __init__(self, *args: Any, checkers: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["checker"]
        assert isinstance(field, CheckerChoice)  # noqa: S101 - declared above
        field.queryset = checkers


class OpinionForm(OfficialForm):
    """A checker's opinion."""

    opinion = forms.CharField(label="Ý kiến kiểm tra chéo", max_length=LONG_TEXT, widget=_area(6))


class DisputeForm(OfficialForm):
    """What the unit does not accept: one criterion, or the sheet as a whole."""

    line = forms.ChoiceField(label="Tiêu chí", required=False)
    text = forms.CharField(
        label="Nội dung đơn vị không đồng ý", max_length=LONG_TEXT, widget=_area(5)
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.label = "Tiêu chí"
        field.choices = [("", "Cả bảng chấm điểm"), *lines]


class ResolutionForm(OfficialForm):
    """What the meeting resolved on a dispute."""

    meeting = forms.ModelChoiceField(
        label="Hội nghị kết luận", queryset=Meeting.objects.none(), empty_label="Chọn hội nghị"
    )
    resolution = forms.CharField(
        label="Kết luận của hội nghị", max_length=LONG_TEXT, widget=_area(5)
    )
    corrects = forms.BooleanField(
        label="Hội nghị kết luận số liệu khác với thẩm định", required=False
    )

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["meeting"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = meetings
