"""Objects for tests, built directly: a board, a bloc-year with its people, in any step.

``make_world(members=3)`` is what most tests start from. Every person logs in with ``PASSWORD``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import factory
from factory.django import DjangoModelFactory

from blocs.enums import IssuingStyle, PostRole, TermKind, YearStatus
from blocs.models import Bloc, BlocYear, Board, HeadTerm, Membership, Post, Unit, UnitName
from blocs.services.steps import YEAR_WORKFLOW
from emulation import clock
from emulation.models import User
from emulation.workflow import Acting

PASSWORD = "mat-khau-thu-2026"
LONG_AGO = dt.date(2015, 1, 1)
SYSTEM = Acting(None, "Dữ liệu kiểm thử")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"nguoi{n}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    phone = factory.Sequence(lambda n: f"0987{n:06d}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **values: Any) -> User:
        return model_class.objects.create_user(password=PASSWORD, **values)


class BoardFactory(DjangoModelFactory[Board]):
    class Meta:
        model = Board

    name = factory.Sequence(lambda n: f"Tỉnh Ví Dụ {n}")
    council_name = "Hội đồng Thi đua - Khen thưởng tỉnh"
    office_name = "Ban Thi đua - Khen thưởng"


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    board = factory.SubFactory(BoardFactory)
    name = factory.Sequence(lambda n: f"Sở Ví dụ {n:03d}")

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **values: Any) -> Unit:
        unit = super()._create(model_class, *args, **values)
        UnitName.objects.create(unit=unit, name=unit.name)
        return unit


class BlocFactory(DjangoModelFactory[Bloc]):
    class Meta:
        model = Bloc

    board = factory.SubFactory(BoardFactory)
    name = factory.Sequence(lambda n: f"Khối thi đua số {n}")


def make_user(name: str | None = None, **values: Any) -> User:
    """A person without posts."""
    if name is not None:
        values.setdefault("full_name", name)
    return UserFactory(**values)


def make_post(
    user: User,
    *,
    unit: Unit | None = None,
    board: Board | None = None,
    role: str | None = None,
    starts_on: dt.date = LONG_AGO,
    ends_on: dt.date | None = None,
    title: str = "",
) -> Post:
    """A post in a unit (officer unless said otherwise) or in a board."""
    role = role or (PostRole.BOARD_OFFICER if board else PostRole.OFFICER)
    return Post.objects.create(
        user=user,
        unit=unit,
        board=board,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        title=title,
    )


def make_person(unit: Unit, role: str = PostRole.OFFICER, **values: Any) -> User:
    """A person with one post in the unit."""
    user = make_user(**values)
    title = "Giám đốc" if role == PostRole.LEADER else "Chuyên viên"
    make_post(user, unit=unit, role=role, title=title)
    return user


def make_board_officer(board: Board) -> User:
    """An officer of the board."""
    user = make_user()
    make_post(user, board=board, title="Chuyên viên")
    return user


def make_membership(bloc_year: BlocYear, unit: Unit, **values: Any) -> Membership:
    """A member of the bloc-year."""
    return Membership.objects.create(
        bloc_year=bloc_year,
        unit=unit,
        year=bloc_year.year,
        unit_name=values.pop("unit_name", unit.name),
        **values,
    )


def make_bloc_year(
    bloc: Bloc | None = None,
    *,
    year: int = 2026,
    status: str = YearStatus.DRAFT,
    actor: User | None = None,
    **values: Any,
) -> BlocYear:
    """A bloc-year at ``status`` with the first row of its log."""
    bloc = bloc or BlocFactory()
    bloc_year = BlocYear.objects.create(
        bloc=bloc,
        board=bloc.board,
        year=year,
        name=values.pop("name", bloc.name),
        status=status,
        issuing_style=values.pop("issuing_style", IssuingStyle.STATE),
        **values,
    )
    YEAR_WORKFLOW.begin(bloc_year, actor=actor or make_user(), acting=SYSTEM)
    return bloc_year


@dataclass
class World:
    """A bloc-year with its people. ``units[0]`` is head, ``units[1]`` deputy."""

    board: Board
    bloc: Bloc
    bloc_year: BlocYear
    board_officer: User
    units: list[Unit] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    leaders: list[User] = field(default_factory=list)
    officers: list[User] = field(default_factory=list)

    @property
    def head_leader(self) -> User:
        """The bloc head: leader of the head unit."""
        return self.leaders[0]

    @property
    def secretary(self) -> User:
        """The secretary: officer of the head unit."""
        return self.officers[0]

    @property
    def deputy_leader(self) -> User:
        """Leader of the first deputy unit."""
        return self.leaders[1]

    @property
    def deputy_officer(self) -> User:
        """Officer of the first deputy unit."""
        return self.officers[1]

    def set_status(self, status: str) -> BlocYear:
        """Put the year at ``status`` without walking there."""
        self.bloc_year.status = status
        self.bloc_year.save(update_fields=["status"])
        return self.bloc_year


def make_world(
    members: int = 3,
    *,
    status: str = YearStatus.DRAFT,
    year: int = 2026,
    deputy: bool = True,
    **values: Any,
) -> World:
    """A board, a bloc and its year with ``members`` units, each with a leader and an officer."""
    board = BoardFactory()
    bloc = BlocFactory(board=board)
    bloc_year = make_bloc_year(bloc, year=year, status=status, **values)
    world = World(board, bloc, bloc_year, make_board_officer(board))
    for _ in range(members):
        unit = UnitFactory(board=board)
        world.units.append(unit)
        world.memberships.append(make_membership(bloc_year, unit))
        world.leaders.append(make_person(unit, PostRole.LEADER))
        world.officers.append(make_person(unit))
    set_term(bloc_year, world.units[0], TermKind.HEAD)
    if deputy and members > 1:
        set_term(bloc_year, world.units[1], TermKind.DEPUTY)
    return world


def set_term(bloc_year: BlocYear, unit: Unit, kind: str, position: int = 1) -> HeadTerm:
    """Make a unit head, deputy or stand-in of the year."""
    return HeadTerm.objects.create(
        bloc_id=bloc_year.bloc_id,
        year=bloc_year.year,
        unit=unit,
        kind=kind,
        position=position,
        decided_on=clock.today(),
    )


__all__ = [
    "PASSWORD",
    "BlocFactory",
    "BoardFactory",
    "UnitFactory",
    "UserFactory",
    "World",
    "make_bloc_year",
    "make_board_officer",
    "make_membership",
    "make_person",
    "make_post",
    "make_user",
    "make_world",
    "set_term",
]
