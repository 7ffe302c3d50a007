"""Small tables typed in a form: rows of inputs, with spare rows to go on in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from emulation.forms import parse_number
from emulation.vietnamese import format_number

MOST_POINTS = Decimal("9999.99")
MOST_ROWS = 40
LONGEST_CELL = 300
STEPS = {"up": -1, "down": 1}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a small table; a column that does not ``count`` leaves an empty row empty."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    is_number: bool = False
    is_tick: bool = False
    counts: bool = True


class RowsWidget(forms.Widget):
    """Draws the rows as a table; ``spare`` empty ones follow, ``blank`` stand in an empty one."""

    spare = 1

    def __init__(
        self, columns: Sequence[Column], *, is_ordered: bool = False, blank: int = 2
    ) -> None:
        super().__init__()
        self.blank = blank
        self.columns = tuple(columns)
        self.is_ordered = is_ordered
        self.caption = ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:  # noqa: ARG002
        """Return the rows that are not empty, in their order."""
        return list(self.typed_rows(data, name).values())

    def typed_rows(self, data: Mapping[str, Any], name: str) -> dict[int, Row]:
        """Return the rows that are not empty by the place where they were typed."""
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,3}})-(\w+)")
        rows: dict[int, Row] = {}
        for key in data:
            if found := pattern.fullmatch(key):
                rows.setdefault(int(found[1]), {})[found[2]] = str(data[key]).strip()
        counted = [column.name for column in self.columns if column.counts]
        return {
            place: rows[place]
            for place in sorted(rows)
            if any(rows[place].get(each) for each in counted)
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002
        """An empty table is an answer."""
        return False

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """Return the id of the first input."""
        return f"{id_}-{index}-{self.columns[0].name}" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """Return the table."""
        own = str((attrs or {}).get("id") or f"id_{name}")
        empty = self.spare if value else max(self.spare, self.blank)
        rows = [*(value or []), *[{}] * empty][: MOST_ROWS + 1]
        context = {
            "name": name,
            "caption": self.caption,
            "columns": self.columns,
            "is_ordered": self.is_ordered,
            "rows": [
                [self._cell(column, own, name, place, row) for column in self.columns]
                for place, row in enumerate(rows)
            ],
        }
        return SafeString(render_to_string("scoring/rubric_rows.html", context))

    def _cell(self, column: Column, own: str, name: str, place: int, row: Row) -> dict[str, Any]:
        value = row.get(column.name, "")
        known = {key for key, _ in column.choices}
        extra = ((value, value),) if column.choices and value not in known else ()
        return {
            "column": column,
            "id": f"{own}-{place}-{column.name}",
            "name": f"{name}-{place}-{column.name}",
            "value": value,
            "label": f"{column.label}, dòng {place + 1}",
            "choices": (*column.choices, *extra),
        }


class RowsField(forms.Field):
    """A small table; ``read`` turns a row into what is kept, or raises ValueError."""

    def __init__(
        self,
        columns: Sequence[Column],
        read: Callable[[Row], Any],
        *,
        is_ordered: bool = False,
        blank: int = 2,
        **options: Any,
    ) -> None:
        widget = RowsWidget(columns, is_ordered=is_ordered, blank=blank)
        super().__init__(widget=widget, **options)
        self.read = read
        self.widget.caption = str(self.label or "")

    def clean(self, value: list[Row]) -> list[Any]:
        """Return the rows as they are kept; ValidationError naming the row that is wrong."""
        if len(value) > MOST_ROWS:
            raise forms.ValidationError(f"Nhiều nhất {MOST_ROWS} dòng.")
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"])
        return [self._read(number, row) for number, row in enumerate(value, start=1)]

    def _read(self, number: int, row: Row) -> Any:
        try:
            if any(len(text) > LONGEST_CELL for text in row.values()):
                raise ValueError(f"mỗi ô tối đa {LONGEST_CELL} ký tự.")
            return self.read(row)
        except ValueError as error:
            raise forms.ValidationError(f"Dòng {number}: {error}") from error

    def told(self, value: Iterable[Row]) -> str:
        """Return rows as lines to read, each cell after the other."""
        return "\n".join(self._told(row) for row in value)

    def _told(self, row: Row) -> str:
        words = []
        for column in self.widget.columns:
            text = row.get(column.name, "")
            shown = (
                column.label if column.is_tick and text else dict(column.choices).get(text, text)
            )
            words.append(shown)
        return "; ".join(filter(None, words))


def redrawn(form: forms.Form, data: Mapping[str, Any], order: str) -> dict[str, Any]:
    """Return what was typed as a new form's initial values, after an order such as "levels:up:2".

    The orders change a small table: another empty row, a row one place up or down.
    """
    typed = {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in form.fields.items()
    }
    name, _, rest = order.partition(":")
    deed, _, place = rest.partition(":")
    widget = form.fields[name].widget if name in form.fields else None
    if isinstance(widget, RowsWidget) and deed in STEPS:
        places = [str(each) for each in widget.typed_rows(data, name)]
        typed[name] = _stepped(typed[name], places, place, STEPS[deed])
    return typed


def _stepped(rows: list[Row], places: list[str], place: str, step: int) -> list[Row]:
    """Return rows with the one typed at ``place`` a step on; empty ones between do not count."""
    here = places.index(place) if place in places else -1
    there = here + step
    if here < 0 or not 0 <= there < len(rows):
        return rows
    moved = list(rows)
    moved[here], moved[there] = rows[there], rows[here]
    return moved


# ---------------------------------------------------------------- cells


def needed(row: Row, name: str, label: str, longest: int) -> str:
    """Return a cell that must be filled."""
    text = row.get(name, "")
    if not text:
        raise ValueError(f"chưa nhập {label}.")
    if len(text) > longest:
        raise ValueError(f"{label} dài quá {longest} ký tự.")
    return text


def points(row: Row, name: str, label: str = "điểm") -> Decimal:
    """Return the points in a cell, 0 to 9999,99 with two places at most."""
    value = parse_number(needed(row, name, label, 20))
    if not 0 <= value <= MOST_POINTS or value != value.quantize(Decimal("0.01")):
        raise ValueError(f"{label} phải từ 0 đến 9999,99, tối đa 2 chữ số thập phân.")
    return value


def share(row: Row, name: str, label: str = "tỷ lệ") -> Decimal:
    """Return a percentage as a share: "85%" or "85" is 0.85."""
    value = parse_number(needed(row, name, label, 20).removesuffix("%").strip()) / 100
    if not 0 <= value <= 1 or value != value.quantize(Decimal("0.0001")):
        raise ValueError(f"{label} phải từ 0% đến 100%, tối đa 2 chữ số thập phân.")
    return value


def share_or_none(row: Row, name: str, label: str = "tỷ lệ") -> Decimal | None:
    """Return a percentage as a share; None for an empty cell."""
    return share(row, name, label) if row.get(name) else None


def percent(value: Decimal | None) -> str:
    """Return a share as people write it, "85%"; nothing for None."""
    return "" if value is None else f"{format_number(value * 100)}%"
