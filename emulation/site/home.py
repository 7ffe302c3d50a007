""" "Việc cần làm": what a person has to do, until when, and who is being waited for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from emulation.models import User
from emulation.site import wiring
from emulation.tasks import Desk


def home(request: HttpRequest) -> HttpResponse:
    """Show the person's tasks, all capacities together."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - LoginRequiredMiddleware stands before
    desk = Desk.merged(source(user) for source in wiring.TASK_SOURCES)
    return render(request, "site/home.html", {"desk": desk, "overview": ""})
