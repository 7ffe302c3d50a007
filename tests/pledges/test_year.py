"""The pledge within its year: blockers, effects, deadlines handed in, invariants, the Word file."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest

from blocs.enums import DeadlineKind, IssuingStyle, YearStatus
from blocs.services.steps import YEAR_WORKFLOW, take_step
from emulation import clock
from emulation.access import Conflict
from emulation.workflow import Blocker
from pledges.blockers import handed_in, year_blockers
from pledges.effects import year_effects
from pledges.enums import PledgeStatus
from pledges.exports import pledge_docx, pledge_file_name
from pledges.invariants import INVARIANTS
from pledges.models import Pledge, PledgeItem, PledgeTransition, Target
from pledges.selectors.pledges import items_of
from pledges.selectors.signatures import signing_of
from pledges.services.items import drop_item
from pledges.services.pledges import close_pledge
from pledges.services.reports import return_report
from pledges.services.signatures import sign_pledge
from tests.factories import make_world
from tests.pledges.builders import (
    agreed,
    consulting,
    drafted,
    paper_signed,
    registered,
    reported,
    running_world,
    signing_world,
)

pytestmark = pytest.mark.django_db


def blockers(world, step) -> list[Blocker]:
    return list(year_blockers(world.bloc_year, YEAR_WORKFLOW.named(step)))


# ---------------------------------------------------------------- blockers


def test_consulting_needs_an_item():
    world = make_world()
    assert [each.hard for each in blockers(world, "consult")] == [True]
    pledge = drafted(world, items=("Một",))
    assert blockers(world, "consult") == []
    drop_item(actor=world.secretary, item=items_of(pledge)[0])
    assert len(blockers(world, "consult")) == 1


def test_signing_needs_the_agreed_text():
    world = make_world()
    assert len(blockers(world, "open_signing")) == 1
    consulting(world)
    assert [each.hard for each in blockers(world, "open_signing")] == [True]


def test_signing_opens_on_agreed_text():
    world = make_world()
    agreed(world)
    assert blockers(world, "open_signing") == []


def test_running_names_the_unsigned_softly():
    world, pledge = signing_world()
    paper_signed(world, pledge, 1)
    (blocker,) = blockers(world, "start_running")
    assert (blocker.hard, blocker.names) == (False, (world.units[0].name, world.units[2].name))
    assert blocker.effect
    paper_signed(world, pledge, 0)
    paper_signed(world, pledge, 2)
    assert blockers(world, "start_running") == []


def test_self_scoring_names_missing_interim_reports_softly():
    world, _ = running_world()
    reported(world, 2)
    reported(world, 1, sent=False)
    (blocker,) = blockers(world, "open_self_scoring")
    assert (blocker.hard, blocker.names) == (False, (world.units[0].name, world.units[1].name))


@pytest.mark.parametrize("step", ["start_appraising", "table", "adopt", "close", "back_to_draft"])
def test_other_steps_are_not_ours(step):
    assert blockers(make_world(), step) == []


# ---------------------------------------------------------------- effects


def effect(world, step, actor):
    year_effects(world.bloc_year, YEAR_WORKFLOW.named(step), actor, "")


def test_the_years_consultation_opens_that_of_the_pledge():
    world = make_world()
    pledge = drafted(world)
    take_step(actor=world.secretary, bloc_year=world.bloc_year, name="consult")
    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.CONSULTING


def test_a_pledge_further_on_is_left_alone():
    world = make_world()
    effect(world, "consult", world.secretary)
    pledge = agreed(world)
    effect(world, "consult", world.secretary)
    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.AGREED


def test_a_closed_year_closes_its_pledge():
    world, pledge = signing_world()
    world.set_status(YearStatus.CLOSED)
    effect(world, "close", world.board_officer)
    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.CLOSED
    with pytest.raises(Conflict):
        close_pledge(actor=world.board_officer, pledge=pledge)


def test_what_was_handed_in_stays_so_after_a_return():
    world, _ = running_world()
    member = world.memberships[2]
    report = reported(world)
    return_report(actor=world.secretary, report=report, reason="Thiếu")
    assert handed_in(member, DeadlineKind.INTERIM_REPORT)
    assert not handed_in(member, DeadlineKind.YEAR_END_REPORT)
    assert not handed_in(member, DeadlineKind.REGISTRATION)
    registered(world)
    assert handed_in(member, DeadlineKind.REGISTRATION)
    assert not handed_in(member, DeadlineKind.SELF_SCORE)


# ---------------------------------------------------------------- invariants


def broken() -> list[str]:
    return [sentence for rule in INVARIANTS for sentence in rule()]


def full_world():
    world, pledge = signing_world()
    paper_signed(world, pledge, 1)
    sign_pledge(actor=world.leaders[2], pledge=pledge, membership=world.memberships[2])
    registered(world)
    world.set_status(YearStatus.RUNNING)
    reported(world)
    return world, pledge


def test_nothing_is_broken_by_the_services():
    full_world()
    assert broken() == []


def _log_gap(world, pledge):
    acting = {"actor": world.secretary, "acting_as": "x"}
    PledgeTransition.objects.create(
        pledge=pledge, transition="x", from_status="draft", to_status="agreed", **acting
    )


def _other_agreer(world, pledge):
    Pledge.objects.filter(pk=pledge.pk).update(agreed_by=world.secretary)


def _closed_alone(world, pledge):
    world.set_status(YearStatus.CLOSED)


def _no_pledge(world, pledge):
    make_world(status=YearStatus.RUNNING)


def _early_signature(world, pledge):
    before = pledge.agreed_at - dt.timedelta(days=1)
    pledge.signatures.filter(method="browser").update(recorded_at=before)


def _nameless(world, pledge):
    pledge.signatures.filter(method="browser").update(signatory="")


def _unfrozen(world, pledge):
    Pledge.objects.filter(pk=pledge.pk).update(status="consulting", agreed_at=None, agreed_by=None)


def _stranger(world, pledge):
    pledge.signatures.filter(method="paper").update(membership=make_world().memberships[0])


def _strange_target(world, pledge):
    Target.objects.update(item=items_of(drafted(make_world()))[0])


def _numbers(world, pledge):
    PledgeItem.objects.filter(pledge=pledge, position=2).update(position=7)


@pytest.mark.parametrize(
    "damage",
    [
        _log_gap,
        _other_agreer,
        _closed_alone,
        _no_pledge,
        _early_signature,
        _nameless,
        _unfrozen,
        _stranger,
        _strange_target,
        _numbers,
    ],
)
def test_each_damage_is_found(damage):
    world, pledge = full_world()
    damage(world, pledge)
    assert broken()


# ---------------------------------------------------------------- the paper


def words(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def paper(world, pledge) -> str:
    signing = signing_of(world.bloc_year, first=[world.units[0].pk])
    return words(
        pledge_docx(pledge=pledge, items=items_of(pledge), signing=signing, head=world.units[0].pk)
    )


def test_the_paper_has_a_block_for_every_unit_under_its_name_of_that_year():
    world, pledge = signing_world()
    member = world.memberships[2]
    member.unit_name = "Sở Tên Cũ"
    member.save()
    paper_signed(world, pledge, 2, signed_on=clock.today())
    text = paper(world, pledge)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "SỞ TÊN CŨ" in text
    assert world.units[2].name.upper() not in text
    assert "(TRƯỞNG KHỐI)" in text
    assert "Trần Thị Ký" in text
    assert "THỦ TRƯỞNG ĐƠN VỊ" in text
    assert "DỰ THẢO" not in text
    assert "VÍ DỤ" not in text.replace("SỞ VÍ DỤ", "")


def test_a_party_bloc_has_the_partys_heading_and_an_example_its_mark():
    world = make_world(issuing_style=IssuingStyle.PARTY)
    pledge = consulting(world)
    pledge.is_example = True
    text = paper(world, pledge)
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in text
    assert "(VÍ DỤ)" in text
    assert "(DỰ THẢO)" in text


def test_the_file_is_named_after_bloc_and_year():
    world = make_world()
    assert pledge_file_name(world.bloc_year).endswith(f"{world.bloc.name} - năm 2026.docx")
