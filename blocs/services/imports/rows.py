"""What the sheets have in common: each row compared with what is there, every fault told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result

from blocs.services.imports.cells import Column, cell_text
from blocs.services.imports.desk import Desk
from blocs.services.imports.workbook import SheetRows

Fault = tuple[str, str]
"""The column's attribute, and a sentence saying what is wrong and what to do."""


class Unshown:
    """Stands for the library's difference in HTML, which our pages do not show."""

    def __init__(self, *_: object) -> None:
        """Take what the library gives and keep nothing."""

    def compare_with(self, *_: object) -> None:
        """Compare nothing."""


class SheetResource(Resource):  # type: ignore[misc]
    """A sheet of the workbook. Nothing is saved: rows come back as new, changed or the same.

    Subclasses find the entry a row speaks of and say what is wrong with the row beyond its cells;
    ``in_label`` are the columns whose values ``label`` says.
    """

    title: ClassVar[str]
    entry: ClassVar[type[Any]]
    in_label: ClassVar[tuple[str, ...]] = ()

    class Meta:
        instance_loader_class = BaseInstanceLoader
        skip_html_diff = True
        skip_unchanged = True
        store_instance = True
        use_transactions = False

    def __init__(self, desk: Desk, rows: SheetRows) -> None:
        super().__init__()
        self.desk, self.register, self.rows = desk, desk.register, rows
        self.number = 0
        self.seen: dict[object, int] = {}

    @classmethod
    def columns(cls) -> list[Column]:
        """Return the columns in the order of the workbook."""
        return list(cls.fields.values())

    @classmethod
    def heading_of(cls, attribute: str) -> str:
        """Return the heading of a column."""
        return str(cls.fields[attribute].column_name)

    def compare(self) -> Result:
        """Return the rows compared with what is there; a fault of the program is raised."""
        result = self.import_data(self.rows.data, use_transactions=False, names=self.desk)
        faults = [each.error for row in result.error_rows for each in row.errors]
        faults += [each.error for each in result.base_errors]
        for fault in faults:
            raise fault
        return result

    # ------------------------------------------------------------ what subclasses say

    def label(self, entry: Any) -> str:
        """Return what an entry is about, in a few words."""
        raise NotImplementedError

    def find(self, row: Any) -> Any:
        """Return the entry of the register that the row speaks of, or None."""
        raise NotImplementedError

    def faults(self, entry: Any, row: Any, is_new: bool) -> Iterable[Fault]:  # noqa: FBT001
        """Yield what is wrong with the row beyond its cells; may settle the entry's values."""
        raise NotImplementedError

    # ------------------------------------------------------------ for subclasses

    def value(self, row: Any, attribute: str) -> Any:
        """Return the value of a cell, None where it is empty or cannot be read."""
        column = self.fields[attribute]
        try:
            return column.clean(row, names=self.desk) if column.column_name in row else None
        except ValueError:
            return None

    def raw(self, row: Any, attribute: str) -> Any:
        """Return what stands in the cell."""
        return row.get(self.fields[attribute].column_name, "")

    def twice(self, key: object, attribute: str, what: str) -> Iterator[Fault]:
        """Yield a fault where an earlier row says the same; note this row otherwise."""
        first = self.seen.setdefault(key, self.number)
        if first != self.number:
            yield attribute, f"{what} đã có ở dòng {first}. Đề nghị bỏ một trong hai dòng."

    def kept(self, entry: Any, row: Any, attributes: Iterable[str], where: str) -> Iterator[Fault]:
        """Yield a fault for each cell that differs from what is there and is not changed here."""
        for attribute in attributes:
            column, given = self.fields[attribute], self.value(row, attribute)
            before = getattr(entry, attribute)
            if given is not None and given != before:
                shown = column.widget.render(before) or "chưa ghi"
                yield attribute, f"Đang ghi là “{shown}”; nhập danh sách không đổi mục này. {where}"

    def note(self, text: str) -> None:
        """Say something about the row that is no error."""
        self.desk.note(self.title, self.number, text)

    def after_import_row(self, row: Any, row_result: Any, **options: Any) -> None:  # noqa: ARG002
        """Keep what was there beside the result: the library keeps it for changed rows only."""
        row_result.original = self.before

    # ------------------------------------------------------------ the library's hooks

    @classmethod
    def get_diff_class(cls) -> type[Unshown]:
        """Return what the library compares with: we compare the columns ourselves."""
        return Unshown

    def before_import_row(self, row: Any, **options: Any) -> None:  # noqa: ARG002
        """Keep the row's number in Excel."""
        self.number = self.rows.numbers[options["row_number"] - 1]

    def init_instance(self, row: Any = None) -> Any:  # noqa: ARG002
        """Return an empty entry."""
        return self.entry()

    def get_instance(self, instance_loader: Any, row: Any) -> Any:  # noqa: ARG002
        """Return a copy of what the register has, to be set against the row."""
        found = self.find(row)
        return copy(found) if found is not None else None

    def after_init_instance(self, instance: Any, new: bool, row: Any, **options: Any) -> None:  # noqa: ARG002, FBT001
        """Keep what was there, for rules that compare."""
        self.is_new, self.before = new, copy(instance)

    def import_instance(self, instance: Any, row: Any, **options: Any) -> None:
        """Set the row's values on the entry; ValidationError with every fault of the row."""
        faults: dict[str, list[Any]] = {}
        try:
            super().import_instance(instance, row, **options)
        except ValidationError as error:
            faults = error.update_error_dict(faults)
        for attribute, sentence in self.faults(instance, row, self.is_new):
            faults.setdefault(attribute, []).append(ValidationError(sentence))
        if faults:
            raise ValidationError(faults)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **options: Any) -> None:  # noqa: FBT001
        """Save nothing: the plan is written as a whole, elsewhere."""

    def shown(self, row: Any, attribute: str) -> str:
        """Return what stands in the cell, as the page of errors shows it."""
        return cell_text(self.raw(row, attribute))
