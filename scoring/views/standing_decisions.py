"""Who is not considered and why: read by the bloc, decided by head or board, never on oneself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import Crumb, person
from emulation.access import Conflict, require
from scoring.forms.results import ExcludeForm, OverrideForm, WhyForm
from scoring.permissions.results import can_decide_standing, can_see_standing_decisions
from scoring.rules.grounds import Ground
from scoring.selectors.gathering import Member, Rulebook, members_of, rulebook_of
from scoring.selectors.ranking import grounds_of, superseded_by
from scoring.selectors.results import (
    get_membership,
    get_standing_decision,
    ground_label,
    standing_decisions_of,
)
from scoring.services.standing_decisions import (
    exclude_member,
    override_ground,
    revoke_standing_decision,
)
from scoring.views.quotas import grades_of_year
from scoring.views.result_pages import open_year, result_frame


@require_safe
def standing_decision_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show, for every member, what keeps it back and what was decided."""
    bloc_year, standing = open_year(request, year_id)
    require(can_see_standing_decisions(standing, bloc_year))
    rulebook = rulebook_of(bloc_year)
    context = result_frame(request, bloc_year, standing, page="standing", title="Không xét thi đua")
    context |= {
        "lines": [
            _line(bloc_year, standing, member, rulebook)
            for member in members_of(bloc_year).values()
        ],
        "decisions": [
            {
                "row": each,
                "ground": ground_label(each.ground),
                "may_revoke": each.revoked_at is None
                and bool(can_decide_standing(standing, bloc_year, each.membership.unit_id)),
            }
            for each in standing_decisions_of(bloc_year)
        ],
    }
    return render(request, "scoring/standing_list.html", context)


def _line(
    bloc_year: BlocYear, standing: Standing, member: Member, rulebook: Rulebook
) -> dict[str, object]:
    grounds = list(grounds_of(member, rulebook, bloc_year))
    return {
        "member": member,
        "grounds": [ground.text for ground in grounds],
        "verdict": can_decide_standing(standing, bloc_year, member.unit_id),
        "overridable": bool(_overridable(member, rulebook, bloc_year)),
    }


def _overridable(member: Member, rulebook: Rulebook, bloc_year: BlocYear) -> list[Ground]:
    """Return the grounds that hold by rule alone and are not yet overridden."""
    decided = {each.ground for each in member.decisions.values()}
    found = [each.ground for each in grounds_of(member, rulebook, bloc_year)]
    if superseded_by(member, rulebook):
        decided.add(Ground.UNIT_DISSOLVED)
    return [ground for ground in found if ground not in decided]


def _crumb(bloc_year: BlocYear) -> Crumb:
    return ("Không xét thi đua", reverse("standing_decision_list", args=[bloc_year.pk]))


@require_http_methods(["GET", "POST"])
def exclude(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Decide that a member is not considered, or only in part."""
    bloc_year, standing = open_year(request, year_id)
    membership = get_membership(bloc_year, membership_id)
    require(can_decide_standing(standing, bloc_year, membership.unit_id))
    form = ExcludeForm(request.POST or None, grades=grades_of_year(bloc_year))

    def deed() -> None:
        data = form.cleaned_data
        exclude_member(
            actor=person(request),
            membership=membership,
            ground=data["ground"],
            effect=data["effect"] or None,
            reason=data["reason"],
            grade_ceiling=data["grade_ceiling"],
        )

    if accepted(request, form, deed):
        messages.success(request, f"Đã ghi quyết định về {membership}. Bảng xếp hạng đã tính lại.")
        return redirect("standing_decision_list", year_id=bloc_year.pk)
    return _form_page(
        request,
        bloc_year,
        standing,
        form,
        title=f"Không xét thi đua: {membership}",
        submit="Ghi quyết định không xét thi đua",
        after="Tên người ghi, ngày và lý do hiện trên bảng xếp hạng.",
    )


@require_http_methods(["GET", "POST"])
def override(request: HttpRequest, year_id: int, membership_id: int) -> HttpResponse:
    """Decide that a member is considered in spite of a ground that holds by rule."""
    bloc_year, standing = open_year(request, year_id)
    membership = get_membership(bloc_year, membership_id)
    require(can_decide_standing(standing, bloc_year, membership.unit_id))
    member = members_of(bloc_year)[membership.pk]
    grounds = _overridable(member, rulebook_of(bloc_year), bloc_year)
    if not grounds:
        raise Conflict("Đơn vị không vướng căn cứ nào xét theo quy định.")
    form = OverrideForm(request.POST or None, grounds=grounds)

    def deed() -> None:
        override_ground(actor=person(request), membership=membership, **form.cleaned_data)

    if accepted(request, form, deed):
        messages.success(
            request, f"Đã ghi quyết định vẫn xét thi đua {membership}. Đơn vị được xếp hạng."
        )
        return redirect("standing_decision_list", year_id=bloc_year.pk)
    return _form_page(
        request,
        bloc_year,
        standing,
        form,
        title=f"Vẫn xét thi đua: {membership}",
        submit="Ghi quyết định vẫn xét thi đua",
        after="Căn cứ vẫn hiện trên bảng xếp hạng, kèm lý do vẫn xét.",
    )


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, year_id: int, decision_id: int) -> HttpResponse:
    """Take a standing decision back."""
    bloc_year, standing = open_year(request, year_id)
    decision = get_standing_decision(bloc_year, decision_id)
    require(can_decide_standing(standing, bloc_year, decision.membership.unit_id))
    form = WhyForm(request.POST or None)

    def deed() -> None:
        revoke_standing_decision(
            actor=person(request), decision=decision, reason=form.cleaned_data["reason"]
        )

    if accepted(request, form, deed):
        messages.success(
            request, f"Đã rút lại quyết định về {decision.membership}. Quyết định vẫn được lưu."
        )
        return redirect("standing_decision_list", year_id=bloc_year.pk)
    title = f"Rút lại quyết định: {decision.membership}, {ground_label(decision.ground)}"
    return _form_page(
        request,
        bloc_year,
        standing,
        form,
        title=title,
        submit="Rút lại quyết định",
        after="Bảng xếp hạng được tính lại; quyết định đã rút vẫn xem được.",
    )


def _form_page(
    request: HttpRequest,
    bloc_year: BlocYear,
    standing: Standing,
    form: object,
    *,
    title: str,
    submit: str,
    after: str,
) -> HttpResponse:
    context = result_frame(
        request, bloc_year, standing, page="standing", title=title, crumbs=[_crumb(bloc_year)]
    )
    context |= {
        "form": form,
        "submit": submit,
        "after": after,
        "back_url": reverse("standing_decision_list", args=[bloc_year.pk]),
    }
    return render(request, "scoring/standing_form.html", context)
