"""The registration as one form: rows of targets and of titles, blank rows ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from emulation.forms import NumberField, OfficialForm
from pledges.models import PledgeItem, RegisteredTitle, Target
from pledges.services.checks import TITLE_LENGTH
from pledges.services.registrations import (
    HIGHEST_VALUE,
    MEASURE_LENGTH,
    MOST_TARGETS,
    MOST_TITLES,
    TargetDraft,
)

SPARE_TARGETS, SPARE_TITLES = 3, 2
_LABELS = {
    "title": "Chỉ tiêu",
    "value": "Số đăng ký",
    "measure": "Đơn vị tính",
    "item": "Thuộc nội dung",
}
_CONTROLS = {"item": "form-select"}


class TargetForm(OfficialForm):
    """One row: a target is whole or blank."""

    title = forms.CharField(label=_LABELS["title"], max_length=TITLE_LENGTH, required=False)
    value = NumberField(
        label=_LABELS["value"],
        required=False,
        min_value=Decimal("0.01"),
        max_value=HIGHEST_VALUE,
        max_digits=12,
        decimal_places=2,
    )
    measure = forms.CharField(label=_LABELS["measure"], max_length=MEASURE_LENGTH, required=False)
    item = forms.ChoiceField(label=_LABELS["item"], required=False)

    def __init__(self, *args: Any, items: Sequence[PledgeItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = {str(each.pk): each for each in items}
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "không"), *((str(i.pk), f"Nội dung {i.position}") for i in items)]
        for name, label in _LABELS.items():
            self.fields[name].label = label
            attrs = self.fields[name].widget.attrs
            attrs["aria-label"] = label
            attrs["class"] = (
                f"{attrs.get('class', '')} {_CONTROLS.get(name, 'form-control')}".strip()
            )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in the row."""
        typed = (self.data.get(self.add_prefix(name), "") for name in ("title", "value", "measure"))
        return not any(str(each).strip() for each in typed)

    def clean(self) -> dict[str, Any]:
        """A row that was begun needs all three parts."""
        cleaned = super().clean() or self.cleaned_data
        if self.is_blank:
            return cleaned
        for name, label in (
            ("title", "tên chỉ tiêu"),
            ("value", "số đăng ký"),
            ("measure", "đơn vị tính"),
        ):
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, f"Đề nghị nhập {label}, hoặc để trống cả dòng.")
        return cleaned

    @property
    def draft(self) -> TargetDraft:
        """The row as the service takes it."""
        data = self.cleaned_data
        return TargetDraft(
            data["title"], data["value"], data["measure"], self.items.get(data["item"])
        )


class TitleForm(OfficialForm):
    """One row: a title or award striven for."""

    title = forms.CharField(label="Danh hiệu, hình thức", max_length=TITLE_LENGTH, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].widget.attrs |= {
            "class": "form-control",
            "aria-label": "Danh hiệu, hình thức khen thưởng",
        }


class RegistrationForm:
    """All rows of one registration; reads and checks like a form."""

    def __init__(
        self,
        *,
        items: Sequence[PledgeItem],
        targets: Iterable[Target] = (),
        titles: Iterable[RegisteredTitle] = (),
        data: Mapping[str, Any] | None = None,
        more: bool = False,
    ) -> None:
        rows = [_shown(each) for each in targets]
        names = [each.title for each in titles]
        extra = SPARE_TARGETS if more else 0
        count = _count(data, "targets", len(rows) + SPARE_TARGETS) + extra
        name_count = _count(data, "titles", len(names) + SPARE_TITLES) + (extra and SPARE_TITLES)
        self.targets = [
            TargetForm(data, prefix=f"chi-tieu-{place}", items=items, initial=_at(rows, place))
            for place in range(min(count, MOST_TARGETS))
        ]
        self.titles = [
            TitleForm(data, prefix=f"danh-hieu-{place}", initial={"title": _name(names, place)})
            for place in range(min(name_count, MOST_TITLES))
        ]
        self.refused: list[tuple[str, str]] = []

    def is_valid(self) -> bool:
        """Whether every row can be saved; every row is checked."""
        refused = [form for form in (*self.targets, *self.titles) if not form.is_valid()]
        return not refused

    def accepts(self, deed: Callable[[], object]) -> bool:
        """Return whether every row is right and the service did the deed."""
        if not self.is_valid():
            return False
        try:
            deed()
        except ValidationError as error:
            self.refused += [("", sentence) for sentence in error.messages]
            return False
        return True

    @property
    def drafts(self) -> list[TargetDraft]:
        """The targets typed, in order."""
        return [form.draft for form in self.targets if not form.is_blank]

    @property
    def names(self) -> list[str]:
        """The titles typed, in order."""
        typed = (form.cleaned_data["title"].strip() for form in self.titles)
        return [name for name in typed if name]

    def error_lines(self) -> list[tuple[str, str]]:
        """Return ``(id of the field, sentence)`` for each error, each naming its row."""
        lines = [
            (form[name].id_for_label, f"{what} {place}: {sentence}")
            for what, forms_ in (("Chỉ tiêu", self.targets), ("Danh hiệu", self.titles))
            for place, form in enumerate(forms_, start=1)
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]
        return [*lines, *self.refused]


def _count(data: Mapping[str, Any] | None, name: str, otherwise: int) -> int:
    if data is None:
        return otherwise
    typed = str(data.get(f"so-{name}", ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else otherwise


def _shown(target: Target) -> dict[str, Any]:
    return {
        "title": target.title,
        "value": target.value,
        "measure": target.measure,
        "item": str(target.item_id or ""),
    }


def _at(rows: list[dict[str, Any]], place: int) -> dict[str, Any]:
    return rows[place] if place < len(rows) else {}


def _name(names: list[str], place: int) -> str:
    return names[place] if place < len(names) else ""
