"""What the bloc proposes: by the quotas, then decided unit by unit by the head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blocs.enums import YearStatus
from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import person
from emulation.access import Verdict, require
from emulation.enums import Face
from emulation.history import Entry
from scoring.enums import NominationStatus
from scoring.forms.results import NominationForm
from scoring.models import Award, AwardQuota, Nomination, NominationTransition
from scoring.permissions.results import (
    can_decide_nominations,
    can_see_decisions,
    can_see_others,
    can_see_ranking,
    may_decide_any,
)
from scoring.selectors.ranking import award_report, live_ranking, quotas_of
from scoring.selectors.results import get_nomination, latest_snapshot, nominations_of, rows_of
from scoring.selectors.shown_ranking import NOT_PROPOSED
from scoring.services.nominations import (
    TRANSITIONS,
    confirm_nominations,
    decide_nomination,
    deciding_verdict,
    departs_from,
    places_for,
    proposal_for,
)
from scoring.views.result_pages import open_year, result_frame, year_offer

S = YearStatus
KEPT_SECRET = frozenset(
    {NominationStatus.APPROVED, NominationStatus.LOWERED, NominationStatus.REJECTED}
)


def face_for(nomination: Nomination, *, sees_decisions: bool) -> Face:
    """Return a nomination's status; what the Council decided only to those who may know it."""
    stage = nomination.stage
    if stage in KEPT_SECRET and not sees_decisions:
        stage = NominationStatus.SENT
    return stage.face


# ---------------------------------------------------------------- the list


@require_safe
def nomination_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the proposals with their reasons, places left open, and ties across a quota's line."""
    bloc_year, standing = open_year(request, year_id)
    require(can_see_ranking(standing, bloc_year))
    context = result_frame(
        request, bloc_year, standing, page="nominations", title="Đề nghị khen thưởng"
    ) | {"offer": None, "take_url": ""}
    if not bloc_year.step.reached(S.ADOPTED):
        return render(
            request, "scoring/nomination_list.html", context | _forecast(bloc_year, standing)
        )
    submit = year_offer(request, bloc_year, "submit") if bloc_year.step is S.ADOPTED else {}
    shown = _decided(bloc_year, standing)
    return render(request, "scoring/nomination_list.html", context | shown | submit)


def _forecast(bloc_year: BlocYear, standing: Standing) -> dict[str, Any]:
    """Return what the quotas would propose if the table were adopted now."""
    require(can_see_others(standing, bloc_year))
    live = live_ranking(bloc_year, standing)
    report = award_report(live, quotas_of(bloc_year))
    proposed = {int(each.key): each for each in report.proposals}
    rows = [
        {
            "unit": live.name(row.key),
            "rank": row.rank,
            "is_tied": row.is_tied,
            "award": proposed[int(row.key)].label if row.key in proposed else NOT_PROPOSED,
            "reason": proposed[int(row.key)].reason if row.key in proposed else "",
            "pending": proposed[int(row.key)].pending if row.key in proposed else "",
        }
        for row in live.ranking.ranked
    ]
    return {
        "is_forecast": True,
        "rows": rows,
        "places": [],
        "open_places": [each.reason for each in report.open_places],
        "ties": [(each.text, live.names(each.keys)) for each in report.ties],
        "warnings": report.warnings,
        "may_confirm": None,
        "may_decide": False,
        "confirmable": 0,
        "undecided": 0,
    }


def _decided(bloc_year: BlocYear, standing: Standing) -> dict[str, Any]:
    snapshot = latest_snapshot(bloc_year)
    rows = {row.membership_id: row for row in rows_of(snapshot)} if snapshot else {}
    nominations = list(nominations_of(bloc_year))
    sees = bool(can_see_decisions(standing, bloc_year))
    awards: Mapping[str, Any] = snapshot.inputs.get("awards", {}) if snapshot else {}
    names = {key: row.explanation.get("unit", "") for key, row in rows.items()}
    shown = [_row(each, rows.get(each.membership_id), sees_decisions=sees) for each in nominations]
    undecided = [each for each in shown if each["is_undecided"]]
    return {
        "is_forecast": False,
        "rows": sorted(shown, key=lambda row: (row["rank"] is None, row["rank"] or 0)),
        "places": _places(bloc_year, nominations),
        "open_places": [each["reason"] for each in awards.get("open_places", ())],
        "ties": [
            (each["text"], [names.get(int(key), "") for key in each["keys"]])
            for each in awards.get("ties", ())
        ],
        "warnings": awards.get("warnings", ()),
        "may_confirm": can_decide_nominations(standing, bloc_year),
        "may_decide": may_decide_any(standing, bloc_year),
        "confirmable": sum(1 for each in undecided if not each["departs"]),
        "undecided": len(undecided),
    }


def _row(nomination: Nomination, row: Any, *, sees_decisions: bool) -> dict[str, Any]:
    proposal = (row.explanation.get("proposal") or {}) if row else {}
    departs = departs_from(proposal, nomination.award)
    stage = nomination.stage
    return {
        "nomination": nomination,
        "unit": nomination.membership.unit_name,
        "rank": row.rank if row else None,
        "is_tied": bool(row and row.is_tied),
        "award": nomination.award.label if nomination.award else NOT_PROPOSED,
        "reason": nomination.reason,
        "pending": proposal.get("pending", "") if stage is NominationStatus.PROPOSED else "",
        "departs": departs,
        "by_quota": proposal.get("label") or NOT_PROPOSED,
        "face": face_for(nomination, sees_decisions=sees_decisions),
        "is_undecided": stage in {NominationStatus.PROPOSED, NominationStatus.RETURNED},
    }


def _places(
    bloc_year: BlocYear, nominations: Sequence[Nomination]
) -> list[tuple[str, int, int, int]]:
    """Return award, places, proposed and left for each quota."""
    found = []
    for quota in quotas_of(bloc_year):
        places = places_for(bloc_year, quota)
        taken = sum(1 for each in nominations if each.award_id == quota.award_id)
        found.append((quota.award.label, places, taken, max(0, places - taken)))
    return found


# ---------------------------------------------------------------- deciding


@require_POST
def nominations_confirm(request: HttpRequest, year_id: int) -> HttpResponse:
    """Confirm every proposal that follows from the quotas."""
    bloc_year, _ = open_year(request, year_id)
    confirmed = confirm_nominations(actor=person(request), bloc_year=bloc_year)
    messages.success(
        request,
        f"Đã quyết định {len(confirmed)} đề nghị theo chỉ tiêu. "
        "Khi không còn đề nghị nào chờ, Trưởng khối trình Hội đồng.",
    )
    return redirect("nomination_list", year_id=bloc_year.pk)


@require_http_methods(["GET", "POST"])
def nomination_decide(request: HttpRequest, year_id: int, nomination_id: int) -> HttpResponse:
    """Decide what the bloc proposes for one unit."""
    bloc_year, standing = open_year(request, year_id)
    require(can_see_ranking(standing, bloc_year))
    nomination = get_nomination(bloc_year, nomination_id)
    proposal = proposal_for(bloc_year, nomination)
    require(_may_open(bloc_year, standing, nomination, proposal))
    quotas = AwardQuota.objects.filter(bloc_year=bloc_year)
    awards = Award.objects.filter(pk__in=quotas.values("award_id")).order_by("position", "pk")
    form = NominationForm(
        request.POST or None, awards=awards, initial={"award": nomination.award_id}
    )

    def deed() -> None:
        decide_nomination(actor=person(request), nomination=nomination, **form.cleaned_data)

    if accepted(request, form, deed):
        messages.success(request, f"Đã quyết định đề nghị đối với {nomination.membership}.")
        return redirect("nomination_list", year_id=bloc_year.pk)
    back = reverse("nomination_list", args=[bloc_year.pk])
    context = result_frame(
        request,
        bloc_year,
        standing,
        page="nominations",
        title=f"Đề nghị khen thưởng: {nomination.membership}",
        crumbs=[("Đề nghị khen thưởng", back)],
    )
    context |= {
        "form": form,
        "submit": "Ghi quyết định đề nghị",
        "after": "Đề nghị được trình Hội đồng cùng hồ sơ của Khối.",
        "back_url": back,
        "proposal": proposal,
        "by_quota": proposal.get("label") or NOT_PROPOSED,
        "entries": history_of(nomination, sees_decisions=False),
    }
    return render(request, "scoring/nomination_decide.html", context)


def _may_open(
    bloc_year: BlocYear, standing: Standing, nomination: Nomination, proposal: Mapping[str, Any]
) -> Verdict:
    """The head may confirm, and whoever is unconcerned may depart: either opens the page."""
    plain = can_decide_nominations(standing, bloc_year)
    if plain and not proposal.get("pending"):
        return plain
    return deciding_verdict(standing, bloc_year, nomination, proposal, departs=True)


def history_of(nomination: Nomination, *, sees_decisions: bool) -> list[Entry]:
    """Return a nomination's history; before publication without what the Council decided."""
    labels = {each.name: each.label for each in TRANSITIONS}
    rows = NominationTransition.objects.filter(nomination=nomination).select_related("actor")
    return [
        Entry(
            at=row.at,
            who=row.actor.full_name,
            acting_as=row.acting_as,
            what=labels.get(row.transition, "Tạo lập"),
            change=NominationStatus(row.to_status).label,
            reason=row.reason,
        )
        for row in rows.order_by("-at", "-pk")
        if sees_decisions or row.to_status not in KEPT_SECRET
    ]
