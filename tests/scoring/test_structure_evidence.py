"""Edge case 6: predecessors' evidence is linked, never copied, and shown where it recurs."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from blocs.models import Unit
from blocs.selectors.standing import standing_in
from emulation import clock
from emulation.access import Conflict, Refused
from emulation.models import StoredFile
from scoring.invariants import files_have_owners
from scoring.models import Evidence, PointChange, ScoreSheet
from scoring.selectors.appraisal_content import Paper, papers_of
from scoring.selectors.predecessors import predecessor_ids, predecessors_evidence
from scoring.selectors.sheet_content import citation
from scoring.services.evidence import (
    add_evidence,
    link_predecessors_evidence,
    remove_evidence,
)
from tests.factories import UnitFactory, World
from tests.scoring.builders import a_pdf, hand_in, line_of, make_scoring_world, save, sheet_of
from tests.scoring.test_structure_leaving import succeed

pytestmark = pytest.mark.django_db

BEFORE, AFTER, OTHER = 2, 3, 1


@pytest.fixture
def world() -> World:
    """Unit 2 attached a file to A1 and ended; unit 3 came after it, in the same bloc."""
    made = make_scoring_world(4)
    attach(made, BEFORE, "bao-cao-cu.pdf")
    end(made, made.units[BEFORE])
    succeed(made, made.units[BEFORE], made.units[AFTER])
    return made


def attach(world: World, place: int, name: str, code: str = "A1") -> Evidence:
    return add_evidence(
        actor=world.officers[place],
        line=line_of(sheet_of(world, place), code),
        uploaded=a_pdf(name),
        title="Báo cáo kết quả",
        number="12/BC",
        issued_on=clock.today(),
    )


def end(world: World, unit: Unit) -> None:
    unit.ended_on = clock.today()
    unit.save(update_fields=["ended_on"])


def source(world: World, place: int = BEFORE) -> Evidence:
    return Evidence.objects.get(line__sheet=sheet_of(world, place))


def linked(world: World, code: str = "A1") -> Evidence:
    return link_predecessors_evidence(
        actor=world.officers[AFTER],
        line=line_of(sheet_of(world, AFTER), code),
        source=source(world),
    )


def link_url(world: World, evidence: Evidence, place: int = AFTER, code: str = "A1") -> str:
    line = line_of(sheet_of(world, place), code)
    return reverse("evidence_link", args=[line.sheet_id, line.criterion_id, evidence.pk])


# ---------------------------------------------------------------- linking


def test_a_link_is_a_new_row_with_the_same_file(world: World) -> None:
    row = linked(world)
    first = source(world)
    assert (row.file, row.source) == (first.file, first)
    assert StoredFile.objects.count() == 1
    assert (row.title, row.number, row.issued_on) == ("Báo cáo kết quả", "12/BC", clock.today())
    assert row.added_by == world.officers[AFTER]
    year = world.bloc_year.year
    name = world.units[BEFORE].name
    assert citation(row).endswith(f"minh chứng của đơn vị tiền thân {name}, năm {year}")
    assert list(files_have_owners()) == []


def test_a_waiting_line_counts_from_then_on_with_history(world: World) -> None:
    save(world.officers[AFTER], sheet_of(world, AFTER))
    assert line_of(sheet_of(world, AFTER), "A1").self_points == 0
    linked(world)
    line = line_of(sheet_of(world, AFTER), "A1")
    assert line.self_points == 25
    last = PointChange.objects.filter(line=line).order_by("-pk").first()
    assert last is not None
    assert last.reason == "Dẫn minh chứng của đơn vị tiền thân"


def test_taking_the_link_off_leaves_the_predecessors_own(world: World) -> None:
    remove_evidence(actor=world.officers[AFTER], evidence=linked(world))
    assert source(world).removed_at is None
    assert StoredFile.objects.count() == 1


def test_the_same_file_stands_once_on_a_line(world: World) -> None:
    linked(world)
    with pytest.raises(ValidationError, match="đã có ở tiêu chí A1"):
        linked(world)
    assert linked(world, "A2").line.criterion.code == "A2"


def test_what_was_taken_off_meanwhile_is_not_linked(world: World) -> None:
    first = source(world)
    first.removed_at, first.removed_by = clock.now(), world.officers[BEFORE]
    first.save(update_fields=["removed_at", "removed_by"])
    with pytest.raises(Conflict):
        linked(world)


# ---------------------------------------------------------------- who, whose


def test_only_the_successors_own_people(world: World) -> None:
    line = line_of(sheet_of(world, AFTER), "A1")
    for person in (world.officers[OTHER], world.secretary, world.board_officer):
        with pytest.raises(Refused):
            link_predecessors_evidence(actor=person, line=line, source=source(world))


def test_another_units_file_is_not_there(world: World, client: Client) -> None:
    attach(world, OTHER, "cua-don-vi-khac.pdf")
    foreign = source(world, OTHER)
    client.force_login(world.officers[AFTER])
    assert client.post(link_url(world, foreign)).status_code == 404
    with pytest.raises(Conflict):
        link_predecessors_evidence(
            actor=world.officers[AFTER],
            line=line_of(sheet_of(world, AFTER), "A1"),
            source=foreign,
        )
    assert not Evidence.objects.filter(line__sheet=sheet_of(world, AFTER)).exists()


def test_nor_has_a_predecessor_a_right_to_its_successors(world: World) -> None:
    attach(world, AFTER, "cua-don-vi-moi.pdf")
    assert not predecessors_evidence(sheet_of(world, BEFORE)).exists()
    assert not predecessors_evidence(sheet_of(world, OTHER)).exists()


def test_predecessors_of_predecessors_count_and_a_ring_ends(world: World) -> None:
    oldest = UnitFactory(board=world.board, ended_on=clock.today())
    succeed(world, oldest, world.units[BEFORE])
    succeed(world, world.units[BEFORE], oldest)
    ids = {oldest.pk, world.units[BEFORE].pk}
    assert predecessor_ids(world.units[AFTER].pk) == ids


@pytest.mark.parametrize(("back", "offered"), [(0, True), (1, True), (2, False)])
def test_the_same_year_and_the_one_before(world: World, back: int, offered: bool) -> None:
    membership = world.memberships[BEFORE]
    membership.year = world.bloc_year.year - back
    membership.save(update_fields=["year"])
    assert predecessors_evidence(sheet_of(world, AFTER)).exists() is offered


# ---------------------------------------------------------------- pages


def test_the_page_offers_links_and_hands_the_file_out(world: World, client: Client) -> None:
    client.force_login(world.officers[AFTER])
    line = line_of(sheet_of(world, AFTER), "A1")
    add = reverse("evidence_add", args=[line.sheet_id, line.criterion_id])
    page = client.get(add).content.decode()
    assert "Minh chứng của đơn vị tiền thân" in page
    assert f"{world.units[BEFORE].name}, năm {world.bloc_year.year}" in page
    assert "bao-cao-cu.pdf" in page
    response = client.post(link_url(world, source(world)), follow=True)
    assert "Đã dẫn “Báo cáo kết quả”" in response.content.decode()
    assert "đã có ở tiêu chí này" in response.content.decode()
    row = Evidence.objects.get(source=source(world))
    own = reverse("evidence", args=[row.line.sheet_id, row.pk])
    assert client.get(own).getvalue().startswith(b"%PDF")  # type: ignore[attr-defined]
    mixed = reverse("evidence", args=[row.line.sheet_id, source(world).pk])
    assert client.get(mixed).status_code == 404
    sheet = client.get(reverse("sheet", args=[row.line.sheet_id])).content.decode()
    assert "minh chứng của đơn vị tiền thân" in sheet


def test_a_second_time_is_answered_in_words(world: World, client: Client) -> None:
    linked(world)
    client.force_login(world.officers[AFTER])
    response = client.post(link_url(world, source(world)), follow=True)
    assert "đã có ở tiêu chí A1, không cần thêm lại" in response.content.decode()


def test_a_unit_without_predecessors_sees_no_such_list(world: World, client: Client) -> None:
    client.force_login(world.officers[OTHER])
    line = line_of(sheet_of(world, OTHER), "A1")
    page = client.get(reverse("evidence_add", args=[line.sheet_id, line.criterion_id]))
    assert "tiền thân" not in page.content.decode()


# ---------------------------------------------------------------- counted once


def paper(world: World) -> Paper:
    sheet = ScoreSheet.objects.get(pk=sheet_of(world, AFTER).pk)
    standing = standing_in(world.secretary, world.bloc_year)
    [found] = papers_of(sheet, standing)[line_of(sheet, "A1").pk]
    return found


def test_the_appraiser_sees_where_the_file_counted_before(world: World) -> None:
    linked(world)
    found = paper(world)
    assert found.twins.elsewhere == (world.units[BEFORE].name,)
    assert "tiền thân" in found.detail


def test_a_file_of_last_year_uploaded_anew_is_found_by_its_content(world: World) -> None:
    membership = world.memberships[BEFORE]
    membership.year = world.bloc_year.year - 1
    membership.save(update_fields=["year"])
    attach(world, AFTER, "ten-khac.pdf")
    assert paper(world).twins.elsewhere == (
        f"{world.units[BEFORE].name}, năm {world.bloc_year.year - 1}",
    )


def test_a_sheet_handed_in_takes_no_more(world: World) -> None:
    hand_in(world, AFTER)
    with pytest.raises(Refused):
        linked(world, "A2")
