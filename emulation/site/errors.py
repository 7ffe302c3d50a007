"""Pages for what went wrong, in the words of the house."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from emulation.access import Refused

NOT_ALLOWED = "Đồng chí không có quyền thực hiện việc này."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Return page 400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return page 403 with the reason the verdict gave."""
    reason = exception.reason if isinstance(exception, Refused) else NOT_ALLOWED
    return render(request, "403.html", {"reason": reason}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Return the page for a form that was open too long."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Return page 404: absent, or another's and therefore absent."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return page 500 without asking anything of the database."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
