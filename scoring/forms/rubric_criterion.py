"""The form of a criterion or part: only the fields that its way of scoring needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from emulation.forms import OfficialForm
from emulation.vietnamese import format_number
from pledges.models import PledgeItem
from scoring.enums import Automatic, CriterionKind, NotApplicable, Sanction, SectionKind
from scoring.forms.rubric import PointsInput, seen_field
from scoring.forms.tables import Column, Row, RowsField, needed, percent, points, share
from scoring.models import Criterion, Section
from scoring.services.rubric_edit import CriterionFields, digest

NEEDED = {
    CriterionKind.DIRECT: ("step",),
    CriterionKind.CHOICE: ("levels",),
    CriterionKind.PASSFAIL: (),
    CriterionKind.DEDUCT: ("per", "unit_label"),
    CriterionKind.COUNT: ("per", "unit_label", "automatic"),
    CriterionKind.RATIO: ("step", "unit_label", "ladder"),
    CriterionKind.TARGET: ("step", "unit_label", "relative"),
    CriterionKind.EVENT_AVERAGE: ("levels", "step", "unit_label"),
}
BY_KIND = ("per", "levels", "step", "unit_label", "ladder", "relative", "automatic")
MORE = (
    *("not_applicable", "evidence_required", "evidence_hint", "decision_required"),
    *("exclusive_group", "sanction", "sanction_grade", "checker", "pledge_item"),
    *("printed_max", "note", "section"),
)
LEVEL_COLUMNS = (Column("label", "Mức"), Column("points", "Điểm", is_number=True))
KNOCK_OUT = Column("knocks_out", "Điểm liệt", is_tick=True, counts=False)
RUNG_COLUMNS = (
    Column("threshold", "Từ tỷ lệ (%)", is_number=True),
    Column("points", "Được điểm", is_number=True),
)
HELPS = {
    "step": "Bỏ trống là 0,01. Ví dụ 0,25 hoặc 0,5.",
    "per": "Điểm trừ hoặc điểm được cho mỗi lần.",
    "unit_label": "Ví dụ: văn bản chậm, chỉ tiêu, sáng kiến.",
    "ladder": "Bỏ trống thì tính tỷ lệ × điểm tối đa.",
    "exclusive_group": "Các tiêu chí cùng tên nhóm chỉ tính một: mức cộng cao nhất, hoặc mức trừ "
    "lớn nhất.",
    "sanction_grade": "Chỉ cho “Không xếp trên loại ghi kèm”.",
    "printed_max": "Chỉ ghi khi văn bản in một số khác với quy định của chính tiêu chí.",
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the form must know of the table around a criterion."""

    section_kind: str = SectionKind.BASE
    has_parts: bool = False
    sections: Sequence[Section] = ()
    grades: Sequence[str] = ()
    groups: Sequence[str] = ()
    items: Sequence[PledgeItem] = field(default_factory=list)


class ItemChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the items of the pledge."""

    def label_from_instance(self, obj: Any) -> str:
        """Return number and beginning of the item."""
        return f"{obj.position}. {obj.text[:80]}"


def _level(row: Row) -> dict[str, Any]:
    label, value = needed(row, "label", "tên mức", 200), points(row, "points")
    return {"label": label, "points": str(value), "knocks_out": bool(row.get("knocks_out"))}


def _rung(row: Row) -> list[str]:
    return [str(share(row, "threshold")), str(points(row, "points"))]


class CriterionForm(OfficialForm):
    """A criterion or part, of any kind; a field that its kind does not need is not there."""

    seen = seen_field()
    code = forms.CharField(label="Mã", max_length=20)
    title = forms.CharField(
        label="Nội dung", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    max_points = PointsInput(label="Điểm tối đa", min_value=Decimal("0.01"))
    kind = forms.ChoiceField(label="Cách chấm", choices=CriterionKind.choices)
    per = PointsInput(label="Điểm mỗi lần", min_value=Decimal("0.01"))
    levels = RowsField((*LEVEL_COLUMNS, KNOCK_OUT), _level, label="Các mức", blank=4)
    step = PointsInput(label="Bước điểm", required=False, min_value=Decimal("0.01"))
    unit_label = forms.CharField(label="Đơn vị đếm", max_length=60, required=False)
    ladder = RowsField(RUNG_COLUMNS, _rung, label="Các ngưỡng", required=False, blank=3)
    relative = forms.BooleanField(
        label="So với đơn vị vượt chỉ tiêu cao nhất trong Khối", required=False
    )
    automatic = forms.ChoiceField(
        label="Ai nhập số liệu", choices=Automatic.choices, required=False
    )
    not_applicable = forms.ChoiceField(label="Khi không phát sinh", choices=NotApplicable.choices)
    evidence_required = forms.BooleanField(label="Phải có minh chứng", required=False)
    evidence_hint = forms.CharField(label="Minh chứng cần có", max_length=500, required=False)
    decision_required = forms.BooleanField(
        label="Phải ghi số, ngày quyết định công nhận", required=False
    )
    exclusive_group = forms.CharField(label="Nhóm chỉ tính một", max_length=30, required=False)
    sanction = forms.ChoiceField(
        label="Khống chế xếp loại", choices=Sanction.choices, required=False
    )
    sanction_grade = forms.ChoiceField(label="Không xếp trên loại", required=False)
    checker = forms.CharField(label="Bộ phận thẩm định", max_length=200, required=False)
    pledge_item = ItemChoice(
        label="Nội dung giao ước", queryset=PledgeItem.objects.none(), required=False
    )
    printed_max = PointsInput(label="Điểm tối đa in trên văn bản", required=False)
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)
    section = forms.ChoiceField(label="Thuộc phần", required=False)

    def __init__(self, *args: Any, setting: Setting, **options: Any) -> None:
        super().__init__(*args, **options)
        self.setting = setting
        for name, text in HELPS.items():
            self.fields[name].help_text = text
        self.fields["exclusive_group"].widget.attrs["list"] = self.group_list
        self._fill_choices()
        for name in self._not_needed(self._kind()):
            del self.fields[name]
        if self._kind() == CriterionKind.EVENT_AVERAGE and "levels" in self.fields:
            self.fields["levels"].widget.columns = LEVEL_COLUMNS

    def _kind(self) -> str:
        typed = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        return typed if typed in CriterionKind.values else CriterionKind.DIRECT.value

    def _fill_choices(self) -> None:
        fields, setting = self.fields, self.setting
        fields["section"].choices = [(each.pk, str(each)) for each in setting.sections]  # type: ignore[attr-defined]
        grades = [("", "— không —"), *((name, name) for name in setting.grades)]
        fields["sanction_grade"].choices = grades  # type: ignore[attr-defined]
        items = PledgeItem.objects.filter(pk__in=[item.pk for item in setting.items])
        fields["pledge_item"].queryset = items  # type: ignore[attr-defined]
        fields["pledge_item"].choices = [  # type: ignore[attr-defined]
            ("", "— không —"),
            *((item.pk, f"{item.position}. {item.text[:80]}") for item in setting.items),
        ]

    def _not_needed(self, kind: str) -> set[str]:
        needs = set() if self.setting.has_parts else {"kind", *NEEDED[CriterionKind(kind)]}
        unwanted = {*BY_KIND, "kind"} - needs
        if self.setting.section_kind != SectionKind.MINUS:
            unwanted |= {"automatic", "sanction", "sanction_grade"}
        if not self.setting.items:
            unwanted.add("pledge_item")
        if not self.setting.sections:
            unwanted.add("section")
        return unwanted

    @property
    def group_list(self) -> str:
        """The id of the list of the groups in use."""
        return str(self.auto_id).replace("%s", "nhom")

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that every criterion of this kind states."""
        return [each for each in self if each.name not in MORE and not each.is_hidden]

    @property
    def more(self) -> list[forms.BoundField]:
        """The conditions that most criteria do not have."""
        return [each for each in self if each.name in MORE]

    @property
    def more_open(self) -> bool:
        """Tell whether a condition is stated or refused, so that nothing hides."""
        if any(each.errors for each in self.more):
            return True
        quiet = {"section", "not_applicable"}
        stated = any(each.value() for each in self.more if each.name not in quiet)
        policy = self["not_applicable"].value()
        return stated or policy not in {None, NotApplicable.NOT_ALLOWED.value}

    def said(self) -> CriterionFields:
        """Return what was typed as the service takes it; what the kind does not need is empty."""
        data = self.cleaned_data
        names = [name for name in CriterionFields.__slots__ if name in data]
        return CriterionFields(**{name: data[name] for name in names})

    def chosen_section(self) -> Section | None:
        """Return the section chosen, or None where there is no choice."""
        wanted = self.cleaned_data.get("section")
        return next((each for each in self.setting.sections if str(each.pk) == wanted), None)


def like_the_last(siblings: Sequence[Any], section_kind: str) -> dict[str, Any]:
    """Return how a new criterion is most likely scored: as the one before it without parts.

    The first of a minus section counts cases, as nearly all of them do.
    """
    scored = [each for each in siblings if not each.has_parts]
    if scored:
        return {"kind": scored[-1].kind, "step": scored[-1].step}
    return {"kind": CriterionKind.COUNT} if section_kind == SectionKind.MINUS else {}


def criterion_initial(row: Criterion) -> dict[str, Any]:
    """Return a criterion as the form shows it."""
    tables = {"levels", "ladder"}
    plain = [name for name in CriterionFields.__slots__ if name not in tables]
    return {
        **{name: getattr(row, name) for name in plain},
        "levels": [_level_row(level) for level in row.levels],
        "ladder": [
            {"threshold": percent(Decimal(threshold)), "points": format_number(Decimal(value))}
            for threshold, value in row.ladder
        ],
        "section": row.section_id,
        "seen": digest(row),
    }


def _level_row(level: dict[str, Any]) -> Row:
    return {
        "label": str(level["label"]),
        "points": format_number(Decimal(level["points"])),
        "knocks_out": "1" if level.get("knocks_out") else "",
    }


def groups_of(rows: Iterable[Criterion]) -> list[str]:
    """Return the names of the exclusive groups in use."""
    return sorted({row.exclusive_group for row in rows if row.exclusive_group})
