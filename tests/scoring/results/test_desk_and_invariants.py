"""Tasks of every role, the tabs, and each invariant with a case that breaks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import YearStatus
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.files import atomic_with_files, store
from emulation.models import User
from scoring import invariants
from scoring.models import (
    CrossCheck,
    Nomination,
    RankingRow,
    RankingSnapshot,
    ScoreLine,
    ScoreSheet,
    StageTotal,
)
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.services.appraisal import accept_rest, finish_appraisal, start_appraisal
from scoring.services.approval import approve_sheet
from scoring.tabs import year_tabs
from scoring.tasks import desk
from tests.factories import World, make_world
from tests.scoring.builders import FULL, hand_in, make_scoring_world
from tests.scoring.results.builders import adopt, make_meeting, make_quotas, thai_binh
from tests.scoring.results.test_awards_and_appeals import submitted
from tests.scoring.results.test_pages import decided

pytestmark = pytest.mark.django_db

S = YearStatus


def titles(user: User) -> list[str]:
    return [task.title for task in desk(user).tasks]


def approved_world(members: int = 3) -> World:
    """Real sheets from self-score to approval, the head's by its stand-in; at the meeting."""
    world = make_scoring_world(members)
    sheets = [
        hand_in(world, place, FULL | {"A4": {"points": str(8 - place)}}) for place in range(members)
    ]
    for place, sheet in enumerate(sheets):
        officer, leader = (
            (world.deputy_officer, world.deputy_leader)
            if place == 0
            else (world.secretary, world.head_leader)
        )
        start_appraisal(actor=officer, sheet=sheet)
        accept_rest(actor=officer, sheet=sheet)
        finish_appraisal(actor=officer, sheet=sheet)
        approve_sheet(actor=leader, sheet=sheet)
    world.set_status(S.MEETING)
    make_meeting(world)
    make_quotas(world)
    return world


# ---------------------------------------------------------------- tasks


def test_tasks_of_a_unit_name_what_is_missing_and_until_when() -> None:
    world = make_scoring_world()
    task = next(t for t in desk(world.officers[2]).tasks)
    assert task.title == "Tự chấm điểm"
    assert task.due_on == clock.today() + dt.timedelta(days=10)
    assert titles(world.leaders[2]) == ["Nộp bảng tự chấm điểm"]
    hand_in(world, 2)
    assert titles(world.officers[2]) == []


def test_tasks_of_secretary_head_and_stand_in() -> None:
    world = make_scoring_world()
    waiting = desk(world.secretary).awaited
    assert {each.unit for each in waiting} == {world.units[1].name, world.units[2].name}
    assert all(each.phone and each.contact and each.unit in each.reminder for each in waiting)
    sheet = hand_in(world, 2)
    later = next(t for t in desk(world.secretary).tasks if t.title.startswith("Thẩm định"))
    assert not later.ready, "the head unit hands in its own sheet first"
    hand_in(world, 0)
    now = next(t for t in desk(world.secretary).tasks if t.title.startswith("Thẩm định"))
    assert now.ready
    assert now.title == "Thẩm định 1 bảng chấm điểm"
    start_appraisal(actor=world.secretary, sheet=sheet)
    accept_rest(actor=world.secretary, sheet=sheet)
    finish_appraisal(actor=world.secretary, sheet=sheet)
    assert "Duyệt điểm 1 bảng chấm điểm" in titles(world.head_leader)
    assert "Thẩm định bảng chấm điểm của Trưởng khối" in titles(world.deputy_officer)
    assert not any("của Trưởng khối" in title for title in titles(world.head_leader))


def test_tasks_of_checker_head_and_board() -> None:
    world = make_scoring_world()
    sheet = hand_in(world, 2)
    CrossCheck.objects.create(sheet=sheet, checker=world.officers[1], assigned_by=world.head_leader)
    assert any("Kiểm tra chéo" in title for title in titles(world.officers[1]))
    results = thai_binh()
    adopt(results)
    assert "Quyết định đề nghị khen thưởng" in titles(results.head_leader)
    assert "Ghi quyết định của Hội đồng" in titles(submitted().board_officer)
    published = decided(thai_binh())
    assert titles(published.board_officer) == ["Công bố kết quả"]
    assert desk(make_world(2).board_officer).tasks == ()


def test_the_desk_asks_the_same_at_3_and_30_units() -> None:
    found = []
    for members in (3, 30):
        world = make_scoring_world(members)
        with CaptureQueriesContext(connection) as queries:
            desk(world.secretary)
        found.append(len(queries))
    assert found[0] == found[1]


def test_the_results_tab_leads_members_to_the_ranking_from_tabling() -> None:
    world = thai_binh()
    world.set_status(S.APPRAISING)

    def result_tab(user: User) -> str:
        tabs = year_tabs(world.bloc_year, standing_in(user, world.bloc_year))
        return next(tab.url for tab in tabs if tab.key == "results")

    assert result_tab(world.officers[2]).endswith("/chi-tieu/")
    assert result_tab(world.secretary).endswith("/xep-hang/")
    world.set_status(S.MEETING)
    assert result_tab(world.officers[2]).endswith("/xep-hang/")


# ---------------------------------------------------------------- correction from raw inputs


def test_a_wrongly_summed_result_is_corrected_from_its_raw_inputs() -> None:
    world = approved_world()
    wrong = StageTotal.objects.get(sheet__membership=world.memberships[2], stage="final")
    wrong.total, right = Decimal("60.00"), wrong.total
    wrong.save(update_fields=["total"])
    decided(world, publish=True)
    appeal = file_appeal(actor=world.officers[2], membership=world.memberships[2], text="Sai tổng")
    decide_appeal(actor=world.board_officer, appeal=appeal, decision="Cộng lại đúng", corrects=True)
    first, second = RankingSnapshot.objects.order_by("number")
    assert "Cộng lại đúng" in second.reason
    assert first.rows.get(membership=world.memberships[2]).total == Decimal("60.00")
    assert second.rows.get(membership=world.memberships[2]).total == right
    assert list(invariants.totals_equal_their_lines()) == []


# ---------------------------------------------------------------- invariants


def broken() -> list[str]:
    return [text for check in invariants.INVARIANTS for text in check()]


def test_nothing_is_broken_after_a_whole_year_through_the_services() -> None:
    decided(approved_world(), publish=True)
    assert broken() == []


def _wrong_total() -> None:
    StageTotal.objects.filter(stage="final").update(total=Decimal("1.00"))


def _wrong_line() -> None:
    ScoreLine.objects.filter(criterion__code="A2").update(final_points=Decimal("1.00"))


def _no_final() -> None:
    StageTotal.objects.filter(stage="final").delete()


def _raw(sql: str, model: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=model._meta.db_table))


def _wrong_rank() -> None:
    _raw("UPDATE {table} SET rank = 9", RankingRow)


def _unreadable() -> None:
    _raw("UPDATE {table} SET inputs = '{{}}'", RankingSnapshot)


def _numbered_wrongly() -> None:
    _raw("UPDATE {table} SET number = 4", RankingSnapshot)


def _log_ends_elsewhere() -> None:
    Nomination.objects.update(status="returned")


def _file_without_owner() -> None:
    user = User.objects.order_by("pk").first()
    assert user is not None
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    with atomic_with_files():
        store(uploaded=upload, actor=user)


@pytest.mark.parametrize(
    ("breaks", "check"),
    [
        (_wrong_total, invariants.totals_equal_their_lines),
        (_wrong_line, invariants.totals_equal_their_lines),
        (_no_final, invariants.approved_sheets_have_final_totals),
        (_wrong_rank, invariants.snapshots_recompute),
        (_unreadable, invariants.snapshots_recompute),
        (_numbered_wrongly, invariants.snapshots_are_numbered),
        (_log_ends_elsewhere, invariants.logs_agree),
        (_log_ends_elsewhere, invariants.decisions_fit_nominations),
        (_file_without_owner, invariants.files_have_owners),
    ],
)
def test_each_invariant_finds_its_breach(
    breaks: Callable[[], None], check: Callable[[], Iterator[str]]
) -> None:
    decided(approved_world(2))
    assert list(check()) == []
    breaks()
    assert list(check())


def test_a_member_of_another_year_is_found() -> None:
    world = thai_binh()
    adopt(world)
    stranger = make_world(2).memberships[0]
    Nomination.objects.filter(membership=world.memberships[0]).update(membership=stranger)
    assert list(invariants.rows_stay_in_their_year())
    assert ScoreSheet.objects.exists()


def test_the_board_closes_the_submission_then_the_year():
    world = make_world(3, status=YearStatus.SUBMITTED)
    assert titles(world.board_officer) == ["Chốt quyết định của Hội đồng"]
    year = world.set_status(YearStatus.DECIDED)
    assert titles(world.board_officer) == ["Công bố kết quả"]
    year.published_at, year.published_by = clock.now(), world.board_officer
    year.save(update_fields=["published_at", "published_by"])
    assert titles(world.board_officer) == []
    with clock.at(clock.now() + dt.timedelta(days=year.appeal_days + 1)):
        assert titles(world.board_officer) == ["Kết thúc năm thi đua"]
