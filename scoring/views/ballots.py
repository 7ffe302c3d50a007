"""Ties that wait for people: votes by the minutes of counting, and the head's order."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from blocs.enums import YearStatus
from blocs.models import BlocYear, Meeting
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import Crumb, person
from emulation.access import Conflict, require
from emulation.forms import OfficialForm
from scoring.forms.results import BallotForm, OrderForm
from scoring.models import Ballot, BallotVote, TieDecision
from scoring.permissions.results import can_break_tie, can_record_ballot, can_see_ranking
from scoring.selectors.ranking import LiveRanking, live_ranking
from scoring.services.ballots import (
    NO_SUCH_TIE,
    BallotCount,
    record_ballot,
    record_tie_decision,
)
from scoring.views.result_pages import open_year, result_frame


@require_safe
def ballot_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show which ties wait, the votes held, and the orders decided."""
    bloc_year, standing = open_year(request, year_id)
    require(can_see_ranking(standing, bloc_year))
    if not bloc_year.step.reached(YearStatus.MEETING) and not standing.is_board:
        require(can_record_ballot(standing, bloc_year))
    live = live_ranking(bloc_year)
    context = result_frame(
        request, bloc_year, standing, page="ballots", title="Bỏ phiếu và thứ tự khi bằng điểm"
    )
    context |= {
        "ties": [_tie(live, standing, keys) for keys in live.ranking.ties_pending],
        "ballots": [_shown(ballot) for ballot in _ballots(bloc_year)],
        "orders": [
            (each, [live.members[key].unit for key in each.order if key in live.members])
            for each in TieDecision.objects.filter(bloc_year=bloc_year)
            .select_related("actor")
            .order_by("-at", "-pk")
        ],
    }
    return render(request, "scoring/ballot_list.html", context)


def _tie(live: LiveRanking, standing: Standing, keys: tuple[int | str, ...]) -> dict[str, object]:
    bloc_year, row = live.bloc_year, live.ranking.row(keys[0])
    members = [live.members[int(key)] for key in keys]
    asked = "&".join(f"don-vi={int(key)}" for key in keys)
    waits_for_head = "Trưởng khối" in row.tie_pending
    return {
        "rank": row.rank,
        "names": live.names(keys),
        "pending": row.tie_pending,
        "waits_for_head": waits_for_head,
        "verdict": can_break_tie(standing, bloc_year, [member.unit_id for member in members])
        if waits_for_head
        else can_record_ballot(standing, bloc_year),
        "url": reverse("tie_decision" if waits_for_head else "ballot_new", args=[bloc_year.pk])
        + f"?{asked}",
    }


def _ballots(bloc_year: BlocYear) -> list[Ballot]:
    return list(
        Ballot.objects.filter(bloc_year=bloc_year)
        .select_related("meeting", "recorded_by")
        .prefetch_related("votes__membership")
        .order_by("-recorded_at", "-pk")
    )


def _shown(ballot: Ballot) -> tuple[Ballot, list[BallotVote]]:
    return ballot, list(ballot.votes.all())


def _asked_units(request: HttpRequest, bloc_year: BlocYear) -> list[tuple[int, str]]:
    """Return the tied units named in the address; Http404 for others, Conflict when they moved."""
    live = live_ranking(bloc_year)
    asked = {int(key) for key in request.GET.getlist("don-vi") if key.isascii() and key.isdigit()}
    if not asked or not asked <= live.members.keys():
        raise Http404
    if asked not in [set(keys) for keys in live.ranking.ties_pending]:
        raise Conflict(NO_SUCH_TIE)
    return [(key, member.unit) for key, member in live.members.items() if key in asked]


def _crumb(bloc_year: BlocYear) -> Crumb:
    return ("Bỏ phiếu, thứ tự", reverse("ballot_list", args=[bloc_year.pk]))


@require_http_methods(["GET", "POST"])
def ballot_new(request: HttpRequest, year_id: int) -> HttpResponse:
    """Record a vote among tied units."""
    bloc_year, standing = open_year(request, year_id)
    require(can_record_ballot(standing, bloc_year))
    units = _asked_units(request, bloc_year)
    meetings = Meeting.objects.filter(bloc_year=bloc_year).order_by("-held_on", "-pk")
    form = BallotForm(request.POST or None, meetings=meetings, units=units)

    def deed() -> None:
        data = form.cleaned_data
        names = ("method", "eligible", "issued", "returned", "valid", "invalid", "counters")
        record_ballot(
            actor=person(request),
            bloc_year=bloc_year,
            meeting=data["meeting"],
            count=BallotCount(**{name: data[name] for name in names}),
            votes=form.votes,
        )

    if accepted(request, form, deed):
        messages.success(request, "Đã ghi kết quả bỏ phiếu. Bảng xếp hạng đã tính lại.")
        return redirect("ballot_list", year_id=bloc_year.pk)
    return _form_page(
        request,
        bloc_year,
        standing,
        form,
        title="Ghi kết quả bỏ phiếu",
        submit="Ghi kết quả bỏ phiếu",
        after="Chỉ ghi số phiếu của từng đơn vị; không ghi ai bầu cho đơn vị nào.",
    )


@require_http_methods(["GET", "POST"])
def tie_decision(request: HttpRequest, year_id: int) -> HttpResponse:
    """Decide the order of tied units."""
    bloc_year, standing = open_year(request, year_id)
    units = _asked_units(request, bloc_year)
    live = live_ranking(bloc_year)
    unit_ids = [live.members[key].unit_id for key, _ in units]
    require(can_break_tie(standing, bloc_year, unit_ids))
    form = OrderForm(request.POST or None, units=units)

    def deed() -> None:
        record_tie_decision(
            actor=person(request),
            bloc_year=bloc_year,
            order=form.order,
            reason=form.cleaned_data["reason"],
        )

    if accepted(request, form, deed):
        messages.success(request, "Đã ghi thứ tự. Bảng xếp hạng đã tính lại.")
        return redirect("ballot_list", year_id=bloc_year.pk)
    return _form_page(
        request,
        bloc_year,
        standing,
        form,
        title="Quyết định thứ tự các đơn vị bằng nhau",
        submit="Ghi thứ tự các đơn vị",
        after="Thứ tự, lý do và tên người quyết định hiện trong phần giải thích thứ hạng.",
    )


def _form_page(
    request: HttpRequest,
    bloc_year: BlocYear,
    standing: Standing,
    form: OfficialForm,
    *,
    title: str,
    submit: str,
    after: str,
) -> HttpResponse:
    context = result_frame(
        request, bloc_year, standing, page="ballots", title=title, crumbs=[_crumb(bloc_year)]
    )
    context |= {
        "form": form,
        "submit": submit,
        "after": after,
        "back_url": reverse("ballot_list", args=[bloc_year.pk]),
    }
    return render(request, "scoring/ballot_form.html", context)
