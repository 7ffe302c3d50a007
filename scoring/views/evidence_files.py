"""Files of a sheet's evidence as they leave: shown, downloaded, all in one ZIP; openings noted."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from blocs.views.frame import person
from emulation.files import download_response, inline_response, is_viewable, require_kept
from emulation.models import StoredFile
from scoring.exports.evidence_zip import evidence_archive
from scoring.selectors.sheet_lines import get_evidence_for_user
from scoring.selectors.sheets import get_readable_sheet_for_user
from scoring.services.evidence_views import note_opening


def _file(request: HttpRequest, sheet_id: int, evidence_id: int) -> StoredFile:
    """Return the file of a piece of evidence; Http404 where only a paper is cited."""
    found = get_evidence_for_user(person(request), sheet_id, evidence_id)
    if found.file is None:
        raise Http404
    return found.file


@require_GET
def evidence(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponseBase:
    """Hand out one file to whoever may read the sheet's content now."""
    return download_response(_file(request, sheet_id, evidence_id))


@require_GET
def evidence_view(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponseBase:
    """Show a PDF or picture to whoever may read the sheet's content now."""
    return inline_response(_file(request, sheet_id, evidence_id))


@require_POST
def evidence_open(request: HttpRequest, sheet_id: int, evidence_id: int) -> HttpResponse:
    """Note that the person opens the file, then lead to it; a script is answered 204.

    A file that the store has lost was not opened: page 410.
    """
    user = person(request)
    found = get_evidence_for_user(user, sheet_id, evidence_id)
    if found.file is None:
        raise Http404
    require_kept(found.file)
    note_opening(actor=user, evidence=found)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    wanted = "evidence_view" if is_viewable(found.file) else "evidence"
    return redirect(wanted, sheet_id, evidence_id)


@require_GET
def evidence_zip(request: HttpRequest, sheet_id: int) -> HttpResponseBase:
    """Hand out all evidence of a sheet with an index, to whoever may read its content now."""
    sheet, _ = get_readable_sheet_for_user(person(request), sheet_id)
    return evidence_archive(sheet)
