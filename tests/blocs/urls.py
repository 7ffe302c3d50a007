"""The site with blocs alone: no page of a higher app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("emulation.site.urls")),
    path("", include("blocs.urls")),
    path("quan-tri/", admin.site.urls),
]

handler403 = "emulation.site.errors.forbidden"
handler404 = "emulation.site.errors.not_found"
