"""How an invariant is broken: a write past the models, and a part of the sentence it must yield."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from tests.story import Story


@dataclass(frozen=True)
class Break:
    """``says`` stands in what the invariant yields once ``act`` has written."""

    says: str
    act: Callable[[Story], Any]


Breaks = dict[str, tuple[Break, ...]]


def rows(model: type[models.Model], **wanted: Any) -> models.QuerySet[Any]:
    """The rows of a table, past its guards."""
    return models.QuerySet(model).filter(**wanted).order_by("pk")


def first(model: type[models.Model], **wanted: Any) -> models.QuerySet[Any]:
    """The first such row, as something that can be updated."""
    found = rows(model, **wanted).first()
    assert found is not None, f"the story has no such {model.__name__}"
    return rows(model, pk=found.pk)


def last(model: type[models.Model], **wanted: Any) -> models.QuerySet[Any]:
    """The last such row, as something that can be updated."""
    found = rows(model, **wanted).last()
    assert found is not None, f"the story has no such {model.__name__}"
    return rows(model, pk=found.pk)


def twin(row: Any, **changes: Any) -> None:
    """A second row like the first, but for the changes."""
    model = type(row)
    row.pk = None
    row._state = models.base.ModelState()
    for name, value in changes.items():
        setattr(row, name, value)
    models.QuerySet(model).bulk_create([row])


def broken_logs(record: type[models.Model], subject: str, **wanted: Any) -> tuple[Break, ...]:
    """The four ways in which a log of transitions can be wrong."""

    def of_one(story: Story) -> models.QuerySet[Any]:
        key = getattr(rows(record, **wanted).first(), f"{subject}_id")
        return rows(record, **{subject: key})

    def whole_log(story: Story) -> None:
        found = of_one(story)
        found._raw_delete(found.db)

    def begin_late(story: Story) -> None:
        rows(record, pk=of_one(story).first().pk).update(from_status="elsewhere")

    def end_elsewhere(story: Story) -> None:
        rows(record, pk=of_one(story).last().pk).update(to_status="elsewhere")

    def jump(story: Story) -> None:
        rows(record, pk=of_one(story)[1].pk).update(from_status="elsewhere")

    return (
        Break("no log", whole_log),
        Break("not from the beginning", begin_late),
        Break("the log ends at elsewhere", end_elsewhere),
        Break("the log jumps", jump),
    )
