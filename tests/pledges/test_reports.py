"""Reports: who writes, two editors, sending, lateness, the bloc's own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from blocs.enums import DeadlineKind, YearStatus
from emulation import clock
from emulation.access import Conflict, Refused
from pledges.enums import ReportKind
from pledges.selectors.due import due_dates_of
from pledges.selectors.reports import missing_reports, report_delivery, report_rows
from pledges.services.checks import EditedMeanwhile
from pledges.services.reports import return_report, save_report, send_report
from tests.pledges.builders import (
    at_day,
    reported,
    running_world,
    saved_report,
    set_due,
    signing_world,
)

pytestmark = pytest.mark.django_db


def bloc_report(world, actor, results="Khối đã tổ chức phong trào", version=0):
    return save_report(
        actor=actor,
        bloc_year=world.bloc_year,
        membership=None,
        kind="interim",
        results=results,
        limitations="",
        next_tasks="",
        version=version,
    )


def test_the_unit_writes_and_sends():
    world, _ = running_world()
    report = reported(world)
    assert (report.status, report.sent_by) == ("sent", world.officers[2])
    assert [row.to_status for row in report.transitions.order_by("pk")] == ["draft", "sent"]


def test_others_do_not_write_it():
    world, _ = running_world()
    for actor in (world.officers[1], world.secretary, world.board_officer):
        with pytest.raises(Refused, match="chính đơn vị"):
            saved_report(actor, world.memberships[2], "interim", "x")


def test_not_before_the_year_runs_nor_after_it_closed():
    world, _ = signing_world()
    with pytest.raises(Refused, match="chuyển sang thực hiện"):
        saved_report(world.officers[2], world.memberships[2], "interim", "x")
    world.set_status(YearStatus.CLOSED)
    world.memberships[2].refresh_from_db()
    with pytest.raises(Refused, match="đã kết thúc"):
        saved_report(world.officers[2], world.memberships[2], "interim", "x")


def test_a_draft_may_be_empty_a_sent_one_not():
    world, _ = running_world()
    draft = saved_report(world.officers[2], world.memberships[2], "interim", "")
    with pytest.raises(Conflict) as refused:
        send_report(actor=world.officers[2], report=draft)
    assert refused.value.details == ("Phần kết quả chưa có nội dung.",)


def test_a_second_editor_gets_both_texts():
    world, _ = running_world()
    saved_report(world.officers[2], world.memberships[2], "interim", "Bản một")
    with pytest.raises(EditedMeanwhile) as stale:
        saved_report(world.leaders[2], world.memberships[2], "interim", "Bản hai")
    assert ("Kết quả", "Bản một") in stale.value.theirs
    again = saved_report(world.leaders[2], world.memberships[2], "interim", "Bản hai", version=1)
    assert (again.results, again.version) == ("Bản hai", 2)


def test_what_was_checked_is_what_is_sent():
    world, _ = running_world()
    draft = saved_report(world.officers[2], world.memberships[2], "interim", "Một")
    saved_report(world.leaders[2], world.memberships[2], "interim", "Hai", version=1)
    with pytest.raises(EditedMeanwhile):
        send_report(actor=world.officers[2], report=draft, version=1)


@pytest.mark.parametrize("field", ["results", "limitations", "next_tasks"])
def test_bounds(field):
    world, _ = running_world()
    parts = {"results": "", "limitations": "", "next_tasks": "", field: "x" * 50_001}
    with pytest.raises(ValidationError) as refused:
        save_report(
            actor=world.officers[2],
            bloc_year=world.bloc_year,
            membership=world.memberships[2],
            kind="interim",
            **parts,
        )
    assert list(refused.value.message_dict) == [field]


def test_lateness_by_the_first_sending():
    world, _ = running_world()
    set_due(world, DeadlineKind.INTERIM_REPORT, dt.date(2026, 7, 1))
    with clock.at(at_day(2026, 7, 3)):
        report = reported(world)
    due = due_dates_of(world.bloc_year)
    delivery = report_delivery(report, world.memberships[2], ReportKind.INTERIM, due)
    assert (delivery.days_late, delivery.words) == (2, "gửi chậm 2 ngày")
    back = return_report(actor=world.secretary, report=report, reason="Thiếu số liệu")
    assert back.first_sent_at == report.first_sent_at
    assert missing_reports(world.bloc_year, ReportKind.INTERIM) == world.memberships


def test_a_sent_report_is_frozen_and_handed_back_by_others_only():
    world, _ = running_world()
    report = reported(world, 0)
    with pytest.raises(Refused, match="đã gửi"):
        saved_report(world.officers[0], world.memberships[0], "interim", "x", version=1)
    with pytest.raises(Refused, match="đơn vị mình"):
        return_report(actor=world.secretary, report=report, reason="x")
    with pytest.raises(ValidationError, match="lý do"):
        return_report(actor=world.board_officer, report=report, reason=" ")
    return_report(actor=world.board_officer, report=report, reason="Thiếu số liệu")
    with pytest.raises(Conflict):
        return_report(actor=world.board_officer, report=report, reason="x")


def test_the_blocs_own_report():
    world, _ = running_world()
    with pytest.raises(Refused, match="Thư ký Khối"):
        bloc_report(world, world.officers[2])
    report = send_report(actor=world.secretary, report=bloc_report(world, world.secretary))
    assert report.membership is None
    with pytest.raises(Refused, match="Ban Thi đua"):
        return_report(actor=world.head_leader, report=report, reason="x")
    return_report(actor=world.board_officer, report=report, reason="Thiếu")
    delivery = report_delivery(report, None, ReportKind.INTERIM, due_dates_of(world.bloc_year))
    assert delivery.due_on is None


def test_another_years_member_is_refused():
    world, _ = running_world()
    other, _ = running_world()
    with pytest.raises(Conflict):
        save_report(
            actor=other.officers[2],
            bloc_year=world.bloc_year,
            membership=other.memberships[2],
            kind="interim",
            results="x",
            limitations="",
            next_tasks="",
        )


def test_a_draft_is_readable_by_its_own_unit_only():
    world, _ = running_world()
    reported(world, sent=False)
    reported(world, 1)
    due = due_dates_of(world.bloc_year)
    rows = report_rows(world.memberships, due, frozenset({world.units[0].pk}))
    assert [row.cells[0].is_readable for row in rows] == [True, True, False]
