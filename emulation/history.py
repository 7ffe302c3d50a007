"""Append-only tables, and the shape in which every object's page shows its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn, Self, TypeVar

from django.db import models


class HistoryIsFinal(TypeError):  # noqa: N818 - says what is so
    """Raised where code tries to change or delete what history has recorded."""


# batch_size and ignore_conflicts may be given by position; what follows them may not.
_CONFLICTS_ARE_SKIPPED = 2
_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class AppendOnlyQuerySet(models.QuerySet[_Row_co]):
    """A queryset that reads and appends, and refuses everything else."""

    def update(self, **_values: Any) -> NoReturn:
        """Refuse: history is only ever appended to."""
        raise HistoryIsFinal(f"{self.model.__name__} rows are never updated.")

    def bulk_update(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: history is only ever appended to."""
        raise HistoryIsFinal(f"{self.model.__name__} rows are never updated.")

    def delete(self) -> NoReturn:
        """Refuse: history is only ever appended to."""
        raise HistoryIsFinal(f"{self.model.__name__} rows are never deleted.")

    def bulk_create(self, objs: Iterable[_Row_co], *args: Any, **options: Any) -> list[_Row_co]:
        """Append the rows; refuse to write over those that are there."""
        if options.get("update_conflicts") or len(args) > _CONFLICTS_ARE_SKIPPED:
            raise HistoryIsFinal(f"{self.model.__name__} rows are never updated.")
        return super().bulk_create(objs, *args, **options)

    def update_or_create(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: history is only ever appended to."""
        raise HistoryIsFinal(f"{self.model.__name__} rows are never updated.")


class AppendOnlyManager(models.Manager[_Row_co]):
    """Hands out querysets that refuse to change anything."""

    def get_queryset(self) -> AppendOnlyQuerySet[_Row_co]:
        """Return the guarded queryset."""
        return AppendOnlyQuerySet(self.model, using=self._db)


class AppendOnlyModel(models.Model):
    """A row that is written once.

    The guarded manager is the base manager too, through which Django itself writes: a related
    manager's ``add`` would otherwise move a row to another owner.
    """

    objects = AppendOnlyManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, **options: Any) -> None:
        """Insert the row; raise :class:`HistoryIsFinal` if it already exists.

        A new object under the key of an old row is an insert as well, and fails as one.
        """
        if not self._state.adding:
            raise HistoryIsFinal(f"{type(self).__name__} rows are never updated.")
        super().save(**options | {"force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: history is only ever appended to."""
        raise HistoryIsFinal(f"{type(self).__name__} rows are never deleted.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an object's history as a page shows it, newest first.

    ``what`` says the deed, ``change`` what it was and became, ``place`` the line or item it
    concerns; all are Vietnamese and ready to print.
    """

    at: dt.datetime
    who: str
    acting_as: str
    what: str
    change: str = ""
    reason: str = ""
    place: str = ""

    def sorting(self) -> tuple[dt.datetime, str]:
        """Return the key by which entries of several tables are merged."""
        return (self.at, self.what)

    @classmethod
    def newest_first(cls, entries: list[Self]) -> list[Self]:
        """Return ``entries`` ordered for the page."""
        return sorted(entries, key=cls.sorting, reverse=True)
