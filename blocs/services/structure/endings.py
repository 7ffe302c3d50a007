"""A unit is dissolved, with nobody after it."""

from __future__ import annotations

from django.db import transaction

from blocs.enums import ChangeKind
from blocs.models import Unit
from blocs.services.structure.records import (
    Ground,
    begin_change,
    check_day,
    record_change,
    require_running,
)
from blocs.services.structure.reforms import UNITS, Inheriting, Reform, reform_of
from emulation.models import User
from emulation.plans import Plan, effects, require_plan


def plan_dissolution(unit: Unit, ground: Ground) -> Plan:
    """Return what dissolving the unit would do; ValidationError for a day that cannot be."""
    return _reform(unit, ground).plan()


@transaction.atomic
def dissolve_unit(*, actor: User, unit: Unit, ground: Ground, seen: str | None = None) -> Unit:
    """Record that the unit was dissolved from the ground's day on, and return it.

    Effects, in order: its terms end (the first deputy acts for a head, else the unit that the
    board names), its memberships end or, once the table is tabled, stay as they are; it and its
    name end with the day before; posts end and their access closes now; the change is recorded.
    Sheets and points stay. Refused unless an officer of the board without a post in the unit;
    Conflict where it has ended already or what was ``seen`` has moved.
    """
    begin_change(actor, unit.board_id, [unit.pk])
    unit = Unit.objects.get(pk=unit.pk)
    reform = _reform(unit, ground)
    plan = reform.plan()
    require_plan(plan, seen)
    reform.carry_out(actor, dict)
    record_change(
        actor=actor,
        board_id=unit.board_id,
        kind=ChangeKind.UNIT_DISSOLVED,
        plan=plan,
        ground=ground,
        unit=unit,
    )
    return unit


def _reform(unit: Unit, ground: Ground) -> Reform:
    require_running([unit])
    check_day(ground, [unit])
    first = effects(
        UNITS,
        (
            f"{unit.name} kết thúc hoạt động {ground.since} và không được chọn vào khối nào nữa.",
            "Số liệu, văn bản các năm vẫn được lưu theo tên khi đó.",
        ),
    )
    title = f"Giải thể {unit.name}"
    return reform_of(title, ground, [unit], Inheriting(), first=first)
