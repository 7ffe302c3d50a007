"""Forms of the register of units."""

from __future__ import annotations

from typing import Any

from django import forms

from blocs.enums import IssuingStyle, UnitKind
from blocs.models import Board
from emulation.forms import DayField, OfficialForm


class BoardChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the person's boards; hidden where there is one."""

    def label_from_instance(self, obj: Any) -> str:
        """Show the province."""
        return str(obj)


class UnitForm(OfficialForm):
    """A new unit."""

    board = BoardChoice(label="Hội đồng", queryset=Board.objects.none())
    name = forms.CharField(label="Tên đơn vị", max_length=300)
    kind = forms.ChoiceField(label="Loại hình", choices=UnitKind.choices, initial=UnitKind.STATE)
    issuing_style = forms.ChoiceField(
        label="Thể thức văn bản", choices=IssuingStyle.choices, initial=IssuingStyle.STATE
    )
    established_on = DayField(label="Ngày thành lập", required=False)

    def __init__(self, *args: Any, boards: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        narrow_boards(self, boards)


def narrow_boards(form: forms.Form, boards: Any) -> None:
    """Offer only the person's boards; with one board there is nothing to choose."""
    field = form.fields["board"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared by each form
    field.queryset = boards
    known = list(boards[:2])
    if len(known) == 1:
        field.initial = known[0].pk
        field.widget = field.hidden_widget()
