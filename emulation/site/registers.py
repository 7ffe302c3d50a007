"""The administrator's site: two registers behind the one log-in page of the house."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.i18n import JavaScriptCatalog

from emulation.access import Refused
from emulation.site.accounts import LogOut

ONLY_ADMINISTRATORS = "Trang này chỉ dành cho quản trị tài khoản."


class Registers(AdminSite):
    """Accounts and posts. It has no log-in of its own: there is one, with its limits and record."""

    site_header = "Giao Ước – quản trị tài khoản"
    site_title = "Giao Ước"
    index_title = "Tài khoản và chức vụ"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person is an administrator of accounts."""
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    @method_decorator(login_not_required)
    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Lead to the log-in page of the house; refuse whoever is logged in as somebody else."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise Refused(ONLY_ADMINISTRATORS)
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def i18n_javascript(  # type: ignore[override]
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase:
        """Return the words of the scripts, ours where Django's translation has none."""
        packages = ["django.contrib.admin", "emulation"]
        return JavaScriptCatalog.as_view(packages=packages)(request)

    def logout(  # type: ignore[override]
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Log out as everywhere else."""
        return LogOut.as_view()(request)

    def password_change(  # type: ignore[override]
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Lead to the page on which everybody changes the own password."""
        return redirect("password_change")

    def password_change_done(  # type: ignore[override]
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Lead to the page that says it was changed."""
        return redirect("password_change_done")
