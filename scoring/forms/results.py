"""Forms of the results: quotas, standing decisions, votes, nominations, decisions, appeals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from blocs.models import Meeting, Membership
from emulation.forms import DayField, NumberField, OfficialForm
from scoring.enums import BallotMethod, DecisionOutcome, GroundEffect
from scoring.models import Award, AwardQuota, GradeBand
from scoring.rules.grounds import Ground
from scoring.services.quotas import NEEDS

LONGEST = 2000
MOST_PAPERS = 9999
NOTHING = [("", "Không quy định")]


def _lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _count(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_PAPERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-number"}),
        **options,
    )


def grade_choices(grades: Iterable[GradeBand]) -> list[tuple[str, str]]:
    """Return the grades of the issued table, the highest first."""
    return [(grade.name, grade.name) for grade in grades]


# ---------------------------------------------------------------- awards, quotas, grounds


class AwardForm(OfficialForm):
    """A name for an award, in the board's words."""

    code = forms.RegexField(
        r"^[A-Za-z0-9_]{2,30}$",
        label="Mã",
        max_length=30,
        help_text="Chữ không dấu, chữ số và dấu gạch dưới, ví dụ PROV_FLAG.",
        error_messages={"invalid": "Mã gồm 2 đến 30 chữ không dấu, chữ số, dấu gạch dưới."},
    )
    label = forms.CharField(label="Tên hình thức khen thưởng", max_length=200)
    position = forms.IntegerField(
        label="Thứ tự, 1 là cao nhất", min_value=1, max_value=99, initial=1
    )


class QuotaForm(OfficialForm):
    """How many of one award this bloc-year may propose, and for whom."""

    max_count = _count("Số lượng tối đa", required=False)
    max_share = NumberField(
        label="Tỷ lệ tối đa trên số đơn vị xếp hạng (%)",
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text="Làm tròn xuống. Ghi số lượng, tỷ lệ, hoặc cả hai: mức nhỏ hơn được áp dụng.",
    )
    worst_rank = forms.IntegerField(
        label="Thứ hạng thấp nhất được xét", min_value=1, max_value=999, required=False
    )
    lowest_grade = forms.ChoiceField(label="Xếp loại thấp nhất được xét", required=False)
    lowest_total = NumberField(
        label="Tổng điểm thấp nhất được xét",
        min_value=Decimal(0),
        max_value=Decimal("9999.99"),
        max_digits=6,
        decimal_places=2,
        required=False,
    )
    needs = forms.MultipleChoiceField(
        label="Điều kiện phải có",
        choices=list(NEEDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    extra_condition = forms.CharField(
        label="Điều kiện khác, xác nhận theo từng đơn vị",
        max_length=500,
        required=False,
        help_text="Ví dụ: có mô hình mới, cách làm hay được công nhận.",
    )

    def __init__(
        self, *args: Any, quota: AwardQuota | None, grades: Iterable[GradeBand], **options: Any
    ) -> None:
        super().__init__(*args, initial=_of_quota(quota), **options)
        self.fields["lowest_grade"].choices = [*NOTHING, *grade_choices(grades)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a number or a share."""
        cleaned = super().clean() or self.cleaned_data
        limits = (cleaned.get("max_count"), cleaned.get("max_share"))
        if not self.errors and limits == (None, None):
            self.add_error("max_count", "Đề nghị ghi số lượng hoặc tỷ lệ tối đa.")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes: the share as a part of one."""
        share = self.cleaned_data["max_share"]
        part = None if share is None else share / 100
        return {**self.cleaned_data, "max_share": part}


def _of_quota(quota: AwardQuota | None) -> dict[str, Any]:
    if quota is None:
        return {}
    names = ("max_count", "worst_rank", "lowest_grade", "lowest_total", "needs", "extra_condition")
    share = quota.max_share
    percent = None if share is None else (share * 100).normalize()
    return {name: getattr(quota, name) for name in names} | {"max_share": percent}


class GroundRulesForm(OfficialForm):
    """What each ground for not considering does in this bloc-year."""

    def __init__(self, *args: Any, effects: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for ground in Ground:
            effect = forms.ChoiceField(
                label=ground.label,
                choices=GroundEffect.choices,
                initial=effects[ground.value],
            )
            self.add_field(ground.value, effect)


# ---------------------------------------------------------------- standing decisions


class ExcludeForm(OfficialForm):
    """Not considered, or only in part: ground, effect, reason."""

    ground = forms.ChoiceField(
        label="Căn cứ", choices=[(ground.value, ground.label) for ground in Ground]
    )
    effect = forms.ChoiceField(
        label="Hệ quả",
        choices=[("", "Theo quy định của năm nay"), *GroundEffect.choices],
        required=False,
    )
    grade_ceiling = forms.ChoiceField(
        label="Không xếp trên loại", required=False, help_text="Chỉ dùng khi hạ trần xếp loại."
    )
    reason = forms.CharField(label="Lý do", max_length=LONGEST, widget=_lines())

    def __init__(self, *args: Any, grades: Iterable[GradeBand], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["grade_ceiling"].choices = [*NOTHING, *grade_choices(grades)]  # type: ignore[attr-defined]


class OverrideForm(OfficialForm):
    """Considered in spite of a ground that holds by rule."""

    ground = forms.ChoiceField(label="Căn cứ")
    reason = forms.CharField(label="Lý do vẫn xét thi đua", max_length=LONGEST, widget=_lines())

    def __init__(self, *args: Any, grounds: Sequence[Ground], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["ground"].choices = [(each.value, each.label) for each in grounds]  # type: ignore[attr-defined]


class WhyForm(OfficialForm):
    """A reason alone."""

    reason = forms.CharField(label="Lý do", max_length=LONGEST, widget=_lines())


# ---------------------------------------------------------------- ties


class BallotForm(OfficialForm):
    """A vote as the minutes of counting give it; one field of votes for each tied unit."""

    meeting = forms.ModelChoiceField(
        label="Hội nghị", queryset=Meeting.objects.none(), empty_label=None
    )
    method = forms.ChoiceField(label="Hình thức", choices=BallotMethod.choices)
    eligible = _count("Số người có quyền bỏ phiếu")
    issued = _count("Số phiếu phát ra")
    returned = _count("Số phiếu thu về")
    valid = _count("Số phiếu hợp lệ")
    invalid = _count("Số phiếu không hợp lệ", initial=0)
    counters = forms.CharField(label="Người kiểm phiếu", max_length=500)

    def __init__(
        self, *args: Any, meetings: Any, units: Sequence[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]
        self.units = units
        for membership, name in units:
            self.add_field(f"votes_{membership}", _count(f"Số phiếu của {name}"))

    @property
    def votes(self) -> dict[int, int]:
        """Votes by membership."""
        return {key: self.cleaned_data[f"votes_{key}"] for key, _ in self.units}


class OrderForm(OfficialForm):
    """The head's order of tied units: a place for each, and the reason."""

    reason = forms.CharField(label="Lý do", max_length=LONGEST, widget=_lines())

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = units
        places = [(str(place), str(place)) for place in range(1, len(units) + 1)]
        asked = {
            f"place_{key}": forms.ChoiceField(
                label=f"Thứ tự của {name}", choices=places, initial=str(place)
            )
            for place, (key, name) in enumerate(units, start=1)
        }
        self.fields = {**asked, **self.fields}

    def clean(self) -> dict[str, Any]:
        """Ask for each place once."""
        cleaned = super().clean() or self.cleaned_data
        places = [cleaned.get(f"place_{key}") for key, _ in self.units]
        if not self.errors and len(set(places)) != len(places):
            self.add_error(None, "Mỗi đơn vị phải có một thứ tự khác nhau.")
        return cleaned

    @property
    def order(self) -> list[int]:
        """The units in the order given."""
        return sorted(
            (key for key, _ in self.units), key=lambda key: int(self.cleaned_data[f"place_{key}"])
        )


# ---------------------------------------------------------------- nominations and decisions


class NominationForm(OfficialForm):
    """What the bloc proposes for one unit."""

    award = forms.ModelChoiceField(
        label="Đề nghị khen thưởng",
        queryset=Award.objects.none(),
        required=False,
        empty_label="Không đề nghị",
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=LONGEST,
        required=False,
        widget=_lines(),
        help_text="Phải ghi khi khác với đề nghị theo chỉ tiêu.",
    )

    def __init__(self, *args: Any, awards: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["award"].queryset = awards  # type: ignore[attr-defined]
        self.fields["award"].label = "Đề nghị khen thưởng"


class DecisionForm(OfficialForm):
    """What the Council decided on one nomination; number and date as the decision has them."""

    outcome = forms.ChoiceField(
        label="Quyết định của Hội đồng",
        choices=DecisionOutcome.choices,
        widget=forms.RadioSelect,
    )
    award = forms.ModelChoiceField(
        label="Hình thức khen thưởng ở mức khác",
        queryset=Award.objects.none(),
        required=False,
        empty_label="Chưa chọn",
    )
    document_number = forms.CharField(label="Số, ký hiệu quyết định", max_length=60, required=False)
    decided_on = DayField(label="Ngày quyết định", required=False)
    reason = forms.CharField(
        label="Lý do",
        max_length=LONGEST,
        required=False,
        widget=_lines(),
        help_text="Phải ghi khi khác với đề nghị của Khối.",
    )

    def __init__(self, *args: Any, awards: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["award"].queryset = awards  # type: ignore[attr-defined]


# ---------------------------------------------------------------- appeals


class AppealForm(OfficialForm):
    """A unit's appeal."""

    membership = forms.ModelChoiceField(
        label="Đơn vị kiến nghị", queryset=Membership.objects.none(), empty_label=None
    )
    text = forms.CharField(label="Nội dung kiến nghị", max_length=10_000, widget=_lines(8))

    def __init__(self, *args: Any, memberships: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["membership"].queryset = memberships  # type: ignore[attr-defined]


class AppealDecisionForm(OfficialForm):
    """The board's answer, and whether the result is corrected."""

    decision = forms.CharField(label="Kết quả giải quyết", max_length=10_000, widget=_lines(6))
    corrects = forms.BooleanField(
        label="Tính lại từ số liệu gốc và lập bản xếp hạng mới",
        required=False,
        help_text="Bản cũ vẫn được lưu và xem được; kết quả giải quyết là lý do của bản mới.",
    )
