"""The same content shown twice: who is told what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.selectors.standing import standing_in, standings_in
from emulation.models import User
from scoring.models import ScoreSheet
from scoring.selectors.sheet_lines import evidence_of
from scoring.selectors.twins import NO_TWINS, Twins, twins_of
from scoring.services.evidence import share_evidence
from tests.factories import World, make_bloc_year
from tests.scoring.builders import hand_in, line_of, sheet_of
from tests.scoring.evidence.builders import OTHER, SECRETARY, UNIT, attach

pytestmark = pytest.mark.django_db


def told(world: World, user: User, unit: int = UNIT) -> dict[str, Twins]:
    """By code of the line, what the person is told of the unit's evidence."""
    sheet = ScoreSheet.objects.get(pk=sheet_of(world, unit).pk)
    evidence = list(evidence_of(sheet).filter(file__isnull=False))
    twins = twins_of(standing_in(user, world.bloc_year), sheet, evidence)
    return {each.line.criterion.code: twins[each.pk] for each in evidence}


def test_sharing_and_repeating_are_told_apart(world: World) -> None:
    source = attach(world, "A2")
    share_evidence(
        actor=world.officers[UNIT], source=source, lines=[line_of(sheet_of(world, UNIT), "A3")]
    )
    attach(world, "A4", "khac.pdf")
    attach(world, "B1", "rieng.pdf", b"rieng")
    assert told(world, world.officers[UNIT]) == {
        "A2": Twins(shared=("A3",), repeated=("A4",)),
        "A3": Twins(shared=("A2",), repeated=("A4",)),
        "A4": Twins(repeated=("A2", "A3")),
        "B1": NO_TWINS,
    }


def test_another_unit_is_named_to_those_who_may_read_its_sheet(world: World) -> None:
    attach(world, "A2")
    attach(world, "A2", unit=OTHER)
    named = {"A2": Twins(elsewhere=(world.memberships[OTHER].unit_name,))}
    unnamed = {"A2": NO_TWINS}
    hand_in(world, UNIT)
    assert told(world, world.secretary) == unnamed
    hand_in(world, SECRETARY)
    assert told(world, world.secretary) == unnamed
    hand_in(world, OTHER)
    assert told(world, world.secretary) == named
    assert told(world, world.officers[UNIT]) == unnamed


def test_a_units_own_earlier_year_is_told(world: World) -> None:
    attach(world, "A2")
    attach(world, "A3", unit=OTHER)
    earlier = make_bloc_year(world.bloc, year=world.bloc_year.year - 1)
    membership, sheet = world.memberships[OTHER], sheet_of(world, OTHER)
    membership.unit, membership.year = world.units[UNIT], earlier.year
    membership.bloc_year = sheet.bloc_year = earlier
    membership.save(update_fields=["unit", "year", "bloc_year"])
    sheet.save(update_fields=["bloc_year"])
    before = (f"năm {membership.year}, tiêu chí A3",)
    assert told(world, world.officers[UNIT]) == {"A2": Twins(before=before)}


def test_several_years_are_stood_in_at_once(world: World) -> None:
    user = world.head_leader
    assert standings_in(user, []) == {}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = standings_in(user, [world.bloc_year])
    assert found == {world.bloc_year.pk: standing_in(user, world.bloc_year)}
    assert len(asked) == 2
