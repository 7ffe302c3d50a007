"""The cross-check of one sheet: who is assigned, what they read, what they think."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import Refused, Verdict, require
from emulation.models import User
from scoring.forms.appraisal import AssignForm, OpinionForm
from scoring.models import CrossCheck, ScoreSheet
from scoring.permissions.appraisal import (
    can_assign_cross_check,
    can_cross_check,
    can_read_appraisal,
    is_checker,
)
from scoring.selectors.appraisal import checks_of
from scoring.selectors.appraisal_content import appraisal_of, papers_of
from scoring.selectors.cross_checks import get_sheet_to_check, possible_checkers
from scoring.selectors.sheets import may_read_content
from scoring.services.cross_checks import assign_cross_check, end_cross_check, give_opinion
from scoring.views.appraisal_pages import appraisal_frame, handed_in_words, put_refusal
from scoring.views.appraisal_rows import NOTHING_TYPED, section_view


@require_safe
def cross_checks(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show who checks a sheet, and to a checker the sheet itself with a place for the opinion."""
    sheet, standing = _open(request, sheet_id)
    return _page(request, sheet, standing)


def _open(request: HttpRequest, sheet_id: int) -> tuple[ScoreSheet, Standing]:
    """Return the sheet; Refused for those whom its cross-check does not concern."""
    sheet, standing = get_sheet_to_check(person(request), sheet_id)
    assigns = can_assign_cross_check(standing, sheet)
    if not (assigns or _mine(standing, sheet) or _reads_opinions(standing, sheet)):
        raise Refused(assigns.reason)
    return sheet, standing


def _mine(standing: Standing, sheet: ScoreSheet) -> CrossCheck | None:
    """Return the person's own running assignment, or None."""
    mine = checks_of(sheet).filter(checker_id=standing.user_id, ended_at__isnull=True).first()
    return mine if mine and is_checker(standing, sheet, mine) else None


def _reads_opinions(standing: Standing, sheet: ScoreSheet) -> Verdict:
    """Opinions are part of the appraisal: whoever reads the one reads the others."""
    return can_read_appraisal(standing, sheet)


def _page(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    *,
    assign_form: AssignForm | None = None,
    opinion_form: OpinionForm | None = None,
) -> HttpResponse:
    mine = _mine(standing, sheet)
    assigns = can_assign_cross_check(standing, sheet)
    reads = bool(_reads_opinions(standing, sheet))
    title = f"Kiểm tra chéo bảng chấm điểm của {sheet.membership.unit_name}"
    context = {
        **appraisal_frame(request, sheet, standing, title),
        "handed_in": handed_in_words(sheet),
        "checks": [
            each
            for each in checks_of(sheet)
            if (each.ended_at is None or each.opinion)
            and (reads or assigns or each.checker_id == standing.user_id)
        ],
        "reads_opinions": reads,
        "mine": mine,
        "assigns": assigns,
        "assign_form": _assign_form(sheet, assign_form) if assigns else None,
        **_opinion(standing, sheet, mine, opinion_form),
        **_content(standing, sheet, mine),
    }
    return render(request, "scoring/cross_checks.html", context)


def _assign_form(sheet: ScoreSheet, form: AssignForm | None) -> AssignForm:
    return form or AssignForm(checkers=possible_checkers(sheet))


def _opinion(
    standing: Standing, sheet: ScoreSheet, mine: CrossCheck | None, form: OpinionForm | None
) -> dict[str, Any]:
    if mine is None:
        return {"opines": None, "opinion_form": None}
    opines = can_cross_check(standing, sheet, mine)
    shown = form or OpinionForm(initial={"opinion": mine.opinion})
    return {"opines": opines, "opinion_form": shown if opines else None}


def _content(standing: Standing, sheet: ScoreSheet, mine: CrossCheck | None) -> dict[str, Any]:
    """Return the sheet's own lines for a checker who may read them now."""
    readable = may_read_content(standing, sheet)
    if mine is None or not readable:
        return {"sections": [], "why_not_readable": readable.reason if mine else ""}
    content = appraisal_of(sheet, papers=papers_of(sheet, standing))
    return {
        "sections": [
            section_view(section, sheet.pk, NOTHING_TYPED, editable=False)
            for section in content.sections
        ],
        "why_not_readable": "",
    }


# ---------------------------------------------------------------- deeds


@require_POST
def cross_check_assign(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Assign an officer of another member."""
    sheet, standing = _open(request, sheet_id)
    require(can_assign_cross_check(standing, sheet))
    form = AssignForm(request.POST, checkers=possible_checkers(sheet))
    if form.is_valid():
        checker: User = form.cleaned_data["checker"]
        try:
            assign_cross_check(actor=person(request), sheet=sheet, checker=checker)
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(
                request,
                f"Đã phân công {checker.full_name} kiểm tra chéo bảng chấm điểm của "
                f"{sheet.membership.unit_name}. Người kiểm tra xem được bảng khi đơn vị đã nộp.",
            )
            return redirect("cross_checks", sheet_id)
    return _page(request, sheet, standing, assign_form=form)


def _check(sheet: ScoreSheet, check_id: int) -> CrossCheck:
    found = checks_of(sheet).filter(pk=check_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
def cross_check_end(request: HttpRequest, sheet_id: int, check_id: int) -> HttpResponse:
    """Take an assignment back."""
    sheet, _ = _open(request, sheet_id)
    ended = end_cross_check(actor=person(request), check=_check(sheet, check_id))
    messages.success(
        request, f"Đã thôi phân công {ended.checker.full_name}. Ý kiến đã ghi được giữ lại."
    )
    return redirect("cross_checks", sheet_id)


@require_POST
def cross_check_opinion(request: HttpRequest, sheet_id: int, check_id: int) -> HttpResponse:
    """Record the checker's opinion."""
    sheet, standing = _open(request, sheet_id)
    check = _check(sheet, check_id)
    require(can_cross_check(standing, sheet, check))
    form = OpinionForm(request.POST)
    if form.is_valid():
        try:
            give_opinion(actor=person(request), check=check, opinion=form.cleaned_data["opinion"])
        except ValidationError as error:
            put_refusal(form, error)
        else:
            messages.success(
                request,
                "Đã ghi ý kiến kiểm tra chéo. Người thẩm định xem được ngay; trước khi trình hội "
                "nghị còn sửa được.",
            )
            return redirect("cross_checks", sheet_id)
    return _page(request, sheet, standing, opinion_form=form)
