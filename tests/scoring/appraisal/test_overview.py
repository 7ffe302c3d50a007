"""The overview and its workbook, several approvals at once, leaks, and numbers of queries."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from blocs.enums import YearStatus
from emulation import clock
from scoring.services.cross_checks import assign_cross_check
from scoring.services.disputes import raise_dispute
from scoring.services.evidence import add_evidence
from tests.scoring.appraisal.builders import (
    Scene,
    appraise_all,
    approve_all,
    asked,
    cut,
    fill,
    get,
    make_scene,
    submit,
    submitted_scene,
)
from tests.scoring.builders import a_pdf

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- overview


def test_the_overview_shows_each_what_he_may_see(as_user: Any) -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene)
    year = scene.world.bloc_year.pk
    page = get(as_user(scene.head), "appraisal_list", year)
    assert "95,00" in page
    assert "Duyệt các bảng đã chọn" in page
    other = get(as_user(scene.world.officers[3]), "appraisal_list", year)
    assert "95,00" not in other
    assert "chưa mở" in other
    assert "mở cho các đơn vị thành viên khi Trưởng khối trình" in other
    assert get(as_user(scene.world.officers[3]), "summary_xlsx", year, status=403)
    own = get(as_user(scene.world.officers[2]), "appraisal_list", year)
    assert "95,00" in own
    assert "96,50" in own


def test_the_list_leads_to_what_waits_and_a_sheet_to_the_next(as_user: Any) -> None:
    scene = submitted_scene()
    client, year = as_user(scene.secretary), scene.world.bloc_year.pk
    page = get(client, "appraisal_list", year)
    for sheet, waits in ((scene.sheets[2], True), (scene.sheets[0], False)):
        link = f'<a href="{reverse("appraise", args=[sheet.pk])}">Thẩm định</a>'
        assert (link in page) is waits
    assert (
        ">Thẩm định</a>" not in get(as_user(scene.head), "appraisal_list", year).split("<table")[1]
    )
    appraise_all(scene, (1,))
    client = as_user(scene.secretary)
    done = get(client, "appraise", scene.sheets[1].pk)
    assert f"Bảng tiếp theo chờ thẩm định: {scene.sheets[2].membership.unit_name}" in done
    assert "Bảng tiếp theo" not in get(as_user(scene.head), "appraise", scene.sheets[1].pk)


def test_all_members_see_totals_once_tabled(as_user: Any) -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene)
    approve_all(scene)
    scene.world.set_status(YearStatus.MEETING)
    client = as_user(scene.world.officers[3])
    page = get(client, "appraisal_list", scene.world.bloc_year.pk)
    assert "95,00" in page
    assert "Tải bảng tổng hợp" in page
    assert client.get(reverse("appraise", args=[scene.sheets[2].pk])).status_code == 404


def test_approving_several_says_who_not_and_why(as_user: Any) -> None:
    scene = submitted_scene()
    cut(scene, unit=3)
    appraise_all(scene, (2, 3))
    year, pks = scene.world.bloc_year.pk, [str(sheet.pk) for sheet in scene.sheets]
    client = as_user(scene.head)
    page = get(client, "approve_several", year, sheet=pks)
    assert "Duyệt 2 bảng chấm điểm" in page
    assert "chưa thẩm định xong" in page
    ready = page.split('id="se-duyet"')[1].split("</table>")[0]
    assert ready.count("96,50") == 3, "the head sees what will be approved"
    assert ready.count("95,00") == 1
    assert ready.count("giảm điểm mà không mời đơn vị giải trình: A2") == 1
    done = client.post(reverse("approve_several", args=[year]), {"sheet": pks}, follow=True)
    told = done.content.decode()
    assert "Đã duyệt 2 bảng chấm điểm, còn 2 bảng chưa duyệt" in told
    assert reverse("appraise", args=[scene.sheets[2].pk]) in told
    assert "chưa thẩm định xong" in told
    assert [scene.sheet(unit).status for unit in range(4)] == [
        "submitted",
        "submitted",
        "approved",
        "approved",
    ]
    again = client.post(reverse("approve_several", args=[year]), {"sheet": pks})
    assert again.status_code == 403
    assert client.get(reverse("approve_several", args=[year])).status_code == 302
    assert client.get(reverse("approve_several", args=[year]), {"sheet": "x"}).status_code == 302
    assert (
        as_user(scene.secretary)
        .get(reverse("approve_several", args=[year]), {"sheet": pks})
        .status_code
        == 403
    )


def test_the_workbook_holds_numbers_and_no_formula(as_user: Any) -> None:
    scene = submitted_scene()
    membership = scene.world.memberships[2]
    membership.unit_name = "=1+1"
    membership.save()
    appraise_all(scene)
    response = as_user(scene.head).get(reverse("summary_xlsx", args=[scene.world.bloc_year.pk]))
    assert response.status_code == 200
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert "'=1+1" in rows
    header = list(rows["Đơn vị"])
    assert rows["'=1+1"][header.index("Tổng thẩm định")] == 96.5
    assert rows["'=1+1"][header.index("A. Thẩm định")] == 94.5


def test_the_word_table_holds_what_the_reader_may_see(as_user: Any) -> None:
    scene = submitted_scene()
    cut(scene)
    appraise_all(scene, (2,))
    year = scene.world.bloc_year.pk
    response = as_user(scene.head).get(reverse("summary_docx", args=[year]))
    paper = docx.Document(io.BytesIO(response.content))
    assert paper.sections[0].page_width > paper.sections[0].page_height
    table = next(each for each in paper.tables if each.cell(0, 0).text == "TT")
    names = [each.unit_name for each in scene.world.memberships]
    rows = {row.cells[1].text: [cell.text for cell in row.cells] for row in table.rows}
    assert rows[names[2]][-4:] == ["96,50", "95,00", "−1,50", "Đã thẩm định, chờ duyệt"]
    assert "chưa mở" in rows[names[0]]
    assert as_user(scene.world.officers[3]).get(response.request["PATH_INFO"]).status_code == 403


def test_sheets_are_sorted_by_state_and_by_nothing_that_tells_points(as_user: Any) -> None:
    scene = submitted_scene()
    appraise_all(scene, (3,))
    names = [each.unit_name for each in scene.world.memberships]
    page = get(as_user(scene.head), "appraisal_list", scene.world.bloc_year.pk, xep="trang-thai")
    first = page.split("data-unit=")[1]
    assert first.startswith(f'"{names[3]}"')
    plain = get(as_user(scene.head), "appraisal_list", scene.world.bloc_year.pk, xep="diem")
    assert plain.split("data-unit=")[1].startswith(f'"{names[0]}"')


def test_a_total_that_waits_for_other_units_is_not_yet_computed(as_user: Any) -> None:
    scene = submitted_scene()
    scene.sheets[2].totals.filter(stage="self").update(total=None, missing=0)
    page = get(as_user(scene.head), "appraisal_list", scene.world.bloc_year.pk)
    assert "chưa tính" in page


def test_without_a_stand_in_the_page_says_whom_to_ask(as_user: Any) -> None:
    scene = submitted_scene(deputy=False)
    page = get(as_user(scene.secretary), "appraisal_list", scene.world.bloc_year.pk)
    assert "Khối chưa có Phó Trưởng khối" in page
    page = get(as_user(scene.world.board_officer), "appraise", scene.sheets[0].pk)
    assert "Khối chưa có Phó Trưởng khối" in page


def test_an_empty_year_has_a_page(as_user: Any) -> None:
    scene = make_scene()
    assert "Đã duyệt 0/4" in get(as_user(scene.head), "appraisal_list", scene.world.bloc_year.pk)


# ---------------------------------------------------------------- queries


@pytest.mark.parametrize("name", ["appraise", "explanations", "cross_checks", "approve"])
def test_queries_do_not_grow_with_the_lines(as_user: Any, name: str) -> None:
    counts = []
    for extra in (3, 30):
        scene = submitted_scene(extra_base=extra)
        assign_cross_check(
            actor=scene.secretary, sheet=scene.sheet(), checker=scene.world.officers[3]
        )
        if name == "explanations":
            asked(scene)
        if name == "approve":
            appraise_all(scene)
        client = as_user(scene.head if name == "approve" else scene.secretary)
        get(client, name, scene.sheets[2].pk)
        with CaptureQueriesContext(connection) as queries:
            get(client, name, scene.sheets[2].pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 40


def test_queries_do_not_grow_with_the_units(as_user: Any) -> None:
    counts = []
    for members in (3, 9):
        scene = submitted_scene(members)
        appraise_all(scene, range(2, members))
        raise_dispute(actor=scene.world.leaders[2], sheet=scene.sheet(2), text="Không đồng ý")
        client = as_user(scene.head)
        year = scene.world.bloc_year.pk
        pks = [str(sheet.pk) for sheet in scene.sheets]
        get(client, "appraisal_list", year)
        with CaptureQueriesContext(connection) as glance:
            get(client, "appraisal_list", year)
        with CaptureQueriesContext(connection) as queries:
            get(client, "approve_several", year, sheet=pks)
            client.get(reverse("summary_xlsx", args=[year]))
            client.get(reverse("summary_docx", args=[year]))
            get(client, "cross_check_deal", year, per_sheet="1", number="1", units=_units(scene))
        counts.append((len(glance), len(queries)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 9, "eight, and one more where a unit put anything before the meeting"


def _units(scene: Scene) -> list[str]:
    return [str(unit.pk) for unit in scene.world.units]


# ---------------------------------------------------------------- evidence, leaks


def test_evidence_is_added_in_the_round_to_the_lines_asked_about_only(as_user: Any) -> None:
    scene = submitted_scene()
    asked(scene)
    client = as_user(scene.world.officers[2])
    pk, line, other = scene.sheets[2].pk, scene.line("A2"), scene.line("A1")
    paper = {"number": "12/CV", "issued_on": f"{clock.today():%d/%m/%Y}"}
    add = reverse("evidence_add", args=[pk, line.criterion_id])
    response = client.post(add, paper)
    assert response.url == reverse("explanations", args=[pk])
    assert "12/CV" in get(as_user(scene.head), "explanations", pk)
    client = as_user(scene.world.officers[2])
    assert client.get(reverse("evidence_add", args=[pk, other.criterion_id])).status_code == 403


def test_a_file_used_twice_is_shown_to_the_appraiser_and_not_to_the_unit(as_user: Any) -> None:
    scene = make_scene()
    for unit, code in ((2, "A1"), (2, "A2"), (3, "A1")):
        add_evidence(
            actor=scene.world.officers[unit], line=scene.line(code, unit), uploaded=a_pdf()
        )
    submit(scene, 0, 2, 3)
    cut(scene)
    appraise_all(scene)
    other = scene.world.memberships[3].unit_name
    page = get(as_user(scene.secretary), "appraise", scene.sheets[2].pk)
    assert "cùng nội dung với tiêu chí A2" in page
    assert f"trùng tệp của {other}" in page
    own = get(as_user(scene.world.officers[2]), "appraise", scene.sheets[2].pk)
    assert "cùng nội dung với tiêu chí A2" in own
    assert other not in own


def test_the_unit_sees_nothing_of_its_appraisal_before_it_is_asked(as_user: Any) -> None:
    scene = submitted_scene()
    cut(scene, n="9")
    client = as_user(scene.world.officers[2])
    pk, year = scene.sheets[2].pk, scene.world.bloc_year.pk
    for name in ("appraise", "explanations", "cross_checks"):
        get(client, name, pk, status=403)
    pages = get(client, "appraisal_list", year) + get(client, "sheet", pk)
    assert "Văn phòng ghi nhận" not in pages
    assert "5,50" not in pages


def test_a_draft_sheet_shows_only_its_state(as_user: Any) -> None:
    scene = make_scene()
    fill(scene.world.officers[2], scene.sheet(2), A4={"points": "33,5"})
    submit(scene, 0)
    for user in (scene.secretary, scene.head, scene.world.board_officer):
        client = as_user(user)
        page = get(client, "appraisal_list", scene.world.bloc_year.pk)
        assert "Đang tự chấm" in page
        assert "81,50" not in page
        book = client.get(reverse("summary_xlsx", args=[scene.world.bloc_year.pk]))
        cells = [
            cell
            for row in load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True)
            for cell in row
        ]
        assert 81.5 not in cells
        get(client, "appraise", scene.sheets[2].pk, status=403)
