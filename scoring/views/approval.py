"""Approval: one sheet looked through and approved, or several at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import Refused, Verdict, require
from emulation.vietnamese import join_names
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import is_approver, oversight_of
from scoring.selectors.appraisal import checks_of, disputes_of
from scoring.selectors.appraisal_content import appraisal_of
from scoring.selectors.staffing import staffing_of
from scoring.selectors.unopened import kept_unopened
from scoring.services.approval import approvable, approve_sheet, approve_sheets, plan_approvals
from scoring.services.sheet_workflow import APPROVE
from scoring.views.appraisal_pages import (
    TAB,
    appraisal_frame,
    handed_in_words,
    one_person_words,
    open_appraisal,
    outcome_words,
    overview_crumb,
    sheet_crumb,
)
from scoring.views.appraisal_rows import NOTHING_TYPED, section_view

MOST_AT_ONCE = 1000

# ---------------------------------------------------------------- one sheet


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show everything that is about to become final on one page, and approve it."""
    user = person(request)
    sheet, standing = open_appraisal(request, sheet_id)
    if request.method == "POST":
        approve_sheet(actor=user, sheet=sheet)
        messages.success(
            request,
            f"Đã duyệt bảng chấm điểm của {sheet.membership.unit_name}. Điểm chính thức có trong "
            "bảng tổng hợp của Khối.",
        )
        return redirect("appraisal_list", sheet.bloc_year_id)
    require(is_approver(standing, sheet) and approvable(standing, sheet))
    return _approve_page(request, sheet, standing)


def _approve_page(request: HttpRequest, sheet: ScoreSheet, standing: Standing) -> HttpResponse:
    content = appraisal_of(sheet)
    sections = [
        section_view(section, sheet.pk, NOTHING_TYPED, editable=False)
        for section in content.sections
    ]
    unopened = kept_unopened([sheet.pk]).get(sheet.pk, set())
    rows = [row for section in sections for row in section.rows]
    title = f"Duyệt bảng chấm điểm của {sheet.membership.unit_name}"
    context = {
        **appraisal_frame(request, sheet, standing, title, below=[sheet_crumb(sheet)]),
        "content": content,
        "sections": sections,
        "differing": [row for row in rows if row.is_flagged],
        "unopened": [row for row in rows if row.line_id in unopened],
        "explanations": {
            line.row.pk: line.explanation for line in content.lines if line.explanation
        },
        "handed_in": handed_in_words(sheet),
        "outcome": outcome_words(sheet),
        "one_person": one_person_words(sheet, oversight_of(standing, sheet)),
        "opinions": [each for each in checks_of(sheet) if each.opinion],
        "disputes": disputes_of(sheet),
        "label": APPROVE.label,
        "what_next": APPROVE.what_next,
    }
    return render(request, "scoring/approve.html", context)


# ---------------------------------------------------------------- several at once


@require_http_methods(["GET", "HEAD", "POST"])
def approve_several(request: HttpRequest, year_id: int) -> HttpResponse:
    """Show which of the chosen sheets can be approved and why others cannot; then approve them."""
    user = person(request)
    bloc_year, standing = get_bloc_year_for_user(user, year_id)
    data = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(data.getlist("sheet"))
    if not chosen:
        messages.warning(request, "Chưa chọn bảng chấm điểm nào để duyệt.")
        return redirect("appraisal_list", year_id)
    plan = plan_approvals(user=user, bloc_year=bloc_year, sheet_ids=chosen)
    if not plan.sheets and not plan.left:
        raise Refused("Các bảng chấm điểm đã chọn không thuộc năm thi đua này.")
    if request.method == "POST":
        return _approve_several(request, bloc_year, chosen)
    require(_approves_any(standing, [*plan.sheets, *(each.sheet for each in plan.left)]))
    unopened = kept_unopened([each.pk for each in plan.sheets])
    context = {
        **frame(
            request,
            bloc_year,
            standing,
            tab=TAB,
            title="Duyệt nhiều bảng chấm điểm",
            crumbs=[overview_crumb(bloc_year)],
        ),
        "plan": plan,
        "chosen": [(each, len(unopened.get(each.pk, ()))) for each in plan.sheets],
        "what_next": APPROVE.what_next,
    }
    return render(request, "scoring/approve_several.html", context)


def _chosen(texts: Sequence[str]) -> list[int]:
    """Return the ids that were ticked; anything else is passed over."""
    ids = [int(text) for text in texts[:MOST_AT_ONCE] if text.isdecimal() and len(text) < 19]
    return list(dict.fromkeys(ids))


def _approves_any(standing: Standing, sheets: Sequence[ScoreSheet]) -> Verdict:
    """Refuse whoever approves none of these sheets, with the reason of the first."""
    staffing = staffing_of(standing, sheets[0].bloc_year_id)
    verdicts = [is_approver(standing, sheet, staffing) for sheet in sheets]
    return next((verdict for verdict in verdicts if verdict), verdicts[0])


def _approve_several(request: HttpRequest, bloc_year: BlocYear, chosen: list[int]) -> HttpResponse:
    done = approve_sheets(actor=person(request), bloc_year=bloc_year, sheet_ids=chosen)
    if not done.sheets:
        raise Refused(done.left[0].reason)
    messages.success(
        request,
        f"Đã duyệt bảng chấm điểm của {join_names(done.names)}. Điểm chính thức có trong bảng "
        "tổng hợp của Khối.",
    )
    for left in done.left:
        messages.warning(request, f"{left.sheet.membership.unit_name}: chưa duyệt. {left.reason}")
    return redirect("appraisal_list", bloc_year.pk)
