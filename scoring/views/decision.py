"""The Council's decision, recorded by the board apart from the bloc's result; its publication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from blocs.enums import YearStatus
from blocs.models import BlocYear, Membership
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import person
from emulation import clock
from emulation.access import Verdict, require
from emulation.vietnamese import format_date
from scoring.enums import DecisionOutcome
from scoring.forms.results import DecisionForm
from scoring.models import Award, CouncilDecision, Nomination
from scoring.permissions.results import (
    can_publish,
    can_record_decision,
    can_see_decisions,
)
from scoring.selectors.results import decision_of, get_nomination, latest_snapshot, nominations_of
from scoring.selectors.shown_ranking import NOT_PROPOSED, outcome_label
from scoring.services.decisions import record_council_decision
from scoring.services.publication import publish_results
from scoring.views.nominations import history_of
from scoring.views.result_pages import open_year, result_frame, year_offer


@dataclass(frozen=True, slots=True)
class Line:
    """One nomination with what the Council decided on it, and whether this person records it."""

    nomination: Nomination
    rank: int | None
    proposed: str
    decision: CouncilDecision | None
    given: str
    verdict: Verdict


def _line(
    standing: Standing,
    bloc_year: BlocYear,
    nomination: Nomination,
    ranks: Mapping[int, int | None],
) -> Line:
    return Line(
        nomination,
        ranks.get(nomination.membership_id),
        nomination.award.label if nomination.award else NOT_PROPOSED,
        decision_of(nomination),
        _given(nomination),
        can_record_decision(standing, bloc_year, nomination),
    )


@require_safe
def decision_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show what is proposed and what the Council decided, side by side."""
    bloc_year, standing = open_year(request, year_id)
    require(can_see_decisions(standing, bloc_year))
    ranks = _ranks(bloc_year)
    lines = [_line(standing, bloc_year, each, ranks) for each in nominations_of(bloc_year)]
    lines.sort(key=lambda line: (line.rank is None, line.rank or 0))
    waiting = [line for line in lines if line.decision is None and line.nomination.award]
    context = result_frame(
        request, bloc_year, standing, page="decisions", title="Quyết định của Hội đồng"
    )
    context |= {
        "lines": lines,
        "waiting": len(waiting),
        "first_waiting": waiting[0].nomination if waiting else None,
        "may_record": standing.is_board,
        "may_publish": can_publish(standing, bloc_year),
    }
    steps = {"offer": None, "back_offer": None, "take_url": ""}
    if bloc_year.step is YearStatus.SUBMITTED:
        steps = year_offer(request, bloc_year, "decide")
        steps["back_offer"] = year_offer(request, bloc_year, "return_dossier")["offer"]
    return render(request, "scoring/decision_list.html", context | steps)


def _ranks(bloc_year: BlocYear) -> dict[int, int | None]:
    snapshot = latest_snapshot(bloc_year)
    return dict(snapshot.rows.values_list("membership_id", "rank")) if snapshot else {}


def _given(nomination: Nomination) -> str:
    decision = decision_of(nomination)
    return outcome_label(decision) if decision else ""


@require_http_methods(["GET", "POST"])
def decision_record(request: HttpRequest, year_id: int, nomination_id: int) -> HttpResponse:
    """Record or correct the Council's decision on one nomination."""
    bloc_year, standing = open_year(request, year_id)
    require(can_see_decisions(standing, bloc_year))
    nomination = get_nomination(bloc_year, nomination_id)
    require(can_record_decision(standing, bloc_year, nomination))
    awards = Award.objects.filter(board_id=bloc_year.board_id).order_by("position", "pk")
    form = DecisionForm(request.POST or None, awards=awards, initial=_initial(nomination))

    def deed() -> None:
        record_council_decision(actor=person(request), nomination=nomination, **form.cleaned_data)

    if accepted(request, form, deed):
        messages.success(
            request,
            f"Đã ghi quyết định về {nomination.membership}. "
            "Đơn vị chưa xem được cho đến khi công bố.",
        )
        return redirect("decision_list", year_id=bloc_year.pk)
    back = reverse("decision_list", args=[bloc_year.pk])
    context = result_frame(
        request,
        bloc_year,
        standing,
        page="decisions",
        title=f"Quyết định của Hội đồng: {nomination.membership}",
        crumbs=[("Quyết định của Hội đồng", back)],
    )
    context |= {
        "form": form,
        "submit": "Ghi quyết định của Hội đồng",
        "after": "Quyết định được lưu riêng; thứ hạng và đề nghị của Khối không thay đổi.",
        "back_url": back,
        "nomination": nomination,
        "proposed": nomination.award.label if nomination.award else NOT_PROPOSED,
        "entries": history_of(nomination, sees_decisions=True),
    }
    return render(request, "scoring/decision_record.html", context)


def _initial(nomination: Nomination) -> dict[str, object]:
    decision = decision_of(nomination)
    if decision is None:
        return {"outcome": DecisionOutcome.APPROVED.value}
    names = ("outcome", "document_number", "decided_on", "reason")
    lowered = decision.outcome == DecisionOutcome.LOWERED
    return {name: getattr(decision, name) for name in names} | {
        "award": decision.award_id if lowered else None
    }


# ---------------------------------------------------------------- publication


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, year_id: int) -> HttpResponse:
    """Say what publication does, then publish."""
    bloc_year, standing = open_year(request, year_id)
    require(can_publish(standing, bloc_year))
    if request.method == "POST":
        published = publish_results(actor=person(request), bloc_year=bloc_year)
        messages.success(
            request,
            f"Đã công bố kết quả {published}. "
            f"Các đơn vị gửi kiến nghị trong {published.appeal_days} ngày.",
        )
        return redirect("ranking", year_id=bloc_year.pk)
    nominations = list(nominations_of(bloc_year))
    changed = [each for each in nominations if _is_changed(each)]
    snapshot = latest_snapshot(bloc_year)
    context = result_frame(request, bloc_year, standing, page="decisions", title="Công bố kết quả")
    context |= {
        "snapshot": snapshot,
        "adopted_on": format_date(clock.local_date(snapshot.adopted_at)) if snapshot else "",
        "members": Membership.objects.filter(bloc_year=bloc_year).count(),
        "given": [each for each in nominations if _is_given(each)],
        "changed": [(each.membership.unit_name, _given(each)) for each in changed],
        "back_url": reverse("decision_list", args=[bloc_year.pk]),
    }
    return render(request, "scoring/decision_publish.html", context)


def _is_given(nomination: Nomination) -> bool:
    decision = decision_of(nomination)
    return decision is not None and decision.award_id is not None


def _is_changed(nomination: Nomination) -> bool:
    decision = decision_of(nomination)
    return decision is not None and decision.outcome != DecisionOutcome.APPROVED
