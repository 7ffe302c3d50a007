"""The people of the example province: accounts that visitors use, and their colleagues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from blocs.enums import PostRole
from blocs.services.people import create_person
from blocs.services.units import create_unit
from emulation import clock
from emulation.management.demo.cast import Cast, engage
from emulation.management.demo.stories import moment
from emulation.models import User

Story = dict[str, Any]


def people_units(cast: Cast, story: Story, password: str, since: dt.date) -> None:
    """Bring in the units of both blocs and put people into them."""
    others = [{"name": name, "kind": "state"} for name in story["other_bloc"]["units"]]
    with clock.at(moment(since)):
        for data in [*story["units"], *others]:
            cast.units[data["name"]] = create_unit(
                actor=cast.clerk,
                board=cast.board,
                name=data["name"],
                kind=data["kind"],
                issuing_style="state" if data["kind"] == "state" else "party",
            )
        _place_accounts(cast, story, password, since)
        _place_colleagues(cast, story, since)


def _place_accounts(cast: Cast, story: Story, password: str, since: dt.date) -> None:
    names = {unit["key"]: unit["name"] for unit in story["units"]}
    for number, (account, data) in enumerate(story["accounts"].items(), start=1):
        key, role, full_name, title = data
        person = create_person(
            actor=cast.clerk,
            username=account,
            full_name=full_name,
            phone=f"0987 000 {number:03d}",
            password=password,
        )
        engage(cast, names[key], person, role, title, since)


def _place_colleagues(cast: Cast, story: Story, since: dt.date) -> None:
    """Fill what the accounts leave open; the deputy's unit keeps its one person for both."""
    alone = next(unit["name"] for unit in story["units"] if unit["key"] == story["deputy"])
    cast.officers.setdefault(alone, cast.leaders[alone])
    full_names = _names(story["people"])
    for number, name in enumerate(cast.units, start=1):
        if name not in cast.leaders:
            person = _colleague(cast, next(full_names), f"lanhdao-{number:02d}", number)
            engage(cast, name, person, PostRole.LEADER, story["leader_title"], since)
        if name not in cast.officers:
            person = _colleague(cast, next(full_names), f"canbo-{number:02d}", number + 50)
            engage(cast, name, person, PostRole.OFFICER, story["officer_title"], since)


def _names(people: list[str]) -> Iterator[str]:
    round_number = 0
    while True:
        for name in people:
            yield name if round_number == 0 else f"{name} ({round_number + 1})"
        round_number += 1


def _colleague(cast: Cast, full_name: str, username: str, number: int) -> User:
    return create_person(
        actor=cast.clerk,
        username=username,
        full_name=full_name,
        phone=f"0987 001 {number:03d}",
    )
