"""Deadlines: set, moved, extended, and what each unit's day is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import DeadlineKind, YearStatus
from blocs.models import Deadline, DeadlineExtension
from blocs.selectors.deadlines import deadline_history, due_dates, due_on, unset_kinds
from blocs.services.deadlines import extend_deadline, set_deadline
from blocs.slots import slots
from emulation import clock
from emulation.access import Conflict, Refused
from tests.blocs.builders import make_deadline
from tests.factories import make_post, make_world

pytestmark = pytest.mark.django_db

KIND = DeadlineKind.SELF_SCORE
FAR = dt.date(2026, 12, 20)


@pytest.fixture
def in_spring():
    with clock.at(dt.datetime(2026, 4, 1, 3, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def world(in_spring):
    return make_world(3, status=YearStatus.RUNNING)


def put(world, day, actor=None, kind=KIND):
    return set_deadline(
        actor=actor or world.secretary, bloc_year=world.bloc_year, kind=kind, due_on=day
    )


def extend(world, place=2, day=dt.date(2026, 12, 25), actor=None, reason="Thiên tai"):
    return extend_deadline(
        actor=actor or world.head_leader,
        deadline=Deadline.objects.get(kind=KIND),
        membership=world.memberships[place],
        due_on=day,
        reason=reason,
    )


def test_a_deadline_is_set_and_moved_and_both_are_remembered(world):
    put(world, FAR)
    put(world, dt.date(2026, 12, 25))
    put(world, dt.date(2026, 12, 25))
    assert due_on(world.bloc_year, KIND) == dt.date(2026, 12, 25)
    changes = [entry.change for entry in deadline_history(world.bloc_year)]
    assert changes == ["20/12/2026 → 25/12/2026", "20/12/2026"]
    assert {entry.who for entry in deadline_history(world.bloc_year)} == {world.secretary.full_name}


def test_who_sets_deadlines(world):
    for actor in (world.officers[2], world.deputy_leader):
        with pytest.raises(Refused):
            put(world, FAR, actor)
    for actor in (world.board_officer, world.head_leader, world.secretary):
        put(world, FAR, actor, DeadlineKind.REGISTRATION)
    world.set_status(YearStatus.CLOSED)
    with pytest.raises(Refused):
        put(world, FAR, world.board_officer)


def test_a_passed_deadline_is_not_moved_by_those_who_were_late(world):
    make_deadline(world, dt.date(2026, 3, 31))
    for actor in (world.secretary, world.head_leader):
        with pytest.raises(Refused) as refused:
            put(world, FAR, actor)
        assert "Hạn đã qua" in refused.value.reason
    make_post(world.board_officer, unit=world.units[2])
    with pytest.raises(Refused):
        put(world, FAR, world.board_officer)


def test_the_board_moves_a_passed_deadline(world):
    make_deadline(world, dt.date(2026, 3, 31))
    assert put(world, FAR, world.board_officer).due_on == FAR


def test_on_its_last_day_a_deadline_has_not_passed(world):
    make_deadline(world, dt.date(2026, 4, 1))
    assert put(world, FAR).due_on == FAR


@pytest.mark.parametrize("day", [dt.date(2024, 12, 31), dt.date(2029, 1, 1)])
def test_a_day_far_from_the_year_is_a_slip(world, day):
    with pytest.raises(ValidationError) as refused:
        put(world, day)
    assert "quá xa năm 2026" in refused.value.message_dict["due_on"][0]


def test_an_unknown_kind_is_refused(world):
    with pytest.raises(ValidationError):
        put(world, FAR, kind="bịa")


def test_each_unit_has_its_own_day(world):
    put(world, FAR)
    extend(world)
    extend(world, day=dt.date(2026, 12, 28))
    year, rows = world.bloc_year, world.memberships
    assert due_on(year, KIND) == FAR
    assert due_on(year, KIND, rows[1]) == FAR
    assert due_on(year, KIND, rows[2]) == dt.date(2026, 12, 28)
    assert due_dates(year, KIND) == {
        rows[0].pk: FAR,
        rows[1].pk: FAR,
        rows[2].pk: dt.date(2026, 12, 28),
    }
    assert due_on(year, DeadlineKind.APPEAL) is None
    assert due_dates(year, DeadlineKind.APPEAL) == {}


def test_an_extension_is_logged_with_reason_and_author(world):
    put(world, FAR)
    row = extend(world, reason=" Thiên tai ")
    assert (row.reason, row.actor, row.at) == ("Thiên tai", world.head_leader, clock.now())
    assert row.acting_as == f"Trưởng khối – {world.units[0].name}"
    (entry,) = [each for each in deadline_history(world.bloc_year) if each.reason]
    assert world.units[2].name in entry.what


def test_the_same_extension_twice_is_one(world):
    put(world, FAR)
    assert extend(world) == extend(world)
    assert DeadlineExtension.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "reason", "field"),
    [(FAR, "Thiên tai", "due_on"), (dt.date(2026, 12, 25), "  ", "reason")],
)
def test_a_wrong_extension_is_refused_at_its_field(world, day, reason, field):
    put(world, FAR)
    with pytest.raises(ValidationError) as refused:
        extend(world, day=day, reason=reason)
    assert field in refused.value.message_dict


def test_nobody_extends_for_the_own_unit(world):
    put(world, FAR)
    with pytest.raises(Refused):
        extend(world, place=0)
    assert extend(world, place=0, actor=world.deputy_leader).acting_as.startswith(
        "Đơn vị thay Trưởng khối"
    )
    with pytest.raises(Refused):
        extend(world, place=1, actor=world.deputy_leader)


def test_what_was_handed_in_is_not_extended(world, monkeypatch):
    put(world, FAR)
    asked = []

    def handed_in(membership, kind):
        asked.append((membership, kind))
        return membership == world.memberships[2]

    monkeypatch.setattr(slots, "handed_in", (handed_in,))
    with pytest.raises(Conflict) as conflict:
        extend(world)
    assert "đã nộp" in conflict.value.reason
    assert asked == [(world.memberships[2], KIND)]
    assert extend(world, place=1)


def test_a_member_of_another_bloc_is_refused(world):
    put(world, FAR)
    other = make_world(3)
    with pytest.raises(ValidationError):
        extend_deadline(
            actor=world.board_officer,
            deadline=Deadline.objects.get(),
            membership=other.memberships[0],
            due_on=dt.date(2026, 12, 25),
            reason="Thử",
        )


def test_what_is_not_set_yet(world):
    put(world, FAR)
    assert KIND not in unset_kinds(world.bloc_year)
    assert len(unset_kinds(world.bloc_year)) == len(DeadlineKind) - 1


# ---------------------------------------------------------------- pages


def test_all_deadlines_on_one_form(as_user, world):
    url = f"/nam/{world.bloc_year.pk}/thoi-han/dat/"
    client = as_user(world.secretary)
    values = {"self_score": "20.12.2026", "registration": "30/04/2026", "appraisal": ""}
    assert client.post(url, values).status_code == 302
    assert due_on(world.bloc_year, KIND) == FAR
    assert Deadline.objects.count() == 2
    page = client.get(f"/nam/{world.bloc_year.pk}/thoi-han/").content.decode()
    assert "20/12/2026" in page
    assert "Báo cáo sơ kết" in page


def test_one_wrong_day_saves_nothing_and_keeps_what_was_typed(as_user, world):
    url = f"/nam/{world.bloc_year.pk}/thoi-han/dat/"
    client = as_user(world.secretary)
    for wrong in ("31/02/2026", "20/12/2036", "-1", "<script>"):
        response = client.post(url, {"registration": "30/04/2026", "self_score": wrong})
        page = response.content.decode()
        assert response.status_code == 200
        assert "chỗ cần sửa" in page
        assert "30/04/2026" in page
    assert not Deadline.objects.exists()


def test_extending_on_the_page(as_user, world):
    put(world, FAR)
    deadline = Deadline.objects.get()
    url = f"/nam/{world.bloc_year.pk}/thoi-han/{deadline.pk}/gia-han/"
    client = as_user(world.head_leader)
    page = client.get(url).content.decode()
    assert world.memberships[2].unit_name in page
    assert f">{world.memberships[0].unit_name}<" not in page.split("<select", 1)[1]
    values = {
        "membership": world.memberships[2].pk,
        "due_on": "25/12/2026",
        "reason": "Bão số 3 <script>",
    }
    own = {**values, "membership": world.memberships[0].pk}
    assert client.post(url, own).status_code == 200
    assert client.post(url, {**values, "reason": "x" * 10_000}).status_code == 200
    assert not DeadlineExtension.objects.exists()
    assert client.post(url, values).status_code == 302
    shown = client.get(f"/nam/{world.bloc_year.pk}/thoi-han/").content.decode()
    assert "Bão số 3 &lt;script&gt;" in shown
    assert client.get(f"/nam/{world.bloc_year.pk}/thoi-han/999/gia-han/").status_code == 404
