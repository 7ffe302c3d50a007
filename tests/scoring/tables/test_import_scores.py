"""Whole score tables come in, as a whole or not at all, with permission and history."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook

from blocs.enums import YearStatus
from emulation import clock
from emulation.management.demo.stories import load
from scoring.enums import PointStage, SheetStatus
from scoring.exports.score_table import score_table
from scoring.models import PointChange, ScoreLine, ScoreSheet, StageTotal
from scoring.services.evidence import add_evidence
from scoring.services.quotas import set_award, set_quota
from scoring.services.score_tables.planning import Purpose, plan_scores
from scoring.services.score_tables.reading import read_table
from tests.factories import World, make_board_officer
from tests.scoring.builders import hand_in, line_of, make_scoring_world, save, sheet_of
from tests.scoring.tables.builders import names, run, saved, table

pytestmark = pytest.mark.django_db

CELLS: dict[str, Any] = {
    "A1": "18/20",
    "A2": 1,
    "A3": "Tốt",
    "A4": "7,5",
    "B1": "có",
    "B2": "98/100",
    "B3a": 0,
    "B3b": "KPS",
    "C1": 20,
    "E2": "có",
    "F2": 0,
}
SELF, APPRAISED = "self", "appraised"


@pytest.fixture
def world() -> World:
    return make_scoring_world(3)


def total(world: World, place: int, stage: PointStage = PointStage.SELF) -> Decimal | None:
    return StageTotal.objects.get(sheet=sheet_of(world, place), stage=stage).total


def test_the_secretary_enters_what_came_on_paper(world: World, tmp_path: Path) -> None:
    unit = names(world)[1]
    said = run(tmp_path, world, world.secretary, table({unit: CELLS}, {unit: {"A4": "Ghi chú"}}))
    assert said["errors"] == []
    assert said["written"]
    sheet = sheet_of(world, 1)
    assert sheet.stage is SheetStatus.DRAFTING
    assert line_of(sheet, "A4").self_points == Decimal("7.50")
    assert line_of(sheet, "A4").self_note == "Ghi chú"
    assert line_of(sheet, "E1").self_input is None
    change = PointChange.objects.get(line=line_of(sheet, "A2"))
    assert (change.actor, change.new_input) == (world.secretary, {"kind": "count", "n": 1})


@pytest.mark.parametrize("units", [3, 12])
def test_a_table_is_read_in_as_many_queries_for_many_units(
    units: int, django_assert_num_queries: Any
) -> None:
    world = make_scoring_world(units)
    read = read_table(table(dict.fromkeys(names(world)[1:], CELLS)))
    purpose = Purpose(world.secretary, world.bloc_year, PointStage.SELF)
    with django_assert_num_queries(10):
        plan = plan_scores(purpose, read)
    assert not plan.problems
    assert len(plan.sheets) == units - 1


def test_a_note_beside_a_half_typed_pair_leaves_it(world: World, tmp_path: Path) -> None:
    unit = names(world)[2]
    save(world.officers[2], sheet_of(world, 2), {"A1": {"numerator": "5"}})
    said = run(tmp_path, world, world.officers[2], table({}, {unit: {"A1": "Ghi thêm"}}))
    assert said["written"], said
    line = line_of(sheet_of(world, 2), "A1")
    assert (line.self_typed, line.self_note) == ({"numerator": "5"}, "Ghi thêm")


def test_a_blank_cell_leaves_the_line_unscored(world: World, tmp_path: Path) -> None:
    unit = names(world)[1]
    run(tmp_path, world, world.secretary, table({unit: {**CELLS, "C1": None}}))
    assert line_of(sheet_of(world, 1), "C1").self_input is None
    assert total(world, 1) is None


def test_a_dry_run_writes_nothing(world: World, tmp_path: Path) -> None:
    content = table({names(world)[1]: CELLS})
    said = run(tmp_path, world, world.secretary, content, "--dry-run")
    assert len(said["changes"]) == len(CELLS)
    assert not said["written"]
    assert not PointChange.objects.exists()
    assert sheet_of(world, 1).stage is SheetStatus.NOT_STARTED


def test_one_error_takes_everything_back_and_every_error_is_named(
    world: World, tmp_path: Path
) -> None:
    first, second, third = names(world)
    content = table(
        {second: {**CELLS, "A4": "99"}, third: {**CELLS, "A3": "Giỏi"}, "Sở Lạ": {"A1": "1/1"}}
    )
    said = run(tmp_path, world, world.secretary, content)
    found = [(each["row"], each["column"]) for each in said["errors"]]
    assert found == [(4, "Đơn vị"), (2, "A4"), (3, "A3")]
    assert not ScoreLine.objects.filter(self_input__isnull=False).exists()
    assert first


def test_unknown_and_repeated_columns_are_named(world: World, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Điểm"
    book.active.append(["Đơn vị", "A9", "A2", "A2. Văn bản đúng hạn"])
    book.active.append([names(world)[1], 1, 1, 1])
    said = run(tmp_path, world, world.secretary, saved(book))
    assert [each["column"] for each in said["errors"]] == ["A9", "A2. Văn bản đúng hạn"]


def test_nobody_enters_over_what_the_unit_typed_itself(world: World, tmp_path: Path) -> None:
    save(world.officers[1], sheet_of(world, 1), {"A2": {"n": "3"}})
    said = run(tmp_path, world, world.secretary, table({names(world)[1]: CELLS}))
    assert "Đơn vị đã tự nhập" in said["errors"][0]["text"]
    assert said["changes"] == []


def test_an_officer_enters_the_own_unit_only(world: World, tmp_path: Path) -> None:
    content = table({names(world)[1]: CELLS})
    assert run(tmp_path, world, world.officers[1], content)["written"]
    said = run(tmp_path, world, world.officers[1], table({names(world)[2]: CELLS}))
    assert "do chính đơn vị thực hiện" in said["errors"][0]["text"]


def _handed_in(world: World) -> None:
    for place in range(3):
        hand_in(world, place)


def test_appraised_figures_need_reasons_and_never_approve(world: World, tmp_path: Path) -> None:
    _handed_in(world)
    unit = names(world)[1]
    said = run(tmp_path, world, world.secretary, table({unit: {"A2": 4}}), stage=APPRAISED)
    assert [(e["sheet"], e["row"], e["column"]) for e in said["errors"]] == [("Ghi chú", 2, "A2")]
    reasoned = table({unit: {"A2": 4}}, {unit: {"A2": "Bốn văn bản chậm"}})
    assert run(tmp_path, world, world.secretary, reasoned, stage=APPRAISED)["written"]
    sheet = sheet_of(world, 1)
    assert sheet.stage is SheetStatus.APPRAISING
    assert line_of(sheet, "A2").appraised_points == Decimal("8.00")


def test_the_own_unit_is_refused_unless_as_self(world: World, tmp_path: Path) -> None:
    unit = names(world)[0]
    assert run(tmp_path, world, world.secretary, table({unit: CELLS}))["written"]
    _handed_in_others = [hand_in(world, place) for place in (0, 1, 2)]
    said = run(tmp_path, world, world.secretary, table({unit: {"A2": 4}}), stage=APPRAISED)
    assert "đơn vị mình" in said["errors"][0]["text"]
    assert said["changes"] == []
    assert _handed_in_others


@pytest.mark.parametrize("as_points", [False, True])
def test_an_export_comes_back_without_a_difference(
    world: World, tmp_path: Path, as_points: bool
) -> None:
    _handed_in(world)
    options = ["--values=points"] if as_points else []
    for stage in (PointStage.SELF, PointStage.APPRAISED):
        content = score_table(world.secretary, world.bloc_year, stage, as_points=as_points)
        said = run(tmp_path, world, world.secretary, content, *options, stage=stage.value)
        assert (said["errors"], said["changes"]) == ([], [])
    cells = load_workbook(
        io.BytesIO(score_table(world.secretary, world.bloc_year, PointStage.SELF))
    )["Điểm"]
    assert cells["A1"].value == "Đơn vị"
    assert "20/20" in [cell.value for cell in cells[3]]


def test_the_guide_of_our_own_template_is_no_page_too_many(world: World) -> None:
    content = score_table(world.secretary, world.bloc_year, PointStage.SELF)
    assert "Hướng dẫn" in load_workbook(io.BytesIO(content)).sheetnames
    assert read_table(content).unread == ()


def test_hostile_workbooks_get_an_answer(world: World, tmp_path: Path) -> None:
    def said(content: bytes) -> str:
        errors = run(tmp_path, world, world.secretary, content)["errors"]
        return " ".join(each["text"] for each in errors)

    assert "Chỉ nhận" in said(b"MZ\x90\x00 not a workbook")
    book = Workbook()
    assert "thiếu trang “Điểm”" in said(saved(book))
    book.active.title = "Điểm"
    assert "thiếu cột “Đơn vị”" in said(saved(book))
    book.active.append(["Đơn vị", "A2"])
    book.active.append([names(world)[1], 1])
    book.active.append([names(world)[2], None])
    book.active.merge_cells("B2:B3")
    assert "B2:B3 bị gộp" in said(saved(book))
    book = Workbook()
    book.active.title = "Điểm"
    book.active.append(["Đơn vị", "A2"])
    book.active.append([names(world)[1], "=1+1"])
    assert "công thức" in said(saved(book))
    book = Workbook()
    book.active.title = "Điểm"
    book.active["A1"] = "Đơn vị"
    book.active["A200000"] = "x"
    assert "quá 1000 dòng" in said(saved(book))


def _thai_binh_cells(story: dict[str, Any]) -> dict[str, dict[str, str]]:
    rubric = load("party_agencies")
    kinds = {each["code"]: each for section in rubric["sections"] for each in section["criteria"]}
    return {
        unit: {
            code: kinds[code]["levels"][int(entry)][0] if kinds[code]["kind"] == "choice" else entry
            for code, entry in {**story["full"], **entries}.items()
        }
        for unit, entries in story["scores"].items()
    }


def test_last_years_results_come_in_and_rank_as_reported(tmp_path: Path) -> None:
    story = next(b for b in load("real_blocs")["blocs"] if b["key"] == "thaibinh-2022")
    document = {**load("party_agencies"), "tie_breaks": story["tie_breaks"]}
    world = make_scoring_world(5, document=document)
    units = [each["name"] for each in story["members"]]
    clerk = make_board_officer(world.board)
    for membership, unit in zip(world.memberships, units, strict=True):
        membership.unit_name = unit
        membership.save()
    for at, (code, label) in enumerate(story["awards"], start=1):
        award = set_award(actor=clerk, board=world.board, code=code, label=label, position=at)
        quota = next(each for each in story["quotas"] if each["award"] == code)
        rules = {key: value for key, value in quota.items() if key != "award"}
        set_quota(actor=clerk, bloc_year=world.bloc_year, award=award, **rules)
    fifth = world.memberships[4]
    fifth.is_ranking, fifth.note = False, story["no_result"]["note"]
    fifth.save()
    content = table(_thai_binh_cells(story), leader="Đồng chí Thủ trưởng")
    assert run(tmp_path, world, world.secretary, content)["errors"] == []
    _cite_papers(world)
    said = run(tmp_path, world, world.secretary, content, "--submit")
    assert (said["errors"], len(said["submitted"])) == ([], 4)
    rows = _rank(world)
    assert [row["rank"] for row in rows] == [1, 2, 3, 3, None]
    assert {row["unit"]: (row["rank"], row["nomination"]) for row in rows[:4]} == {
        each["unit"]: (each["rank"], each["nomination"]) for each in story["result"]
    }
    assert [row["tied"] for row in rows] == [False, False, True, True, False]
    assert {row["status"] for row in rows} == {"provisional"}
    last = rows[-1]
    assert (last["unit"], last["rank"], last["total"]) == (units[4], None, None)
    assert last["excluded_because"]
    assert rows[0]["total"] == f"{Decimal(rows[0]['total']):.2f}"


def _cite_papers(world: World) -> None:
    asked = ScoreLine.objects.filter(
        sheet__bloc_year=world.bloc_year, self_input__isnull=False
    ).select_related("criterion", "sheet__membership")
    officers = {m.pk: o for m, o in zip(world.memberships, world.officers, strict=True)}
    for line in asked:
        if line.criterion.evidence_required or line.criterion.decision_required:
            add_evidence(
                actor=officers[line.sheet.membership_id],
                line=line,
                number="12/QĐ",
                issued_on=clock.today() - dt.timedelta(days=9),
            )


def _rank(world: World) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("rank", f"--bloc-year={world.bloc_year.pk}", "--json", stdout=out)
    rows: list[dict[str, Any]] = json.loads(out.getvalue())
    return rows


def test_rank_without_json_is_a_table(world: World) -> None:
    _handed_in(world)
    out = io.StringIO()
    call_command("rank", f"--bloc-year={world.bloc_year.pk}", stdout=out)
    assert "tạm tính" in out.getvalue()
    assert "100,00" in out.getvalue()
    assert world.bloc_year.status == YearStatus.SELF_SCORING
    assert ScoreSheet.objects.count() == 3
