"""A published year with a row of every model, walked once per module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models

from blocs.enums import TermKind
from blocs.models import (
    BoardDeadline,
    BoardImport,
    HeadTerm,
    Invitation,
    SecretariatMember,
    StructureChange,
    Succession,
)
from emulation.models import DailyMail, DoorRecord, StoredFile
from pledges.models import PledgeTextChange, Report
from scoring.models import (
    AppraiserChange,
    DepartmentChange,
    DepartmentPerson,
    EvidenceView,
    GroundRule,
    PaperEntry,
    SheetMove,
    SheetRemark,
    StockPhrase,
    TieDecision,
    WhatIfUse,
)
from tests.constraints.breach import DAY, NOW
from tests.matrix.conftest import undone
from tests.story import YEAR, Story


@pytest.fixture(scope="module")
def story(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """A published year, with a row of every model, rolled back with the module."""
    with django_db_blocker.unblock(), undone():
        story = Story("published")
        with story.clock():
            rows_the_story_lacks(story)
        yield story


@pytest.fixture
def _django_db_helper() -> None:
    """Nothing per test: the story lives as long as its module."""


def rows_the_story_lacks(story: Story) -> None:
    """A row of each model that a year without incidents does not have."""
    person, board, own, outside = (
        story.people["board"],
        story.board,
        story.unit("own"),
        story.unit("outside"),
    )
    file = StoredFile.objects.order_by("pk").first()
    change = StructureChange(
        board=board, kind="merged", title="Sáp nhập", effective_on=DAY, reason="Nghị quyết 1",
        actor=person, acting_as="Ban",
    )  # fmt: skip
    rows: list[models.Model] = [
        change,
        Succession(change=change, predecessor=own, successor=outside),
        Invitation(user=person, code_hash="a" * 64, created_by=person, expires_at=NOW),
        BoardImport(board=board, file=file, uploaded_by=person),
        BoardDeadline(board=board, year=YEAR, kind="self_score", due_on=DAY),
        SecretariatMember(bloc_year=story.year, user=story.officer_of("next"), named_by=person),
        HeadTerm(bloc=story.bloc, year=YEAR, unit=own, kind=TermKind.STAND_IN),
        GroundRule(bloc_year=story.year, ground="dossier_late", effect="excluded"),
        Report(bloc_year=story.year, kind="interim", saved_by=person),
        PledgeTextChange(pledge=story.pledge, kind="edited", actor=person, acting_as="Ban"),
        TieDecision(
            bloc_year=story.year, order=[], reason="Mô hình mới", actor=person, acting_as="Ban"
        ),
        DoorRecord(event="logged_in", user=person),
        AppraiserChange(
            bloc_year=story.year,
            before="secretariat",
            after="deputy",
            actor=person,
            acting_as="Trưởng khối",
        ),
        DepartmentPerson(
            bloc_year=story.year,
            department="Sở Tài chính",
            key="sở tài chính",
            person=person,
            named_by=person,
        ),
        DepartmentChange(
            bloc_year=story.year,
            department="Sở Tài chính",
            person=person,
            is_named=True,
            actor=person,
            acting_as="Trưởng khối",
        ),
        DailyMail(user=person, day=DAY),
        SheetMove(
            sheet=story.sheet(),
            from_rubric=story.rubric,
            to_rubric=story.rubric,
            actor=person,
            acting_as="Ban",
        ),
        SheetRemark(
            sheet=story.sheet(), kind="comment", text="Sửa A2", actor=person, acting_as="Ban"
        ),
        PaperEntry(sheet=story.sheet(), received_on=DAY, recorded_by=person, acting_as="Ban"),
        EvidenceView(evidence_id=story.keys["evidence:own"], user=person),
        StockPhrase(user=person, text="Đối chiếu sổ theo dõi"),
        WhatIfUse(rubric=story.rubric, deed="run", edit_version=1, actor=person, acting_as="Ban"),
    ]
    for row in rows:
        row.save()
