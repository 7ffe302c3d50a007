"""URLs of blocs and their years."""

from __future__ import annotations

from django.urls import URLPattern, path

from blocs.views import blocs, units

urlpatterns: list[URLPattern] = [
    path("khoi/", blocs.bloc_list, name="bloc_list"),
    path("don-vi/", units.unit_list, name="unit_list"),
]
