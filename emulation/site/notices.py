"""The page "Thông báo": what a person was told, what is new, and where it leads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from blocs.views.answers import number_in, page_of
from blocs.views.frame import person
from emulation.notices.reading import mark_all_read, mark_read, notices_of
from emulation.site.people import unread_notices

UNREAD_ONLY = "moi"


@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show one's own notices, the newest first, all or only those not seen."""
    user = person(request)
    only_new = request.GET.get("xem") == UNREAD_ONLY
    rows = notices_of(user)
    page = page_of(request, rows.filter(read_at__isnull=True) if only_new else rows)
    context: dict[str, Any] = {
        "title": "Thông báo",
        "crumbs": [],
        "page": page,
        "only_new": only_new,
        "new": unread_notices(user),
        "newest": max((notice.pk for notice in page.object_list), default=0),
        "by_mail": user.get_mail_choice_display() if user.email else "",
    }
    return render(request, "site/notice_list.html", context)


@require_POST
def notice_open(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one of one's own notices as seen and lead to its page."""
    notice = mark_read(person(request), notice_id)
    if notice is None:
        raise Http404
    return redirect(notice.path)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark one's own notices as seen, up to the newest that the page showed."""
    count = mark_all_read(person(request), number_in(request.POST.get("den")) or 0)
    words = f"Đã đánh dấu {count} thông báo là đã xem." if count else "Không có thông báo mới."
    messages.success(request, words)
    return redirect("notice_list")
