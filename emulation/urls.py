"""The URL table: the site's own pages, then each app's."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("emulation.site.urls")),
    path("", include("blocs.urls")),
    path("", include("pledges.urls")),
    path("", include("scoring.urls")),
    path("quan-tri/", admin.site.urls),
]

handler400 = "emulation.site.errors.bad_request"
handler403 = "emulation.site.errors.forbidden"
handler404 = "emulation.site.errors.not_found"
handler500 = "emulation.site.errors.server_error"
