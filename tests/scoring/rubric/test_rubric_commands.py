"""``import_rubric`` and ``export_rubric``: for whoever has the shell."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from blocs.enums import YearStatus
from scoring.exports.rubric_workbook import rubric_workbook
from scoring.models import Rubric
from scoring.rules.rubric import from_document
from scoring.services.rubrics import create_rubric, issue_rubric
from tests.factories import World, make_bloc_year, make_user, make_world
from tests.scoring.builders import DOCUMENT, make_rubric
from tests.scoring.rubric.tables import commune, party_agencies, waived

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


def run(name: str, *args: object) -> str:
    out = io.StringIO()
    call_command(name, *map(str, args), stdout=out)
    return out.getvalue()


def year_of(world: World) -> tuple[str, int]:
    return "--bloc-year", world.bloc_year.pk


@pytest.mark.parametrize("table", [party_agencies, commune])
@pytest.mark.parametrize("issued", [True, False])
def test_an_unchanged_export_imports_without_errors_and_changes(world, tmp_path, table, issued):
    rubric = create_rubric(actor=world.secretary, bloc_year=world.bloc_year, document=table())
    if issued:
        issue_rubric(actor=world.head_leader, rubric=rubric, waivers=waived(rubric))
    file = tmp_path / "bang.xlsx"
    run("export_rubric", *year_of(world), file)
    told = json.loads(run("import_rubric", file, *year_of(world), "--json"))
    assert told == {"errors": [], "changes": []}
    assert Rubric.objects.count() == 1


def test_import_drafts_the_table_as_the_secretary(world, tmp_path):
    file = tmp_path / "bang.xlsx"
    file.write_bytes(rubric_workbook(from_document(commune())))
    told = json.loads(run("import_rubric", file, *year_of(world), "--json", "--dry-run"))
    assert told["errors"] == []
    assert set(told["changes"][0]) == {"kind", "place", "code", "field", "before", "after"}
    assert not Rubric.objects.exists()
    assert "lần 1" in run("import_rubric", file, *year_of(world))
    assert Rubric.objects.get().history.first().history_user == world.secretary


def test_errors_are_told_and_the_command_fails(world, tmp_path):
    file = tmp_path / "bang.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(rubric_workbook(from_document(DOCUMENT))))
    book["Tiêu chí"]["F2"] = "=1+1"
    book.save(file)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 lỗi"):
        call_command(
            "import_rubric", str(file), "--bloc-year", str(world.bloc_year.pk), "--json", stdout=out
        )
    (error,) = json.loads(out.getvalue())["errors"]
    assert set(error) == {"sheet", "row", "column", "message"}
    assert (error["sheet"], error["row"], error["column"]) == ("Tiêu chí", 2, "Điểm tối đa")
    assert not Rubric.objects.exists()


def test_who_acts_must_be_allowed(world, tmp_path):
    file = tmp_path / "bang.xlsx"
    file.write_bytes(rubric_workbook(from_document(DOCUMENT)))
    with pytest.raises(CommandError, match="Thư ký"):
        run("import_rubric", file, *year_of(world), "--actor", world.officers[1].username)
    with pytest.raises(CommandError, match="Không có tài khoản"):
        run("import_rubric", file, *year_of(world), "--actor", "khong-co")
    headless = make_bloc_year(actor=make_user())
    with pytest.raises(CommandError, match="chưa có Thư ký"):
        run("import_rubric", file, "--bloc-year", headless.pk)
    assert not Rubric.objects.exists()


def test_export_takes_the_version_in_force_or_the_one_asked_for(world, tmp_path):
    file = tmp_path / "bang.xlsx"
    with pytest.raises(CommandError, match="chưa có bảng chấm điểm"):
        run("export_rubric", *year_of(world), file)
    make_rubric(world)
    create_rubric(
        actor=world.secretary,
        bloc_year=world.bloc_year,
        document={**DOCUMENT, "title": "Dự thảo lần 2"},
    )
    run("export_rubric", *year_of(world), file)
    assert openpyxl.load_workbook(file)["Thông tin chung"]["B2"].value == DOCUMENT["title"]
    run("export_rubric", *year_of(world), file, "--version", 2)
    assert openpyxl.load_workbook(file)["Thông tin chung"]["B2"].value == "Dự thảo lần 2"


def test_what_is_not_there_is_said(world, tmp_path):
    with pytest.raises(CommandError, match="Không có năm thi đua"):
        run("export_rubric", "--bloc-year", 0, tmp_path / "a.xlsx")
    with pytest.raises(CommandError, match="Không mở được tệp"):
        run("import_rubric", tmp_path / "không có.xlsx", *year_of(world))
