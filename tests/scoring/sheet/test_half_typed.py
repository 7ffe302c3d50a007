"""One number of two: kept with the server, no input yet, and nothing is handed in with it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from emulation.access import Conflict
from scoring.models import PointChange, Rubric, StageTotal
from scoring.selectors.rubrics import rules_of
from scoring.selectors.sheet_content import Lack, missing_items
from scoring.services.sheet_moving import move_sheets
from scoring.services.sheets import save_lines, submit_sheet
from tests.factories import World
from tests.scoring.builders import draft, fill, line_of, make_scoring_world, save, sheet_of
from tests.scoring.sheet.test_pages import post_of
from tests.scoring.versions.builders import alter, next_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_scoring_world()


def lacks(world: World) -> dict[str, Lack]:
    return {item.code: item.lack for item in missing_items(sheet_of(world, 2))}


@pytest.mark.parametrize(
    ("code", "half", "whole"),
    [
        ("A1", {"numerator": "18"}, {"numerator": "18", "denominator": "20"}),
        ("A1", {"denominator": "20"}, {"numerator": "18", "denominator": "20"}),
        ("B2", {"actual": "9,5"}, {"actual": "9,5", "target": "10"}),
        ("B2", {"target": "10"}, {"actual": "9,5", "target": "10"}),
    ],
)
def test_half_is_kept_and_then_made_whole(world: World, code: str, half, whole) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    kept = save_lines(actor=officer, sheet=sheet, lines=draft(sheet, code, note="Ghi", **half))
    line = line_of(sheet, code)
    assert (kept.saved, kept.errors) == ([code], {})
    assert (line.self_typed, line.self_note, line.version) == (half, "Ghi", 2)
    assert (line.self_input, line.self_points) == (None, None)
    assert not PointChange.objects.filter(line=line).exists()
    assert not save(officer, sheet, {code: {**half, "note": "Ghi"}}).saved
    save(officer, sheet, {code: whole})
    line.refresh_from_db()
    assert line.self_typed is None
    assert line.self_input is not None
    assert PointChange.objects.get(line=line).old_input is None


def test_clearing_it_leaves_nothing(world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    save(officer, sheet, {"A1": {"numerator": "18"}})
    save(officer, sheet, {"A1": {"numerator": "", "denominator": ""}})
    assert line_of(sheet, "A1").self_typed is None
    assert line_of(sheet, "A1").version == 3


@pytest.mark.parametrize(
    ("code", "raw", "field"),
    [
        ("A1", {"numerator": "mười tám"}, "denominator"),
        ("A1", {"numerator": "18", "percent": "90"}, "percent"),
        ("B2", {"target": "-1"}, "actual"),
    ],
)
def test_what_cannot_be_read_is_no_half(world: World, code: str, raw, field: str) -> None:
    sheet = sheet_of(world, 2)
    saving = save(world.officers[2], sheet, {code: raw})
    assert [list(each) for each in saving.errors.values()] == [[field]]
    assert line_of(sheet, code).self_typed is None


def test_a_whole_input_stands_until_its_successor_is_whole(world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    save(officer, sheet, {"A1": {"numerator": "18", "denominator": "20"}})
    stored = line_of(sheet, "A1").self_input
    saving = save(officer, sheet, {"A1": {"numerator": "17", "denominator": ""}})
    assert [list(each) for each in saving.errors.values()] == [["denominator"]]
    assert (line_of(sheet, "A1").self_input, line_of(sheet, "A1").self_typed) == (stored, None)


def test_a_long_note_beside_it_is_refused_with_its_own_words(world: World) -> None:
    sheet = sheet_of(world, 2)
    lines = draft(sheet, "A1", numerator="18", note="x" * 10_000)
    saving = save_lines(actor=world.officers[2], sheet=sheet, lines=lines)
    assert "tối đa 5000" in next(iter(saving.errors.values()))["note"]
    assert line_of(sheet, "A1").self_typed is None


def test_two_tabs_see_what_the_other_half_was(client, world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    stale = post_of(sheet, "A1", numerator="17") | {"person": str(officer.pk)}
    save(world.leaders[2], sheet, {"A1": {"denominator": "20"}})
    client.force_login(officer)
    answer = client.post(reverse("sheet_autosave", args=[sheet.pk]), stale).json()
    [line] = answer["lines"].values()
    assert "20 (nhập dở, chưa tính điểm)" in line["clash"]
    assert "người khác trong đơn vị" in line["clash"]
    assert "<td>17</td>" in line["clash"]
    assert "<td>20</td>" in line["clash"]
    assert line_of(sheet, "A1").self_typed == {"denominator": "20"}


def test_the_page_shows_it_in_its_field_and_says_so(client, world: World) -> None:
    sheet = fill(world, 2)
    key = line_of(sheet, "A1").criterion_id
    save(world.officers[2], sheet, {"A1": {"numerator": "", "denominator": ""}})
    save(world.officers[2], sheet, {"A1": {"numerator": "18"}})
    client.force_login(world.officers[2])
    page = client.get(reverse("sheet", args=[sheet.pk])).content.decode()
    assert f'name="c{key}-numerator"' in page
    assert 'value="18"' in page
    assert "nhập dở, chưa tính điểm" in page
    assert page.count("còn 1 mục") == 1
    unchanged = client.post(reverse("sheet_save", args=[sheet.pk]), follow=True)
    assert line_of(sheet, "A1").self_typed == {"numerator": "18"}, unchanged


def test_nothing_is_handed_in_with_it_whatever_the_section(world: World) -> None:
    sheet = fill(world, 2)
    assert Lack.HALF_TYPED not in lacks(world).values()
    sheet.rubric.criteria.filter(code="E1").update(kind="ratio", per=None, step="0.5")
    save(world.officers[2], sheet, {"E1": {"numerator": "1"}})
    assert lacks(world)["E1"] is Lack.HALF_TYPED
    with pytest.raises(Conflict) as refusal:
        submit_sheet(actor=world.leaders[2], sheet=sheet, confirm_blanks=True)
    assert "E1" in " ".join(refusal.value.details)


def test_it_counts_as_missing_in_the_total(world: World) -> None:
    sheet = fill(world, 2)
    save(world.officers[2], sheet, {"A1": {"numerator": "", "denominator": ""}})
    save(world.officers[2], sheet, {"A1": {"denominator": "20"}})
    total = StageTotal.objects.get(sheet=sheet, stage="self")
    assert (total.total, total.missing) == (None, 4)


def test_a_later_version_keeps_it_in_the_same_kind_and_beside_another(world: World) -> None:
    sheet, officer = sheet_of(world, 2), world.officers[2]
    save(officer, sheet, {"A1": {"numerator": "18"}, "B2": {"actual": "9"}})
    rubric = next_version(
        world, alter("A1", title="Văn bản đúng hạn"), alter("B2", kind="passfail", step=None)
    )
    assert rules_of(Rubric.objects.get(pk=rubric.pk)).places
    move_sheets(actor=world.head_leader, rubric=rubric)
    assert line_of(sheet_of(world, 2), "A1").self_typed == {"numerator": "18"}
    other = line_of(sheet_of(world, 2), "B2")
    assert (other.self_typed, other.kept_input["words"]) == (None, "9")
    assert "Số liệu đang nhập dở (9)" in other.review
