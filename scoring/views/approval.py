"""Approval: one sheet looked through and approved, or several at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from blocs.models import BlocYear
from blocs.standing import Standing
from blocs.views.frame import frame, get_bloc_year_for_user, person
from emulation.access import Refused, Verdict, require
from scoring.enums import PointStage, SheetStatus
from scoring.models import ScoreLine, ScoreSheet, StageTotal
from scoring.permissions.appraisal import can_read_appraisal, is_approver, oversight_of
from scoring.selectors.appraisal import checks_of, cut, disputes_of, lines_asked
from scoring.selectors.appraisal_content import appraisal_of
from scoring.selectors.sheet_lines import lines_by_sheet
from scoring.selectors.staffing import Staffing, staffing_of
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
RESULT = "ket-qua"
DONE = (SheetStatus.APPROVED,)

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
        "given_back": [row for row in rows if row.is_given_back],
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
    staffing = staffing_of(standing, bloc_year.pk)
    everyone = [*plan.sheets, *(each.sheet for each in plan.left)]
    require(_approves_any(standing, everyone, staffing))
    is_result = RESULT in request.GET
    title = "Kết quả duyệt điểm" if is_result else "Duyệt nhiều bảng chấm điểm"
    crumbs = [overview_crumb(bloc_year)]
    done = [each.sheet for each in plan.left if is_result and each.sheet.stage in DONE]
    context = {
        **frame(request, bloc_year, standing, tab=TAB, title=title, crumbs=crumbs),
        "is_result": is_result,
        "waiting": len(everyone) - len(done),
        "done": _linked(standing, staffing, ((sheet, "") for sheet in done)),
        "ready": _linked(standing, staffing, _with_remarks(plan.sheets)),
        "left": _linked(
            standing,
            staffing,
            ((each.sheet, each.reason) for each in plan.left if each.sheet not in done),
        ),
        "what_next": APPROVE.what_next,
    }
    return render(request, "scoring/approve_several.html", context)


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet in a list: its unit, why it is there, where it can be looked at."""

    pk: int
    unit: str
    reason: str
    url: str
    own: Decimal | None = None
    judged: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        """Appraised minus self; None where either is not shown or not there."""
        return None if self.own is None or self.judged is None else self.judged - self.own


def _totals(sheets: Sequence[ScoreSheet]) -> dict[tuple[int, str], Decimal | None]:
    """Return the self and the appraised total of each sheet: one query."""
    rows = StageTotal.objects.filter(
        sheet__in=sheets, stage__in=(PointStage.SELF, PointStage.APPRAISED)
    )
    found = rows.order_by().values_list("sheet_id", "stage", "total")
    return {(sheet, stage): total for sheet, stage, total in found}


def _linked(
    standing: Standing, staffing: Staffing, sheets: Iterable[tuple[ScoreSheet, str]]
) -> list[Listed]:
    """Return sheets with totals and links of those whose appraisal the person may read."""
    listed = list(sheets)
    totals = _totals([sheet for sheet, _ in listed]) if listed else {}
    return [_listed(standing, staffing, totals, sheet, reason) for sheet, reason in listed]


def _listed(
    standing: Standing,
    staffing: Staffing,
    totals: Mapping[tuple[int, str], Decimal | None],
    sheet: ScoreSheet,
    reason: str,
) -> Listed:
    name = sheet.membership.unit_name
    if not can_read_appraisal(standing, sheet, staffing):
        return Listed(sheet.pk, name, reason, "")
    return Listed(
        sheet.pk,
        name,
        reason,
        reverse("appraise", args=[sheet.pk]),
        totals.get((sheet.pk, PointStage.SELF)),
        totals.get((sheet.pk, PointStage.APPRAISED)),
    )


def _chosen(texts: Sequence[str]) -> list[int]:
    """Return the ids that were ticked; anything else is passed over."""
    ids = [int(text) for text in texts[:MOST_AT_ONCE] if text.isdecimal() and len(text) < 19]
    return list(dict.fromkeys(ids))


def _with_remarks(sheets: Sequence[ScoreSheet]) -> list[tuple[ScoreSheet, str]]:
    """Return sheets with what whoever approves should know of each: six queries for any number.

    What was kept without its evidence opened, and cuts about which the unit was never asked.
    """
    if not sheets:
        return []
    unopened = kept_unopened([sheet.pk for sheet in sheets])
    asked, lines = lines_asked(sheets), lines_by_sheet(sheets)
    found = []
    for sheet in sheets:
        kept = [line for line in lines[sheet.pk] if line.pk in unopened.get(sheet.pk, ())]
        silent = [line for line in cut(lines[sheet.pk]) if line.pk not in asked]
        told = [
            f"{words} {_codes(some)}"
            for words, some in (
                ("giữ điểm mà chưa mở minh chứng:", kept),
                ("giảm điểm mà không mời đơn vị giải trình:", silent),
            )
            if some
        ]
        found.append((sheet, "; ".join(told)))
    return found


def _codes(lines: Iterable[ScoreLine]) -> str:
    return ", ".join(line.criterion.code for line in lines)


def _approves_any(standing: Standing, sheets: Sequence[ScoreSheet], staffing: Staffing) -> Verdict:
    """Refuse whoever approves none of these sheets, with the reason of the first."""
    verdicts = [is_approver(standing, sheet, staffing) for sheet in sheets]
    return next((verdict for verdict in verdicts if verdict), verdicts[0])


def _approve_several(request: HttpRequest, bloc_year: BlocYear, chosen: list[int]) -> HttpResponse:
    """Approve, and go to the page that says who was approved, who was not and why."""
    done = approve_sheets(actor=person(request), bloc_year=bloc_year, sheet_ids=chosen)
    if not done.sheets:
        raise Refused(done.left[0].reason)
    messages.success(
        request,
        f"Đã duyệt {len(done.sheets)} bảng chấm điểm. Điểm chính thức có trong bảng tổng hợp của "
        "Khối.",
    )
    query = QueryDict(mutable=True)
    query.setlist("sheet", [str(key) for key in chosen])
    query[RESULT] = "1"
    return redirect(f"{reverse('approve_several', args=[bloc_year.pk])}?{query.urlencode()}")
