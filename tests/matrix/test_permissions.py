"""Every URL × every method × every role, against a table written from the rules.

``tests/expected/permissions.csv`` says what each of the sixteen roles gets; ``cases.py`` says at
which moment, with what arguments and with what valid body. Nothing here is worked out by the code
under test.
"""

from __future__ import annotations

import csv
import html
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from emulation.site.errors import NOT_ALLOWED
from tests.matrix.cases import CASES, Case
from tests.matrix.conftest import Statements, undone
from tests.matrix.visitors import Visitors
from tests.story import MOMENTS, ROLES, Story

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent.parent / "expected" / "permissions.csv"
METHODS = ("GET", "POST")
Key = tuple[str, str]


def _rows() -> dict[Key, dict[str, int]]:
    """The table by (case, method), then by role."""
    table: dict[Key, dict[str, int]] = defaultdict(dict)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            statuses = table[row["url"], row["method"]]
            assert row["role"] not in statuses, f"{row} stands twice"
            statuses[row["role"]] = int(row["status"])
    return table


ROWS = _rows()


def roles_here(statuses: dict[str, int]) -> list[str]:
    """Every role; on the second database the first role of each answer.

    Who gets what does not depend on the database: there it is enough that every page answers.
    """
    if connection.vendor == "sqlite":
        return list(ROLES)
    first = {status: role for role, status in reversed([(r, statuses[r]) for r in ROLES])}
    return [role for role in ROLES if role in first.values()]


LISTED = sorted(key for key in ROWS if key[0] in CASES)
KEYS = sorted(LISTED, key=lambda key: MOMENTS.index(CASES[key[0]].moment))


# ---------------------------------------------------------------- the table itself


def url_names(patterns: Any = None, prefix: str = "") -> set[str]:
    """Every named URL of the project; the admin's are reached by its log-in only."""
    found: set[str] = set()
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                found |= url_names(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{entry.pattern} has no name"
            found.add(prefix + entry.name)
    return found


def names_in(keys: Any) -> set[str]:
    """The URL names of keys such as ``ranking@tabled``."""
    return {key.split("@")[0] for key in keys if not key.startswith("admin:")}


def test_every_url_is_in_the_table() -> None:
    missing = url_names() - names_in(url for url, _ in ROWS)
    assert sorted(missing) == [], (
        "add to tests/expected/permissions.csv a row for each method and each of the 16 roles"
    )


def test_every_url_has_its_case() -> None:
    missing = {url for url, _ in ROWS} ^ set(CASES)
    assert sorted(missing) == [], (
        "say in tests/matrix/cases.py at which moment the page is asked, with what arguments and "
        "with what valid body; every case stands in the table"
    )
    assert names_in(CASES) <= url_names(), "these URLs do not exist any more"


def test_the_table_names_every_role() -> None:
    wrong = {key: sorted(set(ROLES) ^ set(row)) for key, row in ROWS.items()}
    assert {key: roles for key, roles in wrong.items() if roles} == {}


# ---------------------------------------------------------------- every URL × method × role


@pytest.fixture(scope="module")
def visitors() -> Visitors:
    return Visitors()


@pytest.mark.parametrize("key", KEYS, ids="-".join)
def test_page(key: Key, at: Callable[[str], Story], visitors: Visitors) -> None:
    case, statuses = CASES[key[0]], ROWS[key]
    story = at(case.moment)
    visitors.log_in(story, case.days)
    wrong: list[str] = []
    with undone(), story.clock(days=case.days):
        case.prepare(story)
        for role in roles_here(statuses):
            with undone():
                found = _asked(key, case, story, visitors, role, statuses[role])
            wrong += [f"{role}: {each}" for each in found]
        wrong += _other_methods(key, case, story, visitors)
    assert wrong == []


def _asked(
    key: Key, case: Case, story: Story, visitors: Visitors, role: str, status: int
) -> list[str]:
    """What differs from the table when a role asks for the page."""
    name, method = key[0].split("@")[0], key[1]
    url = case.url(name, story)
    data = case.post(story, role) if method == "POST" else None
    with Statements() as statements:
        response = visitors.ask(role, method, url, data)
    wrong = list(_wrong_status(response, role, status, data))
    if wrong:
        return wrong
    return [
        *_wrong_writes(statements, method, status, case, role),
        *_wrong_target(response, role),
        *_wrong_words(response),
    ]


def _wrong_status(response: Any, role: str, status: int, data: Any) -> list[str]:
    if response.status_code == status:
        return []
    fault = getattr(response, "exc_info", None)
    if response.status_code == 500 and fault:
        return [f"500: {fault[0].__name__}: {fault[1]}"]
    return [f"{response.status_code} instead of {status}. {_told(response)} {data or ''}"]


def _told(response: Any) -> str:
    """What the page says went wrong, for the failing test's message."""
    if "html" not in response.get("Content-Type", ""):
        return response.get("Location", "")
    said = re.findall(
        r'(?s)<(?:p|li|div|ul)[^>]*class="[^"]*(?:invalid-feedback|error|lede|reason)[^"]*".*?</',
        response.content.decode(),
    )
    return " | ".join(_visible(each)[:200] for each in said[:6])


WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


# What keeps the doors is no part of what is asked for: how often forms come, who was refused.
# A refused GET writes to the record of refusals, and to nothing else (docs/adr/0011).
COUNTERS = {"emulation_tally", "emulation_doorrecord"}


def _written(statements: Statements, method: str, status: int) -> list[str]:
    """The tables written to, the session's own aside, and the counters where they may."""
    aside = {"django_session"}
    if method == "POST":
        aside |= COUNTERS
    elif status in {403, 404}:
        aside |= {"emulation_doorrecord"}
    found = map(WRITE.match, statements)
    return [match[1] for match in found if match and match[1] not in aside]


def _wrong_writes(
    statements: Statements, method: str, status: int, case: Case, role: str
) -> list[str]:
    written = _written(statements, method, status)
    if method == "GET" or status >= 400 or role == "anonymous":
        allowed = method == "POST" and status == 302 and bool({"emulation_user"} & set(written))
        return [f"wrote to {written}"] if written and not allowed else []
    return [] if written or case.leaves_no_trace else ["302, and nothing was written"]


def _wrong_target(response: Any, role: str) -> list[str]:
    """Only nobody is sent to the log-in."""
    place = response.get("Location", "")
    to_login = place.startswith("/dang-nhap/")
    asked = response.wsgi_request.path
    if asked.startswith(("/quan-tri/", "/dang-nhap/", "/dang-xuat/", "/loi-moi/")):
        return []
    is_wrong = response.status_code == 302 and (role == "anonymous") is not to_login
    return [f"sent to {place}"] if is_wrong else []


# ---------------------------------------------------------------- what the pages say

ENGLISH = re.compile(
    r"\b(?:None|True|False|Undefined)\b|This field|\bSelect\b|object \(|\{\{|\{%|&lt;bound method"
)
UNSEEN = re.compile(r"(?s)<script.*?</script>|<style.*?</style>|<head>.*?</head>|<svg.*?</svg>")
SPOKEN = re.compile(r'\b(?:title|alt|placeholder|aria-label|aria-description)="([^"]*)"')


def _visible(page: str) -> str:
    """What a person sees or hears of a page."""
    page = UNSEEN.sub(" ", page)
    spoken = " ".join(SPOKEN.findall(page))
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", page).split()) + " " + spoken)


def _wrong_words(response: Any) -> list[str]:
    if "html" not in response.get("Content-Type", "") or response.streaming:
        return []
    if response.wsgi_request.path.startswith("/quan-tri/"):
        return []
    text = _visible(response.content.decode())
    found = [text[max(0, hit.start() - 40) : hit.end() + 20] for hit in ENGLISH.finditer(text)]
    if response.status_code == 403 and NOT_ALLOWED in text:
        found.append("page 403 without its reason")
    return [f"says {each!r}" for each in found[:3]]


def _other_methods(key: Key, case: Case, story: Story, visitors: Visitors) -> list[str]:
    """A method that the table does not list is refused to everybody."""
    name = key[0].split("@")[0]
    listed = {method for url, method in ROWS if url.split("@")[0] == name}
    wrong = []
    for method in set(METHODS) - listed:
        with undone():
            response = visitors.ask("board", method, case.url(name, story))
        if response.status_code != 405 and not key[0].startswith("admin:"):
            wrong.append(f"{method} answers {response.status_code} and is not in the table")
    return wrong
