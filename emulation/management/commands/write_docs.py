"""``manage.py write_docs``: what the code itself says about pages, workflows and notices."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

from blocs.permissions import is_board, is_head, is_secretary
from blocs.services.steps import BY_BOARD, BY_SECRETARY, YEAR_WORKFLOW
from emulation.management.notices_document import notices_document
from emulation.workflow import Acting, Transition, Workflow
from pledges import permissions as pledge_permissions
from pledges.services.pledge_workflow import AGREE, CLOSE, PLEDGE_WORKFLOW, REOPEN
from pledges.services.sending_workflows import REGISTRATION_WORKFLOW, REPORT_WORKFLOW, SEND
from scoring.permissions import results as result_permissions
from scoring.services import rubric_workflow, sheet_workflow
from scoring.services.nominations import nomination_workflow

PLACE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
NOTICES_PLACE = Path(settings.BASE_DIR) / "docs" / "notifications.md"
METHODS = ("GET", "POST")
# Pages whose view is Django's own.
DJANGOS = {
    "logout": "Log out.",
    "password_change": "Change one's own password.",
    "password_change_done": "Say that the password was changed.",
}
HEAD = """# Pages, workflows and who may

Written from the code by `manage.py write_docs`; do not edit. Which role gets which answer is held
by `tests/expected/permissions.csv` and `tests/expected/transitions.csv`, written from the rules
and compared with every page and every transition by `tests/matrix`.
"""

Predicate = Callable[..., Any]


class Command(BaseCommand):
    """Writes the generated documents, or with ``--check`` says whether they are up to date."""

    help = "Writes docs/permissions.md and docs/notifications.md from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--check``."""
        parser.add_argument("--check", action="store_true", help="write nothing, fail if stale")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the documents; with ``--check`` CommandError where one is stale."""
        for place, text in ((PLACE, document()), (NOTICES_PLACE, notices_document())):
            name = place.relative_to(settings.BASE_DIR)
            if not options["check"]:
                place.write_text(text, encoding="utf-8")
                self.stdout.write(f"wrote {name}")
            elif not place.exists() or place.read_text(encoding="utf-8") != text:
                raise CommandError(f"{name} is stale; run manage.py write_docs")


def document() -> str:
    """Return the whole document."""
    parts = [HEAD, "## Pages\n", *_page_tables(), "## Workflows\n", *_workflow_tables()]
    return "\n".join(parts)


# ---------------------------------------------------------------- pages


@dataclass(frozen=True, slots=True)
class Page:
    """A named URL: its app, address, methods, and the first line of its view's docstring."""

    app: str
    address: str
    name: str
    methods: tuple[str, ...]
    does: str


def pages() -> list[Page]:
    """Return every page in the order of the URL table; the admin's own pages are left out."""
    return list(_pages_in(get_resolver().url_patterns, "/"))


def _pages_in(patterns: Iterable[Any], prefix: str) -> Iterator[Page]:
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver) and entry.namespace != "admin":
            yield from _pages_in(entry.url_patterns, address)
        elif isinstance(entry, URLPattern):
            yield _page(entry, address)


def _page(entry: URLPattern, address: str) -> Page:
    name, view = entry.name or "", entry.callback
    cls = getattr(view, "view_class", None)
    module = (cls or view).__module__.split(".")[0]
    app = "emulation" if module == "django" else module
    does = DJANGOS.get(name) or _first_line(cls or view)
    return Page(app, address, name, tuple(m for m in METHODS if m in methods_of(view)), does)


def methods_of(view: Callable[..., Any]) -> set[str]:
    """Return the methods a view answers; CommandError where it does not say."""
    cls = getattr(view, "view_class", None)
    if cls is not None:
        return {name.upper() for name in cls.http_method_names if hasattr(cls, name)}
    layer: Any = view
    while layer is not None:
        said = inspect.getclosurevars(layer).nonlocals.get("request_method_list")
        if said:
            return set(said)
        layer = getattr(layer, "__wrapped__", None)
    raise CommandError(f"{view.__module__}.{view.__name__} does not say which methods it answers")


def _page_tables() -> Iterator[str]:
    known = pages()
    for app in dict.fromkeys(page.app for page in known):
        yield f"### {app}\n"
        rows = [
            (f"`{page.address}`", f"`{page.name}`", ", ".join(page.methods), page.does)
            for page in known
            if page.app == app
        ]
        yield _table(("Address", "Name", "Methods", "What it does"), rows)


# ---------------------------------------------------------------- workflows


def workflows() -> dict[str, tuple[Workflow, Callable[[Transition], Predicate]]]:
    """Return each workflow by the object it moves, with what says who may take a transition."""
    return {
        "year": (YEAR_WORKFLOW, _of_year),
        "pledge": (PLEDGE_WORKFLOW, _of_pledge),
        "registration": (
            REGISTRATION_WORKFLOW,
            _sending(pledge_permissions.can_register, pledge_permissions.can_return_registration),
        ),
        "report": (
            REPORT_WORKFLOW,
            _sending(pledge_permissions.can_write_report, pledge_permissions.can_return_report),
        ),
        "rubric": (rubric_workflow.RUBRIC_WORKFLOW, lambda t: rubric_workflow.BY[t.name]),
        "sheet": (sheet_workflow.SHEET_WORKFLOW, lambda t: sheet_workflow.BY[t.name]),
        "nomination": (nomination_workflow(Acting(None, "")), _of_nomination),
    }


def _of_year(transition: Transition) -> Predicate:
    if transition.name in BY_BOARD:
        return is_board
    return is_secretary if transition.name in BY_SECRETARY else is_head


def _of_pledge(transition: Transition) -> Predicate:
    others: dict[str, Predicate] = {
        AGREE.name: is_head,
        REOPEN.name: pledge_permissions.can_reopen_text,
        CLOSE.name: is_board,
    }
    return others.get(transition.name, is_secretary)


def _sending(sends: Predicate, returns: Predicate) -> Callable[[Transition], Predicate]:
    return lambda transition: sends if transition.name == SEND else returns


def _of_nomination(transition: Transition) -> Predicate:
    """Proposing, sending and returning are taken along with a step of the year."""
    own: dict[str, Predicate] = {
        "propose": is_head,
        "decide": result_permissions.can_decide_nominations,
        "send": is_head,
        "return": is_board,
    }
    return own.get(transition.name, result_permissions.can_record_decision)


def _workflow_tables() -> Iterator[str]:
    for name, (workflow, predicate_of) in workflows().items():
        yield f"### {name}\n"
        rows = [
            (
                f"`{each.name}`",
                ", ".join(f"`{source}`" for source in each.sources),
                f"`{each.target}`",
                each.label,
                _first_line(predicate_of(each)),
                "yes" if each.needs_reason else "",
            )
            for each in workflow.transitions
        ]
        yield _table(("Transition", "From", "To", "Button", "Who", "Reason"), rows)


# ---------------------------------------------------------------- text


def _first_line(documented: Any) -> str:
    """Return the first paragraph of a docstring as one line."""
    text = inspect.getdoc(documented) or ""
    first = " ".join(text.split("\n\n")[0].split())
    if not first:
        raise CommandError(f"{documented} has no docstring")
    return first.replace("|", "/")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
