"""The pieces of the appraisal's page that a saved or refused line changes, for its script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from blocs.standing import Standing
from scoring.models import ScoreSheet
from scoring.selectors.appraisal_content import AppraisalContent, AppraisalLine
from scoring.views.appraisal_context import appraisal_context
from scoring.views.appraisal_rows import NOTHING_TYPED, Typed

SAVED, REFUSED, CLASH = 200, 422, 409


def wants_pieces(request: HttpRequest) -> bool:
    """Tell whether the page's script asks, not a form."""
    return request.headers.get("HX-Request") == "true"


def pieces(
    request: HttpRequest,
    sheet: ScoreSheet,
    standing: Standing,
    before: AppraisalContent,
    typed: Typed = NOTHING_TYPED,
    *,
    words: str = "",
) -> HttpResponse:
    """Answer with the lines that are otherwise than ``before``, and every sum.

    200 saved, 422 refused with the errors at their fields, 409 with both versions of a line.
    """
    context = appraisal_context(request, sheet, standing, typed)
    status = CLASH if typed.clashes else REFUSED if typed.errors else SAVED
    context |= {
        "changed": _changed(before, context["content"], typed),
        "words": words,
        "problems": [text for _, text in typed.summary],
        "focus": typed.summary[0][0] if typed.summary else "",
    }
    response = render(request, "scoring/appraise_pieces.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _changed(before: AppraisalContent, after: AppraisalContent, typed: Typed) -> set[int]:
    """Return the criteria whose row reads otherwise: judged, pulled along, or refused."""
    old = {line.row.criterion_id: _reading(line) for line in before.lines}
    wrong = {int(key.split("-")[0]) for key in typed.errors if key.split("-")[0].isdecimal()}
    moved = {
        line.row.criterion_id
        for line in after.lines
        if old.get(line.row.criterion_id) != _reading(line)
    }
    return moved | wrong | set(typed.clashes)


def _reading(line: AppraisalLine) -> tuple[object, ...]:
    row = line.row
    judged = (row.version, row.appraised_by_id, row.review, line.needs_judging)
    return (*judged, line.points, line.difference, *line.notes)
