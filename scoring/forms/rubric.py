"""Forms over a rubric: its settings and grades, sections, criteria, comments, issue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django import forms

from emulation.forms import NumberField, OfficialForm, parse_number
from emulation.vietnamese import format_number
from scoring.enums import (
    Automatic,
    CriterionKind,
    LatePolicy,
    NotApplicable,
    RankStyle,
    Sanction,
    SectionKind,
)
from scoring.models import Criterion, GradeBand, Rubric, Section
from scoring.rules.rubric import GradeBand as GradeRules
from scoring.services.rubric_edit import CriterionFields, SectionFields, digest
from scoring.services.rubrics import RubricSettings

_T = TypeVar("_T")

MOST_POINTS = Decimal("9999.99")
TABLE_LENGTH = 5000
TIE_BREAKS = (
    ("base:desc", "Điểm chuẩn cao hơn"),
    ("plus:desc", "Điểm cộng cao hơn"),
    ("minus:asc", "Điểm trừ ít hơn"),
    ("ballot", "Bỏ phiếu tại hội nghị"),
    ("head", "Trưởng khối quyết định, ghi lý do"),
    ("share", "Xếp đồng hạng"),
)
TIE_FIELDS = tuple(f"tie_{place}" for place in range(1, 7))


class PointsInput(NumberField):
    """Points with two places at most, 0 or more."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", Decimal(0))
        options.setdefault("max_value", MOST_POINTS)
        options.setdefault("decimal_places", 2)
        super().__init__(**options)


def _table(label: str, example: str, *, required: bool = False) -> forms.CharField:
    """Return a field for a small table typed one row per line, cells parted by semicolons."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=TABLE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Mỗi dòng một mục, ngăn bằng dấu chấm phẩy, ví dụ: {example}.",
    )


def read_table(text: str, read_row: Callable[[list[str]], _T]) -> list[_T]:
    """Return the rows of a small table; ValidationError naming the line that cannot be read."""
    rows: list[_T] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(read_row([cell.strip() for cell in line.split(";")]))
        except ValueError as error:
            raise forms.ValidationError(f"Dòng {number} “{line.strip()[:40]}”: {error}") from error
    return rows


def _points(text: str) -> Decimal:
    value = parse_number(text)
    if not 0 <= value <= MOST_POINTS or value != value.quantize(Decimal("0.01")):
        raise ValueError("điểm phải từ 0 đến 9999,99, tối đa 2 chữ số thập phân.")
    return value


def _share(text: str) -> Decimal:
    """Return a percentage as a share: "85%" or "85" is 0.85."""
    value = parse_number(text.removesuffix("%").strip()) / 100
    if not 0 <= value <= 1 or value != value.quantize(Decimal("0.0001")):
        raise ValueError("tỷ lệ phải từ 0% đến 100%, tối đa 2 chữ số thập phân.")
    return value


def _cells(cells: list[str], least: int, most: int) -> list[str]:
    if not least <= len(cells) <= most or not all(cells[:least]):
        raise ValueError("chưa đủ hoặc thừa mục; đề nghị xem lại các dấu chấm phẩy.")
    return [*cells, *[""] * (most - len(cells))]


def _percent(share: Decimal | None) -> str:
    return "" if share is None else f"{format_number(share * 100)}%"


def _seen() -> forms.CharField:
    return forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())


# ---------------------------------------------------------------- the table as a whole


class RubricSettingsForm(OfficialForm):
    """What the table says as a whole, and its grades."""

    seen = _seen()
    title = forms.CharField(label="Tên bảng chấm điểm", max_length=300)
    scale_max = PointsInput(label="Thang điểm", min_value=Decimal("0.01"), initial=Decimal(100))
    plus_cap = PointsInput(label="Điểm cộng tối đa", required=False)
    minus_cap = PointsInput(label="Điểm trừ tối đa", required=False)
    floor = PointsInput(label="Tổng điểm thấp nhất", required=False, initial=Decimal(0))
    ceiling = PointsInput(label="Tổng điểm cao nhất", required=False)
    grades = _table("Xếp loại", "Xuất sắc; 90", required=True)
    late_policy = forms.ChoiceField(label="Khi nộp muộn", choices=LatePolicy.choices)
    scale_back = forms.BooleanField(
        label="Quy đổi về thang điểm khi có tiêu chí không phát sinh được bỏ ra", required=False
    )
    rank_capped = forms.BooleanField(
        label="Xếp hạng theo tổng điểm không quá thang điểm", required=False
    )
    rank_style = forms.ChoiceField(
        label="Số thứ hạng sau các đơn vị đồng hạng", choices=RankStyle.choices
    )

    def __init__(self, *args: Any, sections: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["grades"].help_text = (
            "Mỗi dòng: tên; từ điểm; tỷ lệ thấp nhất từng tiêu chí; tỷ lệ đơn vị tối đa. Hai mục "
            "sau có thể bỏ. Ví dụ: Xuất sắc; 90; 85%; 25%."
        )
        by_section = [(f"section:{code}:desc", f"Điểm phần {code} cao hơn") for code in sections]
        choices = [("", "— không —"), *by_section, *TIE_BREAKS]
        for place, name in enumerate(TIE_FIELDS, start=1):
            self.fields[name] = forms.ChoiceField(
                label=f"Khi bằng điểm, xét thứ {place}", choices=choices, required=False
            )

    def clean_grades(self) -> list[GradeRules]:
        """Return the grades as the rules read them, the highest first."""
        bands = read_table(self.cleaned_data["grades"], _grade)
        return sorted(bands, key=lambda band: band.lower_bound, reverse=True)

    def settings(self) -> RubricSettings:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        names = ("title", "scale_max", "plus_cap", "minus_cap", "floor", "ceiling", "late_policy")
        chosen = [data[name] for name in TIE_FIELDS if data.get(name)]
        return RubricSettings(
            **{name: data[name] for name in (*names, "scale_back", "rank_capped", "rank_style")},
            tie_breaks=list(dict.fromkeys(chosen)),
        )


def _grade(cells: list[str]) -> GradeRules:
    name, bound, lowest, share = _cells(cells, 2, 4)
    if len(name) > 60:
        raise ValueError("tên xếp loại dài quá 60 ký tự.")
    return GradeRules(
        name=name,
        lower_bound=_points(bound),
        min_criterion_share=_share(lowest) if lowest else None,
        max_share_of_units=_share(share) if share else None,
    )


def settings_initial(rubric: Rubric, grades: Iterable[GradeBand]) -> dict[str, Any]:
    """Return a rubric's settings as the form shows them."""
    names = ("title", "scale_max", "plus_cap", "minus_cap", "floor", "ceiling")
    more = ("late_policy", "scale_back", "rank_capped", "rank_style")
    ties = dict(zip(TIE_FIELDS, rubric.tie_breaks, strict=False))
    return {
        **{name: getattr(rubric, name) for name in (*names, *more)},
        **ties,
        "grades": "\n".join(_grade_line(band) for band in grades),
        "seen": digest(rubric),
    }


def _grade_line(band: GradeBand) -> str:
    cells = [
        band.name,
        format_number(band.lower_bound),
        _percent(band.min_criterion_share),
        _percent(band.max_share_of_units),
    ]
    return "; ".join(cells).rstrip("; ")


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


# ---------------------------------------------------------------- sections and criteria


class SectionForm(OfficialForm):
    """A section of the table."""

    seen = _seen()
    code = forms.CharField(label="Mã phần", max_length=20)
    title = forms.CharField(label="Tên phần", max_length=500)
    kind = forms.ChoiceField(label="Loại", choices=SectionKind.choices)
    max_points = PointsInput(label="Điểm tối đa của phần", required=False)

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


class CriterionForm(OfficialForm):
    """A criterion or part, of any kind; fields that its kind does not need stay empty."""

    seen = _seen()
    code = forms.CharField(label="Mã", max_length=20)
    title = forms.CharField(
        label="Nội dung", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    max_points = PointsInput(label="Điểm tối đa", min_value=Decimal("0.01"))
    kind = forms.ChoiceField(label="Cách chấm", choices=CriterionKind.choices)
    step = PointsInput(label="Bước điểm", required=False, min_value=Decimal("0.01"))
    per = PointsInput(label="Điểm mỗi lần", required=False, min_value=Decimal("0.01"))
    unit_label = forms.CharField(label="Đơn vị đếm", max_length=60, required=False)
    levels = _table("Các mức (khi chọn một mức)", "Xuất sắc; 7")
    ladder = _table("Các ngưỡng (khi chấm theo tỷ lệ)", "50%; 4")
    not_applicable = forms.ChoiceField(label="Khi không phát sinh", choices=NotApplicable.choices)
    evidence_required = forms.BooleanField(label="Phải có minh chứng", required=False)
    decision_required = forms.BooleanField(
        label="Phải ghi số, ngày quyết định công nhận", required=False
    )
    exclusive_group = forms.CharField(label="Nhóm chỉ tính một", max_length=30, required=False)
    sanction = forms.ChoiceField(
        label="Khống chế xếp loại", choices=Sanction.choices, required=False
    )
    sanction_grade = forms.CharField(label="Không xếp trên loại", max_length=60, required=False)
    automatic = forms.ChoiceField(
        label="Ai nhập số liệu", choices=Automatic.choices, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        helps = {
            "step": "Bỏ trống là 0,01. Ví dụ 0,25 hoặc 0,5.",
            "per": "Chỉ cho cách chấm theo số lần: điểm trừ hoặc điểm được cho mỗi lần.",
            "unit_label": "Ví dụ: văn bản chậm, chỉ tiêu, sáng kiến.",
            "levels": "Mỗi dòng một mức: tên; điểm. Thêm “; liệt” nếu mức đó làm cả tiêu chí "
            "0 điểm. Ví dụ: Xuất sắc; 7.",
            "ladder": "Mỗi dòng một ngưỡng: từ tỷ lệ; điểm. Ví dụ: 50%; 4. Bỏ trống thì tính "
            "tỷ lệ × điểm tối đa.",
            "exclusive_group": "Các tiêu chí cùng tên nhóm chỉ tính một: mức cộng cao nhất, "
            "hoặc mức trừ lớn nhất.",
            "sanction_grade": "Chỉ cho “Không xếp trên loại ghi kèm”: tên loại, ví dụ Khá.",
        }
        for name, text in helps.items():
            self.fields[name].help_text = text

    def clean_levels(self) -> list[dict[str, Any]]:
        """Return the levels as the model stores them."""
        return read_table(self.cleaned_data["levels"], _level)

    def clean_ladder(self) -> list[list[str]]:
        """Return the thresholds as the model stores them."""
        return read_table(self.cleaned_data["ladder"], _rung)

    def said(self) -> CriterionFields:
        """Return what was typed as the service takes it."""
        return CriterionFields(
            **{name: self.cleaned_data[name] for name in CriterionFields.__slots__}
        )


def _level(cells: list[str]) -> dict[str, Any]:
    label, points, knocks = _cells(cells, 2, 3)
    if knocks and knocks.lower() not in {"liệt", "điểm liệt"}:
        raise ValueError("mục thứ ba chỉ có thể là “liệt”.")
    if len(label) > 200:
        raise ValueError("tên mức dài quá 200 ký tự.")
    return {"label": label, "points": str(_points(points)), "knocks_out": bool(knocks)}


def _rung(cells: list[str]) -> list[str]:
    threshold, points = _cells(cells, 2, 2)
    return [str(_share(threshold)), str(_points(points))]


def criterion_initial(row: Criterion) -> dict[str, Any]:
    """Return a criterion as the form shows it."""
    plain = [name for name in CriterionFields.__slots__ if name not in {"levels", "ladder"}]
    return {
        **{name: getattr(row, name) for name in plain},
        "levels": "\n".join(_level_line(level) for level in row.levels),
        "ladder": "\n".join(
            f"{_percent(Decimal(threshold))}; {format_number(Decimal(points))}"
            for threshold, points in row.ladder
        ),
        "seen": digest(row),
    }


def _level_line(level: dict[str, Any]) -> str:
    knocks = "; liệt" if level.get("knocks_out") else ""
    return f"{level['label']}; {format_number(Decimal(level['points']))}{knocks}"


def stored_lines(initial: dict[str, Any], form: forms.Form) -> Sequence[tuple[str, str]]:
    """Return what stands stored beside what was typed, for a person whose page was stale."""
    return [
        (str(field.label), str(initial.get(name) if initial.get(name) is not None else ""))
        for name, field in form.fields.items()
        if name != "seen"
    ]
