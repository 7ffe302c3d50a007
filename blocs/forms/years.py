"""Forms of blocs and their years."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms

from blocs.enums import BlocKind, IssuingStyle
from blocs.forms.units import BoardChoice, narrow_boards
from blocs.models import Board
from emulation.forms import NumberField, OfficialForm

FIRST_YEAR, LAST_YEAR = 1948, 2200
COUNT_HELP = (
    "Số ghi trong quyết định phân chia khối. Nếu khác danh sách, hệ thống chỉ cảnh báo, "
    "không tự sửa."
)


def year_field(**options: Any) -> forms.IntegerField:
    """Return the field for an emulation year."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "input-number"}
    return forms.IntegerField(
        label="Năm thi đua",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs=attrs),
        **options,
    )


def count_field() -> forms.IntegerField:
    """Return the field for the number of members that the paper declares."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "input-number"}
    return forms.IntegerField(
        label="Số đơn vị theo văn bản",
        min_value=1,
        max_value=500,
        required=False,
        widget=forms.TextInput(attrs=attrs),
        help_text=COUNT_HELP,
    )


def minimum_field(label: str, help_text: str, *, max_value: int) -> forms.IntegerField:
    """Return the field for a minimum that may be left out."""
    attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "input-number"}
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=max_value,
        required=False,
        widget=forms.TextInput(attrs=attrs),
        help_text=help_text,
    )


def note_field() -> forms.CharField:
    """Return the field for a note."""
    return forms.CharField(
        label="Ghi chú",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BlocForm(OfficialForm):
    """A new bloc with its first year."""

    board = BoardChoice(label="Hội đồng", queryset=Board.objects.none())
    name = forms.CharField(label="Tên khối", max_length=300)
    kind = forms.ChoiceField(label="Loại", choices=BlocKind.choices, initial=BlocKind.BLOC)
    year = year_field()
    issuing_style = forms.ChoiceField(
        label="Thể thức văn bản của Khối",
        choices=IssuingStyle.choices,
        initial=IssuingStyle.STATE,
    )
    declared_count = count_field()
    note = note_field()

    def __init__(self, *args: Any, boards: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        narrow_boards(self, boards)


class FirstYearForm(OfficialForm):
    """The first year of a bloc that has none."""

    year = year_field()
    name = forms.CharField(label="Tên khối trong năm", max_length=300)
    issuing_style = forms.ChoiceField(
        label="Thể thức văn bản của Khối", choices=IssuingStyle.choices
    )
    declared_count = count_field()
    note = note_field()


class CopyYearForm(OfficialForm):
    """A new year copied from an earlier one; members may be changed before confirming."""

    year = year_field()
    name = forms.CharField(label="Tên khối trong năm mới", max_length=300)
    declared_count = count_field()
    note = note_field()
    unit_ids = forms.TypedMultipleChoiceField(
        label="Đơn vị thành viên",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Danh sách có đơn vị đã giải thể hoặc không thuộc Hội đồng này."
        },
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["unit_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        field.label = "Đơn vị thành viên"
        field.choices = list(units)

    @property
    def chosen(self) -> Collection[int]:
        """The units ticked, as typed if the form comes back, else as proposed."""
        values = self["unit_ids"].value() or []
        return {int(value) for value in values if str(value).isdigit()}


class YearForm(OfficialForm):
    """The year's name and settings; ``seen`` says what the page showed of them."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(label="Tên khối trong năm", max_length=300)
    declared_count = count_field()
    issuing_style = forms.ChoiceField(
        label="Thể thức văn bản của Khối", choices=IssuingStyle.choices
    )
    quorum_percent = NumberField(
        label="Tỷ lệ dự họp tối thiểu (%)",
        min_value=1,
        max_value=100,
        decimal_places=2,
        max_digits=5,
        help_text="66,67 là hai phần ba số đơn vị.",
    )
    appeal_days = forms.IntegerField(
        label="Số ngày được kiến nghị kể từ khi công bố",
        min_value=0,
        max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number"}),
    )
    min_members = minimum_field(
        "Số đơn vị tối thiểu của Khối",
        "Khối ít đơn vị hơn vẫn chuyển bước được khi ghi lý do. Để trống nếu không đặt mức này.",
        max_value=500,
    )
    min_member_months = minimum_field(
        "Số tháng tối thiểu ở trong Khối để được xét",
        "Đơn vị chưa đủ số tháng được nêu tên trước hội nghị; hội nghị quyết định có xét hay "
        "không. Để trống nếu không đặt mức này.",
        max_value=60,
    )
    note = note_field()
