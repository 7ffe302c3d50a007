"""Signing: by whom, when, once; paper; late; taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from blocs.enums import PostRole, YearStatus
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import StoredFile
from pledges.enums import SignatureMethod
from pledges.models import PledgeSignature
from pledges.selectors.signatures import signed_unit_ids, signing_of, unsigned_members
from pledges.services.pledges import agree_pledge, reopen_pledge
from pledges.services.signatures import record_paper_signature, revoke_signature, sign_pledge
from tests.factories import make_person, make_world
from tests.pledges.builders import agreed, paper_signed, running_world, signing_world

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_leader_signs_for_the_own_unit():
    world, pledge = signing_world()
    signature = sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    assert signature.method == SignatureMethod.BROWSER
    assert (signature.signatory, signature.office) == (world.leaders[2].full_name, "Giám đốc")
    assert signature.signed_on == clock.today()
    assert world.memberships[2].unit_name in signature.acting_as


def test_others_do_not_sign_for_it():
    world, pledge = signing_world()
    for actor in (world.officers[2], world.leaders[1], world.secretary, world.board_officer):
        with pytest.raises(Refused, match="lãnh đạo đơn vị"):
            sign_pledge(actor=actor, pledge=pledge, membership=world.memberships[2])
    assert not PledgeSignature.objects.exists()


def test_a_former_leader_does_not_sign():
    world, pledge = signing_world()
    world.leaders[2].posts.update(ends_on=clock.today() - dt.timedelta(days=1))
    with pytest.raises(Refused):
        sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])


def test_signing_twice_by_the_same_person_is_once():
    world, pledge = signing_world()
    deed = {"actor": world.leaders[2], "pledge": pledge, "membership": world.memberships[2]}
    assert sign_pledge(**deed) == sign_pledge(**deed)
    second = make_person(world.units[2], PostRole.LEADER)
    with pytest.raises(Conflict, match="đã ký"):
        sign_pledge(actor=second, pledge=pledge, membership=world.memberships[2])
    with pytest.raises(Conflict, match="đã ký"):
        paper_signed(world, pledge)


def test_no_signature_before_the_text_is_agreed_and_signing_is_open():
    world = make_world()
    pledge = agreed(world)
    with pytest.raises(Refused, match="chưa mở ký"):
        sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    world.set_status(YearStatus.SIGNING)
    pledge = reopen_pledge(actor=world.head_leader, pledge=pledge, reason="Sửa")
    with pytest.raises(Refused, match="chưa được Trưởng khối chốt"):
        sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])


def test_the_text_read_is_the_text_signed():
    world, pledge = signing_world()
    seen = pledge.version
    pledge = reopen_pledge(actor=world.head_leader, pledge=pledge, reason="Sửa")
    pledge = agree_pledge(actor=world.head_leader, pledge=pledge)
    with pytest.raises(Conflict, match="đã thay đổi"):
        sign_pledge(
            actor=world.leaders[2], pledge=pledge, membership=world.memberships[2], version=seen
        )


@pytest.mark.parametrize(
    "status", [YearStatus.RUNNING, YearStatus.SELF_SCORING, YearStatus.DECIDED]
)
def test_late_signing_until_the_year_is_closed(status):
    world, pledge = signing_world()
    world.set_status(status)
    sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    world.set_status(YearStatus.CLOSED)
    with pytest.raises(Refused, match="đã kết thúc"):
        sign_pledge(actor=world.leaders[1], pledge=pledge, membership=world.memberships[1])


def test_a_unit_that_left_does_not_sign_and_is_not_counted():
    world, pledge = signing_world(4)
    paper_signed(world, pledge, 3)
    for place in (2, 3):
        world.memberships[place].ends_on = clock.today() - dt.timedelta(days=1)
        world.memberships[place].save()
    with pytest.raises(Refused, match="đã rời Khối"):
        sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    signing = signing_of(world.bloc_year)
    assert signing.share == "0/2 đơn vị đã ký"
    assert [row.has_left for row in signing.rows] == [False, False, True]


def test_the_secretary_records_paper_with_a_scan():
    world, pledge = signing_world()
    scan = SimpleUploadedFile("Bản ký.pdf", PDF)
    signature = paper_signed(world, pledge, scan=scan)
    assert signature.method == SignatureMethod.PAPER
    assert signature.scan is not None
    assert signature.scan.original_name == "Bản ký.pdf"
    assert signature.acting_as.startswith("Thư ký Khối")


def test_a_refused_scan_leaves_no_signature_and_no_file():
    world, pledge = signing_world()
    with pytest.raises(ValidationError) as refused:
        paper_signed(world, pledge, scan=SimpleUploadedFile("a.pdf", b"MZ not a pdf"))
    assert list(refused.value.message_dict) == ["scan"]
    assert not PledgeSignature.objects.exists()
    assert not StoredFile.objects.exists()


def test_who_may_record_paper():
    world, pledge = signing_world()
    for actor in (world.leaders[2], world.deputy_leader, world.board_officer):
        with pytest.raises(Refused, match="Thư ký"):
            record_paper_signature(
                actor=actor,
                pledge=pledge,
                membership=world.memberships[2],
                signatory="A",
                office="B",
                signed_on=clock.today(),
            )


def test_paper_dates_and_bounds():
    world, pledge = signing_world()
    tomorrow = clock.today() + dt.timedelta(days=1)
    for day in (tomorrow, dt.date(2019, 3, 1)):
        with pytest.raises(ValidationError) as refused:
            paper_signed(world, pledge, signed_on=day)
        assert list(refused.value.message_dict) == ["signed_on"]
    with pytest.raises(ValidationError, match="Chức vụ"):
        record_paper_signature(
            actor=world.secretary,
            pledge=pledge,
            membership=world.memberships[2],
            signatory="",
            office=" ",
            signed_on=clock.today(),
        )


def test_the_member_of_another_year_is_refused():
    _, pledge = signing_world()
    other = make_world()
    with pytest.raises(ValidationError, match="không thuộc Khối"):
        sign_pledge(actor=other.leaders[2], pledge=pledge, membership=other.memberships[2])


def test_a_paper_recording_is_taken_back_and_recorded_anew():
    world, pledge = signing_world()
    signature = paper_signed(world, pledge)
    with pytest.raises(ValidationError):
        revoke_signature(actor=world.secretary, signature=signature, reason="")
    with pytest.raises(Refused, match="Thư ký"):
        revoke_signature(actor=world.leaders[2], signature=signature, reason="Nhầm")
    revoked = revoke_signature(actor=world.secretary, signature=signature, reason="Ghi nhầm ngày")
    assert (revoked.revoked_by, revoked.revoked_reason) == (world.secretary, "Ghi nhầm ngày")
    with pytest.raises(Conflict, match="đã được hủy"):
        revoke_signature(actor=world.secretary, signature=signature, reason="Nhầm")
    assert world.memberships[2] in unsigned_members(world.bloc_year)
    paper_signed(world, pledge)
    assert signed_unit_ids(world.bloc_year) == {world.units[2].pk}


def test_a_signature_in_the_browser_is_taken_back_by_the_units_leader():
    world, pledge = signing_world()
    signature = sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    for actor in (world.secretary, world.head_leader, world.officers[2]):
        with pytest.raises(Refused, match="chính lãnh đạo đơn vị"):
            revoke_signature(actor=actor, signature=signature, reason="Nhầm")
    assert revoke_signature(actor=world.leaders[2], signature=signature, reason="Nhầm").revoked_at


def test_the_state_names_who_has_not_signed():
    world, pledge = running_world(3)
    paper_signed(world, pledge, 1)
    signing = signing_of(world.bloc_year, first=[world.units[1].pk])
    assert signing.share == "1/3 đơn vị đã ký"
    assert signing.unsigned_names == [world.units[0].name, world.units[2].name]
    assert signing.rows[0].membership == world.memberships[1]
    assert not signing.is_complete
