"""The app's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class BlocsConfig(AppConfig):
    """Khối."""

    name = "blocs"
    verbose_name = "Khối"
