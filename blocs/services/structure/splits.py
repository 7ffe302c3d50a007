"""One unit becomes several, or gives off a part and goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import ChangeKind
from blocs.models import BlocYear, Unit
from blocs.services.structure.memberships import MemberChanges
from blocs.services.structure.mergers import (
    NewUnit,
    check_years,
    found_unit,
    fresh_years,
)
from blocs.services.structure.records import (
    Ground,
    begin_change,
    check_day,
    record_change,
    record_successions,
    require_running,
)
from blocs.services.structure.reforms import (
    PLANNED,
    UNITS,
    Inheriting,
    Reform,
    joinings_after,
    reform_of,
)
from blocs.services.units import check_name_is_free
from emulation.models import User
from emulation.plans import Effect, Plan, effects, require_plan
from emulation.vietnamese import join_names


@dataclass(frozen=True, slots=True)
class Split:
    """What the board fills in: the units founded out of ``unit``, which ``continues`` or ends.

    ``heir`` is the place, in ``news``, of the unit that takes over roles and people; None: nobody.
    """

    unit: Unit
    ground: Ground
    news: Sequence[NewUnit]
    continues: bool = False
    bloc_years: Sequence[BlocYear] = ()
    heir: int | None = None
    keeps_roles: bool = False
    moves_people: bool = False


def plan_split(split: Split) -> Plan:
    """Return what the split would do; ValidationError for a choice that cannot be."""
    return _reform(split)[0].plan()


@transaction.atomic
def split_unit(*, actor: User, split: Split, seen: str | None = None) -> list[Unit]:
    """Split the unit and return the new ones, in order.

    Effects, in order: where the unit ends, its terms, memberships and posts end as by a merger;
    the new units are founded and join the blocs chosen; the heir takes over roles and people; the
    change and the successions are recorded. Refused and Conflict as by a merger.
    """
    board_id = split.unit.board_id
    begin_change(actor, board_id, [split.unit.pk])
    split = _as_stored(split)
    reform, planned = _reform(split)
    plan = reform.plan()
    require_plan(plan, seen)
    found = reform.carry_out(actor, lambda: {each.pk: found_unit(each, actor) for each in planned})
    made = [found[each.pk] for each in planned]
    change = record_change(
        actor=actor,
        board_id=board_id,
        kind=ChangeKind.UNIT_SPLIT,
        plan=plan,
        ground=split.ground,
        unit=split.unit,
    )
    record_successions(change, [split.unit], made, actor)
    return made


def _as_stored(split: Split) -> Split:
    return Split(
        Unit.objects.select_related("board").get(pk=split.unit.pk),
        split.ground,
        split.news,
        split.continues,
        fresh_years(split.bloc_years),
        split.heir,
        split.keeps_roles,
        split.moves_people,
    )


def _reform(split: Split) -> tuple[Reform, list[Unit]]:
    unit, board = split.unit, split.unit.board
    require_running([unit])
    check_day(split.ground, [unit])
    planned = _planned(split)
    obstacles = check_years(split.bloc_years, board)
    names = join_names([each.name for each in planned])
    first = _first(split, names)
    after = _after(split, planned)
    if split.continues:
        reform = Reform(f"Tách {names} từ {unit.name}", split.ground, (), first, obstacles)
        reform.members = MemberChanges([], joinings_after(after, split.ground))
        return reform, planned
    title = f"Chia {unit.name} thành {names}"
    reform = reform_of(title, split.ground, [unit], after, first=first, obstacles=obstacles)
    return reform, planned


def _after(split: Split, planned: Sequence[Unit]) -> Inheriting:
    heir = None if split.heir is None or split.continues else planned[split.heir]
    return Inheriting(planned, split.bloc_years, heir, split.keeps_roles, split.moves_people)


def _planned(split: Split) -> list[Unit]:
    """Return the units as they would be; ValidationError for too few, or a name twice."""
    fewest = 1 if split.continues else 2
    if len(split.news) < fewest:
        raise ValidationError({"name_1": f"Đề nghị ghi tên ít nhất {fewest} đơn vị mới."})
    board = split.unit.board
    planned = [
        each.planned(board, split.ground, PLANNED - place) for place, each in enumerate(split.news)
    ]
    ending = () if split.continues else (split.unit,)
    for unit in planned:
        check_name_is_free(unit, ending=ending)
    if len({unit.folded for unit in planned}) < len(planned):
        raise ValidationError({"name_1": "Các đơn vị mới phải mang tên khác nhau."})
    if split.heir is not None and split.heir >= len(planned):
        raise ValidationError({"heir": "Đề nghị chọn một trong các đơn vị mới đã ghi tên."})
    return planned


def _first(split: Split, names: str) -> tuple[Effect, ...]:
    unit, since = split.unit.name, split.ground.since
    if split.continues:
        fate = f"{unit} tiếp tục hoạt động; thành viên, vai trò và người của đơn vị giữ nguyên."
        reads = f"{names} được ghi là tách từ {unit}; không xem được số liệu của {unit}."
    else:
        fate = f"{unit} kết thúc hoạt động {since}; số liệu và văn bản các năm giữ tên khi đó."
        reads = (
            f"{names} được ghi là đơn vị kế thừa; người của các đơn vị này xem được hồ sơ các năm "
            f"của {unit}."
        )
    return effects(UNITS, (fate, f"Thành lập {names} {since}.", reads))
