"""The form with which a rubric's workbook is uploaded."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from emulation.files import ALLOWED_TEXT, FileRefused, Kind, check_upload
from emulation.forms import OfficialForm

ONLY_EXCEL = "tệp Excel (.xlsx)"


class RubricImportForm(OfficialForm):
    """A workbook filled in by the secretary; its content is read where the form is valid."""

    uploaded = forms.FileField(
        label="Tệp Excel đã điền",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="Tệp .xlsx theo mẫu, không có macro, nặng nhất 20 MB, mỗi trang nhiều nhất "
        "3.000 dòng.",
    )

    def clean_uploaded(self) -> UploadedFile[bytes]:
        """Return the file, judged by its content; ValidationError where it is no workbook."""
        uploaded: UploadedFile[bytes] = self.cleaned_data["uploaded"]
        try:
            checked = check_upload(uploaded)
        except FileRefused as refusal:
            raise ValidationError(str(refusal).replace(ALLOWED_TEXT, ONLY_EXCEL)) from refusal
        if checked.kind is not Kind.XLSX:
            raise ValidationError(
                f"Tệp “{checked.name}” là {checked.kind.label}. Chỉ nhận {ONLY_EXCEL}."
            )
        return uploaded

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        uploaded: UploadedFile[bytes] = self.cleaned_data["uploaded"]
        uploaded.seek(0)
        return bytes(uploaded.read())
