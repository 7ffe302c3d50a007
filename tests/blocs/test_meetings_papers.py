"""Meetings, who came, minutes by two writers; the bloc's papers and activities."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from blocs.enums import MeetingKind, PaperKind, YearStatus
from blocs.models import BlocPaper, JointActivity, Meeting, MeetingAttendance, MeetingPaper
from blocs.services.meetings import (
    MeetingChanged,
    edit_meeting,
    edit_minutes,
    record_attendance,
    record_meeting,
    record_papers,
)
from blocs.services.papers import (
    edit_activity,
    record_activity,
    record_bloc_paper,
    revoke_bloc_paper,
)
from emulation import clock
from emulation.access import Refused
from emulation.models import StoredFile
from tests.blocs.builders import PDF, make_attendance, make_meeting
from tests.factories import make_user, make_world

pytestmark = pytest.mark.django_db

HELD = dt.date(2026, 1, 15)


@pytest.fixture
def world():
    return make_world(3, status=YearStatus.RUNNING)


def meet(world, actor=None, **values) -> Meeting:
    values = {"kind": MeetingKind.SIGNING, "held_on": HELD, **values}
    return record_meeting(actor=actor or world.secretary, bloc_year=world.bloc_year, **values)


def upload(name="quy-che.pdf", content=PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# ---------------------------------------------------------------- meetings


def test_who_records_meetings(world):
    for actor in (world.officers[2], world.deputy_leader, make_user(is_superuser=True)):
        with pytest.raises(Refused):
            meet(world, actor)
    assert meet(world, world.board_officer).pk
    world.set_status(YearStatus.CLOSED)
    with pytest.raises(Refused):
        meet(world, kind=MeetingKind.OTHER)


def test_the_same_meeting_recorded_twice_is_one(world):
    assert meet(world, place="Hội trường") == meet(world, place=" Hội  trường")
    assert meet(world, place="Hội trường", held_at=dt.time(8)).pk
    assert Meeting.objects.count() == 2


def test_bounds(world):
    for values in ({"place": "x" * 301}, {"minutes": "x" * 50_001}, {"kind": "bịa"}):
        with pytest.raises(ValidationError):
            meet(world, **values)


def test_attendance_of_every_member_and_again(world):
    meeting = meet(world)
    keys = [row.pk for row in world.memberships]
    rows = record_attendance(
        actor=world.secretary,
        meeting=meeting,
        present={keys[0]: (True, "Ông A"), keys[1]: (False, ""), keys[2]: (True, "")},
    )
    assert [row.is_present for row in rows] == [True, False, True]
    record_attendance(actor=world.secretary, meeting=meeting, present={keys[1]: (True, "Bà B")})
    assert MeetingAttendance.objects.filter(meeting=meeting, is_present=True).count() == 3
    assert MeetingAttendance.objects.get(membership=keys[0]).representative == "Ông A"


def test_attendance_needs_a_meeting_that_was_held_and_own_members(world):
    coming = meet(world, held_on=clock.today() + dt.timedelta(days=1))
    present = {world.memberships[0].pk: (True, "")}
    with pytest.raises(ValidationError):
        record_attendance(actor=world.secretary, meeting=coming, present=present)
    with pytest.raises(ValidationError):
        record_attendance(
            actor=world.secretary,
            meeting=meet(world),
            present={make_world(1).memberships[0].pk: (True, "")},
        )
    assert not MeetingAttendance.objects.exists()


def test_the_meeting_that_adopted_keeps_its_attendance_and_day(world):
    meeting = make_meeting(world)
    make_attendance(meeting, world, 3)
    world.set_status(YearStatus.ADOPTED)
    present = {world.memberships[0].pk: (False, "")}
    with pytest.raises(Refused):
        record_attendance(actor=world.secretary, meeting=meeting, present=present)
    values = {
        "kind": meeting.kind,
        "held_on": meeting.held_on,
        "held_at": None,
        "place": "Hội trường",
        "board_attends": True,
    }
    with pytest.raises(Refused):
        edit_meeting(
            actor=world.secretary,
            meeting=meeting,
            version=1,
            **{**values, "held_on": dt.date(2026, 2, 1)},
        )
    assert (
        edit_meeting(actor=world.secretary, meeting=meeting, version=1, **values).place
        == "Hội trường"
    )


def test_papers_are_brought_up_to_date_and_none_is_lost(world):
    meeting = meet(world)
    record_papers(
        actor=world.secretary, meeting=meeting, papers=[("Quy chế", False), ("Giao ước", False)]
    )
    rows = record_papers(
        actor=world.secretary, meeting=meeting, papers=[(" Giao  ước ", True), ("Thang điểm", True)]
    )
    assert [(row.title, row.is_adopted) for row in rows] == [
        ("Quy chế", False),
        ("Giao ước", True),
        ("Thang điểm", True),
    ]
    with pytest.raises(ValidationError):
        record_papers(
            actor=world.secretary,
            meeting=meeting,
            papers=[(f"Văn bản {n}", False) for n in range(60)],
        )
    assert MeetingPaper.objects.count() == 3


def test_two_writers_of_minutes_lose_nothing(world):
    meeting = meet(world)
    edit_minutes(actor=world.secretary, meeting=meeting, minutes="Bản một", version=1)
    with pytest.raises(MeetingChanged) as changed:
        edit_minutes(actor=world.head_leader, meeting=meeting, minutes="Bản hai", version=1)
    assert changed.value.stored.minutes == "Bản một"
    saved = edit_minutes(actor=world.head_leader, meeting=meeting, minutes="Bản hai", version=2)
    assert (saved.minutes, saved.version, saved.recorded_by) == ("Bản hai", 3, world.head_leader)
    again = edit_minutes(actor=world.head_leader, meeting=meeting, minutes="Bản hai", version=3)
    assert again.version == 3


def test_the_second_writer_sees_both_texts_on_the_page(as_user, world):
    meeting = meet(world, minutes="Ban đầu")
    url = f"/nam/{world.bloc_year.pk}/hoi-nghi/{meeting.pk}/bien-ban/"
    client = as_user(world.secretary)
    assert client.post(url, {"minutes": "Của thư ký", "version": "1"}).status_code == 302
    client = as_user(world.head_leader)
    response = client.post(url, {"minutes": "Của Trưởng khối", "version": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Của thư ký" in page
    assert "Của Trưởng khối" in page
    assert world.secretary.full_name in page
    assert 'name="version" value="2"' in page
    meeting.refresh_from_db()
    assert meeting.minutes == "Của thư ký"
    assert client.post(url, {"minutes": "Chung", "version": "2"}).status_code == 302
    bad = client.post(url, {"minutes": "x" * 50_001, "version": "3"})
    assert bad.status_code == 200


def test_a_meeting_from_recording_to_minutes_on_the_pages(as_user, world):
    client = as_user(world.secretary)
    base = f"/nam/{world.bloc_year.pk}/hoi-nghi/"
    values = {"kind": "signing", "held_on": "20/3/2026", "held_at": "8h30", "place": "=1+1"}
    for wrong in ({"held_on": "32/3/2026"}, {"held_at": "25:00"}, {"held_at": "tám giờ"}):
        assert client.post(f"{base}ghi/", {**values, **wrong}).status_code == 200
    response = client.post(f"{base}ghi/", values)
    meeting = Meeting.objects.get()
    url = f"{base}{meeting.pk}/"
    assert response.url == url
    assert meeting.held_at == dt.time(8, 30)
    keys = [row.pk for row in world.memberships]
    came = {f"came_{keys[0]}": "on", f"through_{keys[0]}": "Ông <b>A</b>", f"came_{keys[1]}": "on"}
    assert client.post(f"{url}thanh-phan/", came).status_code == 302
    papers = {"title_1": "Quy chế hoạt động", "new_1": "on", "title_2": "Thang điểm"}
    assert client.post(f"{url}van-ban/", papers).status_code == 302
    page = client.get(url).content.decode()
    assert "2/3 đơn vị có mặt" in page
    assert "Ông &lt;b&gt;A&lt;/b&gt;" in page
    assert "Quy chế hoạt động" in page
    assert "đã thông qua" in page
    assert client.post(f"{url}van-ban/", {"title_1": "x" * 301}).status_code == 200
    long = client.post(f"{url}thanh-phan/", {f"through_{keys[0]}": "x" * 10_000})
    assert long.status_code == 200
    assert "tối đa 300 ký tự" in long.content.decode()
    edit = {**values, "place": "Hội trường mới", "version": str(meeting.version)}
    assert client.post(f"{url}sua/", edit).status_code == 302
    assert client.post(f"{url}sua/", edit).status_code == 409


def test_a_planned_meeting_waits_for_its_day(as_user, world):
    meeting = meet(world, held_on=clock.today() + dt.timedelta(days=3))
    url = f"/nam/{world.bloc_year.pk}/hoi-nghi/{meeting.pk}/"
    client = as_user(world.secretary)
    page = client.get(url).content.decode()
    assert "Hội nghị chưa diễn ra" in page
    response = client.post(f"{url}thanh-phan/", {f"came_{world.memberships[0].pk}": "on"})
    assert response.status_code == 200
    assert not MeetingAttendance.objects.exists()


def test_a_meeting_of_another_bloc_is_not_found(as_user, world):
    other = make_world(3)
    meeting = make_meeting(other)
    client = as_user(world.secretary)
    for tail in ("", "sua/", "bien-ban/", "thanh-phan/", "van-ban/"):
        url = f"/nam/{world.bloc_year.pk}/hoi-nghi/{meeting.pk}/{tail}"
        assert client.get(url).status_code == 404


# ---------------------------------------------------------------- papers


def paper(world, actor=None, **values) -> BlocPaper:
    values = {"kind": PaperKind.REGULATION, "title": "Quy chế hoạt động", **values}
    return record_bloc_paper(actor=actor or world.secretary, bloc_year=world.bloc_year, **values)


def test_a_paper_with_its_file(world):
    row = paper(world, number="01/QC", issued_on=HELD, uploaded=upload())
    assert row.file.original_name == "quy-che.pdf"
    assert row.file.uploaded_by == world.secretary


def test_a_refused_paper_leaves_no_file(world):
    with pytest.raises(ValidationError) as refused:
        paper(world, uploaded=upload("quy-che.pdf", b"MZ" + b"0" * 600))
    assert "uploaded" in refused.value.message_dict
    with pytest.raises(ValidationError):
        paper(world, uploaded=upload(), number="x" * 61)
    assert not StoredFile.objects.exists()
    assert not BlocPaper.objects.exists()


def test_one_paper_of_a_name_stands_at_a_time(world):
    first = paper(world)
    with pytest.raises(ValidationError):
        paper(world)
    revoke_bloc_paper(actor=world.secretary, paper=first)
    revoked = revoke_bloc_paper(actor=world.secretary, paper=first).revoked_at
    assert revoked is not None
    assert paper(world).pk != first.pk


def test_who_records_papers_and_activities(world):
    for actor in (world.officers[2], world.deputy_leader):
        with pytest.raises(Refused):
            paper(world, actor)
        with pytest.raises(Refused):
            record_activity(actor=actor, bloc_year=world.bloc_year, title="Hội thao")
    assert paper(world, world.board_officer).pk


def test_activities(world):
    row = record_activity(actor=world.secretary, bloc_year=world.bloc_year, title="Hội  thao")
    same = record_activity(actor=world.secretary, bloc_year=world.bloc_year, title="Hội thao")
    assert row == same
    edited = edit_activity(
        actor=world.secretary, activity=row, title="Hội thao", held_on=HELD, description="Vui"
    )
    assert (edited.held_on, edited.description) == (HELD, "Vui")
    with pytest.raises(ValidationError):
        record_activity(actor=world.secretary, bloc_year=world.bloc_year, title="x" * 301)
    assert JointActivity.objects.count() == 1


def test_papers_on_the_page_and_the_download(as_user, world):
    base = f"/nam/{world.bloc_year.pk}/van-ban/"
    client = as_user(world.secretary)
    values = {"kind": "regulation", "title": "Quy chế <script>", "number": "01/QC"}
    bad = {**values, "uploaded": upload("virus.exe", b"MZ\x90\x00" + b"0" * 600)}
    response = client.post(f"{base}them/", bad)
    assert response.status_code == 200
    assert "chỗ cần sửa" in response.content.decode()
    assert client.post(f"{base}them/", {**values, "uploaded": upload()}).status_code == 302
    row = BlocPaper.objects.get()
    page = client.get(base).content.decode()
    assert "Quy chế &lt;script&gt;" in page
    download = as_user(world.officers[2]).get(f"{base}{row.pk}/tai/")
    assert download.status_code == 200
    assert b"".join(download.streaming_content) == PDF
    assert "attachment" in download["Content-Disposition"]
    other = make_world(3)
    assert as_user(other.secretary).get(f"{base}{row.pk}/tai/").status_code == 404
    stolen = f"/nam/{other.bloc_year.pk}/van-ban/{row.pk}/tai/"
    assert as_user(other.secretary).get(stolen).status_code == 404
    assert as_user(world.officers[2]).post(f"{base}{row.pk}/thoi-ap-dung/").status_code == 403
    assert as_user(world.secretary).post(f"{base}{row.pk}/thoi-ap-dung/").status_code == 302


def test_activities_on_the_page(as_user, world):
    client = as_user(world.secretary)
    base = f"/nam/{world.bloc_year.pk}/hoat-dong/"
    values = {"title": "Giao lưu thể thao", "held_on": "", "description": ""}
    assert client.post(f"{base}them/", {**values, "title": ""}).status_code == 200
    assert client.post(f"{base}them/", values).status_code == 302
    row = JointActivity.objects.get()
    assert (
        client.post(f"{base}{row.pk}/sua/", {**values, "held_on": "01/05/2026"}).status_code == 302
    )
    row.refresh_from_db()
    assert row.held_on == dt.date(2026, 5, 1)
    assert client.get(f"{base}999/sua/").status_code == 404
