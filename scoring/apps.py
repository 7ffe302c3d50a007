"""The app's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Chấm điểm."""

    name = "scoring"
    verbose_name = "Chấm điểm"
