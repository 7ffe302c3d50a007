"""A database of an earlier version is brought up to what must hold today."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from blocs.invariants import ended_units_leave_nothing_running, names_follow_each_other
from blocs.models import Unit
from tests.factories import make_world

pytestmark = pytest.mark.django_db


def test_units_dissolved_earlier_leave_nothing_running():
    world = make_world(3)
    Unit.objects.filter(pk=world.units[2].pk).update(ended_on=dt.date(2025, 7, 1))
    assert list(ended_units_leave_nothing_running())
    assert list(names_follow_each_other())
    name = "blocs.migrations.0006_ended_units_leave_nothing_running.close_what_ended"
    import_string(name)(apps, None)
    assert list(ended_units_leave_nothing_running()) == []
    assert list(names_follow_each_other()) == []
