"""What would pass from boards to their heir, in counts and names: never a score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from blocs.enums import YearStatus
from blocs.models import (
    Bloc,
    BlocYear,
    Board,
    BoardDeadline,
    Deadline,
    Membership,
    Post,
    Unit,
    UnitName,
)
from blocs.selectors.boards import officers_of
from blocs.slots import slots
from emulation import clock
from emulation.plans import Effect, Plan, effects
from emulation.vietnamese import fold, format_date, join_names


@dataclass(frozen=True, slots=True)
class Merger:
    """One or several boards pass to ``heir`` from ``day`` on, on the ground of ``basis``."""

    formers: tuple[Board, ...]
    heir: Board
    day: dt.date
    basis: str
    reason: str


@dataclass(slots=True)
class Estate:
    """What one board holds that passes to its heir; ``renamed`` units clash with the heir's."""

    former: Board
    units: list[Unit] = field(default_factory=list)
    blocs: list[Bloc] = field(default_factory=list)
    open_years: list[BlocYear] = field(default_factory=list)
    closed_years: int = 0
    posts: list[Post] = field(default_factory=list)
    forebears: list[Board] = field(default_factory=list)
    renamed: list[tuple[Unit, str]] = field(default_factory=list)
    unnameable: list[Unit] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)

    @property
    def running(self) -> int:
        """How many units work; one dissolved in an open year goes along with it, uncounted."""
        return sum(1 for unit in self.units if unit.ended_on is None)


def estates_of(merger: Merger) -> list[Estate]:
    """Return what each board would pass on: a constant number of queries per board."""
    heirs = Unit.objects.filter(board=merger.heir, ended_on__isnull=True)
    taken = set(heirs.order_by().values_list("folded", flat=True))
    return [_estate(former, merger, taken) for former in merger.formers]


def _estate(former: Board, merger: Merger, taken: set[str]) -> Estate:
    years = BlocYear.objects.filter(board=former)
    open_years = years.exclude(status=YearStatus.CLOSED)
    in_open = open_years.filter(memberships__unit=OuterRef("pk"))
    units = Unit.objects.filter(Q(ended_on__isnull=True) | Exists(in_open), board=former)
    blocs = Bloc.objects.filter(
        Q(ended_on__isnull=True) | Exists(open_years.filter(bloc=OuterRef("pk"))), board=former
    )
    estate = Estate(
        former,
        units=list(units.order_by("sorting", "pk")),
        blocs=list(blocs.order_by("sorting", "pk")),
        open_years=list(open_years.order_by("-year", "sorting", "pk")),
        closed_years=years.filter(status=YearStatus.CLOSED).count(),
        posts=officers_of(former),
        forebears=list(Board.objects.filter(heir=former).order_by("sorting", "pk")),
    )
    _name_apart(estate, taken)
    estate.deadlines = _other_deadlines(estate, merger.heir)
    return estate


def _name_apart(estate: Estate, taken: set[str]) -> None:
    """Find a name for every unit whose own is taken at the heir or by an earlier board's."""
    for unit in estate.units:
        if unit.ended_on is not None:
            continue
        name = next((each for each in _names_for(unit, estate) if fold(each) not in taken), None)
        if name is None:
            estate.unnameable.append(unit)
        elif name != unit.name:
            estate.renamed.append((unit, name))
        taken.add(fold(name or unit.name))


def _names_for(unit: Unit, estate: Estate) -> list[str]:
    """Return the names to be tried in order, those that fit the column."""
    province = estate.former.place
    names = [unit.name]
    if fold(province) not in unit.folded:
        names.append(f"{unit.name} {province}")
    names.append(f"{unit.name} ({province} trước hợp nhất)")
    longest = Unit._meta.get_field("name").max_length or 0  # noqa: SLF001 - documented API
    return [name for name in names if len(name) <= longest]


def _other_deadlines(estate: Estate, heir: Board) -> list[Deadline]:
    """Return the open years' deadlines whose day is not the heir's common one."""
    common = {
        (row.year, row.kind): row.due_on
        for row in BoardDeadline.objects.filter(board=heir).order_by("pk")
    }
    own = Deadline.objects.filter(bloc_year__in=estate.open_years, is_exception=False)
    return [
        each
        for each in own.select_related("bloc_year").order_by("pk")
        if common.get((each.bloc_year.year, each.kind), each.due_on) != each.due_on
    ]


# ---------------------------------------------------------------- in words


def merger_plan(merger: Merger, estates: Sequence[Estate]) -> Plan:
    """Return what the merger would do, board by board, and what stands in its way."""
    names = join_names([board.place for board in merger.formers])
    found = [effect for estate in estates for effect in former_effects(merger, estate)]
    return Plan(
        f"Hợp nhất {names} vào {merger.heir.place} từ ngày {format_date(merger.day)}",
        (*found, *_heir_effects(merger, estates)),
        tuple(_obstacles(merger, estates)),
    )


def former_effects(merger: Merger, estate: Estate) -> tuple[Effect, ...]:
    """Return what becomes of one board and of everything it holds."""
    former, heir = estate.former, merger.heir
    about = former.name
    said = [
        f"Hội đồng kết thúc từ ngày {format_date(merger.day)}; {heir.place} kế tục.",
        *_passing(estate, heir),
        *_names_said(merger, estate),
        *_posts_said(merger, estate),
        *_deadlines_said(estate, heir),
        *(sentence for source in slots.boards_merging for sentence in source(former, heir)),
    ]
    return effects(about, said)


def _passing(estate: Estate, heir: Board) -> Iterator[str]:
    yield f"{estate.running} đơn vị đang hoạt động chuyển sang {heir.place}."
    if estate.blocs:
        names = join_names([bloc.name for bloc in estate.blocs])
        yield f"{len(estate.blocs)} khối chuyển sang {heir.place}: {names}."
    if estate.open_years:
        years = join_names([f"{each} (bước “{each.step.label}”)" for each in estate.open_years])
        yield f"{len(estate.open_years)} năm thi đua đang mở tiếp tục tại {heir.place}: {years}."
    if estate.closed_years:
        yield (
            f"{estate.closed_years} năm thi đua đã kết thúc giữ tên Hội đồng cũ, văn bản in tên "
            f"của năm đó; cán bộ của {heir.place} đọc được."
        )
    if estate.forebears:
        names = join_names([board.place for board in estate.forebears])
        yield f"Hồ sơ của {names}, hợp nhất vào {estate.former.place} trước đây, cũng chuyển sang."


def _names_said(merger: Merger, estate: Estate) -> Iterator[str]:
    for unit, name in estate.renamed:
        yield (
            f"“{unit.name}” trùng tên với đơn vị khác của {merger.heir.place}: từ ngày "
            f"{format_date(merger.day)} mang tên “{name}”; hai đơn vị sáp nhập sau, nếu có."
        )


def _posts_said(merger: Merger, estate: Estate) -> Iterator[str]:
    known = {post.user_id for post in officers_of(merger.heir)}
    going = [post.user.full_name for post in estate.posts if post.user_id not in known]
    there = [post.user.full_name for post in estate.posts if post.user_id in known]
    heir = merger.heir.place
    if going:
        yield f"{join_names(going)} thôi làm cán bộ của Hội đồng này và là cán bộ của {heir}."
    if there:
        yield f"{join_names(there)} đã là cán bộ của {heir}: chỉ thôi chức vụ tại Hội đồng này."


def _deadlines_said(estate: Estate, heir: Board) -> Iterator[str]:
    if estate.deadlines:
        yield (
            f"{len(estate.deadlines)} thời hạn của các năm đang mở khác hạn chung của "
            f"{heir.place}: giữ nguyên ngày đã đặt, ghi là hạn riêng."
        )


def _heir_effects(merger: Merger, estates: Sequence[Estate]) -> tuple[Effect, ...]:
    heir = merger.heir
    officers = join_names([post.user.full_name for post in officers_of(heir)])
    units = sum(estate.running for estate in estates)
    blocs = sum(len(estate.blocs) for estate in estates)
    said = [
        "Tên Hội đồng, đơn vị, khối và các năm thi đua hiện có không thay đổi.",
        f"Thêm {units} đơn vị và {blocs} khối.",
    ]
    if officers:
        said.append(f"{officers} đọc được các năm đã kết thúc và làm tiếp các năm đang mở.")
    return effects(heir.name, said)


def _obstacles(merger: Merger, estates: Sequence[Estate]) -> Iterator[str]:
    if merger.heir.pk in {board.pk for board in merger.formers}:
        yield f"Không hợp nhất {merger.heir.place} vào chính {merger.heir.place}."
    for board in (*merger.formers, merger.heir):
        if board.ended_on is not None:
            yield f"Hội đồng {board.place} đã kết thúc từ ngày {format_date(board.ended_on)}."
    if merger.day > clock.today():
        yield "Ngày hợp nhất không được sau ngày hôm nay; đến ngày đó mới ghi."
    for estate in estates:
        for unit in estate.unnameable:
            yield (
                f"Không đặt được tên khác cho “{unit.name}” của {estate.former.place}. "
                "Đề nghị cán bộ của Hội đồng này đổi tên đơn vị trước."
            )
    yield from _too_early(merger, estates)


def _too_early(merger: Merger, estates: Sequence[Estate]) -> Iterator[str]:
    """A dated name cannot end before it began."""
    units = [unit for estate in estates for unit, _ in estate.renamed]
    late = UnitName.objects.filter(
        unit__in=units, ends_on__isnull=True, starts_on__gte=merger.day
    ).order_by("pk")
    for row in late:
        if row.starts_on:
            yield (
                f"“{row.name}” dùng tên này từ ngày {format_date(row.starts_on)}; "
                "ngày hợp nhất phải sau ngày đó vì đơn vị phải đổi tên."
            )


def preparing(units: Sequence[Unit], day: dt.date) -> list[Membership]:
    """Return memberships of years in preparation, which take a unit's new name."""
    rows = Membership.objects.filter(
        unit__in=units, year__gte=day.year, bloc_year__status=YearStatus.DRAFT
    )
    return list(rows.order_by("pk"))
