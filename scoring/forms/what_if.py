"""The years that a draft is set against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from emulation.forms import OfficialForm


class WhatIfForm(OfficialForm):
    """One or more past years of the bloc."""

    years = forms.TypedMultipleChoiceField(
        label="Đối chiếu với kết quả các năm",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Đề nghị chọn ít nhất một năm để đối chiếu."},
    )

    def __init__(self, *args: Any, years: Sequence[int], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["years"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(year, f"Năm {year}") for year in years]
