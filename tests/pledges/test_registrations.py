"""Registrations: numbers, drafts seen by the unit only, sending, lateness, handing back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import DeadlineExtension
from emulation import clock
from emulation.access import Conflict, Refused
from pledges.models import Target
from pledges.selectors.due import due_dates_of
from pledges.selectors.pledges import items_of
from pledges.selectors.registrations import (
    registration_delivery,
    registration_of,
    registration_rows,
    targets_in,
    titles_in,
)
from pledges.services.checks import EditedMeanwhile
from pledges.services.registrations import (
    TargetDraft,
    return_registration,
    save_registration,
    send_registration,
)
from tests.factories import make_world
from tests.pledges.builders import at_day, registered, set_due, signing_world

pytestmark = pytest.mark.django_db


def save(world, targets=(), titles=("Cờ thi đua",), version=0, place=2, actor=None):
    return save_registration(
        actor=actor or world.officers[place],
        membership=world.memberships[place],
        targets=targets,
        titles=titles,
        version=version,
    )


def test_saving_keeps_drops_and_adds_rows():
    world, pledge = signing_world()
    item = items_of(pledge)[0]
    kept, gone = TargetDraft("A", Decimal("7.5"), "%", item), TargetDraft("B", Decimal(2), "vụ")
    save(world, [kept, gone], ["Cờ", "Bằng khen"])
    key = Target.objects.get(title="A").pk
    found = save(world, [TargetDraft("C", Decimal(3), "vụ"), kept], ["Bằng khen"], version=1)
    assert [(row.title, row.position) for row in targets_in(found)] == [("C", 1), ("A", 2)]
    assert targets_in(found)[1].pk == key
    assert [row.title for row in titles_in(found)] == ["Bằng khen"]
    assert Target.objects.filter(title="B", dropped_at__isnull=False).exists()


def test_the_unit_alone_writes():
    world, _ = signing_world()
    for actor in (world.officers[1], world.secretary, world.board_officer):
        with pytest.raises(Refused, match="chính đơn vị"):
            save(world, actor=actor)
    assert save(world, actor=world.leaders[2]).version == 1


def test_not_before_signing_and_not_after_closing():
    world = make_world()
    with pytest.raises(Refused, match="mở khi Khối chuyển sang bước ký"):
        save(world)
    world, _ = signing_world()
    world.set_status(YearStatus.CLOSED)
    with pytest.raises(Refused, match="đã kết thúc"):
        save(world)


@pytest.mark.parametrize("value", ["0", "-1", "10000000000", "1.005"])
def test_numbers_have_bounds(value):
    world, _ = signing_world()
    with pytest.raises(ValidationError, match="Chỉ tiêu 1"):
        save(world, [TargetDraft("A", Decimal(value), "%")])


def test_other_bounds():
    world, other_pledge = signing_world()
    whole = TargetDraft("A", Decimal(1), "%")
    with pytest.raises(ValidationError, match="Nhiều nhất 40"):
        save(world, [whole] * 41)
    with pytest.raises(ValidationError, match="hai lần"):
        save(world, titles=["Cờ", "Cờ"])
    with pytest.raises(ValidationError, match="10000 ký tự"):
        save(world, titles=["x" * 10_000])
    strange = items_of(other_pledge)[0]
    another, _ = signing_world()
    with pytest.raises(ValidationError, match="không thuộc Khối"):
        save(another, [TargetDraft("A", Decimal(1), "%", strange)])


def test_a_second_editor_gets_both():
    world, _ = signing_world()
    save(world, [TargetDraft("A", Decimal("7.5"), "%")])
    with pytest.raises(EditedMeanwhile) as stale:
        save(world, titles=["Khác"], actor=world.leaders[2])
    assert stale.value.theirs[0] == ("Chỉ tiêu", "A: 7,5 %")
    assert save(world, titles=["Khác"], version=stale.value.version).version == 2


def test_an_empty_registration_is_not_sent():
    world, _ = signing_world()
    save(world, titles=[])
    with pytest.raises(Conflict) as refused:
        send_registration(actor=world.officers[2], membership=world.memberships[2])
    assert "chưa có chỉ tiêu" in refused.value.details[0]
    assert registration_of(world.memberships[2]).first_sent_at is None


def test_nothing_saved_is_not_sent():
    world, _ = signing_world()
    with pytest.raises(Conflict, match="chưa lưu"):
        send_registration(actor=world.officers[2], membership=world.memberships[2])


def test_a_sent_one_is_frozen_until_handed_back():
    world, _ = signing_world()
    registered(world)
    with pytest.raises(Refused, match="đã gửi"):
        save(world, version=1)
    with pytest.raises(Conflict):
        send_registration(actor=world.officers[2], membership=world.memberships[2])
    with pytest.raises(ValidationError, match="lý do"):
        return_registration(actor=world.secretary, membership=world.memberships[2], reason="")
    back = return_registration(
        actor=world.secretary, membership=world.memberships[2], reason="Thiếu số"
    )
    assert (back.status, back.sent_at) == ("draft", None)
    assert back.first_sent_at is not None
    save(world, version=1)
    send_registration(actor=world.officers[2], membership=world.memberships[2])


def test_nobody_hands_back_for_the_own_unit():
    world, _ = signing_world()
    registered(world, 0)
    registered(world, 1)
    give = {"reason": "Thiếu số"}
    for actor in (world.secretary, world.head_leader):
        with pytest.raises(Refused, match="đơn vị mình"):
            return_registration(actor=actor, membership=world.memberships[0], **give)
    with pytest.raises(Refused, match="Thư ký"):
        return_registration(actor=world.leaders[2], membership=world.memberships[1], **give)
    back = return_registration(actor=world.deputy_leader, membership=world.memberships[0], **give)
    assert back.transitions.first().acting_as.startswith("Đơn vị thay Trưởng khối")
    return_registration(actor=world.board_officer, membership=world.memberships[1], **give)


def test_the_first_sending_decides_lateness():
    world, _ = signing_world()
    set_due(world, DeadlineKind.REGISTRATION, dt.date(2026, 4, 15))
    with clock.at(at_day(2026, 4, 15, 23)):
        registered(world)
    with clock.at(at_day(2026, 5, 1)):
        return_registration(actor=world.secretary, membership=world.memberships[2], reason="x")
        send_registration(actor=world.officers[2], membership=world.memberships[2])
    with clock.at(at_day(2026, 4, 17)):
        registered(world, 1)
    due = due_dates_of(world.bloc_year)

    def words(place):
        member = world.memberships[place]
        return registration_delivery(registration_of(member), member, due).words

    assert (words(2), words(1)) == ("đã gửi", "gửi chậm 2 ngày")
    with clock.at(at_day(2026, 4, 16)):
        assert words(0) == "quá hạn 1 ngày"


def test_an_extension_counts():
    world, _ = signing_world()
    deadline = set_due(world, DeadlineKind.REGISTRATION, dt.date(2026, 4, 15))
    for day in (20, 18):
        DeadlineExtension.objects.create(
            deadline=deadline,
            membership=world.memberships[2],
            due_on=dt.date(2026, 4, day),
            reason="Sáp nhập",
            actor=world.board_officer,
            acting_as="Ban",
        )
    due = due_dates_of(world.bloc_year)
    assert due.of(DeadlineKind.REGISTRATION, world.memberships[2].pk) == dt.date(2026, 4, 18)
    assert due.of(DeadlineKind.REGISTRATION, world.memberships[1].pk) == dt.date(2026, 4, 15)


def test_a_draft_is_read_by_its_own_unit_only():
    world, _ = signing_world()
    registered(world, 2, sent=False, title="BIMAT")
    due = due_dates_of(world.bloc_year)

    def readable(units):
        rows = registration_rows(world.memberships, due, frozenset(units))
        return [row.is_readable for row in rows]

    assert readable({world.units[2].pk}) == [False, False, True]
    assert readable({world.units[0].pk}) == [False, False, False]
