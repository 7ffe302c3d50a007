"""The demonstration, told once for the module, in a transaction that is rolled back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser

from tests.matrix.conftest import _django_db_helper, refusals_are_not_logged, undone

__all__ = ["_django_db_helper", "refusals_are_not_logged"]


@pytest.fixture(scope="module")
def told(
    browser: Browser,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """What ``seed_demo`` printed when it told the demonstration.

    The browser comes first: Django takes another connection once its event loop runs.
    """
    here = override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with here, django_db_blocker.unblock():
        name = str(connection.settings_dict["NAME"]).rpartition("/")[2]
        assert name.startswith("test"), "mark the module: pytestmark = pytest.mark.django_db"
        with undone():
            printed = io.StringIO()
            call_command("seed_demo", "--seed", "7", "--accounts", stdout=printed)
            yield printed.getvalue()
        connection.close()  # nobody finds this one again once the loop is gone
