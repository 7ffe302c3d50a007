"""A unit or a bloc takes another name: years in preparation follow, years begun keep theirs."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from blocs.enums import ChangeKind, YearStatus
from blocs.models import Bloc, BlocYear, Membership, Unit, UnitName
from blocs.selectors.structure import namesakes
from blocs.services.structure.records import (
    Ground,
    begin_change,
    check_day,
    record_change,
    require_running,
)
from blocs.services.units import check_name_is_free
from blocs.services.writing import save_checked, tidy
from emulation.models import User
from emulation.plans import Effect, Plan, require_plan

NAME, YEARS = "Tên", "Các năm thi đua"

# ---------------------------------------------------------------- a unit


def plan_unit_name(unit: Unit, name: str, ground: Ground) -> Plan:
    """Return what the new name would do; ValidationError for a name or a day that cannot be."""
    require_running([unit])
    new = tidy(name)
    if unit.name == new:
        raise ValidationError({"name": "Tên mới trùng với tên hiện nay."})
    check_day(ground, [unit])
    renamed = Unit(pk=unit.pk, board=unit.board, name=new)
    check_name_is_free(renamed)
    found = [
        Effect(NAME, f"“{unit.name}” mang tên “{new}” {ground.since}."),
        Effect(NAME, "Tên cũ vẫn tìm được trong danh sách đơn vị."),
    ]
    found += [Effect(YEARS, sentence) for sentence in _unit_years(unit, ground)]
    return Plan(f"Đổi tên {unit.name} thành {new}", tuple(found))


def _unit_years(unit: Unit, ground: Ground) -> list[str]:
    rows = Membership.objects.filter(unit=unit).select_related("bloc_year").order_by("-year", "pk")
    known = list(rows)
    follow = [row for row in known if _follows(row, ground)]
    keep = [row for row in known if not _follows(row, ground)]
    running = [row for row in keep if row.bloc_year.status != YearStatus.CLOSED]
    sentences = [f"{row.bloc_year} (đang chuẩn bị) dùng tên mới." for row in follow]
    sentences += [
        f"{row.bloc_year} giữ tên “{row.unit_name}” trên giao ước, bảng chấm điểm và biên bản, "
        "vì năm đã bắt đầu."
        for row in running
    ]
    if len(keep) > len(running):
        sentences.append(
            f"{len(keep) - len(running)} năm đã kết thúc giữ tên khi đó trên mọi văn bản."
        )
    return sentences or ["Đơn vị chưa tham gia khối nào nên không văn bản nào thay đổi."]


def _follows(row: Membership, ground: Ground) -> bool:
    return row.bloc_year.status == YearStatus.DRAFT and row.year >= ground.effective_on.year


@transaction.atomic
def rename_unit(
    *, actor: User, unit: Unit, name: str, ground: Ground, seen: str | None = None
) -> Unit:
    """Give the unit another name from the ground's day on and return it.

    Effects, in order: the present name ends the day before; the new one begins; the unit carries
    it; so do its memberships of years still in preparation; the change is recorded. Years under
    way keep the name they began with, as their papers do. Refused unless an officer of the board;
    ValidationError for a day or a name that cannot be; Conflict where the unit has ended or what
    was ``seen`` has moved.
    """
    begin_change(actor, unit.board_id)
    unit = Unit.objects.select_related("board").get(pk=unit.pk)
    plan = plan_unit_name(unit, name, ground)
    require_plan(plan, seen)
    unit.name = tidy(name)
    _change_name(unit, ground.effective_on)
    save_checked(unit, actor)
    rows = Membership.objects.filter(unit=unit).select_related("bloc_year").order_by("pk")
    for row in [each for each in rows if _follows(each, ground)]:
        row.unit_name = unit.name
        save_checked(row, actor)
    record_change(
        actor=actor,
        board_id=unit.board_id,
        kind=ChangeKind.UNIT_RENAMED,
        plan=plan,
        ground=ground,
        unit=unit,
    )
    return unit


def _change_name(unit: Unit, from_day: dt.date) -> None:
    current = UnitName.objects.filter(unit=unit, ends_on__isnull=True).first()
    if current:
        current.ends_on = from_day - dt.timedelta(days=1)
        current.save(update_fields=["ends_on"])
    row = UnitName(unit=unit, name=unit.name, starts_on=from_day)
    row.full_clean()
    row.save()


# ---------------------------------------------------------------- a bloc


def plan_bloc_name(bloc: Bloc, name: str, ground: Ground) -> Plan:
    """Return what the new name would do; two blocs may share one, which the plan then says."""
    new = tidy(name)
    if bloc.name == new:
        raise ValidationError({"name": "Tên mới trùng với tên hiện nay."})
    check_day(ground)
    renamed = Bloc(pk=bloc.pk, board_id=bloc.board_id, name=new)
    renamed.refold()
    found = [Effect(NAME, f"“{bloc.name}” mang tên “{new}” {ground.since}.")]
    found += [
        Effect(
            NAME,
            f"Hội đồng đang có khối khác mang tên “{other.name}”; hai khối phân biệt bằng "
            "Trưởng khối và danh sách thành viên.",
            asks=True,
        )
        for other in namesakes(bloc, renamed.folded)
    ]
    found += [Effect(YEARS, sentence) for sentence in _bloc_years(bloc)]
    return Plan(f"Đổi tên {bloc.name} thành {new}", tuple(found), ended_bloc(bloc))


def ended_bloc(bloc: Bloc) -> tuple[str, ...]:
    """Return the obstacle that the bloc has ended already."""
    return (f"“{bloc.name}” đã kết thúc.",) if bloc.ended_on else ()


def _bloc_years(bloc: Bloc) -> list[str]:
    years = list(BlocYear.objects.filter(bloc=bloc).order_by("-year", "pk"))
    sentences = [
        f"Năm {each.year} (đang chuẩn bị) dùng tên mới."
        for each in years
        if each.status == YearStatus.DRAFT
    ]
    sentences += [
        f"Năm {each.year} giữ tên “{each.name}”, vì đã bắt đầu."
        for each in years
        if each.status not in {YearStatus.DRAFT, YearStatus.CLOSED}
    ]
    closed = sum(1 for each in years if each.status == YearStatus.CLOSED)
    if closed:
        sentences.append(f"{closed} năm đã kết thúc giữ tên khi đó trên mọi văn bản.")
    return sentences or ["Khối chưa có năm thi đua nào nên không văn bản nào thay đổi."]


@transaction.atomic
def rename_bloc(
    *, actor: User, bloc: Bloc, name: str, ground: Ground, seen: str | None = None
) -> Bloc:
    """Give the bloc another name and return it; its years in preparation carry it too.

    Years begun keep the name they began with. The change is recorded. Refused unless an officer
    of the board; Conflict where the bloc has ended or what was ``seen`` has moved.
    """
    begin_change(actor, bloc.board_id)
    bloc = Bloc.objects.get(pk=bloc.pk)
    plan = plan_bloc_name(bloc, name, ground)
    require_plan(plan, seen)
    bloc.name = tidy(name)
    save_checked(bloc, actor)
    for each in BlocYear.objects.filter(bloc=bloc, status=YearStatus.DRAFT).order_by("pk"):
        each.name = bloc.name
        save_checked(each, actor, only=["name"])
    record_change(
        actor=actor,
        board_id=bloc.board_id,
        kind=ChangeKind.BLOC_RENAMED,
        plan=plan,
        ground=ground,
        bloc=bloc,
    )
    return bloc
