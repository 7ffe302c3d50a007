"""Units."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def unit_list(request: HttpRequest) -> HttpResponse:
    """Placeholder until the views land."""
    return render(request, "blocs/unit_list.html", {})
