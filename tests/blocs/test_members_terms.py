"""Members, terms, the stand-in, the election, the secretariat: services and their pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import TermKind, TermSource, YearStatus
from blocs.models import HeadTerm, Membership, SecretariatMember
from blocs.selectors.members import count_mismatch, members_not_ended, members_on
from blocs.selectors.standing import heads_of
from blocs.services.members import add_member, remove_member
from blocs.services.structure.moves import end_membership
from blocs.services.terms import (
    end_secretary,
    end_term,
    name_secretary,
    name_stand_in,
    record_election,
    set_term,
)
from emulation import clock
from emulation.access import Conflict, Refused
from tests.blocs.builders import confirm, make_attendance, make_deadline, make_meeting
from tests.factories import (
    BlocFactory,
    UnitFactory,
    make_bloc_year,
    make_membership,
    make_person,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db

TODAY = clock.today()
DAY = dt.timedelta(days=1)


# ---------------------------------------------------------------- members


def test_a_unit_is_added_once():
    world = make_world(3)
    unit = UnitFactory(board=world.board)
    row = add_member(actor=world.secretary, bloc_year=world.bloc_year, unit=unit)
    again = add_member(actor=world.secretary, bloc_year=world.bloc_year, unit=unit, note="khác")
    assert again == row
    assert (row.unit_name, row.year, row.is_ranking) == (unit.name, 2026, True)
    assert row.history.get().history_user == world.secretary


def test_who_adds_members():
    world = make_world(3, status=YearStatus.RUNNING)
    for actor in (world.officers[2], world.deputy_leader, make_user(is_superuser=True)):
        with pytest.raises(Refused):
            add_member(actor=actor, bloc_year=world.bloc_year, unit=UnitFactory(board=world.board))
    for actor in (world.board_officer, world.head_leader, world.secretary):
        add_member(actor=actor, bloc_year=world.bloc_year, unit=UnitFactory(board=world.board))
    world.set_status(YearStatus.MEETING)
    with pytest.raises(Refused):
        add_member(
            actor=world.board_officer,
            bloc_year=world.bloc_year,
            unit=UnitFactory(board=world.board),
        )


def test_units_that_cannot_be_members():
    world = make_world(3)
    gone = UnitFactory(board=world.board, ended_on=dt.date(2025, 12, 31))
    ranked = UnitFactory(board=world.board)
    other = make_bloc_year(BlocFactory(board=world.board, name="Khối khác"))
    make_membership(other, ranked)
    for unit, words in (
        (UnitFactory(), "không thuộc Hội đồng"),
        (gone, "đã giải thể"),
        (ranked, "Khối khác, năm 2026"),
    ):
        with pytest.raises(ValidationError) as refused:
            add_member(actor=world.secretary, bloc_year=world.bloc_year, unit=unit)
        assert words in refused.value.message_dict["unit"][0]
    row = add_member(
        actor=world.secretary, bloc_year=world.bloc_year, unit=ranked, is_ranking=False
    )
    assert not row.is_ranking


def test_taking_a_unit_off_the_list_is_for_preparation():
    world = make_world(3)
    key = world.memberships[2].pk
    remove_member(actor=world.secretary, membership=world.memberships[2])
    assert not Membership.objects.filter(pk=key).exists()
    removed = Membership.history.filter(id=key).latest()
    assert (removed.history_type, removed.history_user) == ("-", world.secretary)
    world.set_status(YearStatus.CONSULTING)
    with pytest.raises(Refused):
        remove_member(actor=world.secretary, membership=world.memberships[1])


def test_removing_twice_is_harmless():
    world = make_world(3)
    row = Membership.objects.get(pk=world.memberships[2].pk)
    remove_member(actor=world.secretary, membership=world.memberships[2])
    remove_member(actor=world.secretary, membership=row)


def test_a_unit_with_a_term_or_with_data_is_not_removed():
    world = make_world(3)
    with pytest.raises(Conflict) as conflict:
        remove_member(actor=world.board_officer, membership=world.memberships[0])
    assert "đang là Trưởng khối" in conflict.value.reason
    make_attendance(make_meeting(world), world, 3)
    with pytest.raises(Conflict) as conflict:
        remove_member(actor=world.board_officer, membership=world.memberships[2])
    assert "đã có số liệu" in conflict.value.reason
    assert Membership.objects.count() == 3


def test_a_unit_that_leaves_before_the_deadline_is_ranked_elsewhere():
    world = make_world(3, status=YearStatus.RUNNING)
    make_deadline(world, dt.date(2026, 12, 20))
    for ends_on, ranks in ((dt.date(2026, 12, 20), True), (dt.date(2026, 12, 19), False)):
        row = end_membership(
            actor=world.secretary,
            membership=world.memberships[2],
            ends_on=ends_on,
            reason="Quyết định số 1",
        )
        assert row.is_ranking is ranks
    other = make_bloc_year(BlocFactory(board=world.board))
    assert add_member(actor=world.board_officer, bloc_year=other, unit=world.units[2]).is_ranking


def test_leaving_needs_a_reason_and_of_the_secretary_no_term():
    world = make_world(3, status=YearStatus.RUNNING)
    member, deputy = world.memberships[2], world.memberships[1]
    with pytest.raises(ValidationError) as refused:
        end_membership(actor=world.board_officer, membership=member, ends_on=TODAY, reason=" ")
    assert "reason" in refused.value.message_dict
    with pytest.raises(Conflict) as conflict:
        end_membership(actor=world.secretary, membership=deputy, ends_on=TODAY, reason="QĐ")
    assert "đang là Phó Trưởng khối" in conflict.value.details[0]
    with pytest.raises(Refused):
        end_membership(
            actor=world.head_leader, membership=world.memberships[0], ends_on=TODAY, reason="QĐ"
        )


def test_membership_by_date():
    world = make_world(3)
    row = world.memberships[2]
    row.starts_on, row.ends_on = dt.date(2026, 3, 1), dt.date(2026, 6, 30)
    row.save()
    for day, counted in (
        (dt.date(2026, 2, 28), 2),
        (dt.date(2026, 3, 1), 3),
        (dt.date(2026, 6, 30), 3),
        (dt.date(2026, 7, 1), 2),
    ):
        assert members_on(world.bloc_year, day).count() == counted
    with clock.at(dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)):
        assert members_not_ended(world.bloc_year).count() == 2


def test_the_mismatch_is_named_both_ways():
    world = make_world(3, declared_count=3)
    assert count_mismatch(world.bloc_year, 3) == ""
    assert "3 đơn vị, danh sách có 4 đơn vị" in count_mismatch(world.bloc_year, 4)
    world.bloc_year.declared_count = None
    assert count_mismatch(world.bloc_year, 4) == ""


# ---------------------------------------------------------------- terms


def term(world, unit, kind=TermKind.HEAD, actor=None, **values) -> HeadTerm:
    return set_term(
        actor=actor or world.board_officer,
        bloc=world.bloc,
        year=values.pop("year", 2026),
        unit=unit,
        kind=kind,
        source=TermSource.ANNOUNCED,
        **values,
    )


def test_the_board_sets_terms_and_nobody_else():
    world = make_world(4)
    for actor in (world.head_leader, world.secretary, world.officers[3]):
        with pytest.raises(Refused):
            term(world, world.units[3], TermKind.DEPUTY, actor=actor, position=2)
    made = term(world, world.units[3], TermKind.DEPUTY, position=2)
    assert term(world, world.units[3], TermKind.DEPUTY, position=2) == made


@pytest.mark.parametrize(
    ("kind", "position", "place", "field"),
    [
        (TermKind.HEAD, 1, 2, "kind"),
        (TermKind.DEPUTY, 1, 2, "position"),
        (TermKind.DEPUTY, 2, 0, "unit"),
        (TermKind.STAND_IN, 1, 1, "unit"),
    ],
)
def test_a_wrong_term_is_refused_at_its_field(kind, position, place, field):
    world = make_world(3)
    with pytest.raises(ValidationError) as refused:
        term(world, world.units[place], kind, position=position)
    assert field in refused.value.message_dict


def test_a_unit_of_another_board_never_leads():
    world = make_world(3)
    with pytest.raises(ValidationError):
        term(world, UnitFactory(), TermKind.DEPUTY, position=2)


def test_terms_may_be_set_before_the_year_exists():
    world = make_world(3)
    assert term(world, world.units[2], year=2027).year == 2027


def test_nothing_is_set_in_a_closed_year():
    world = make_world(3, status=YearStatus.CLOSED)
    with pytest.raises(Refused):
        term(world, world.units[2], TermKind.DEPUTY, position=2)


def test_an_ended_term_stays_and_makes_room():
    world = make_world(3)
    old = HeadTerm.objects.get(kind=TermKind.HEAD)
    with pytest.raises(ValidationError):
        end_term(actor=world.board_officer, term=old, ended_on=TODAY + DAY)
    ended = end_term(actor=world.board_officer, term=old, ended_on=TODAY, note="QĐ 5")
    assert end_term(actor=world.board_officer, term=old, ended_on=TODAY - DAY) == ended
    term(world, world.units[2])
    assert heads_of(world.bloc_year).head == world.units[2].pk
    assert HeadTerm.objects.filter(kind=TermKind.HEAD).count() == 2


# ---------------------------------------------------------------- stand-in


def test_the_board_names_the_stand_in_and_names_another():
    world = make_world(4, deputy=False)
    year = world.bloc_year
    first = name_stand_in(actor=world.board_officer, bloc_year=year, unit=world.units[2])
    assert name_stand_in(actor=world.board_officer, bloc_year=year, unit=world.units[2]) == first
    name_stand_in(actor=world.board_officer, bloc_year=year, unit=world.units[3])
    assert heads_of(year).stand_in == world.units[3].pk
    assert HeadTerm.objects.filter(kind=TermKind.STAND_IN).count() == 2


def test_the_head_s_people_need_a_minuted_meeting_with_quorum():
    world = make_world(3, deputy=False)
    values = {
        "actor": world.secretary,
        "bloc_year": world.bloc_year,
        "unit": world.units[2],
    }
    meeting = make_meeting(world)
    for prepare in (
        lambda: None,
        lambda: make_attendance(meeting, world, 1),
        lambda: meeting.attendance.update(is_present=True),
    ):
        prepare()
        with pytest.raises(Refused):
            name_stand_in(**values, meeting=meeting)
    meeting.minutes = "Hội nghị thống nhất phân công."
    meeting.save()
    made = name_stand_in(**values, meeting=meeting)
    assert (made.source, made.decided_on) == (TermSource.ELECTED, meeting.held_on)


def test_a_meeting_of_another_bloc_proves_nothing():
    world, other = make_world(3, deputy=False), make_world(3)
    meeting = make_meeting(other, minutes="Thống nhất.")
    make_attendance(meeting, other, 3)
    with pytest.raises(Refused):
        name_stand_in(
            actor=world.secretary,
            bloc_year=world.bloc_year,
            unit=world.units[2],
            meeting=meeting,
        )


def test_the_head_does_not_stand_in_for_itself():
    world = make_world(3, deputy=False)
    with pytest.raises(ValidationError):
        name_stand_in(actor=world.board_officer, bloc_year=world.bloc_year, unit=world.units[0])


# ---------------------------------------------------------------- election


def elected(world, head, deputies=(), actor=None):
    return record_election(
        actor=actor or world.secretary,
        bloc_year=world.bloc_year,
        head=head,
        deputies=deputies,
        decided_on=dt.date(2026, 1, 15),
        note="Biên bản bầu",
    )


def running(world, year=2027):
    terms = HeadTerm.objects.filter(bloc=world.bloc, year=year, ended_on__isnull=True)
    return [(each.kind, each.position, each.unit) for each in terms.order_by("-kind", "position")]


def test_the_election_makes_next_year_s_terms():
    world = make_world(4, status=YearStatus.MEETING)
    terms = elected(world, world.units[2], [world.units[3], world.units[0]])
    assert {each.source for each in terms} == {TermSource.ELECTED}
    assert running(world) == [
        ("head", 1, world.units[2]),
        ("deputy", 1, world.units[3]),
        ("deputy", 2, world.units[0]),
    ]


def test_recording_again_changes_only_what_differs():
    world = make_world(4, status=YearStatus.ADOPTED)
    first = elected(world, world.units[2], [world.units[3]])
    assert elected(world, world.units[2], [world.units[3]]) == first
    elected(world, world.units[1], [world.units[3]])
    assert running(world) == [("head", 1, world.units[1]), ("deputy", 1, world.units[3])]
    assert HeadTerm.objects.filter(year=2027).count() == 3
    elected(world, world.units[3], [world.units[1]])
    assert running(world) == [("head", 1, world.units[3]), ("deputy", 1, world.units[1])]


def test_who_and_when():
    world = make_world(4, status=YearStatus.APPRAISING)
    with pytest.raises(Refused):
        elected(world, world.units[2])
    world.set_status(YearStatus.MEETING)
    with pytest.raises(Refused):
        elected(world, world.units[2], actor=world.officers[2])
    assert elected(world, world.units[2], actor=world.board_officer)
    world.set_status(YearStatus.CLOSED)
    with pytest.raises(Refused):
        elected(world, world.units[2], actor=world.board_officer)


def test_only_members_are_elected_and_each_once():
    world = make_world(4, status=YearStatus.MEETING)
    with pytest.raises(ValidationError):
        elected(world, UnitFactory(board=world.board))
    with pytest.raises(ValidationError):
        elected(world, world.units[2], [UnitFactory(board=world.board)])
    with pytest.raises(ValidationError):
        elected(world, world.units[2], [world.units[2]])
    assert running(world) == []


def test_no_election_once_the_next_year_has_begun():
    world = make_world(4, status=YearStatus.MEETING)
    make_bloc_year(world.bloc, year=2027, status=YearStatus.CONSULTING)
    with pytest.raises(Conflict):
        elected(world, world.units[2])


# ---------------------------------------------------------------- secretariat


def test_the_head_s_leader_names_officers_of_other_members():
    world = make_world(4)
    values = {"bloc_year": world.bloc_year, "user": world.officers[2]}
    for actor in (world.secretary, world.board_officer, world.deputy_leader):
        with pytest.raises(Refused):
            name_secretary(actor=actor, **values)
    row = name_secretary(actor=world.head_leader, **values)
    assert name_secretary(actor=world.head_leader, **values) == row
    end_secretary(actor=world.head_leader, secretary=row)
    ended = end_secretary(actor=world.head_leader, secretary=row).ended_at
    assert ended is not None
    assert name_secretary(actor=world.head_leader, **values) != row


def test_strangers_and_own_officers_are_not_named():
    world = make_world(3)
    for user in (world.secretary, make_user(), make_person(UnitFactory(board=world.board))):
        with pytest.raises(ValidationError):
            name_secretary(actor=world.head_leader, bloc_year=world.bloc_year, user=user)


# ---------------------------------------------------------------- pages


def test_members_are_ticked_added_and_removed(as_user):
    world = make_world(3)
    unit = UnitFactory(board=world.board, name="Báo Cần Thơ")
    client = as_user(world.secretary)
    base = f"/nam/{world.bloc_year.pk}/don-vi/"
    assert "Báo Cần Thơ" in client.get(f"{base}them/").content.decode()
    response = client.post(f"{base}them/", {"unit_ids": [unit.pk], "is_ranking": "on"})
    assert response.status_code == 302
    row = Membership.objects.get(unit=unit)
    assert "Báo Cần Thơ" in client.get(base).content.decode()
    assert client.post(f"{base}{row.pk}/bo/").status_code == 302
    assert client.post(f"{base}{row.pk}/bo/").status_code == 404
    assert client.get(f"{base}{row.pk}/bo/").status_code == 405
    outside = {"unit_ids": [UnitFactory().pk], "is_ranking": "on"}
    assert client.post(f"{base}them/", outside).status_code == 200
    assert (
        as_user(world.officers[2]).post(f"{base}them/", {"unit_ids": [unit.pk]}).status_code == 403
    )


def test_a_membership_of_another_bloc_is_not_found(as_user):
    world, other = make_world(3), make_world(3)
    row = other.memberships[2]
    client = as_user(world.board_officer)
    base = f"/nam/{world.bloc_year.pk}/don-vi/{row.pk}"
    assert client.post(f"{base}/bo/").status_code == 404
    assert client.get(f"{base}/roi-khoi/").status_code == 404
    assert Membership.objects.filter(pk=row.pk).exists()


def test_leaving_is_recorded_on_the_page(as_user):
    world = make_world(3, status=YearStatus.RUNNING)
    client = as_user(world.secretary)
    url = f"/nam/{world.bloc_year.pk}/don-vi/{world.memberships[2].pk}/roi-khoi/"
    assert client.post(url, {"ends_on": "31/06/2026", "reason": "QĐ"}).status_code == 200
    assert confirm(client, url, {"ends_on": "30/06/2026", "reason": "QĐ 7"}).status_code == 302
    page = client.get(f"/nam/{world.bloc_year.pk}/don-vi/").content.decode()
    assert "đã rời khối" in page
    assert "QĐ 7" in page


def test_telephone_numbers_stay_within_the_bloc_and_its_board(as_user):
    world = make_world(3)
    number = world.officers[2].phone
    url = f"/nam/{world.bloc_year.pk}/don-vi/"
    for user in (world.officers[1], world.board_officer):
        assert number in as_user(user).get(url).content.decode()
    later = UnitFactory(board=world.board)
    HeadTerm.objects.create(bloc=world.bloc, year=2027, unit=later, kind=TermKind.HEAD)
    page = as_user(make_person(later)).get(url).content.decode()
    assert world.officers[2].full_name in page
    assert number not in page


def test_terms_on_the_page(as_user):
    world = make_world(4)
    client = as_user(world.board_officer)
    base = f"/nam/{world.bloc_year.pk}/truong-khoi/"
    values = {
        "unit": world.units[3].pk,
        "kind": "deputy",
        "position": "2",
        "source": "announced",
        "decided_on": "",
        "note": "",
    }
    assert client.post(f"{base}them/", {**values, "position": "1"}).status_code == 200
    assert client.post(f"{base}them/", values).status_code == 302
    made = HeadTerm.objects.get(position=2)
    assert client.post(f"{base}{made.pk}/thoi/", {"ended_on": "", "note": "x"}).status_code == 200
    ended = {"ended_on": "01/02/2026", "note": "QĐ 8"}
    assert client.post(f"{base}{made.pk}/thoi/", ended).status_code == 302
    made.refresh_from_db()
    assert made.ended_on == dt.date(2026, 2, 1)
    assert as_user(world.head_leader).post(f"{base}them/", values).status_code == 403


def test_the_stand_in_on_the_page(as_user):
    world = make_world(3, deputy=False)
    url = f"/nam/{world.bloc_year.pk}/thay-truong-khoi/"
    values = {"unit": world.units[2].pk, "meeting": "", "note": ""}
    assert as_user(world.secretary).post(url, values).status_code == 403
    assert as_user(world.board_officer).post(url, values).status_code == 302
    assert heads_of(world.bloc_year).stand_in == world.units[2].pk


def test_the_election_on_the_page(as_user):
    world = make_world(4, status=YearStatus.MEETING)
    url = f"/nam/{world.bloc_year.pk}/bau/"
    values = {
        "head": world.units[2].pk,
        "deputy_1": world.units[3].pk,
        "deputy_2": "",
        "deputy_3": "",
        "decided_on": "15/01/2026",
        "note": "",
    }
    client = as_user(world.secretary)
    assert client.get(url).status_code == 200
    same = client.post(url, {**values, "deputy_1": world.units[2].pk})
    assert "chỉ giữ một vai trò" in same.content.decode()
    assert client.post(url, values).status_code == 302
    assert running(world) == [("head", 1, world.units[2]), ("deputy", 1, world.units[3])]
    assert client.get(url).status_code == 200
    assert client.post(url, {**values, "head": "999999"}).status_code == 200


def test_the_secretariat_on_the_page(as_user):
    world = make_world(4)
    base = f"/nam/{world.bloc_year.pk}/to-thu-ky/"
    client = as_user(world.head_leader)
    assert client.post(f"{base}them/", {"user": world.officers[2].pk}).status_code == 302
    row = SecretariatMember.objects.get()
    assert (
        world.officers[2].full_name
        in client.get(f"/nam/{world.bloc_year.pk}/don-vi/").content.decode()
    )
    assert client.post(f"{base}them/", {"user": make_user().pk}).status_code == 200
    assert as_user(world.secretary).post(f"{base}{row.pk}/thoi/").status_code == 403
    assert as_user(world.head_leader).post(f"{base}{row.pk}/thoi/").status_code == 302
    assert as_user(world.head_leader).post(f"{base}999/thoi/").status_code == 404
    row.refresh_from_db()
    assert row.ended_at is not None
