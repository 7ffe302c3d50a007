"""A draft against past years: which years, who has looked, and what comes of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blocs.standing import Standing
from blocs.views.answers import accepted, page_of
from blocs.views.frame import person
from emulation.access import require
from scoring.forms.what_if import WhatIfForm
from scoring.models import Rubric, WhatIfUse
from scoring.permissions.what_if import (
    can_close_what_if,
    can_open_what_if,
    can_run_what_if,
    can_see_what_if,
)
from scoring.rules.rubric import RubricError
from scoring.selectors.rubrics import get_rubric_for_user
from scoring.selectors.what_if import comparisons, get_run, past_years, uses_of
from scoring.services.what_if import close_what_if, open_what_if, run_what_if
from scoring.views.rubric import rubric_frame
from scoring.views.what_if_rows import ShownYear, shown_use, shown_year

TITLE = "Xem thử với năm trước"


def _open_page(request: HttpRequest, rubric_id: int) -> tuple[Rubric, Standing]:
    found, standing = get_rubric_for_user(person(request), rubric_id)
    require(can_see_what_if(standing, found))
    return found, standing


@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Show the years to choose from and the log of use; log a run and go to its result."""
    found, standing = _open_page(request, rubric_id)
    years = list(past_years(found).values_list("year", flat=True))
    sent = request.POST if request.method == "POST" else None
    form = WhatIfForm(sent, years=years, initial={"years": years[:1]})
    runs: list[WhatIfUse] = []

    def deed() -> None:
        wanted = form.cleaned_data["years"]
        runs.append(run_what_if(actor=person(request), rubric=found, years=wanted))

    if accepted(request, form, deed):
        return redirect("what_if_result", rubric_id, runs[0].pk)
    uses = page_of(request, uses_of(found))
    context = {
        **rubric_frame(request, found, standing, TITLE, below=True),
        "rubric": found,
        "form": form,
        "years": years,
        "run": can_run_what_if(standing, found),
        "uses": uses,
        "rows": [shown_use(each, found) for each in uses],
        "access": _access(standing, found),
        "is_board": standing.is_board,
    }
    return render(request, "scoring/what_if.html", context)


def _access(standing: Standing, found: Rubric) -> dict[str, object]:
    """Return the board's button: what it does, whether it may, what happens then."""
    if found.what_if_open:
        return {
            "deed": "close",
            "label": "Thôi mở cho các đơn vị",
            "verdict": can_close_what_if(standing, found),
            "after": "Từ lúc đó chỉ Ban Thi đua - Khen thưởng xem thử được.",
        }
    return {
        "deed": "open",
        "label": "Mở cho mọi đơn vị trong Khối",
        "verdict": can_open_what_if(standing, found),
        "after": "Mọi đơn vị thành viên, kể cả Trưởng khối, cùng xem được như nhau.",
    }


@require_POST
def what_if_access(request: HttpRequest, rubric_id: int) -> HttpResponse:
    """Open the comparison to all members, or close it again: the board."""
    user = person(request)
    found, _ = get_rubric_for_user(user, rubric_id)
    match request.POST.get("deed"):
        case "open":
            open_what_if(actor=user, rubric=found)
            messages.success(request, "Đã mở: mọi đơn vị trong Khối cùng xem thử được.")
        case "close":
            close_what_if(actor=user, rubric=found)
            messages.success(request, "Đã thôi mở: chỉ Ban Thi đua - Khen thưởng xem thử được.")
        case _:
            raise Http404
    return redirect("what_if", rubric_id)


@require_GET
def what_if_result(request: HttpRequest, rubric_id: int, use_id: int) -> HttpResponse:
    """Show what a run found, computed anew; not of a draft that has changed since."""
    found, standing = _open_page(request, rubric_id)
    use = get_run(found, use_id)
    is_stale = use.edit_version != found.edit_version
    compared: list[ShownYear] = []
    problem = ""
    if not is_stale:
        try:
            compared = [
                shown_year(each, unit_by_unit=standing.is_board)
                for each in comparisons(found, use.years)
            ]
        except RubricError as error:
            problem = f"{error.place}: {error.message}"
    frame = rubric_frame(request, found, standing, "Kết quả xem thử", below=True)
    frame["crumbs"].insert(-1, (TITLE, reverse("what_if", args=[rubric_id])))
    context = {
        **frame,
        "rubric": found,
        "use": shown_use(use, found),
        "is_stale": is_stale,
        "problem": problem,
        "compared": compared,
        "is_board": standing.is_board,
    }
    return render(request, "scoring/what_if_result.html", context)
