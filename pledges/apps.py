"""The app's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class PledgesConfig(AppConfig):
    """Giao ước."""

    name = "pledges"
    verbose_name = "Giao ước"
