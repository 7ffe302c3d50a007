"""What the example province has changed: common deadlines, its agencies, their blocs and people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from blocs.enums import DeadlineKind, PostRole
from blocs.models import Membership, Unit
from blocs.services.board_deadlines import set_board_deadlines
from blocs.services.deadlines import set_deadline
from blocs.services.invitations import invite
from blocs.services.people import appoint, create_person
from blocs.services.structure.mergers import Merger, NewUnit, merge_units
from blocs.services.structure.moves import move_member
from blocs.services.structure.records import Ground
from blocs.services.years import edit_bloc_year
from emulation import clock
from emulation.management.demo.cast import Cast, come_in
from emulation.management.demo.sheets import sheet_of
from emulation.management.demo.stories import moment
from emulation.management.demo.year import Year
from emulation.models import User
from scoring.selectors.predecessors import predecessors_evidence
from scoring.services.evidence import link_predecessors_evidence

Story = dict[str, Any]
DAY = dt.timedelta(days=1)


def days_of_the_year(due: dt.date) -> dict[str, dt.date]:
    """Return the last days of a year's end, counted from the last day for self-scores."""
    return {
        DeadlineKind.SELF_SCORE: due,
        DeadlineKind.YEAR_END_REPORT: due + 5 * DAY,
        DeadlineKind.APPRAISAL: due + 10 * DAY,
        DeadlineKind.DOSSIER: due + 25 * DAY,
    }


def announce_deadlines(cast: Cast, number: int, due: dt.date, day: dt.date) -> None:
    """Let the board set the days of the year's end for all its blocs."""
    dates: dict[str, dt.date | None] = {**days_of_the_year(due)}
    with clock.at(moment(day)):
        set_board_deadlines(actor=cast.clerk, board=cast.board, year=number, dates=dates)


def set_apart(year: Year, exception: Story, due: dt.date, day: dt.date) -> None:
    """Let the board give one bloc a later day of its own, with the reason."""
    with clock.at(moment(day)):
        set_deadline(
            actor=year.cast.clerk,
            bloc_year=year.bloc_year,
            kind=DeadlineKind.SELF_SCORE,
            due_on=due + exception["more_days"] * DAY,
            reason=exception["reason"],
        )


# ---------------------------------------------------------------- agencies and their blocs


def merge_agencies(year: Year, story: Story, names: Mapping[str, str], day: dt.date) -> None:
    """Let the board make one agency of two, in the middle of the year, and its people go along."""
    data, cast = story["merger"], year.cast
    before = [names[key] for key in data["units"]]
    with clock.at(moment(day)):
        unit = merge_units(
            actor=cast.clerk,
            merger=Merger(
                units=[cast.units[name] for name in before],
                ground=Ground(day, data["reason"], data["basis"]),
                new=NewUnit(data["name"], data["kind"], data["issuing_style"]),
                bloc_years=[year.bloc_year],
            ),
        )
    for name in before:
        year.members.pop(name)
    _settle(cast, unit, names[data["heir"]])
    year.members[unit.name] = Membership.objects.get(bloc_year=year.bloc_year, unit=unit)


def _settle(cast: Cast, unit: Unit, heir: str) -> None:
    """Remember the new agency, led by the leader of the one it goes on from."""
    cast.units[unit.name] = unit
    cast.leaders[unit.name], cast.officers[unit.name] = cast.leaders[heir], cast.officers[heir]


def cite_predecessor(year: Year, story: Story, names: Mapping[str, str], day: dt.date) -> None:
    """Let the new agency refer to a file that the one it goes on from attached last year."""
    data = story["merger"]
    code, sheet = data["cites"], sheet_of(year, data["name"])
    heir = year.cast.units[names[data["heir"]]]
    with clock.at(moment(day, dt.time(15, 0))):
        known = predecessors_evidence(sheet).filter(line__sheet__membership__unit=heir)
        link_predecessors_evidence(
            actor=year.cast.officers[data["name"]],
            line=sheet.lines.select_related("sheet").get(criterion__code=code),
            source=known.get(line__criterion__code=code),
        )


def move_agency(year: Year, to: Year, story: Story, names: Mapping[str, str], day: dt.date) -> None:
    """Let the board move an agency to another bloc; the old one's number is put right."""
    data = story["move"]
    name = names[data["unit"]]
    ground = Ground(day, data["reason"], data["basis"])
    with clock.at(moment(day)):
        to.members[name] = move_member(
            actor=year.cast.clerk, membership=year.members.pop(name), to=to.bloc_year, ground=ground
        )
        bloc_year = year.bloc_year
        edit_bloc_year(
            actor=year.cast.clerk,
            bloc_year=bloc_year,
            name=bloc_year.name,
            declared_count=len(year.members),
            issuing_style=bloc_year.issuing_style,
            quorum_percent=bloc_year.quorum_percent,
            appeal_days=bloc_year.appeal_days,
            min_members=bloc_year.min_members,
            min_member_months=bloc_year.min_member_months,
            note=bloc_year.note,
        )


# ---------------------------------------------------------------- people


def add_second_officer(cast: Cast, data: Story, since: dt.date) -> None:
    """Let the board's officer take in a colleague."""
    with clock.at(moment(since, dt.time(10, 0))):
        person = create_person(actor=cast.clerk, username="ban-02", full_name=data["name"])
        appoint(
            actor=cast.clerk,
            user=person,
            board=cast.board,
            role=PostRole.BOARD_OFFICER,
            title=data["title"],
            starts_on=since,
        )
    come_in(person)


def let_people_in(cast: Cast, data: Story, day: dt.date) -> None:
    """Say which people of the units have come in, and invite all but one of the others."""
    invited = [_holder(cast, *each) for each in data["invited"]]
    absent = {person.pk for person in [*invited, _holder(cast, *data["uninvited"])]}
    everybody = [*cast.leaders.values(), *cast.officers.values()]
    for person in {each.pk: each for each in everybody if each.pk not in absent}.values():
        come_in(person)
    with clock.at(moment(day)):
        invite(actor=cast.clerk, people=invited)


def _holder(cast: Cast, unit: str, role: str) -> User:
    return (cast.leaders if role == PostRole.LEADER else cast.officers)[unit]
