"""Writing a plan: all of it, in one transaction that the caller holds open under the board's lock.

Tables that keep their history are written in bulk with it; blocs' years begin through their own
service, so that their log and deadlines are as if made one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from blocs.enums import TermKind, TermSource
from blocs.models import Bloc, BlocYear, Board, HeadTerm, Membership, Post, Unit, UnitName
from blocs.permissions import not_to_oneself
from blocs.selectors.register import BlocEntry, PersonEntry, UnitEntry, role_is_of_board
from blocs.services.imports.desk import Someone
from blocs.services.imports.people import CONTACT, PeopleSheet
from blocs.services.imports.planning import Difference, ImportPlan
from blocs.services.imports.structure import BlocSheet, MemberSheet, UnitSheet
from blocs.services.years import create_bloc_year
from emulation import clock
from emulation.access import require
from emulation.models import FoldedModel, User
from emulation.plans import PlanMoved
from emulation.vietnamese import fold

BATCH = 500


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of something were written, in words."""

    count: int
    what: str

    def __str__(self) -> str:
        return f"{self.count} {self.what}"


def write_plan(plan: ImportPlan, actor: User) -> str:
    """Write everything the plan says and return one sentence of what was written.

    Effects, in order: units and their first names; accounts nobody can log in with yet, telephone
    numbers, mail addresses; posts; blocs and their years in preparation; heads and deputies;
    members. PlanMoved where somebody took a log-in name meanwhile; Refused where an administrator
    of accounts would give himself a post.
    """
    writer = _Writer(plan, actor)
    tallies = [
        *writer.units(),
        *writer.people(),
        *writer.posts(),
        *writer.blocs(),
        *writer.terms(),
        *writer.members(),
    ]
    words = "; ".join(str(each) for each in tallies if each.count)
    return f"Đã ghi {words}." if words else "Không có thay đổi."


class _Writer:
    """Writes a plan part by part, keeping the keys that later parts need."""

    def __init__(self, plan: ImportPlan, actor: User) -> None:
        self.plan, self.actor = plan, actor
        self.board: Board = plan.register.board
        history = {"batch_size": BATCH, "default_user": actor, "default_date": clock.now()}
        self._create = partial(bulk_create_with_history, **history)
        self._update = partial(bulk_update_with_history, **history)
        self.unit_keys = {name: entry.pk or 0 for name, entry in plan.register.units.items()}
        self.user_keys = {key: known.pk for key, known in plan.register.people.items()}
        self.bloc_keys = {name: entry.bloc_pk or 0 for name, entry in plan.register.blocs.items()}
        self.year_keys = {key: entry.year_pk or 0 for key, entry in plan.register.years.items()}

    # ------------------------------------------------------------ units

    def units(self) -> Iterable[Tally]:
        """Write new units with their first names, and changes of those there."""
        new, changed = _parted(self.plan.of(UnitSheet.title))
        made = self._create(_refolded(self._unit(each.entry) for each in new), Unit)
        UnitName.objects.bulk_create(
            [UnitName(unit=u, name=u.name, starts_on=u.established_on) for u in made],
            batch_size=BATCH,
        )
        self.unit_keys |= {fold(unit.name): unit.pk for unit in made}
        entries = {each.entry.pk: each.entry for each in changed}
        units = list(Unit.objects.filter(board=self.board, pk__in=entries).order_by("pk"))
        fields = ["kind", "issuing_style", "established_on"]
        for unit in units:
            _copy(fields, entries[unit.pk], unit)
        self._update(units, Unit, fields)
        yield Tally(len(made), "đơn vị mới")
        yield Tally(len(units), "đơn vị sửa thông tin")

    def _unit(self, entry: UnitEntry) -> Unit:
        return Unit(
            board=self.board,
            name=entry.name,
            kind=entry.kind,
            issuing_style=entry.issuing_style,
            established_on=entry.established_on,
        )

    # ------------------------------------------------------------ people

    def people(self) -> Iterable[Tally]:
        """Write new accounts, and the telephone, mail and spelling of those there."""
        named = {each.entry.username.casefold() for each in self.plan.of(PeopleSheet.title)}
        someone = [each for key, each in self.plan.people.items() if key in named]
        made = [_account(each) for each in someone if each.known is None]
        try:
            User.objects.bulk_create(_refolded(made), batch_size=BATCH)
        except IntegrityError as error:
            raise PlanMoved from error
        self.user_keys |= {user.username.casefold(): user.pk for user in made}
        changed = {each.known.pk: each for each in someone if each.known and _differs(each)}
        users = list(User.objects.filter(pk__in=changed).order_by("pk"))
        for user in users:
            for attribute, (value, _) in changed[user.pk].said.items():
                setattr(user, attribute, value)
        fields = ["full_name", *CONTACT, "folded", "sorting"]
        User.objects.bulk_update(_refolded(users), fields, batch_size=BATCH)
        yield Tally(len(made), "người mới")
        yield Tally(len(users), "người sửa thông tin")

    def posts(self) -> Iterable[Tally]:
        """Write new posts, and the titles of those held."""
        new, changed = _parted(self.plan.of(PeopleSheet.title))
        given = [self._post(each.entry) for each in new]
        if any(post.user_id == self.actor.pk for post in given):
            require(not_to_oneself(self.actor, self.actor))
        made = self._create(given, Post)
        titles = {each.entry.post_pk: each.entry.title for each in changed}
        held = Post.objects.filter(pk__in=titles).order_by("pk")
        posts = [post for post in held if post.title != titles[post.pk]]
        for post in posts:
            post.title = titles[post.pk]
        self._update(posts, Post, ["title"])
        yield Tally(len(made), "chức vụ mới")
        yield Tally(len(posts), "chức vụ sửa tên gọi")

    def _post(self, entry: PersonEntry) -> Post:
        of_board = role_is_of_board(entry.role)
        return Post(
            user_id=self.user_keys[entry.username.casefold()],
            unit_id=None if of_board else self.unit_keys[fold(entry.unit)],
            board=self.board if of_board else None,
            role=entry.role,
            title=entry.title,
            starts_on=entry.starts_on or clock.today(),
        )

    # ------------------------------------------------------------ blocs

    def blocs(self) -> Iterable[Tally]:
        """Write new blocs, and begin their new years."""
        new, _ = _parted(self.plan.of(BlocSheet.title))
        names = {fold(e.entry.name): e.entry for e in new if e.entry.bloc_pk is None}
        blocs = [Bloc(board=self.board, name=e.name, kind=e.kind) for e in names.values()]
        made = self._create(_refolded(blocs), Bloc)
        self.bloc_keys |= {fold(bloc.name): bloc.pk for bloc in made}
        by_key = Bloc.objects.select_related("board").in_bulk(
            [self.bloc_keys[fold(each.entry.name)] for each in new]
        )
        for each in new:
            bloc = by_key[self.bloc_keys[fold(each.entry.name)]]
            self.year_keys[fold(bloc.name), each.entry.year] = self._begin(bloc, each.entry)
        yield Tally(len(made), "khối mới")
        yield Tally(len(new), "năm thi đua mới")

    def _begin(self, bloc: Bloc, entry: BlocEntry) -> int:
        bloc_year = create_bloc_year(
            actor=self.actor,
            bloc=bloc,
            year=entry.year or 0,
            name=bloc.name,
            issuing_style=entry.issuing_style,
            declared_count=entry.declared_count,
        )
        return bloc_year.pk

    def terms(self) -> Iterable[Tally]:
        """Write heads and deputies where none was set."""
        terms = [
            term
            for each in self.plan.of(BlocSheet.title)
            for term in self._terms(each.entry, each.changes)
        ]
        made = self._create(terms, HeadTerm)
        yield Tally(len(made), "vai trò Trưởng khối, Phó Trưởng khối")

    def _terms(self, entry: BlocEntry, changes: Sequence[Any]) -> Iterable[HeadTerm]:
        columns = {change.column for change in changes}
        make = partial(
            HeadTerm,
            bloc_id=self.bloc_keys[fold(entry.name)],
            year=entry.year or 0,
            source=TermSource.ANNOUNCED,
        )
        if entry.head and BlocSheet.heading_of("head") in columns:
            yield make(unit_id=self.unit_keys[fold(entry.head)], kind=TermKind.HEAD)
        if BlocSheet.heading_of("deputies") in columns:
            for place, name in enumerate(entry.deputies, start=1):
                unit = self.unit_keys[fold(name)]
                yield make(unit_id=unit, kind=TermKind.DEPUTY, position=place)

    def members(self) -> Iterable[Tally]:
        """Write new members under the names their units have in the year."""
        new, _ = _parted(self.plan.of(MemberSheet.title))
        keys = {self.unit_keys[fold(each.entry.unit)] for each in new}
        names = _NamesInYears(keys)
        memberships = []
        for each in new:
            unit, year = self.unit_keys[fold(each.entry.unit)], each.entry.year
            memberships.append(
                Membership(
                    bloc_year_id=self.year_keys[fold(each.entry.bloc), year],
                    unit_id=unit,
                    year=year,
                    unit_name=names.of(unit, year, each.entry.unit),
                    starts_on=each.entry.starts_on,
                )
            )
        made = self._create(_refolded(memberships), Membership)
        yield Tally(len(made), "đơn vị thành viên của các khối")


class _NamesInYears:
    """What units were called in the years, as ``name_in_year`` says it: one query for all."""

    def __init__(self, unit_ids: Iterable[int]) -> None:
        self.rows: dict[int, list[UnitName]] = {}
        for row in UnitName.objects.filter(unit__in=set(unit_ids)).order_by("pk"):
            self.rows.setdefault(row.unit_id, []).append(row)

    def of(self, unit_id: int, year: int, today: str) -> str:
        """Return the name of the year's last day, or of today if the year still runs."""
        day = min(clock.today(), dt.date(year, 12, 31))
        for row in self.rows.get(unit_id, []):
            begun = row.starts_on is None or row.starts_on <= day
            if begun and (row.ends_on is None or row.ends_on >= day):
                return row.name
        return today


def lock_years(board: Board) -> None:
    """Lock the years in preparation, so that none begins between the plan and the writing."""
    years = BlocYear.objects.select_for_update(of=("self",)).filter(Q(board=board), status="draft")
    list(years.order_by("pk").values_list("pk"))


def _parted(differences: Sequence[Difference]) -> tuple[list[Difference], list[Difference]]:
    new = [each for each in differences if each.is_new]
    return new, [each for each in differences if not each.is_new]


def _refolded(objects: Iterable[Any]) -> list[Any]:
    """Return the objects with the columns that ``save`` would have filled."""
    found = list(objects)
    for obj in found:
        assert isinstance(obj, FoldedModel)  # noqa: S101 - only such objects are passed
        obj.refold()
    return found


def _copy(fields: Iterable[str], source: Any, target: Any) -> None:
    for name in fields:
        setattr(target, name, getattr(source, name))


def _account(person: Someone) -> User:
    """Return a new account that nobody can log in with until the person is invited."""
    said = {name: value for name, (value, _) in person.said.items()}
    user = User(username=person.username, **{"full_name": person.full_name, **said})
    user.date_joined = clock.now()
    user.set_unusable_password()
    return user


def _differs(person: Someone) -> bool:
    return any(getattr(person.known, name) != value for name, (value, _) in person.said.items())
