"""Leader and officer inside a unit: a comment, back to the officer, to the leader again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from blocs.views.frame import person
from scoring.enums import INSIDE_UNIT, RemarkKind
from scoring.selectors.sheets import get_sheet_for_user
from scoring.services.sheet_round import remark_on_sheet
from scoring.views.sheet_page import sheet_context

_SAID = {
    RemarkKind.COMMENT: "Đã gửi ý kiến. Người trong đơn vị xem được ở trang này.",
    RemarkKind.RETURNED: "Đã trả lại cán bộ. Việc cần sửa hiện ở trang Việc cần làm của cán bộ.",
    RemarkKind.FORWARDED: "Đã trình lãnh đạo. Việc hiện ở trang Việc cần làm của lãnh đạo đơn vị.",
}


@require_POST
def sheet_remark(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Say something inside the unit, or hand the sheet to and fro; what was typed is kept."""
    user = person(request)
    found, standing = get_sheet_for_user(user, sheet_id)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
    if kind not in INSIDE_UNIT:
        raise Http404
    try:
        remark_on_sheet(actor=user, sheet=found, kind=RemarkKind(kind), text=text)
    except ValidationError as error:
        context = sheet_context(request, found, standing)
        context |= {"remark_error": " ".join(error.messages), "remark_text": text}
        context["errors"] = [("remark-text", context["remark_error"])]
        return render(request, "scoring/sheet.html", context)
    messages.success(request, _SAID[RemarkKind(kind)])
    return redirect("sheet", sheet_id)
