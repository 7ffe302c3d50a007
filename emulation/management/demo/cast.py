"""Boards, units and the people who hold posts in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.signals import user_logged_in

from blocs.enums import PostRole
from blocs.models import Board, Unit
from blocs.services.boards import create_board
from blocs.services.people import appoint, create_person
from blocs.services.units import create_unit
from emulation import clock
from emulation.management.demo.stories import moment
from emulation.models import User
from emulation.vietnamese import fold


@dataclass
class Cast:
    """A board with its officer, and the units with their leader and officer by unit name."""

    board: Board
    clerk: User
    units: dict[str, Unit] = field(default_factory=dict)
    leaders: dict[str, User] = field(default_factory=dict)
    officers: dict[str, User] = field(default_factory=dict)

    def of(self, name: str) -> tuple[Unit, User, User]:
        """Return the unit, its leader and its officer."""
        return self.units[name], self.leaders[name], self.officers[name]


def appoint_administrator(account: str, name: str, password: str) -> User:
    """Make the administrator: accounts and posts only."""
    return User.objects.create_superuser(account, password, full_name=name)


def found_board(
    administrator: User, data: dict[str, Any], password: str, since: dt.date, *, example: bool
) -> Cast:
    """Found a board with one officer who can log in."""
    with clock.at(moment(since)):
        board = create_board(
            actor=administrator,
            name=data["name"],
            council_name=data["council"],
            office_name=data["office"],
            phone=data.get("phone", ""),
            is_example=example,
        )
        clerk = create_person(
            actor=administrator,
            username=data["account"],
            full_name=data.get("officer") or f"Cán bộ Ban TĐKT {data['name']}",
            password=password,
        )
        appoint(
            actor=administrator,
            user=clerk,
            board=board,
            role=PostRole.BOARD_OFFICER,
            title="Cán bộ thi đua, khen thưởng",
            starts_on=since,
        )
    come_in(clerk)
    return Cast(board, clerk)


def come_in(person: User) -> None:
    """Note that the person has been in, as a log-in does."""
    user_logged_in.send(sender=User, request=None, user=person)


def settle_unit(cast: Cast, data: dict[str, str], since: dt.date) -> Unit:
    """Bring in a unit; return the one already there if it stands."""
    name = data["name"]
    if name not in cast.units:
        cast.units[name] = create_unit(
            actor=cast.clerk,
            board=cast.board,
            name=name,
            kind=data["kind"],
            issuing_style=data.get("issuing_style", "party"),
        )
        for role in (PostRole.LEADER, PostRole.OFFICER):
            _office_holder(cast, name, role, since)
    return cast.units[name]


def _office_holder(cast: Cast, unit_name: str, role: str, since: dt.date) -> None:
    """Put an unnamed holder of the office into the unit: people appear by office only."""
    words = "Lãnh đạo" if role == PostRole.LEADER else "Cán bộ đầu mối"
    number = len(cast.units)
    username = f"{fold(cast.board.name).replace(' ', '')[:60]}-{number:02d}-{role}"
    person = create_person(actor=cast.clerk, username=username, full_name=f"{words} {unit_name}")
    engage(cast, unit_name, person, role, words, since)


def engage(cast: Cast, unit_name: str, person: User, role: str, title: str, since: dt.date) -> None:
    """Give a person a post in a unit and remember him or her in the cast."""
    appoint(
        actor=cast.clerk,
        user=person,
        unit=cast.units[unit_name],
        role=role,
        title=title,
        starts_on=since,
    )
    holders = cast.leaders if role == PostRole.LEADER else cast.officers
    holders[unit_name] = person
