"""A bloc's year walked step by step: founding, pledge, signing, and on from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocs.enums import BlocKind, TermKind, TermSource
from blocs.models import Bloc, BlocYear, Meeting, Membership
from blocs.services.meetings import record_attendance, record_meeting, record_papers
from blocs.services.members import add_member
from blocs.services.steps import take_step
from blocs.services.terms import set_term
from blocs.services.years import create_bloc, create_bloc_year
from emulation import clock
from emulation.management.demo.cast import Cast
from emulation.management.demo.stories import OFFICE_HOURS, moment
from emulation.models import User
from pledges.models import Pledge
from pledges.services.pledges import agree_pledge, draft_pledge
from pledges.services.signatures import record_paper_signature, sign_pledge


@dataclass
class Year:
    """A bloc-year in the making, with the people who act in it."""

    cast: Cast
    bloc_year: BlocYear
    head: str
    members: dict[str, Membership] = field(default_factory=dict)

    @property
    def chair(self) -> User:
        """The bloc head: leader of the head unit."""
        return self.cast.leaders[self.head]

    @property
    def secretary(self) -> User:
        """The secretary: officer of the head unit."""
        return self.cast.officers[self.head]

    def step(self, name: str, day: dt.date, *, actor: User | None = None, reason: str = "") -> None:
        """Take a step of the year on that day; by the head unless said otherwise."""
        with clock.at(moment(day, dt.time(10, 30))):
            self.bloc_year.refresh_from_db()
            take_step(actor=actor or self.chair, bloc_year=self.bloc_year, name=name, reason=reason)


def open_bloc(cast: Cast, data: dict[str, Any], day: dt.date, *, example: bool = False) -> Bloc:
    """Let the board found a bloc."""
    with clock.at(moment(day)):
        return create_bloc(
            actor=cast.clerk,
            board=cast.board,
            name=data["name"],
            kind=BlocKind.BLOC,
            is_example=example,
        )


def open_year(
    cast: Cast, bloc: Bloc, data: dict[str, Any], head: str, day: dt.date, *, example: bool = False
) -> Year:
    """Let the board open a bloc's year with its head."""
    with clock.at(moment(day)):
        bloc_year = create_bloc_year(
            actor=cast.clerk,
            bloc=bloc,
            year=data["year"],
            name=data["name"],
            declared_count=data.get("declared_count"),
            issuing_style=data["issuing_style"],
            is_example=example,
            note=data.get("note", ""),
        )
    year = Year(cast, bloc_year, head)
    appoint_term(year, head, TermKind.HEAD, day)
    return year


def appoint_term(year: Year, name: str, kind: str, day: dt.date) -> None:
    """Let the board announce a unit as head or deputy of the year."""
    with clock.at(moment(day)):
        set_term(
            actor=year.cast.clerk,
            bloc=year.bloc_year.bloc,
            year=year.bloc_year.year,
            unit=year.cast.units[name],
            kind=kind,
            source=TermSource.ANNOUNCED,
        )


def admit(
    year: Year,
    names: Iterable[str],
    day: dt.date,
    *,
    example: bool = False,
    note: str = "",
    ranked: bool = True,
) -> None:
    """Add units to the year's list; a note says what is particular about them."""
    with clock.at(moment(day)):
        for name in names:
            year.members[name] = add_member(
                actor=year.cast.clerk,
                bloc_year=year.bloc_year,
                unit=year.cast.units[name],
                is_example=example,
                note=note,
                is_ranking=ranked,
            )


def write_pledge(
    year: Year,
    title: str,
    items: Sequence[str],
    day: dt.date,
    *,
    preamble: str = "",
    closing: str = "",
    note: str = "",
) -> Pledge:
    """Draft the pledge; a note says what about it is an example."""
    with clock.at(moment(day)):
        return draft_pledge(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            title=title,
            preamble=preamble,
            closing=closing,
            items=items,
            is_example=bool(note),
            note=note,
        )


def agree(year: Year, pledge: Pledge, day: dt.date) -> None:
    """Agree the text and open the signing."""
    with clock.at(moment(day, dt.time(10, 0))):
        pledge.refresh_from_db()
        agree_pledge(actor=year.chair, pledge=pledge)
    year.step("open_signing", day)


def hold_meeting(
    year: Year,
    kind: str,
    day: dt.date,
    *,
    time: dt.time | None = None,
    place: str = "",
    board_attends: bool = False,
    papers: Sequence[tuple[str, bool]] = (),
    minutes: str = "",
    note: str = "",
) -> Meeting:
    """Record a meeting with its papers."""
    with clock.at(moment(day, time or OFFICE_HOURS)):
        meeting = record_meeting(
            actor=year.secretary,
            bloc_year=year.bloc_year,
            kind=kind,
            held_on=day,
            held_at=time,
            place=place,
            board_attends=board_attends,
            minutes=minutes,
            note=note,
        )
        if papers:
            record_papers(actor=year.secretary, meeting=meeting, papers=list(papers))
    return meeting


def everyone_came(year: Year, meeting: Meeting, day: dt.date, *, example: bool) -> None:
    """Record all members as present."""
    with clock.at(moment(day, dt.time(9, 30))):
        record_attendance(
            actor=year.secretary,
            meeting=meeting,
            present={each.pk: (True, "") for each in year.members.values()},
            is_example=example,
        )


def sign_on_paper(
    year: Year, pledge: Pledge, names: Iterable[str], day: dt.date, *, example: bool = False
) -> None:
    """Record the signatures given on paper at the signing meeting, by office only."""
    with clock.at(moment(day, dt.time(11, 0))):
        for name in names:
            record_paper_signature(
                actor=year.secretary,
                pledge=pledge,
                membership=year.members[name],
                signatory="",
                office="Lãnh đạo đơn vị",
                signed_on=day,
                is_example=example,
            )


def sign_in_browser(year: Year, pledge: Pledge, names: Iterable[str], day: dt.date) -> None:
    """Let each unit's leader sign."""
    with clock.at(moment(day, dt.time(14, 0))):
        for name in names:
            sign_pledge(actor=year.cast.leaders[name], pledge=pledge, membership=year.members[name])
