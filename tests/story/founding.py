"""The board, its people and units, the bloc, last year's heads."""

from __future__ import annotations

import datetime as dt

from blocs.enums import BlocKind, IssuingStyle, PostRole, TermKind, TermSource, UnitKind
from blocs.models import Bloc, BlocYear, Board, HeadTerm, Post, Unit
from blocs.services.boards import create_board
from blocs.services.members import add_member
from blocs.services.people import appoint, create_person, end_post
from blocs.services.terms import set_term
from blocs.services.units import create_unit
from blocs.services.years import create_bloc, create_bloc_year
from emulation.models import User
from tests.story.base import NAMES, PASSWORD, YEAR, Walk


class Founding(Walk):
    """The board, its people and units, the bloc, last year's heads."""

    def _founded(self) -> None:
        admin = User.objects.create_superuser("quantri", PASSWORD, full_name="Quản Trị")
        self.people["administrator"] = admin
        board = self._board("Tỉnh Ví Dụ", "board")
        neighbour = self._board("Tỉnh Láng Giềng", "other_board")
        self.keys |= {"board": board.pk, "other_board": neighbour.pk}
        for name in self.members:
            self._unit(name, NAMES.get(name, f"Sở Ví dụ {name}"))
        self._unit("last", "Sở Giáo dục")
        self._unit("outside", "Sở Du lịch")
        self.people["other_bloc"] = self.people["outside:officer"]
        self.people["former_officer"] = self._former_officer()
        clerk = self.people["board"]
        bloc = create_bloc(actor=clerk, board=board, name="Khối số 1", kind=BlocKind.BLOC)
        other = create_bloc(actor=clerk, board=board, name="Khối số 2", kind=BlocKind.BLOC)
        self.keys["bloc"] = bloc.pk
        last = self._open_year(bloc, YEAR - 1, ["last", "own"])
        self._lead(bloc, YEAR - 1, "last", TermKind.HEAD)
        outside = self._open_year(other, YEAR, ["outside"])
        self.keys |= {"last_year": last.pk, "other_year": outside.pk, "other_bloc": other.pk}

    def _board(self, name: str, role: str) -> Board:
        admin = self.people["administrator"]
        board = create_board(
            actor=admin,
            name=name,
            council_name=f"Hội đồng Thi đua - Khen thưởng {name}",
            office_name="Ban Thi đua - Khen thưởng",
        )
        person = self._person(admin, role, f"Cán bộ {name}")
        appoint(
            actor=admin,
            user=person,
            board=board,
            role=PostRole.BOARD_OFFICER,
            title="Chuyên viên",
            starts_on=dt.date(2020, 1, 1),
        )
        self.people[role] = person
        return board

    def _person(self, actor: User, username: str, full_name: str) -> User:
        return create_person(
            actor=actor,
            username=username,
            full_name=full_name,
            phone="0987000111",
            password=PASSWORD,
        )

    def _unit(self, name: str, title: str) -> None:
        clerk = self.people["board"]
        unit = create_unit(
            actor=clerk,
            board=self.board,
            name=title,
            kind=UnitKind.STATE,
            issuing_style=IssuingStyle.STATE,
        )
        self.units[name] = unit.pk
        for role, title_ in ((PostRole.LEADER, "Giám đốc"), (PostRole.OFFICER, "Chuyên viên")):
            person = self._person(clerk, f"{name}-{role}", f"{title_} {title}")
            self.people[f"{name}:{role}"] = person
            self._appoint(person, unit, role, title_)

    def _appoint(self, person: User, unit: Unit, role: str, title: str) -> Post:
        return appoint(
            actor=self.people["board"],
            user=person,
            unit=unit,
            role=role,
            title=title,
            starts_on=dt.date(2020, 1, 1),
        )

    def _former_officer(self) -> User:
        person = self._person(self.people["board"], "canbocu", "Cán Bộ Cũ")
        post = self._appoint(person, self.unit("own"), PostRole.OFFICER, "Chuyên viên")
        end_post(actor=self.people["board"], post=post, ends_on=dt.date(2024, 12, 31))
        return person

    def _open_year(self, bloc: Bloc, year: int, names: list[str]) -> BlocYear:
        clerk = self.people["board"]
        bloc_year = create_bloc_year(
            actor=clerk, bloc=bloc, year=year, name=bloc.name, issuing_style=IssuingStyle.STATE
        )
        for name in names:
            add_member(actor=clerk, bloc_year=bloc_year, unit=Unit.objects.get(pk=self.units[name]))
        return bloc_year

    def _lead(self, bloc: Bloc, year: int, unit: str, kind: str) -> HeadTerm:
        return set_term(
            actor=self.people["board"],
            bloc=bloc,
            year=year,
            unit=Unit.objects.get(pk=self.units[unit]),
            kind=kind,
            source=TermSource.ANNOUNCED,
            decided_on=dt.date(2024, 12, 20),
        )
