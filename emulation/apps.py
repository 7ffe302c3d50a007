"""The project's own app."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class EmulationConfig(AppConfig):
    """Shared models, and the wiring of the apps into one another."""

    name = "emulation"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        """Fill the slots that lower apps declare, and register the two admin pages."""
        from emulation.site import admin, wiring  # noqa: F401, PLC0415

        wiring.wire()


class RegistersConfig(AdminConfig):
    """Django's admin with our own site in it."""

    default_site = "emulation.site.registers.Registers"
