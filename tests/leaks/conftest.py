"""The story with secrets, walked once; guards that only cost time here are off."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers import exception as handlers
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import TestCase, override_settings
from django.urls import get_resolver

from blocs.models import BlocYear
from blocs.selectors.standing import standing_in
from blocs.standing import Standing
from blocs.views.frame import get_bloc_year_for_user
from emulation.access import Refused
from emulation.enums import MailChoice
from emulation.models import User
from scoring.selectors.cross_checks import get_sheet_to_check
from scoring.selectors.sheets import get_sheet_for_user
from tests.leaks.search import Asker, Hit, secrets_in
from tests.leaks.story import SecretStory
from tests.matrix.conftest import contexts_are_not_copied, undone  # noqa: F401
from tests.matrix.visitors import Visitors
from tests.story import MOMENTS, ROLES

Seen = dict[tuple[str, Hit], set[str]]
"""By role and secret: the names of the URLs that showed it."""


@pytest.fixture(autouse=True)
def undefined_variables_fail() -> None:
    """The matrix asks every page under this guard."""


@pytest.fixture(autouse=True)
def unordered_querysets_are_shuffled() -> None:
    """As above."""


@pytest.fixture(autouse=True)
def files_go_with_their_test() -> None:
    """The story's evidence stays as long as the story."""


@pytest.fixture
def _django_db_helper() -> None:
    """Nothing per test: the story lives as long as its module."""


@pytest.fixture(scope="module")
def walk(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecretStory]:
    """The story at its beginning, in a transaction that the module ends by rolling back."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with files, django_db_blocker.unblock():
        known = connection.settings_dict["NAME"], connection.creation._get_test_db_name()
        assert known[0] == known[1], "mark the module: pytestmark = pytest.mark.django_db"
        with undone():
            story = SecretStory("founded")
            User.objects.update(email="moi-nguoi@vidu.vn", mail_choice=MailChoice.AT_ONCE)
            yield story


@pytest.fixture
def at(walk: SecretStory) -> Callable[[str], SecretStory]:
    """``at("tabled")`` is the story at that moment; tests come in the order of moments."""

    def go(moment: str) -> SecretStory:
        if MOMENTS.index(moment) > MOMENTS.index(walk.moment):
            with TestCase.captureOnCommitCallbacks(execute=True):  # people are told
                walk.go_to(moment)
        assert walk.moment == moment, f"{moment} comes before {walk.moment}: sort the tests"
        return walk

    return go


@pytest.fixture(autouse=True)
def refusals_are_not_logged() -> Iterator[None]:
    """Most answers here are refusals: their log would only cost time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal comes without the frame of a page, which every page asked has anyway."""

    def bare(_request: Any, error: Exception) -> HttpResponse:
        if isinstance(error, Refused):
            return HttpResponse(error.reason, status=403)
        known = {"Http404": 404, "PermissionDenied": 403}
        assert type(error).__name__ in known, f"{type(error).__name__}: {error}"
        return HttpResponse(str(error), status=known[type(error).__name__])

    monkeypatch.setattr(handlers, "response_for_exception", bare)


@pytest.fixture
def quick_doors(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Who somebody is in a year, and which doors are closed, is worked out once per moment.

    A GET changes nothing of it. Call what is returned whenever the story has moved on.
    """
    # A view that is imported only now would keep this test's doors for all tests after it.
    assert get_resolver().url_patterns
    standings: dict[Any, Any] = {}
    closed: set[Any] = set()

    def remembered(user: User, bloc_year: BlocYear) -> Standing:
        key = (user.pk, bloc_year.pk)
        if key not in standings:
            standings[key] = standing_in(user, bloc_year)
        return standings[key]

    def stays_closed(door: Callable[..., Any]) -> Callable[..., Any]:
        def opened(user: User, *args: Any) -> Any:
            key = (door.__name__, user.pk, *args)
            if key in closed:
                raise Http404
            try:
                return door(user, *args)
            except Http404:
                closed.add(key)
                raise

        return opened

    _replace(monkeypatch, standing_in, remembered)
    for door in (get_sheet_for_user, get_sheet_to_check, get_bloc_year_for_user):
        _replace(monkeypatch, door, stays_closed(door))

    def forget() -> None:
        standings.clear()
        closed.clear()

    return forget


def _replace(monkeypatch: pytest.MonkeyPatch, known: Any, other: Any) -> None:
    """Put ``other`` in the place of a function wherever it has been imported."""
    for name, module in list(sys.modules.items()):
        if getattr(module, known.__name__, None) is known and not name.startswith("tests"):
            monkeypatch.setattr(module, known.__name__, other)


def look_around(story: SecretStory, pages: Iterable[tuple[str, str]]) -> Seen:
    """Ask the addresses as every role; return what each saw, and where."""
    visitors, asker = Visitors(), Asker(settings.SESSION_COOKIE_NAME)
    seen: Seen = {}
    visitors.log_in(story)
    with undone(), story.clock():
        for role in ROLES:
            for name, url in pages:
                for hit in secrets_in(asker.get(url, visitors.sessions[role])):
                    seen.setdefault((role, hit), set()).add(name)
    return seen
