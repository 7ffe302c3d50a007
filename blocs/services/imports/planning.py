"""What an import would do: every fault, every difference, every notice; nothing is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from import_export.results import Result, RowResult

from blocs.models import Board
from blocs.selectors.register import BlocEntry, Register, register_of
from blocs.services.imports.desk import Desk, Someone
from blocs.services.imports.rows import SheetResource
from blocs.services.imports.sheets import SHEETS
from blocs.services.imports.structure import BlocSheet, MemberSheet
from blocs.services.imports.workbook import Workbook
from emulation.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of one cell: where, what stands there, what is wrong and what to do."""

    sheet: str
    row: int
    column: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A column's value before (empty where there was none) and after."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that would write something: a new one, or changes of what is there.

    ``label`` says what it is about; ``details`` are the changes it does not say.
    """

    sheet: str
    row: int
    is_new: bool
    label: str
    changes: tuple[Change, ...]
    details: tuple[Change, ...]
    entry: Any


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know that keeps nothing from being imported, and the rows it is about."""

    sheet: str
    text: str
    rows: tuple[int, ...] = ()

    @property
    def places(self) -> str:
        """The rows in words, neighbours joined: "dòng 2–40, 57"."""
        runs: list[list[int]] = []
        for row in sorted(self.rows):
            if runs and row == runs[-1][1] + 1:
                runs[-1][1] = row
            else:
                runs.append([row, row])
        words = (str(a) if a == b else f"{a}–{b}" for a, b in runs)
        return f"dòng {', '.join(words)}" if runs else ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a sheet are new, changed, the same, wrong."""

    sheet: str
    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do. With a problem nothing is imported."""

    register: Register
    people: Mapping[str, Someone]
    counts: tuple[Count, ...]
    problems: tuple[Problem, ...]
    differences: tuple[Difference, ...]
    remarks: tuple[Remark, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the workbook says only what is there already."""
        return not self.problems and not self.differences

    @property
    def can_be_written(self) -> bool:
        """Whether the person may confirm."""
        return not self.problems and bool(self.differences)

    def of(self, sheet: str) -> list[Difference]:
        """Return the differences of one sheet, in the order of its rows."""
        return [each for each in self.differences if each.sheet == sheet]

    @property
    def fingerprint(self) -> str:
        """A digest of everything the person reads and of what it would be written to, in hex."""
        whole = repr((self.problems, self.differences, self.remarks))
        return hashlib.sha256(whole.encode()).hexdigest()


def plan_import(board: Board, workbook: Workbook) -> ImportPlan:
    """Return what importing the workbook into the board would do: a constant number of queries."""
    desk = Desk(register_of(board))
    counts: list[Count] = []
    problems: list[Problem] = []
    differences: list[Difference] = []
    for kind in SHEETS:
        sheet = kind(desk, workbook.sheets[kind.title])
        result = sheet.compare()
        counts.append(_count(sheet, result))
        problems += _problems(sheet, result)
        differences += _differences(sheet, result)
    return ImportPlan(
        desk.register,
        desk.people,
        tuple(counts),
        tuple(sorted(problems, key=_place)),
        tuple(differences),
        tuple(_remarks(desk, workbook, differences)),
    )


def _place(problem: Problem) -> tuple[int, int]:
    titles = [sheet.title for sheet in SHEETS]
    return titles.index(problem.sheet), problem.row


def _count(sheet: SheetResource, result: Result) -> Count:
    totals = result.totals
    return Count(
        sheet.title,
        totals[RowResult.IMPORT_TYPE_NEW],
        totals[RowResult.IMPORT_TYPE_UPDATE],
        totals[RowResult.IMPORT_TYPE_SKIP],
        totals[RowResult.IMPORT_TYPE_INVALID],
    )


def _problems(sheet: SheetResource, result: Result) -> Iterable[Problem]:
    columns = {column.attribute: name for name, column in sheet.fields.items()}
    for wrong in result.invalid_rows:
        number = sheet.rows.numbers[wrong.number - 1]
        row = dict(zip(sheet.rows.data.headers, sheet.rows.data[wrong.number - 1], strict=True))
        for attribute, sentences in wrong.error_dict.items():
            name = columns[attribute]
            heading = str(sheet.fields[name].column_name)
            for sentence in sentences:
                yield Problem(sheet.title, number, heading, sheet.shown(row, name), sentence)


def _differences(sheet: SheetResource, result: Result) -> Iterable[Difference]:
    for number, row in zip(sheet.rows.numbers, result.rows, strict=True):
        if not (row.is_new() or row.is_update()):
            continue
        entry, before = row.instance, row.original
        changes = tuple(
            Change(str(column.column_name), column.export(before), column.export(entry))
            for column in sheet.fields.values()
            if column.get_value(before) != column.get_value(entry)
        )
        said = {sheet.heading_of(name) for name in sheet.in_label} if row.is_new() else set()
        details = tuple(each for each in changes if each.column not in said)
        label = sheet.label(entry)
        yield Difference(sheet.title, number, row.is_new(), label, changes, details, entry)


# ---------------------------------------------------------------- remarks


def _remarks(desk: Desk, workbook: Workbook, differences: Iterable[Difference]) -> Iterable[Remark]:
    for title in workbook.unread:
        yield Remark(title, "Trang này không thuộc mẫu nên không đọc.")
    for title, rows in workbook.sheets.items():
        for column in rows.absent:
            yield Remark(title, f"Không có cột “{column}”: coi như để trống.")
    for (sheet, text), numbers in desk.notices.items():
        yield Remark(sheet, text, tuple(numbers))
    yield from _about_blocs(desk, list(differences))


def _about_blocs(desk: Desk, differences: list[Difference]) -> Iterable[Remark]:
    """Remark where a head is no member, or where the decision counts other than the list."""
    joining = {
        (fold(each.entry.bloc), each.entry.year, fold(each.entry.unit))
        for each in differences
        if each.sheet == MemberSheet.title
    }
    members = joining | desk.register.members.keys()
    sizes = Counter((bloc, year) for bloc, year, _ in members)
    for each in differences:
        if each.sheet == BlocSheet.title:
            yield from _about_bloc(each, each.entry, members, sizes)


def _about_bloc(
    where: Difference,
    entry: BlocEntry,
    members: set[tuple[str, int, str]],
    sizes: Mapping[tuple[str, int], int],
) -> Iterable[Remark]:
    bloc, year = fold(entry.name), entry.year or 0
    absent = [
        name
        for name in (entry.head, *entry.deputies)
        if name and (bloc, year, fold(name)) not in members
    ]
    for name in absent:
        text = f"“{name}” giữ vai trò trong {where.label} nhưng chưa có ở trang “Thành viên”."
        yield Remark(where.sheet, text, (where.row,))
    listed = sizes[bloc, year]
    if entry.declared_count and entry.declared_count != listed:
        text = (
            f"{where.label}: văn bản ghi {entry.declared_count} đơn vị, danh sách có {listed} đơn "
            "vị. Đề nghị đối chiếu với quyết định phân chia khối."
        )
        yield Remark(where.sheet, text, (where.row,))
