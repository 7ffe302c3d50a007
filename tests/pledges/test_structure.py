"""What a change of members means for giao ước, registration, reports; units that dissolved."""

from __future__ import annotations

import datetime as dt

import pytest

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import Deadline
from blocs.selectors.standing import standing_in
from blocs.services.steps import YEAR_WORKFLOW
from blocs.slots import Turnover
from emulation import clock
from emulation.vietnamese import format_date
from pledges.blockers import year_blockers
from pledges.consequences import joining, leaving, reckoning
from pledges.enums import PledgeStatus, RegistrationStatus, ReportKind, ReportStatus
from pledges.models import Pledge, PledgeItem, PledgeSignature, Registration, Report
from pledges.permissions import can_write_report
from pledges.selectors.duties import facts_of
from pledges.selectors.signatures import signing_of
from pledges.tasks import desk
from tests.factories import UnitFactory, World, make_world

pytestmark = pytest.mark.django_db


def signed_world(signed: int = 2, status: str = YearStatus.RUNNING) -> World:
    """Three members; the first ones have signed the agreed text."""
    world = make_world(3, status=status)
    now = clock.now()
    pledge = Pledge.objects.create(
        bloc_year=world.bloc_year, title="Giao ước", status=PledgeStatus.AGREED,
        agreed_at=now, agreed_by=world.head_leader,
    )  # fmt: skip
    PledgeItem.objects.create(pledge=pledge, position=1, text="Hoàn thành nhiệm vụ")
    for membership in world.memberships[:signed]:
        PledgeSignature.objects.create(
            pledge=pledge, membership=membership, method="paper", signatory="Giám đốc",
            office="Giám đốc", signed_on=dt.date(2026, 3, 12), recorded_by=world.secretary,
            acting_as="Thư ký Khối",
        )  # fmt: skip
    return world


def dissolve(world: World, place: int) -> None:
    unit = world.units[place]
    unit.ended_on = clock.today()
    unit.save(update_fields=["ended_on"])


def yesterday() -> dt.date:
    return clock.today() - dt.timedelta(days=1)


# ---------------------------------------------------------------- leaving


def test_a_signature_stands_and_is_not_counted_any_more() -> None:
    world = signed_world()
    assert list(leaving(world.memberships[1], yesterday())) == [
        (
            "Chữ ký giao ước ngày 12/03/2026 của đơn vị được giữ trong bản giao ước nhưng không "
            "còn tính."
        ),
        "Đơn vị không còn phải gửi bản đăng ký thi đua.",
        "Đơn vị không còn phải gửi báo cáo sơ kết.",
        "Đơn vị không còn phải gửi báo cáo tổng kết.",
    ]


def test_who_has_not_signed_need_not_any_more() -> None:
    world = signed_world()
    first = next(iter(leaving(world.memberships[2], yesterday())))
    assert first == "Đơn vị chưa ký giao ước và không còn phải ký."


def test_those_who_signed_are_counted_among_those_who_stay_and_come() -> None:
    world = signed_world()
    gone = tuple((row, yesterday()) for row in world.memberships[1:])
    merged = Turnover(world.bloc_year, gone, ((world.units[2], clock.today()),))
    assert list(reckoning(merged)) == ["Giao ước: 1/2 đơn vị đã ký."]


def test_what_was_sent_is_kept_for_reading() -> None:
    world = signed_world()
    now, membership = clock.now(), world.memberships[1]
    sent = {"sent_at": now, "first_sent_at": now, "sent_by": world.officers[1]}
    Registration.objects.create(membership=membership, status=RegistrationStatus.SENT, **sent)
    Report.objects.create(
        bloc_year=world.bloc_year, membership=membership, kind=ReportKind.INTERIM,
        status=ReportStatus.SENT, results="Tốt", saved_by=world.officers[1], **sent,
    )  # fmt: skip
    day = format_date(clock.today())
    sentences = list(leaving(membership, yesterday()))
    assert f"Bản đăng ký thi đua gửi ngày {day} được giữ nguyên, chỉ để xem." in sentences
    assert f"Báo cáo sơ kết gửi ngày {day} được giữ nguyên, chỉ để xem." in sentences


def test_a_report_due_while_still_a_member_is_still_owed() -> None:
    world = signed_world()
    due_on = clock.today() + dt.timedelta(days=3)
    Deadline.objects.create(
        bloc_year=world.bloc_year, kind=DeadlineKind.YEAR_END_REPORT, due_on=due_on
    )
    last_day = due_on + dt.timedelta(days=1)
    sentences = list(leaving(world.memberships[1], last_day))
    assert (
        f"Đơn vị vẫn gửi báo cáo tổng kết trước khi hết ngày {format_date(due_on)}, là ngày còn "
        "thuộc Khối."
    ) in sentences


def test_a_closed_year_is_not_spoken_of() -> None:
    world = signed_world(status=YearStatus.CLOSED)
    assert list(leaving(world.memberships[1], yesterday())) == []
    assert list(joining(world.bloc_year, world.units[1], yesterday())) == []


# ---------------------------------------------------------------- joining


def test_a_newcomer_signs_and_sends() -> None:
    world = signed_world()
    today = clock.today()
    for kind, days in ((DeadlineKind.REGISTRATION, -5), (DeadlineKind.YEAR_END_REPORT, 5)):
        Deadline.objects.create(
            bloc_year=world.bloc_year, kind=kind, due_on=today + dt.timedelta(days=days)
        )
    unit = UnitFactory(board=world.board)
    assert list(joining(world.bloc_year, unit, today)) == [
        (
            f"{unit.name} phải ký giao ước đã chốt, không sửa nội dung; không ký thì không được "
            "xét thi đua theo quy định của năm."
        ),
        (
            f"Hạn gửi bản đăng ký thi đua ({format_date(today - dt.timedelta(days=5))}) đã qua: "
            "đề nghị gia hạn cho đơn vị, nếu không sẽ ghi là gửi chậm."
        ),
        (
            f"Đơn vị gửi báo cáo tổng kết trước khi hết ngày "
            f"{format_date(today + dt.timedelta(days=5))}."
        ),
    ]


# ---------------------------------------------------------------- dissolved, membership not ended


def test_05_a_dissolved_unit_is_neither_counted_nor_waited_for() -> None:
    world = signed_world()
    dissolve(world, 2)
    signing = signing_of(world.bloc_year)
    assert (signing.is_complete, signing.share) == (True, "2/2 đơn vị đã ký")
    facts = facts_of(world.bloc_year)
    assert [each.pk for each in facts.members] == [each.pk for each in world.memberships[:2]]
    step = YEAR_WORKFLOW.named("open_self_scoring")
    [found] = year_blockers(world.bloc_year, step)
    assert found.names == tuple(unit.name for unit in world.units[:2])
    name = world.units[2].name
    assert name not in {each.unit for each in desk(world.secretary).awaited}


def test_05_its_people_write_nothing_any_more() -> None:
    world = signed_world()
    membership = world.memberships[2]
    standing = standing_in(world.officers[2], world.bloc_year)
    assert can_write_report(standing, world.bloc_year, membership, None)
    dissolve(world, 2)
    membership.unit.refresh_from_db()
    verdict = can_write_report(standing, world.bloc_year, membership, None)
    assert not verdict
    assert "đã giải thể" in verdict.reason
