"""Home, "Việc cần làm": what a person has to do, until when, and who is being waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from blocs.enums import YearStatus
from blocs.models import BlocYear, Board, Post
from blocs.selectors.boards import BoardCount, board_counts, working_boards
from blocs.selectors.checklist import BoardFacts, Item, facts_of, first_missing, items_of
from blocs.selectors.standing import posts_today
from blocs.selectors.years import bloc_years_visible_to
from blocs.services.steps import YEAR_WORKFLOW
from blocs.views.stages import Stage, stages_of
from emulation.access import Refused
from emulation.models import User
from emulation.site.tasks import desk_of
from emulation.workflow import Blocker

SHOWN = 2
SHOWN_TO_BOARD = 5
FIRST_STEP = "consult"


@dataclass(frozen=True, slots=True)
class YearCard:
    """How a bloc-year of the person stands: its name, its step, what comes next."""

    name: str
    url: str
    step: str
    what_next: str
    stages: list[Stage]


@dataclass(frozen=True, slots=True)
class Start:
    """What a board still needs before its first bloc starts, and who acts after it."""

    board: Board
    items: list[Item]
    following: Item | None
    head: str
    later: tuple[Blocker, ...]

    @property
    def done(self) -> int:
        """How many items are done."""
        return sum(1 for item in self.items if item.is_done)


@dataclass(frozen=True, slots=True)
class AdminDesk:
    """What the administrator of accounts looks after: boards in counts, never a score."""

    boards: list[BoardCount]
    door_record: str

    @property
    def may_merge(self) -> bool:
        """Whether there are two boards to merge."""
        return len(self.boards) > 1


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the person's tasks, all capacities together, and how his or her bloc-years stand."""
    user = request.user
    if not isinstance(user, User):
        raise Refused("Đề nghị đăng nhập.")
    desk = desk_of(user)
    posts = list(posts_today(user))
    context: dict[str, Any] = {
        "desk": desk,
        "starts": _starts(user, posts),
        "cards": _cards(user, posts),
        "watched": _watched(user, posts),
        "admin_desk": _admin_desk(user),
        "is_staff": user.is_staff,
        "without_post": not posts and not user.is_staff,
    }
    context["shows_tasks"] = bool(desk.tasks or desk.awaited or desk.done) or not (
        context["starts"] or context["admin_desk"]
    )
    return render(request, "site/home.html", context)


# ---------------------------------------------------------------- the administrator


def _admin_desk(user: User) -> AdminDesk | None:
    if not user.is_superuser:
        return None
    boards = board_counts(list(working_boards()))
    return AdminDesk(boards, _address("door_records"))


def _address(name: str, *args: object) -> str:
    """Return a page's address, or "" in an installation that does not have it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


# ---------------------------------------------------------------- a board that begins


def _starts(user: User, posts: Sequence[Post]) -> list[Start]:
    """Return the checklist of each of the officer's boards that has no running bloc."""
    boards = {post.board_id: post.board for post in posts if post.board}
    found = [(board, facts_of(board)) for board in boards.values()]
    return [_start(user, board, facts) for board, facts in found if facts is not None]


def _start(user: User, board: Board, facts: BoardFacts) -> Start:
    items = items_of(facts)
    return Start(
        board,
        items,
        first_missing(items),
        facts.head,
        _later(user, facts) if facts.head else (),
    )


def _later(user: User, facts: BoardFacts) -> tuple[Blocker, ...]:
    """Return what still keeps the year from its first step, by the gateway's own blockers.

    Without their links: what the board mends itself stands above, the rest is the head's.
    """
    if facts.bloc_year is None:
        return ()
    bloc_year = BlocYear.objects.select_related("bloc", "board").get(pk=facts.bloc_year[0])
    blockers = YEAR_WORKFLOW.offer(user, bloc_year, FIRST_STEP).blockers
    return tuple(replace(blocker, url="") for blocker in blockers)


# ---------------------------------------------------------------- bloc-years


def _watched(user: User, posts: Sequence[Post]) -> list[BlocYear]:
    """Return the open years of an officer's boards, the newest first; none for others."""
    boards = [post.board_id for post in posts if post.board_id]
    if not boards:
        return []
    years = bloc_years_visible_to(user).filter(board_id__in=boards)
    return list(years.exclude(status=YearStatus.CLOSED)[:SHOWN_TO_BOARD])


def _cards(user: User, posts: Sequence[Post]) -> list[YearCard]:
    """Return the person's newest open years, one a bloc, at most two."""
    units = [post.unit_id for post in posts if post.unit_id]
    if not units:
        return []
    years = (
        bloc_years_visible_to(user)
        .filter(memberships__unit_id__in=units)
        .exclude(status=YearStatus.CLOSED)
        .distinct()
    )
    newest: dict[int, BlocYear] = {}
    for bloc_year in years[: SHOWN * 5]:
        newest.setdefault(bloc_year.bloc_id, bloc_year)
    return [_card(bloc_year) for bloc_year in list(newest.values())[:SHOWN]]


def _card(bloc_year: BlocYear) -> YearCard:
    face = bloc_year.step.face
    return YearCard(
        name=str(bloc_year),
        url=reverse("bloc_year", args=[bloc_year.pk]),
        step=face.official,
        what_next=bloc_year.what_next,
        stages=stages_of(bloc_year, None),
    )
