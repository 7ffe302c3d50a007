"""Forms over a rubric: its settings and grades, a copy of an earlier one, sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from emulation.forms import NumberField, OfficialForm
from emulation.vietnamese import format_number
from scoring.enums import LatePolicy, RankStyle, SectionKind, ShareBase
from scoring.forms.tables import (
    MOST_POINTS,
    Column,
    Row,
    RowsField,
    needed,
    percent,
    points,
    share_or_none,
)
from scoring.models import GradeBand, Rubric, Section
from scoring.rules.enums import ShareBase as ShareBaseRule
from scoring.rules.rubric import GradeBand as GradeRules
from scoring.rules.rubric import SectionFloor
from scoring.services.rubric_edit import SectionFields, digest
from scoring.services.rubrics import RubricSettings

TIE_BREAKS = (
    ("base:desc", "Điểm chuẩn cao hơn"),
    ("plus:desc", "Điểm cộng cao hơn"),
    ("minus:asc", "Điểm trừ ít hơn"),
    ("ballot", "Bỏ phiếu tại hội nghị"),
    ("head", "Trưởng khối quyết định, ghi lý do"),
    ("share", "Xếp đồng hạng"),
)
DEFAULT_GRADES = [
    {"name": name, "bound": bound, "base": ShareBaseRule.RANKED.value}
    for name, bound in (("Xuất sắc", "90"), ("Tốt", "80"), ("Khá", "65"), ("Chưa đạt", "0"))
]
GRADE_COLUMNS = (
    Column("name", "Xếp loại"),
    Column("bound", "Từ điểm", is_number=True),
    Column("lowest", "Từng tiêu chí đạt ít nhất (%)", is_number=True),
    Column("most", "Tối đa số đơn vị (%)", is_number=True),
    Column("base", "Tỷ lệ tính trên", choices=tuple(ShareBase.choices), counts=False),
    Column("overflow", "Vượt tỷ lệ thì xếp"),
)
FLOOR_COLUMNS = (
    Column("grade", "Xếp loại"),
    Column("section", "Phần (mã)"),
    Column("lowest", "Đạt ít nhất (%)", is_number=True),
)


class PointsInput(NumberField):
    """Points with two places at most, 0 or more."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", Decimal(0))
        options.setdefault("max_value", MOST_POINTS)
        options.setdefault("decimal_places", 2)
        super().__init__(**options)


def seen_field() -> forms.CharField:
    """Return the hidden mark of what was shown, by which a stale page is noticed."""
    return forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())


# ---------------------------------------------------------------- the table as a whole


def _grade(row: Row) -> GradeRules:
    base = row.get("base") or ShareBaseRule.RANKED.value
    if base not in ShareBase.values:
        raise ValueError("cách tính tỷ lệ không có trong danh sách.")
    return GradeRules(
        name=needed(row, "name", "tên xếp loại", 60),
        lower_bound=points(row, "bound", "mức điểm bắt đầu"),
        min_criterion_share=share_or_none(row, "lowest"),
        max_share_of_units=share_or_none(row, "most"),
        share_base=ShareBaseRule(base),
        overflow=row.get("overflow", "")[:60],
    )


def _floor(row: Row) -> tuple[str, SectionFloor]:
    grade = needed(row, "grade", "tên xếp loại", 60)
    code = needed(row, "section", "mã phần", 20)
    return grade, SectionFloor(code, share_or_none(row, "lowest"))


class RubricSettingsForm(OfficialForm):
    """What the table says as a whole, and its grades."""

    seen = seen_field()
    title = forms.CharField(label="Tên bảng chấm điểm", max_length=300)
    scale_max = PointsInput(label="Thang điểm", min_value=Decimal("0.01"), initial=Decimal(100))
    plus_cap = PointsInput(label="Điểm cộng tối đa", required=False)
    minus_cap = PointsInput(label="Điểm trừ tối đa", required=False)
    floor = PointsInput(label="Tổng điểm thấp nhất", required=False, initial=Decimal(0))
    ceiling = PointsInput(label="Tổng điểm cao nhất", required=False)
    rounding = PointsInput(
        label="Làm tròn tổng điểm đến", min_value=Decimal("0.01"), initial=Decimal("0.01")
    )
    grades = RowsField(GRADE_COLUMNS, _grade, label="Xếp loại")
    floors = RowsField(FLOOR_COLUMNS, _floor, label="Điều kiện theo phần", required=False)
    tie_breaks = RowsField(
        (), lambda row: row["rule"], is_ordered=True, blank=5, label="Khi bằng điểm, xét lần lượt",
        required=False,
    )  # fmt: skip
    late_policy = forms.ChoiceField(label="Khi nộp muộn", choices=LatePolicy.choices)
    rank_style = forms.ChoiceField(
        label="Số thứ hạng sau các đơn vị đồng hạng", choices=RankStyle.choices
    )
    scale_back = forms.BooleanField(
        label="Quy đổi về thang điểm khi có tiêu chí không phát sinh được bỏ ra", required=False
    )
    rank_capped = forms.BooleanField(
        label="Xếp hạng theo tổng điểm không quá thang điểm", required=False
    )

    def __init__(self, *args: Any, sections: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        by_section = [(f"section:{code}:desc", f"Điểm phần {code} cao hơn") for code in sections]
        self._ties = dict([*by_section, *TIE_BREAKS])
        choices = (("", "— không —"), *self._ties.items())
        ties = self.fields["tie_breaks"].widget
        ties.columns = (Column("rule", "Điều xét", choices=choices),)
        if not by_section:
            self.fields["tie_breaks"].help_text = (
                "Muốn xét theo điểm của một phần: soạn các phần trước, rồi chọn ở “Sửa quy định "
                "chung, xếp loại”."
            )
        self.fields["grades"].help_text = "Cột tỷ lệ bỏ trống thì không có điều kiện đó."
        self.fields[
            "floors"
        ].help_text = "Ví dụ: Xuất sắc, phần A, 85. Văn bản không ghi ngưỡng thì bỏ trống ô tỷ lệ."

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that every table states, the small tables last."""
        return [field for field in self if not field.is_hidden]

    def clean_tie_breaks(self) -> list[str]:
        """Return the rules in their order, each once."""
        chosen = list(dict.fromkeys(self.cleaned_data["tie_breaks"]))
        if unknown := [text for text in chosen if text not in self._ties and text != "total"]:
            raise forms.ValidationError(f"“{unknown[0]}” không có trong danh sách.")
        return chosen

    def clean(self) -> dict[str, Any]:
        """Put the conditions by section to their grades."""
        data = super().clean() or self.cleaned_data
        bands, floors = data.get("grades"), data.get("floors")
        if bands is None or floors is None:
            return data
        names = {band.name for band in bands}
        for grade, _ in floors:
            if grade not in names:
                self.add_error("floors", f"Không có xếp loại “{grade}” trong bảng xếp loại.")
                return data
        data["grades"] = sorted(
            (
                replace(
                    band, section_floors=tuple(of for grade, of in floors if grade == band.name)
                )
                for band in bands
            ),
            key=lambda band: band.lower_bound,
            reverse=True,
        )
        return data

    def settings(self) -> RubricSettings:
        """Return what was typed as the service takes it."""
        names = ("title", "scale_max", "plus_cap", "minus_cap", "floor", "ceiling", "rounding")
        more = ("late_policy", "scale_back", "rank_capped", "rank_style", "tie_breaks")
        return RubricSettings(**{name: self.cleaned_data[name] for name in (*names, *more)})


def settings_initial(rubric: Rubric, grades: Iterable[GradeBand]) -> dict[str, Any]:
    """Return a rubric's settings as the form shows them."""
    names = ("title", "scale_max", "plus_cap", "minus_cap", "floor", "ceiling", "rounding")
    more = ("late_policy", "scale_back", "rank_capped", "rank_style")
    bands = list(grades)
    return {
        **{name: getattr(rubric, name) for name in (*names, *more)},
        "tie_breaks": [{"rule": text} for text in rubric.tie_breaks],
        "grades": [_grade_row(band) for band in bands],
        "floors": [
            {
                "grade": band.name,
                "section": code,
                "lowest": "" if lowest is None else percent(Decimal(lowest)),
            }
            for band in bands
            for code, lowest in band.section_floors
        ],
        "seen": digest(rubric, *bands),
    }


def _grade_row(band: GradeBand) -> Row:
    return {
        "name": band.name,
        "bound": format_number(band.lower_bound),
        "lowest": percent(band.min_criterion_share),
        "most": percent(band.max_share_of_units),
        "base": band.share_base,
        "overflow": band.overflow,
    }


class RubricChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among tables, each with its year."""

    def label_from_instance(self, obj: Any) -> str:
        """Return year, title and version."""
        return f"Năm {obj.bloc_year.year}: {obj}"


class CopyForm(OfficialForm):
    """Start from an earlier table of the same bloc."""

    source = RubricChoice(
        label="Sao chép từ", queryset=Rubric.objects.none(), empty_label="— chọn bảng chấm điểm —"
    )

    def __init__(self, *args: Any, sources: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["source"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = sources


# ---------------------------------------------------------------- sections


class SectionForm(OfficialForm):
    """A section of the table."""

    seen = seen_field()
    code = forms.CharField(label="Mã phần", max_length=20)
    title = forms.CharField(label="Tên phần", max_length=500)
    kind = forms.ChoiceField(label="Loại", choices=SectionKind.choices)
    max_points = PointsInput(label="Điểm tối đa của phần", required=False)

    @property
    def main(self) -> list[forms.BoundField]:
        """Every field that is seen."""
        return [field for field in self if not field.is_hidden]

    def said(self) -> SectionFields:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return SectionFields(
            **{name: data[name] for name in ("code", "title", "kind", "max_points")}
        )


def section_initial(section: Section) -> dict[str, Any]:
    """Return a section as the form shows it."""
    names = ("code", "title", "kind", "max_points")
    return {**{name: getattr(section, name) for name in names}, "seen": digest(section)}


def stored_lines(initial: dict[str, Any], form: forms.Form) -> Sequence[tuple[str, str]]:
    """Return what stands stored beside what was typed, for a person whose page was stale."""
    return [
        (str(field.label), _told(field, initial.get(name)))
        for name, field in form.fields.items()
        if name != "seen"
    ]


def _told(field: forms.Field, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(field, RowsField):
        return field.told(value)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, Decimal):
        return format_number(value)
    choices = getattr(field, "choices", None)
    return str(dict(choices).get(value, value)) if choices is not None else str(value)
