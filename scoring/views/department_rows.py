"""The departments of a year as the page of who appraises lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from blocs.models import BlocYear
from blocs.standing import Standing
from emulation.history import Entry
from scoring.enums import SectionKind
from scoring.forms.appraisers import DepartmentPersonForm
from scoring.models import Criterion, DepartmentPerson
from scoring.permissions.cross_check import can_name_department_people
from scoring.selectors.departments import (
    department_changes,
    department_key,
    department_names,
    department_of,
    departments_by_year,
    judged_criteria,
    possible_department_people,
    running_department_people,
)
from scoring.selectors.rubrics import issued_rubric

NO_RUBRIC = (
    "Bảng chấm điểm năm này chưa ban hành nên chưa có danh sách bộ phận. Sau khi ban hành, đề nghị "
    "cử người thẩm định cho từng bộ phận tại trang này."
)
NO_DEPARTMENT = (
    "Bảng chấm điểm không ghi bộ phận thẩm định ở tiêu chí nào nên tổ thư ký thẩm định tất cả. Đề "
    "nghị ghi bộ phận thẩm định vào bảng chấm điểm, hoặc chọn người thẩm định khác."
)


@dataclass(slots=True)
class NamedPerson:
    """Somebody named for a department; ``note`` says why he or she cannot appraise."""

    row: DepartmentPerson
    note: str = ""


@dataclass(slots=True)
class DepartmentRow:
    """A department: how many criteria and points it judges, and who does that.

    ``is_named`` is False for the criteria of no department. Points do not count minus points.
    """

    name: str
    is_named: bool = True
    criteria: int = 0
    points: Decimal = Decimal(0)
    people: list[NamedPerson] = field(default_factory=list)

    @property
    def warning(self) -> str:
        """What has to be mended; empty where somebody can appraise."""
        if self.is_named and self.criteria and all(each.note for each in self.people):
            return "Chưa có người thẩm định; các tiêu chí này chờ đến khi cử người."
        if not self.criteria:
            return "Bảng chấm điểm đang dùng không còn ghi bộ phận này."
        return ""

    def add(self, criterion: Criterion) -> None:
        """Count a criterion in."""
        self.criteria += 1
        if criterion.section.kind != SectionKind.MINUS:
            self.points += criterion.max_points


def department_context(
    bloc_year: BlocYear, standing: Standing, form: DepartmentPersonForm | None
) -> dict[str, Any]:
    """Return what the page shows of the departments: a fixed number of queries."""
    names = can_name_department_people(standing, bloc_year)
    rubric = issued_rubric(bloc_year)
    rows = _rows(bloc_year, judged_criteria(rubric) if rubric else [])
    listed = [row.name for row in rows if row.is_named and row.criteria]
    gap = "" if listed else NO_DEPARTMENT
    shows_form = bool(names) and bool(listed)
    return {
        "departments": rows,
        "splits": True,
        "names": names,
        "department_gap": gap if rubric else NO_RUBRIC,
        "naming": (form or _form(bloc_year, listed)) if shows_form else None,
    }


def people_form(bloc_year: BlocYear, data: Mapping[str, Any] | None = None) -> DepartmentPersonForm:
    """Return the form that names somebody, bound where ``data`` is given."""
    rubric = issued_rubric(bloc_year)
    return _form(bloc_year, department_names(rubric).values() if rubric else [], data)


def _form(
    bloc_year: BlocYear, departments: Any, data: Mapping[str, Any] | None = None
) -> DepartmentPersonForm:
    people = possible_department_people(bloc_year)
    return DepartmentPersonForm(data, departments=departments, people=people)


def _rows(bloc_year: BlocYear, criteria: list[Criterion]) -> list[DepartmentRow]:
    rows: dict[str, DepartmentRow] = {}
    for each in criteria:
        name = department_of(each)
        key = department_key(name)
        empty = DepartmentRow(name or "Không ghi bộ phận", is_named=bool(name))
        rows.setdefault(key, empty).add(each)
    rest = rows.pop("", None)
    known = departments_by_year([bloc_year.pk])[bloc_year.pk]
    for named in running_department_people(bloc_year):
        row = rows.setdefault(named.key, DepartmentRow(named.department))
        serves = named.person_id in known.people.get(named.key, ())
        row.people.append(
            NamedPerson(named, "" if serves else "không còn công tác tại đơn vị thành viên")
        )
    return [*rows.values(), *([rest] if rest else [])]


def department_entries(bloc_year: BlocYear) -> list[Entry]:
    """Return who was named and who no longer, as entries of the page's history."""
    return [
        Entry(
            at=row.at,
            who=row.actor.full_name,
            acting_as=row.acting_as,
            what="Cử người thẩm định" if row.is_named else "Thôi cử người thẩm định",
            change=f"{row.person.full_name} – bộ phận {row.department}",
            reason=row.note,
        )
        for row in department_changes(bloc_year)
    ]
