"""Appeals: a unit says why its published result is wrong; the board answers, and may correct."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from blocs.models import BlocYear, Membership
from blocs.standing import Standing
from blocs.views.answers import accepted
from blocs.views.frame import person
from emulation.access import Verdict, any_of, refuse, require
from emulation.vietnamese import format_date
from scoring.enums import AppealStatus
from scoring.forms.results import AppealDecisionForm, AppealForm
from scoring.models import Appeal
from scoring.permissions.results import (
    NOT_PUBLISHED,
    appeal_ends_on,
    can_appeal,
    can_decide_appeal,
)
from scoring.selectors.results import appeals_seen_by, get_appeal, official_sheet_of
from scoring.services.appeals import decide_appeal, file_appeal
from scoring.views.result_pages import open_year, result_frame


@require_safe
def appeal_list(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show the appeals this person may read, and until when one may be filed."""
    bloc_year, standing = open_year(request, year_id)
    ends_on = appeal_ends_on(bloc_year)
    if ends_on is None:
        require(refuse(NOT_PUBLISHED))
    context = result_frame(
        request, bloc_year, standing, page="appeals", title="Kiến nghị về kết quả"
    )
    context |= {
        "appeals": [
            {
                "appeal": each,
                "is_open": each.status == AppealStatus.OPEN,
                "may_decide": can_decide_appeal(standing, each),
            }
            for each in appeals_seen_by(standing, bloc_year)
        ],
        "until": format_date(ends_on) if ends_on else "",
        "may_appeal": _may_appeal(standing, bloc_year),
    }
    return render(request, "scoring/appeal_list.html", context)


def _may_appeal(standing: Standing, bloc_year: BlocYear) -> Verdict:
    verdicts = [can_appeal(standing, bloc_year, unit) for unit in standing.own_members]
    return any_of(*verdicts) if verdicts else refuse("Kiến nghị do đơn vị thành viên gửi.")


@require_http_methods(["GET", "POST"])
def appeal_new(request: HttpRequest, year_id: int) -> HttpResponse:
    """File an appeal for one's own unit."""
    bloc_year, standing = open_year(request, year_id)
    require(_may_appeal(standing, bloc_year))
    own = Membership.objects.filter(bloc_year=bloc_year, unit__in=standing.own_members)
    form = AppealForm(request.POST or None, memberships=own.order_by("sorting", "pk"))

    def deed() -> None:
        file_appeal(actor=person(request), **form.cleaned_data)

    if accepted(request, form, deed):
        messages.success(
            request, "Đã gửi kiến nghị. Ban Thi đua - Khen thưởng giải quyết và trả lời tại đây."
        )
        return redirect("appeal_list", year_id=bloc_year.pk)
    back = reverse("appeal_list", args=[bloc_year.pk])
    context = result_frame(
        request,
        bloc_year,
        standing,
        page="appeals",
        title="Gửi kiến nghị về kết quả",
        crumbs=[("Kiến nghị", back)],
    )
    context |= {
        "form": form,
        "submit": "Gửi kiến nghị",
        "after": "Ban Thi đua - Khen thưởng nhận được ngay; đơn vị khác không xem được.",
        "back_url": back,
    }
    return render(request, "scoring/appeal_form.html", context)


@require_http_methods(["GET", "POST"])
def appeal_decide(request: HttpRequest, year_id: int, appeal_id: int) -> HttpResponse:
    """Answer an appeal, correcting the result where it was wrong."""
    bloc_year, standing = open_year(request, year_id)
    appeal = get_appeal(bloc_year, standing, appeal_id)
    require(can_decide_appeal(standing, appeal))
    form = AppealDecisionForm(request.POST or None)

    def deed() -> None:
        decide_appeal(actor=person(request), appeal=appeal, **form.cleaned_data)

    if accepted(request, form, deed):
        corrected = " Bảng xếp hạng có bản mới." if form.cleaned_data["corrects"] else ""
        messages.success(request, f"Đã giải quyết kiến nghị của {appeal.membership}.{corrected}")
        return redirect("appeal_list", year_id=bloc_year.pk)
    back = reverse("appeal_list", args=[bloc_year.pk])
    context = result_frame(
        request,
        bloc_year,
        standing,
        page="appeals",
        title=f"Giải quyết kiến nghị của {appeal.membership}",
        crumbs=[("Kiến nghị", back)],
    )
    context |= {
        "form": form,
        "submit": "Ghi kết quả giải quyết",
        "after": "Đơn vị đọc được kết quả giải quyết ngay.",
        "back_url": back,
        "appeal": appeal,
        "corrects_url": _correction_url(appeal),
    }
    return render(request, "scoring/appeal_decide.html", context)


def _correction_url(appeal: Appeal) -> str:
    """Return where the unit's figures are corrected; empty where it has no official points."""
    if official_sheet_of(appeal.membership_id) is None:
        return ""
    return reverse("appeal_correct", args=[appeal.bloc_year_id, appeal.pk])
