"""The demonstration tells the reports' facts, and can be seeded on any day of the year."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from blocs.models import (
    BlocYear,
    Board,
)
from emulation import clock
from scoring.models import ScoreSheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: LazySettings, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.MEDIA_ROOT = tmp_path


def test_without_demo_it_refuses() -> None:
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo")
    assert not Board.objects.exists()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("day", ["2027-01-01", "2028-02-28", "2026-12-31"])
def test_it_can_be_seeded_on_any_day(day: str) -> None:
    """The dates of the example year follow the day of seeding; nothing signs in the future."""
    today = dt.date.fromisoformat(day)
    with clock.at(dt.datetime.combine(today, dt.time(9, 0), clock.VIETNAM)):
        call_command("seed_demo")
        current = BlocYear.objects.filter(board__is_example=True, status="self_scoring").get()
        due_on = current.deadlines.get(kind="self_score").due_on
        assert due_on == today + dt.timedelta(days=5)
        late = ScoreSheet.objects.filter(bloc_year=current, submitted_at__gt=clock.now())
        assert not late.exists()
        call_command("check_invariants")
