"""Forms of members, terms, the stand-in, the election, the secretariat."""

from __future__ import annotations

from typing import Any

from django import forms

from blocs.enums import TermKind, TermSource
from blocs.models import Meeting, Membership, Unit
from emulation.forms import DayField, OfficialForm


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among units."""


def set_choices(form: forms.Form, name: str, queryset: Any) -> None:
    """Offer only ``queryset`` in the field called ``name``."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - our own forms
    field.queryset = queryset


class AddMembersForm(OfficialForm):
    """Units of the board that are no members yet; as many as are ticked."""

    unit_ids = forms.ModelMultipleChoiceField(
        label="Đơn vị",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Đề nghị đánh dấu ít nhất một đơn vị.",
            "invalid_choice": "Danh sách có đơn vị đã là thành viên, đã giải thể hoặc không thuộc "
            "Hội đồng này. Đề nghị chọn lại.",
        },
    )
    starts_on = DayField(
        label="Vào khối từ ngày",
        required=False,
        help_text="Để trống nếu là thành viên từ đầu năm.",
    )
    is_ranking = forms.BooleanField(
        label="Được xếp hạng tại khối này", required=False, initial=True
    )
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        set_choices(self, "unit_ids", units)

    @property
    def chosen(self) -> set[int]:
        """The units ticked, as they were sent."""
        return {int(key) for key in self["unit_ids"].value() or () if str(key).isdigit()}


class TermForm(OfficialForm):
    """A unit becomes head or deputy."""

    unit = UnitChoice(label="Đơn vị", queryset=Unit.objects.none())
    kind = forms.ChoiceField(label="Giữ vai trò", choices=TermKind.choices)
    position = forms.IntegerField(
        label="Thứ tự (đối với Phó Trưởng khối)",
        min_value=1,
        max_value=20,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number"}),
    )
    source = forms.ChoiceField(
        label="Hình thức", choices=TermSource.choices, initial=TermSource.ANNOUNCED
    )
    decided_on = DayField(label="Ngày bầu, thông báo", required=False)
    note = forms.CharField(label="Căn cứ", max_length=400, required=False)

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        set_choices(self, "unit", units)


class EndTermForm(OfficialForm):
    """The day from which a unit no longer holds its role."""

    ended_on = DayField(label="Thôi giữ từ ngày")
    note = forms.CharField(label="Căn cứ", max_length=90)


class StandInForm(OfficialForm):
    """The unit that appraises the head's own sheet."""

    unit = UnitChoice(label="Đơn vị thẩm định thay", queryset=Unit.objects.none())
    meeting = forms.ModelChoiceField(
        label="Theo biên bản hội nghị",
        queryset=Meeting.objects.none(),
        required=False,
        empty_label="Không, do Thường trực Hội đồng phân công",
    )
    note = forms.CharField(label="Căn cứ", max_length=400, required=False)

    def __init__(self, *args: Any, units: Any, meetings: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        set_choices(self, "unit", units)
        set_choices(self, "meeting", meetings)


class ElectionForm(OfficialForm):
    """Whom the meeting elected for the next year."""

    head = forms.TypedChoiceField(label="Trưởng khối", coerce=int)
    deputy_1 = forms.TypedChoiceField(
        label="Phó Trưởng khối thứ nhất", coerce=int, required=False, empty_value=None
    )
    deputy_2 = forms.TypedChoiceField(
        label="Phó Trưởng khối thứ hai", coerce=int, required=False, empty_value=None
    )
    deputy_3 = forms.TypedChoiceField(
        label="Phó Trưởng khối thứ ba", coerce=int, required=False, empty_value=None
    )
    decided_on = DayField(label="Ngày bầu")
    note = forms.CharField(label="Căn cứ", max_length=400, required=False)

    DEPUTIES = ("deputy_1", "deputy_2", "deputy_3")

    def __init__(self, *args: Any, members: list[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(row.unit_id, row.unit_name) for row in members]
        for name in ("head", *self.DEPUTIES):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
            empty = "Chọn đơn vị" if name == "head" else "Không có"
            field.choices = [("", empty), *choices]

    @property
    def deputies(self) -> list[int]:
        """The deputies chosen, in order, gaps closed."""
        return [self.cleaned_data[name] for name in self.DEPUTIES if self.cleaned_data[name]]


class SecretaryForm(OfficialForm):
    """An officer of another member."""

    user = forms.TypedChoiceField(label="Cán bộ", coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["user"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Chọn cán bộ"), *people]
