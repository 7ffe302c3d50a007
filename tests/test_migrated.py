"""The tables of the database are those of the models.

The tests make their tables from the models, which takes a second; `make test` runs this module
once more on each database with ``--migrations``, as a province's own database came about.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

pytestmark = pytest.mark.django_db

MODELS = apps.get_models(include_auto_created=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_table_is_that_of_the_model(model: type[models.Model]) -> None:
    table = model._meta.db_table
    fields = model._meta.local_concrete_fields
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
        constraints = connection.introspection.get_constraints(cursor, table)
    assert {column.name: bool(column.null_ok) for column in columns} == {
        field.column: field.null for field in fields
    }
    wanted = {each.name for each in (*model._meta.constraints, *model._meta.indexes)}
    assert wanted <= set(constraints)
