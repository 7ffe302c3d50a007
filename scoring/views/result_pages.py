"""What every page of the results shares: its door, its frame, and the ways to its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.services.steps import YEAR_WORKFLOW
from blocs.slots import Tab
from blocs.standing import Standing
from blocs.views.frame import Crumb, frame, get_bloc_year_for_user, person
from scoring.permissions.results import can_see_decisions, can_see_ranking

S = YearStatus
TAB = "results"


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a neighbouring page of the results."""

    key: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one obvious thing to do next: words of the button, where it leads, what happens then."""

    label: str
    url: str
    then: str = ""


def open_year(request: HttpRequest, year_id: int) -> tuple[BlocYear, Standing]:
    """Return a bloc-year from inside; Http404 unless visible."""
    return get_bloc_year_for_user(person(request), year_id)


def result_frame(
    request: HttpRequest,
    bloc_year: BlocYear,
    standing: Standing,
    *,
    page: str,
    title: str,
    crumbs: Sequence[Crumb] = (),
) -> dict[str, Any]:
    """Return the context of ``scoring/results_base.html``."""
    up: list[Crumb] = [] if page == "ranking" and not crumbs else [_up(bloc_year)]
    context = frame(request, bloc_year, standing, tab=TAB, title=title, crumbs=[*up, *crumbs])
    return context | {"ways": ways(bloc_year, standing), "page": page}


def _up(bloc_year: BlocYear) -> Crumb:
    return ("Kết quả", reverse("ranking", args=[bloc_year.pk]))


def outside_frame(bloc_year: BlocYear, standing: Standing, title: str) -> dict[str, Any]:
    """Return the context for a reader from another bloc of the same board."""
    here = reverse("ranking", args=[bloc_year.pk])
    return {
        "bloc_year": bloc_year,
        "standing": standing,
        "tabs": [Tab(TAB, "Kết quả", here)],
        "tab": TAB,
        "title": title,
        "crumbs": [("Khối thi đua", reverse("bloc_list")), (str(bloc_year), None)],
        "ways": [],
        "page": "ranking",
    }


def ways(bloc_year: BlocYear, standing: Standing) -> list[Way]:
    """Return the pages of the results that this person may open now."""
    step = bloc_year.step
    sees = bool(can_see_ranking(standing, bloc_year))
    shown = [
        (sees, "ranking", "Xếp hạng", "ranking"),
        (sees and step.reached(S.MEETING), "ballots", "Bỏ phiếu, thứ tự", "ballot_list"),
        (sees, "standing", "Không xét thi đua", "standing_decision_list"),
        (standing.sees_inside, "quotas", "Chỉ tiêu, căn cứ", "quota_list"),
        (sees and step.reached(S.MEETING), "nominations", "Đề nghị khen thưởng", "nomination_list"),
        (
            step.reached(S.SUBMITTED) and bool(can_see_decisions(standing, bloc_year)),
            "decisions",
            "Quyết định của Hội đồng",
            "decision_list",
        ),
        (bloc_year.published_at is not None, "appeals", "Kiến nghị", "appeal_list"),
    ]
    return [
        Way(key, label, reverse(name, args=[bloc_year.pk]))
        for is_shown, key, label, name in shown
        if is_shown
    ]


def year_offer(request: HttpRequest, bloc_year: BlocYear, name: str) -> dict[str, Any]:
    """Return a step of the year as a page of the results offers it, and where it is posted."""
    return {
        "offer": YEAR_WORKFLOW.offer(person(request), bloc_year, name),
        "take_url": reverse("take_step", args=[bloc_year.pk]),
    }
