"""Whatever a page, a file or a header says is set against the table of who sees what.

``tests/expected/visibility.csv`` is written from the rules: for each kind of secret of each unit,
the moment from which each of the sixteen roles sees it, or "-". At the moments on which the rules
turn every address is asked as every role; in between, the pages that show points.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail

from blocs.models import DeadlineExtension, HeadTerm, SecretariatMember
from emulation.models import Notice
from emulation.notices.table import Happening, table
from pledges.models import PledgeComment, PledgeSignature, Report
from scoring.models import Appeal, CrossCheck, DepartmentPerson, RubricComment
from tests.leaks.addresses import (
    ARGUMENTS,
    NOT_ASKED,
    addresses,
    arguments_of,
    between,
    get_names,
    patterns,
)
from tests.leaks.conftest import Seen, look_around
from tests.leaks.search import Asker, Hit, secrets_of
from tests.leaks.story import UNITS, SecretStory
from tests.matrix.conftest import undone
from tests.matrix.visitors import Visitors
from tests.story import MOMENTS, ROLES

# measuring coverage would double the time of what reads the same pages again and again
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

NOTICES = Path(__file__).parent.parent / "expected" / "notices.csv"
TABLE = Path(__file__).parent.parent / "expected" / "visibility.csv"
NEVER = "-"
FULL = ("drafting", "submitted", "tabled", "adopted", "published")
PART = ("appraising", "approved")
LOOKED_AT = ("own", "head")  # whose sheets are opened in between


def _table() -> dict[Hit, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = {(row["kind"], row["owner"]): {role: row[role] for role in ROLES} for row in rows}
    assert len(table) == len(rows), "a row stands twice"
    return table


TOLD = _table()


def seen_by_then(role: str, hit: Hit, moment: str) -> bool:
    """Whether the table lets a role see a secret at a moment."""
    since = TOLD.get(hit, {}).get(role, NEVER)
    return since != NEVER and MOMENTS.index(since) <= MOMENTS.index(moment)


def test_the_table_speaks_of_known_units_and_moments() -> None:
    moments = {moment for row in TOLD.values() for moment in row.values()}
    assert moments <= {*MOMENTS, NEVER}
    assert {unit for _, unit in TOLD} == set(UNITS)


def test_every_get_is_asked() -> None:
    """A new page that nobody asks here could leak unseen."""
    known = {pattern.name: arguments_of(pattern) for pattern in patterns()}
    wanted = {name for name in get_names() if ":" not in name} - set(NOT_ASKED)
    untold = {name: known[name] for name in wanted if known[name] not in ARGUMENTS}
    assert untold == {}, "say in tests/leaks/addresses.py, ARGUMENTS, with what they are asked"


@pytest.mark.parametrize("moment", sorted((*FULL, *PART), key=MOMENTS.index))
def test_what_is_seen(
    moment: str,
    at: Callable[[str], SecretStory],
    quick_doors: Callable[[], None],
    bare_refusals: None,
) -> None:
    story = at(moment)
    quick_doors()
    pages = addresses(story) if moment in FULL else between(story)
    seen = look_around(story, pages)
    assert leaks(seen, moment) == []
    assert withheld(seen, moment) == []
    told = [secrets_of(f"{each.subject}\n{each.body}") for each in mail.outbox]
    assert told
    assert [secrets for secrets in told if secrets] == []
    assert dead_links(story) == []


def dead_links(story: SecretStory) -> list[str]:
    """Notices of the moment that lead whom they tell to a page which that person may not read."""
    visitors, asker = Visitors(), Asker(settings.SESSION_COOKIE_NAME)
    roles = roles_by_person(story)
    since = story.now - dt.timedelta(days=3)
    rows = Notice.objects.filter(user__in=roles, at__gte=since).order_by("pk")
    wanted = {(row.event, row.path): roles[row.user_id] for row in rows}
    visitors.log_in(story)
    with undone(), story.clock():
        answers = {
            key: asker.get(key[1], visitors.sessions[role]).status_code
            for key, role in wanted.items()
        }
    return [f"{key} of {wanted[key]}: {code}" for key, code in answers.items() if code != 200]


def roles_by_person(story: SecretStory) -> dict[int, str]:
    return {person.pk: role for role in ROLES if (person := story.person(role))}


def test_who_was_told(at: Callable[[str], SecretStory]) -> None:
    """In a whole year, by event: the roles told, literally."""
    roles = roles_by_person(at("published"))
    told: dict[str, set[str]] = {}
    rows = Notice.objects.filter(user__in=roles).order_by().values_list("event", "user").distinct()
    for event, user in rows:
        told.setdefault(event, set()).add(roles[user])
    with NOTICES.open(encoding="utf-8", newline="") as file:
        listed = {row["event"]: row["told"] for row in csv.DictReader(file) if row["told"] != "="}
    said = {event: " ".join(role for role in ROLES if role in told[event]) for event in told}
    assert said == {event: roles for event, roles in listed.items() if roles}


def test_every_sentence_can_be_said(at: Callable[[str], SecretStory]) -> None:
    """Of events that the story does not have as well: the words and the page are there."""
    story = at("published")
    objects = subjects(story)
    for event, tellings in table.tellings.items():
        subject, announced = objects[event.split(".")[0]], event.replace("bloc_report", "report")
        happening = Happening(announced, subject, None, story.now, {"deadlines": []})
        matter = table.about[announced.split(".")[0]].matter(happening)
        assert (matter.event or announced) == event
        for telling in tellings:
            assert "{" not in telling.sentence.format(**matter.words)
            assert telling.page.path(matter).startswith("/")


def subjects(story: SecretStory) -> dict[str, object]:
    """An object of the story for the events of each kind."""
    year = story.year
    return {
        "bloc_year": year,
        "deadline": year,
        "extension": DeadlineExtension.objects.order_by("pk").first(),
        "meeting": story.meeting(),
        "term": HeadTerm.objects.order_by("pk").first(),
        "secretary": SecretariatMember(bloc_year=year, user=story.officer_of("own")),
        "pledge": story.pledge,
        "pledge_comment": PledgeComment.objects.order_by("pk").first(),
        "signature": PledgeSignature.objects.order_by("pk").first(),
        "registration": story.registration(),
        "report": story.report(),
        "bloc_report": Report(bloc_year=year, kind="interim"),
        "rubric": story.rubric,
        "rubric_comment": RubricComment.objects.order_by("pk").first(),
        "sheet": story.sheet(),
        "department": DepartmentPerson(
            bloc_year=year, department="Sở Tài chính", person=story.officer_of("own")
        ),
        "check": CrossCheck.objects.order_by("pk").first(),
        "appeal": Appeal.objects.order_by("pk").first(),
    }


def leaks(seen: Seen, moment: str) -> list[str]:
    """What somebody saw and should not."""
    return sorted(
        f"{role} sees {kind} of {unit} at {', '.join(sorted(places))}"
        for (role, (kind, unit)), places in seen.items()
        if not seen_by_then(role, (kind, unit), moment)
    )


def withheld(seen: Seen, moment: str) -> list[str]:
    """What somebody should have seen and did not: where it is not seen the search proves little."""
    return sorted(
        f"{role} sees no {hit[0]} of {hit[1]}"
        for role, hit in _due(moment)
        if (role, hit) not in seen
    )


def _due(moment: str) -> Iterator[tuple[str, Hit]]:
    for hit in TOLD:
        kind, unit = hit
        on_sheet = kind in {"own_line", "appraised_line", "opinion", "explanation", "dispute"}
        if moment in FULL or (on_sheet and unit in LOOKED_AT):
            yield from ((role, hit) for role in ROLES if seen_by_then(role, hit, moment))
