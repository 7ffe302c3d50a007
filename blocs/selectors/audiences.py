"""Who is told of something in a bloc-year: named audiences over a crowd that is read once.

An audience is never wider than those who may know that the event happened; what a notice leads to
asks once more who may read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from blocs.enums import PostRole
from blocs.models import BlocYear, Board, Membership, Post, SecretariatMember
from blocs.selectors.members import stands_on
from blocs.selectors.standing import heads_by_year, held_on
from blocs.standing import Heads, second_readers_of
from emulation import clock
from emulation.notices.table import Audience, Matter


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody who may be concerned by a matter, by unit and role. User and unit keys.

    ``named`` are the officers of other members in the secretariat.
    """

    heads: Heads
    members: frozenset[int]
    leaders: dict[int, set[int]]
    officers: dict[int, set[int]]
    board: frozenset[int]
    named: frozenset[int]

    def of(self, unit_id: int | None) -> set[int]:
        """Return the people of a unit."""
        return self.led(unit_id) | self.served(unit_id)

    def led(self, unit_id: int | None) -> set[int]:
        """Return the leaders of a unit."""
        return self.leaders.get(unit_id or 0, set())

    def served(self, unit_id: int | None) -> set[int]:
        """Return the officers of a unit."""
        return self.officers.get(unit_id or 0, set())

    @property
    def secretariat(self) -> set[int]:
        """Officers of the head unit and those it named."""
        return {*self.served(self.heads.head), *self.named}

    @property
    def units(self) -> set[int]:
        """The members, and the units with a term of the year."""
        return {*self.members, *_term_units(self.heads)}

    def overseer_of(self, unit_id: int | None) -> int | None:
        """Return the unit that appraises and approves ``unit_id``: the head, or its stand-in."""
        return self.heads.stand_in if unit_id == self.heads.head else self.heads.head


def crowds(matters: Sequence[Matter]) -> Callable[[Matter], Crowd]:
    """Return what gives each matter its crowd: five queries for all matters together."""
    years = {each.bloc_year.pk: each.bloc_year for each in matters if each.bloc_year}
    heads = heads_by_year(list(years.values()))
    members = _members(years)
    boards = _boards(years.values())
    units = {each.unit_id for each in matters if each.unit_id}
    units |= {unit for found in members.values() for unit in found}
    units |= {unit for each in heads.values() for unit in _term_units(each)}
    posts = _posts(units, {board for found in boards.values() for board in found})
    named = _named(years, posts)

    def crowd_of(matter: Matter) -> Crowd:
        key = matter.bloc_year.pk if matter.bloc_year else 0
        served = (posts[PostRole.BOARD_OFFICER].get(board, ()) for board in boards.get(key, ()))
        return Crowd(
            heads=heads.get(key, Heads()),
            members=members.get(key, frozenset()),
            leaders=posts[PostRole.LEADER],
            officers=posts[PostRole.OFFICER],
            board=frozenset(person for people in served for person in people),
            named=named.get(key, frozenset()),
        )

    return crowd_of


def _boards(years: Iterable[BlocYear]) -> dict[int, set[int]]:
    """Return by year its board, and the one it was merged into."""
    found = {year.pk: {year.board_id} for year in years}
    wanted = {board for each in found.values() for board in each}
    heirs = Board.objects.filter(pk__in=wanted, heir__isnull=False).order_by()
    for board, heir in heirs.values_list("pk", "heir_id"):
        for boards in found.values():
            boards |= {heir} if board in boards else set()
    return found


def _term_units(heads: Heads) -> set[int]:
    return {unit for unit in (heads.head, *heads.deputies, heads.named_stand_in) if unit}


def _members(years: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return the units that have not left, by year; one to join later is told already."""
    today = clock.today()
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    rows = Membership.objects.filter(running, stands_on(today), bloc_year__in=years)
    found: dict[int, set[int]] = {}
    for year, unit in rows.order_by().values_list("bloc_year_id", "unit_id"):
        found.setdefault(year, set()).add(unit)
    return {year: frozenset(units) for year, units in found.items()}


def _posts(units: Iterable[int], boards: Iterable[int]) -> dict[str, dict[int, set[int]]]:
    """Return who holds a post today, by role, then by unit or board."""
    rows = Post.objects.filter(held_on(clock.today())).filter(
        Q(unit_id__in=list(units)) | Q(board_id__in=list(boards))
    )
    found: dict[str, dict[int, set[int]]] = {role: {} for role in PostRole}
    for role, unit, board, user in rows.order_by().values_list(
        "role", "unit_id", "board_id", "user_id"
    ):
        found[role].setdefault(unit or board or 0, set()).add(user)
    return found


def _named(
    years: Iterable[int], posts: dict[str, dict[int, set[int]]]
) -> dict[int, frozenset[int]]:
    """Return the officers named to each year's secretariat who still work in some unit of it."""
    working = {
        user
        for role in (PostRole.LEADER, PostRole.OFFICER)
        for people in posts[role].values()
        for user in people
    }
    rows = SecretariatMember.objects.filter(bloc_year__in=years, ended_at__isnull=True)
    found: dict[int, set[int]] = {}
    for year, user in rows.order_by().values_list("bloc_year_id", "user_id"):
        found.setdefault(year, set()).update({user} & working)
    return {year: frozenset(users) for year, users in found.items()}


# ---------------------------------------------------------------- the audiences


def _unit(crowd: Crowd, matter: Matter) -> set[int]:
    return crowd.of(matter.unit_id)


def _persons(_crowd: Crowd, matter: Matter) -> frozenset[int]:
    return matter.people


def _head(crowd: Crowd, _matter: Matter) -> set[int]:
    return crowd.led(crowd.heads.head)


def _secretariat(crowd: Crowd, _matter: Matter) -> set[int]:
    return crowd.secretariat


def _appraisers(crowd: Crowd, matter: Matter) -> set[int]:
    overseer = crowd.overseer_of(matter.unit_id)
    served = crowd.secretariat if overseer == crowd.heads.head else crowd.served(overseer)
    return ((served or crowd.led(overseer)) | matter.people) - crowd.of(matter.unit_id)


def _second_readers(crowd: Crowd, matter: Matter) -> set[int]:
    unit = matter.unit_id or 0
    overseer = crowd.overseer_of(unit)
    served = crowd.secretariat if overseer == crowd.heads.head else crowd.served(overseer)
    deputies = {who for each in second_readers_of(crowd.heads, unit) for who in crowd.of(each)}
    return (served | deputies) - crowd.of(unit)


def _approvers(crowd: Crowd, matter: Matter) -> set[int]:
    overseer = crowd.overseer_of(matter.unit_id)
    return (crowd.led(overseer) or crowd.served(overseer)) - crowd.of(matter.unit_id)


def _bloc(crowd: Crowd, _matter: Matter) -> set[int]:
    return {person for unit in crowd.units for person in crowd.of(unit)}


def _bloc_leaders(crowd: Crowd, _matter: Matter) -> Iterator[int]:
    return (person for unit in crowd.members for person in crowd.led(unit))


def _board(crowd: Crowd, _matter: Matter) -> frozenset[int]:
    return crowd.board


UNIT = Audience("unit", "the people of the unit concerned", _unit)
PERSONS = Audience("persons", "the persons named by the deed", _persons)
HEAD = Audience("head", "the leaders of the head unit", _head)
SECRETARIAT = Audience(
    "secretariat", "the officers of the head unit and those it named", _secretariat
)
APPRAISERS = Audience(
    "appraisers",
    "whoever appraises the unit's sheet or is named by the deed, none of the unit itself",
    _appraisers,
)
SECOND_READERS = Audience(
    "second_readers",
    "whoever may make the second round on the unit's sheet, none of the unit itself",
    _second_readers,
)
APPROVERS = Audience(
    "approvers", "whoever approves the unit's sheet, none of the unit itself", _approvers
)
BLOC = Audience("bloc", "everybody in the bloc's members and heads", _bloc)
BLOC_LEADERS = Audience("bloc_leaders", "the leaders of the bloc's members", _bloc_leaders)
BOARD = Audience("board", "the officers of the bloc's board", _board)
