"""Columns of the workbook and what may stand in their cells.

A widget turns a cell into a value and back; ValueError with a sentence for a person where it
cannot. An empty cell says nothing: what is there stays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from import_export.fields import Field
from import_export.widgets import Widget

from emulation.forms import DAY_ERROR, DayField
from emulation.models import User
from emulation.vietnamese import fold, format_date, one_line

ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_ESCAPED = re.compile(r"'[=+\-@\t\r\n]")
_MOBILE = re.compile(r"[35789]\d{8}")
_LOST_ZERO_DIGITS = (9, 10)


class Names(Protocol):
    """What the sheets and the board know by name; ValueError for what is not there."""

    def unit(self, text: str) -> str:
        """Return the unit's name as it is written in the register."""

    def bloc(self, text: str) -> str:
        """Return the bloc's name as it is written in the register."""


def cell_text(value: object) -> str:
    """Return what a cell shows: one line, composed, whole numbers without a decimal point.

    The apostrophe that our own workbooks put before a sign of a formula is taken off.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, dt.date):
        return format_date(value)
    text = one_line(str("" if value is None else value))
    return text[1:] if _ESCAPED.match(text) else text


def nearest(text: str, known: Collection[str]) -> str:
    """Return a hint naming the known word most like ``text``, or an empty text."""
    folded = {fold(name): name for name in known}
    found = get_close_matches(fold(text), folded, n=1, cutoff=0.75)
    return f" Có phải “{folded[found[0]]}”?" if found else ""


class Column(Field):  # type: ignore[misc]
    """A column: heading, width in characters, what to write there. ``*`` marks the required.

    ``starred`` shows the mark where the rule depends on another cell.
    """

    def __init__(
        self,
        attribute: str,
        heading: str,
        widget: Widget,
        *,
        hint: str,
        width: float = 22,
        required: bool = False,
        starred: bool = False,
    ) -> None:
        super().__init__(
            attribute=attribute, column_name=heading, widget=widget, saves_null_values=False
        )
        self.hint, self.width = hint, width
        self.required, self.starred = required, required or starred

    @property
    def heading(self) -> str:
        """The heading as the workbook shows it."""
        return f"{self.column_name} *" if self.starred else str(self.column_name)

    def clean(self, row: Mapping[str, object], **options: Any) -> Any:
        """Return the cell's value, None for an empty one."""
        value = super().clean(row, **options)
        if value is None and self.required:
            raise ValueError(f"Chưa ghi “{self.column_name}”. Đề nghị ghi vào ô này.")
        return value


class CellWidget(Widget):  # type: ignore[misc]
    """A line of text of bounded length."""

    def __init__(self, longest: int = 300) -> None:
        super().__init__()
        self.longest = longest

    def clean(self, value: object, row: object = None, **options: Any) -> Any:  # noqa: ARG002
        """Return the value in the cell, None for an empty one."""
        text = cell_text(value)
        return self.read(text, value, **options) if text else None

    def read(self, text: str, value: object, **options: Any) -> Any:  # noqa: ARG002
        """Return the value of a cell that is not empty; ValueError where it cannot be one."""
        if len(text) > self.longest:
            raise ValueError(
                f"Dài {len(text)} ký tự; tối đa {self.longest} ký tự. Đề nghị viết gọn lại."
            )
        return text

    def render(self, value: object, obj: object = None, **options: Any) -> str:  # noqa: ARG002
        """Return the value as the workbook and the pages show it."""
        return "" if value is None else str(value)


class ChoiceWidget(CellWidget):
    """One of a list, by its label; case and diacritics aside."""

    def __init__(
        self, choices: type[TextChoices], aliases: Mapping[str, TextChoices] | None = None
    ) -> None:
        super().__init__()
        self.choices = choices
        self.by_word = {fold(each.label): each for each in choices} | {
            fold(word): each for word, each in (aliases or {}).items()
        }

    @property
    def labels(self) -> list[str]:
        """The words of the drop-down list."""
        return [str(each.label) for each in self.choices]

    def read(self, text: str, value: object, **options: Any) -> Any:  # noqa: ARG002
        """Return the choice's value."""
        found = self.by_word.get(fold(text))
        if found is None:
            listed = "; ".join(self.labels)
            raise ValueError(f"Không có trong danh sách. Đề nghị chọn một trong: {listed}.")
        return found.value

    def render(self, value: object, obj: object = None, **options: Any) -> str:  # noqa: ARG002
        """Return the label."""
        return str(self.choices(str(value)).label) if value else ""


class DayWidget(CellWidget):
    """A date, typed as ngày/tháng/năm or kept by Excel as a date."""

    def read(self, text: str, value: object, **options: Any) -> dt.date:  # noqa: ARG002
        """Return the date."""
        if isinstance(value, float | int):
            raise ValueError(f"Ô đang là số. {DAY_ERROR}")  # noqa: TRY004 - the cell is at fault
        if isinstance(value, dt.datetime):
            value = value.date()
        iso = ISO_DAY.fullmatch(text)
        try:
            if iso:
                value = dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
            found = DayField().to_python(value if isinstance(value, dt.date) else text)
        except ValidationError as error:
            raise ValueError(error.messages[0]) from error
        except ValueError as error:
            raise ValueError(DAY_ERROR) from error
        assert found is not None  # noqa: S101 - the cell is not empty
        return found

    def render(self, value: object, obj: object = None, **options: Any) -> str:  # noqa: ARG002
        """Return the date as 09/12/2022."""
        return format_date(value) if isinstance(value, dt.date) else ""


class NumberWidget(CellWidget):
    """A whole number within bounds."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__()
        self.lowest, self.highest = lowest, highest

    def read(self, text: str, value: object, **options: Any) -> int:  # noqa: ARG002
        """Return the number."""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not self.lowest <= number <= self.highest:
            raise ValueError(f"Phải là số nguyên từ {self.lowest} đến {self.highest}.")
        return number


class PhoneWidget(CellWidget):
    """A telephone number; a zero that Excel took off its head is put back."""

    def read(self, text: str, value: object, **options: Any) -> str:  # noqa: ARG002
        """Return the number as text."""
        text = f"0{text}" if lost_zero(value) else text
        try:
            User._meta.get_field("phone").run_validators(text)  # noqa: SLF001 - documented API
        except ValidationError as error:
            raise ValueError(
                "Số điện thoại gồm 6 đến 20 chữ số và dấu + ( ) . -, ví dụ 0912 345 678."
            ) from error
        return text


def lost_zero(value: object) -> bool:
    """Return whether a telephone number lost its leading zero in Excel.

    So does any number of 9 or 10 digits, for a number cannot begin with zero; a text only where
    it reads as a mobile number without it.
    """
    text = cell_text(value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return text.isdigit() and len(text) in _LOST_ZERO_DIGITS
    return bool(_MOBILE.fullmatch(text))


class EmailWidget(CellWidget):
    """A mail address."""

    def read(self, text: str, value: object, **options: Any) -> str:
        """Return the address."""
        super().read(text, value, **options)
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValueError("Thư điện tử phải có dạng ten@donvi.vn.") from error
        return text


class UsernameWidget(CellWidget):
    """A log-in name."""

    def read(self, text: str, value: object, **options: Any) -> str:
        """Return the name."""
        super().read(text, value, **options)
        try:
            User._meta.get_field("username").run_validators(text)  # noqa: SLF001 - documented API
        except ValidationError as error:
            raise ValueError(
                "Tên đăng nhập chỉ gồm chữ cái, chữ số và các dấu @ . + - _, viết liền."
            ) from error
        return text


class UnitWidget(CellWidget):
    """The name of a unit of the sheet "Đơn vị" or of the board."""

    def read(self, text: str, value: object, **options: Any) -> Any:  # noqa: ARG002
        """Return the unit's name as the register writes it."""
        names: Names = options["names"]
        return names.unit(text)


class UnitsWidget(CellWidget):
    """Several units, in order, parted by semicolons."""

    def read(self, text: str, value: object, **options: Any) -> tuple[str, ...]:  # noqa: ARG002
        """Return the units' names."""
        names: Names = options["names"]
        parts = [part.strip() for part in text.split(";")]
        return tuple(names.unit(part) for part in parts if part)

    def render(self, value: object, obj: object = None, **options: Any) -> str:  # noqa: ARG002
        """Return the names, parted by semicolons."""
        return "; ".join(value) if isinstance(value, tuple) else ""


class BlocWidget(CellWidget):
    """The name of a bloc of the sheet "Khối" or of the board."""

    def read(self, text: str, value: object, **options: Any) -> Any:  # noqa: ARG002
        """Return the bloc's name as the register writes it."""
        names: Names = options["names"]
        return names.bloc(text)
