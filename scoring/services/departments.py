"""Who appraises for the departments that a year's table names: named, ended, copied."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import AppraisedBy
from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.services.writing import lock_year, save_checked
from blocs.standing import Standing
from emulation import clock
from emulation.access import Conflict, require
from emulation.models import User
from emulation.notices.announcing import announce
from scoring.models import DepartmentChange, DepartmentPerson
from scoring.permissions.cross_check import can_name_department_people
from scoring.selectors.departments import (
    department_key,
    department_names,
    possible_department_people,
    running_department_people,
)
from scoring.selectors.rubrics import issued_rubric


def name_department_person(
    *, actor: User, bloc_year: BlocYear, department: str, person: User
) -> DepartmentPerson:
    """Let an officer of a member appraise a department's criteria this year.

    Effects, in order: locks the year; permission and moment; the issued table has to name the
    department, the person has to be an officer of a member and another than the actor
    (ValidationError with keys ``department``, ``person``); the naming, a row of history, a notice
    to the person. Raises Conflict where the person is named already, Refused.
    """
    with transaction.atomic():
        year = lock_year(bloc_year)
        standing = standing_in(actor, year)
        require(can_name_department_people(standing, year))
        name = _known_name(year, department)
        _check_person(actor, year, person)
        running = running_department_people(year)
        if running.filter(key=department_key(name), person=person).exists():
            raise Conflict(f"{person.full_name} đã được cử thẩm định cho bộ phận {name}.")
        row = _named(actor, year, name, person)
        _record(standing, row, actor, is_named=True)
        announce("department.name", row, actor)
    return row


def _known_name(bloc_year: BlocYear, department: str) -> str:
    rubric = issued_rubric(bloc_year)
    known = department_names(rubric) if rubric else {}
    name = known.get(department_key(department))
    if name is None:
        raise ValidationError(
            {
                "department": "Bảng chấm điểm đã ban hành không ghi bộ phận này. Đề nghị tải lại "
                "trang rồi chọn bộ phận."
            }
        )
    return name


def _check_person(actor: User, bloc_year: BlocYear, person: User) -> None:
    if person == actor:
        raise ValidationError(
            {"person": "Đồng chí không tự cử mình. Đề nghị người khác của Khối ghi việc này."}
        )
    if not possible_department_people(bloc_year).filter(pk=person.pk).exists():
        raise ValidationError(
            {
                "person": f"{person.full_name} không phải cán bộ đầu mối của đơn vị thành viên nên "
                "không thẩm định được. Đề nghị chọn người khác."
            }
        )


def _named(actor: User, bloc_year: BlocYear, department: str, person: User) -> DepartmentPerson:
    row = DepartmentPerson(
        bloc_year=bloc_year,
        department=department,
        key=department_key(department),
        person=person,
        named_by=actor,
        named_at=clock.now(),
    )
    save_checked(row, actor)
    return row


def end_department_person(*, actor: User, row: DepartmentPerson) -> DepartmentPerson:
    """Let somebody appraise for a department no longer; lines already judged stay as they are.

    Effects, in order: locks the year; permission and moment; the end, a row of history, a notice to
    the person. Raises Conflict where it has ended already, Refused.
    """
    with transaction.atomic():
        year = lock_year(row.bloc_year)
        standing = standing_in(actor, year)
        require(can_name_department_people(standing, year))
        found = DepartmentPerson.objects.select_related("person", "bloc_year").get(pk=row.pk)
        if found.ended_at is not None:
            raise Conflict("Người này đã thôi thẩm định cho bộ phận. Đề nghị tải lại trang.")
        found.ended_at = clock.now()
        save_checked(found, actor, only=["ended_at"])
        _record(standing, found, actor, is_named=False)
        announce("department.end", found, actor)
    return found


def copy_department_people(source: BlocYear, bloc_year: BlocYear, actor: User) -> None:
    """Name for a copied year those who appraise for departments in the source, with history.

    Inside the caller's transaction; only where departments appraise, and only those who are still
    officers of a member. Nobody is told: the year is only being prepared.
    """
    if bloc_year.appraised_by != AppraisedBy.DEPARTMENTS:
        return
    standing = standing_in(actor, bloc_year)
    note = f"Sao chép từ năm {source.year}."
    for before in _still_possible(source, bloc_year):
        row = _named(actor, bloc_year, before.department, before.person)
        _record(standing, row, actor, is_named=True, note=note)


def _still_possible(source: BlocYear, bloc_year: BlocYear) -> Iterable[DepartmentPerson]:
    possible = possible_department_people(bloc_year).order_by().values("pk")
    return list(running_department_people(source).filter(person__in=possible))


def _record(
    standing: Standing, row: DepartmentPerson, actor: User, *, is_named: bool, note: str = ""
) -> None:
    acting = standing.acting_board if standing.is_board else standing.acting_head
    change = DepartmentChange(
        bloc_year=row.bloc_year,
        department=row.department,
        person=row.person,
        is_named=is_named,
        note=note,
        actor=actor,
        acting_as=acting.label,
        at=clock.now(),
    )
    save_checked(change, actor)
