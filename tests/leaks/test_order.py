"""Order tells as much as figures: until the table is tabled every list is in the order of names."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook

from tests.leaks.search import Asker, body_of
from tests.leaks.story import SecretStory
from tests.matrix.conftest import undone
from tests.matrix.visitors import Visitors
from tests.story import NAMES, ROLES

# measuring coverage would double the time of what reads the same pages again and again
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

# The order of points is another: next, checker, other, own, deputy, head.
BY_NAME = [
    "Sở Công Thương",
    "Sở Ngoại vụ",
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Tư pháp",
    "Sở Xây dựng",
    "Sở Y tế",
]
LISTS = ("sheet_list", "appraisal_list", "registration_list", "report_list", "member_list")
QUERIES = ("?sap-xep=tong-diem", "?sap-xep=-diem", "?sort=-total", "?order=points", "?o=-2")
SORTERS = ("member_officer", "secretary", "board")
WORKS_ON_RANKING = {"secretary", "head", "board"}
ROW = re.compile(r"(?s)<tr.*?</tr>")


def units_in(texts: Iterable[str]) -> list[str]:
    """The units that rows speak of, each once, in the order of the rows."""
    named = (next((name for name in NAMES.values() if name in text), None) for text in texts)
    return list(dict.fromkeys(name for name in named if name))


def shown(response: Any) -> list[str]:
    """The units in the order of a page's or a workbook's rows."""
    body = body_of(response)
    if not body.startswith(b"PK"):
        return units_in(ROW.findall(body.decode()))
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    return units_in(" ".join(map(str, row)) for row in sheet.iter_rows(values_only=True))


def wrong_orders(
    story: SecretStory,
    names: Iterable[str],
    roles: Iterable[str] = ROLES,
    queries: Iterable[str] = ("",),
) -> list[str]:
    """The pages that some role gets in another order than that of the names."""
    visitors, asker, wrong, asked = Visitors(), Asker(settings.SESSION_COOKIE_NAME), [], 0
    visitors.log_in(story)
    with undone(), story.clock():
        for name, query, role in product(names, queries, roles):
            url = reverse(name, args=[story.keys["year"]]) + query
            response = asker.get(url, visitors.sessions[role])
            if response.status_code == 200:
                asked += 1
                order = shown(response)
                wrong += [f"{role}: {url}: {order}"] if order != BY_NAME else []
    assert asked, "nobody saw a list"
    return wrong


@pytest.mark.parametrize("moment", ["submitted", "appraising", "approved"])
def test_lists_are_in_the_order_of_names(
    moment: str,
    at: Callable[[str], SecretStory],
    quick_doors: Callable[[], None],
    bare_refusals: None,
) -> None:
    story = at(moment)
    quick_doors()
    assert wrong_orders(story, (*LISTS, "summary_xlsx")) == []


def test_no_query_sorts_by_points(
    at: Callable[[str], SecretStory], quick_doors: Callable[[], None], bare_refusals: None
) -> None:
    story = at("approved")
    quick_doors()
    assert wrong_orders(story, (*LISTS, "summary_xlsx"), SORTERS, QUERIES) == []


def test_the_ranking_is_closed_to_those_who_do_not_work_on_it(
    at: Callable[[str], SecretStory], quick_doors: Callable[[], None], bare_refusals: None
) -> None:
    story = at("approved")
    quick_doors()
    visitors, asker = Visitors(), Asker(settings.SESSION_COOKIE_NAME)
    visitors.log_in(story)
    opened = set()
    with undone(), story.clock():
        for name in ("ranking", "ranking_xlsx", "ranking_docx", "nomination_list"):
            url = reverse(name, args=[story.keys["year"]])
            for role in ROLES:
                if asker.get(url, visitors.sessions[role]).status_code == 200:
                    opened.add((name, role))
    assert {role for _, role in opened} == WORKS_ON_RANKING


def test_another_order_is_found(at: Callable[[str], SecretStory], bare_refusals: None) -> None:
    """From tabling on the ranking is in the order of points: the comparison sees it."""
    story = at("tabled")
    assert wrong_orders(story, ["ranking"])
