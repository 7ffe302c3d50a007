"""The form with which a board brings in its register."""

from __future__ import annotations

from django import forms

from emulation.forms import OfficialForm


class ImportForm(OfficialForm):
    """A workbook filled in by the board."""

    uploaded = forms.FileField(
        label="Tệp Excel đã điền",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="Tệp .xlsx theo mẫu, không có macro, nặng nhất 20 MB, mỗi trang nhiều nhất "
        "5.000 dòng.",
    )
