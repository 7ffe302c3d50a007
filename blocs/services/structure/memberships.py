"""What a change of structure means for the lists of members: who leaves, who joins, who ranks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from blocs.enums import YearStatus
from blocs.models import BlocYear, Membership, Unit
from blocs.selectors.structure import hangs_on, listed_counts, open_memberships, ranking_days
from blocs.selectors.units import name_in_year
from blocs.services.structure.records import Ground
from blocs.services.writing import delete_noted, save_checked
from blocs.slots import Turnover, slots
from emulation import clock
from emulation.models import User
from emulation.plans import Effect, effects
from emulation.vietnamese import format_date

MEMBERS = "Thành viên các khối"


class Fate(Enum):
    """What becomes of a membership whose unit ends or leaves."""

    LEAVES = auto()
    REMOVED = auto()
    KEPT = auto()


def ranked_on(bloc_year: BlocYear, days: dict[int, dt.date]) -> dt.date:
    """Return the day that decides where a unit ranks: the self-score deadline, or 31 December."""
    return days.get(bloc_year.pk) or dt.date(bloc_year.year, 12, 31)


@dataclass(frozen=True, slots=True)
class Ending:
    """A membership that ends with ``last_day``; ``decides_on`` is the day that decides the rank.

    Where the unit itself ends (``unit.ended_on`` set, stored or not yet), the rules of the year
    say whether it is still considered: scoring has its own sentence for that.
    """

    membership: Membership
    last_day: dt.date
    decides_on: dt.date
    fate: Fate = Fate.LEAVES

    @property
    def ranks(self) -> bool:
        """Whether the unit keeps its rank here."""
        return self.membership.is_ranking and self.last_day >= self.decides_on

    @property
    def sentence(self) -> str:
        """What happens, with the rule that says where the unit ranks."""
        who, where = self.membership.unit_name, self.membership.bloc_year
        if self.fate is Fate.KEPT:
            return (
                f"{where} đã trình bảng tổng hợp ra hội nghị: {who} còn trong danh sách, "
                "theo tên khi đó."
            )
        if self.fate is Fate.REMOVED:
            return f"Bỏ {who} khỏi danh sách {where} (năm đang chuẩn bị)."
        left = f"{who} thuộc {where} đến hết ngày {format_date(self.last_day)}"
        day = format_date(self.decides_on)
        if self.ranks and not self.membership.unit.ended_on:
            return f"{left}; vẫn xếp hạng tại đây vì còn là thành viên vào ngày xét ({day})."
        if self.ranks or not self.membership.is_ranking:
            return f"{left}."
        return f"{left}; không xếp hạng tại đây vì đến ngày xét ({day}) không còn là thành viên."

    @property
    def obstacle(self) -> str:
        """Why the membership cannot end on that day; empty where it can."""
        first = self.membership.starts_on
        if self.fate is not Fate.LEAVES or first is None or first <= self.last_day:
            return ""
        return (
            f"{self.membership.unit_name} mới vào {self.membership.bloc_year} từ ngày "
            f"{format_date(first)}; ngày có hiệu lực phải sau ngày đó."
        )


@dataclass(frozen=True, slots=True)
class Joining:
    """A unit that joins a bloc's year; ``unit`` may not be saved yet."""

    bloc_year: BlocYear
    unit: Unit
    first_day: dt.date
    decides_on: dt.date
    ranks: bool

    @property
    def starts_on(self) -> dt.date | None:
        """The stored first day: none where the unit is there from the year's beginning."""
        return self.first_day if self.first_day > dt.date(self.bloc_year.year, 1, 1) else None

    @property
    def sentence(self) -> str:
        """What happens, with the rule that says where the unit ranks."""
        since = f" từ ngày {format_date(self.first_day)}" if self.starts_on else ""
        joined = f"{self.unit.name} vào {self.bloc_year}{since}"
        day = format_date(self.decides_on)
        if self.ranks and self.first_day <= self.decides_on:
            return f"{joined}; xếp hạng tại đây vì là thành viên vào ngày xét ({day})."
        if self.ranks:
            return f"{joined}; xếp hạng tại đây vì không còn được xếp hạng ở khối nào khác."
        return f"{joined}; năm {self.bloc_year.year} không xếp hạng tại đây (ngày xét {day})."


@dataclass
class MemberChanges:
    """The memberships that end and those that begin with a change."""

    endings: list[Ending] = field(default_factory=list)
    joinings: list[Joining] = field(default_factory=list)

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Why some of it cannot be done."""
        return tuple(each.obstacle for each in self.endings if each.obstacle)

    def effects(self) -> Iterator[Effect]:
        """Yield who leaves and joins which list, and how many remain."""
        for ending in self.endings:
            yield Effect(MEMBERS, ending.sentence)
        for joining in self.joinings:
            yield Effect(MEMBERS, joining.sentence)
        yield from effects(MEMBERS, self._counts(list(self._turnovers())))

    def consequences(self) -> Iterator[Effect]:
        """Yield what higher apps say of all this, year by year."""
        for turnover in self._turnovers():
            yield from _told(turnover)

    def _turnovers(self) -> Iterator[Turnover]:
        """Yield who leaves and who joins, year by year; what is merely taken off a list is not."""
        left = [each for each in self.endings if each.fate is not Fate.REMOVED]
        years = {each.membership.bloc_year_id: each.membership.bloc_year for each in left}
        years |= {each.bloc_year.pk: each.bloc_year for each in self.joinings}
        for key, bloc_year in years.items():
            yield Turnover(
                bloc_year,
                tuple(
                    (each.membership, each.last_day)
                    for each in left
                    if each.membership.bloc_year_id == key
                ),
                tuple(
                    (each.unit, each.first_day)
                    for each in self.joinings
                    if each.bloc_year.pk == key
                ),
            )

    def _counts(self, turnovers: Sequence[Turnover]) -> Iterator[str]:
        today = clock.today()
        listed = listed_counts(turnover.bloc_year.pk for turnover in turnovers)
        for turnover in turnovers:
            year = turnover.bloc_year
            if year.step.reached(YearStatus.MEETING):
                continue
            known = [row for row, _ in turnover.leaving]
            fewer = sum(1 for row in known if row.ends_on is None or row.ends_on >= today)
            count = listed.get(year.pk, 0) - fewer + len(turnover.joining)
            declared = year.declared_count
            paper = f"; văn bản ghi {declared}" if declared not in (None, count) else ""
            few = ", dưới số tối thiểu" if year.min_members and count < year.min_members else ""
            yield f"Sau thay đổi, {year} có {count} đơn vị{paper}{few}."

    def end(self, note: str, actor: User) -> None:
        """Write the ends; rows of years in preparation are taken off the list."""
        for each in self.endings:
            if each.fate is Fate.REMOVED:
                delete_noted(each.membership, actor)
            elif each.fate is Fate.LEAVES:
                row = each.membership
                row.ends_on, row.is_ranking, row.note = each.last_day, each.ranks, note
                save_checked(row, actor)

    def join(self, units: dict[int, Unit], note: str, actor: User) -> list[Membership]:
        """Write the new memberships, give each what the year has given the others; return them.

        ``units`` are the units as saved, by the key they had in the plan.
        """
        made = []
        for each in self.joinings:
            unit = units[each.unit.pk]
            row = Membership(
                bloc_year=each.bloc_year,
                unit=unit,
                year=each.bloc_year.year,
                unit_name=name_in_year(unit, each.bloc_year.year),
                starts_on=each.starts_on,
                is_ranking=each.ranks,
                note=note,
            )
            save_checked(row, actor)
            welcome(row, actor)
            made.append(row)
        return made


def _told(turnover: Turnover) -> Iterator[Effect]:
    """Yield what higher apps say: of all of them together, then of each unit."""
    where = turnover.bloc_year
    for reckoning in slots.reckoning:
        yield from _said(str(where), reckoning(turnover))
    for row, last_day in turnover.leaving:
        for leaving in slots.leaving:
            yield from _said(f"{row.unit_name} – {where}", leaving(row, last_day))
    for unit, first_day in turnover.joining:
        for joining in slots.joining:
            yield from _said(f"{unit.name} – {where}", joining(where, unit, first_day))


def _said(about: str, sentences: Iterable[str]) -> Iterator[Effect]:
    """Yield the sentences as effects; one that asks for something ends ": đề nghị …"."""
    for sentence in sentences:
        yield Effect(about, sentence, asks=": đề nghị" in sentence)


def welcome(membership: Membership, actor: User) -> None:
    """Give a member that joined a year under way what the others have been given."""
    for give in slots.joined:
        give(membership, actor)


# ---------------------------------------------------------------- who leaves, who joins


def endings_of(units: Iterable[Unit], ground: Ground) -> list[Ending]:
    """Return what becomes of every membership of units that end, in years not closed."""
    rows = [
        row
        for row in open_memberships(units)
        if row.ends_on is None or row.ends_on >= ground.effective_on
    ]
    days = ranking_days(row.bloc_year_id for row in rows)
    for row in rows:
        row.unit.ended_on = ground.effective_on
    return [
        Ending(row, ground.last_day, ranked_on(row.bloc_year, days), _fate(row)) for row in rows
    ]


def _fate(row: Membership) -> Fate:
    status = YearStatus(row.bloc_year.status)
    if status.reached(YearStatus.MEETING):
        return Fate.KEPT
    if status is YearStatus.DRAFT and not hangs_on(row):
        return Fate.REMOVED
    return Fate.LEAVES


def joinings_of(
    units: Sequence[Unit], bloc_years: Iterable[BlocYear], ground: Ground
) -> list[Joining]:
    """Return the memberships that ``units`` begin in years that have not ended before."""
    years = [each for each in bloc_years if each.year >= ground.effective_on.year]
    days = ranking_days(each.pk for each in years)
    found = []
    for each in years:
        decides_on = ranked_on(each, days)
        ranks = ground.effective_on <= decides_on
        found += [Joining(each, unit, ground.effective_on, decides_on, ranks) for unit in units]
    return found
