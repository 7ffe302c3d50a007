"""The forms of a year's appraisal: who appraises, how cross-checks are dealt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from blocs.enums import AppraisalRounds, AppraisedBy
from emulation.forms import OfficialForm
from emulation.models import User
from scoring.forms.appraisal import CheckerChoice

MOST_PER_SHEET = 5
HIGHEST_NUMBER = 999_999


class AppraisersForm(OfficialForm):
    """Who appraises the sheets of a year, in how many rounds; ``seen`` is what the page showed."""

    seen_rounds = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    appraised_by = forms.ChoiceField(
        label="Ai thẩm định bảng chấm điểm",
        choices=AppraisedBy.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    appraisal_rounds = forms.TypedChoiceField(
        label="Số vòng thẩm định",
        choices=AppraisalRounds.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )


class DepartmentPersonForm(OfficialForm):
    """Who is to appraise for which department."""

    department = forms.ChoiceField(
        label="Bộ phận",
        error_messages={
            "invalid_choice": "Bảng chấm điểm đã ban hành không ghi bộ phận này. Đề nghị tải lại "
            "trang rồi chọn bộ phận."
        },
    )
    person = CheckerChoice(
        label="Người thẩm định", queryset=User.objects.none(), empty_label="Chọn cán bộ"
    )

    def __init__(
        self, *args: Any, departments: Iterable[str], people: QuerySet[User], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        department, person = self.fields["department"], self.fields["person"]
        assert isinstance(department, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(person, CheckerChoice)  # noqa: S101 - declared above
        department.choices = [("", "Chọn bộ phận"), *((name, name) for name in departments)]
        person.queryset = people


class DealForm(OfficialForm):
    """How cross-checks are dealt: how many check a sheet, which units send people, which number."""

    per_sheet = forms.IntegerField(
        label="Số đơn vị kiểm tra mỗi bảng",
        min_value=1,
        max_value=MOST_PER_SHEET,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number"}),
    )
    number = forms.IntegerField(
        label="Cách chia số",
        min_value=1,
        max_value=HIGHEST_NUMBER,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number"}),
        help_text="Cùng số này và cùng danh sách thì chia lại ra đúng kết quả này. Đổi số để chia "
        "cách khác.",
    )
    units = forms.TypedMultipleChoiceField(
        label="Đơn vị cử người kiểm tra",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Đề nghị chọn ít nhất một đơn vị cử người kiểm tra.",
            "invalid_choice": "Danh sách có đơn vị không còn cán bộ đầu mối trong Khối. Đề nghị "
            "tải lại trang rồi chọn lại.",
        },
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["units"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(units)
