"""The score sheet saves itself: changed lines in, small answers out, while the person types on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from blocs.views.frame import person
from emulation import clock
from emulation.access import Conflict, Refused
from scoring.forms.self_score import field_name, posted_lines, read_drafts, shown_mark
from scoring.models import ScoreSheet
from scoring.selectors.own_facts import NOTHING_KNOWN, OwnFacts, own_facts
from scoring.selectors.sheet_content import ContentLine, SheetContent, content_of, missing_items
from scoring.services.sheets import Saving, save_page
from scoring.views.sheet_bar import figures_of
from scoring.views.sheet_clash import clash_view
from scoring.views.sheet_page import grand_total, own_page, wanting_of
from scoring.views.sheet_rows import section_views, stored_draft

OTHER_PERSON = (
    "Trình duyệt này đang đăng nhập bằng tài khoản khác nên chưa lưu. Đề nghị đăng nhập lại bằng "
    "tài khoản đã nhập số liệu."
)


@require_POST
def sheet_autosave(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Save the lines that were changed and answer what became of them, as JSON.

    ``{"saved_at", "now", "gone", "lines": {id: {"v", "errors", "clash"}}, "parts"}``: the time of
    day by the server's clock, the same in milliseconds, the lines posted by criterion id, and the
    pieces of the page that follow from them. 401 where nobody is logged in, 403 and 409 with
    ``reason`` where the sheet may not be changed now.
    """
    user = person(request)
    if request.POST.get("person") != str(user.pk):
        return JsonResponse({"reason": OTHER_PERSON}, status=403)
    try:
        saving = save_page(actor=user, sheet_id=sheet_id, lines=read_drafts(request.POST))
    except (Refused, Conflict) as refusal:
        status = 403 if isinstance(refusal, Refused) else 409
        return JsonResponse({"reason": refusal.reason}, status=status)
    own = saving.sheet.membership.unit_id in saving.standing.units
    facts = own_facts(saving.sheet) if own else NOTHING_KNOWN
    return JsonResponse(_answer(request, saving, facts))


def _answer(request: HttpRequest, saving: Saving, facts: OwnFacts) -> dict[str, Any]:
    sheet = saving.sheet
    content = content_of(sheet)
    posted = posted_lines(request.POST)
    now = clock.now()
    return {
        "saved_at": f"{clock.local_time(now):%H:%M:%S}",
        "now": int(now.timestamp() * 1000),
        "gone": saving.gone,
        "lines": {
            line.row.criterion_id: _line(line, saving)
            for line in content.lines
            if line.row.criterion_id in posted
        },
        "parts": _parts(sheet, content, facts),
    }


def _line(line: ContentLine, saving: Saving) -> dict[str, Any]:
    """Return what became of one line: its mark as stored, errors by field, both versions."""
    key, leaf = line.row.criterion_id, line.place.leaf
    stored = stored_draft(line)
    errors = saving.errors.get(key, {})
    clash = saving.clashes.get(key)
    both = clash_view(clash, leaf, saving.drafts[key]) if clash else None
    return {
        "v": shown_mark(stored),
        "errors": {
            field_name(key, "na" if name == "not_applicable" else name): text
            for name, text in errors.items()
        },
        "clash": render_to_string("scoring/sheet_clash.html", {"clash": both}) if both else "",
    }


def _parts(sheet: ScoreSheet, content: SheetContent, facts: OwnFacts) -> str:
    """Return the pieces of the page that follow from the lines, each naming where it belongs."""
    missing = missing_items(sheet, content)
    context = {
        "figures": figures_of(sheet, content.result, missing),
        "sections": section_views(content, (), sheet.pk, facts=facts),
        "wanting": wanting_of(missing, own_page(sheet)),
        "grand_total": grand_total(content),
        "editable": True,
    }
    return render_to_string("scoring/sheet_parts.html", context)
