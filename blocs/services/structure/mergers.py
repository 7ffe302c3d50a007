"""Several units become one: a new one, or one of them that absorbs the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import ChangeKind, IssuingStyle, UnitKind
from blocs.models import BlocYear, Board, Unit, UnitName
from blocs.services.structure.records import (
    Ground,
    begin_change,
    check_day,
    record_change,
    record_successions,
    require_running,
)
from blocs.services.structure.reforms import PLANNED, UNITS, Inheriting, Reform, reform_of
from blocs.services.units import check_name_is_free
from blocs.services.writing import save_checked, tidy
from emulation.models import User
from emulation.plans import Effect, Plan, effects, require_plan
from emulation.vietnamese import join_names

FEWEST = 2


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that a change founds."""

    name: str
    kind: str = UnitKind.STATE
    issuing_style: str = IssuingStyle.STATE

    def planned(self, board: Board, ground: Ground, key: int = PLANNED) -> Unit:
        """Return the unit as it would be, with a key that no stored unit has."""
        return Unit(
            pk=key,
            board=board,
            name=tidy(self.name),
            kind=self.kind,
            issuing_style=self.issuing_style,
            established_on=ground.effective_on,
        )


def found_unit(planned: Unit, actor: User) -> Unit:
    """Store a planned unit with its first name and return it."""
    unit = Unit(
        board_id=planned.board_id,
        name=planned.name,
        kind=planned.kind,
        issuing_style=planned.issuing_style,
        established_on=planned.established_on,
    )
    save_checked(unit, actor)
    UnitName.objects.create(unit=unit, name=unit.name, starts_on=unit.established_on)
    return unit


@dataclass(frozen=True, slots=True)
class Merger:
    """What the board fills in: ``units`` become ``into`` (one of them), or ``new``.

    ``bloc_years`` are those the unit after joins, one a year; ``keeps_roles`` says that it holds
    on to the roles of the units before, ``moves_people`` that their people go along.
    """

    units: Sequence[Unit]
    ground: Ground
    into: Unit | None = None
    new: NewUnit | None = None
    bloc_years: Sequence[BlocYear] = ()
    keeps_roles: bool = False
    moves_people: bool = True

    @property
    def before(self) -> list[Unit]:
        """The units that end."""
        return [unit for unit in self.units if self.into is None or unit.pk != self.into.pk]


def plan_merger(merger: Merger) -> Plan:
    """Return what the merger would do; ValidationError for a choice that cannot be."""
    return _reform(merger)[0].plan()


@transaction.atomic
def merge_units(*, actor: User, merger: Merger, seen: str | None = None) -> Unit:
    """Merge the units and return the one after them.

    Effects, in order: the terms and memberships of the units before end, they and their names
    end with the day before, the new unit is founded, it joins the blocs chosen and holds on to
    roles, posts end and their access closes now, people go along, the change and the successions
    are recorded. Refused unless an officer of the board without a post in any of them; Conflict
    where something stands in the way or what was ``seen`` has moved.
    """
    board_id = merger.units[0].board_id
    begin_change(actor, board_id, [unit.pk for unit in merger.units])
    merger = _as_stored(merger)
    reform, after = _reform(merger)
    plan = reform.plan()
    require_plan(plan, seen)
    successor = reform.carry_out(
        actor, lambda: {after.pk: merger.into or found_unit(after, actor)}
    )[after.pk]
    change = record_change(
        actor=actor,
        board_id=board_id,
        kind=ChangeKind.UNITS_MERGED,
        plan=plan,
        ground=merger.ground,
        unit=successor,
    )
    record_successions(change, merger.before, [successor], actor)
    return successor


def _as_stored(merger: Merger) -> Merger:
    keys = [unit.pk for unit in merger.units]
    units = list(Unit.objects.filter(pk__in=keys).select_related("board").order_by("sorting", "pk"))
    into = next((each for each in units if merger.into and each.pk == merger.into.pk), None)
    return Merger(
        units,
        merger.ground,
        into,
        merger.new,
        fresh_years(merger.bloc_years),
        merger.keeps_roles,
        merger.moves_people,
    )


def fresh_years(bloc_years: Sequence[BlocYear]) -> list[BlocYear]:
    """Return the bloc-years as stored now, in their order."""
    rows = BlocYear.objects.select_related("bloc").in_bulk([each.pk for each in bloc_years])
    return [rows[each.pk] for each in bloc_years]


def _reform(merger: Merger) -> tuple[Reform, Unit]:
    units, board = list(merger.units), merger.units[0].board
    check_units(units, board)
    require_running(units)
    check_day(merger.ground, merger.before)
    after = merger.into or _new_unit(merger, board)
    obstacles = check_years(merger.bloc_years, board)
    names = join_names([unit.name for unit in merger.before])
    title = (
        f"Sáp nhập {names} vào {after.name}"
        if merger.into
        else f"Hợp nhất {names} thành {after.name}"
    )
    choice = Inheriting([after], merger.bloc_years, after, merger.keeps_roles, merger.moves_people)
    first = _first(merger, after, names)
    reform = reform_of(
        title, merger.ground, merger.before, choice, first=first, obstacles=obstacles
    )
    return reform, after


def _new_unit(merger: Merger, board: Board) -> Unit:
    if merger.new is None or not tidy(merger.new.name):
        raise ValidationError({"name": "Đề nghị ghi tên đơn vị mới."})
    unit = merger.new.planned(board, merger.ground)
    check_name_is_free(unit, ending=merger.units)
    return unit


def _first(merger: Merger, after: Unit, names: str) -> tuple[Effect, ...]:
    since = merger.ground.since
    kind = after.get_kind_display()
    founded = f"Thành lập {after.name} ({kind[:1].lower()}{kind[1:]}) {since}."
    kept = f"{after.name} giữ tên, số liệu và người của mình."
    ended = f"{names} kết thúc hoạt động {since}; số liệu và văn bản các năm giữ tên khi đó."
    reads = (
        f"{after.name} được ghi là đơn vị kế thừa: người của đơn vị này xem được hồ sơ các năm "
        f"và dẫn lại được minh chứng của {names}."
    )
    return effects(UNITS, (ended, kept if merger.into else founded, reads))


# ---------------------------------------------------------------- what must hold of the choice


def check_units(units: Sequence[Unit], board: Board) -> None:
    """Raise ValidationError unless there are at least two units, all of the board."""
    if len({unit.pk for unit in units}) < FEWEST:
        raise ValidationError("Đề nghị chọn ít nhất 2 đơn vị.")
    if any(unit.board_id != board.pk for unit in units):
        raise ValidationError("Các đơn vị phải thuộc cùng một Hội đồng.")


def check_years(bloc_years: Sequence[BlocYear], board: Board) -> tuple[str, ...]:
    """Return an obstacle for each bloc-year whose list is settled; ValidationError for a wrong one.

    A unit is in one bloc a year.
    """
    if any(each.board_id != board.pk for each in bloc_years):
        raise ValidationError("Khối phải thuộc cùng Hội đồng với đơn vị.")
    if len({each.year for each in bloc_years}) < len(bloc_years):
        raise ValidationError("Mỗi năm đơn vị chỉ vào một khối.")
    return tuple(
        f"{each} đã trình bảng tổng hợp ra hội nghị nên không nhận thêm thành viên."
        for each in bloc_years
        if is_settled(each)
    )


def is_settled(bloc_year: BlocYear) -> bool:
    """Return whether the list of members has been settled by tabling the table."""
    return bloc_year.step.reached(type(bloc_year.step).MEETING)
