"""Forms of a rubric's consultation and issue."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django import forms

from blocs.models import Meeting, Membership
from emulation.forms import DayField, OfficialForm
from emulation.workflow import REASON_MAX_LENGTH
from scoring.enums import CommentProposal
from scoring.models import Criterion
from scoring.rules.lint import Finding


class CommentForm(OfficialForm):
    """A comment on a criterion or on the whole; the secretary names unit and meeting."""

    criterion = forms.ModelChoiceField(
        label="Về", queryset=Criterion.objects.none(), required=False, empty_label="Toàn bộ bảng"
    )
    proposal = forms.ChoiceField(label="Đề nghị", choices=CommentProposal.choices)
    merge_with = forms.ModelChoiceField(
        label="Gộp với tiêu chí (khi đề nghị gộp)",
        queryset=Criterion.objects.none(),
        required=False,
        empty_label="— chọn tiêu chí —",
    )
    text = forms.CharField(
        label="Ý kiến", max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    membership = forms.ModelChoiceField(
        label="Ý kiến của", queryset=Membership.objects.none(), required=False
    )
    meeting = forms.ModelChoiceField(
        label="Nêu tại hội nghị",
        queryset=Meeting.objects.none(),
        required=False,
        empty_label="— chọn hội nghị —",
    )

    def __init__(
        self,
        *args: Any,
        criteria: Any,
        members: Any,
        meetings: Any,
        speaks_for_all: bool,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for name, rows in (
            ("criterion", criteria),
            ("merge_with", criteria),
            ("membership", members),
            ("meeting", meetings),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            field.queryset = rows
        self.fields["criterion"].label = "Về tiêu chí"
        self._name_units(speaks_for_all=speaks_for_all)

    def _name_units(self, *, speaks_for_all: bool) -> None:
        unit = self.fields["membership"]
        assert isinstance(unit, forms.ModelChoiceField)  # noqa: S101 - declared above
        if speaks_for_all:
            unit.empty_label = "Không nêu tên đơn vị"
            return
        unit.required, unit.empty_label, unit.label = True, None, "Ý kiến của"
        del self.fields["meeting"]


class ReplyForm(OfficialForm):
    """The answer to a comment."""

    reply = forms.CharField(
        label="Trả lời", max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )


class IssueForm(OfficialForm):
    """Issue a table: number and date as on the paper, and why each error is let pass, if any."""

    document_number = forms.CharField(
        label="Số, ký hiệu văn bản ban hành", max_length=60, required=False
    )
    issued_on = DayField(label="Ngày ban hành", required=False)
    reason = forms.CharField(
        label="Lý do ban hành khi còn ý kiến chưa trả lời",
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, errors: Sequence[Finding], unanswered: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.reason_names = {finding.key: _reason_name(finding) for finding in errors}
        for finding in errors:
            self.add_field(_reason_name(finding), _reason_field(finding))
        if not unanswered:
            del self.fields["reason"]

    @property
    def issue_data(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        typed = dict(self.cleaned_data)
        reasons = {key: typed.pop(name) for key, name in self.reason_names.items()}
        return {**typed, "waivers": reasons}


def _reason_name(finding: Finding) -> str:
    """Return the field's name: of the error and nothing else, so that a stale page fits."""
    return f"waiver_{sha256(finding.key.encode()).hexdigest()[:12]}"


def _reason_field(finding: Finding) -> forms.CharField:
    return forms.CharField(
        label=f"Lý do chấp nhận lỗi ở {finding.place}",
        help_text=f"{finding.message} {finding.advice}",
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MoveForm(OfficialForm):
    """Move sheets to a later version: by when those that go back to their units come again."""

    due_on = DayField(label="Hạn nộp lại (cho bảng phải trả lại đơn vị để bổ sung)", required=False)
