"""What history has recorded stays as it is, through whatever door of the ORM one comes.

Every table of records is found by introspection; each is tried through its own manager, its base
manager, the manager of what it belongs to, and by a second object under an old row's key.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from emulation.history import AppendOnlyModel, HistoryIsFinal
from tests.story import Story

pytestmark = pytest.mark.django_db

RECORDS = sorted(
    (model for model in apps.get_models() if issubclass(model, AppendOnlyModel)),
    key=lambda model: model.__name__,
)


def a_field(model: type[models.Model]) -> str:
    """A plain column of a table."""
    columns = [each for each in model._meta.fields if not each.primary_key]
    plain = [each for each in columns if not isinstance(each, models.ForeignKey)]
    return (plain or columns)[0].name


def doors(model: Any, row: Any) -> Iterator[tuple[str, Any]]:
    """Every manager through which a row of the table can be reached."""
    yield "objects", model.objects
    yield "_default_manager", model._default_manager
    yield "_base_manager", model._base_manager
    for each in model._meta.fields:
        if isinstance(each, models.ForeignKey):
            name = each.remote_field.get_accessor_name()
            owner = getattr(row, each.name)
            if name and not name.endswith("+") and owner is not None:
                yield f"{each.name}.{name}", getattr(owner, name)


def deeds(manager: Any, row: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Everything a manager offers that would change or remove a row that is there."""
    name = a_field(type(row))
    value = getattr(row, name)
    yield "update", lambda: manager.filter(pk=row.pk).update(**{name: value})
    yield "all().update", lambda: manager.all().update(**{name: value})
    yield "delete", lambda: manager.filter(pk=row.pk).delete()
    yield "all().delete", lambda: manager.all().delete()
    yield "ordered delete", lambda: manager.order_by("pk").filter(pk=row.pk).delete()
    yield "bulk_update", lambda: manager.bulk_update([row], [name])
    yield (
        "bulk_create over conflicts",
        lambda: manager.bulk_create(
            [row], update_conflicts=True, update_fields=[name], unique_fields=["pk"]
        ),
    )
    yield (
        "bulk_create over conflicts by position",
        lambda: manager.bulk_create([row], None, False, True, [name], ["pk"]),
    )
    yield "update_or_create", lambda: manager.update_or_create(pk=row.pk, defaults={name: value})
    if hasattr(manager, "add"):
        yield "add", lambda: manager.add(row)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_no_manager_changes_a_record(story: Story, model: Any) -> None:
    row = models.QuerySet(model).order_by("pk").first()
    assert row is not None, "make one in tests/constraints/conftest.py, rows_the_story_lacks"
    before = list(models.QuerySet(model).order_by("pk").values())
    passed = []
    for door, manager in doors(model, row):
        for deed, act in deeds(manager, row):
            try:
                with transaction.atomic():
                    act()
                passed.append(f"{door}: {deed}")
            except HistoryIsFinal:
                pass
    assert passed == []
    assert list(models.QuerySet(model).order_by("pk").values()) == before


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_record_is_saved_once_and_never_deleted(story: Story, model: Any) -> None:
    row = model.objects.order_by("pk").first()
    for deed in (row.save, row.delete, lambda: row.save(update_fields=[a_field(model)])):
        with pytest.raises(HistoryIsFinal):
            deed()


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_new_object_does_not_take_an_old_row_s_place(story: Story, model: Any) -> None:
    row = model.objects.order_by("pk").first()
    other = copy.copy(row)
    other._state = models.base.ModelState()
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_there_are_records() -> None:
    names = {model.__name__ for model in RECORDS}
    assert {"BlocYearTransition", "PointChange", "SheetTransition", "DoorRecord"} <= names


def test_rows_are_still_appended(story: Story) -> None:
    """The guard itself would be no use if it also refused what is new."""
    row = story.sheet().transitions.order_by("pk").first()
    assert row is not None
    made = copy.copy(row)
    made.pk, made._state = None, models.base.ModelState()
    type(row).objects.bulk_create([made])
    assert made.pk
