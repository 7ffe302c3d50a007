"""The form of a report: a draft saves anything that fits."""

from __future__ import annotations

from django import forms

from emulation.forms import OfficialForm
from pledges.forms.pledge import text_area
from pledges.services.checks import REPORT_LENGTH


class ReportForm(OfficialForm):
    """Results, limitations, next tasks."""

    results = forms.CharField(
        label="Kết quả thực hiện", max_length=REPORT_LENGTH, required=False, widget=text_area(10)
    )
    limitations = forms.CharField(
        label="Hạn chế, nguyên nhân", max_length=REPORT_LENGTH, required=False, widget=text_area(6)
    )
    next_tasks = forms.CharField(
        label="Nhiệm vụ thời gian tới",
        max_length=REPORT_LENGTH,
        required=False,
        widget=text_area(6),
    )
