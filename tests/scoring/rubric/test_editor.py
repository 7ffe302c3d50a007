"""The editor: rows edited in place or as pages, order, moving, suggested codes, the trial."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import YearStatus
from emulation.access import Refused
from scoring.forms.rubric import RubricSettingsForm
from scoring.forms.tables import redrawn
from scoring.models import Criterion, ScoreSheet, Section
from scoring.selectors.rubric_codes import (
    next_criterion_code,
    next_part_code,
    next_section_code,
)
from scoring.selectors.rubrics import rules_of
from scoring.services.rubric_edit import CriterionFields, edit_criterion, reorder
from tests.factories import World, make_world
from tests.scoring.builders import make_rubric
from tests.scoring.rubric.test_pages import CRITERION
from tests.scoring.sheet.test_saving import long_document

pytestmark = pytest.mark.django_db
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world() -> World:
    return make_world(3, status=YearStatus.RUNNING)


def test_codes_follow_their_siblings() -> None:
    assert next_section_code([]) == "A"
    assert next_section_code(["A", "B"]) == "C"
    assert next_section_code(["I", "II"]) == "III"
    assert next_criterion_code("A", ["A3", "A4"], {"A3", "A4"}) == "A5"
    assert next_criterion_code("A", [], set()) == "A1"
    assert next_criterion_code("A", ["A4"], {"A4", "A5"}) == "A6"
    assert next_part_code("I.3", ["I.3.a", "I.3.b"], set()) == "I.3.c"
    assert next_part_code("I.3", [], set()) == "I.3.a"


def test_the_order_is_that_of_the_list(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    section = Section.objects.get(rubric=rubric, code="A")
    ids = list(
        Criterion.objects.filter(section=section).order_by("-position").values_list("pk", flat=True)
    )
    with pytest.raises(Refused):
        reorder(actor=world.officers[2], rubric=rubric, section=section, ids=ids)
    reorder(actor=world.secretary, rubric=rubric, section=section, ids=ids)
    assert list(rules_of(rubric).places)[:4] == ["A4", "A3", "A2", "A1"]
    with pytest.raises(ValidationError, match="người khác"):
        reorder(actor=world.secretary, rubric=rubric, section=section, ids=ids[1:])


def test_a_criterion_moves_to_another_section_with_its_parts(world: World) -> None:
    rubric = make_rubric(world, issued=False)
    row = Criterion.objects.select_related("section", "rubric").get(rubric=rubric, code="B3")
    target = Section.objects.get(rubric=rubric, code="C")
    said = CriterionFields(code="B3", title="Hoạt động", max_points=Decimal(10))
    edit_criterion(actor=world.secretary, criterion=row, fields=said, section=target)
    places = rules_of(rubric).places
    assert places["B3a"].section.code == "C"
    assert places["B3a"].criterion.code == "B3"


def test_a_row_is_edited_in_its_place(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    row = Criterion.objects.get(rubric=rubric, code="A3")
    url = reverse("rubric_criterion_edit", args=[rubric.pk, row.pk])
    client.force_login(world.secretary)
    form = client.get(url, **HX).content.decode()
    assert "<html" not in form
    assert f'id="hang-{row.pk}"' in form
    mine = {**CRITERION, "code": "A3", "title": "Đã sửa"}
    saved = client.post(url, mine, **HX)
    assert saved["HX-Retarget"] == f"#hang-{row.pk}"
    assert "Các tiêu chí cộng lại" in saved.content.decode()
    plain = client.post(url, {**mine, "title": "Sửa lại"})
    assert plain["Location"].endswith(f"/soan/#hang-{row.pk}")
    stale = client.post(url, {**mine, "seen": "0" * 16}, **HX)
    assert stale.status_code == 422
    assert "Sửa lại" in stale.content.decode()


def test_a_change_of_kind_keeps_what_was_typed_and_writes_nothing(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    section = Section.objects.get(rubric=rubric, code="A")
    client.force_login(world.secretary)
    url = reverse("rubric_criterion_add", args=[rubric.pk, section.pk])
    typed = {"code": "A9", "title": "Đang gõ", "max_points": "x", "kind": "count", "redraw": "kind"}
    page = client.post(url, typed).content.decode()
    assert "Đang gõ" in page
    assert 'name="per"' in page
    assert 'name="levels-0-label"' not in page
    assert 'name="automatic"' not in page
    assert not Criterion.objects.filter(code="A9").exists()


def ties(*chosen: str) -> dict[str, str]:
    return {f"tie_breaks-{place}-rule": text for place, text in enumerate(chosen)}


@pytest.mark.parametrize(
    ("chosen", "order", "then"),
    [
        (("plus:desc", "share", "minus:asc"), "up:2", ["plus:desc", "minus:asc", "share"]),
        (("plus:desc", "", "", "minus:asc"), "up:3", ["minus:asc", "plus:desc"]),
        (("", "plus:desc", "", "minus:asc"), "down:1", ["minus:asc", "plus:desc"]),
        (("plus:desc", "minus:asc", ""), "up:2", ["plus:desc", "minus:asc"]),
        (("plus:desc", "minus:asc"), "up:0", ["plus:desc", "minus:asc"]),
        (("plus:desc", "minus:asc"), "down:1", ["plus:desc", "minus:asc"]),
        (("plus:desc", "minus:asc"), "down:9", ["plus:desc", "minus:asc"]),
        (("plus:desc", "minus:asc"), "down:x", ["plus:desc", "minus:asc"]),
    ],
)
def test_a_row_moves_from_where_it_was_typed(
    chosen: tuple[str, ...], order: str, then: list[str]
) -> None:
    """A row just chosen in a spare line moves at once; empty lines between do not count."""
    kept = redrawn(RubricSettingsForm(), ties(*chosen), f"tie_breaks:{order}")
    assert kept["tie_breaks"] == [{"rule": text} for text in then]


def test_an_order_on_no_small_table_changes_nothing() -> None:
    typed = {"title": "Đang gõ", **ties("plus:desc", "minus:asc")}
    for order in ("title:up:1", "khác:up:1", "tie_breaks:more:0", "kind"):
        kept = redrawn(RubricSettingsForm(), typed, order)
        assert kept["title"] == "Đang gõ"
        assert kept["tie_breaks"] == [{"rule": "plus:desc"}, {"rule": "minus:asc"}]


def test_a_new_table_says_where_a_section_is_chosen_as_tie_break(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    client.force_login(world.secretary)
    said = "Muốn xét theo điểm của một phần: soạn các phần trước"
    page = client.get(reverse("rubric_create", args=[world.bloc_year.pk])).content.decode()
    assert said in page
    assert 'aria-label="Chuyển dòng 5 lên"' in page
    page = client.get(reverse("rubric_settings", args=[rubric.pk])).content.decode()
    assert said not in page
    assert 'value="section:A:desc"' in page


def test_a_trial_is_computed_and_stored_nowhere(client, world: World) -> None:
    rubric = make_rubric(world, issued=False)
    url = reverse("rubric_trial", args=[rubric.pk])
    client.force_login(world.officers[2])
    assert client.get(url).status_code == 404
    client.force_login(world.secretary)
    places = list(rules_of(rubric).places)
    typed = {"d1-numerator": "20", "d1-denominator": "20", "d2-n": "2", "days_late": "2"}
    page = client.post(url, typed).content.decode()
    assert "thiếu minh chứng, tính 0 điểm" in page
    assert "chưa chấm" in page
    wrong = client.post(url, {**typed, "d2-n": "hai"}).content.decode()
    assert "Từng bước tính" not in wrong
    assert '<a href="#o-d2-n">A2: Ghi số lần, số việc đếm được' in wrong
    assert places[0] == "A1"
    assert not ScoreSheet.objects.exists()


@pytest.mark.parametrize("many", [12, 120])
def test_the_editor_takes_the_same_queries(client, world: World, many: int) -> None:
    rubric = make_rubric(world, long_document(many), issued=False)
    client.force_login(world.secretary)
    counted = []
    for name in ("rubric_editor", "rubric_trial"):
        client.get(reverse(name, args=[rubric.pk]))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=[rubric.pk])).status_code == 200
        counted.append(len(queries))
    assert counted == [17, 9]
