"""A draft against past years: who may look, what is logged, what the page says."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import TermKind, YearStatus
from blocs.models import Board
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import User
from scoring.enums import WhatIfDeed
from scoring.models import Criterion, RankingRow, RankingSnapshot, Rubric, ScoreLine, WhatIfUse
from scoring.rules.ranking import RankingInputs, RankingSettings
from scoring.selectors.rubrics import rules_of
from scoring.selectors.what_if import comparisons, past_years
from scoring.services.rubric_edit import move_criterion
from scoring.services.rubrics import (
    copy_rubric,
    create_rubric,
    issue_rubric,
    open_rubric_consultation,
    withdraw_rubric,
)
from scoring.services.what_if import close_what_if, open_what_if, run_what_if
from tests.factories import (
    BoardFactory,
    World,
    make_bloc_year,
    make_board_officer,
    make_membership,
    set_term,
)
from tests.scoring.builders import DOCUMENT, FULL, fill, make_scoring_world

pytestmark = pytest.mark.django_db

FAULTS = (0, 4, 8)


def settle(world: World, *, excluded: int | None = None) -> RankingSnapshot:
    """Approve every sheet as handed in and adopt the ranking; ``excluded`` has no place."""
    for place, faults in enumerate(FAULTS):
        sheet = fill(world, place, {**FULL, "A2": {"n": str(faults)}})
        sheet.blanks_confirmed = True
        sheet.save(update_fields=["blanks_confirmed"])
        for line in ScoreLine.objects.filter(sheet=sheet):
            line.appraised_input = line.self_input
            line.save(update_fields=["appraised_input"])
    rubric = Rubric.objects.get(bloc_year=world.bloc_year)
    settings = RankingSettings.from_rubric(rules_of(rubric))
    snapshot = RankingSnapshot.objects.create(
        bloc_year=world.bloc_year,
        number=1,
        rubric=rubric,
        inputs={"ranking": RankingInputs(settings=settings, units=()).to_json()},
        adopted_by=world.head_leader,
    )
    for place, membership in enumerate(world.memberships):
        rank = None if place == excluded else place + 1
        RankingRow.objects.create(snapshot=snapshot, membership=membership, rank=rank)
    world.set_status(YearStatus.CLOSED)
    return snapshot


def next_year(before: World) -> World:
    """The same bloc a year later, its members and people the same."""
    year = before.bloc_year.year + 1
    bloc_year = make_bloc_year(before.bloc, year=year, status=YearStatus.RUNNING)
    members = [make_membership(bloc_year, unit) for unit in before.units]
    set_term(bloc_year, before.units[0], TermKind.HEAD)
    set_term(bloc_year, before.units[1], TermKind.DEPUTY)
    return replace(before, bloc_year=bloc_year, memberships=members)


@pytest.fixture
def last() -> World:
    world = make_scoring_world(3, year=2025)
    settle(world)
    return world


@pytest.fixture
def world(last: World) -> World:
    return next_year(last)


@pytest.fixture
def rubric(last: World, world: World) -> Rubric:
    """A draft copied from last year's table, faults dearer, out for comment."""
    source = Rubric.objects.get(bloc_year=last.bloc_year)
    made = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=source)
    faults = Criterion.objects.get(rubric=made, code="A2")
    faults.per = 1
    faults.save()
    return open_rubric_consultation(actor=world.secretary, rubric=made)


def members(world: World) -> list[User]:
    return [world.secretary, world.head_leader, world.officers[2], world.leaders[2]]


# ---------------------------------------------------------------- who may


def test_the_board_runs_it_and_nobody_else(world: World, rubric: Rubric) -> None:
    use = run_what_if(actor=world.board_officer, rubric=rubric, years=[2025])
    assert (use.deed, use.years, use.edit_version) == ("run", [2025], rubric.edit_version)
    assert use.acting_as.endswith(world.board.name)
    for person in members(world):
        with pytest.raises(Refused, match="chưa mở"):
            run_what_if(actor=person, rubric=rubric, years=[2025])


def test_once_open_all_members_alike(world: World, rubric: Rubric) -> None:
    opened = open_what_if(actor=world.board_officer, rubric=rubric)
    assert (opened.deed, opened.years) == ("opened", [])
    told = [
        run_what_if(actor=person, rubric=rubric, years=[2025]).acting_as
        for person in members(world)
    ]
    assert [each.split(" – ")[0] for each in told] == [
        *("Thư ký Khối", "Trưởng khối", "Cán bộ đầu mối", "Lãnh đạo đơn vị")
    ]
    close_what_if(actor=world.board_officer, rubric=rubric)
    for person in members(world):
        with pytest.raises(Refused, match="chưa mở"):
            run_what_if(actor=person, rubric=rubric, years=[2025])
    deeds = list(WhatIfUse.objects.order_by("pk").values_list("deed", flat=True))
    assert deeds == ["opened", "run", "run", "run", "run", "closed"]


def test_only_the_board_opens_and_closes(world: World, rubric: Rubric) -> None:
    other = make_board_officer(BoardFactory())
    for person in [*members(world), other]:
        with pytest.raises(Refused):
            open_what_if(actor=person, rubric=rubric)
    with pytest.raises(Conflict, match="không mở cho"):
        close_what_if(actor=world.board_officer, rubric=rubric)
    open_what_if(actor=world.board_officer, rubric=rubric)
    with pytest.raises(Conflict, match="đã mở cho"):
        open_what_if(actor=world.board_officer, rubric=rubric)
    for person in [*members(world), other]:
        with pytest.raises(Refused):
            close_what_if(actor=person, rubric=rubric)


def test_a_draft_not_yet_read_by_all_is_open_to_nobody(world: World, rubric: Rubric) -> None:
    """Or the secretary alone could tune it. What was opened rests while it is taken back."""
    open_what_if(actor=world.board_officer, rubric=rubric)
    drawn = withdraw_rubric(actor=world.secretary, rubric=rubric, reason="Soạn lại")
    for person in members(world):
        with pytest.raises(Refused, match="chưa mở"):
            run_what_if(actor=person, rubric=drawn, years=[2025])
    run_what_if(actor=world.board_officer, rubric=drawn, years=[2025])
    close_what_if(actor=world.board_officer, rubric=drawn)
    with pytest.raises(Refused, match="chưa gửi các đơn vị góp ý"):
        open_what_if(actor=world.board_officer, rubric=drawn)


def test_not_of_a_version_that_was_replaced(world: World, rubric: Rubric) -> None:
    issued = issue_rubric(actor=world.head_leader, rubric=rubric)
    run_what_if(actor=world.board_officer, rubric=issued, years=[2025])
    later = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=issued)
    assert not later.what_if_open
    issue_rubric(actor=world.head_leader, rubric=later)
    issued.refresh_from_db()
    with pytest.raises(Refused, match="đã được thay thế"):
        run_what_if(actor=world.board_officer, rubric=issued, years=[2025])


def test_nothing_of_a_closed_year(world: World, rubric: Rubric) -> None:
    world.set_status(YearStatus.CLOSED)
    for deed in (open_what_if, close_what_if):
        with pytest.raises(Refused, match="kết thúc"):
            deed(actor=world.board_officer, rubric=rubric)
    with pytest.raises(Refused, match="kết thúc"):
        run_what_if(actor=world.board_officer, rubric=rubric, years=[2025])


# ---------------------------------------------------------------- which years


def test_only_earlier_adopted_years_of_the_bloc(last: World, world: World, rubric: Rubric) -> None:
    def years() -> list[int]:
        return list(past_years(rubric).values_list("year", flat=True))

    assert years() == [2025]
    for wanted in ([2026], [2024], [2025, 2024]):
        with pytest.raises(ValidationError, match="không có kết quả đã thông qua"):
            run_what_if(actor=world.board_officer, rubric=rubric, years=wanted)
    with pytest.raises(ValidationError, match="ít nhất một năm"):
        run_what_if(actor=world.board_officer, rubric=rubric, years=[])
    last.set_status(YearStatus.MEETING)
    assert years() == []
    last.set_status(YearStatus.ADOPTED)
    assert years() == [2025]
    RankingSnapshot.objects.create(
        bloc_year=world.bloc_year, number=1, rubric=rubric, inputs={}, adopted_by=last.head_leader
    )
    world.set_status(YearStatus.ADOPTED)
    assert years() == [2025]


def test_another_boards_years_only_where_it_stands_in_its_place(
    last: World, rubric: Rubric
) -> None:
    before: Board = BoardFactory()
    last.bloc_year.board = before
    last.bloc_year.save(update_fields=["board"])
    assert not past_years(rubric).exists()
    before.heir, before.ended_on = rubric.bloc_year.board, clock.today()
    before.save(update_fields=["heir", "ended_on"])
    assert past_years(rubric).exists()


# ---------------------------------------------------------------- what it computes


def test_last_years_sheets_under_the_draft(rubric: Rubric) -> None:
    """0, 4, 8 faults at 0,5 each, then at 1 each: 100, 98, 96 become 100, 96, 92."""
    (found,) = comparisons(rubric, [2025])
    assert found.year == 2025
    rows = found.result.rows
    assert [(f"{row.old_total}", f"{row.new_total}") for row in rows] == [
        *(("100.00", "100.00"), ("98.00", "96.00"), ("96.00", "92.00"))
    ]
    assert found.result.is_whole
    assert {"A1", "C1", "F1"} <= {flat.code for flat in found.result.flat}


def test_what_the_meeting_resolved_goes_before_the_appraisal(last: World, rubric: Rubric) -> None:
    sheet = last.memberships[2].sheet
    line = ScoreLine.objects.get(sheet=sheet, criterion__code="A2")
    line.final_input = {"kind": "count", "n": 0}
    line.save(update_fields=["final_input"])
    rows = comparisons(rubric, [2025])[0].result.rows
    assert [f"{row.new_total}" for row in rows] == ["100.00", "100.00", "96.00"]


def test_units_without_a_place_are_not_asked() -> None:
    last = make_scoring_world(3, year=2025)
    settle(last, excluded=0)
    world = next_year(last)
    source = Rubric.objects.get(bloc_year=last.bloc_year)
    made = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=source)
    rows = comparisons(made, [2025])[0].result.rows
    assert [f"{row.old_total}" for row in rows] == ["98.00", "96.00"]


def test_criteria_are_found_by_descent_through_versions_then_by_code(
    last: World, world: World, rubric: Rubric
) -> None:
    faults = Criterion.objects.get(rubric=rubric, code="A2")
    faults.code = "A9"
    faults.save()
    first = issue_rubric(actor=world.head_leader, rubric=rubric, reason="Thử")
    second = copy_rubric(actor=world.secretary, bloc_year=world.bloc_year, source=first)
    result = comparisons(second, [2025])[0].result
    assert result.is_whole
    assert [f"{row.new_total}" for row in result.rows] == ["100.00", "96.00", "92.00"]


def test_a_draft_of_other_origin_is_matched_by_code(world: World) -> None:
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    document["sections"][0]["criteria"][1]["code"] = "A9"
    made = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=document)
    result = comparisons(made, [2025])[0].result
    assert [(each.code, each.is_new) for each in result.left_out] == [("A9", True), ("A2", False)]
    assert f"{result.new_share}" == "9/10"


def test_it_asks_as_often_for_many_units(rubric: Rubric, world: World) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        comparisons(rubric, [2025])
    assert len(asked) == 8


# ---------------------------------------------------------------- pages


def test_the_page_logs_a_run_and_leads_to_its_result(
    client: Any, world: World, rubric: Rubric
) -> None:
    client.force_login(world.board_officer)
    assert (
        "Xem thử với năm trước" in client.get(reverse("rubric", args=[rubric.pk])).content.decode()
    )
    url = reverse("what_if", args=[rubric.pk])
    assert "Chưa có ai xem thử." in client.get(url).content.decode()
    response = client.post(url, {"years": ["2025"]})
    use = WhatIfUse.objects.get()
    assert response.url == reverse("what_if_result", args=[rubric.pk, use.pk])
    page = client.get(response.url).content.decode()
    assert "So với kết quả năm 2025" in page
    assert "Không có đơn vị đổi thứ hạng." in page
    assert "Độ lệch chuẩn từ 1,63 thành 3,27 điểm: dự thảo phân biệt các đơn vị rõ hơn." in page
    assert "<title>Dự thảo: 3 đơn vị, từ 92,00 đến 100,00 điểm, trung vị 96,00</title>" in page
    assert "A1. Chỉ tiêu được giao: mọi đơn vị đều đạt điểm tối đa (25,00 điểm)." in page
    assert WhatIfUse.objects.count() == 1
    log = client.get(url).content.decode()
    assert world.board_officer.full_name in log
    assert "Xem thử: năm 2025" in log


def result_for(client: Any, person: User, rubric: Rubric, use: WhatIfUse) -> str:
    client.force_login(person)
    page = client.get(reverse("what_if_result", args=[rubric.pk, use.pk])).content.decode()
    body: str = page[page.index("So với kết quả năm") : page.index("</main>")]
    return body


def test_a_result_names_no_unit_and_tells_members_counts_alone(
    client: Any, world: World, rubric: Rubric
) -> None:
    """Published totals (100, 98, 96) would tell which unit is which."""
    use = run_what_if(actor=world.board_officer, rubric=rubric, years=[2025])
    open_what_if(actor=world.board_officer, rubric=rubric)
    names = [unit.name for unit in world.units]
    board = result_for(client, world.board_officer, rubric, use)
    assert "Đơn vị 3" in board
    assert [name for name in names if name in board] == []
    for person in members(world):
        body = result_for(client, person, rubric, use)
        told = [*names, "Đơn vị 1", "Hạng trước", "98,00", "96,00", "92,00"]
        assert [each for each in told if each in body] == []
        assert "Giữ nguyên thứ hạng" in body


def test_a_result_of_a_draft_that_changed_since_is_not_shown(
    client: Any, world: World, rubric: Rubric
) -> None:
    """Or a draft could be tuned by reloading, without a trace in the log."""
    use = run_what_if(actor=world.board_officer, rubric=rubric, years=[2025])
    criterion = Criterion.objects.get(rubric=rubric, code="A2")
    move_criterion(actor=world.secretary, criterion=criterion, direction="down")
    client.force_login(world.board_officer)
    page = client.get(reverse("what_if_result", args=[rubric.pk, use.pk])).content.decode()
    assert "đã sửa sau lần xem này" in page
    assert "So với kết quả" not in page


def test_results_close_with_the_rest(client: Any, world: World, rubric: Rubric) -> None:
    open_what_if(actor=world.board_officer, rubric=rubric)
    use = run_what_if(actor=world.secretary, rubric=rubric, years=[2025])
    url = reverse("what_if_result", args=[rubric.pk, use.pk])
    client.force_login(world.secretary)
    assert client.get(url).status_code == 200
    close_what_if(actor=world.board_officer, rubric=rubric)
    assert client.get(url).status_code == 403
    page = client.get(reverse("rubric", args=[rubric.pk])).content.decode()
    assert "Xem thử với năm trước" not in page


def test_a_result_belongs_to_its_table(client: Any, world: World, rubric: Rubric) -> None:
    opened = open_what_if(actor=world.board_officer, rubric=rubric)
    use = run_what_if(actor=world.board_officer, rubric=rubric, years=[2025])
    other = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=DOCUMENT)
    client.force_login(world.board_officer)
    for pk, use_id in ((other.pk, use.pk), (rubric.pk, opened.pk), (rubric.pk, 0)):
        assert client.get(reverse("what_if_result", args=[pk, use_id])).status_code == 404


def test_the_board_opens_it_on_the_page(client: Any, world: World, rubric: Rubric) -> None:
    client.force_login(world.board_officer)
    page = reverse("what_if", args=[rubric.pk])
    url = reverse("what_if_access", args=[rubric.pk])
    assert "Mở cho mọi đơn vị trong Khối" in client.get(page).content.decode()
    assert client.post(url, {"deed": "open"}).status_code == 302
    assert "Thôi mở cho các đơn vị" in client.get(page).content.decode()
    assert client.post(url, {"deed": "close"}).status_code == 302
    assert client.post(url, {"deed": "?"}).status_code == 404
    deeds = list(WhatIfUse.objects.order_by("pk").values_list("deed", flat=True))
    assert deeds == [WhatIfDeed.OPENED, WhatIfDeed.CLOSED]


def test_without_a_year(client: Any, last: World, world: World, rubric: Rubric) -> None:
    client.force_login(world.board_officer)
    url = reverse("what_if", args=[rubric.pk])
    assert "chọn ít nhất một năm" in client.post(url, {}).content.decode()
    assert client.post(url, {"years": ["2026"]}).status_code == 200
    assert not WhatIfUse.objects.exists()
    last.set_status(YearStatus.MEETING)
    assert "Khối chưa có năm nào trước đây" in client.get(url).content.decode()
