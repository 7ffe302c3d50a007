"""Every address that answers GET, with the arguments of every unit.

The URL names are those of ``tests/expected/permissions.csv`` that list GET; the arguments come
from the story. A URL whose arguments are not told here fails ``test_every_get_is_asked``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from blocs.models import (
    BlocPaper,
    HeadTerm,
    JointActivity,
    Meeting,
    Post,
)
from pledges.models import PledgeComment, PledgeItem, PledgeSignature
from scoring.enums import WhatIfDeed
from scoring.models import (
    Appeal,
    AwardQuota,
    Criterion,
    Dispute,
    Evidence,
    Nomination,
    NotConsidered,
    RankingSnapshot,
    ScoreSheet,
    Section,
    WhatIfUse,
)
from tests.leaks.story import SecretStory
from tests.matrix.cases import CASES
from tests.story import YEAR

TABLE = Path(__file__).parent.parent / "expected" / "permissions.csv"
KINDS = ("so-ket", "tong-ket")
Kwargs = dict[str, Any]
Arguments = Callable[[SecretStory], Iterable[Kwargs]]


def get_names() -> set[str]:
    """The URL names that answer GET, as the permissions' table lists them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row["url"] for row in csv.DictReader(file) if row["method"] == "GET"]
    return {row.split("@")[0] for row in rows}


def patterns(found: Any = None) -> Iterator[URLPattern]:
    """Every pattern of the project but the admin's own."""
    for entry in get_resolver().url_patterns if found is None else found:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from patterns(entry.url_patterns)
        else:
            yield entry


def arguments_of(pattern: URLPattern) -> tuple[str, ...]:
    """The names of a pattern's arguments."""
    return tuple(pattern.pattern.converters)


# ---------------------------------------------------------------- arguments


def _year(story: SecretStory) -> Kwargs:
    return {"year_id": story.keys["year"]}


def _of_year(name: str, rows: Callable[[SecretStory], QuerySet[Any]]) -> Arguments:
    """The year with each row of a queryset."""
    return lambda story: [_year(story) | {name: key} for key in _keys(rows(story))]


def _keys(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _in_year(model: Any, path: str = "bloc_year") -> Callable[[SecretStory], QuerySet[Any]]:
    return lambda story: model.objects.filter(**{path: story.keys["year"]})


def _of_sheet(name: str, rows: Callable[[SecretStory], QuerySet[Any]], path: str) -> Arguments:
    """Each row with the sheet on which it stands."""

    def made(story: SecretStory) -> Iterator[Kwargs]:
        for key, sheet in rows(story).order_by("pk").values_list("pk", path):
            yield {"sheet_id": sheet, name: key}

    return made


def _of_rubric(name: str, model: Any, code: str) -> Arguments:
    def made(story: SecretStory) -> list[Kwargs]:
        row = model.objects.get(rubric=story.keys["rubric"], code=code)
        return [{"rubric_id": story.keys["rubric"], name: row.pk}]

    return made


def _with_kind(each: Iterable[Kwargs]) -> list[Kwargs]:
    """Everybody's interim report, and the year-end report of the first."""
    rows = list(each)
    return [row | {"kind": KINDS[0]} for row in rows] + [rows[0] | {"kind": KINDS[1]}]


def _members(story: SecretStory) -> list[Kwargs]:
    return [{"membership_id": story.membership(unit).pk} for unit in story.members]


def _sheets(story: SecretStory) -> list[Kwargs]:
    return [{"sheet_id": key} for key in _keys(_in_year(ScoreSheet)(story))]


def _posts(story: SecretStory) -> list[Kwargs]:
    unit = story.units["own"]
    return [{"unit_id": unit, "post_id": key} for key in _keys(Post.objects.filter(unit=unit))[:1]]


def _lines(story: SecretStory) -> list[Kwargs]:
    criterion = story.criterion("B1").pk
    return [each | {"criterion_id": criterion} for each in _sheets(story)]


def _terms(story: SecretStory) -> QuerySet[HeadTerm]:
    return HeadTerm.objects.filter(bloc=story.keys["bloc"], year=YEAR)


def _snapshots(story: SecretStory) -> list[Kwargs]:
    numbers = _in_year(RankingSnapshot)(story).order_by("number").values_list("number", flat=True)
    return [_year(story) | {"number": number} for number in numbers]


def _uses(story: SecretStory) -> list[Kwargs]:
    """A comparison that asks for the very year: it must not show it to anybody."""
    rubric = story.rubric
    use, _ = WhatIfUse.objects.get_or_create(
        rubric=rubric,
        deed=WhatIfDeed.RUN,
        edit_version=rubric.edit_version,
        years=[YEAR],
        actor=story.people["board"],
        acting_as="Ban Thi đua - Khen thưởng",
    )
    return [{"rubric_id": rubric.pk, "use_id": use.pk}]


ARGUMENTS: dict[tuple[str, ...], Arguments] = {
    (): lambda _story: [{}],
    ("board_id",): lambda story: [{"board_id": story.keys["board"]}],
    ("board_id", "year"): lambda story: [{"board_id": story.keys["board"], "year": YEAR}],
    ("board_id", "post_id"): lambda story: [
        {"board_id": story.keys["board"], "post_id": key}
        for key in _keys(Post.objects.filter(board=story.keys["board"]))[:1]
    ],
    ("person_id",): lambda story: [{"person_id": story.officer_of("own").pk}],
    ("import_id",): lambda _story: [],
    ("notice_id",): lambda _story: [],
    ("code",): lambda _story: [],
    ("bloc_id",): lambda story: [{"bloc_id": story.keys["bloc"]}],
    ("year_id",): lambda story: [_year(story)],
    ("unit_id",): lambda story: [{"unit_id": story.units[name]} for name in ("own", "head")],
    ("unit_id", "post_id"): _posts,
    ("membership_id",): _members,
    ("year_id", "membership_id"): lambda story: [_year(story) | m for m in _members(story)],
    ("membership_id", "kind"): lambda story: _with_kind(_members(story)),
    ("year_id", "kind"): lambda story: _with_kind([_year(story)]),
    ("year_id", "term_id"): _of_year("term_id", _terms),
    ("year_id", "deadline_id"): lambda story: [_year(story) | {"deadline_id": story.deadline().pk}],
    ("year_id", "meeting_id"): _of_year("meeting_id", _in_year(Meeting)),
    ("year_id", "paper_id"): _of_year("paper_id", _in_year(BlocPaper)),
    ("year_id", "activity_id"): _of_year("activity_id", _in_year(JointActivity)),
    ("year_id", "item_id"): _of_year("item_id", _in_year(PledgeItem, "pledge__bloc_year")),
    ("year_id", "comment_id"): _of_year("comment_id", _in_year(PledgeComment, "pledge__bloc_year")),
    ("year_id", "signature_id"): _of_year(
        "signature_id", _in_year(PledgeSignature, "pledge__bloc_year")
    ),
    ("rubric_id",): lambda story: [{"rubric_id": story.keys["rubric"]}],
    ("rubric_id", "use_id"): _uses,
    ("rubric_id", "section_id"): _of_rubric("section_id", Section, "B"),
    ("rubric_id", "criterion_id"): _of_rubric("criterion_id", Criterion, "B1"),
    ("sheet_id",): _sheets,
    ("sheet_id", "criterion_id"): _lines,
    ("sheet_id", "evidence_id"): _of_sheet(
        "evidence_id", _in_year(Evidence, "line__sheet__bloc_year"), "line__sheet"
    ),
    ("sheet_id", "dispute_id"): _of_sheet(
        "dispute_id", _in_year(Dispute, "sheet__bloc_year"), "sheet"
    ),
    ("year_id", "number"): _snapshots,
    ("year_id", "award_id"): lambda story: [
        _year(story) | {"award_id": key}
        for key in _in_year(AwardQuota)(story).order_by("pk").values_list("award", flat=True)[:1]
    ],
    ("year_id", "decision_id"): _of_year(
        "decision_id", _in_year(NotConsidered, "membership__bloc_year")
    ),
    ("year_id", "nomination_id"): _of_year("nomination_id", _in_year(Nomination)),
    ("year_id", "appeal_id"): _of_year("appeal_id", _in_year(Appeal)),
}
# What is not asked says why.
NOT_ASKED = {
    "login": "sends whoever is logged in to the home page, which is asked",
    "logout": "ends the session of the role",
    "invitation": "for a person without an account yet; the story has invited nobody",
    "import_preview": "master data, by its own board only; the story has imported nothing",
    "import_file": "as import_preview",
}
ADMIN = (
    "admin:index",
    "admin:emulation_user_changelist",
    "admin:emulation_user_add",
    "admin:blocs_post_changelist",
    "admin:blocs_post_add",
)


# Forms of a deed on a member or on a line of text: what they show of the unit is its name. They
# are asked of the first ones only; pages with content are asked of every unit.
FORMS = {
    *("member_end", "pledge_sign", "pledge_paper_signature", "exclude_member", "override_ground"),
    *("registration_send", "registration_return", "unit_report_send", "unit_report_return"),
    *("pledge_reply", "pledge_item_edit", "pledge_item_drop", "pledge_revoke", "pledge_receipt"),
    *("pledge_scan", "meeting_edit", "meeting_minutes", "meeting_attendance", "meeting_papers"),
    *("unit_rename", "unit_dissolve", "post_add", "person_add"),
    # the same door as "evidence", which is asked of every file
    *("evidence_view", "evidence_share", "evidence_replace"),
}


def addresses(story: SecretStory) -> list[tuple[str, str]]:
    """Each URL name with each address that it has at this moment."""
    wanted = get_names() - set(NOT_ASKED)
    found = []
    for pattern in patterns():
        name = pattern.name or ""
        if name in wanted:
            each = list(ARGUMENTS[arguments_of(pattern)](story))
            found += [
                (name, reverse(name, kwargs=k)) for k in (each[:1] if name in FORMS else each)
            ]
    return [*found, *_with_queries(story), *((name, reverse(name)) for name in ADMIN)]


LOOKED_AT_BETWEEN = {
    *("sheet", "sheet_history", "sheet_docx", "appraise", "explanations", "cross_checks"),
    *(
        "approve",
        "evidence",
        "evidence_zip",
        "dispute_raise",
        "dispute_settle",
        "home",
        "sheet_list",
    ),
    *("appraisal_list", "summary_xlsx", "ranking", "ranking_xlsx", "nomination_list"),
}


def between(story: SecretStory) -> list[tuple[str, str]]:
    """The pages that show points, for two units: between the moments at which all is asked."""
    sheets = [f"/phieu/{story.sheet(unit).pk}/" for unit in ("own", "head")]
    return [
        (name, url)
        for name, url in addresses(story)
        if name in LOOKED_AT_BETWEEN
        and ("/phieu/" not in url or any(url.startswith(sheet) for sheet in sheets))
    ]


def _with_queries(story: SecretStory) -> Iterator[tuple[str, str]]:
    """The pages that read their query, as the matrix asks them, and searches."""
    for name in ("ballot_new", "tie_decision", "approve_several"):
        yield name, CASES[name].url(name, story)
    for name in ("sheet_list", "bloc_list", "unit_list", "member_list"):
        kwargs = _year(story) if name in {"sheet_list", "member_list"} else {}
        yield name, f"{reverse(name, kwargs=kwargs)}?tim=BIMAT&q=BIMAT"
    for name in ("ranking_xlsx", "ranking_docx"):
        yield name, f"{reverse(name, kwargs=_year(story))}?ban=1"
