"""The appraiser's own list of reasons."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from blocs.standing import Standing
from blocs.views.frame import person
from emulation.access import require
from scoring.models import ScoreSheet
from scoring.permissions.appraisal import can_appraise
from scoring.services.stock_phrases import drop_phrase, keep_phrase
from scoring.views.appraisal_context import phrase_context
from scoring.views.appraisal_pages import appraisal_frame, open_appraisal, refused, sheet_crumb
from scoring.views.appraisal_pieces import REFUSED, wants_pieces
from scoring.views.moved_lines import criterion_number

TITLE = "Lý do mẫu của tôi"


@require_POST
def stock_phrase(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Keep a reason at hand (``phrase``), or take one off the list (``drop``)."""
    user = person(request)
    sheet, standing = open_appraisal(request, sheet_id)
    require(can_appraise(standing, sheet))
    text, problem = request.POST.get("phrase", ""), ""
    try:
        if gone := criterion_number(request.POST.get("drop", "")):
            drop_phrase(actor=user, sheet=sheet, phrase_id=gone)
        else:
            keep_phrase(actor=user, sheet=sheet, text=text)
    except ValidationError as error:
        problem = " ".join(refused(error).values())
    if problem or wants_pieces(request):
        return _list(request, sheet, standing, problem, text)
    return redirect(f"{reverse('appraise', args=[sheet_id])}#ly-do-mau-cua-toi")


def _list(
    request: HttpRequest, sheet: ScoreSheet, standing: Standing, problem: str, text: str
) -> HttpResponse:
    typed = text if problem else ""
    context = phrase_context(request, sheet, standing, refused=problem, phrase=typed)
    if wants_pieces(request):
        status = REFUSED if problem else 200
        return render(request, "scoring/appraise_phrases.html", context, status=status)
    frame = appraisal_frame(request, sheet, standing, TITLE, below=[sheet_crumb(sheet)])
    return render(request, "scoring/appraise_phrases_page.html", frame | context)
