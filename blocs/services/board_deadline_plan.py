"""What common deadlines of a province would do to each of its blocs, before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blocs.enums import DeadlineKind
from blocs.models import BlocYear, Deadline, Membership
from blocs.permissions import can_set_deadline
from blocs.selectors.board_deadlines import BoardYear, is_settled
from blocs.services.deadlines import check_near_year
from blocs.slots import slots
from blocs.standing import Standing
from emulation import clock
from emulation.models import User
from emulation.plans import Effect, Plan
from emulation.vietnamese import format_date

Dates = Mapping[str, dt.date | None]
# The lateness of these was written down when the paper came in and does not change afterwards.
RECORDED_WHEN_RECEIVED = frozenset({DeadlineKind.SELF_SCORE})
IN_CONFLICT = (
    "hạn đã qua, mà đồng chí công tác tại một đơn vị của Khối; đề nghị cán bộ khác của Ban đặt"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A bloc-year whose day for one kind is set, moved, or made its own again."""

    bloc_year: BlocYear
    kind: DeadlineKind
    due_on: dt.date
    before: Deadline | None

    @property
    def moves(self) -> bool:
        """Whether the day itself changes."""
        return self.before is None or self.before.due_on != self.due_on


@dataclass(frozen=True, slots=True)
class KindPlan:
    """What one kind of deadline comes to: the blocs that change and those that do not."""

    kind: DeadlineKind
    old: dt.date | None
    new: dt.date | None
    changes: tuple[Change, ...] = ()
    kept: tuple[tuple[BlocYear, Deadline], ...] = ()
    settled: tuple[BlocYear, ...] = ()
    left_out: tuple[BlocYear, ...] = ()

    @property
    def does_something(self) -> bool:
        """Whether anything would be written."""
        return self.old != self.new or bool(self.changes)


def plan_kinds(actor: User, facts: BoardYear, dates: Dates) -> list[KindPlan]:
    """Return what each kind comes to; ValidationError at the kind for a day far from the year."""
    for kind, due_on in dates.items():
        if due_on is not None:
            check_near_year(facts.year, due_on, kind)
    return [_kind_plan(actor, facts, kind, dates.get(kind)) for kind in DeadlineKind]


def _kind_plan(actor: User, facts: BoardYear, kind: DeadlineKind, new: dt.date | None) -> KindPlan:
    old = facts.common.get(kind)
    if new is None:
        return KindPlan(kind, old, None, tuple(_lifted(facts, kind)) if old else ())
    changes: list[Change] = []
    kept: list[tuple[BlocYear, Deadline]] = []
    settled: list[BlocYear] = []
    left_out: list[BlocYear] = []
    for each in facts.years:
        row = facts.stored.get((each.pk, kind))
        if row is not None and row.due_on == new and not row.is_exception:
            continue
        if is_settled(each, kind):
            settled.append(each)
        elif row is not None and row.is_exception and row.due_on != new:
            kept.append((each, row))
        elif not _may_move(actor, facts, each, row, new):
            left_out.append(each)
        else:
            changes.append(Change(each, kind, new, row))
    return KindPlan(kind, old, new, tuple(changes), tuple(kept), tuple(settled), tuple(left_out))


def _lifted(facts: BoardYear, kind: DeadlineKind) -> Iterator[Change]:
    """Without a common day no bloc's day is an exception any more."""
    for each in facts.years:
        row = facts.stored.get((each.pk, kind))
        if row is not None and row.is_exception and not is_settled(each, kind):
            yield Change(each, kind, row.due_on, row)


def _may_move(
    actor: User, facts: BoardYear, bloc_year: BlocYear, row: Deadline | None, new: dt.date
) -> bool:
    """Ask the rule that holds for one bloc, with what it asks of a board officer's standing."""
    standing = Standing(
        user_id=actor.pk,
        person=actor.full_name,
        is_board=True,
        has_term=bloc_year.pk in facts.within,
    )
    earlier = min(row.due_on, new) if row and row.due_on != new else None
    return bool(can_set_deadline(standing, bloc_year, earlier, clock.today()))


# ---------------------------------------------------------------- in words


def plan_of(facts: BoardYear, kinds: Sequence[KindPlan]) -> Plan:
    """Return the plan a person reads: for each kind what changes, what stays, and for whom."""
    told = [
        Effect(each.kind.label, text)
        for each in kinds
        if each.does_something
        for text in _sentences(facts, each)
    ]
    if any(each.new and each.does_something for each in kinds):
        told.append(Effect("Khối lập sau này", "Nhận các hạn chung của năm ngay khi lập."))
    obstacles = () if told else ("Các ngày này giống hạn chung hiện nay: không có gì để ghi.",)
    return Plan(f"Thời hạn chung năm {facts.year}, {facts.board.name}", tuple(told), obstacles)


def _sentences(facts: BoardYear, plan: KindPlan) -> Iterator[str]:
    if plan.new is None:
        yield from _lifting(plan)
        return
    if plan.old == plan.new:
        yield f"Hạn chung {format_date(plan.new)}, không đổi."
    elif plan.old:
        yield f"Hạn chung đổi từ {format_date(plan.old)} sang {format_date(plan.new)}."
    else:
        yield f"Đặt hạn chung {format_date(plan.new)}."
    yield from _changing(plan)
    yield from _staying(plan)
    yield from _lateness(facts, plan)


def _lifting(plan: KindPlan) -> Iterator[str]:
    if plan.old:
        yield (
            f"Bỏ hạn chung {format_date(plan.old)}: các khối giữ hạn đang có; "
            "từ nay Thư ký Khối tự đổi được hạn của Khối mình."
        )
    if plan.changes:
        named = _names([change.bloc_year for change in plan.changes])
        yield f"Hạn đặt riêng trở thành hạn của Khối: {named}."


def _changing(plan: KindPlan) -> Iterator[str]:
    fresh = [each.bloc_year for each in plan.changes if each.before is None]
    if fresh:
        yield f"Đặt cho {len(fresh)} khối chưa có hạn này: {_names(fresh)}."
    for day in sorted({each.before.due_on for each in plan.changes if each.before}):
        moved = [
            e.bloc_year for e in plan.changes if e.moves and e.before and e.before.due_on == day
        ]
        if moved:
            yield f"Dời ở {len(moved)} khối đang có hạn {format_date(day)}: {_names(moved)}."
    joined = [each.bloc_year for each in plan.changes if not each.moves]
    if joined:
        yield f"Thôi đặt riêng vì trùng hạn chung: {_names(joined)}."


def _staying(plan: KindPlan) -> Iterator[str]:
    for bloc_year, row in plan.kept:
        own = f"{format_date(row.due_on)}: {row.exception_reason.rstrip('.')}"
        yield f"{bloc_year.name} giữ hạn đặt riêng {own}."
    if plan.settled:
        steps = ", ".join(f"{each.name} (bước “{each.step.label}”)" for each in plan.settled)
        yield f"Không đổi ở {len(plan.settled)} khối đã qua việc này: {steps}."
    if plan.left_out:
        yield f"Không đổi ở {_names(plan.left_out)}: {IN_CONFLICT}."


def _names(years: Sequence[BlocYear]) -> str:
    return ", ".join(each.name for each in years)


# ---------------------------------------------------------------- whom it makes late or on time


def _lateness(facts: BoardYear, plan: KindPlan) -> Iterator[str]:
    """Name the units whose standing changes, and those whose extension goes on counting."""
    today = clock.today()
    moved = [each for each in plan.changes if each.moves and each.before]
    if extended := _those(facts, moved, lambda change, own, _: own and own < change.due_on):
        yield f"Hạn gia hạn riêng sớm hơn hạn mới và vẫn được giữ: {extended}."
    if not any(_concerns_past(each, today) for each in plan.changes):
        return
    keys = [each.bloc_year.pk for each in plan.changes]
    received: dict[int, dt.datetime] = {}
    for source in slots.first_received:
        received |= source(keys, plan.kind)

    def turns(*, late: bool) -> str:
        def fits(change: Change, own: dt.date | None, member: Membership) -> bool:
            at = received.get(member.pk)
            if own or (at and change.kind in RECORDED_WHEN_RECEIVED):
                return False
            before = change.before.due_on if change.before else None
            return _is_late(at, change.due_on, today) is late is not _is_late(at, before, today)

        return _those(facts, plan.changes, fits)

    if waived := turns(late=False):
        yield f"Trở thành đúng hạn hoặc chưa đến hạn: {waived}."
    if late := turns(late=True):
        yield f"Trở thành quá hạn: {late}."
    if plan.kind in RECORDED_WHEN_RECEIVED and received:
        yield "Bảng đã nộp giữ nguyên kết quả đúng hạn hay nộp muộn như đã ghi khi nộp."


def _concerns_past(change: Change, today: dt.date) -> bool:
    before = change.before.due_on if change.before else change.due_on
    return min(before, change.due_on) < today


def _is_late(received: dt.datetime | None, due_on: dt.date | None, today: dt.date) -> bool:
    if due_on is None:
        return False
    return clock.is_late(received, due_on) if received else today > due_on


def _those(
    facts: BoardYear,
    changes: Sequence[Change],
    fits: Callable[[Change, dt.date | None, Membership], object],
) -> str:
    """Return the units that fit, by bloc: "Sở A, Sở B (Khối số 1); Sở C (Khối số 2)"."""
    told = []
    for change in changes:
        key = change.before.pk if change.before else 0
        units = [
            member.unit_name
            for member in facts.members.get(change.bloc_year.pk, ())
            if fits(change, facts.extended.get((key, member.pk)), member)
        ]
        if units:
            told.append(f"{', '.join(units)} ({change.bloc_year.name})")
    return "; ".join(told)
