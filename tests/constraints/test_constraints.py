"""Every constraint of every model is broken: the user reads why, and the database refuses."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from tests.constraints.blocs import BLOCS
from tests.constraints.breach import Breach, known_constraints
from tests.constraints.emulation import EMULATION
from tests.constraints.pledges import PLEDGES
from tests.constraints.scoring import SCORING
from tests.story import Story

pytestmark = pytest.mark.django_db

BREACHES: dict[str, Breach] = {**EMULATION, **BLOCS, **PLEDGES, **SCORING}
KNOWN = known_constraints()


def test_every_constraint_is_broken_here() -> None:
    missing, gone = sorted(set(KNOWN) - set(BREACHES)), sorted(set(BREACHES) - set(KNOWN))
    assert (missing, gone) == ([], []), (
        "the first have no breach: add one to tests/constraints/<app>.py, with the message in "
        "full and the values that break it (a row of its model has to be in the story, or made in "
        "`rows_the_story_lacks`); the second exist no more"
    )


def test_every_constraint_speaks_vietnamese() -> None:
    silent = [
        name
        for name, (_, constraint) in KNOWN.items()
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]
    assert silent == [], "give these a violation_error_message"


def taken(story: Story, name: str) -> Any:
    """The row of the story that a breach takes."""
    model, _ = KNOWN[name]
    rows = models.QuerySet(model).filter(
        **{f"{path}__isnull" if value is None else path: True if value is None else value
           for path, value in BREACHES[name].where.items()}
    )  # fmt: skip
    row = rows.order_by("pk").first()
    assert row is not None, f"the story has no such row of {model.__name__}"
    return row


def broken(story: Story, name: str) -> Any:
    """The row changed so that it breaks a check; for a unique one a second row that clashes."""
    row = taken(story, name)
    made = copy.copy(row)
    if isinstance(KNOWN[name][1], models.UniqueConstraint):
        made.pk, made._state = None, models.base.ModelState()
    for field, value in BREACHES[name].changes(story, row).items():
        setattr(made, field, value)
    return made


@pytest.mark.parametrize("name", sorted(set(BREACHES) & set(KNOWN)))
def test_the_user_is_told(story: Story, name: str) -> None:
    row = broken(story, name)
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert BREACHES[name].message in refusal.value.messages
    assert KNOWN[name][1].violation_error_message == BREACHES[name].message


@pytest.mark.parametrize("name", sorted(set(BREACHES) & set(KNOWN)))
def test_the_database_refuses(story: Story, name: str) -> None:
    with pytest.raises(IntegrityError) as refusal:
        write_past_the_models(story, name)
    assert is_about(str(refusal.value), *KNOWN[name])


def write_past_the_models(story: Story, name: str) -> None:
    """Write a breach with nothing between it and the database."""
    model, constraint = KNOWN[name]
    rows, row = models.QuerySet(model), broken(story, name)
    with transaction.atomic():
        if isinstance(constraint, models.UniqueConstraint):
            rows.bulk_create([row])
        else:
            changes = BREACHES[name].changes(story, taken(story, name))
            rows.filter(pk=row.pk).update(**changes)


def is_about(error: str, model: type[models.Model], constraint: Any) -> bool:
    """Whether the database names this constraint (SQLite names a unique one's columns)."""
    if constraint.name in error:
        return True
    if not isinstance(constraint, models.UniqueConstraint):
        return False
    columns = [model._meta.get_field(each).column for each in constraint.fields]
    return all(f"{model._meta.db_table}.{column}" in error for column in columns)
