"""Pledges for tests, made through the services, in any state."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.test import Client
from django.urls import reverse

from blocs.enums import MeetingKind, YearStatus
from blocs.models import Deadline, Meeting, Membership
from emulation import clock
from emulation.models import User
from pledges.enums import ReportKind
from pledges.models import Pledge, PledgeSignature, Registration, Report
from pledges.services.pledges import agree_pledge, draft_pledge, open_consultation
from pledges.services.registrations import TargetDraft, save_registration, send_registration
from pledges.services.reports import save_report, send_report
from pledges.services.signatures import record_paper_signature
from tests.factories import World, make_world

ITEMS = ("Hoàn thành nhiệm vụ chính trị", "Đẩy mạnh cải cách hành chính", "Xây dựng văn hóa")


def at_day(year: int, month: int, day: int, hour: int = 9) -> dt.datetime:
    """A moment of that day in Vietnam."""
    return dt.datetime(year, month, day, hour, tzinfo=clock.VIETNAM)


def drafted(world: World, items: tuple[str, ...] = ITEMS, **values: object) -> Pledge:
    """A draft by the secretary."""
    return draft_pledge(
        actor=world.secretary,
        bloc_year=world.bloc_year,
        title="Giao ước thi đua năm 2026",
        items=items,
        **values,  # type: ignore[arg-type]
    )


def consulting(world: World) -> Pledge:
    """A draft on which the members may comment."""
    return open_consultation(actor=world.secretary, pledge=drafted(world))


def agreed(world: World) -> Pledge:
    """A frozen text."""
    return agree_pledge(actor=world.head_leader, pledge=consulting(world))


def signing_world(members: int = 3, **values: object) -> tuple[World, Pledge]:
    """A bloc-year at its signing step with an agreed pledge."""
    world = make_world(members, **values)  # type: ignore[arg-type]
    pledge = agreed(world)
    world.set_status(YearStatus.SIGNING)
    pledge.bloc_year = world.bloc_year
    return world, pledge


def running_world(members: int = 3, **values: object) -> tuple[World, Pledge]:
    """A bloc-year that runs, nobody having signed."""
    world, pledge = signing_world(members, **values)
    world.set_status(YearStatus.RUNNING)
    return world, pledge


def paper_signed(world: World, pledge: Pledge, place: int = 2, **values: object) -> PledgeSignature:
    """The signature of the unit at ``place``, recorded from paper today."""
    return record_paper_signature(
        actor=world.secretary,
        pledge=pledge,
        membership=world.memberships[place],
        signatory="Trần Thị Ký",
        office="Phó Giám đốc",
        signed_on=values.pop("signed_on", clock.today()),  # type: ignore[arg-type]
        **values,  # type: ignore[arg-type]
    )


def make_meeting(world: World, **values: object) -> Meeting:
    """A signing meeting of the bloc-year."""
    return Meeting.objects.create(
        bloc_year=values.pop("bloc_year", world.bloc_year),
        kind=MeetingKind.SIGNING,
        held_on=values.pop("held_on", dt.date(2026, 3, 12)),
        recorded_by=world.secretary,
    )


def set_due(world: World, kind: str, due_on: dt.date) -> Deadline:
    """A deadline of the bloc-year."""
    return Deadline.objects.create(bloc_year=world.bloc_year, kind=kind, due_on=due_on)


def registered(
    world: World, place: int = 2, *, sent: bool = True, title: str = "Tỷ lệ hồ sơ đúng hạn"
) -> Registration:
    """The registration of the unit at ``place``."""
    member = world.memberships[place]
    draft = save_registration(
        actor=world.officers[place],
        membership=member,
        targets=[TargetDraft(title, Decimal("98.5"), "%")],
        titles=["Tập thể lao động xuất sắc"],
    )
    return send_registration(actor=world.officers[place], membership=member) if sent else draft


def reported(
    world: World,
    place: int = 2,
    kind: str = ReportKind.INTERIM,
    *,
    sent: bool = True,
    results: str = "Hoàn thành 12/20 chỉ tiêu.",
) -> Report:
    """A report of the unit at ``place``."""
    draft = saved_report(world.officers[place], world.memberships[place], kind, results)
    return send_report(actor=world.officers[place], report=draft) if sent else draft


def saved_report(
    actor: User, membership: Membership, kind: str, results: str, version: int = 0
) -> Report:
    """A saved draft."""
    return save_report(
        actor=actor,
        bloc_year=membership.bloc_year,
        membership=membership,
        kind=kind,
        results=results,
        limitations="",
        next_tasks="",
        version=version,
    )


# ---------------------------------------------------------------- reading

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def login(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def status(user, name, *args, data=None) -> int:
    client = login(user)
    url = reverse(name, args=args)
    return (client.get(url) if data is None else client.post(url, data)).status_code


def html(response) -> str:
    return response.content.decode()
