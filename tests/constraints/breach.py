"""How a constraint is broken: which row is taken, what of it is changed, what the user is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from tests.story import Story

DAY = dt.date(2025, 3, 10)
BEFORE = DAY - dt.timedelta(days=1)
NOW = dt.datetime(2025, 3, 10, 9, tzinfo=dt.UTC)
Changes = Callable[[Story, Any], Mapping[str, Any]]

OUR_APPS = ("emulation", "blocs", "pledges", "scoring")


def nothing(_story: Story, _row: Any) -> Mapping[str, Any]:
    """The row as it is."""
    return {}


@dataclass(frozen=True)
class Breach:
    """``message`` in full; ``changes`` breaks a check, or makes a second row clash with the first.

    ``where`` picks the row of the story that is taken.
    """

    message: str
    changes: Changes = nothing
    where: Mapping[str, Any] = field(default_factory=dict)


def breach(message: str, /, where: Mapping[str, Any] | None = None, **values: Any) -> Breach:
    """A breach by fixed values."""
    return Breach(message, lambda _story, _row: values, where or {})


def breach_by(message: str, changes: Changes, /, **where: Any) -> Breach:
    """A breach by values that depend on the story or on the row."""
    return Breach(message, changes, where)


def known_constraints() -> dict[str, tuple[type[models.Model], Any]]:
    """Every constraint of our own models, by name, with the model that has it."""
    found = {}
    for label in OUR_APPS:
        for model in apps.get_app_config(label).get_models():
            for constraint in model._meta.constraints:
                found[constraint.name] = (model, constraint)
    return found
