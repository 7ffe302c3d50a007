"""The small forms around a score sheet: handing in, returning, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from emulation.files import Kind
from emulation.forms import DayField, OfficialForm, ReasonForm
from scoring.enums import PaperAnswer

RETURN_PHRASES = (
    "Thiếu minh chứng cho các tiêu chí đã nêu",
    "Số liệu chưa khớp với báo cáo của đơn vị",
    "Đơn vị đề nghị được sửa lại",
)
MOST_FILES = 10
ACCEPTED = ",".join(f".{extension}" for kind in Kind for extension in kind.extensions)


class SubmitForm(OfficialForm):
    """Before sending: who approved, that blanks mean "không có", and that it is the truth.

    ``leaders`` are suggested by name and title; another may be typed.
    """

    approving_leader = forms.CharField(
        label="Họ tên, chức vụ lãnh đạo đơn vị đã đồng ý nộp", max_length=300
    )
    confirm_blanks = forms.BooleanField(required=False)
    declared = forms.BooleanField()

    def __init__(
        self,
        *args: Any,
        leads: bool,
        blanks: str,
        declaration: str,
        person: str = "",
        leaders: Sequence[str] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        leader = self.fields["approving_leader"]
        leader.help_text = "Ví dụ: Nguyễn Văn An, Giám đốc."
        leader.widget.attrs |= {"list": "lanh-dao-don-vi", "autocomplete": "off"}
        if leads:
            leader.initial = person
        self.leaders, self.declaration = leaders, declaration
        declared = self.fields["declared"]
        declared.label = declaration
        declared.error_messages["required"] = "Đề nghị đọc và đánh dấu cam đoan trước khi nộp."
        if not blanks:
            del self.fields["confirm_blanks"]
            return
        confirm = self.fields["confirm_blanks"]
        confirm.label = f"Đơn vị xác nhận các mục sau không có: {blanks}"
        confirm.required = True
        confirm.error_messages["required"] = (
            "Đề nghị đánh dấu xác nhận các mục để trống là “không có”, hoặc quay lại nhập số liệu."
        )


class PaperForm(OfficialForm):
    """When a unit's sheet came on paper."""

    received_on = DayField(label="Ngày nhận bản giấy")


class PaperAnswerForm(OfficialForm):
    """What the unit says of what was entered from its paper."""

    answer = forms.ChoiceField(
        label="Trả lời của đơn vị",
        choices=[
            (PaperAnswer.CONFIRMED.value, "Xác nhận số liệu nhập hộ đúng với bản giấy"),
            (PaperAnswer.OBJECTED.value, "Không đồng ý"),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Nội dung chưa đúng",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Khi không đồng ý: ghi mã tiêu chí và số liệu đúng.",
    )


class ReturnForm(ReasonForm):
    """Send back to the unit: reason and the new day."""

    due_on = DayField(label="Hạn nộp lại")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, phrases=RETURN_PHRASES, **options)


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; cleans to a list, empty where none was chosen."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return the files chosen; refuse more than ``MOST_FILES``."""
        given = data if isinstance(data, (list, tuple)) else [data]
        files = [super(ManyFilesField, self).clean(each, initial) for each in given if each]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Mỗi lần chọn nhiều nhất {MOST_FILES} tệp.")
        return files


class CitationForm(OfficialForm):
    """A paper by its name, number, day, issuer and the place where it is kept.

    No single field is needed and none is free: the page says what the criterion wants.
    """

    marks_optional = False

    title = forms.CharField(label="Tên minh chứng", max_length=300, required=False)
    number = forms.CharField(label="Số, ký hiệu văn bản", max_length=60, required=False)
    issued_on = DayField(label="Ngày ban hành", required=False)
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=300, required=False)
    kept_at = forms.CharField(label="Nơi lưu", max_length=300, required=False)

    def citation(self) -> dict[str, Any]:
        """Return what the form says besides files, as ``add_evidence`` takes it."""
        return {name: self.cleaned_data.get(name) for name in CitationForm.base_fields}


class EvidenceForm(CitationForm):
    """Evidence of one line: files, or the citation of a paper, or both together."""

    file = ManyFilesField(label="Tệp minh chứng", required=False)
    field_order = ("file",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED


class ReplaceForm(CitationForm):
    """A new file, a corrected citation, or both, in the place of what stands."""

    file = forms.FileField(label="Tệp mới", required=False)
    field_order = ("file",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].widget = forms.FileInput(attrs={"accept": ACCEPTED})
        self.fields["file"].help_text = "Để trống nếu chỉ sửa số, ngày, nơi lưu."
