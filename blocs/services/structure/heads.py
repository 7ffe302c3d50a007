"""What a change of structure means for who leads a bloc: terms that end, are taken over, lapse."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from blocs.enums import TermKind, YearStatus
from blocs.models import BlocYear, HeadTerm, Unit
from blocs.selectors.structure import running_terms
from blocs.services.structure.records import Ground, shortened
from blocs.services.writing import save_checked, tidy
from blocs.standing import Heads, heads_from
from emulation import clock
from emulation.models import User
from emulation.plans import Effect

HEADS = "Trưởng khối, Phó Trưởng khối"
RANK = list(TermKind)
Year = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Inheritance:
    """A term that the successor takes over; ``unit`` may not be saved yet."""

    term: HeadTerm
    unit: Unit


@dataclass
class HeadChanges:
    """The terms that end with a change and those that a successor takes over."""

    day: dt.date
    ended: list[HeadTerm] = field(default_factory=list)
    inherited: list[Inheritance] = field(default_factory=list)

    def effects(self) -> Iterator[Effect]:
        """Yield whose term ends, who takes it over, and who leads the bloc then."""
        years = _bloc_years(self.ended)
        yield from self.endings()
        for each in self.inherited:
            yield Effect(HEADS, f"{each.unit.name} giữ tiếp vai trò {_role(each.term, years)}.")
        yield from self._who_leads(years)

    def endings(self) -> Iterator[Effect]:
        """Yield whose term ends."""
        years = _bloc_years(self.ended)
        for term in self.ended:
            yield Effect(HEADS, f"{term.unit.name} thôi làm {_role(term, years)}.")

    def _who_leads(self, years: dict[Year, BlocYear]) -> Iterator[Effect]:
        for key in dict.fromkeys((term.bloc_id, term.year) for term in self.ended):
            before, now = self._terms_of(key)
            old, new = heads_from(before, clock.today()), heads_from(now, clock.today())
            names = {term.unit_id: term.unit.name for term in now}
            where = _place(next(t for t in self.ended if (t.bloc_id, t.year) == key), years)
            yield from _vacancies(where, old, new, names, years.get(key))

    def _terms_of(self, key: Year) -> tuple[list[HeadTerm], list[HeadTerm]]:
        """Return the terms of a bloc's year as they are, and as they would be."""
        rows = HeadTerm.objects.filter(bloc_id=key[0], year=key[1]).select_related("unit")
        before = list(rows.order_by("kind", "position", "pk"))
        ending = {term.pk for term in self.ended}
        now = [_ended(term, self.day) if term.pk in ending else term for term in before]
        heirs = [h for h in self.inherited if (h.term.bloc_id, h.term.year) == key]
        now += [_taken_over(each, each.unit) for each in heirs]
        return before, sorted(now, key=lambda term: (term.kind, term.position))

    def end(self, note: str, actor: User) -> None:
        """Write the ends."""
        for term in self.ended:
            term.ended_on = self.day
            term.note = shortened(tidy(f"{term.note} {note}"), 500)
            save_checked(term, actor)

    def hand_on(self, units: dict[int, Unit], note: str, actor: User) -> None:
        """Write the terms taken over; ``units`` are the units as saved, by their planned key."""
        for each in self.inherited:
            term = _taken_over(each, units[each.unit.pk])
            term.decided_on, term.note = each.term.decided_on, note
            save_checked(term, actor)


def _ended(term: HeadTerm, day: dt.date) -> HeadTerm:
    after = copy.copy(term)
    after.ended_on = day
    return after


def _taken_over(each: Inheritance, unit: Unit) -> HeadTerm:
    term = each.term
    return HeadTerm(
        bloc_id=term.bloc_id,
        year=term.year,
        unit=unit,
        kind=term.kind,
        position=term.position,
        source=term.source,
    )


def _bloc_years(terms: Iterable[HeadTerm]) -> dict[Year, BlocYear]:
    known = list(terms)
    rows = BlocYear.objects.filter(
        bloc_id__in={term.bloc_id for term in known}, year__in={term.year for term in known}
    )
    return {(row.bloc_id, row.year): row for row in rows.order_by("pk")}


def _place(term: HeadTerm, years: dict[Year, BlocYear]) -> str:
    known = years.get((term.bloc_id, term.year))
    return str(known) if known else f"{term.bloc.name}, năm {term.year}"


def _role(term: HeadTerm, years: dict[Year, BlocYear]) -> str:
    return f"{term.get_kind_display()} – {_place(term, years)}"


def _vacancies(
    where: str, old: Heads, new: Heads, names: dict[int, str], bloc_year: BlocYear | None
) -> Iterator[Effect]:
    """Yield who acts where a head is gone, and what the board is asked to do."""
    named = reverse("stand_in", args=[bloc_year.pk]) if bloc_year else ""
    if new.head is None and old.head is not None:
        yield Effect(
            HEADS,
            f"{where} không còn Trưởng khối và không có Phó Trưởng khối: "
            "đề nghị phân công đơn vị điều hành thay.",
            url=named,
            link="Phân công đơn vị thay Trưởng khối",
            asks=True,
        )
    elif new.is_acting and new.head != old.head:
        who = names.get(new.head or 0, "")
        yield Effect(
            HEADS, f"{who} điều hành thay Trưởng khối của {where} cho đến khi có đơn vị mới."
        )
    is_decided = bloc_year is not None and bloc_year.step.reached(YearStatus.ADOPTED)
    if not is_decided and new.head and old.stand_in is not None and new.stand_in is None:
        yield Effect(
            HEADS,
            f"{where} không còn đơn vị thẩm định bảng chấm điểm của Trưởng khối: "
            "đề nghị phân công.",
            url=named,
            link="Phân công đơn vị thẩm định thay",
            asks=True,
        )


# ---------------------------------------------------------------- which terms


def terms_ending(units: Iterable[Unit], ground: Ground) -> HeadChanges:
    """Return the changes that ending these units brings: all their running terms end."""
    return HeadChanges(ground.effective_on, running_terms(units))


def terms_in(bloc_year: BlocYear, unit: Unit, day: dt.date) -> HeadChanges:
    """Return the change that the unit leaves this bloc's year: its running terms of it end."""
    key = (bloc_year.bloc_id, bloc_year.year)
    return HeadChanges(day, [t for t in running_terms([unit]) if (t.bloc_id, t.year) == key])


def hand_to(changes: HeadChanges, heir: Unit, member_of: Iterable[BlocYear]) -> None:
    """Let ``heir`` take over, in each bloc's year, the highest term that ends there.

    Only where it is, or becomes, a member, or where that year is not created yet; a unit that
    holds another role there keeps that one.
    """
    places = {(year.bloc_id, year.year) for year in member_of}
    created = _bloc_years(changes.ended)
    held = {(term.bloc_id, term.year) for term in running_terms([heir])} if heir.pk else set()
    best: dict[Year, HeadTerm] = {}
    for term in changes.ended:
        key = (term.bloc_id, term.year)
        if key in held or (key in created and key not in places):
            continue
        known = best.get(key)
        if known is None or _order(term) < _order(known):
            best[key] = term
    changes.inherited = [Inheritance(term, heir) for term in best.values()]


def _order(term: HeadTerm) -> tuple[int, int]:
    return RANK.index(TermKind(term.kind)), term.position
