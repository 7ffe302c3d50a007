"""Pages for what went wrong, in the words of the house."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from emulation.access import Refused
from emulation.doors import note_miss, note_refusal

MEGABYTE = 1024 * 1024
NOT_ALLOWED = "Đồng chí không có quyền thực hiện việc này."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return page 400, or 413 for what is too large or has too many fields, and why."""
    too_much = _too_much(exception)
    status = 413 if too_much else 400
    return render(request, "400.html", {"too_much": too_much}, status=status)


def _too_much(exception: Exception) -> str:
    """Return what was too large, as a sentence; nothing for another fault."""
    if isinstance(exception, (TooManyFieldsSent, TooManyFilesSent)):
        return "Trang gửi đi có quá nhiều ô hoặc quá nhiều tệp cùng lúc."
    if isinstance(exception, RequestDataTooBig):
        file, whole = settings.UPLOAD_MAX_BYTES, settings.REQUEST_MAX_BYTES
        return (
            f"Nội dung gửi đi quá lớn. Mỗi tệp không quá {file // MEGABYTE} MB, "
            f"mỗi lần gửi không quá {whole // MEGABYTE} MB."
        )
    return ""


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return page 403 with the reason the verdict gave, and note who was refused."""
    note_refusal(request)
    reason = exception.reason if isinstance(exception, Refused) else NOT_ALLOWED
    return render(request, "403.html", {"reason": reason}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Return the page for a form that was open too long."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Return page 404: absent, or another's and therefore absent; guessing is noted."""
    note_miss(request)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return page 500 without asking anything of the database."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
