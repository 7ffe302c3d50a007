"""Home, "Việc cần làm": what a person has to do, until when, and who is being waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from blocs.enums import YearStatus
from blocs.models import BlocYear, Post
from blocs.selectors.standing import posts_today
from blocs.selectors.years import bloc_years_visible_to
from blocs.views.stages import Stage, stages_of
from emulation.access import Refused
from emulation.models import User
from emulation.site import wiring
from emulation.tasks import Desk

SHOWN = 2
SHOWN_TO_BOARD = 12


@dataclass(frozen=True, slots=True)
class YearCard:
    """How a bloc-year of the person stands: its name, its step, what comes next."""

    name: str
    url: str
    step: str
    what_next: str
    stages: list[Stage]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the person's tasks, all capacities together, and how his or her bloc-years stand."""
    user = request.user
    if not isinstance(user, User):
        raise Refused("Đề nghị đăng nhập.")
    desk = Desk.merged(source(user) for source in wiring.TASK_SOURCES)
    posts = list(posts_today(user))
    context = {
        "desk": desk,
        "cards": _cards(user, posts),
        "watched": _watched(user, posts),
        "is_staff": user.is_staff,
        "without_post": not posts and not user.is_staff,
    }
    return render(request, "site/home.html", context)


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
